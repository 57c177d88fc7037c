"""What an author sees before a draft goes in. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from chatops.block_kit import (
    MAX_VIEW_BLOCKS,
    Block,
    actions,
    button,
    choice_element,
    context,
    divider,
    escape,
    field,
    modal,
    option,
    section,
    sentence,
)
from chatops.checklist import people_fields, question_fields
from chatops.features.draft.ids import DraftId
from chatops.features.review.ids import ReviewId
from chatops.messages.ja import checklist, labels
from chatops.messages.ja import form as words
from chatops.panes import finding_blocks, pane_blocks, route_text, short_pane_line

if TYPE_CHECKING:
    from datetime import datetime

    from chatops.messages import Voice
    from publisher.api import Review

MAX_PANE_CHARS: Final = 2500
_SAID_OF_NO: Final = {
    "block": checklist.no_blocks,
    "warn": checklist.no_warns,
}


def build_review(review: Review, say: Voice, *, metadata: str, problem: str = "") -> Block:
    """Build the review; *problem* says why the last attempt to submit was refused."""
    blocks: list[Block] = [section(f"⚠️ {escape(problem)}")] if problem else []
    blocks.append(section(escape("\n".join(_time_lines(review, say)))))
    found = finding_blocks(review.panes, say)
    blocks += found or [context(escape(say(words.nothing_found)))]
    blocks.append(section(route_text(review.panes, say)))
    more = say(labels.ellipsis_to_show, review.number)
    tail = _tail(review, say)
    for pane in review.panes:
        built = [divider(), *pane_blocks(pane, review.media, say, max_chars=MAX_PANE_CHARS, more=more)]
        room = MAX_VIEW_BLOCKS - len(tail) - len(blocks)
        blocks += built if len(built) <= room else [context(short_pane_line(pane, say))][: max(room, 0)]
    return modal(
        ReviewId.VIEW,
        say(words.title_review, review.number),
        [*blocks, *tail],
        submit=say(words.submit) if review.can_submit else None,
        close=say(labels.close),
        metadata=metadata,
        notify_on_close=True,
    )


def said_of_no(review: Review, say: Voice) -> str:
    """Say what follows from an answer that says no."""
    if review.effect == "escalate":
        return say(checklist.no_escalates, say(labels.names, review.consent_from))
    return say(_SAID_OF_NO.get(review.effect, checklist.no_changes_nothing))


def build_saved_message(number: str, version: int, say: Voice, *, can_submit: bool) -> tuple[str, list[Block]]:
    """Build the direct message that stands in for a review whose modal is gone."""
    text = say(words.saved_message if can_submit else words.saved_but_blocked, number)
    buttons = [button(say(words.go_on_writing), DraftId.OPEN, json.dumps({"n": number}))]
    if can_submit:
        value = json.dumps({"n": number, "v": version})
        buttons.append(button(say(words.submit), ReviewId.SUBMIT, value, style="primary"))
    return text, [sentence(text), actions(*buttons)]


def _tail(review: Review, say: Voice) -> list[Block]:
    blocks: list[Block] = [divider()]
    if review.offer_open_at is not None:
        opening = review.offer_open_at
        # An input without a submit button is no valid modal.
        is_asked = review.can_submit
        blocks.append(
            _offer(opening, say) if is_asked else section(escape(say(words.next_opening, say.moment(opening))))
        )
    if not review.can_submit:
        blocks.append(section(f"⛔ {escape(say(words.cannot_submit))}"))
    elif review.asks:
        blocks.append(section(f"*{escape(say(checklist.author_head))}*"))
        blocks += question_fields(review.questions, ReviewId.QUESTION, say)
        blocks += people_fields(review.media, ReviewId.PEOPLE, say)
    edit = button(say(words.edit), ReviewId.EDIT, json.dumps({"n": review.number}))
    return [*blocks, actions(edit), context(escape(say(words.saved_line, review.number)))]


def _offer(opening: datetime, say: Voice) -> Block:
    options = [
        option(say(words.take_opening, say.moment(opening)), ReviewId.OPENING),
        option(say(words.keep_time), ReviewId.KEEP),
    ]
    return field(ReviewId.OFFER, say(words.offer), choice_element("radio_buttons", options, ReviewId.OPENING))


def _time_lines(review: Review, say: Voice) -> list[str]:
    at, latest = review.form.publish_at, review.form.latest_at
    lines = [say(words.when, say.moment(at) if at else say(labels.as_soon_as_approved))]
    return [*lines, say(words.until, say.moment(latest))] if latest else lines
