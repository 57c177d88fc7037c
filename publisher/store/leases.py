"""Leases: who may move a claimed delivery, until when, and what was left behind.

A lease is measured by `Transaction.lease_now`, which nobody can move; `due_at` by the clock of posts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa

from publisher.delivery import CLAIMABLE, DeliveryEvent, DeliveryKind, DeliveryState, next_state
from publisher.errors import LeaseLostError
from publisher.store import aftermath, marks, tables
from publisher.store.delivery_record import Delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE = tables.deliveries
_TO_LOOK_AT = (DeliveryState.PROCESSING, DeliveryState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a worker has room for on one platform."""

    platform: str
    limit: int
    """How many deliveries it takes at most."""
    per_account: int
    """How many of one account at most."""
    busy: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """How many calls each (city, account) has under way."""
    is_for_emergencies: bool = False
    """Take emergency deliveries alone."""
    closed: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """Until when a (city, account) takes no routine delivery; those that are still useful then are left."""
    is_shut: bool = False
    """The platform is sick: leave every routine delivery where it is that is not late already."""


def claim(tx: Transaction, room: Room, *, owner: str, lease_seconds: float) -> Sequence[Delivery]:
    """Lease what is due, emergencies first, then the longest due; nobody else gets the same rows.

    Moves them by the table's own word for `CLAIMED`, in one statement: the door's batch form.
    """
    if room.limit < 1:
        return []
    chosen = _choose(tx, room)
    if not chosen:
        return []
    free = (
        sa.select(_TABLE.c.id)
        .where(_TABLE.c.id.in_(chosen), *_is_due(tx))
        .with_for_update(skip_locked=True, key_share=True)
    )
    taken = tx.execute(free).scalars().all()
    return [
        _take(tx, delivery_id, owner=owner, lease_seconds=lease_seconds) for delivery_id in _in_order(chosen, taken)
    ]


def _is_due(tx: Transaction) -> tuple[sa.ColumnElement[bool], ...]:
    return (_TABLE.c.state.in_(sorted(CLAIMABLE)), _TABLE.c.due_at <= tx.now, *marks.may_go(tx))


def _choose(tx: Transaction, room: Room) -> Sequence[str]:
    left = dict.fromkeys(room.busy, room.per_account)
    for account, count in room.busy.items():
        left[account] -= count
    chosen = []
    for row in tx.execute(_candidates(tx, room)):
        account = (row.city, row.account)
        left[account] = left.get(account, room.per_account) - 1
        if left[account] >= 0:
            chosen.append(row.id)
    return chosen


def _candidates(tx: Transaction, room: Room) -> sa.Select[tuple[str, str, str]]:
    order = (_TABLE.c.is_emergency.desc(), _TABLE.c.due_at, _TABLE.c.id)
    turn = sa.func.row_number().over(partition_by=(_TABLE.c.city, _TABLE.c.account), order_by=order)
    names = ("id", "city", "account", "is_emergency", "due_at")
    due = sa.select(*(_TABLE.c[name] for name in names), turn.label("turn"))
    due = due.where(_TABLE.c.platform == room.platform, *_is_due(tx))
    for (city, account), count in room.busy.items():
        if count >= room.per_account:
            due = due.where(sa.not_(sa.and_(_TABLE.c.city == city, _TABLE.c.account == account)))
    if room.closed or room.is_shut:
        due = due.where(sa.or_(_passes_always(), sa.not_(_stays(tx, room))))
    if room.is_for_emergencies:
        due = due.where(_TABLE.c.is_emergency.is_(True))
    ranked = due.subquery("ranked")
    return (
        sa.select(ranked.c.id, ranked.c.city, ranked.c.account)
        .where(ranked.c.turn <= room.per_account)
        .order_by(ranked.c.is_emergency.desc(), ranked.c.due_at, ranked.c.id)
        .limit(room.limit)
    )


def _passes_always() -> sa.ColumnElement[bool]:
    takes_back = _TABLE.c.kind.in_([DeliveryKind.DELETE, DeliveryKind.UNDO_REPOST])
    return sa.or_(_TABLE.c.is_emergency.is_(True), takes_back)


def _stays(tx: Transaction, room: Room) -> sa.ColumnElement[bool]:
    """Say what is left where it is. What would be too late by then is taken, so that a person is asked in time."""
    keeps = _TABLE.c.latest_at.is_(None)
    stays = [
        sa.and_(_TABLE.c.city == city, _TABLE.c.account == account, sa.or_(keeps, _TABLE.c.latest_at >= until))
        for (city, account), until in sorted(room.closed.items())
    ]
    return sa.or_(*stays, *([sa.or_(keeps, _TABLE.c.latest_at >= tx.now)] if room.is_shut else []))


