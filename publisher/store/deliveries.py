"""Deliveries: making them, reading them, and the one door through which their state changes.

Locks are taken in one order, post first, then its deliveries, then the city's chain (at the end), so that two
transactions never wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.delivery import FINAL, SOURCE_KINDS, DeliveryEvent, DeliveryKind, DeliveryState, next_state
from publisher.errors import LeaseLostError, NotFoundError
from publisher.store import aftermath, tables
from publisher.store.delivery_record import WITNESSED, Delivery, Objection, Problem, Waiver

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from platforms.port import Receipt
    from publisher.store.engine import Transaction

__all__ = ["WITNESSED", "Change", "Delivery", "Objection", "Problem", "Waiver"]  # and the functions below

LEDGER: Final = "ledger"
"""Who moves a delivery where no person does."""
_GOES_ON: Final = frozenset({DeliveryEvent.PERSON_SAYS_SEND, DeliveryEvent.PERSON_SAYS_WAIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an event brings with it. Fields left out keep what the row has."""

    due_at: datetime | None = None
    receipt: Receipt | None = None
    """Needed by every event that leads to `sent`, but for a person's word."""
    problem: Problem | None = None
    poll_token: str | None = None
    reads: int | None = None
    looks: int | None = None
    lets_go: Sequence[str] = ()
    """The holds that a person sets aside for this delivery, by their ids."""
    note: str = ""
    """A person's own words, for the audit trail."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """More for the audit trail."""


def create(
    tx: Transaction,
    *,
    city: str,
    post_id: str,
    version_id: str,
    account: str,
    platform: str,
    kind: DeliveryKind,
    due_at: datetime,
    planned_at: datetime,
    latest_at: datetime | None,
    seal: str,
    is_emergency: bool,
    source_id: str | None = None,
    who: str = LEDGER,
) -> Delivery:
    """Make a delivery: waiting where it has a source, else due.

    Raises:
        sqlalchemy.exc.IntegrityError: This version has a delivery of this kind to this account already.
        ValueError: A delivery of this kind cannot have this source.
    """
    if source_id is not None and get(tx, source_id).kind is not SOURCE_KINDS.get(kind):
        raise ValueError(f"{kind} cannot have delivery {source_id} as its source")
    state = DeliveryState.DUE if source_id is None else DeliveryState.WAITING
    delivery_id = tx.new_id()
    row = {
        "id": delivery_id,
        "city": city,
        "post_id": post_id,
        "version_id": version_id,
        "account": account,
        "platform": platform,
        "kind": kind,
        "source_id": source_id,
        "state": state,
        "state_at": tx.now,
        "is_emergency": is_emergency,
        "planned_at": planned_at,
        "due_at": due_at,
        "latest_at": latest_at,
        "seal": seal,
        "created_at": tx.now,
    }
    tx.execute(sa.insert(tables.deliveries).values(**row))
    delivery = get(tx, delivery_id)
    aftermath.of_creation(tx, delivery, who=who)
    return delivery


def get(tx: Transaction, delivery_id: str) -> Delivery:
    """Return a delivery.

    Raises:
        NotFoundError: There is none with this id.
    """
    return _one(tx, sa.select(tables.deliveries).where(tables.deliveries.c.id == delivery_id))


def of_post(tx: Transaction, post_id: str) -> Sequence[Delivery]:
    """Return a post's deliveries, of all its versions, in the order in which they were made."""
    return _many(tx, tables.deliveries.c.post_id == post_id)


def of_version(tx: Transaction, version_id: str) -> Sequence[Delivery]:
    """Return a version's deliveries in the order in which they were made."""
    return _many(tx, tables.deliveries.c.version_id == version_id)


def lock(tx: Transaction, delivery_id: str) -> Delivery:
    """Return a delivery, with its post and itself locked until the transaction ends.

    The locks let others refer to the rows (PostgreSQL's FOR NO KEY UPDATE): a claim that leaves a notice about the
    post must not wait for whoever waits for the claimed delivery.

    Raises:
        NotFoundError: There is none with this id.
    """
    post_id = get(tx, delivery_id).post_id
    tx.execute(sa.select(tables.posts.c.id).where(tables.posts.c.id == post_id).with_for_update(key_share=True))
    one = sa.select(tables.deliveries).where(tables.deliveries.c.id == delivery_id)
    return _one(tx, one.with_for_update(key_share=True))


