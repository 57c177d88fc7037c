"""The ledger's mark: which ledger this is, its generation, and whether it is held because it may be a copy.

While it is held nothing goes out that the copy held already, until it was looked for on the platform.
Why: docs/decisions/0013.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import sqlalchemy as sa

from platforms.port import LOST
from publisher.delivery import CLAIMABLE, FINAL, DeliveryKind, DeliveryState
from publisher.store import guard_tables, inserts, tables
from publisher.store.delivery_record import Delivery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_MARKS: Final = guard_tables.ledger_marks
_DELIVERIES: Final = tables.deliveries
_ONE: Final = 1
_KEEPS_ITS_TOKEN: Final = frozenset({*FINAL, DeliveryState.PROCESSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The one row."""

    ledger: str
    """A random id, made once."""
    generation: int
    """Moved on at every start and every few seconds."""
    moved_at: datetime
    """When it was last moved on; while the ledger is held: when the copy's was."""
    held_since: datetime | None
    held_because: str


def get(tx: Transaction) -> Mark | None:
    """Return the mark, or None where no version that keeps one has started yet."""
    return _read(tx, sa.select(_MARKS).where(_MARKS.c.id == _ONE))


def lock(tx: Transaction) -> Mark | None:
    """Return the mark, locked until the transaction ends."""
    return _read(tx, sa.select(_MARKS).where(_MARKS.c.id == _ONE).with_for_update())


def make(tx: Transaction) -> Mark:
    """Make a mark of generation 0 where there is none, and return the one that is there, locked.

    A new one has moved when the last thing happened that the ledger knows of.
    """
    moved_at = _last_known(tx) or tx.now
    row = {"id": _ONE, "ledger": str(uuid4()), "generation": 0, "moved_at": moved_at, "held_because": ""}
    inserts.insert_missing(tx, _MARKS, row)
    mark = lock(tx)
    if mark is None:
        raise LookupError("the mark that was just made is gone")
    return mark


def move(tx: Transaction, mark: Mark, generation: int) -> None:
    """Move the generation on; while the ledger is held `moved_at` stays what the copy's was."""
    moved_at = tx.now if mark.held_since is None else mark.moved_at
    tx.execute(sa.update(_MARKS).where(_MARKS.c.id == _ONE).values(generation=generation, moved_at=moved_at))


def hold(tx: Transaction, mark: Mark, because: str) -> Mark:
    """Hold everything that is in the ledger now, and return the mark as it is from then on.

    What a call left with `checkpoint` may be older than what the platform has, so it counts as lost.
    """
    since = _after_everything(tx)
    tx.execute(sa.update(_MARKS).where(_MARKS.c.id == _ONE).values(held_since=since, held_because=because))
    tx.execute(
        sa.update(_DELIVERIES)
        .where(_DELIVERIES.c.kind == DeliveryKind.PUBLISH, _DELIVERIES.c.state.not_in(sorted(_KEEPS_ITS_TOKEN)))
        .values(resume=LOST)
    )
    return replace(mark, held_since=since, held_because=because)


def release(tx: Transaction) -> None:
    """End the hold."""
    tx.execute(sa.update(_MARKS).where(_MARKS.c.id == _ONE).values(held_since=None, held_because="", moved_at=tx.now))


def may_go(tx: Transaction) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what a delivery must fulfil beside being due: nothing, unless the ledger is held."""
    mark = get(tx)
    return () if mark is None or mark.held_since is None else (_is_clear(mark.held_since),)


def not_clear(tx: Transaction, since: datetime, *, due_until: datetime, limit: int) -> Sequence[Delivery]:
    """Return deliveries in the copy that would go out if it were not held: due, or made due since, and not looked for.

    Args:
        tx: The transaction.
        since: Since when it is held.
        due_until: Those that fall due later are left out, unless they came up only since the hold.
        limit: How many at most.
    """
    rows = tx.execute(
        sa.select(_DELIVERIES)
        .where(*_waits(since), _DELIVERIES.c.due_at <= tx.now)
        .where(sa.or_(_DELIVERIES.c.due_at <= due_until, _DELIVERIES.c.state_at > since))
        .order_by(_DELIVERIES.c.is_emergency.desc(), _DELIVERIES.c.due_at, _DELIVERIES.c.id)
        .limit(limit)
    )
    return [Delivery.from_row(row) for row in rows]


def past_use(tx: Transaction, since: datetime, *, limit: int) -> Sequence[Delivery]:
    """Return deliveries that the hold keeps and whose latest useful time has passed meanwhile."""
    rows = tx.execute(
        sa.select(_DELIVERIES).where(*_waits(since), _DELIVERIES.c.latest_at < tx.now).order_by("due_at").limit(limit)
    )
    return [one for one in map(Delivery.from_row, rows) if one.is_late(tx.now)]


def count_waiting(tx: Transaction, since: datetime) -> int:
    """Return how many deliveries the hold keeps, those of later days included."""
    return int(tx.execute(sa.select(sa.func.count()).select_from(_DELIVERIES).where(*_waits(since))).scalar_one())


def count_in(tx: Transaction, state: DeliveryState) -> int:
    """Return how many deliveries are in a state."""
    query = sa.select(sa.func.count()).select_from(_DELIVERIES).where(_DELIVERIES.c.state == state)
    return int(tx.execute(query).scalar_one())


def has_history(tx: Transaction) -> bool:
    """Return whether there is anything in the ledger that could go out twice."""
    return tx.execute(sa.select(tables.posts.c.id).limit(1)).first() is not None


def _waits(since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return _DELIVERIES.c.state.in_(sorted(CLAIMABLE)), sa.not_(_is_clear(since))


def _is_clear(since: datetime) -> sa.ColumnElement[bool]:
    """Say of which deliveries the copy's past doesn't matter.

    Those of a text written since; deletions ordered since, which may be repeated freely; and those that were looked
    for since: an attempt stands for what the lost days may have sent.
    """
    versions, attempts = tables.versions, tables.attempts
    is_new = sa.exists().where(versions.c.id == _DELIVERIES.c.version_id, versions.c.created_at > since)
    was_tried = sa.exists().where(attempts.c.delivery_id == _DELIVERIES.c.id, attempts.c.opened_at >= since)
    removes = sa.and_(
        _DELIVERIES.c.kind.in_([DeliveryKind.DELETE, DeliveryKind.UNDO_REPOST]), _DELIVERIES.c.created_at > since
    )
    return sa.or_(is_new, was_tried, removes)


def _after_everything(tx: Transaction) -> datetime:
    """Return an instant that is later than all that is in the ledger, also where the clock was set back."""
    last = _last_known(tx)
    return tx.now if last is None else max(tx.now, last + timedelta(microseconds=1))


def _last_known(tx: Transaction) -> datetime | None:
    columns = (tables.versions.c.created_at, tables.attempts.c.opened_at, _DELIVERIES.c.state_at)
    found = [tx.execute(sa.select(sa.func.max(column))).scalar_one() for column in columns]
    return max((at for at in found if at is not None), default=None)


def _read(tx: Transaction, query: sa.Select[tuple[object, ...]]) -> Mark | None:
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    return Mark(
        ledger=row.ledger,
        generation=row.generation,
        moved_at=row.moved_at,
        held_since=row.held_since,
        held_because=row.held_because,
    )
