"""The whitelist's rows. A row is never deleted: what was removed keeps who removed it, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa

from publisher.store import inserts, rule_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from publisher.store.engine import Transaction

_TABLE = rule_tables.whitelist


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, in force or removed."""

    id: str
    city: str
    platform: str
    handle: str
    name: str
    relation: str
    evidence: str
    is_verified_official: bool
    aligned_policy: str
    added_by: str
    added_at: datetime
    review_on: date | None
    removed_by: str | None
    removed_at: datetime | None
    removal_reason: str

    @classmethod
    def from_row(cls, row: sa.Row[Any]) -> Self:
        """Return the entry that a row holds."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    @property
    def is_live(self) -> bool:
        """True until it is removed."""
        return self.removed_at is None


def add(tx: Transaction, entry: Entry) -> bool:
    """Insert an entry and return True, or return False where one of this account is in force."""
    row = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return inserts.insert_missing(tx, _TABLE, row)


def remove(tx: Transaction, entry_id: str, *, who: str, reason: str) -> bool:
    """End an entry and return True, or return False where it was ended before."""
    done = tx.execute(
        sa.update(_TABLE)
        .where(_TABLE.c.id == entry_id, _TABLE.c.removed_at.is_(None))
        .values(removed_by=who, removed_at=tx.now, removal_reason=reason)
    )
    return done.rowcount == 1


def newest(tx: Transaction, city: str, platform: str, handle: str, *, at: datetime) -> Entry | None:
    """Return the newest entry of an account that had been added at an instant, or None."""
    query = _of(city, platform, handle).where(_TABLE.c.added_at <= at)
    row = tx.execute(query.order_by(_TABLE.c.added_at.desc(), _TABLE.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Entry.from_row(row)


def of_account(tx: Transaction, city: str, platform: str, handle: str) -> Sequence[Entry]:
    """Return every entry of an account, oldest first."""
    return _read(tx, _of(city, platform, handle).order_by(_TABLE.c.added_at, _TABLE.c.id))


def live(tx: Transaction, city: str) -> Sequence[Entry]:
    """Return the entries in force."""
    query = sa.select(_TABLE).where(_TABLE.c.city == city, _TABLE.c.removed_at.is_(None))
    return _read(tx, query.order_by(_TABLE.c.platform, _TABLE.c.handle))


def to_review(tx: Transaction, city: str, day: date, *, is_locked: bool = False) -> Sequence[Entry]:
    """Return the entries in force whose day of review is before *day* and of which nobody was told."""
    query = sa.select(_TABLE).where(_TABLE.c.city == city, _TABLE.c.removed_at.is_(None))
    query = query.where(_TABLE.c.review_on < day, _TABLE.c.review_told_at.is_(None))
    query = query.order_by(_TABLE.c.review_on, _TABLE.c.handle)
    return _read(tx, query.with_for_update() if is_locked else query)


def mark_told(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Keep that somebody was told of their reviews."""
    ids = [entry.id for entry in entries]
    tx.execute(sa.update(_TABLE).where(_TABLE.c.id.in_(ids)).values(review_told_at=tx.now))


def _of(city: str, platform: str, handle: str) -> sa.Select[Any]:
    return sa.select(_TABLE).where(_TABLE.c.city == city, _TABLE.c.platform == platform, _TABLE.c.handle == handle)


def _read(tx: Transaction, query: sa.Select[Any]) -> Sequence[Entry]:
    return [Entry.from_row(row) for row in tx.execute(query)]
