"""What a city's accounts published, and what is approved and still to go out: the earlier posts of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import FINAL, DeliveryEvent, DeliveryKind, DeliveryState
from publisher.store import bulk, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_DELIVERIES: Final = tables.deliveries
_VERSIONS: Final = tables.versions
_CHANGES_NOTHING: Final = (f"delivery_{DeliveryEvent.CLAIMED}", "attempt_opened")
"""Events after which a delivery is as much, or as little, of an earlier post as before: most of a busy hour's."""


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
    return _places(tx, [city]).get(city, 0)


def _places(tx: Transaction, cities: Collection[str]) -> Mapping[str, int]:
    rows = tx.execute(_place_of(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, cities))
    return {row.city: row.audit_seq for row in rows}


@cache
def _place_of(*, is_sqlite: bool) -> sa.Select[Any]:
    cities = tables.cities
    return sa.select(cities.c.city, cities.c.audit_seq).where(bulk.is_among(cities.c.city, is_sqlite=is_sqlite))


def news(tx: Transaction, after: Mapping[str, int]) -> Mapping[str, News]:
    """Return what happened to cities' deliveries after a place in the trail of each; of the others, nothing happened.

    Every transition leaves its event in the trail, and the events of a city are numbered in the order of their
    commits: nothing is missed, whichever process moved the delivery and whatever its clock says. A transaction's own
    events join the trail as it ends, so that nothing is told here that may still be rolled back.
    """
    places = {city: seq for city, seq in _places(tx, after).items() if seq > after[city]}
    if not places:
        return {}
    named: dict[str, Any] = {}
    for number, city in enumerate(places):
        named |= {f"city_{number}": city, f"after_{number}": after[city]}
    moved: dict[str, str] = {row.delivery_id: row.city for row in tx.execute(_moved(len(places)), named)}
    found = tx.execute(_past_of(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, moved)).all() if moved else []
    said: dict[str, list[PastText]] = {city: [] for city in places}
    gone: dict[str, set[str]] = {city: set() for city in places}
    for delivery, city in moved.items():
        gone[city].add(delivery)
    for row in found:
        city = moved[row.id]
        if row.kind == DeliveryKind.DELETE and row.state == DeliveryState.SENT:
            gone[city].add(row.source_id)
        if _is_said(row):
            said[city].append(_read(row))
    for city, several in said.items():
        gone[city].difference_update(one.delivery_id for one in several)
    return {city: News(seq=seq, said=said[city], gone=gone[city]) for city, seq in places.items()}


@cache
def _moved(count: int) -> sa.Select[Any]:
    """Return the query for the deliveries that events of so many cities are about; each city's by the trail's key."""
    trail = tables.audit
    ahead = [
        sa.and_(trail.c.city == sa.bindparam(f"city_{n}"), trail.c.seq > sa.bindparam(f"after_{n}"))
        for n in range(count)
    ]
    query = sa.select(trail.c.city, trail.c.delivery_id).where(sa.or_(*ahead), trail.c.delivery_id.is_not(None))
    return query.where(trail.c.kind.not_in(_CHANGES_NOTHING))


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


@cache
def _past_of(*, is_sqlite: bool) -> sa.Select[Any]:
    return _PAST.where(bulk.is_among(_DELIVERIES.c.id, is_sqlite=is_sqlite))


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
