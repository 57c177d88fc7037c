"""Leases: who may move a claimed delivery, until when, and what was left behind.

A lease is measured by `Transaction.lease_now`, which nobody can move; `due_at` by the clock of posts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import uuid4

import sqlalchemy as sa

from publisher.delivery import DeliveryEvent, DeliveryKind, DeliveryState, next_state
from publisher.errors import LeaseLostError
from publisher.store import aftermath, backlog, bulk, marks, tables
from publisher.store.delivery_record import Delivery, Objection

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE = tables.deliveries
_IS_CLAIMABLE: Final = sa.text(f"deliveries.{tables.CLAIMABLE}")
"""Written out, since a parameter would keep both engines from their index."""
_LOOK_PAST: Final = (2, 20)
"""How many times as many as there is room for are looked at, first and then, before each account is."""
_Conditions: TypeAlias = tuple[sa.ColumnElement[bool] | sa.TextClause, ...]
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
    in_repair: Collection[tuple[str, str]] = ()
    """Those of them that are closed until a person has mended them."""
    only_post: str | None = None
    """Take this post's deliveries and no others."""
    is_shut: bool = False
    """The platform is sick: leave every routine delivery where it is that is not late already."""


def claim(tx: Transaction, room: Room, *, owner: str, lease_seconds: float) -> Sequence[Delivery]:
    """Lease what is due, emergencies first, then the longest due; nobody else gets the same rows.

    Moves them by the table's own word for `CLAIMED`, in one statement.
    """
    if room.limit < 1:
        return []
    clear = marks.may_go(tx)
    chosen = _choose(tx, room, clear)
    if not chosen:
        return []
    free = _free(is_sqlite=bulk.is_sqlite(tx))
    rows = tx.execute(free.where(*clear) if clear else free, bulk.ids(tx, chosen) | {"now": tx.now})
    was = {row.id: Delivery.from_row(row) for row in rows}
    return _take(tx, [was[one] for one in chosen if one in was], owner=owner, lease_seconds=lease_seconds)


@cache
def _free(*, is_sqlite: bool) -> sa.Select[Any]:
    query = sa.select(_TABLE).where(bulk.is_among(_TABLE.c.id, is_sqlite=is_sqlite), _IS_CLAIMABLE)
    return query.where(_TABLE.c.due_at <= sa.bindparam("now")).with_for_update(skip_locked=True, key_share=True)


def _choose(tx: Transaction, room: Room, clear: _Conditions) -> Sequence[str]:
    """Return what fits: of the first in the queue, or of each account's first where a few accounts fill its head."""
    urgencies = (True,) if room.is_for_emergencies else (True, False)
    extra = (*clear, *_narrowed(tx, room))
    query = _ranked(urgencies, extra) if extra else _ranked_of_all(urgencies)
    parameters: dict[str, Any] = {"platform": room.platform, "now": tx.now, "per_account": room.per_account}
    parameters["room"] = room.limit + sum(room.busy.values())  # so many may come whose account has no room for them
    parameters["look_at_urgent"] = parameters["room"] * _LOOK_PAST[-1]  # no routine one goes before one of these
    for times in _LOOK_PAST:
        parameters["look_at"] = parameters["room"] * times
        rows = tx.execute(query, parameters).all()
        chosen = _fitting(rows, room)
        if len(chosen) == room.limit or not rows or rows[0].looked_at < parameters["look_at"]:
            return chosen
    is_sqlite = bulk.is_sqlite(tx)
    if extra:
        heads = backlog.first_of_each(urgencies, extra, is_sqlite=is_sqlite)
    else:
        heads = backlog.first_of_all(urgencies, is_sqlite=is_sqlite)
    return _fitting(tx.execute(heads, parameters), room)


def _fitting(rows: Iterable[sa.Row[Any]], room: Room) -> Sequence[str]:
    left = {account: room.per_account - count for account, count in room.busy.items()}
    chosen = []
    for row in rows:
        account = (row.city, row.account)
        left[account] = left.get(account, room.per_account) - 1
        if left[account] >= 0:
            chosen.append(row.id)
    return chosen[: room.limit]


