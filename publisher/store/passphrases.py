"""The pass phrases of people outside Slack: what was made of them, and how often somebody failed. No phrase is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.store import inserts, rule_tables

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE = rule_tables.passphrases


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassphrase:
    """One person's row."""

    hash: str
    """In the form of `publisher.passphrases`."""
    failures: int
    """Since the last success or the last lock."""
    locked_until: datetime | None


def get(tx: Transaction, city: str, person: str) -> StoredPassphrase | None:
    """Return what is kept of a person's pass phrase, or None."""
    return _read(tx, _row(city, person))


def lock(tx: Transaction, city: str, person: str) -> StoredPassphrase | None:
    """Return the same, locked until the transaction ends: tries at the same moment are counted one after the other."""
    return _read(tx, _row(city, person).with_for_update())


def put(tx: Transaction, city: str, person: str, hashed: str, *, who: str) -> None:
    """Store a pass phrase in place of what was there, without failures and without a lock."""
    row = {"hash": hashed, "set_by": who, "set_at": tx.now, "failures": 0, "locked_until": None}
    if not inserts.insert_missing(tx, _TABLE, {"city": city, "person": person, **row}):
        tx.execute(sa.update(_TABLE).where(*_is(city, person)).values(**row))


def count(tx: Transaction, city: str, person: str, *, failures: int, locked_until: datetime | None) -> None:
    """Keep how often somebody failed, and until when no try is taken."""
    tx.execute(sa.update(_TABLE).where(*_is(city, person)).values(failures=failures, locked_until=locked_until))


def _row(city: str, person: str) -> sa.Select[tuple[str, int, datetime | None]]:
    return sa.select(_TABLE.c.hash, _TABLE.c.failures, _TABLE.c.locked_until).where(*_is(city, person))


def _read(tx: Transaction, query: sa.Select[tuple[str, int, datetime | None]]) -> StoredPassphrase | None:
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    return StoredPassphrase(hash=row.hash, failures=row.failures, locked_until=row.locked_until)


def _is(city: str, person: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _TABLE.c.city == city, _TABLE.c.person == person
