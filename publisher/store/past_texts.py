"""What a city's accounts published, and what is approved and still to go out: the earlier posts of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import FINAL, DeliveryKind, DeliveryState
from publisher.store import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_DELIVERIES: Final = tables.deliveries
_VERSIONS: Final = tables.versions
_BATCH: Final = 500
"""How many keys one query names: far below what either engine takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastText:
    """A text on one account: published, or approved and to be published."""

    delivery_id: str
    post_id: str
    account: str
    platform: str
    at: datetime
    """When it went out; of one that did not yet, when it was planned to."""
    is_sent: bool
    text: str
    """As it goes to this platform: the variant, or the common text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened to a city's deliveries since a place in its audit trail."""

    seq: int
    """The place up to which this tells."""
    said: Sequence[PastText]
    """What was published or approved, or changed its time."""
    gone: Collection[str]
    """Deliveries that are no earlier posts any more, if they were any: stopped, failed, or deleted again."""


def _build_query() -> sa.Select[Any]:
    names = ("id", "post_id", "account", "platform", "kind", "state", "source_id", "sent_at", "planned_at")
    columns = [_DELIVERIES.c[name] for name in names]
    deletion = _DELIVERIES.alias("deletion")
    is_deleted = (
        sa.select(deletion.c.id)
        .where(deletion.c.source_id == _DELIVERIES.c.id, deletion.c.kind == DeliveryKind.DELETE)
        .where(deletion.c.state == DeliveryState.SENT)
        .exists()
    )
    return sa.select(*columns, is_deleted.label("is_deleted"), _VERSIONS.c.text, _VERSIONS.c.variants).join(
        _VERSIONS, _VERSIONS.c.id == _DELIVERIES.c.version_id
    )


_PAST: Final = _build_query()
"""Built once: an alias of a table of forty columns costs 2 ms each time."""


def every(
    tx: Transaction,
    city: str,
    *,
    since: datetime,
    accounts: Collection[str] | None = None,
    limit: int | None = None,
) -> Sequence[PastText]:
    """Return what was sent since an instant and was not deleted, and what is still to go out.

    Args:
        tx: The transaction.
        city: The city.
        since: The earliest instant at which it was sent.
        accounts: On these accounts alone; None: on all.
        limit: At most so many that were sent, the newest; None: all.
    """
    sent, waiting = (_PAST.where(condition) for condition in _conditions(city, since=since, accounts=accounts))
    newest = sent.order_by(_DELIVERIES.c.sent_at.desc(), _DELIVERIES.c.id.desc()).limit(limit)
    return [_read(row) for query in (newest, waiting) for row in tx.execute(query) if _is_said(row)]


def are_few(tx: Transaction, city: str, *, since: datetime, few: int) -> bool:
    """Tell whether `every` would return no more than *few*."""
    sent, waiting = _conditions(city, since=since, accounts=None)
    some = sa.select(_DELIVERIES.c.id).where(sa.or_(sent, waiting)).limit(few + 1)
    counted: int = tx.execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one()
    return counted <= few


def place(tx: Transaction, city: str) -> int:
    """Return the place of the newest event in a city's audit trail."""
    query = sa.select(tables.cities.c.audit_seq).where(tables.cities.c.city == city)
    return tx.execute(query).scalar_one_or_none() or 0


def news(tx: Transaction, city: str, *, after: int) -> News | None:
    """Return what happened to a city's deliveries after a place in its trail, or None where nothing happened at all.

    Every transition leaves its event in the trail, and the events of a city are numbered in the order of their
    commits: nothing is missed, whichever process moved the delivery and whatever its clock says. A transaction's own
    events join the trail as it ends, so that nothing is told here that may still be rolled back.
    """
    seq = place(tx, city)
    if seq <= after:
        return None
    trail = tables.audit
    query = sa.select(trail.c.delivery_id).where(trail.c.city == city, trail.c.seq > after, trail.c.seq <= seq)
    ids = sorted(set(tx.execute(query.where(trail.c.delivery_id.is_not(None))).scalars()))
    found = list(_in(tx, ids))
    said = [_read(row) for row in found if _is_said(row)]
    deleted = {row.source_id for row in found if row.kind == DeliveryKind.DELETE and row.state == DeliveryState.SENT}
    gone = deleted.union(ids).difference(one.delivery_id for one in said)
    return News(seq=seq, said=said, gone=gone)


def _conditions(
    city: str, *, since: datetime, accounts: Collection[str] | None
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Return what is true of publications that are out, and of those that are not; each is found by the index."""
    here = [_DELIVERIES.c.city == city, _DELIVERIES.c.kind == DeliveryKind.PUBLISH]
    if accounts is not None:
        here.append(_DELIVERIES.c.account.in_(sorted(accounts)))
    is_sent = sa.and_(*here, _DELIVERIES.c.sent_at >= since, _DELIVERIES.c.state == DeliveryState.SENT)
    is_waiting = sa.and_(*here, _DELIVERIES.c.sent_at.is_(None), _DELIVERIES.c.state.not_in(sorted(FINAL)))
    return is_sent, is_waiting


def _in(tx: Transaction, ids: Sequence[str]) -> Iterator[sa.Row[Any]]:
    for start in range(0, len(ids), _BATCH):
        yield from tx.execute(_PAST.where(_DELIVERIES.c.id.in_(ids[start : start + _BATCH])))


def _is_said(row: sa.Row[Any]) -> bool:
    if row.kind != DeliveryKind.PUBLISH or row.is_deleted:
        return False
    return row.state == DeliveryState.SENT or row.state not in FINAL


def _read(row: sa.Row[Any]) -> PastText:
    is_sent = row.state == DeliveryState.SENT
    variant = str(row.variants.get(row.platform, ""))
    return PastText(
        delivery_id=row.id,
        post_id=row.post_id,
        account=row.account,
        platform=row.platform,
        at=row.sent_at if is_sent else row.planned_at,
        is_sent=is_sent,
        text=variant if variant.strip() else row.text,
    )
