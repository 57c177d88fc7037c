"""Ticks: each period of a recurring check is taken by one process at most.

Periods are counted by `Transaction.lease_now`, the one clock that all processes of a database have in common. A tick is
committed before the check begins, so that whoever dies in the middle blocks nobody: the next period is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.store import inserts
from publisher.store.machine_tables import ticks

if TYPE_CHECKING:
    from publisher.store.engine import Transaction

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What came of reaching for a period."""

    is_mine: bool
    """Whoever asked has this period, and nobody else does."""
    next_in_seconds: float
    """When the next period begins."""


def take(tx: Transaction, name: str, *, seconds: float, by: str) -> Tick:
    """Take the current period of the check *name*, for the process *by*, unless somebody has it.

    A clock that was set back by more than a period does not block the check until it has caught up.
    """
    inserts.insert_missing(tx, ticks, {"name": name, "period": _NEVER, "taken_at": tx.lease_now(), "taken_by": by})
    # The clock is read under the row's lock: whoever waited for it would else come with a time gone by.
    taken = tx.execute(sa.select(ticks.c.period).where(ticks.c.name == name).with_for_update()).scalar_one()
    now, length = tx.lease_now(), timedelta(seconds=seconds)
    period, elapsed = divmod(now - _EPOCH, length)
    is_mine = taken < period or taken > period + 1
    if is_mine:
        tx.execute(sa.update(ticks).where(ticks.c.name == name).values(period=period, taken_at=now, taken_by=by))
    return Tick(is_mine=is_mine, next_in_seconds=(length - elapsed).total_seconds())
