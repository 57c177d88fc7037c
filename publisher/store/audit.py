"""The audit trail: append-only, one hash chain a city, with what the events say beside it.

Events are gathered in the transaction and written at its end in one go: the city's row is then locked
last and shortly, so that nobody ever waits for a post while holding the chain. The database itself refuses to change
or to delete what was written; content may give way to a tombstone, by a decision in `erasures`.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.audit_chain import (
    NOTHING,
    Break,
    Content,
    Entry,
    Link,
    Mark,
    Tombstone,
    digest_content,
    find_break,
    hash_link,
)
from publisher.errors import PublisherError
from publisher.store import bulk, inserts, tables
from publisher.store.guard_tables import erasures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publisher.store.engine import Transaction


class ChainEndLostError(PublisherError):
    """A city's row, which keeps the end of its audit chain, did not take what was recorded."""


ERASURE_CONFIRMED: Final = "erasure_confirmed"
"""The event that makes tombstones true; its fact `erasure` is the decision's id."""
_BUFFER: Final = "audit"
_SALT_BYTES: Final = 16
_AT_A_TIME: Final = 1000
"""How many events are in memory while the whole trail is read."""
_TRAIL, _CONTENT = tables.audit, tables.audit_content
_OF_CHAIN: Final = tuple(Link.__dataclass_fields__)
_BESIDE: Final = sa.and_(_CONTENT.c.city == _TRAIL.c.city, _CONTENT.c.seq == _TRAIL.c.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing that happened."""

    seq: int
    at: datetime
    who: str
    """A person's key, or the part of the program that did it: `ledger`."""
    kind: str
    post_id: str | None
    delivery_id: str | None
    facts: Mapping[str, Any]
    """Empty where it was erased, as the note."""
    note: str
    is_erased: bool = False


def append(
    tx: Transaction,
    *,
    city: str,
    who: str,
    kind: str,
    post_id: str | None = None,
    delivery_id: str | None = None,
    facts: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Record that something happened; it joins the city's chain when the transaction ends.

    Args:
        tx: The transaction in which it happens.
        city: The city's key; its row is made where it is missing.
        who: A person's key, or the part of the program that did it.
        kind: A stable word; `chatops.messages` has a sentence for those that people see.
        post_id: The post it is about.
        delivery_id: The delivery it is about.
        facts: What JSON can hold: codes, keys, times as ISO 8601. Never a secret, and no text of a post.
        note: A person's own words; they go when the post's content is erased.
    """
    buffer = tx.scratch.setdefault(_BUFFER, [])
    if not buffer:
        tx.before_commit(lambda: flush(tx), is_last=True)
    chained = {"city": city, "at": tx.now, "who": who, "kind": kind, "post_id": post_id, "delivery_id": delivery_id}
    buffer.append((chained, {"facts": dict(facts or {}), "note": note}))


def has_recorded(tx: Transaction) -> bool:
    """Tell whether this transaction recorded something: what it reads may be its own, and be rolled back yet."""
    return _BUFFER in tx.scratch


def flush(tx: Transaction) -> None:
    """Write what was gathered, each city's part to the end of its chain.

    The cities' rows are locked last of all, in one order, and for as short as can be: what doesn't depend on the end
    of a chain is made before.

    Raises:
        ChainEndLostError: The end of a chain could not be moved: nothing of the transaction is written.
    """
    events = tx.scratch.get(_BUFFER, [])
    if not events:
        return
    tx.scratch[_BUFFER] = []
    salts = secrets.token_hex(_SALT_BYTES * len(events))  # asked of the system at once
    for n, (chained, said) in enumerate(events):
        said["salt"] = salts[2 * _SALT_BYTES * n :][: 2 * _SALT_BYTES]
        chained["content_digest"] = digest_content(**said)
    ends = _lock_ends(tx, sorted({chained["city"] for chained, _ in events}))
    for chained, said in events:
        end = ends[chained["city"]]
        place = {"city": chained["city"], "seq": end.seq + 1}
        chained.update(place, previous_hash=end.hash)
        chained["hash"] = hash_link(**chained)
        said.update(place)
        ends[chained["city"]] = Mark(seq=chained["seq"], hash=chained["hash"])
    links, contents = zip(*events, strict=True)
    rows = [{"was_city": city, "audit_seq": end.seq, "audit_hash": end.hash} for city, end in ends.items()]
    if bulk.update_after(tx, [(_TRAIL, links), (_CONTENT, contents)], tables.cities, rows) != len(rows):
        raise ChainEndLostError  # the rows are locked: never a shrug


def _lock_ends(tx: Transaction, wanted: Sequence[str]) -> dict[str, Mark]:
    """Return the end of each city's chain, locked; a city that has no row yet gets one."""
    query, named = _locked_ends(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, wanted)
    rows = tx.execute(query, named).all()
    if len(rows) < len(wanted):
        for city in wanted:
            inserts.ensure_city(tx, city)
        rows = tx.execute(query, named).all()
    return {row.city: Mark(seq=row.audit_seq, hash=row.audit_hash) for row in rows}


@cache
def _locked_ends(*, is_sqlite: bool) -> sa.Select[Any]:
    cities = tables.cities
    query = sa.select(cities.c.city, cities.c.audit_seq, cities.c.audit_hash)
    query = query.where(bulk.is_among(cities.c.city, is_sqlite=is_sqlite))
    return query.order_by(cities.c.city).with_for_update(key_share=True)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def of_post(tx: Transaction, post_id: str) -> Sequence[AuditEvent]:
    """Return what happened to a post, oldest first; what this transaction recorded is included."""
    flush(tx)
    return [_event(row) for row in tx.execute(_events().where(_TRAIL.c.post_id == post_id).order_by(_TRAIL.c.seq))]


def of_kind(tx: Transaction, city: str, kind: str, *, since: datetime | None = None) -> Sequence[AuditEvent]:
    """Return a city's events of one kind, oldest first."""
    query = _events().where(_TRAIL.c.city == city, _TRAIL.c.kind == kind)
    if since is not None:
        query = query.where(_TRAIL.c.at >= since)
    return [_event(row) for row in tx.execute(query.order_by(_TRAIL.c.seq))]


def of_erasures(tx: Transaction, city: str) -> Sequence[AuditEvent]:
    """Return the events by which something was erased, oldest first."""
    decided = sa.select(erasures.c.post_id).where(erasures.c.city == city, erasures.c.decision == "confirmed")
    query = _events().where(_TRAIL.c.post_id.in_(decided), _TRAIL.c.kind == ERASURE_CONFIRMED)
    return [_event(row) for row in tx.execute(query.order_by(_TRAIL.c.seq))]


def of_city(
    tx: Transaction,
    city: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    post_id: str | None = None,
) -> Iterator[Entry]:
    """Yield a city's events with what lies beside them, oldest first; few are in memory.

    Args:
        tx: A transaction that stays open meanwhile.
        city: The city.
        since: The first instant inside; None: from the beginning.
        until: The first instant outside again; None: to the end.
        post_id: Only what is about this post.
    """
    query = _entries(city)
    for condition in (
        None if since is None else _TRAIL.c.at >= since,
        None if until is None else _TRAIL.c.at < until,
        None if post_id is None else _TRAIL.c.post_id == post_id,
    ):
        query = query if condition is None else query.where(condition)
    with _streamed(tx, query) as rows:
        yield from map(_entry, rows)


def _events() -> sa.Select[Any]:
    columns = [_TRAIL.c[name] for name in ("seq", "at", "who", "kind", "post_id", "delivery_id")]
    return sa.select(*columns, _CONTENT.c.facts, _CONTENT.c.note).join(_CONTENT, _BESIDE, isouter=True)


def _event(row: sa.Row[Any]) -> AuditEvent:
    return AuditEvent(
        seq=row.seq,
        at=row.at,
        who=row.who,
        kind=row.kind,
        post_id=row.post_id,
        delivery_id=row.delivery_id,
        facts=row.facts or {},
        note=row.note or "",
        is_erased=row.facts is None,
    )


# ── proof ────────────────────────────────────────────────────────────────────────────────────────


def end_of(tx: Transaction, city: str) -> Mark:
    """Return the last link as it is kept beside the chain."""
    cities = tables.cities
    row = tx.execute(sa.select(cities.c.audit_seq, cities.c.audit_hash).where(cities.c.city == city)).one_or_none()
    return NOTHING if row is None else Mark(seq=row.audit_seq, hash=row.audit_hash)


def verify(tx: Transaction, city: str, *, expected: Mark | None = None) -> Break | None:
    """Return the first place where a city's trail was changed, or None where it proves its own integrity.

    Args:
        tx: A transaction that sees one state throughout.
        city: The city.
        expected: A mark that was kept outside: the trail must go through it.
    """
    confirmed = [_entry(row) for row in tx.execute(_entries(city).where(_TRAIL.c.kind == ERASURE_CONFIRMED))]
    decided = frozenset(
        (str(entry.content.facts.get("erasure")), entry.link.post_id)
        for entry in confirmed
        if isinstance(entry.content, Content) and entry.link.post_id is not None
    )
    end = end_of(tx, city)
    with _streamed(tx, _entries(city)) as rows:
        return find_break(map(_entry, rows), end=end, erasures=decided, expected=expected)


def _streamed(tx: Transaction, query: sa.Select[Any]) -> sa.CursorResult[Any]:
    return tx.execute(query.execution_options(yield_per=_AT_A_TIME))


def _entries(city: str) -> sa.Select[Any]:
    """Return the query for the whole trail, with facts and instants as the driver gives them.

    They are read here and not by SQLAlchemy, so that one that somebody made unreadable has a place.
    """
    chained = [_TRAIL.c[name] for name in _OF_CHAIN if name != "at"]
    at = sa.type_coerce(_TRAIL.c.at, sa.types.NullType()).label("at")
    facts = sa.cast(_CONTENT.c.facts, sa.Text).label("facts")
    beside = [facts, _CONTENT.c.note, _CONTENT.c.salt, _CONTENT.c.erasure_id]
    query = sa.select(*chained, at, *beside).join(_CONTENT, _BESIDE, isouter=True)
    return query.where(_TRAIL.c.city == city).order_by(_TRAIL.c.seq)


def _entry(row: sa.Row[Any]) -> Entry:
    chained = {name: getattr(row, name) for name in _OF_CHAIN}
    return Entry(link=Link(**chained | {"at": _instant(row.at)}), content=_content(row))


def _instant(stored: object) -> datetime:
    """Return the instant; one that is none becomes the oldest there is, which no event's hash fits."""
    try:
        at = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _content(row: sa.Row[Any]) -> Content | Tombstone | None:
    if row.erasure_id is not None:
        return Tombstone(erasure=row.erasure_id)
    try:
        facts = json.loads(row.facts)
    except (TypeError, ValueError):
        return None
    return Content(facts=facts, note=row.note, salt=row.salt) if isinstance(facts, dict) else None
