"""Attempts: each call to a platform, written before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.errors import LeaseLostError
from publisher.store import audit, bulk, deliveries, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_TABLE = tables.attempts
_DOUBTFUL: Final = (
    DeliveryEvent.PERHAPS_SENT,
    DeliveryEvent.LEASE_ENDED_OPEN,
    DeliveryEvent.STILL_PROCESSING,
    DeliveryEvent.PAST_LOST,
)
"""Ends of a call after which the post may be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call, and how it ended."""

    n: int
    opened_at: datetime
    closed_at: datetime | None
    event: str | None
    detail: Mapping[str, Any] | None


def open_next(tx: Transaction, delivery: Delivery, *, cost_micro_usd: int = 0, is_counted: bool = False) -> Delivery:
    """Write that a call is about to be made; the caller holds the delivery's lock and lease.

    Args:
        tx: The transaction.
        delivery: Which.
        cost_micro_usd: What the vendor charges for it.
        is_counted: It counts against a quota or a budget of its account (`publisher.store.spending`).

    Raises:
        sqlalchemy.exc.IntegrityError: A call of this delivery is open already.
    """
    (opened,) = open_many(
        tx,
        [delivery],
        lease_until=delivery.lease_until,
        costs={delivery.id: cost_micro_usd},
        counted={delivery.id} if is_counted else (),
    )
    return opened


def open_many(
    tx: Transaction,
    held: Sequence[Delivery],
    *,
    lease_until: datetime | None,
    costs: Mapping[str, int],
    counted: Collection[str],
    resumes: Mapping[str, str] | None = None,
) -> list[Delivery]:
    """Write that calls are about to be made; the caller holds the deliveries' locks and leases.

    Args:
        tx: The transaction.
        held: Which.
        lease_until: Until when their leases last from now on.
        costs: What the vendor charges for each, in micro-USD, by the deliveries' ids.
        counted: Which count against a quota or a budget of their accounts (`publisher.store.spending`).
        resumes: What calls will leave with `checkpoint` first of all, where it is known, by the deliveries' ids.

    Returns:
        The deliveries as they are now; but their `resume` is still what the call before this one left, for this one.

    Raises:
        sqlalchemy.exc.IntegrityError: A call of one of them is open already.
    """
    opened = [
        one.changed(
            {
                "attempts": one.attempts + 1,
                "first_attempt_at": one.first_attempt_at or tx.now,
                "lease_until": lease_until,
            }
        )
        for one in held
    ]
    calls = [
        {
            "id": tx.new_id(),
            "city": one.city,
            "delivery_id": one.id,
            "n": one.attempts,
            "opened_at": tx.now,
            "cost_micro_usd": costs[one.id],
            "account": one.account if one.id in counted else None,
        }
        for one in opened
    ]
    bulk.insert(tx, _TABLE, calls)
    written = ("attempts", "first_attempt_at", "lease_until")
    rows = [
        {
            "was_id": one.id,
            "was_lease_token": one.lease_token,
            "resume": (resumes or {}).get(one.id, one.resume),
            **one.as_columns(written),
        }
        for one in opened
    ]
    if bulk.update(tx, tables.deliveries, rows) != len(rows):  # they are locked: never a shrug
        raise LeaseLostError("a delivery is not leased as it was a moment ago")
    for one in opened:
        audit.append(
            tx,
            city=one.city,
            who=deliveries.LEDGER,
            kind="attempt_opened",
            post_id=one.post_id,
            delivery_id=one.id,
            facts={"n": one.attempts, "account": one.account},
        )
    return opened


def suppose(tx: Transaction, delivery: Delivery, event: DeliveryEvent, *, since: datetime, at: datetime) -> None:
    """Write a call that a lost past may have made at *since* or later: it ended with *event*, known only *at*.

    The caller holds the delivery's lock.
    """
    n = delivery.attempts + 1
    row = {"id": tx.new_id(), "city": delivery.city, "delivery_id": delivery.id, "n": n}
    detail = {"since": since.isoformat()}
    tx.execute(sa.insert(_TABLE).values(**row, opened_at=at, closed_at=at, event=event, detail=detail))
    table = tables.deliveries
    first = min(since, delivery.first_attempt_at or since)
    tx.execute(sa.update(table).where(table.c.id == delivery.id).values(attempts=n, first_attempt_at=first))


def close(
    tx: Transaction, delivery_id: str, event: DeliveryEvent, detail: Mapping[str, str | int] | None = None
) -> bool:
    """Write how the open call ended; return whether one was open."""
    return close_many(tx, [(delivery_id, event, detail or {})]) == 1


def close_many(tx: Transaction, ends: Sequence[tuple[str, DeliveryEvent, Mapping[str, str | int]]]) -> int:
    """Write how open calls ended, each as (delivery, event, detail); return how many were open.

    The caller holds the deliveries' locks.
    """
    rows = [
        {
            "was_delivery_id": one,
            "was_closed_at": None,
            "closed_at": tx.now,
            "event": str(event),
            "detail": dict(detail),
        }
        for one, event, detail in ends
    ]
    return bulk.update(tx, _TABLE, rows)


def is_open(tx: Transaction, delivery_id: str) -> bool:
    """Return whether a call of this delivery is open."""
    query = sa.select(_TABLE.c.id).where(_TABLE.c.delivery_id == delivery_id, _TABLE.c.closed_at.is_(None))
    return tx.execute(query).first() is not None


def are_doubtful(tx: Transaction, delivery_ids: Collection[str]) -> frozenset[str]:
    """Return those deliveries that a call may have published without our knowing, or that a call is open for.

    A platform on which a repeat is safe leaves the doubt: safe to repeat is not the same as not there.
    """
    if not delivery_ids:
        return frozenset()
    query = sa.select(_TABLE.c.delivery_id).where(
        _TABLE.c.delivery_id.in_(sorted(delivery_ids)),
        sa.or_(_TABLE.c.closed_at.is_(None), _TABLE.c.event.in_(_DOUBTFUL)),
    )
    return frozenset(tx.execute(query).scalars())


def end_doubt(tx: Transaction, delivery_id: str, event: DeliveryEvent) -> None:
    """Write that the calls whose end was not known have published nothing, by proof or by a person's word."""
    tx.execute(
        sa.update(_TABLE).where(_TABLE.c.delivery_id == delivery_id, _TABLE.c.event.in_(_DOUBTFUL)).values(event=event)
    )


