"""The workers' beats: who is there to send."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.store import inserts, tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction


AHEAD: Final = timedelta(seconds=5)
"""How far ahead a beat may lie: the database's clock is read at each one, and corrected by little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """A worker that has beaten and did not leave."""

    id: str
    started_at: datetime
    beat_at: datetime
    machine: str
    """Its machine's name; empty where a version before wrote the row."""
    version: str
    seconds_off: int
    """How far its machine's clock is ahead of the database's, where that is too much; else 0."""

    def is_alive(self, now: datetime, *, within_seconds: float) -> bool:
        """Tell whether it beat in the last *within_seconds*, by the leases' clock.

        A beat of the future was made before that clock was set back: it is no sign of life.
        """
        return -AHEAD <= now - self.beat_at <= timedelta(seconds=within_seconds)


def beat(tx: Transaction, worker: str, *, seconds_off: int = 0) -> None:
    """Say that *worker* is alive, and by how much its clock is wrong, if it is."""
    now = tx.lease_now()
    row = {
        "id": worker,
        "started_at": now,
        "beat_at": now,
        "seconds_off": seconds_off,
        "machine": _machine()[:120],
        "version": _version(),
    }
    if not inserts.insert_missing(tx, tables.workers, row):
        tx.execute(
            sa.update(tables.workers).where(tables.workers.c.id == worker).values(beat_at=now, seconds_off=seconds_off)
        )


def leave(tx: Transaction, worker: str) -> None:
    """Say that *worker* stopped in good order."""
    tx.execute(sa.delete(tables.workers).where(tables.workers.c.id == worker))


def listed(tx: Transaction) -> Sequence[WorkerRow]:
    """Return the workers that have beaten and did not leave, the newest beat first."""
    table = tables.workers
    return [
        WorkerRow(
            id=row.id,
            started_at=row.started_at,
            beat_at=row.beat_at,
            machine=row.machine or "",
            version=row.version or "",
            seconds_off=row.seconds_off or 0,
        )
        for row in tx.execute(sa.select(table).order_by(table.c.beat_at.desc(), table.c.id))
    ]


def is_beating(tx: Transaction, *, within_seconds: float) -> bool:
    """Return whether a worker beat in the last *within_seconds*."""
    now = tx.lease_now()
    return any(one.is_alive(now, within_seconds=within_seconds) for one in listed(tx))


@cache
def _machine() -> str:
    return socket.gethostname()


@cache
def _version() -> str:
    try:
        return metadata.version("kairan")
    except metadata.PackageNotFoundError:
        return ""
