"""The workers' beats: who is there to send."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.store import inserts, tables

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.store.engine import Transaction


def beat(tx: Transaction, worker: str) -> None:
    """Say that *worker* is alive."""
    now = tx.lease_now()
    if not inserts.insert_missing(tx, tables.workers, {"id": worker, "started_at": now, "beat_at": now}):
        tx.execute(sa.update(tables.workers).where(tables.workers.c.id == worker).values(beat_at=now))


def leave(tx: Transaction, worker: str) -> None:
    """Say that *worker* stopped in good order."""
    tx.execute(sa.delete(tables.workers).where(tables.workers.c.id == worker))


def last_beat(tx: Transaction) -> datetime | None:
    """Return when any worker last beat, by the leases' clock, or None where none is there."""
    beat_at: datetime | None = tx.execute(sa.select(sa.func.max(tables.workers.c.beat_at))).scalar_one()
    return beat_at


def is_beating(tx: Transaction, *, within_seconds: float) -> bool:
    """Return whether a worker beat in the last *within_seconds*."""
    beat_at = last_beat(tx)
    return beat_at is not None and tx.lease_now() - beat_at <= timedelta(seconds=within_seconds)
