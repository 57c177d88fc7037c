"""Renders a notice from the state of its post at the moment of sending. Pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, actions, button, escape, section, sentence
from chatops.event_words import newer_name
from chatops.features.draft.ids import DraftId
from chatops.messages.ja import copied, events, form, labels, notices, rules
from chatops.panes import account_name
from publisher.api import TAKES_BACK, Decision, DeliveryKind, DeliveryState, NoticeKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops.messages import Voice
    from publisher.api import CardView, DeliveryLine, Notice

_DONE: Final = {
    DeliveryKind.PUBLISH: notices.sent,
    DeliveryKind.REPOST: notices.reposted,
    DeliveryKind.DELETE: notices.deleted,
    DeliveryKind.UNDO_REPOST: notices.undone,
}
Rendered = tuple[str, list[Block]]
"""A message: its text, for notifications, and its blocks."""


def delivery_message(line: DeliveryLine, say: Voice) -> Rendered:
    """Say what became of a delivery, with its link."""
    text = delivery_text(line, say)
    shown = escape(text)
    if line.url and line.taken_back is None:
        shown += f" <{line.url}|{escape(say(notices.link))}>"
    if line.state is DeliveryState.SENT and line.late_seconds and line.late_seconds >= 60:  # noqa: PLR2004 - a minute
        shown += f" {escape(say(notices.late_by, line.late_seconds // 60))}"
    return text, [section(shown)]


def found_message(number: str, line: DeliveryLine, params: Mapping[str, str | int], say: Voice) -> Rendered:
    """Say that something is there, or was taken away, which the ledger does not take for it; or that it isn't its."""
    place = str(params["found"])
    if "owner" in params:
        return _plain(say(notices.found_for_another, number, line.account_name, str(params["owner"]), place))
    tell = notices.removed_after_all if line.kind in TAKES_BACK else notices.found_after_all
    return _plain(say(tell, number, line.account_name, say(labels.delivery, line.state), place))


def direct_message(notice: Notice, say: Voice) -> Rendered:
    """Say what one person is told alone."""
    if notice.kind is NoticeKind.DECIDED:
        return decided_message(str(notice.number), notice.params, say)
    if notice.kind is NoticeKind.EXPIRED:
        return expired_message(str(notice.number), say)
    if notice.kind is NoticeKind.REVIEW:
        return _plain(say(rules.reviews_due, str(notice.params.get("names", ""))))
    if notice.kind is NoticeKind.LEDGER:
        told = {name: str(notice.params.get(name, "")) for name in ("because", "known_until")}
        return _plain(say(copied.held, told["because"], say.moment(datetime.fromisoformat(told["known_until"]))))
    if notice.kind is NoticeKind.PERIOD:
        return period_message(notice.params, say)
    return answer_message(notice.number, notice.params, say)


def period_message(params: Mapping[str, str | int], say: Voice) -> Rendered:
    """Tell whose approved posts a period touches, and what will become of them."""
    told = {name: str(params.get(name, "")) for name in ("name", "effect", "reason", "numbers")}
    starts, ends = (say.moment(datetime.fromisoformat(str(params[name]))) for name in ("starts_at", "ends_at"))
    happens = say(rules.effect_ahead, told["effect"])
    return _plain(say(rules.period_touches, told["name"], starts, ends, told["numbers"], happens, told["reason"]))


def _plain(text: str) -> Rendered:
    return text, [sentence(text)]


def decided_message(number: str, params: Mapping[str, str | int], say: Voice) -> Rendered:
    """Tell an author of a decision, and what to do next."""
    decision, by, note = (str(params.get(name, "")) for name in ("decision", "by", "note"))
    if decision == Decision.APPROVE:
        text = say(notices.approved, number, by, say.goes(params)).strip()
        return text, [sentence(f"{text}\n{say(notices.note, note)}" if note else text)]
    is_return = decision == Decision.RETURN
    text = say(notices.returned if is_return else notices.rejected, number, by)
    lines = [text, say(notices.reason, note)] if note else [text]
    if not is_return:
        return text, [sentence("\n".join(lines))]
    lines.append(say(notices.returned_next, number))
    rewrite = button(say(form.edit), DraftId.OPEN, json.dumps({"n": number}), style="primary")
    return text, [sentence("\n".join(lines)), actions(rewrite)]


def answer_message(number: str | None, params: Mapping[str, str | int], say: Voice) -> Rendered:
    """Tell a person what an act led to."""
    outcome = Outcome(code=str(params.get("code", "")), number=number or str(params.get("number", "")), params=params)
    text = say.outcome(outcome)
    return text, [sentence(text)]


def expired_message(number: str, say: Voice) -> Rendered:
    """Tell that a post ran out of time."""
    text = say(notices.expired, number)
    return text, [sentence(f"⌛ {text}")]


def version_message(view: CardView, say: Voice) -> Rendered:
    """Tell the channel that a new version waits, in the card above."""
    text = say(notices.new_version, view.number, view.version, say(labels.names, view.waiting_for))
    return text, [sentence(text)]


def delivery_text(line: DeliveryLine, say: Voice) -> str:
    """Say in one line what became of a delivery."""
    name = account_name(line, say)
    why = say.remark(line.problem) if line.problem else ""
    if line.state is DeliveryState.SENT:
        return say(_DONE[line.kind], line.account_name)
    if line.state is DeliveryState.FAILED:
        return say(notices.failed, name, why)
    if line.state in (DeliveryState.CANCELLED, DeliveryState.SUPERSEDED):
        return _stopped_text(line, name, say)
    if line.state in (DeliveryState.DUE, DeliveryState.RETRY) and line.due_at:
        said = say(notices.due_again, name, say.moment(line.due_at))
        return f"{said} {why}" if why else said
    said = say(notices.state, name, say(labels.delivery, line.state))
    return f"{said} {why}" if why else said


def _stopped_text(line: DeliveryLine, name: str, say: Voice) -> str:
    if line.state is DeliveryState.SUPERSEDED and line.newer is not None:
        return say(events.replaced, name, newer_name(line.newer, say))
    if line.kind is DeliveryKind.DELETE:
        return say(notices.nothing_to_delete, line.account_name)
    return say(notices.stopped, name)
