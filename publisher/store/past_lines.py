"""What accounts said, or were to say, in the past: approved versions and their reposts, read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import FINAL, TAKES_BACK, DeliveryKind, DeliveryState
from publisher.store import tables
from publisher.store.delivery_record import Delivery
from publisher.store.post_records import Approval, Line, Post, Version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_NEVER_OUT: Final = sorted({DeliveryState.CANCELLED, DeliveryState.SUPERSEDED})
_BATCH: Final = 500
"""How many keys one query names: far below what either engine takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """An approved version on one account, or its repost by one."""

    post: Post
    version: Version
    account: str
    accounts: tuple[str, ...]
    """Every account of the version, in its order."""
    delivery: Delivery
    approvals: Sequence[Approval]
    """Of this line alone."""
    source: str | None
    """The account whose post it reposts; None: it is the post itself."""

    @property
    def at(self) -> datetime:
        """When it went out, or was to go out."""
        return self.delivery.sent_at or self.delivery.planned_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A text that an account published."""

    account: str
    platform: str
    post_id: str
    at: datetime
    text: str
    """As it went to this platform: the variant, or the common text."""


def approved(tx: Transaction, city: str, *, since: datetime) -> Sequence[PastLine]:
    """Return the approved lines of a city that went out, or were to go out, since an instant; oldest first.

    What people stopped before it went out, and what an edit or another report replaced, is left out, and so is what
    took a post back.
    """
    table = tables.deliveries
    moment = sa.func.coalesce(table.c.sent_at, table.c.planned_at)
    query = (
        sa.select(table)
        .where(table.c.city == city, moment >= since)
        .where(table.c.state.not_in(_NEVER_OUT), table.c.kind.not_in(sorted(TAKES_BACK)))
        .order_by(moment, table.c.id)
    )
    made = [Delivery.from_row(row) for row in tx.execute(query)]
    posts = {row.id: Post.from_row(row) for row in _in(tx, tables.posts, "id", {one.post_id for one in made})}
    version_ids = {one.version_id for one in made}
    versions = {row.id: Version.from_row(row) for row in _in(tx, tables.versions, "id", version_ids)}
    lines: dict[str, list[Line]] = defaultdict(list)
    for row in _in(tx, tables.lines, "version_id", version_ids):
        lines[row.version_id].append(Line.from_row(row))
    sources = {row.id: row.account for row in _in(tx, table, "id", {one.source_id for one in made if one.source_id})}
    given = _approvals(tx, [line.id for of_version in lines.values() for line in of_version])
    return [
        PastLine(
            post=posts[one.post_id],
            version=versions[one.version_id],
            account=one.account,
            accounts=tuple(line.account for line in sorted(lines[one.version_id], key=lambda line: line.position)),
            delivery=one,
            approvals=[
                approval
                for line in lines[one.version_id]
                if line.account == one.account
                for approval in given.get(line.id, ())
            ],
            source=None if one.source_id is None else sources[one.source_id],
        )
        for one in made
    ]


def published(tx: Transaction, city: str, *, since: datetime) -> Sequence[Utterance]:
    """Return what a city's accounts published since an instant, oldest first."""
    deliveries, versions = tables.deliveries, tables.versions
    query = (
        sa.select(
            deliveries.c.account,
            deliveries.c.platform,
            deliveries.c.post_id,
            deliveries.c.sent_at,
            versions.c.text,
            versions.c.variants,
        )
        .join(versions, versions.c.id == deliveries.c.version_id)
        .where(deliveries.c.city == city, deliveries.c.kind == DeliveryKind.PUBLISH)
        .where(deliveries.c.state == DeliveryState.SENT, deliveries.c.sent_at >= since)
        .order_by(deliveries.c.sent_at, deliveries.c.id)
    )
    return [
        Utterance(
            account=row.account,
            platform=row.platform,
            post_id=row.post_id,
            at=row.sent_at,
            text=row.variants.get(row.platform) or row.text,
        )
        for row in tx.execute(query)
    ]


def unsent(tx: Transaction, city: str) -> Sequence[Delivery]:
    """Return what a city still has to say: deliveries that have not ended and take nothing back, soonest first."""
    table = tables.deliveries
    query = sa.select(table).where(table.c.city == city, table.c.state.not_in(sorted(FINAL)))
    query = query.where(table.c.kind.not_in(sorted(TAKES_BACK)))
    return [Delivery.from_row(row) for row in tx.execute(query.order_by(table.c.due_at, table.c.id))]


def _approvals(tx: Transaction, line_ids: Sequence[str]) -> Mapping[str, Sequence[Approval]]:
    found: dict[str, list[Approval]] = defaultdict(list)
    names = list(Approval.__dataclass_fields__)
    for row in _in(tx, tables.approvals, "line_id", set(line_ids)):
        found[row.line_id].append(Approval(**{name: getattr(row, name) for name in names}))
    return {line: sorted(given, key=lambda one: (one.decided_at, one.step)) for line, given in found.items()}


def _in(tx: Transaction, table: sa.Table, column: str, keys: set[str]) -> Iterator[sa.Row[Any]]:
    wanted = sorted(keys)
    for start in range(0, len(wanted), _BATCH):
        yield from tx.execute(sa.select(table).where(table.c[column].in_(wanted[start : start + _BATCH])))