def keep_resumes(
    tx: Transaction, calls: Sequence[tuple[str, str, str]], *, skip_locked: bool = False
) -> frozenset[str]:
    """Keep what makes repeats of calls under way safe, each as (delivery, its lease's token, what to keep).

    Returns:
        The tokens for which it was kept. Those of the others lead no more, or where it *skips* what is *locked*, to a
        delivery that somebody else has locked.
    """
    rows = [
        {"was_id": one, "was_lease_token": token, "was_state": str(DeliveryState.LEASED), "resume": resume}
        for one, token, resume in calls
    ]
    # On SQLite only one writes: it needs no locks, and the number alone tells that all are leased as they should be.
    if bulk.is_sqlite(tx) and bulk.update(tx, tables.deliveries, rows) == len(rows):
        return frozenset(token for _, token, _ in calls)
    query = _leased(is_sqlite=bulk.is_sqlite(tx), skip_locked=skip_locked)
    found = {row.lease_token for row in tx.execute(query, bulk.ids(tx, [one for one, _, _ in calls]))}
    kept = [row for row in rows if row["was_lease_token"] in found]
    bulk.update(tx, tables.deliveries, kept)
    return frozenset(str(row["was_lease_token"]) for row in kept)


@cache
def _leased(*, is_sqlite: bool, skip_locked: bool) -> sa.Select[Any]:
    """Return the query for the leases of deliveries, which are locked in the order in which everybody locks them."""
    table = tables.deliveries
    query = sa.select(table.c.lease_token).where(table.c.state == DeliveryState.LEASED)
    query = query.where(bulk.is_among(table.c.id, is_sqlite=is_sqlite)).order_by(table.c.id)
    return query.with_for_update(key_share=True, skip_locked=skip_locked)


def of_delivery(tx: Transaction, delivery_id: str) -> Sequence[Attempt]:
    """Return a delivery's calls, oldest first."""
    rows = tx.execute(sa.select(_TABLE).where(_TABLE.c.delivery_id == delivery_id).order_by(_TABLE.c.n))
    return [
        Attempt(n=row.n, opened_at=row.opened_at, closed_at=row.closed_at, event=row.event, detail=row.detail)
        for row in rows
    ]
