"""Many posts at once: what a list shows of them, in a few queries however many they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import tables
from publisher.store.delivery_record import Delivery
from publisher.store.post_records import Line, Post, Version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from publisher.store.engine import Transaction

_BATCH: Final = 500
"""How many keys one query names: far below what either engine takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A post with its newest version."""

    post: Post
    version: Version
    lines: Sequence[Line]
    deliveries: Sequence[Delivery]
    """Of the newest version alone."""


def of_posts(tx: Transaction, posts: Sequence[Post]) -> Sequence[Overview]:
    """Return what belongs to *posts*, in their order."""
    newest = {post.id: post.version for post in posts}
    rows = _select(tx, tables.versions, tables.versions.c.post_id, newest)
    versions = {row.post_id: Version.from_row(row) for row in rows if row.version == newest[row.post_id]}
    ids = [version.id for version in versions.values()]
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in _select(tx, tables.lines, tables.lines.c.version_id, ids):
        lines[row.version_id].append(Line.from_row(row))
    made: dict[str, list[Delivery]] = defaultdict(list)
    for row in _select(tx, tables.deliveries, tables.deliveries.c.version_id, ids):
        made[row.version_id].append(Delivery.from_row(row))
    return [
        Overview(
            post=post,
            version=version,
            lines=sorted(lines[version.id], key=lambda line: line.position),
            deliveries=made[version.id],
        )
        for post in posts
        for version in (versions[post.id],)
    ]


def _select(tx: Transaction, table: sa.Table, column: sa.Column[Any], keys: Collection[str]) -> Iterator[sa.Row[Any]]:
    wanted = sorted(keys)
    for start in range(0, len(wanted), _BATCH):
        yield from tx.execute(sa.select(table).where(column.in_(wanted[start : start + _BATCH])))
