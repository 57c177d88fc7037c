"""Taking back what went out, or may have gone out: deletions, undone reposts. Both are deliveries like any other.

The caller holds the post's lock. Ordering twice orders once, for the earlier time.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import FINAL, STOPPABLE, DeliveryEvent, DeliveryKind, DeliveryState
from publisher.store import audit, bulk, deliveries, tables
from publisher.store.delivery_record import Delivery
from publisher.store.engine import Topic

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

SOURCE_DELETED: Final = "source_deleted"
"""Why a repost is stopped whose source is being deleted."""
BROUGHT_FORWARD: Final = "delivery_brought_forward"
"""The audit event of a deletion that goes earlier than it was ordered first."""
AHEAD: Final = frozenset({DeliveryState.WAITING, DeliveryState.DUE})
"""States in which nobody has begun it."""
_TABLE: Final = tables.deliveries
_BACK: Final = {DeliveryKind.PUBLISH: DeliveryKind.DELETE, DeliveryKind.REPOST: DeliveryKind.UNDO_REPOST}


def delete(
    tx: Transaction, source: Delivery, *, who: str, due_at: datetime | None = None, is_urgent: bool = False
) -> Delivery | None:
    """Order the deletion of what *source* published, and have its reposts undone; None where nothing went out.

    What may still arrive is waited for: the deletion begins with the receipt. Reposts that have not gone out are
    stopped here, and none is begun any more (`ordered`).

    Args:
        tx: The transaction.
        source: What was published, or may have been; never something that can simply be stopped.
        who: Who ordered it.
        due_at: When; None: now.
        is_urgent: It passes all routine deliveries.
    """
    made = _take_back(tx, source, who=who, due_at=due_at, is_urgent=is_urgent)
    for repost in of_source(tx, source.id):
        if repost.kind is DeliveryKind.REPOST and made is not None:
            _undo(tx, repost, who=who, due_at=due_at, is_urgent=is_urgent)
    return made


def of_source(tx: Transaction, source_id: str) -> Sequence[Delivery]:
    """Return what reposts, deletes or undoes a delivery, in the order in which it was made."""
    rows = tx.execute(sa.select(_TABLE).where(_TABLE.c.source_id == source_id).order_by(_TABLE.c.created_at, "id"))
    return [Delivery.from_row(row) for row in rows]


def ordered(tx: Transaction, source_ids: Collection[str | None]) -> frozenset[str]:
    """Return of which deliveries the deletion was ordered, and not called off."""
    wanted = {one for one in source_ids if one is not None}
    if not wanted:
        return frozenset()
    return frozenset(tx.execute(_ordered(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, wanted)).scalars())


@cache
def _ordered(*, is_sqlite: bool) -> sa.Select[Any]:
    query = sa.select(_TABLE.c.source_id).where(bulk.is_among(_TABLE.c.source_id, is_sqlite=is_sqlite))
    return query.where(_TABLE.c.kind == DeliveryKind.DELETE, _TABLE.c.state != DeliveryState.CANCELLED)


def deletion_of(tx: Transaction, source_id: str) -> Delivery | None:
    """Return what deletes a delivery, or has deleted it; None where nobody ordered it, or the order was called off."""
    found = (one for one in of_source(tx, source_id) if one.kind is DeliveryKind.DELETE)
    return next((one for one in found if one.state is not DeliveryState.CANCELLED), None)


def _undo(tx: Transaction, repost: Delivery, *, who: str, due_at: datetime | None, is_urgent: bool) -> None:
    """Undo a repost wherever a call may have reposted, and stop it where it has not ended."""
    now = deliveries.lock(tx, repost.id)
    if now.attempts or now.state not in STOPPABLE:
        _take_back(tx, now, who=who, due_at=due_at, is_urgent=is_urgent)
    if now.state in STOPPABLE:
        change = deliveries.Change(facts={"because": SOURCE_DELETED})
        deliveries.apply(tx, now.id, DeliveryEvent.CANCELLED, who=who, change=change)


def _take_back(
    tx: Transaction, source: Delivery, *, who: str, due_at: datetime | None, is_urgent: bool
) -> Delivery | None:
    kind = _BACK[source.kind]
    before = next((one for one in of_source(tx, source.id) if one.kind is kind), None)
    at = due_at or tx.now
    if before is not None:
        is_there = source.state is DeliveryState.SENT
        return _bring_forward(tx, before, who=who, at=at, is_urgent=is_urgent, is_there=is_there)
    if source.state in FINAL and source.state is not DeliveryState.SENT:
        return None
    made = deliveries.create(
        tx,
        city=source.city,
        post_id=source.post_id,
        version_id=source.version_id,
        account=source.account,
        platform=source.platform,
        kind=kind,
        due_at=at,
        planned_at=at,
        latest_at=None,
        seal=source.seal,
        is_emergency=is_urgent,
        source_id=source.id,
        who=who,
    )
    if source.state is not DeliveryState.SENT:
        return made
    return deliveries.apply(tx, made.id, DeliveryEvent.RELEASED, who=who, change=deliveries.Change(due_at=at))


def _bring_forward(
    tx: Transaction, ordered: Delivery, *, who: str, at: datetime, is_urgent: bool, is_there: bool
) -> Delivery:
    """Let what was ordered for later, or as routine, go at the time and with the urgency of a second order.

    Where a person was asked about it, the second order is the answer; where a person called it off, the later decision
    holds, as long as what it takes back *is_there*.
    """
    now = deliveries.lock(tx, ordered.id)
    is_objected = now.problem is not None and now.problem.objection is not None
    is_now = at <= tx.now
    if now.state is DeliveryState.ASKED and (is_urgent or is_now or is_objected):
        now = deliveries.apply(tx, now.id, DeliveryEvent.PERSON_SAYS_SEND, who=who, change=deliveries.Change(due_at=at))
    if now.state is DeliveryState.CANCELLED and is_there:
        return _order_anew(tx, now, who=who, at=at, is_urgent=is_urgent)
    is_more_urgent = is_urgent and not now.is_emergency
    if now.state not in AHEAD or not (now.due_at > at or is_more_urgent):
        return now
    due_at = min(now.due_at, at)
    values = {"due_at": due_at, "planned_at": due_at, "is_emergency": now.is_emergency or is_urgent}
    tx.execute(sa.update(_TABLE).where(_TABLE.c.id == now.id).values(**values))
    audit.append(
        tx,
        city=now.city,
        who=who,
        kind=BROUGHT_FORWARD,
        post_id=now.post_id,
        delivery_id=now.id,
        facts={"account": now.account, "due_at": due_at.isoformat()},
    )
    tx.announce(Topic.DELIVERIES)
    return deliveries.get(tx, now.id)


def _order_anew(tx: Transaction, ended: Delivery, *, who: str, at: datetime, is_urgent: bool) -> Delivery:
    deliveries.apply(tx, ended.id, DeliveryEvent.ORDERED_ANEW, who=who, change=deliveries.Change(due_at=at))
    values = {"planned_at": at, "is_emergency": ended.is_emergency or is_urgent}
    tx.execute(sa.update(_TABLE).where(_TABLE.c.id == ended.id).values(**values))
    return deliveries.get(tx, ended.id)
