"""The audit trail: append-only, one hash chain a city.

Events are gathered in the transaction and written at its end in one go: the city's row is then locked
last and shortly, so that nobody ever waits for a post while holding the chain.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from publisher.audit_chain import Break, Link, digest_content, find_break, hash_link
from publisher.store import inserts, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_BUFFER = "audit"


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
    note: str


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
        facts: What JSON can hold: codes, keys, times as ISO 8601. Never a secret.
        note: A person's own words.
    """
    buffer = tx.scratch.setdefault(_BUFFER, [])
    if not buffer:
        tx.before_commit(lambda: flush(tx))
    buffer.append(
        {"city": city, "at": tx.now, "who": who, "kind": kind, "post_id": post_id}
        | {"delivery_id": delivery_id, "facts": dict(facts or {}), "note": note}
    )


def flush(tx: Transaction) -> None:
    """Write what was gathered, city by city."""
    buffer = tx.scratch.get(_BUFFER, [])
    events, buffer[:] = sorted(buffer, key=itemgetter("city")), []
    for city, of_city in groupby(events, key=itemgetter("city")):
        _extend_chain(tx, city, list(of_city))


def _extend_chain(tx: Transaction, city: str, events: list[dict[str, Any]]) -> None:
    cities = tables.cities
    inserts.ensure_city(tx, city)
    end = tx.execute(
        sa.select(cities.c.audit_seq, cities.c.audit_hash).where(cities.c.city == city).with_for_update(key_share=True)
    ).one()
    seq, previous = end.audit_seq, end.audit_hash
    for event in events:
        seq += 1
        salt = secrets.token_hex(16)
        content_digest = digest_content(event["facts"], event["note"], salt=salt)
        chained = {key: event[key] for key in ("city", "at", "who", "kind", "post_id", "delivery_id")}
        link = hash_link(**chained, seq=seq, content_digest=content_digest, previous_hash=previous)
        event |= {"seq": seq, "salt": salt, "content_digest": content_digest, "previous_hash": previous, "hash": link}
        previous = link
    tx.execute(sa.insert(tables.audit), events)
    tx.execute(sa.update(cities).where(cities.c.city == city).values(audit_seq=seq, audit_hash=previous))


def of_post(tx: Transaction, post_id: str) -> Sequence[AuditEvent]:
    """Return what happened to a post, oldest first; what this transaction recorded is included."""
    flush(tx)
    rows = tx.execute(sa.select(tables.audit).where(tables.audit.c.post_id == post_id).order_by(tables.audit.c.seq))
    return [
        AuditEvent(
            seq=row.seq,
            at=row.at,
            who=row.who,
            kind=row.kind,
            post_id=row.post_id,
            delivery_id=row.delivery_id,
            facts=row.facts,
            note=row.note,
        )
        for row in rows
    ]


def verify(tx: Transaction, city: str) -> Break | None:
    """Return the first place where a city's trail was changed, or None where it proves its own integrity."""
    trail = tables.audit
    end = tx.execute(sa.select(tables.cities).where(tables.cities.c.city == city)).one_or_none()
    rows = tx.execute(sa.select(trail).where(trail.c.city == city).order_by(trail.c.seq)).all()
    links = [
        Link(**{name: getattr(row, name) for name in Link.__dataclass_fields__})  # the columns bear the fields' names
        for row in rows
    ]
    broken = find_break(links, end_seq=end.audit_seq if end else 0, end_hash=end.audit_hash if end else "")
    changed = (row.seq for row in rows if digest_content(row.facts, row.note, salt=row.salt) != row.content_digest)
    first = next(changed, None)
    if first is not None and (broken is None or first < broken.seq):
        return Break(seq=first, reason="content")
    return broken
