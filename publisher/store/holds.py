"""Holds: what stops routine deliveries, whom each covers, and what was on its way when it began.

A hold and an opened attempt exclude each other. On PostgreSQL who opens an attempt first takes a shared lock of the
city, and who starts a hold takes it alone: it waits for those who are opening, and whoever comes later sees the hold.
The lock is an advisory one, for its queue is fair: a crowd that opens attempts never keeps a hold waiting. On SQLite
one writes at a time. The lock comes after post and deliveries and before the city's chain; who starts a hold locks no
post at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self

import sqlalchemy as sa

from publisher.delivery import DeliveryKind, DeliveryState
from publisher.store import appointed, bulk, guard_tables, tables
from publisher.store.delivery_record import Delivery, Objection

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE: Final = guard_tables.holds
_DELIVERIES: Final = tables.deliveries
_LOCK: Final = "kairan-hold"
_PUTS_SOMETHING_OUT: Final = frozenset({DeliveryKind.PUBLISH, DeliveryKind.REPOST})
"""What takes a post back is never held: it must go at once."""
_ENDS_BY_ITSELF: Final = (DeliveryState.UNKNOWN, DeliveryState.PROCESSING)


class Scope(StrEnum):
    """What a hold covers."""

    CITY = "city"
    SECTION = "section"
    """What the section wrote, and everything on its accounts."""
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One hold, in force or lifted."""

    id: str
    city: str
    scope: Scope
    target: str
    """A section's or an account's key; empty for the whole city."""
    accounts: Sequence[str]
    """The accounts that it covers, as they were known when it began; the whole city's hold covers all without it."""
    reason: str
    started_by: str
    started_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    note: str = ""
    """Why it was lifted."""
    under_way: Sequence[str] = ()
    """The deliveries that were on their way when it began."""
    settled_at: datetime | None = None
    """When the last of them had ended."""

    @classmethod
    def from_row(cls, row: sa.Row[Any]) -> Self:
        """Return the hold that a row holds."""
        values = {name: getattr(row, name) for name in cls.__dataclass_fields__}
        return cls(**values | {"scope": Scope(row.scope)})

    def covers(self, account: str, section: str) -> bool:
        """Tell whether it is about a post of *section* on *account*."""
        if self.scope is Scope.CITY:
            return True
        return account in self.accounts or (self.scope is Scope.SECTION and section == self.target)

    def stops(self, delivery: Delivery, came_up_at: datetime) -> bool:
        """Tell whether what it covers has to wait: it came up before the hold was lifted, and nobody let it go on."""
        came_up = self.lifted_at is None or max(came_up_at, delivery.created_at) < self.lifted_at
        return came_up and not delivery.has_waived(Objection.HOLD, about=self.id)

    def may_have_met(self, delivery: Delivery) -> bool:
        """Tell whether it was lifted between a delivery's plan and the time at which that is due by now."""
        return self.lifted_at is not None and delivery.planned_at < self.lifted_at <= delivery.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A delivery that a hold has stopped."""

    delivery: Delivery
    number: int
    section: str
    is_disaster_related: bool
    text: str


def puts_out(delivery: Delivery) -> bool:
    """Tell whether it puts something out; the others take something back."""
    return delivery.kind in _PUTS_SOMETHING_OUT


def is_stoppable(delivery: Delivery) -> bool:
    """Tell whether holds are for this delivery at all: emergencies pass, and so does what takes a post back."""
    return not delivery.is_emergency and puts_out(delivery)


def read(tx: Transaction, held: Collection[Delivery]) -> None:
    """Read at once the holds that `stopping` will ask for; the cities' locks are taken in one order."""
    cities = sorted({one.city for one in held if is_stoppable(one)})
    cities = [city for city in cities if _key(city) not in tx.scratch]
    if not cities:
        return
    _lock(tx, cities, "pg_advisory_xact_lock_shared")
    found: dict[str, list[Hold]] = {city: [] for city in cities}
    for row in tx.execute(_of_cities(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, cities)):
        found[row.city].append(Hold.from_row(row))
    tx.scratch |= {_key(city): holds for city, holds in found.items()}


@cache
def _of_cities(*, is_sqlite: bool) -> sa.Select[Any]:
    query = sa.select(_TABLE).where(bulk.is_among(_TABLE.c.city, is_sqlite=is_sqlite))
    return query.order_by(_TABLE.c.started_at, _TABLE.c.id)


def _key(city: str) -> str:
    return f"holds:{city}"


def stopping(tx: Transaction, delivery: Delivery) -> tuple[Sequence[Hold], bool]:
    """Return the holds that stop a delivery, and whether its post is marked as related to the disaster.

    No hold begins in this city until the transaction ends. The caller holds the delivery's lock and its post's.
    """
    if not is_stoppable(delivery):
        return (), False
    read(tx, [delivery])
    known: Sequence[Hold] = tx.scratch[_key(delivery.city)]
    came_up_at = delivery.due_at
    if any(one.may_have_met(delivery) for one in known):  # what had to wait all through a hold is no better off
        came_up_at = appointed.came_up_at(tx, delivery)
    found = [one for one in known if one.stops(delivery, came_up_at)]
    if not found:
        return (), False
    posts = tables.posts
    post = tx.execute(
        sa.select(posts.c.section, posts.c.is_disaster_related).where(posts.c.id == delivery.post_id)
    ).one()
    return [one for one in found if one.covers(delivery.account, post.section)], post.is_disaster_related


def freeze(tx: Transaction, city: str) -> None:
    """Wait for those who are opening an attempt in this city, and let nobody begin until the transaction ends."""
    _lock(tx, [city], "pg_advisory_xact_lock")


