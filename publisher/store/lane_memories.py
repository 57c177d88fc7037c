"""Accounts that are closed for now, as all workers know it: throttled until a time, or waiting for a person's repair.

It is advice, not the ledger: a row that is lost costs one call that is refused, and changes no delivery.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import TAKES_BACK, DeliveryState
from publisher.store import inserts, lane_tables, tables
from publisher.store.delivery_record import WITNESSED, Problem
from publisher.store.post_time import TOLERATED_SECONDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE: Final = lane_tables.lane_memories
_DELIVERIES: Final = tables.deliveries


class Kind(StrEnum):
    """Why an account is closed."""

    THROTTLED = "throttled"
    """The platform takes nothing more before a time: what is still useful then waits."""
    NEEDS_PERSON = "needs_person"
    """Somebody must mend something and is asked, once: what comes up meanwhile waits, without a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One account that is closed for routine deliveries."""

    city: str
    account: str
    platform: str
    kind: Kind
    until: datetime
    noted_at: datetime
    problem: Problem
    """What the platform said."""

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is: (city, account)."""
        return self.city, self.account


def remember(tx: Transaction, memory: Memory) -> None:
    """Keep a memory in place of what was known of its account; one that reaches further into the future stays.

    Not so what a clock that was ahead has left: nobody believes it, and the new one would be forgotten for it.
    """
    key = {"city": memory.city, "account": memory.account}
    values = {
        "platform": memory.platform,
        "kind": memory.kind,
        "until": memory.until,
        "noted_at": memory.noted_at,
        "code": memory.problem.code,
        "params": dict(memory.problem.params),
        "who": memory.problem.who,
    }
    if not inserts.insert_missing(tx, _TABLE, {**key, **values}):
        is_unbelievable = _TABLE.c.noted_at > tx.now + timedelta(seconds=TOLERATED_SECONDS)
        gives_way = sa.or_(_TABLE.c.until < memory.until, is_unbelievable)
        tx.execute(sa.update(_TABLE).where(*_is(memory.key), gives_way).values(**values))


def forget(tx: Transaction, city: str, account: str, *, kind: Kind | None = None) -> bool:
    """Open an account again, where *kind* is given only one that is closed for that; return whether it was closed."""
    wanted = () if kind is None else (_TABLE.c.kind == kind,)
    return tx.execute(sa.delete(_TABLE).where(*_is((city, account)), *wanted)).rowcount > 0


def get(tx: Transaction, city: str, account: str) -> Memory | None:
    """Return what is remembered of an account, in force or not."""
    row = tx.execute(sa.select(_TABLE).where(*_is((city, account)))).one_or_none()
    return None if row is None else _from_row(row)


def is_asked_about(tx: Transaction, city: str, account: str, code: str) -> bool:
    """Tell whether a person is asked for the repair that an account waits for: of one of its posts, by this *code*.

    A question that is older than the account's newest success or secrets was about an earlier trouble. That a person
    saw a post there is no success of ours.
    """
    later = _DELIVERIES.alias("later")
    is_over = sa.or_(
        sa.exists().where(
            later.c.city == city,
            later.c.account == account,
            later.c.sent_at > _DELIVERIES.c.state_at,
            later.c.external_id != WITNESSED,
        ),
        sa.exists().where(
            tables.credentials.c.city == city,
            tables.credentials.c.account == account,
            tables.credentials.c.updated_at > _DELIVERIES.c.state_at,
        ),
    )
    problem = _DELIVERIES.c.problem
    query = sa.select(_DELIVERIES.c.id).where(
        *(_DELIVERIES.c.city == city, _DELIVERIES.c.account == account, _DELIVERIES.c.sent_at.is_(None)),
        _DELIVERIES.c.state == DeliveryState.ASKED,
        _DELIVERIES.c.kind.not_in(sorted(TAKES_BACK)),
        problem["code"].as_string() == code,
        problem["objection"].as_string().is_(None),
        ~is_over,
    )
    return tx.execute(query.limit(1)).first() is not None


def in_force(tx: Transaction, *, cities: Collection[str] | None = None) -> Sequence[Memory]:
    """Return which accounts are closed at this moment: of all cities, or of these."""
    query = sa.select(_TABLE).where(_TABLE.c.until > tx.now, _TABLE.c.noted_at <= tx.now)
    if cities is not None:
        query = query.where(_TABLE.c.city.in_(sorted(cities)))
    return [_from_row(row) for row in tx.execute(query.order_by(_TABLE.c.city, _TABLE.c.account))]


def _from_row(row: sa.Row[Any]) -> Memory:
    return Memory(
        city=row.city,
        account=row.account,
        platform=row.platform,
        kind=Kind(row.kind),
        until=row.until,
        noted_at=row.noted_at,
        problem=Problem(code=row.code, params=row.params, who=row.who),
    )


def _is(key: tuple[str, str]) -> tuple[sa.ColumnElement[bool], ...]:
    return _TABLE.c.city == key[0], _TABLE.c.account == key[1]