def _ranked(urgencies: tuple[bool, ...], extra: _Conditions) -> sa.Select[Any]:
    due = sa.union_all(*(_queue(urgent, extra) for urgent in urgencies)).subquery("queue")
    order = (due.c.is_emergency.desc(), due.c.due_at, due.c.id)
    turn = sa.func.row_number().over(partition_by=(due.c.city, due.c.account), order_by=order)
    ranked = sa.select(due, turn.label("turn"), sa.func.count().over().label("looked_at")).subquery("ranked")
    return (
        sa.select(ranked.c.id, ranked.c.city, ranked.c.account, ranked.c.looked_at)
        .where(ranked.c.turn <= sa.bindparam("per_account"))
        .order_by(ranked.c.is_emergency.desc(), ranked.c.due_at, ranked.c.id)
        .limit(sa.bindparam("room", type_=sa.Integer))
    )


@cache
def _ranked_of_all(urgencies: tuple[bool, ...]) -> sa.Select[Any]:
    """Return the query where nothing is left out: it is asked again and again, so it is built once."""
    return _ranked(urgencies, ())


def _queue(is_emergency: bool, extra: _Conditions) -> sa.Select[Any]:  # noqa: FBT001 - the column's value
    """Return one of a platform's two queues, read along its index."""
    due = sa.select(*(_TABLE.c[name] for name in ("id", "city", "account", "is_emergency", "due_at")))
    due = due.where(_TABLE.c.platform == sa.bindparam("platform"), _TABLE.c.is_emergency.is_(is_emergency))
    due = due.where(_IS_CLAIMABLE, _TABLE.c.due_at <= sa.bindparam("now"), *extra)
    look_at = sa.bindparam("look_at_urgent" if is_emergency else "look_at", type_=sa.Integer)
    due = due.order_by(_TABLE.c.due_at, _TABLE.c.id).limit(look_at)
    return sa.select(due.subquery())


def _narrowed(tx: Transaction, room: Room) -> _Conditions:
    """Return what leaves out what lanes remember to be closed or sick, and other posts where only one is wanted."""
    narrowed = [sa.or_(_passes_always(), sa.not_(_stays(tx, room)))] if room.closed or room.is_shut else []
    asked = [_TABLE.c.post_id == room.only_post] if room.only_post is not None else []
    return (*narrowed, *asked)


def _passes_always() -> sa.ColumnElement[bool]:
    takes_back = _TABLE.c.kind.in_([DeliveryKind.DELETE, DeliveryKind.UNDO_REPOST])
    return sa.or_(_TABLE.c.is_emergency.is_(True), takes_back)


def _stays(tx: Transaction, room: Room) -> sa.ColumnElement[bool]:
    """Say what is left where it is. What would be too late by then is taken, so that a person is asked in time.

    What a person wants late is left too where nobody knows when the account is mended: it goes at once when it is.
    """
    keeps = _TABLE.c.latest_at.is_(None)
    stays = [
        sa.and_(_TABLE.c.city == city, _TABLE.c.account == account, sa.or_(keeps, _TABLE.c.latest_at >= until))
        for (city, account), until in sorted(room.closed.items())
    ]
    stays += [
        sa.and_(_TABLE.c.city == city, _TABLE.c.account == account, _is_wanted_late())
        for city, account in sorted(room.in_repair)
    ]
    return sa.or_(*stays, *([sa.or_(keeps, _TABLE.c.latest_at >= tx.now)] if room.is_shut else []))


def _is_wanted_late() -> sa.ColumnElement[bool]:
    """Say for which of them a person has waived the latest useful time (in JSON the word stands in quotes)."""
    waived = sa.func.coalesce(sa.cast(_TABLE.c.waived, sa.Text), "")
    return waived.contains(f'"{Objection.LATE}"', autoescape=True)


