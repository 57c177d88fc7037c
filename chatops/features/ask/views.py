"""A question about a delivery. Pure."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, actions, button, context, escape, field, modal, section, text_element
from chatops.event_words import newer_name
from chatops.features.ask.ids import AskId
from chatops.features.draft.ids import DraftId
from chatops.features.now.ids import NowId
from chatops.messages.ja import events, form, labels
from chatops.messages.ja import notices as words
from chatops.panes import account_name
from publisher.api import TAKES_BACK, DeliveryState

if TYPE_CHECKING:
    from chatops.messages import Voice
    from publisher.api import DeliveryLine


class Doubt(StrEnum):
    """What a person is asked."""

    IS_IT_THERE = "is_it_there"
    """Nobody knows whether it arrived: look at the platform."""
    SEND_ANYWAY = "send_anyway"
    """It is late, or the policy objects: nothing was sent."""
    NOW_OR_LATER = "now_or_later"
    """The hours are over: nothing was sent, and it may wait for the opening."""
    MENDED = "mended"
    """Somebody must mend something first: nothing was sent."""
    REPLACED = "replaced"
    """Nobody knows whether it arrived, and a newer post took its place: it is not sent again."""
    STILL_VALID = "still_valid"
    """An emergency post is late: nothing was sent, and things may have changed."""
    REWRITTEN = "rewritten"
    """The post itself must change: nothing was sent."""
    IS_IT_GONE = "is_it_gone"
    """It could not be taken back: somebody must look, and delete it by hand."""
    STILL_DELETE = "still_delete"
    """The correction with which it was to go is withdrawn: nothing was deleted."""


AUTHOR: Final = "author"
"""The word of `DeliveryLine.who` for the person who wrote the post."""
_LOOKS: Final = frozenset({Doubt.IS_IT_THERE, Doubt.REPLACED, Doubt.IS_IT_GONE})
"""Questions that a look at the account answers."""
_HOURS: Final = "hours"
"""The word of `DeliveryLine.objection` for one whose hours are over."""
_LATE: Final = "late"
"""The same of one whose latest useful time has passed."""
_SENTENCES: Final = {
    Doubt.IS_IT_THERE: words.ask_there,
    Doubt.SEND_ANYWAY: words.ask_still,
    Doubt.NOW_OR_LATER: words.ask_hours,
    Doubt.MENDED: words.ask_fixed,
    Doubt.REWRITTEN: words.ask_rewritten,
    Doubt.IS_IT_GONE: words.ask_delete,
    Doubt.STILL_DELETE: words.ask_still_delete,
}


def doubt_of(line: DeliveryLine) -> Doubt:
    """Return what to ask about a delivery: whether it is there where it may be, else what its problem calls for."""
    if line.kind in TAKES_BACK:
        return Doubt.IS_IT_GONE if line.objection is None else Doubt.STILL_DELETE
    return _doubt_of_publication(line)


def _doubt_of_publication(line: DeliveryLine) -> Doubt:
    if line.newer is not None:
        return Doubt.REPLACED
    if line.is_doubtful:
        return Doubt.IS_IT_THERE
    if line.objection == _HOURS:
        return Doubt.NOW_OR_LATER
    if line.objection == _LATE and line.is_emergency:
        return Doubt.STILL_VALID
    if line.objection is not None:
        return Doubt.SEND_ANYWAY
    return Doubt.REWRITTEN if line.who == AUTHOR else Doubt.MENDED


def build_question(number: str, line: DeliveryLine, say: Voice) -> tuple[str, list[Block]]:
    """Build the question with its buttons and the account's link; without buttons once it is answered."""
    name = account_name(line, say)
    if line.state is not DeliveryState.ASKED:
        return state_text(line, say)
    doubt = doubt_of(line)
    text = _question(line, doubt, name, say)
    blocks: list[Block] = [section(f"*{number}*　{escape(text)}")]
    small = [escape(who)] if (who := _who(line, say)) else []
    if line.account_url and doubt in _LOOKS:
        small.append(f"<{line.account_url}|{escape(say(words.account_link))}>")
    if small:
        blocks.append(context(*small))
    is_deletion = line.kind in TAKES_BACK
    row = _deletion_buttons(line, doubt, say) if is_deletion else _buttons(number, line, doubt, say)
    return f"{number} {text}", [*blocks, row]


