"""Notices on their way by e-mail: one row a notice and person, so that nobody is told the same twice.

All times are the leases', which cannot be moved.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.api import MailState, NoticeKind
from publisher.store import inserts, tables, waits, watch_tables
from publisher.store.notices import MAIL_AFTER_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.store.engine import Transaction

MAILED: Final = (
    *(NoticeKind.ASK, NoticeKind.HELD, NoticeKind.SIGN_OFF, NoticeKind.WATCH, NoticeKind.LEDGER),
    *(NoticeKind.EXPIRED, NoticeKind.ANSWER, NoticeKind.DELIVERY),
)
"""What may go by e-mail: what asks or warns. Of answers and deliveries only some do (`publisher.mailing`)."""
AHEAD: Final = timedelta(seconds=10)
"""How much earlier than it is due a notice goes along with one that is."""
GIVEN_UP: Final = timedelta(days=1)
"""What is older goes by e-mail no more: what the relay refused for so long, and what lay there before it was set."""
_N, _M = tables.notices, watch_tables.mails


def is_anything_due(tx: Transaction) -> bool:
    """Return whether a notice should go by e-mail now, or a mail waits: asked often, so it locks nothing."""
    return tx.execute(_untaken(tx).limit(1)).first() is not None or tx.execute(_due(tx).limit(1)).first() is not None


def untaken(tx: Transaction, *, limit: int) -> Sequence[Any]:
    """Return the rows of notices that Slack should have taken by now, oldest first; nobody else gets the same.

    Those that would follow within seconds come along: what one cause left is one mail.
    """
    return tx.execute(_untaken(tx, ahead=AHEAD).limit(limit).with_for_update(skip_locked=True, of=_N)).all()


def _untaken(tx: Transaction, ahead: timedelta = timedelta(0)) -> sa.Select[Any]:
    now = tx.lease_now() + ahead
    # A process of the version before sets no time: then it counts from when it was left.
    of_before = sa.and_(_N.c.mail_due_at.is_(None), _N.c.created_at <= now - timedelta(seconds=MAIL_AFTER_SECONDS))
    since = sa.func.coalesce(_N.c.mail_due_at, _N.c.created_at)
    number = sa.select(tables.posts.c.number).where(tables.posts.c.id == _N.c.post_id).scalar_subquery()
    return (
        sa.select(_N, number.label("number"))
        .where(_N.c.done_at.is_(None), _N.c.mailed_at.is_(None), _N.c.kind.in_(MAILED))
        .where(sa.or_(waits.is_over(_N.c.mail_due_at, now), of_before), since > now - GIVEN_UP)
        .order_by(_N.c.created_at, _N.c.id)
    )


def hand_over(tx: Transaction, notice_id: str, *, city: str, people: Sequence[str], is_alone: bool = False) -> None:
    """Note that a notice goes by e-mail to *people*, who may be none; with *is_alone* it goes no other way."""
    now = tx.lease_now()
    for person in people:
        row = {"id": tx.new_id(), "city": city, "notice_id": notice_id, "person": person, "is_alone": is_alone}
        inserts.insert_missing(tx, _M, row | {"created_at": now, "due_at": now, "attempts": 0})
    tx.execute(sa.update(_N).where(_N.c.id == notice_id).values(mailed_at=now))
    if is_alone:
        done = (_N.c.id == notice_id, _N.c.done_at.is_(None))
        tx.execute(sa.update(_N).where(*done).values(done_at=now, lease_until=None))


def claim(tx: Transaction, *, limit: int, lease_seconds: float) -> Sequence[Any]:
    """Lease what is due, oldest first, and return its rows; what Slack has taken meanwhile ends."""
    now = tx.lease_now()
    taken = sa.select(_N.c.id).where(_N.c.done_at.is_not(None), _N.c.id == _M.c.notice_id).exists()
    tx.execute(
        sa.update(_M)
        .where(_M.c.done_at.is_(None), _M.c.is_alone.is_(False), taken)
        .values(done_at=now, outcome="taken")
    )
    rows = tx.execute(_due(tx).limit(limit).with_for_update(skip_locked=True)).all()
    _set(tx, [row.id for row in rows], lease_until=now + timedelta(seconds=lease_seconds), attempts=_M.c.attempts + 1)
    return rows


def _due(tx: Transaction) -> sa.Select[Any]:
    now = tx.lease_now()
    return (
        sa.select(_M)
        .where(_M.c.done_at.is_(None), waits.is_over(_M.c.due_at, now))
        .where(sa.or_(_M.c.lease_until.is_(None), waits.is_over(_M.c.lease_until, now)))
        .order_by(_M.c.created_at, _M.c.id)
    )


def notices_of(tx: Transaction, ids: Sequence[str]) -> dict[str, Any]:
    """Return the rows of notices with their posts' numbers, by id."""
    number = sa.select(tables.posts.c.number).where(tables.posts.c.id == _N.c.post_id).scalar_subquery()
    rows = tx.execute(sa.select(_N, number.label("number")).where(_N.c.id.in_(sorted(set(ids)))))
    return {row.id: row for row in rows}


def end(tx: Transaction, ids: Sequence[str], outcome: str, *, error: str = "") -> None:
    """Tick mails off."""
    _set(tx, ids, done_at=tx.lease_now(), outcome=outcome, lease_until=None, error=error[:200] or None)


def put_back(tx: Transaction, ids: Sequence[str], *, retry_after_seconds: float, error: str) -> None:
    """Put mails back for later, and give up those that are too old."""
    now = tx.lease_now()
    due_at = now + timedelta(seconds=retry_after_seconds)
    _set(tx, ids, due_at=due_at, lease_until=None, error=error[:200])
    old = (_M.c.id.in_(ids), _M.c.done_at.is_(None), _M.c.created_at < now - GIVEN_UP)
    tx.execute(sa.update(_M).where(*old).values(done_at=now, outcome="given_up"))


def state(tx: Transaction) -> MailState:
    """Return how many wait, for how long, and what the relay said last."""
    waiting = _M.c.done_at.is_(None)
    found = tx.execute(
        sa.select(sa.func.count().label("n"), sa.func.min(_M.c.created_at).label("at")).where(waiting)
    ).one()
    last = sa.select(_M.c.error).where(waiting, _M.c.error.is_not(None)).order_by(_M.c.due_at.desc()).limit(1)
    error = tx.execute(last).scalar_one_or_none()
    seconds = 0.0 if found.at is None else (tx.lease_now() - found.at).total_seconds()
    return MailState(waiting=found.n, oldest_seconds=seconds, error=error or "")


def _set(tx: Transaction, ids: Sequence[str], **values: Any) -> None:
    if ids:
        tx.execute(sa.update(_M).where(_M.c.id.in_(list(ids)), _M.c.done_at.is_(None)).values(**values))