def apply(
    tx: Transaction,
    delivery_id: str,
    event: DeliveryEvent,
    *,
    token: str | None = None,
    seen: Delivery | None = None,
    who: str = LEDGER,
    change: Change | None = None,
) -> Delivery:
    """Move a delivery on: the one door.

    Writes in the same transaction the audit event and the notices, lets go or ends the reposts that wait for it, and
    closes the post when all its deliveries have ended. A service that ends a post by another way (cancelling,
    editing) changes the post's state first and its deliveries after.

    Args:
        tx: The transaction.
        delivery_id: Which.
        event: What happened.
        token: The lease's token; needed to move a leased delivery, and refused elsewhere.
        seen: The delivery as the caller saw it; refused where somebody moved or looked at it since.
        who: A person's key, or the part of the program.
        change: What the event brings.

    Raises:
        ForbiddenTransitionError: The table has no such transition.
        LeaseLostError: The lease is not this one any more, or the delivery is not as *seen*.
        NotFoundError: There is no such delivery.
        ValueError: An event that leads to `sent` brings no receipt.
    """
    change = change or Change()
    before = lock(tx, delivery_id)
    state = next_state(before.state, event)
    if before.lease_token != token or (seen is not None and _mark(seen) != _mark(before)):
        raise LeaseLostError(f"{event} of delivery {delivery_id} comes too late: it is {before.state}")
    values = _values(tx, before, event, state, who=who, change=change)
    if event is DeliveryEvent.HOLD_LIFTED:
        values |= {"due_at": tx.now, "problem": None, "waived": _let_go(tx, before, change.lets_go, who)}
    _write(tx, before, values)
    after = get(tx, delivery_id)
    aftermath.of_event(tx, before, after, event, who=who, note=change.note, facts=change.facts)
    for waiting_id, waiting_event in aftermath.followers_to_move(tx, after):
        apply(tx, waiting_id, waiting_event, change=Change(due_at=tx.now))
    aftermath.close_post(tx, after)
    return after


def _mark(delivery: Delivery) -> tuple[object, ...]:
    return delivery.state, delivery.attempts, delivery.looks


def _values(
    tx: Transaction, before: Delivery, event: DeliveryEvent, state: DeliveryState, *, who: str, change: Change
) -> dict[str, Any]:
    values: dict[str, Any] = {"state": state}
    if state is not before.state:
        values |= {"state_at": tx.now, "looks": 0, "reads": 0}
    if state is not DeliveryState.LEASED:
        values |= {"lease_owner": None, "lease_token": None, "lease_until": None}
    if state in FINAL:
        values["finished_at"] = tx.now
    if state is DeliveryState.SENT:
        values |= _receipt_values(tx, event, change)
    if event is DeliveryEvent.PROVEN_ABSENT:
        values["problem"] = None
    if event in _GOES_ON:
        due_at = change.due_at or tx.now
        is_sent = event is DeliveryEvent.PERSON_SAYS_SEND
        values |= {"due_at": due_at, "problem": None, "waived": _waivers(before, who, at=due_at, is_sent=is_sent)}
    for name in ("due_at", "poll_token", "reads", "looks"):
        if getattr(change, name) is not None:
            values[name] = getattr(change, name)
    if change.problem is not None:
        values["problem"] = change.problem.as_json()
    return values


def _receipt_values(tx: Transaction, event: DeliveryEvent, change: Change) -> dict[str, Any]:
    if change.receipt is not None:
        receipt = change.receipt
        return {"external_id": receipt.external_id, "url": receipt.url, "sent_at": receipt.at, "problem": None}
    if event is DeliveryEvent.PERSON_SAYS_SENT:
        return {"external_id": WITNESSED, "sent_at": tx.now, "problem": None}
    raise ValueError(f"{event} needs a receipt")


def _waivers(before: Delivery, who: str, *, at: datetime, is_sent: bool) -> list[dict[str, str]]:
    """Return what is waived once *who* lets it go on; what is late at that moment is wanted late.

    Who says *send* waives what was asked about; who says *wait* does not.
    """
    waivers = list(before.waived)
    asked = before.problem
    if is_sent and asked is not None and asked.objection is not None:
        waivers.append(Waiver(objection=asked.objection, about=asked.about, by=who))
    if before.is_late(at) and not (is_sent and asked is not None and asked.objection is Objection.LATE):
        waivers.append(Waiver(objection=Objection.LATE, about=Objection.LATE, by=who))
    return [{"objection": waiver.objection, "about": waiver.about, "by": waiver.by} for waiver in waivers]


def _let_go(tx: Transaction, before: Delivery, holds: Sequence[str], who: str) -> list[dict[str, str]]:
    """Return what is waived once *who* lets a held delivery go on; what is late at this moment is wanted late."""
    waivers = [*before.waived, *(Waiver(objection=Objection.HOLD, about=hold, by=who) for hold in holds)]
    if before.is_late(tx.now):
        waivers.append(Waiver(objection=Objection.LATE, about=Objection.LATE, by=who))
    return [{"objection": waiver.objection, "about": waiver.about, "by": waiver.by} for waiver in waivers]


def _write(tx: Transaction, before: Delivery, values: Mapping[str, Any]) -> None:
    table = tables.deliveries
    done = tx.execute(
        sa.update(table)
        .where(table.c.id == before.id, table.c.state == before.state)
        .where(table.c.lease_token.is_not_distinct_from(before.lease_token))
        .values(**values)
    )
    if done.rowcount != 1:  # the row is locked, so this would be a fault of the door itself: never a shrug
        raise LeaseLostError(f"delivery {before.id} is not {before.state} any more")


def _one(tx: Transaction, query: sa.Select[Any]) -> Delivery:
    row = tx.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("there is no such delivery")
    return Delivery.from_row(row)


def _many(tx: Transaction, condition: sa.ColumnElement[bool]) -> Sequence[Delivery]:
    table = tables.deliveries
    rows = tx.execute(sa.select(table).where(condition).order_by(table.c.created_at, table.c.id))
    return [Delivery.from_row(row) for row in rows]
