"""The texts of a city's packs: what holds, what is proposed, who decided; rows are never deleted or rewritten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self

import sqlalchemy as sa

from publisher.errors import NotFoundError
from publisher.store import bulk, inserts, tables
from publisher.store.rule_tables import pack_changes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from publisher.store.engine import Transaction

SYSTEM: Final = "system"
"""Who took the first text of a pack over from its file."""
CONFIRMED: Final = "confirmed"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A confirmed text of a pack, without the text."""

    number: int
    pack: str
    sha256: str
    in_force_on: date | None
    """施行日; None: the first text, which has always held."""
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PackChange:
    """A proposal and what became of it, without the text."""

    city: str
    number: int
    """Counted in each city, from 1."""
    pack: str
    sha256: str
    in_force_on: date | None
    reason: str
    proposed_by: str
    proposed_at: datetime
    base_sha256: str | None
    """The text that it was compared with: the one in force on its 施行日 at the time of the proposal."""
    replay: Mapping[str, Any] | None
    decision: str | None
    """`confirmed`, `refused`, or None while it is open."""
    decided_by: str | None
    decided_at: datetime | None
    seen_sha256: str | None
    """The digest of the replay that lay before whoever confirmed it."""
    note: str

    @classmethod
    def from_row(cls, row: Any) -> Self:  # noqa: ANN401 - rows are untyped
        """Return the record of a row without its text."""
        return cls(**row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name


_COLUMNS: Final = [pack_changes.c[name] for name in PackChange.__dataclass_fields__]
_OF_EDITION: Final = [pack_changes.c[name] for name in Edition.__dataclass_fields__]


def digest_of(text: str) -> str:
    """Return the hash by which a text is known."""
    return hashlib.sha256(text.encode()).hexdigest()


def add_first(tx: Transaction, *, city: str, pack: str, text: str) -> bool:
    """Store a pack's first text, confirmed and always in force, and return True; False where it has one already."""
    _lock_city(tx, city)
    first = sa.select(pack_changes.c.id).where(pack_changes.c.city == city, pack_changes.c.pack == pack).limit(1)
    if tx.execute(first).first() is not None:
        return False
    decided = {"decision": CONFIRMED, "decided_by": SYSTEM, "decided_at": tx.now}
    _insert(tx, city=city, pack=pack, text=text, in_force_on=None, reason="", proposed_by=SYSTEM, **decided)
    return True


def add(
    tx: Transaction,
    *,
    city: str,
    pack: str,
    text: str,
    in_force_on: date,
    reason: str,
    proposed_by: str,
    base_sha256: str | None,
    replay: Mapping[str, Any],
) -> PackChange:
    """Store a proposal under the city's next number."""
    _lock_city(tx, city)
    about = {"reason": reason, "base_sha256": base_sha256, "replay": dict(replay)}
    number = _insert(tx, city=city, pack=pack, text=text, in_force_on=in_force_on, proposed_by=proposed_by, **about)
    return get(tx, city, number)


def _insert(tx: Transaction, *, city: str, text: str, **values: Any) -> int:
    newest = sa.select(sa.func.coalesce(sa.func.max(pack_changes.c.number), 0)).where(pack_changes.c.city == city)
    number = int(tx.execute(newest).scalar_one()) + 1
    row = {"id": tx.new_id(), "city": city, "number": number, "sha256": digest_of(text), "text": text}
    tx.execute(sa.insert(pack_changes).values(**row, proposed_at=tx.now, **values))
    return number


def get(tx: Transaction, city: str, number: int) -> PackChange:
    """Return a change.

    Raises:
        NotFoundError: The city has none of this number.
    """
    return _one(tx, sa.select(*_COLUMNS).where(*_is(city, number)))


def lock(tx: Transaction, city: str, number: int) -> PackChange:
    """Return a change; until the transaction ends nobody else decides on one of this city.

    Raises:
        NotFoundError: The city has none of this number.
    """
    _lock_city(tx, city)
    return get(tx, city, number)


def decide(
    tx: Transaction, change: PackChange, *, decision: str, who: str, note: str, seen_sha256: str | None = None
) -> PackChange:
    """Write the decision on a locked proposal that is open.

    Raises:
        NotFoundError: It is not open any more.
        sqlalchemy.exc.IntegrityError: Whoever proposed it decides on it, or confirms it without its replay.
    """
    values = {"decision": decision, "decided_by": who, "decided_at": tx.now, "note": note, "seen_sha256": seen_sha256}
    is_open = (*_is(change.city, change.number), pack_changes.c.decision.is_(None))
    if tx.execute(sa.update(pack_changes).where(*is_open).values(**values)).rowcount != 1:
        raise NotFoundError(f"change {change.number} is not open any more")
    return get(tx, change.city, change.number)


def of_city(tx: Transaction, city: str) -> Sequence[PackChange]:
    """Return a city's changes, newest first; the first texts, which nobody proposed, are left out."""
    query = sa.select(*_COLUMNS).where(pack_changes.c.city == city, pack_changes.c.proposed_by != SYSTEM)
    return [PackChange.from_row(row) for row in tx.execute(query.order_by(pack_changes.c.number.desc()))]


def editions(tx: Transaction, city: str, pack: str) -> Sequence[Edition]:
    """Return a pack's confirmed texts, by number."""
    return editions_of(tx, [city]).get((city, pack), [])


def editions_of(tx: Transaction, cities: Collection[str]) -> Mapping[tuple[str, str], Sequence[Edition]]:
    """Return the confirmed texts of all packs of cities, by city and pack; each pack's by number."""
    found: dict[tuple[str, str], list[Edition]] = {}
    for row in tx.execute(_confirmed(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, cities)):
        values = dict(row._mapping)  # noqa: SLF001 - as above
        city, edition = values.pop("city"), Edition(**values)
        found.setdefault((city, edition.pack), []).append(edition)
    return found


@cache
def _confirmed(*, is_sqlite: bool) -> sa.Select[Any]:
    query = sa.select(pack_changes.c.city, *_OF_EDITION).where(pack_changes.c.decision == CONFIRMED)
    return query.where(bulk.is_among(pack_changes.c.city, is_sqlite=is_sqlite)).order_by(pack_changes.c.number)


def text_of(tx: Transaction, city: str, sha256: str) -> str:
    """Return a stored text by its hash.

    Raises:
        NotFoundError: The city has none of this hash.
    """
    query = sa.select(pack_changes.c.text).where(pack_changes.c.city == city, pack_changes.c.sha256 == sha256)
    text = tx.execute(query.limit(1)).scalar_one_or_none()
    if text is None:
        raise NotFoundError(f"{city} has no pack with the hash {sha256}")
    return str(text)


def _lock_city(tx: Transaction, city: str) -> None:
    inserts.ensure_city(tx, city)
    here = sa.select(tables.cities.c.city).where(tables.cities.c.city == city)
    tx.execute(here.with_for_update(key_share=True))


def _one(tx: Transaction, query: sa.Select[Any]) -> PackChange:
    row = tx.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("there is no such change")
    return PackChange.from_row(row)


def _is(city: str, number: int) -> tuple[sa.ColumnElement[bool], ...]:
    return pack_changes.c.city == city, pack_changes.c.number == number
