"""What is known of the kept files, and the random token of each one's public address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.store import inserts, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from publisher.store.engine import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMedia:
    """A file of a city."""

    city: str
    sha256: str
    token: str
    kind: str
    mime: str
    extension: str
    name: str
    size_bytes: int
    width_px: int
    height_px: int
    duration_ms: int | None

    @property
    def file_name(self) -> str:
        """The last part of its public address."""
        return f"{self.sha256}.{self.extension}"


def put(tx: Transaction, media: StoredMedia) -> StoredMedia:
    """Store what is known of a file and return it; what was known of the same file before stays, its token too."""
    inserts.insert_missing(tx, tables.media, {name: getattr(media, name) for name in _names()} | {"added_at": tx.now})
    return of_city(tx, media.city, [media.sha256])[media.sha256]


def of_city(tx: Transaction, city: str, hashes: Collection[str]) -> Mapping[str, StoredMedia]:
    """Return a city's files among *hashes*, by hash."""
    condition = sa.and_(tables.media.c.city == city, tables.media.c.sha256.in_(list(hashes)))
    return {media.sha256: media for media in _select(tx, condition)} if hashes else {}


def by_hash(tx: Transaction, sha256: str) -> Sequence[StoredMedia]:
    """Return a file as every city has it that has it."""
    return _select(tx, tables.media.c.sha256 == sha256)


def _select(tx: Transaction, condition: sa.ColumnElement[bool]) -> Sequence[StoredMedia]:
    columns = [tables.media.c[name] for name in _names()]
    rows = tx.execute(sa.select(*columns).where(condition))
    return [StoredMedia(**row._mapping) for row in rows]  # noqa: SLF001 - the documented way to columns by name


def _names() -> Sequence[str]:
    return list(StoredMedia.__dataclass_fields__)
