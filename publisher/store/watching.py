"""What the watchdog sees in the ledger, and what people were warned of, so that nothing is told twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.api import ADMINS, NoticeKind
from publisher.delivery import FINAL, TAKES_BACK, DeliveryState
from publisher.store import inserts, marks, tables, watch_tables, workers
from publisher.store.delivery_record import Delivery
from publisher.store.post_records import PREFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from publisher.api import Finding
    from publisher.store.engine import Transaction

_D, _N, _W, _P = tables.deliveries, tables.notices, watch_tables.warnings, tables.posts
_S = DeliveryState
_BY_DUE: Final = (_S.DUE, _S.LEASED)
_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something that was seen, and perhaps told, and is not over yet."""

    id: str
    city: str
    kind: str
    subject: str
    delivery_id: str | None
    people: Sequence[str]
    """Who was told."""
    facts: Mapping[str, Any]
    began_at: datetime
    """When it was seen first, by the leases' clock, as the times below."""
    told_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A delivery with what people call its post."""

    delivery: Delivery
    number: str


# ── warnings ─────────────────────────────────────────────────────────────────────────────────────


def open_ones(tx: Transaction) -> Sequence[Warned]:
    """Return what is not over."""
    rows = tx.execute(sa.select(_W).where(_W.c.ended_at.is_(None)).order_by(_W.c.began_at, _W.c.id))
    return [Warned(**{name: getattr(row, name) for name in Warned.__dataclass_fields__}) for row in rows]


def see(tx: Transaction, finding: Finding) -> None:
    """Keep that something was seen; another process may have been first."""
    row: dict[str, Any] = {
        "id": tx.new_id(),
        "city": finding.city,
        "kind": finding.kind,
        "subject": finding.subject,
        "delivery_id": finding.delivery,
        "people": [],
        "facts": dict(finding.facts),
        "began_at": tx.lease_now(),
    }
    inserts.insert_missing(tx, _W, row)


def tell(tx: Transaction, warning_id: str, *, people: Collection[str]) -> bool:
    """Keep that *people* are told and return True, or return False where another process was first."""
    mine = (_W.c.id == warning_id, _W.c.told_at.is_(None), _W.c.ended_at.is_(None))
    done = tx.execute(sa.update(_W).where(*mine).values(told_at=tx.lease_now(), people=list(people)))
    return done.rowcount == 1


def end(tx: Transaction, one: Warned) -> bool:
    """Keep that something is over and return True, or return False where another process was first.

    What was never told leaves no trace.
    """
    mine = (_W.c.id == one.id, _W.c.ended_at.is_(None))
    if one.told_at is None:
        tx.execute(sa.delete(_W).where(*mine, _W.c.told_at.is_(None)))
        return False
    return tx.execute(sa.update(_W).where(*mine).values(ended_at=tx.lease_now())).rowcount == 1


# ── deliveries ───────────────────────────────────────────────────────────────────────────────────


def late(
    tx: Transaction, *, seconds: float, emergency_seconds: float, removal_seconds: float, limit: int
) -> Sequence[Seen]:
    """Return deliveries that should have gone out by now, the longest late first.

    What waits for a person's word, a hold, an opening, its source or a video is not late, and what a restored ledger
    holds isn't either. An emergency is, whatever it waits for, unless a person was asked; so is what must be deleted at
    once, after *removal_seconds*.
    """
    routine = tx.now - timedelta(seconds=seconds)
    overdue = sa.or_(
        sa.and_(_D.c.state.in_(_BY_DUE), _D.c.due_at <= routine, _D.c.created_at <= routine),
        sa.and_(_D.c.state == _S.RETRY, _D.c.planned_at <= routine, _D.c.created_at <= routine),
        _urgent_since(tx.now - timedelta(seconds=emergency_seconds)),
        sa.and_(_D.c.kind.in_(sorted(TAKES_BACK)), _urgent_since(tx.now - timedelta(seconds=removal_seconds))),
    )
    return _seen(tx, overdue, *marks.may_go(tx), limit=limit, order=(_D.c.is_emergency.desc(), _D.c.planned_at))


def _urgent_since(instant: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of what passes all routine and should have been done at *instant*, whatever it waits for."""
    is_due = sa.and_(_D.c.state.in_(_BY_DUE), _D.c.due_at <= instant)
    is_tried = sa.and_(_D.c.state.in_((_S.RETRY, _S.UNKNOWN, _S.PROCESSING)), _D.c.planned_at <= instant)
    return sa.and_(_D.c.is_emergency, _D.c.created_at <= instant, sa.or_(is_due, is_tried))


def lapsed(tx: Transaction, *, seconds: float, limit: int) -> Sequence[Seen]:
    """Return leased deliveries whose lease ended more than *seconds* ago."""
    before = tx.lease_now() - timedelta(seconds=seconds)
    return _seen(tx, _D.c.state == _S.LEASED, _D.c.lease_until < before, limit=limit, order=(_D.c.lease_until,))


