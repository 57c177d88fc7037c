"""Notices: what people must be told, written in the transaction that causes it, and leased by the courier."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.api import ADMINS, Notice, NoticeKind, SlackRef
from publisher.store import bulk, tables, waits
from publisher.store.engine import Topic

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Database, Transaction

_LEASE_SECONDS: Final = 60.0
MAIL_AFTER_SECONDS: Final = 60.0
"""How long Slack has to take a notice before people are told by e-mail."""
URGENT_MAIL_SECONDS: Final = 10.0
"""The same of an emergency's questions, failures and alarms."""
_NOTICES: Final = tables.notices
_BOX: Final = "notices"


def add(
    tx: Transaction,
    *,
    city: str,
    kind: NoticeKind,
    post_id: str | None = None,
    delivery_id: str | None = None,
    person: str | None = None,
    params: Mapping[str, str | int] | None = None,
    mail_after_seconds: float = MAIL_AFTER_SECONDS,
) -> None:
    """Leave a notice for the courier. A post has at most one CARD that nobody has taken up yet.

    Where Slack has not taken it after *mail_after_seconds*, it goes by e-mail if its kind does at all.
    Notices are gathered and written at the end of the transaction in one go.
    """
    tx.announce(Topic.NOTICES)
    box = tx.scratch.setdefault(_BOX, [])
    if not box:
        tx.before_commit(lambda: _write(tx))
    box.append(
        {
            "city": city,
            "kind": kind,
            "post_id": post_id,
            "delivery_id": delivery_id,
            "person": person,
            "params": dict(params or {}),
            "created_at": tx.now,
            "attempts": 0,
            "mail_due_at": timedelta(seconds=mail_after_seconds),
        }
    )


def _write(tx: Transaction) -> None:
    gathered, tx.scratch[_BOX] = tx.scratch[_BOX], []
    cards = {row["post_id"]: row for row in reversed(gathered) if _is_card(row)}  # the first of each post
    for post_id in _with_fresh_card(tx, cards):
        del cards[post_id]
    kept = [row for row in gathered if not _is_card(row) or cards.get(row["post_id"]) is row]
    due_at = tx.lease_now()
    rows = [
        {
            **row,
            "kind": str(row["kind"]),
            "id": tx.new_id(),
            "due_at": due_at,
            "mail_due_at": due_at + row["mail_due_at"],
        }
        for row in kept
    ]
    bulk.insert(tx, _NOTICES, rows)


def _is_card(row: Mapping[str, Any]) -> bool:
    return row["kind"] is NoticeKind.CARD and row["post_id"] is not None


def _with_fresh_card(tx: Transaction, post_ids: Collection[str]) -> frozenset[str]:
    """Return the posts with a CARD that nobody has taken up yet.

    Those are locked, so that no courier takes one up and draws it before this transaction's change can be seen.
    """
    if not post_ids:
        return frozenset()
    query = _fresh_cards(is_sqlite=bulk.is_sqlite(tx))
    return frozenset(tx.execute(query, bulk.ids(tx, post_ids)).scalars())


@cache
def _fresh_cards(*, is_sqlite: bool) -> sa.Select[Any]:
    fresh = (
        sa.select(_NOTICES.c.post_id)
        .where(bulk.is_among(_NOTICES.c.post_id, is_sqlite=is_sqlite), _NOTICES.c.kind == NoticeKind.CARD)
        .where(bulk.beside(_NOTICES.c.done_at.is_(None), is_sqlite=is_sqlite), _NOTICES.c.lease_until.is_(None))
        .with_for_update(skip_locked=True)
    )
    if is_sqlite:
        return fresh
    # Until PostgreSQL has counted a burst's notices it reads all that are open, and compares each with each post. Said
    # once more so that it is no join, the posts are a hash that most notices are looked up in once.
    return fresh.where(_NOTICES.c.post_id.in_(sa.select(bulk.each_id())).is_(sa.true()))


