"""The city's periods. A row is never deleted: what was ended early keeps who ended it, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self

import sqlalchemy as sa

from publisher.delivery import CLAIMABLE, DeliveryKind, DeliveryState
from publisher.post import PostState
from publisher.store import audit, bulk, deliveries, rule_tables, tables
from publisher.store.delivery_record import Delivery
from publisher.store.engine import Topic

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

TOUCHED: Final = "period_touched"
"""The audit event that tells of a post that a period touches."""
WAITS: Final = "waits_for_period"
"""The problem of a delivery that waits for a period's end."""
_TABLE = rule_tables.periods
_SOONEST: Final = (_TABLE.c.starts_at, _TABLE.c.added_at, _TABLE.c.id)
_TO_COME: Final = CLAIMABLE | {DeliveryState.WAITING, DeliveryState.HELD}
"""States of a delivery that goes out by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPeriod:
    """One period."""

    id: str
    city: str
    name: str
    starts_at: datetime
    ends_at: datetime
    effect: str
    categories: Sequence[str]
    words: Sequence[str]
    accounts: Sequence[str]
    reason: str
    added_by: str
    added_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    end_reason: str

    @classmethod
    def from_row(cls, row: sa.Row[Any]) -> Self:
        """Return the period that a row holds."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    def is_ahead(self, at: datetime) -> bool:
        """Tell whether it was known at an instant, and is in force at it or later."""
        if not self.added_at <= at < self.ends_at:
            return False
        # Ended before it began, it is never in force.
        return self.ended_at is None or (self.ended_at > at and self.ended_at > self.starts_at)

    @property
    def over_at(self) -> datetime:
        """The first instant after it: its end, or the moment at which it was ended."""
        return self.ends_at if self.ended_at is None else min(self.ends_at, self.ended_at)


def add(tx: Transaction, period: StoredPeriod) -> None:
    """Insert a period."""
    row = {name: getattr(period, name) for name in StoredPeriod.__dataclass_fields__}
    lists = {name: list(row[name]) for name in ("categories", "words", "accounts")}
    tx.execute(sa.insert(_TABLE).values(**row | lists))


def end(tx: Transaction, period_id: str, *, who: str, reason: str) -> bool:
    """End a period and return True, or return False where it was ended before."""
    done = tx.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.id == period_id, _TABLE.c.ended_at.is_(None))
        .values(ended_by=who, ended_at=tx.now, end_reason=reason)
    )
    return done.rowcount == 1


def not_over(tx: Transaction, city: str, *, at: datetime) -> Sequence[StoredPeriod]:
    """Return the periods that are in force at an instant or later, as far as they were known at it, soonest first."""
    return [one for one in ending_after(tx, [city], at) if one.is_ahead(at)]


def ending_after(tx: Transaction, cities: Collection[str], instant: datetime) -> Sequence[StoredPeriod]:
    """Return the periods of cities that were to end after an instant, soonest first."""
    rows = tx.execute(_ending_after(is_sqlite=bulk.is_sqlite(tx)), {**bulk.ids(tx, cities), "instant": instant})
    return [StoredPeriod.from_row(row) for row in rows]


@cache
def _ending_after(*, is_sqlite: bool) -> sa.Select[Any]:
    query = sa.select(_TABLE).where(bulk.is_among(_TABLE.c.city, is_sqlite=is_sqlite))
    return query.where(_TABLE.c.ends_at > sa.bindparam("instant")).order_by(*_SOONEST)


def every(tx: Transaction, city: str) -> Sequence[StoredPeriod]:
    """Return every period that there ever was, by its beginning."""
    return _read(tx, sa.select(_TABLE).where(_TABLE.c.city == city))


def begun(tx: Transaction, city: str) -> Sequence[StoredPeriod]:
    """Return the periods that have begun, are not over, and whose beginning was not noticed yet."""
    query = sa.select(_TABLE).where(_TABLE.c.city == city, _TABLE.c.begin_told_at.is_(None))
    query = query.where(_TABLE.c.starts_at <= tx.now, _TABLE.c.ends_at > tx.now, _TABLE.c.ended_at.is_(None))
    return _read(tx, query)


def mark_begun(tx: Transaction, period_id: str) -> bool:
    """Keep that a beginning was noticed and return True, or return False where somebody else noticed it."""
    done = tx.execute(
        sa.update(_TABLE).where(_TABLE.c.id == period_id, _TABLE.c.begin_told_at.is_(None)).values(begin_told_at=tx.now)
    )
    return done.rowcount == 1


def deliveries_in(tx: Transaction, city: str, *, since: datetime, until: datetime) -> Sequence[Delivery]:
    """Return the posts and reposts that are to go out from *since* to before *until*, soonest first; no emergencies."""
    table, posts = tables.deliveries, tables.posts
    query = (
        sa.select(table)
        .join(posts, posts.c.id == table.c.post_id)
        .where(table.c.city == city, table.c.kind.in_([DeliveryKind.PUBLISH, DeliveryKind.REPOST]))
        .where(table.c.state.in_(sorted(_TO_COME)), table.c.is_emergency.is_(False))
        .where(table.c.due_at >= since, table.c.due_at < until)
        .where(posts.c.state.in_([PostState.APPROVED, PostState.SUBMITTED]))
    )
    return [Delivery.from_row(row) for row in tx.execute(query.order_by(table.c.due_at, table.c.id))]


def wake_waiting(tx: Transaction, city: str, *, who: str) -> int:
    """Have the ledger look now at what waits for a period's end, since one was ended early; return at how many.

    No state changes: the last check decides anew, and what is late by then is asked about.
    """
    table = tables.deliveries
    rows = tx.execute(
        sa.select(table).where(table.c.city == city, table.c.state == DeliveryState.DUE, table.c.due_at > tx.now)
    )
    waiting = [one for one in map(Delivery.from_row, rows) if one.problem is not None and one.problem.code == WAITS]
    for one in sorted(waiting, key=lambda one: one.post_id):  # posts are always locked in the same order
        now = deliveries.lock(tx, one.id)
        if now.state is not DeliveryState.DUE:
            continue
        tx.execute(sa.update(table).where(table.c.id == one.id).values(due_at=tx.now))
        facts = {"account": one.account, "due_at": tx.now.isoformat()}
        audit.append(
            tx, city=city, who=who, kind="delivery_woken", post_id=one.post_id, delivery_id=one.id, facts=facts
        )
    tx.announce(Topic.DELIVERIES)
    return len(waiting)


def posts_told(tx: Transaction, period: StoredPeriod) -> frozenset[str]:
    """Return the ids of the posts whose people were told of a period already."""
    told = audit.of_kind(tx, period.city, TOUCHED, since=period.added_at)
    return frozenset(one.post_id for one in told if one.post_id is not None and one.facts.get("period") == period.id)


def _read(tx: Transaction, query: sa.Select[Any]) -> Sequence[StoredPeriod]:
    rows = tx.execute(query.order_by(*_SOONEST))
    return [StoredPeriod.from_row(row) for row in rows]
