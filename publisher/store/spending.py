"""What accounts have used up: counted from the attempts, so that it is right after a restart and for many workers.

Only attempts of accounts with a quota or a budget say whose they are (`attempts.account`). Who lets a routine call
through takes the account's lock first (`publisher.store.account_locks`), so that two never take the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import DeliveryEvent
from publisher.store import tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from publisher.store.engine import Transaction

_TABLE: Final = tables.attempts
_NO_CALL: Final = (
    DeliveryEvent.NOT_SENT,
    DeliveryEvent.THROTTLED,
    DeliveryEvent.NEEDS_PERSON,
    DeliveryEvent.CAME_TOO_LATE,
    DeliveryEvent.PROVEN_ABSENT,
    DeliveryEvent.PERSON_SAYS_SEND,
)
"""Ends of an attempt that used nothing up. What is open, or whose end is not known, counts."""
_NO_CHARGE: Final = (*_NO_CALL, DeliveryEvent.REFUSED)


def used(
    tx: Transaction, city: str, account: str, *, calls_since: Sequence[datetime], money_since: datetime | None
) -> tuple[list[int], int]:
    """Return how many calls an account has made since each of these moments, and its micro-USD since another.

    A call at the very moment counts no more. One statement, by an index of the account's own attempts.
    """
    moments = [*calls_since, *([] if money_since is None else [money_since])]
    if not moments:
        return [], 0
    one: sa.ColumnElement[int] = sa.literal(1)
    sums = [_sum(one, since, _NO_CALL) for since in calls_since]
    if money_since is not None:
        sums.append(_sum(_TABLE.c.cost_micro_usd, money_since, _NO_CHARGE))
    row = tx.execute(sa.select(*sums).where(*_of(city, account), _TABLE.c.opened_at > min(moments))).one()
    found = [int(value) for value in row]
    return found[: len(calls_since)], sum(found[len(calls_since) :])


def frees_up(tx: Transaction, city: str, account: str, *, share: int, window: timedelta) -> datetime:
    """Return when a rolling window that has *share* calls or more in it will have room for one more; *share* >= 1."""
    opened_at: datetime = tx.execute(
        sa.select(_TABLE.c.opened_at)
        .where(*_of(city, account), _TABLE.c.opened_at > tx.now - window, _is_used(_NO_CALL))
        .order_by(_TABLE.c.opened_at.desc())
        .offset(share - 1)
        .limit(1)
    ).scalar_one()
    return opened_at + window


def _sum(what: sa.ColumnElement[int], since: datetime, but: Sequence[DeliveryEvent]) -> sa.ColumnElement[Any]:
    counts = sa.and_(_TABLE.c.opened_at > since, _is_used(but))
    return sa.func.coalesce(sa.func.sum(sa.case((counts, what), else_=0)), 0)


def _of(city: str, account: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _TABLE.c.city == city, _TABLE.c.account == account


def _is_used(but: Sequence[DeliveryEvent]) -> sa.ColumnElement[bool]:
    return sa.or_(_TABLE.c.event.is_(None), _TABLE.c.event.not_in(but))