def _lock(tx: Transaction, cities: Sequence[str], function: str) -> None:
    if not bulk.is_sqlite(tx):
        tx.execute(_locking(function), bulk.ids(tx, cities))


@cache
def _locking(function: str) -> sa.Select[Any]:
    city = bulk.each_id()
    return sa.select(getattr(sa.func, function)(sa.func.hashtext(_LOCK), sa.func.hashtext(city)))


# ── beginning and ending ─────────────────────────────────────────────────────────────────────────


def start(tx: Transaction, hold: Hold, *, under_way: Sequence[str]) -> None:
    """Insert a hold with what was on its way; the caller has called `freeze`. With nothing it is settled at once."""
    row = {name: getattr(hold, name) for name in Hold.__dataclass_fields__}
    row |= {"accounts": list(hold.accounts), "under_way": list(under_way)}
    tx.execute(sa.insert(_TABLE).values(**row | {"settled_at": None if under_way else tx.now}))


def lift(tx: Transaction, hold_id: str, *, who: str, note: str) -> bool:
    """Lift a hold and return True, or return False where somebody else lifted it."""
    done = tx.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.id == hold_id, _TABLE.c.lifted_at.is_(None))
        .values(lifted_by=who, lifted_at=tx.now, note=note)
    )
    return done.rowcount == 1


def in_force(tx: Transaction, city: str) -> Sequence[Hold]:
    """Return the holds that are in force, oldest first."""
    return _read(tx, _TABLE.c.city == city, _TABLE.c.lifted_at.is_(None))


def unsettled(tx: Transaction) -> Sequence[Hold]:
    """Return the holds, in force or lifted, whose second answer is still to be given, of all cities."""
    return _read(tx, _TABLE.c.settled_at.is_(None))


def settle(tx: Transaction, hold_id: str) -> bool:
    """Keep that all has ended and return True, or return False where somebody else did."""
    done = tx.execute(
        sa.update(_TABLE).where(_TABLE.c.id == hold_id, _TABLE.c.settled_at.is_(None)).values(settled_at=tx.now)
    )
    return done.rowcount == 1


def _read(tx: Transaction, *conditions: sa.ColumnElement[bool]) -> Sequence[Hold]:
    rows = tx.execute(sa.select(_TABLE).where(*conditions).order_by(_TABLE.c.started_at, _TABLE.c.id))
    return [Hold.from_row(row) for row in rows]


# ── what is on its way, and what is held ─────────────────────────────────────────────────────────


def on_their_way(tx: Transaction, hold: Hold) -> Sequence[Delivery]:
    """Return what a hold can no longer stop: a call is open, its end is not known, or the vendor is still working."""
    posts = tables.posts
    query = (
        sa.select(_DELIVERIES, posts.c.section.label("of_section"))
        .join(posts, posts.c.id == _DELIVERIES.c.post_id)
        .where(_DELIVERIES.c.city == hold.city, _DELIVERIES.c.is_emergency.is_(False), _moves())
        .where(_DELIVERIES.c.kind.in_(sorted(_PUTS_SOMETHING_OUT)))
        .order_by(_DELIVERIES.c.id)
    )
    found = []
    for row in tx.execute(query):
        values = row._mapping  # noqa: SLF001 - the documented way to a row's columns by name
        if hold.covers(values["account"], values["of_section"]):
            found.append(values["id"])
    return _with_ids(tx, found)


def still_moving(tx: Transaction, ids: Collection[str]) -> frozenset[str]:
    """Return which of these have not ended yet."""
    if not ids:
        return frozenset()
    return frozenset(
        tx.execute(sa.select(_DELIVERIES.c.id).where(_DELIVERIES.c.id.in_(sorted(ids)), _moves())).scalars()
    )


def _moves() -> sa.ColumnElement[bool]:
    calls = tables.attempts
    is_open = sa.select(calls.c.id).where(calls.c.delivery_id == _DELIVERIES.c.id, calls.c.closed_at.is_(None)).exists()
    return sa.or_(_DELIVERIES.c.state.in_(_ENDS_BY_ITSELF), is_open)


def _with_ids(tx: Transaction, ids: Collection[str]) -> Sequence[Delivery]:
    if not ids:
        return []
    rows = tx.execute(sa.select(_DELIVERIES).where(_DELIVERIES.c.id.in_(sorted(ids))).order_by(_DELIVERIES.c.id))
    return [Delivery.from_row(row) for row in rows]


def held(tx: Transaction, city: str) -> Sequence[Held]:
    """Return what waits for a person's word after a hold, the longest planned first."""
    posts, versions = tables.posts, tables.versions
    query = (
        sa.select(
            _DELIVERIES.c.id,
            posts.c.number,
            posts.c.section,
            posts.c.is_disaster_related,
            versions.c.text,
        )
        .join(posts, posts.c.id == _DELIVERIES.c.post_id)
        .join(versions, versions.c.id == _DELIVERIES.c.version_id)
        .where(_DELIVERIES.c.city == city, _DELIVERIES.c.state == DeliveryState.HELD)
        .order_by(_DELIVERIES.c.planned_at, _DELIVERIES.c.id)
    )
    rows = tx.execute(query).all()
    found = {one.id: one for one in _with_ids(tx, [row.id for row in rows])}
    return [
        Held(
            delivery=found[row.id],
            number=row.number,
            section=row.section,
            is_disaster_related=row.is_disaster_related,
            text=row.text,
        )
        for row in rows
    ]


def mark_disaster_related(tx: Transaction, post_id: str) -> None:
    """Keep that a post is about the disaster. The caller holds the post's lock and leaves the audit event."""
    tx.execute(sa.update(tables.posts).where(tables.posts.c.id == post_id).values(is_disaster_related=True))