def unlooked(
    tx: Transaction, state: DeliveryState, *, seconds: float, limit_seconds: float, limit: int
) -> Sequence[Seen]:
    """Return deliveries that should have been looked at *seconds* ago, or are in *state* beyond *limit_seconds*."""
    before = tx.now - timedelta(seconds=seconds)
    beyond = tx.now - timedelta(seconds=limit_seconds)
    stuck = sa.or_(_D.c.due_at < before, _D.c.state_at < beyond)
    return _seen(tx, _D.c.state == state, stuck, limit=limit, order=(_D.c.due_at,))


def orphans(tx: Transaction, *, seconds: float, limit: int) -> Sequence[Seen]:
    """Return deliveries that wait for a source that ended more than *seconds* ago."""
    source = _D.alias("source")
    ended = sa.select(source.c.id).where(source.c.id == _D.c.source_id, source.c.state.in_(sorted(FINAL)))
    ended = ended.where(source.c.finished_at < tx.now - timedelta(seconds=seconds))
    return _seen(tx, _D.c.state == _S.WAITING, ended.exists(), limit=limit, order=(_D.c.created_at,))


def states(tx: Transaction, ids: Collection[str]) -> dict[str, Delivery]:
    """Return deliveries by id."""
    found: dict[str, Delivery] = {}
    for start in range(0, len(ids), _BATCH):
        some = list(ids)[start : start + _BATCH]
        rows = tx.execute(sa.select(_D).where(_D.c.id.in_(some)))
        found |= {row.id: Delivery.from_row(row) for row in rows}
    return found


def count_due(tx: Transaction) -> int:
    """Return how many deliveries could be sent now."""
    due = (_D.c.state.in_((_S.DUE, _S.RETRY, _S.LEASED)), _D.c.due_at <= tx.now)
    return int(tx.execute(sa.select(sa.func.count()).select_from(_D).where(*due)).scalar_one())


def _seen(
    tx: Transaction, *conditions: sa.ColumnElement[bool], limit: int, order: Sequence[sa.ColumnElement[Any]]
) -> Sequence[Seen]:
    wanted = (
        sa.select(_D.c.id, _P.c.number)
        .join(_P, _P.c.id == _D.c.post_id)
        .where(*conditions)
        .order_by(*order, _D.c.id)
        .limit(limit)
    )
    numbers = {row.id: f"{PREFIX}{row.number}" for row in tx.execute(wanted)}
    found = states(tx, numbers)
    return [Seen(delivery=found[one], number=number) for one, number in numbers.items()]


# ── notices ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Untaken:
    """Notices of one city that Slack has not taken."""

    city: str
    count: int
    since: datetime
    error: str
    """Slack's word for it; empty where it was never tried."""


def untaken(tx: Transaction, *, seconds: float) -> Sequence[Untaken]:
    """Return, city by city, the notices for people in Slack that are older than *seconds*."""
    left_at = sa.func.coalesce(_N.c.mail_due_at, _N.c.created_at)
    old = (
        _N.c.done_at.is_(None),
        left_at < tx.lease_now() - timedelta(seconds=seconds),
        _N.c.kind != NoticeKind.WATCH,
        sa.or_(_N.c.person.is_(None), _N.c.person != ADMINS),
    )
    counted = sa.select(_N.c.city, sa.func.count().label("n"), sa.func.min(left_at).label("at"))
    found = tx.execute(counted.where(*old).group_by(_N.c.city).order_by(_N.c.city)).all()
    return [Untaken(city=row.city, count=row.n, since=row.at, error=_error_of(tx, row.city, old)) for row in found]


def _error_of(tx: Transaction, city: str, old: Sequence[sa.ColumnElement[bool]]) -> str:
    last = sa.select(_N.c.error).where(*old, _N.c.city == city, _N.c.error.is_not(None))
    return tx.execute(last.order_by(_N.c.due_at.desc()).limit(1)).scalar_one_or_none() or ""


def forget_workers(tx: Transaction, ids: Collection[str], *, beat_before: datetime) -> None:
    """Remove workers that are gone; one that beats again meanwhile stays."""
    table = tables.workers
    is_gone = sa.or_(table.c.beat_at < beat_before, table.c.beat_at > tx.lease_now() + workers.AHEAD)
    tx.execute(sa.delete(table).where(table.c.id.in_(list(ids)), is_gone))


def last_event(tx: Transaction, delivery_id: str) -> str | None:
    """Return how a delivery's last call ended, or None where none was opened or it is open still."""
    calls = tables.attempts
    last = sa.select(calls.c.event).where(calls.c.delivery_id == delivery_id).order_by(calls.c.n.desc()).limit(1)
    return tx.execute(last).scalar_one_or_none()


def size_bytes(tx: Transaction) -> int:
    """Return how much room the database takes."""
    if tx.connection.dialect.name == "postgresql":
        return int(tx.execute(sa.select(sa.func.pg_database_size(sa.func.current_database()))).scalar_one())
    pages, size = (tx.execute(sa.text(f"PRAGMA {one}")).scalar_one() for one in ("page_count", "page_size"))
    return int(pages) * int(size)