def _in_order(chosen: Sequence[str], taken: Sequence[str]) -> list[str]:
    free = set(taken)
    return [delivery_id for delivery_id in chosen if delivery_id in free]


def _take(tx: Transaction, delivery_id: str, *, owner: str, lease_seconds: float) -> Delivery:
    one = sa.select(_TABLE).where(_TABLE.c.id == delivery_id)
    before = Delivery.from_row(tx.execute(one).one())
    lease = {
        "state": next_state(before.state, DeliveryEvent.CLAIMED),
        "state_at": tx.now,
        "lease_owner": owner,
        "lease_token": str(uuid4()),
        "lease_until": tx.lease_now() + timedelta(seconds=lease_seconds),
    }
    done = tx.execute(
        sa.update(_TABLE).where(_TABLE.c.id == delivery_id, _TABLE.c.state == before.state).values(**lease)
    )
    if done.rowcount != 1:
        raise LeaseLostError(f"delivery {delivery_id} is not {before.state} any more")
    after = Delivery.from_row(tx.execute(one).one())
    aftermath.of_event(tx, before, after, DeliveryEvent.CLAIMED, who="ledger", note="", facts={"owner": owner})
    return after


def renew(tx: Transaction, tokens: Collection[str], *, lease_seconds: float) -> int:
    """Prolong the leases with these tokens; return how many still held."""
    if not tokens:
        return 0
    until = tx.lease_now() + timedelta(seconds=lease_seconds)
    return tx.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.state == DeliveryState.LEASED, _TABLE.c.lease_token.in_(sorted(tokens)))
        .values(lease_until=until)
    ).rowcount


def lapsed(tx: Transaction, *, limit: int) -> Sequence[Delivery]:
    """Return deliveries whose lease has ended: their worker died or stood still."""
    rows = tx.execute(
        sa.select(_TABLE)
        .where(_TABLE.c.state == DeliveryState.LEASED, _TABLE.c.lease_until < tx.lease_now())
        .order_by(_TABLE.c.lease_until)
        .limit(limit)
    )
    return [Delivery.from_row(row) for row in rows]


def take_to_look_at(
    tx: Transaction, platform: str, *, limit: int, patience_seconds: float, except_for: Collection[str] = ()
) -> Sequence[Delivery]:
    """Return what must be read back or polled now, and put it off for others by *patience_seconds*.

    Looking changes nothing on the platform, so this is no lease: who dies while looking leaves a delivery that is
    looked at again after the patience.
    """
    wanted = (
        sa.select(_TABLE.c.id)
        .where(_TABLE.c.platform == platform, _TABLE.c.state.in_(_TO_LOOK_AT), _TABLE.c.due_at <= tx.now)
        .where(_TABLE.c.id.not_in(sorted(except_for)))
        .order_by(_TABLE.c.is_emergency.desc(), _TABLE.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    ids = tx.execute(wanted).scalars().all()
    if not ids:
        return []
    patience = tx.now + timedelta(seconds=patience_seconds)
    tx.execute(sa.update(_TABLE).where(_TABLE.c.id.in_(ids)).values(due_at=patience))
    rows = tx.execute(sa.select(_TABLE).where(_TABLE.c.id.in_(ids)).order_by(_TABLE.c.created_at))
    return [Delivery.from_row(row) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a platform's lane has before it."""

    is_due: bool
    """Something can be taken up now."""
    is_emergency_due: bool
    """An emergency delivery can be sent now."""
    next_at: datetime | None
    """When the next thing falls due after that."""


def look_ahead(tx: Transaction, platform: str) -> Prospect:
    """Return what is due on a platform, and when the next thing will be."""
    mine = (_TABLE.c.platform == platform, _TABLE.c.state.in_(sorted({*CLAIMABLE, *_TO_LOOK_AT})))
    free = (sa.or_(_TABLE.c.state.in_(_TO_LOOK_AT), *clear) for clear in [marks.may_go(tx)] if clear)
    due = tx.execute(sa.select(_TABLE.c.id).where(*mine, *free, _TABLE.c.due_at <= tx.now).limit(1)).first()
    urgent = sa.select(_TABLE.c.id).where(*mine, *_is_due(tx), _TABLE.c.is_emergency.is_(True)).limit(1)
    ahead = sa.select(sa.func.min(_TABLE.c.due_at)).where(*mine, _TABLE.c.due_at > tx.now)
    return Prospect(
        is_due=due is not None,
        is_emergency_due=due is not None and tx.execute(urgent).first() is not None,
        next_at=tx.execute(ahead).scalar_one(),
    )
