"""What was written and approved, read for many deliveries in as many statements as for one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import bulk, guard_tables, tables
from publisher.store.delivery_record import Delivery
from publisher.store.media import StoredMedia
from publisher.store.post_records import Approval, Post, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from publisher.store.engine import Transaction

_OF_APPROVAL: Final = tuple(Approval.__dataclass_fields__)
_OF_MEDIA: Final = tuple(StoredMedia.__dataclass_fields__)
_CITIES: Final = "cities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What was written and approved of one delivery."""

    post: Post
    version: Version
    accounts: tuple[str, ...]
    """Every account of the version, in its order."""
    seal: str | None
    """Of the delivery's own account; a repost's has none."""
    source: Delivery | None
    """What it reposts."""
    files: Mapping[str, StoredMedia]
    """What is known of the version's files, by hash; one that is gone is not there."""
    approvals: Sequence[Approval] = ()
    """Of the delivery's own account alone, oldest first; only for judging."""
    is_correction: bool = False
    """The post puts another one right; only for judging."""


def read(tx: Transaction, deliveries: Iterable[Delivery], *, is_for_judging: bool = True) -> Mapping[str, Papers]:
    """Return the papers of deliveries, by their ids; one whose post or version is gone is left out.

    What is sent can be planned without what is only *for judging*.
    """
    wanted = list(deliveries)
    post_ids, version_ids = {one.post_id for one in wanted}, {one.version_id for one in wanted}
    posts = {row.id: Post.from_row(row) for row in _rows(tx, _posts, post_ids)}
    versions = {row.id: Version.from_row(row) for row in _rows(tx, _versions, version_ids)}
    lines: dict[str, dict[str, tuple[str, str | None]]] = defaultdict(dict)
    for row in _rows(tx, _lines, version_ids):
        lines[row.version_id][row.account] = row.id, row.seal
    given: dict[str, list[Approval]] = defaultdict(list)
    correcting: set[str] = set()
    if is_for_judging:
        for row in _rows(tx, _approvals, version_ids):
            given[row.line_id].append(Approval(**row._mapping))  # noqa: SLF001 - the documented way to columns by name
        correcting = {row.by_post_id for row in _rows(tx, _correcting, post_ids)}
    sources = {row.id: Delivery.from_row(row) for row in _rows(tx, _deliveries, _sources_of(wanted))}
    files = _files(tx, versions.values())
    found = {}
    for one in wanted:
        if one.post_id not in posts or one.version_id not in versions:
            continue
        line_id, sealed = lines[one.version_id].get(one.account, ("", None))
        found[one.id] = Papers(
            post=posts[one.post_id],
            version=versions[one.version_id],
            accounts=tuple(lines[one.version_id]),
            seal=sealed,
            source=None if one.source_id is None else sources.get(one.source_id),
            files=files[one.city],
            approvals=given.get(line_id, ()),
            is_correction=one.post_id in correcting,
        )
    return found


def _sources_of(deliveries: Iterable[Delivery]) -> set[str]:
    return {one.source_id for one in deliveries if one.source_id is not None}


def _files(tx: Transaction, versions: Iterable[Version]) -> Mapping[str, Mapping[str, StoredMedia]]:
    """Return what is known of the versions' files, by city and hash."""
    found: dict[str, dict[str, StoredMedia]] = defaultdict(dict)
    wanted = {(one.city, choice["sha256"]) for one in versions for choice in one.media}
    if not wanted:
        return found
    named = bulk.ids(tx, {sha256 for _, sha256 in wanted}) | bulk.ids(tx, {city for city, _ in wanted}, name=_CITIES)
    for row in tx.execute(_media(is_sqlite=bulk.is_sqlite(tx)), named):
        found[row.city][row.sha256] = StoredMedia(**row._mapping)  # noqa: SLF001 - as above
    return found


def _rows(tx: Transaction, query: Any, keys: set[str]) -> Sequence[sa.Row[Any]]:  # noqa: ANN401 - a cached function
    if not keys:
        return ()
    return tx.execute(query(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, keys)).all()


@cache
def _posts(*, is_sqlite: bool) -> sa.Select[Any]:
    return sa.select(tables.posts).where(bulk.is_among(tables.posts.c.id, is_sqlite=is_sqlite))


@cache
def _versions(*, is_sqlite: bool) -> sa.Select[Any]:
    return sa.select(tables.versions).where(bulk.is_among(tables.versions.c.id, is_sqlite=is_sqlite))


@cache
def _lines(*, is_sqlite: bool) -> sa.Select[Any]:
    table = tables.lines
    query = sa.select(table.c.id, table.c.version_id, table.c.account, table.c.seal)
    return query.where(bulk.is_among(table.c.version_id, is_sqlite=is_sqlite)).order_by(table.c.position)


@cache
def _approvals(*, is_sqlite: bool) -> sa.Select[Any]:
    table, lines = tables.approvals, tables.lines
    query = sa.select(*(table.c[name] for name in _OF_APPROVAL)).join(lines, lines.c.id == table.c.line_id)
    query = query.where(bulk.is_among(lines.c.version_id, is_sqlite=is_sqlite))
    return query.order_by(table.c.decided_at, table.c.id)


@cache
def _correcting(*, is_sqlite: bool) -> sa.Select[Any]:
    column = guard_tables.corrections.c.by_post_id
    return sa.select(column).where(bulk.is_among(column, is_sqlite=is_sqlite))


@cache
def _deliveries(*, is_sqlite: bool) -> sa.Select[Any]:
    return sa.select(tables.deliveries).where(bulk.is_among(tables.deliveries.c.id, is_sqlite=is_sqlite))


@cache
def _media(*, is_sqlite: bool) -> sa.Select[Any]:
    table = tables.media
    query = sa.select(*(table.c[name] for name in _OF_MEDIA))
    query = query.where(bulk.is_among(table.c.city, is_sqlite=is_sqlite, name=_CITIES))
    return query.where(bulk.is_among(table.c.sha256, is_sqlite=is_sqlite))