def _take(tx: Transaction, free: Sequence[Delivery], *, owner: str, lease_seconds: float) -> Sequence[Delivery]:
    until = tx.lease_now() + timedelta(seconds=lease_seconds)
    lease = {"state_at": tx.now, "lease_owner": owner, "lease_until": until}
    taken = [
        one.changed(
            {**lease, "state": next_state(one.state, DeliveryEvent.CLAIMED), "lease_token": str(uuid4())},
        )
        for one in free
    ]
    written = ("state", "state_at", "lease_owner", "lease_token", "lease_until")
    rows = [
        {"was_id": was.id, "was_state": str(was.state), **one.as_columns(written)}
        for was, one in zip(free, taken, strict=True)
    ]
    if bulk.update(tx, _TABLE, rows) != len(rows):  # they are locked: never a shrug
        raise LeaseLostError("a delivery that was free is not free any more")
    for was, one in zip(free, taken, strict=True):
        moved = aftermath.Moved(before=was, after=one, event=DeliveryEvent.CLAIMED, who="ledger")
        aftermath.of_event(tx, moved, facts={"owner": owner})
    return taken


def renew(tx: Transaction, tokens: Collection[str], *, lease_seconds: float) -> int:
    """Prolong the leases with these tokens; return how many were.

    What others have locked is left to the next time: whoever stands still with one delivery must not end all leases.
    """
    if not tokens:
        return 0
    held = sa.select(_TABLE.c.id).where(
        _TABLE.c.state == DeliveryState.LEASED, _TABLE.c.lease_token.in_(sorted(tokens))
    )
    ids = tx.execute(held.with_for_update(skip_locked=True, key_share=True)).scalars().all()
    until = tx.lease_now() + timedelta(seconds=lease_seconds)
    tx.execute(sa.update(_TABLE).where(_TABLE.c.id.in_(ids)).values(lease_until=until))
    return len(ids)


def lapsed(tx: Transaction, *, limit: int) -> Sequence[Delivery]:
    """Return deliveries whose lease has ended, emergencies first: their worker died or stood still."""
    rows = tx.execute(
        sa.select(_TABLE)
        .where(_TABLE.c.state == DeliveryState.LEASED, _TABLE.c.lease_until < tx.lease_now())
        .order_by(_TABLE.c.is_emergency.desc(), _TABLE.c.lease_until)
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
    """A delivery can be sent now."""
    is_emergency_due: bool
    """An emergency delivery can be sent now."""
    is_look_due: bool
    """It can be looked now what became of something."""
    next_at: datetime | None
    """When the next thing falls due after that."""


def look_ahead(tx: Transaction, platform: str) -> Prospect:
    """Return what is due on a platform, and when the next thing will be: the heads of its queues, each by an index."""
    clear = marks.may_go(tx)
    row = tx.execute(_heads(clear) if clear else _heads_of_all(), {"platform": platform, "now": tx.now}).one()
    count = len(row) // 2
    is_due = [at is not None and at <= tx.now for at in row[:count]]
    ahead = [at for at in row[count:] if at is not None]
    return Prospect(
        is_due=any(is_due[:2]),
        is_emergency_due=is_due[0],
        is_look_due=any(is_due[2:]),
        next_at=min(ahead, default=None),
    )


def _heads(clear: _Conditions) -> sa.Select[Any]:
    """Return the query for the first of each queue, emergencies first, and for the first that is not due yet."""
    queues: list[_Conditions] = [
        (_TABLE.c.is_emergency.is_(is_emergency), _IS_CLAIMABLE, *clear) for is_emergency in (True, False)
    ]
    queues += [(_TABLE.c.state == state,) for state in _TO_LOOK_AT]
    ahead = _TABLE.c.due_at > sa.bindparam("now")
    heads: list[sa.ColumnElement[Any]] = [_head(queue) for queue in queues]
    return sa.select(*heads, *(_head((*queue, ahead)) for queue in queues))


@cache
def _heads_of_all() -> sa.Select[Any]:
    """Return the query where nothing is left out: it is asked again and again, so it is built once."""
    return _heads(())


def _head(conditions: _Conditions) -> sa.ScalarSelect[datetime]:
    query = sa.select(_TABLE.c.due_at).where(_TABLE.c.platform == sa.bindparam("platform"), *conditions)
    return query.order_by(_TABLE.c.due_at).limit(1).scalar_subquery()
