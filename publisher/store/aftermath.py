"""What a delivery's transition leaves behind, in the same transaction: audit, notices, reposts, the post's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.api import NoticeKind
from publisher.delivery import FINAL, DeliveryEvent, DeliveryKind, DeliveryState
from publisher.post import PostEvent, PostState
from publisher.post import next_state as next_post_state
from publisher.store import audit, notices, tables
from publisher.store.engine import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_UNSEEN: Final = frozenset({DeliveryEvent.NOT_DECIDED})
"""Events that change nothing a person could see."""

_WAITS: Final = frozenset({DeliveryEvent.OPENING_AWAITED, DeliveryEvent.ROOM_AWAITED})
_TOLD_IN_THREAD: Final = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SUPERSEDED})


def of_creation(tx: Transaction, delivery: Delivery, *, who: str) -> None:
    """Leave what a new delivery leaves."""
    facts = {"to": delivery.state, "account": delivery.account, "platform": delivery.platform, "kind": delivery.kind}
    facts |= {"due_at": delivery.due_at.isoformat(), "seal": delivery.seal}
    _record(tx, delivery, "delivery_created", who=who, facts=facts)
    notices.add(tx, city=delivery.city, kind=NoticeKind.CARD, post_id=delivery.post_id)
    tx.announce(Topic.DELIVERIES)


def of_event(
    tx: Transaction,
    before: Delivery,
    after: Delivery,
    event: DeliveryEvent,
    *,
    who: str,
    note: str,
    facts: Mapping[str, Any],
) -> None:
    """Leave the audit event and the notices of one transition."""
    told: dict[str, Any] = {"from": before.state, "to": after.state, "account": after.account, **facts}
    if after.state is DeliveryState.SENT:
        told |= {"external_id": after.external_id, "url": after.url}
    elif after.problem is not None and after.problem != before.problem:
        told["problem"] = after.problem.code
    if after.state not in FINAL:
        told["due_at"] = after.due_at.isoformat()
    _record(tx, after, f"delivery_{event}", who=who, facts=told, note=note)
    _tell(tx, after, event)
    tx.announce(Topic.DELIVERIES)


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
    if after.state is DeliveryState.ASKED:
        notices.add(tx, kind=NoticeKind.ASK, delivery_id=after.id, **about)
    elif after.state is DeliveryState.HELD:
        notices.add(tx, kind=NoticeKind.HELD, delivery_id=after.id, **about)
    elif after.state in _TOLD_IN_THREAD or event in _WAITS:
        notices.add(tx, kind=NoticeKind.DELIVERY, delivery_id=after.id, **about)


def followers_to_move(tx: Transaction, source: Delivery) -> Sequence[tuple[str, DeliveryEvent]]:
    """Return what waits for *source* (its reposts, its deletion, its undoing), and what its end is to each."""
    if source.state not in FINAL:
        return ()
    table = tables.deliveries
    waiting = tx.execute(
        sa.select(table.c.id, table.c.kind)
        .where(table.c.source_id == source.id, table.c.state == DeliveryState.WAITING)
        .order_by(table.c.id)
    )
    return [(row.id, _end_of_source(source, DeliveryKind(row.kind))) for row in waiting]


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


def close_post(tx: Transaction, delivery: Delivery) -> None:
    """Close an approved post when the last of its deliveries has ended. The caller holds the post's lock."""
    if delivery.state not in FINAL:
        return
    posts, table = tables.posts, tables.deliveries
    open_ones = tx.execute(
        sa.select(sa.func.count()).where(table.c.post_id == delivery.post_id, table.c.state.not_in(sorted(FINAL)))
    ).scalar_one()
    state = tx.execute(sa.select(posts.c.state).where(posts.c.id == delivery.post_id)).scalar_one()
    if open_ones or state != PostState.APPROVED:
        return
    closed = next_post_state(PostState.APPROVED, PostEvent.CLOSED)
    tx.execute(
        sa.update(posts)
        .where(posts.c.id == delivery.post_id, posts.c.state == PostState.APPROVED)
        .values(state=closed, finished_at=tx.now)
    )
    audit.append(tx, city=delivery.city, who="ledger", kind="closed", post_id=delivery.post_id)
    notices.add(tx, city=delivery.city, kind=NoticeKind.CARD, post_id=delivery.post_id)
