"""What was written and approved, read for many deliveries in as many statements as for one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.post import PostState
from publisher.store import bulk, guard_tables, tables
from publisher.store.delivery_record import Delivery
from publisher.store.media import StoredMedia
from publisher.store.post_records import Approval, Post, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from publisher.store.engine import Transaction

_OF_POST: Final = tuple(Post.__dataclass_fields__)
_OF_VERSION: Final = tuple(Version.__dataclass_fields__)
_OF_LINE: Final = ("id", "version_id", "account", "seal")
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
    is_correction: bool
    """The post puts another one right."""
    source: Delivery | None
    """What it reposts."""
    files: Mapping[str, StoredMedia]
    """What is known of the version's files, by hash; one that is gone is not there."""
    approvals: Sequence[Approval] = ()
    """Of the delivery's own account alone, oldest first; only for judging."""


def read(tx: Transaction, deliveries: Iterable[Delivery], *, is_for_judging: bool = True) -> Mapping[str, Papers]:
    """Return the papers of deliveries, by their ids; one whose version is gone is left out.

    What is sent can be planned without what is only *for judging*.
    """
    wanted = list(deliveries)
    version_ids = {one.version_id for one in wanted}
    written: dict[str, tuple[Post, Version, bool]] = {}
    for row in _rows(tx, _written, version_ids):
        of_post = dict(zip(_OF_POST, row, strict=False))
        of_post["state"] = PostState(of_post["state"])
        version = Version(**dict(zip(_OF_VERSION, row[len(_OF_POST) :], strict=False)))
        written[version.id] = (Post(**of_post), version, row[-1])
    lines: dict[str, dict[str, tuple[str, str | None]]] = defaultdict(dict)
    given: dict[str, list[Approval]] = defaultdict(list)
    for row in _rows(tx, _decided if is_for_judging else _lines, version_ids):
        lines[row.version_id][row.account] = row.id, row.seal
        if is_for_judging and row.line_id is not None:
            given[row.id].append(Approval(**dict(zip(_OF_APPROVAL, row[len(_OF_LINE) :], strict=True))))
    sources = {row.id: Delivery.from_row(row) for row in _rows(tx, _deliveries, _sources_of(wanted))}
    files = _files(tx, [version for _, version, _ in written.values()])
    found = {}
    for one in wanted:
        if one.version_id not in written:
            continue
        post, version, is_correction = written[one.version_id]
        line_id, sealed = lines[one.version_id].get(one.account, ("", None))
        found[one.id] = Papers(
            post=post,
            version=version,
            accounts=tuple(lines[one.version_id]),
            seal=sealed,
            source=None if one.source_id is None else sources.get(one.source_id),
            files=files[one.city],
            approvals=given.get(line_id, ()),
            is_correction=is_correction,
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
def _written(*, is_sqlite: bool) -> sa.Select[Any]:
    posts, versions, corrections = tables.posts, tables.versions, guard_tables.corrections
    columns = [posts.c[name].label(f"post_{name}") for name in _OF_POST]
    columns += [versions.c[name].label(f"version_{name}") for name in _OF_VERSION]
    is_correction = sa.exists().where(corrections.c.by_post_id == posts.c.id).label("is_correction")
    query = sa.select(*columns, is_correction).join_from(versions, posts, posts.c.id == versions.c.post_id)
    return query.where(bulk.is_among(versions.c.id, is_sqlite=is_sqlite))


@cache
def _lines(*, is_sqlite: bool) -> sa.Select[Any]:
    table = tables.lines
    query = sa.select(*(table.c[name] for name in _OF_LINE))
    return query.where(bulk.is_among(table.c.version_id, is_sqlite=is_sqlite)).order_by(table.c.position)


@cache
def _decided(*, is_sqlite: bool) -> sa.Select[Any]:
    """Return the query for lines, each as often as somebody decided on it, and once where nobody did."""
    table, lines = tables.approvals, tables.lines
    query = _lines(is_sqlite=is_sqlite).add_columns(*(table.c[name] for name in _OF_APPROVAL))
    query = query.join_from(lines, table, table.c.line_id == lines.c.id, isouter=True)
    return query.order_by(table.c.decided_at, table.c.id)


@cache
def _deliveries(*, is_sqlite: bool) -> sa.Select[Any]:
    return sa.select(tables.deliveries).where(bulk.is_among(tables.deliveries.c.id, is_sqlite=is_sqlite))


@cache
def _media(*, is_sqlite: bool) -> sa.Select[Any]:
    table = tables.media
    query = sa.select(*(table.c[name] for name in _OF_MEDIA))
    query = query.where(bulk.is_among(table.c.city, is_sqlite=is_sqlite, name=_CITIES))
    return query.where(bulk.is_among(table.c.sha256, is_sqlite=is_sqlite))
