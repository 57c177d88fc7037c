"""The platforms' breakers, as all workers know them. Like the lanes' memory it is advice, not the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.store import inserts, lane_tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE: Final = lane_tables.lane_breakers


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What the last calls to a platform say of its health."""

    platform: str
    failures: int = 0
    """How many calls in a row say that it is unreachable or sick."""
    failed: tuple[str, ...] = ()
    """Of which deliveries those were; the first few."""
    rounds: int = 0
    """How many times in a row it was opened."""
    code: str = ""
    """What the last failure was."""
    changed_at: datetime | None = None
    open_until: datetime | None = None
    """Open: no routine delivery goes before this; then one goes as a probe. None: closed."""
    probe_until: datetime | None = None
    """A probe is under way; without a word from it the next one goes after this."""

    @property
    def is_clean(self) -> bool:
        """True where nothing is remembered against the platform."""
        return self.failures == 0 and self.open_until is None


def read(tx: Transaction) -> Mapping[str, Breaker]:
    """Return the breakers of all platforms against which something is remembered."""
    found = (_from_row(row) for row in tx.execute(sa.select(_TABLE)))
    return {one.platform: one for one in found if not one.is_clean}


def lock(tx: Transaction, platform: str) -> Breaker:
    """Return a platform's breaker, locked until the transaction ends. No other lock may be taken after it."""
    row = {"platform": platform, "failures": 0, "failed": [], "rounds": 0, "code": "", "changed_at": tx.now}
    inserts.insert_missing(tx, _TABLE, row)
    return _from_row(tx.execute(sa.select(_TABLE).where(_TABLE.c.platform == platform).with_for_update()).one())


def write(tx: Transaction, breaker: Breaker) -> None:
    """Write a locked breaker."""
    values = {name: getattr(breaker, name) for name in ("failures", "rounds", "code", "open_until", "probe_until")}
    values |= {"failed": list(breaker.failed), "changed_at": tx.now}
    tx.execute(sa.update(_TABLE).where(_TABLE.c.platform == breaker.platform).values(**values))


def _from_row(row: sa.Row[tuple[object, ...]]) -> Breaker:
    return Breaker(
        platform=row.platform,
        failures=row.failures,
        failed=tuple(row.failed),
        rounds=row.rounds,
        code=row.code,
        changed_at=row.changed_at,
        open_until=row.open_until,
        probe_until=row.probe_until,
    )
