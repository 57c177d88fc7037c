"""What a delivery's transition leaves behind, in the same transaction: audit, notices, reposts, the post's end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.api import NoticeKind
from publisher.delivery import CLAIMABLE, FINAL, DeliveryEvent, DeliveryKind, DeliveryState
from publisher.post import PostEvent, PostState
from publisher.post import next_state as next_post_state
from publisher.store import audit, bulk, notices, tables
from publisher.store.engine import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.sql.dml import ReturningUpdate

    from platforms.port import Receipt
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_UNSEEN: Final = frozenset({DeliveryEvent.CLAIMED, DeliveryEvent.NOT_DECIDED})
"""Events after which no card is drawn anew: what follows a claim is told at once, and Slack takes few updates."""

_WAITS: Final = frozenset({DeliveryEvent.OPENING_AWAITED, DeliveryEvent.ROOM_AWAITED})
_TO_TAKE_UP: Final = CLAIMABLE | {DeliveryState.UNKNOWN, DeliveryState.PROCESSING}
"""States in which a delivery is work for other processes too."""

_TOLD_IN_THREAD: Final = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SUPERSEDED})


def of_creation(tx: Transaction, delivery: Delivery, *, who: str) -> None:
    """Leave what a new delivery leaves."""
    facts = {"to": delivery.state, "account": delivery.account, "platform": delivery.platform, "kind": delivery.kind}
    facts |= {"due_at": delivery.due_at.isoformat(), "seal": delivery.seal}
    _record(tx, delivery, "delivery_created", who=who, facts=facts)
    notices.add(tx, city=delivery.city, kind=NoticeKind.CARD, post_id=delivery.post_id)
    tx.announce(Topic.DELIVERIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A delivery before and after a transition."""

    before: Delivery
    after: Delivery
    event: DeliveryEvent
    who: str


def of_event(tx: Transaction, moved: Moved, *, note: str = "", facts: Mapping[str, Any] | None = None) -> None:
    """Leave the audit event and the notices of one transition."""
    before, after = moved.before, moved.after
    # Plain words: the writer of JSON takes four times as long for an enumeration's members.
    told: dict[str, Any] = {"from": str(before.state), "to": str(after.state), "account": after.account}
    if facts:
        told |= facts
    if after.state is DeliveryState.SENT:
        told |= {"external_id": after.external_id, "url": after.url}
    elif after.problem is not None and after.problem != before.problem:
        told["problem"] = after.problem.code
    if after.state not in FINAL:
        told["due_at"] = after.due_at.isoformat()
    _record(tx, after, f"delivery_{moved.event}", who=moved.who, facts=told, note=note)
    _tell(tx, after, moved.event)
    if moved.event is not DeliveryEvent.CLAIMED:  # which gives nobody anything to do
        tx.announce(Topic.DELIVERIES, is_work=after.state in _TO_TAKE_UP)


def _record(
    tx: Transaction, delivery: Delivery, kind: str, *, who: str, facts: Mapping[str, Any], note: str = ""
) -> None:
    audit.append(
        tx,
        city=delivery.city,
        who=who,
        kind=kind,
        post_id=delivery.post_id,
        delivery_id=delivery.id,
        facts=facts,
        note=note,
    )


def _tell(tx: Transaction, after: Delivery, event: DeliveryEvent) -> None:
    if event in _UNSEEN:
        return
    about: dict[str, Any] = {"city": after.city, "post_id": after.post_id}
    notices.add(tx, kind=NoticeKind.CARD, **about)
    if after.is_emergency:
        about["mail_after_seconds"] = notices.URGENT_MAIL_SECONDS
    if after.state is DeliveryState.ASKED:
        notices.add(tx, kind=NoticeKind.ASK, delivery_id=after.id, **about)
    elif after.state is DeliveryState.HELD:
        notices.add(tx, kind=NoticeKind.HELD, delivery_id=after.id, **about)
    elif after.state in _TOLD_IN_THREAD or event in _WAITS:
        notices.add(tx, kind=NoticeKind.DELIVERY, delivery_id=after.id, **about)


def of_receipt_without_place(tx: Transaction, delivery: Delivery, receipt: Receipt, *, is_trouble: bool) -> None:
    """Leave what proves a post that the ledger has no place for any more: stopped, given up, or out another time.

    Where it *is trouble* people hear of it at once: what nobody wants there any more is there, or is there twice.
    """
    facts = {"external_id": receipt.external_id, "state": delivery.state}
    _record(tx, delivery, "receipt_without_place", who="ledger", facts=facts)
    if not is_trouble:
        return
    notices.add(
        tx,
        city=delivery.city,
        kind=NoticeKind.DELIVERY,
        post_id=delivery.post_id,
        delivery_id=delivery.id,
        params={"found": receipt.url or receipt.external_id},
        mail_after_seconds=notices.URGENT_MAIL_SECONDS,
    )


def followers_to_move(tx: Transaction, ended: Sequence[Delivery]) -> Sequence[tuple[str, DeliveryEvent]]:
    """Return what waits for those that have *ended* (reposts, deletions, undoings), and what that is to each."""
    if not ended:
        return ()
    sources = {one.id: one for one in ended}
    waiting = tx.execute(_followers(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, sources))
    return [(row.id, _end_of_source(sources[row.source_id], DeliveryKind(row.kind))) for row in waiting]


@cache
def _followers(*, is_sqlite: bool) -> sa.Select[Any]:
    table = tables.deliveries
    waits = bulk.beside(table.c.state == DeliveryState.WAITING, is_sqlite=is_sqlite)
    query = sa.select(table.c.id, table.c.source_id, table.c.kind).where(waits)
    return query.where(bulk.is_among(table.c.source_id, is_sqlite=is_sqlite)).order_by(table.c.id)


def _end_of_source(source: Delivery, kind: DeliveryKind) -> DeliveryEvent:
    """Return what the end of *source* is to a delivery of *kind* that waits for it.

    What a person saw but whose id is not known cannot be reposted; of its deletion a person is then asked. Undoing a
    repost needs no receipt: it goes on wherever a call may have reposted.
    """
    is_out = source.state is DeliveryState.SENT
    goes_on = {
        DeliveryKind.REPOST: is_out and not source.is_witnessed,
        DeliveryKind.UNDO_REPOST: is_out or source.attempts > 0,
    }
    return DeliveryEvent.RELEASED if goes_on.get(kind, is_out) else DeliveryEvent.SOURCE_ENDED


def close_posts(tx: Transaction, ended: Sequence[Delivery]) -> None:
    """Close approved posts when the last of their deliveries has ended. The caller holds the posts' locks."""
    if not ended:
        return
    city_of = {one.post_id: one.city for one in ended}
    closed = tx.execute(_closing(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, city_of) | {"at": tx.now})
    for post_id in sorted(closed.scalars()):
        audit.append(tx, city=city_of[post_id], who="ledger", kind="closed", post_id=post_id)
        notices.add(tx, city=city_of[post_id], kind=NoticeKind.CARD, post_id=post_id)


@cache
def _closing(*, is_sqlite: bool) -> ReturningUpdate[Any]:
    posts, table = tables.posts, tables.deliveries
    has_open = sa.exists().where(table.c.post_id == posts.c.id, table.c.state.not_in(sorted(FINAL)))
    return (
        sa.update(posts)
        .where(bulk.is_among(posts.c.id, is_sqlite=is_sqlite), posts.c.state == PostState.APPROVED, ~has_open)
        .values(state=next_post_state(PostState.APPROVED, PostEvent.CLOSED), finished_at=sa.bindparam("at"))
        .returning(posts.c.id)
    )
