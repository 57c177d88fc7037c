"""From the review to the round."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError

from chatops.checklist import read_answers
from chatops.features.draft.views import build_page
from chatops.features.review.ids import ReviewId
from chatops.features.review.views import build_review, build_saved_message, said_of_no
from chatops.messages.ja import card, general
from chatops.messages.ja import form as words
from chatops.slack_link import error_code
from chatops.where import write_metadata
from publisher.errors import Refusal

if TYPE_CHECKING:
    from chatops.call import Call
    from chatops.office import Office, Task
    from chatops.registry import Registry
    from chatops.where import Where
    from publisher.api import Review

log = logging.getLogger(__name__)

_UNANSWERED: Final = frozenset({"questions_open", "people_unsaid"})
_LATE: Final = "submission_came_late"


def register(registry: Registry) -> None:
    """Tie the review's ids to their listeners."""
    from chatops.features.draft.listeners import on_open  # noqa: PLC0415 - the two features lead to each other

    registry.view(ReviewId.VIEW, on_submit)
    registry.closed(ReviewId.VIEW, on_close)
    registry.action(ReviewId.EDIT, on_open)
    registry.action(ReviewId.SUBMIT, on_submit_button)
    registry.act(ReviewId.SUBMIT, submit)


def show_review(office: Office, task: Task, review: Review, problem: str = "", mark: str = "") -> None:
    """Show the review in the open modal, or tell by direct message that the draft is saved.

    Args:
        office: The office.
        task: The act that led here.
        review: The draft, judged.
        problem: Why it is shown again.
        mark: Of the answers that say no, of which this review says what follows.
    """
    say = office.voice(task.where.user)
    view = build_review(review, say, metadata=_metadata(task.where, review, mark), problem=problem)
    text, blocks = build_saved_message(review.number, review.version, say, can_submit=review.can_submit)
    if problem:
        text = f"{problem} {text}"
    office.show_or_tell(task, view, text, blocks, is_lasting=True)


def on_submit(call: Call) -> None:
    """「提出」 in the review: every question must be answered, with yes or with no."""
    kept, say = call.metadata, call.quick_voice
    values = call.view["state"]["values"]
    answered = read_answers(call.view, values, questions=ReviewId.QUESTION, people=ReviewId.PEOPLE, say=say)
    if answered.errors:
        call.ack(response_action="errors", errors=answered.errors)
        return
    offer = (values.get(ReviewId.OFFER) or {}).get(ReviewId.OFFER) or {}
    chosen = (offer.get("selected_option") or {}).get("value")
    data = {
        "number": kept["number"],
        "version": kept["version"],
        "at_opening": chosen == ReviewId.OPENING,
        "answers": answered.answers,
        "people": answered.people,
        "mark": answered.mark_of_no(),
        "shown": kept.get("mark") or "",
    }
    call.accept(ReviewId.SUBMIT, data)
    call.ack(
        response_action="update", view=build_page(say(words.submitting, kept["number"]), say(general.working), say)
    )


def on_submit_button(call: Call) -> None:
    """「提出」 in a direct message: what is to be answered, and the hours, are asked about in the review."""
    carried = call.button_data
    data = {"number": carried["n"], "version": carried["v"], "at_opening": False, "trigger_id": call.trigger_id}
    call.accept(ReviewId.SUBMIT, data)
    call.ack()


def on_close(call: Call) -> None:
    """The review was closed: the draft stays, and its author is told where."""
    call.ack()
    kept = call.metadata
    text, blocks = build_saved_message(
        kept["number"], int(kept["version"]), call.voice, can_submit=bool(kept.get("can_submit"))
    )
    call.office.link.message(call.where.user, text, blocks)


def submit(office: Office, task: Task) -> None:
    """Put the draft into its round, and say what came of it; a no is first told with what follows from it."""
    data, drafting = task.data, office.services.drafting
    say = office.voice(task.where.user)
    answers, people, mark = data.get("answers") or {}, data.get("people") or {}, data.get("mark") or ""
    if mark and mark != data.get("shown"):
        review = drafting.review(task.act.city, task.act.person, data["number"], answers=answers, people=people)
        show_review(office, task, review, problem=said_of_no(review, say), mark=mark)
        return
    try:
        outcome = drafting.submit(
            task.act,
            number=data["number"],
            version=data["version"],
            at_opening=data["at_opening"],
            answers=answers,
            people=people,
            waited_seconds=task.waited_seconds,
        )
    except Refusal as refusal:
        is_old = refusal.code == _LATE  # its review was closed hours ago
        if is_old or (task.where.view_id is None and refusal.code not in _UNANSWERED):
            raise
        review = drafting.review(task.act.city, task.act.person, data["number"], answers=answers, people=people)
        if task.where.view_id is None:
            _open_review(office, task, review)
        else:
            show_review(office, task, review, problem=say.refusal(refusal), mark=mark)
        return
    text = say.outcome(outcome)
    office.show_or_tell(task, build_page(say(words.done_title, data["number"]), text, say), text)


def _open_review(office: Office, task: Task, review: Review) -> None:
    say = office.voice(task.where.user)
    view = build_review(review, say, metadata=_metadata(task.where, review, ""))
    try:
        office.link.client.views_open(trigger_id=task.data["trigger_id"], view=view)
    except SlackApiError as error:
        log.info("a review could not be opened", extra={"error": error_code(error)})
        office.link.tell(task.where, say(card.press_again))


def _metadata(where: Where, review: Review, mark: str) -> str:
    return write_metadata(
        where, number=review.number, version=review.version, can_submit=review.can_submit, mark=mark or None
    )