class StoredNotices:
    """The courier's box (`publisher.api.NoticeBox`): its leases and the cards' places.

    Waiting times here are the courier's own, so they are measured by the leases' clock, which cannot be moved.
    """

    def __init__(self, database: Database, *, lease_seconds: float = _LEASE_SECONDS) -> None:
        """Keep where the notices are; a claim that is not ticked off comes back after *lease_seconds*."""
        self._database = database
        self._lease = timedelta(seconds=lease_seconds)

    def claim(self, limit: int = 20) -> Sequence[Notice]:
        """Lease up to *limit* notices that are due, oldest first; of one post's CARD notices only the newest."""
        with self._database.transaction() as tx:
            now = tx.lease_now()
            rows = tx.execute(_due(now, limit)).all()
            kept = _newest_cards(rows)
            dropped = [row.id for row in rows if row.id not in kept]
            _set(tx, dropped, done_at=now)
            _set(tx, list(kept), lease_until=now + self._lease, attempts=_NOTICES.c.attempts + 1)
            return [notice_of(row) for row in rows if row.id in kept]

    def done(self, notice: Notice, ref: SlackRef | None = None) -> None:
        """Tick a notice off."""
        with self._database.transaction() as tx:
            place = {} if ref is None else {"message_channel": ref.channel, "message_ts": ref.ts}
            _set(tx, [notice.id], done_at=tx.lease_now(), lease_until=None, error=None, **place)

    def failed(self, notice: Notice, *, retry_after_seconds: float, error: str) -> None:
        """Put a notice back for later."""
        with self._database.transaction() as tx:
            due_at = tx.lease_now() + timedelta(seconds=retry_after_seconds)
            _set(tx, [notice.id], due_at=due_at, lease_until=None, error=error)

    def next_due_seconds(self) -> float | None:
        """Return in how many seconds the next notice is due (0 or less: now), or None where there is none."""
        with self._database.reading() as tx:
            free_at = sa.func.coalesce(_NOTICES.c.lease_until, _NOTICES.c.due_at)
            for_slack = sa.or_(_NOTICES.c.person.is_(None), _NOTICES.c.person != ADMINS)
            waiting = sa.select(sa.func.min(free_at)).where(_NOTICES.c.done_at.is_(None), for_slack)
            due_at = tx.execute(waiting).scalar_one()
            return None if due_at is None else float((due_at - tx.lease_now()).total_seconds())

    def card_ref(self, city: str, number: str) -> SlackRef | None:
        """Return where a post's card is, or None."""
        with self._database.reading() as tx:
            row = tx.execute(
                sa.select(tables.posts.c.card_channel, tables.posts.c.card_ts).where(*_is_post(city, number))
            ).one_or_none()
        if row is None or row.card_channel is None or row.card_ts is None:
            return None
        return SlackRef(channel=row.card_channel, ts=row.card_ts)

    def remember_card(self, city: str, number: str, ref: SlackRef) -> None:
        """Keep where a post's card is."""
        with self._database.transaction() as tx:
            tx.execute(
                sa.update(tables.posts).where(*_is_post(city, number)).values(card_channel=ref.channel, card_ts=ref.ts)
            )


def _due(now: datetime, limit: int) -> sa.Select[Any]:
    other = _NOTICES.alias("other")
    card_in_hand = (
        sa.select(other.c.id)
        .where(other.c.post_id == _NOTICES.c.post_id, other.c.kind == NoticeKind.CARD, other.c.id != _NOTICES.c.id)
        .where(other.c.done_at.is_(None), sa.not_(waits.is_over(other.c.lease_until, now)))
        .exists()
    )
    # A post is named by its number; it is read beside, not joined, so that only notices are locked.
    number = sa.select(tables.posts.c.number).where(tables.posts.c.id == _NOTICES.c.post_id).scalar_subquery()
    return (
        sa.select(_NOTICES, number.label("number"))
        .where(_NOTICES.c.done_at.is_(None), waits.is_over(_NOTICES.c.due_at, now))
        .where(sa.or_(_NOTICES.c.lease_until.is_(None), waits.is_over(_NOTICES.c.lease_until, now)))
        .where(sa.or_(_NOTICES.c.kind != NoticeKind.CARD, ~card_in_hand))
        .where(sa.or_(_NOTICES.c.person.is_(None), _NOTICES.c.person != ADMINS))
        .order_by(_NOTICES.c.created_at, _NOTICES.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=_NOTICES)
    )


def _newest_cards(rows: Sequence[Any]) -> set[str]:
    newest = {row.post_id: row.id for row in rows if row.kind == NoticeKind.CARD}
    return {row.id for row in rows if row.kind != NoticeKind.CARD or newest[row.post_id] == row.id}


def _set(tx: Transaction, ids: Sequence[str], **values: Any) -> None:
    if ids:
        tx.execute(sa.update(_NOTICES).where(_NOTICES.c.id.in_(ids), _NOTICES.c.done_at.is_(None)).values(**values))


def notice_of(row: Any) -> Notice:  # noqa: ANN401 - rows are untyped
    """Return the notice that a row holds; its post's number stands beside it."""
    return Notice(
        id=row.id,
        city=row.city,
        kind=NoticeKind(row.kind),
        number=None if row.number is None else f"K-{row.number}",
        delivery=row.delivery_id,
        person=row.person,
        params=row.params,
        attempts=row.attempts,
        created_at=row.created_at,
    )


def _is_post(city: str, number: str) -> tuple[sa.ColumnElement[bool], ...]:
    digits = number.removeprefix("K-")
    counted = int(digits) if digits.isascii() and digits.isdigit() else -1
    return (tables.posts.c.city == city, tables.posts.c.number == counted)