def _question(line: DeliveryLine, doubt: Doubt, name: str, say: Voice) -> str:
    if doubt is Doubt.REPLACED and line.newer is not None:
        return say(events.ask_replaced, name, newer_name(line.newer, say))
    if doubt is Doubt.STILL_VALID:
        return say(events.ask_still_valid, name, line.latest_minutes or 0)
    return say(_SENTENCES[doubt], name, say.remark(line.problem) if line.problem else "")


def build_send_now(say: Voice, *, metadata: str) -> Block:
    """Build the form that asks why it goes out outside the hours."""
    reason = field(
        AskId.REASON,
        say(words.send_now_reason),
        text_element(is_multiline=True),
        is_optional=True,
        hint=say(words.send_now_hint),
    )
    return modal(
        AskId.SEND_NOW_FORM,
        say(words.send_now_title),
        [reason],
        submit=say(words.send_now),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def state_text(line: DeliveryLine, say: Voice) -> tuple[str, list[Block]]:
    """Say where a delivery is that is no question any more."""
    from chatops.courier.render import delivery_message  # noqa: PLC0415 - the courier renders questions too

    return delivery_message(line, say)


def _who(line: DeliveryLine, say: Voice) -> str:
    """Say who must act: the role that the policy names, or whoever the problem names."""
    role = str(line.problem.params.get("role", "")) if line.problem else ""
    if role:
        return say(words.who_must, say(labels.role, role))
    return say(words.who_must, say(labels.who, line.who)) if line.who else ""


def _deletion_buttons(line: DeliveryLine, doubt: Doubt, say: Voice) -> Block:
    value = json.dumps({"d": line.id, "q": line.question})
    keep = button(say(words.do_not_delete), AskId.DO_NOT_SEND, value, style="danger")
    if doubt is Doubt.STILL_DELETE:
        return actions(button(say(words.delete_it), AskId.SEND, value, style="primary"), keep)
    gone = button(say(words.is_gone), AskId.IT_IS_THERE, value)
    again = button(say(words.delete_again), AskId.SEND, value, style="primary")
    return actions(gone, again, keep)


def _buttons(number: str, line: DeliveryLine, doubt: Doubt, say: Voice) -> Block:
    value = json.dumps({"d": line.id, "q": line.question})
    stop = button(say(words.do_not_send), AskId.DO_NOT_SEND, value, style="danger")
    if doubt is Doubt.IS_IT_THERE:
        there = button(say(words.is_there), AskId.IT_IS_THERE, value)
        return actions(there, button(say(words.is_not_there), AskId.SEND, value, style="primary"), stop)
    if doubt is Doubt.REPLACED:
        there = button(say(words.is_there), AskId.IT_IS_THERE, value)
        return actions(there, button(say(events.not_there), AskId.DO_NOT_SEND, value))
    if doubt is Doubt.STILL_VALID:
        send = button(say(events.send), AskId.SEND, value, style="primary")
        return actions(send, button(say(events.replace), NowId.REPLACE, json.dumps({"n": number})), stop)
    if doubt is Doubt.NOW_OR_LATER:
        now = button(say(words.send_now), AskId.SEND_NOW, value)
        return actions(button(say(words.wait_for_opening), AskId.WAIT, value, style="primary"), now, stop)
    if doubt is Doubt.REWRITTEN:
        rewrite = button(say(form.edit), DraftId.OPEN, json.dumps({"n": number}), style="primary")
        return actions(rewrite, button(say(words.send_again), AskId.SEND, value), stop)
    label = words.send_anyway if doubt is Doubt.SEND_ANYWAY else words.send_again
    return actions(button(say(label), AskId.SEND, value, style="primary"), stop)
