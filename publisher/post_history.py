"""What the history of a post says: each decision with its person, and of each delivery how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.api import HistoryLine
from publisher.delivery import DeliveryEvent, DeliveryKind, DeliveryState
from publisher.post import PostEvent
from publisher.store import audit
from publisher.superseding import SUPERSEDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.desk import Desk
    from publisher.store.deliveries import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post

_UNTOLD: Final = frozenset({"line_approved", "line_out_already", "report_numbered"})
"""Events that say nothing a person has not read already."""
_TOLD_OF_DELIVERIES: Final = {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.ASKED, DeliveryState.HELD}
"""States of a delivery that belong into a post's history."""
_DONE: Final = {
    DeliveryKind.DELETE: "deleted",
    DeliveryKind.UNDO_REPOST: "repost_undone",
    DeliveryKind.REPOST: "reposted",
}
"""What the history says of a delivery that has ended well and published nothing."""
_PERSON_SAID: Final = {
    f"delivery_{DeliveryEvent.HOLD_LIFTED}": "said_send",
    f"delivery_{DeliveryEvent.PERSON_SAYS_SEND}": "said_send",
    f"delivery_{DeliveryEvent.PERSON_SAYS_WAIT}": "said_wait",
    f"delivery_{DeliveryEvent.PERSON_SAYS_SENT}": "said_sent",
}
"""What the history says of a person's word on a delivery."""
_STOPPED_WITH_A_QUESTION: Final = (DeliveryState.HELD, DeliveryState.ASKED)


def history_of(tx: Transaction, desk: Desk, post: Post, made: Sequence[Delivery]) -> tuple[HistoryLine, ...]:
    """Return what happened to a post with these deliveries, oldest first."""
    done = {one.id: _DONE[one.kind] for one in made if one.kind in _DONE}
    events = audit.of_post(tx, post.id)
    if post.is_emergency:  # it went through the states at one stroke: nobody submitted or approved it
        events = [event for event in events if event.kind not in {PostEvent.SUBMITTED, PostEvent.APPROVED}]
    return tuple(line for event in events if (line := _line_of(desk, post, event, done)) is not None)


def _line_of(desk: Desk, post: Post, event: audit.AuditEvent, done: Mapping[str, str]) -> HistoryLine | None:
    if event.delivery_id is not None:
        code, note = _of_delivery(desk, post, event, done)
    elif event.kind == SUPERSEDED:
        code, note = event.kind, str(event.facts.get("newer", ""))
    else:
        code, note = "" if event.kind in _UNTOLD else event.kind, event.note
    if not code and not (event.is_erased and event.delivery_id is not None):
        return None
    who = desk.person_name(post.city, event.who)
    return HistoryLine(at=event.at, who=who, code=code or event.kind, note=note, is_erased=event.is_erased)


def _of_delivery(desk: Desk, post: Post, event: audit.AuditEvent, done: Mapping[str, str]) -> tuple[str, str]:
    """Return what to call an event of a delivery, or nothing where it is not told; and where, with a person's words."""
    account = desk.account_name(post.city, str(event.facts.get("account", "")))
    said, state = _word_on(event), str(event.facts.get("to", ""))
    if said:
        return said, f"{account}　{event.note}" if event.note else account
    if state not in _TOLD_OF_DELIVERIES or event.facts.get("from") == state:
        return state if event.is_erased else "", account
    return done.get(str(event.delivery_id), state) if state == DeliveryState.SENT else state, account


def _word_on(event: audit.AuditEvent) -> str:
    """Return what the history says where a person decided on a delivery, or nothing."""
    is_over = event.facts.get("to") == DeliveryState.CANCELLED and event.facts.get("from") in _STOPPED_WITH_A_QUESTION
    return "said_do_not_send" if is_over else _PERSON_SAID.get(event.kind, "")
