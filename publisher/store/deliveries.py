"""Deliveries: making them, reading them, and the one door through which their state changes.

Locks are taken in one order, post first, then its deliveries, then the city's chain (at the end), so that two
transactions never wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from publisher.delivery import (
    FINAL,
    SOURCE_KINDS,
    DeliveryEvent,
    DeliveryKind,
    DeliveryState,
    ForbiddenTransitionError,
    next_state,
)
from publisher.errors import LeaseLostError, NotFoundError
from publisher.store import aftermath, bulk, tables
from publisher.store.delivery_record import WITNESSED, Delivery, Objection, Problem, Waiver

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from platforms.port import Receipt
    from publisher.store.engine import Transaction

__all__ = ["WITNESSED", "Change", "Delivery", "Objection", "Problem", "Waiver"]  # and the functions below

LEDGER: Final = "ledger"
"""Who moves a delivery where no person does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """What became of leases that somebody took."""

    held: Mapping[str, Delivery]
    """Those that still hold, by the deliveries' ids; locked."""
    lost: Sequence[Delivery]
    """Those that ended, or that somebody else has taken since."""
    locked: Sequence[Delivery]
    """Those that nobody knows of at this moment: somebody else has them locked."""


StepRefused: TypeAlias = ForbiddenTransitionError | LeaseLostError | NotFoundError | ValueError
"""Why a step is not taken; each as `apply` raises it."""
_WRITTEN: Final = (
    *("state", "state_at", "due_at", "reads", "looks", "problem", "waived", "poll_token"),
    *("lease_owner", "lease_token", "lease_until", "external_id", "url", "sent_at", "finished_at"),
)
"""What a step may change."""
_POSTS: Final = "posts"
_A_DAY: Final = timedelta(days=1)
_A_MINUTE: Final = timedelta(minutes=1)
"""So much the platforms' clocks may be behind ours."""
_GOES_ON: Final = frozenset(
    {DeliveryEvent.PERSON_SAYS_SEND, DeliveryEvent.PERSON_SAYS_WAIT, DeliveryEvent.ORDERED_ANEW}
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One delivery's way through the door."""

    delivery_id: str
    event: DeliveryEvent
    """What happened."""
    token: str | None = None
    """The lease's token; needed to move a leased delivery, and refused elsewhere."""
    seen: Delivery | None = None
    """The delivery as the caller saw it; refused where somebody moved or looked at it since."""
    who: str = LEDGER
    """A person's key, or the part of the program."""
    change: Change = field(default_factory=Change)
    """What the event brings."""


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


def is_receipt_of_another(tx: Transaction, delivery: Delivery, external_id: str, *, at: datetime) -> bool:
    """Tell whether a platform's id, of a post of the moment *at*, is known as another's than *delivery*'s."""
    table = tables.deliveries
    query = sa.select(table.c.id).where(
        table.c.city == delivery.city,
        table.c.account == delivery.account,
        table.c.sent_at > at - _A_DAY,  # what was read back, or heard of, has another time than the platform's own
        table.c.external_id == external_id,
        table.c.kind == DeliveryKind.PUBLISH,
        table.c.id != delivery.id,
    )
    return tx.execute(query.limit(1)).first() is not None


def is_awaited_by_another(tx: Transaction, delivery: Delivery, *, at: datetime) -> bool:
    """Tell whether a post of *delivery*'s words and the moment *at* may be what a call under way will have made.

    The words are those that the platform gets: a variant's, where there is one, and without the space around them.
    """
    table, calls, versions = tables.deliveries, tables.attempts, tables.versions
    query = (
        sa.select(versions.c.text, versions.c.variants)
        .join(table, table.c.version_id == versions.c.id)
        .join(calls, calls.c.delivery_id == table.c.id)
        .where(table.c.state == DeliveryState.LEASED, table.c.kind == DeliveryKind.PUBLISH, table.c.id != delivery.id)
        .where(table.c.city == delivery.city, table.c.account == delivery.account)
        .where(calls.c.closed_at.is_(None), calls.c.opened_at <= at + _A_MINUTE)
    )
    own = sa.select(versions.c.text, versions.c.variants).where(versions.c.id == delivery.version_id)
    words = _words(tx.execute(own).one(), delivery.platform)
    return any(_words(row, delivery.platform) == words for row in tx.execute(query))


def _words(row: sa.Row[Any], platform: str) -> str:
    variant = str(row.variants.get(platform, "")).strip()
    return variant or str(row.text).strip()


def of_post(tx: Transaction, post_id: str) -> Sequence[Delivery]:
    """Return a post's deliveries, of all its versions, in the order in which they were made."""
    return _many(tx, tables.deliveries.c.post_id == post_id)


def of_version(tx: Transaction, version_id: str) -> Sequence[Delivery]:
    """Return a version's deliveries in the order in which they were made."""
    return _many(tx, tables.deliveries.c.version_id == version_id)


def lock(tx: Transaction, delivery_id: str) -> Delivery:
    """Return a delivery, with its post and itself locked until the transaction ends.

    Raises:
        NotFoundError: There is none with this id.
    """
    held = lock_many(tx, [delivery_id])
    if delivery_id not in held:
        raise NotFoundError("there is no such delivery")
    return held[delivery_id]


def lock_many(tx: Transaction, delivery_ids: Collection[str], *, skip_locked: bool = False) -> dict[str, Delivery]:
    """Return deliveries by their ids, with their posts and themselves locked until the transaction ends.

    The posts first, then the deliveries, each in the order of their ids: so two batches never wait for each other.
    The locks let others refer to the rows (PostgreSQL's FOR NO KEY UPDATE): a claim that leaves a notice about the
    post must not wait for whoever waits for the claimed delivery. With *skip_locked*, what others have locked is left
    out.
    """
    return {row.id: Delivery.from_row(row) for row in _lock(tx, delivery_ids, _whole, skip_locked=skip_locked)}


def lock_leased(tx: Transaction, leased: Sequence[Delivery], *, skip_locked: bool = False) -> Leased:
    """Lock what *leased* says and tell what is still under the same lease, as `lock_many` locks.

    Nobody else moves what is under our lease, so the rows need not be read again: but for what an erasure takes out.
    """
    wanted, posts = [one.id for one in leased], {one.post_id for one in leased}
    rows = {row.id: row for row in _lock(tx, wanted, _lease, posts=posts, skip_locked=skip_locked)}
    held, lost, locked = {}, [], []
    for one in leased:
        row = rows.get(one.id)
        if row is None:
            locked.append(one)
        elif row.lease_token is None or row.lease_token != one.lease_token:
            lost.append(one)
        else:
            problem = None if row.problem is None else Problem.from_json(row.problem)
            held[one.id] = one if problem == one.problem else one.changed({"problem": problem})
    return Leased(held=held, lost=lost, locked=locked)


def _lock(
    tx: Transaction,
    delivery_ids: Collection[str],
    query: Callable[..., sa.Select[Any]],
    *,
    posts: Collection[str] | None = None,
    skip_locked: bool,
) -> Sequence[sa.Row[Any]]:
    """Lock posts, then deliveries; in two statements, since one doesn't say in which order it locks its tables.

    The *posts* are those of the deliveries, whose post never changes, where the caller knows them.
    On SQLite, where one writes at a time, there is nothing to lock.
    """
    named = bulk.ids(tx, delivery_ids)
    how = {"is_sqlite": bulk.is_sqlite(tx), "skip_locked": skip_locked}
    if not how["is_sqlite"]:
        known = named if posts is None else bulk.ids(tx, posts)
        locking = _posts(is_known=posts is not None, skip_locked=skip_locked)
        named |= bulk.ids(tx, tx.execute(locking, known).scalars().all(), name=_POSTS)
    return tx.execute(query(**how), named).all()


@cache
def _posts(*, is_known: bool, skip_locked: bool) -> sa.Select[Any]:
    """Return the query for posts: those that are named, or those of the deliveries that are."""
    table, posts = tables.deliveries, tables.posts
    of_deliveries = sa.select(table.c.post_id).where(bulk.is_among(table.c.id, is_sqlite=False))
    is_wanted = bulk.is_among(posts.c.id, is_sqlite=False) if is_known else posts.c.id.in_(of_deliveries)
    query = sa.select(posts.c.id).where(is_wanted).order_by(posts.c.id)
    return query.with_for_update(key_share=True, skip_locked=skip_locked)


@cache
def _whole(*, is_sqlite: bool, skip_locked: bool) -> sa.Select[Any]:
    table = tables.deliveries
    query = sa.select(table).where(bulk.is_among(table.c.id, is_sqlite=is_sqlite)).order_by(table.c.id)
    if not is_sqlite:
        query = query.where(bulk.is_among(table.c.post_id, is_sqlite=False, name=_POSTS))
    return query.with_for_update(key_share=True, skip_locked=skip_locked)


@cache
def _lease(*, is_sqlite: bool, skip_locked: bool) -> sa.Select[Any]:
    table = tables.deliveries
    query = _whole(is_sqlite=is_sqlite, skip_locked=skip_locked)
    return query.with_only_columns(table.c.id, table.c.lease_token, table.c.problem)


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
    """Move one delivery on: a batch of one.

    Raises:
        ForbiddenTransitionError: The table has no such transition.
        LeaseLostError: The lease is not this one any more, or the delivery is not as *seen*.
        NotFoundError: There is no such delivery.
        ValueError: An event that leads to `sent` brings no receipt.
    """
    step = Step(delivery_id=delivery_id, event=event, token=token, seen=seen, who=who, change=change or Change())
    (outcome,) = apply_many(tx, [step])
    if isinstance(outcome, Delivery):
        return outcome
    raise outcome


def apply_many(
    tx: Transaction, steps: Sequence[Step], *, held: Mapping[str, Delivery] | None = None
) -> list[Delivery | StepRefused]:
    """Move deliveries on: the one door.

    Writes in the same transaction the audit events and the notices, lets go or ends what waits for them,
    and closes the posts whose deliveries have all ended. A service that ends a post by another way (cancelling,
    editing) changes the post's state first and its deliveries after.

    Args:
        tx: The transaction.
        steps: One at most for each delivery.
        held: The deliveries as `lock_many` returned them in this transaction; None: they are locked here.

    Returns:
        For each step the delivery as it is now, or why it was refused. One that is refused leaves nothing behind, and
        the others are done all the same.

    Raises:
        ValueError: Two steps are about the same delivery.
    """
    if len({step.delivery_id for step in steps}) < len(steps):
        raise ValueError("a delivery takes one step at a time")
    held = lock_many(tx, [step.delivery_id for step in steps]) if held is None else held
    outcomes = [_outcome(tx, held.get(step.delivery_id), step) for step in steps]
    moved = [
        aftermath.Moved(before=held[step.delivery_id], after=after, event=step.event, who=step.who)
        for step, after in zip(steps, outcomes, strict=True)
        if isinstance(after, Delivery)
    ]
    _write(tx, moved)
    changes = {step.delivery_id: step.change for step in steps}
    for one in moved:
        aftermath.of_event(tx, one, note=changes[one.after.id].note, facts=changes[one.after.id].facts)
    ended = [one.after for one in moved if one.after.state in FINAL]
    _move_followers(tx, ended)
    aftermath.close_posts(tx, ended)
    return outcomes


def _move_followers(tx: Transaction, ended: Sequence[Delivery]) -> None:
    waiting = aftermath.followers_to_move(tx, ended)
    if not waiting:
        return
    change = Change(due_at=tx.now)
    for outcome in apply_many(tx, [Step(delivery_id=one, event=event, change=change) for one, event in waiting]):
        if not isinstance(outcome, Delivery):  # they were locked with their post: never a shrug
            raise outcome


def _outcome(tx: Transaction, before: Delivery | None, step: Step) -> Delivery | StepRefused:
    """Return the delivery as the step leaves it, or why there is no such step. Nothing is written."""
    if before is None:
        return NotFoundError("there is no such delivery")
    try:
        state = next_state(before.state, step.event, before.kind)
        if before.lease_token != step.token or (step.seen is not None and _mark(step.seen) != _mark(before)):
            return LeaseLostError(f"{step.event} of delivery {before.id} comes too late: it is {before.state}")
        return before.changed(_values(tx, before, step, state))
    except (ForbiddenTransitionError, ValueError) as error:
        return error


def _mark(delivery: Delivery) -> tuple[object, ...]:
    return delivery.state, delivery.attempts, delivery.looks


def _values(tx: Transaction, before: Delivery, step: Step, state: DeliveryState) -> dict[str, Any]:
    change, event = step.change, step.event
    values: dict[str, Any] = {"state": state}
    if state is not before.state:
        values |= {"state_at": tx.now, "looks": 0, "reads": 0}
    if state is not DeliveryState.LEASED:
        values |= {"lease_owner": None, "lease_token": None, "lease_until": None}
    if state in FINAL or before.finished_at is not None:
        values["finished_at"] = tx.now if state in FINAL else None
    if state is DeliveryState.SENT:
        values |= _receipt_values(tx, event, change)
    if event is DeliveryEvent.PROVEN_ABSENT:
        values["problem"] = None
    if event in _GOES_ON:
        due_at = change.due_at or tx.now
        is_sent = event is DeliveryEvent.PERSON_SAYS_SEND
        values |= {"due_at": due_at, "problem": None, "waived": _waivers(before, step.who, at=due_at, is_sent=is_sent)}
    for name in ("due_at", "poll_token", "reads", "looks", "problem"):
        if getattr(change, name) is not None:
            values[name] = getattr(change, name)
    if event is DeliveryEvent.HOLD_LIFTED:
        values |= {"due_at": tx.now, "problem": None, "waived": _let_go(tx, before, change.lets_go, step.who)}
    return values


def _receipt_values(tx: Transaction, event: DeliveryEvent, change: Change) -> dict[str, Any]:
    if change.receipt is not None:
        receipt = change.receipt
        return {"external_id": receipt.external_id, "url": receipt.url, "sent_at": receipt.at, "problem": None}
    if event is DeliveryEvent.PERSON_SAYS_SENT:
        return {"external_id": WITNESSED, "sent_at": tx.now, "problem": None}
    raise ValueError(f"{event} needs a receipt")


def _waivers(before: Delivery, who: str, *, at: datetime, is_sent: bool) -> tuple[Waiver, ...]:
    """Return what is waived once *who* lets it go on; what is late at that moment is wanted late.

    Who says *send* waives what was asked about; who says *wait* does not.
    """
    waivers = before.waived
    asked = before.problem
    if is_sent and asked is not None and asked.objection is not None:
        waivers += (Waiver(objection=asked.objection, about=asked.about, by=who),)
    if before.is_late(at) and not (is_sent and asked is not None and asked.objection is Objection.LATE):
        waivers += (Waiver(objection=Objection.LATE, about=Objection.LATE, by=who),)
    return waivers


def _let_go(tx: Transaction, before: Delivery, holds: Sequence[str], who: str) -> tuple[Waiver, ...]:
    """Return what is waived once *who* lets a held delivery go on; what is late at this moment is wanted late."""
    waivers = (*before.waived, *(Waiver(objection=Objection.HOLD, about=hold, by=who) for hold in holds))
    return (
        (*waivers, Waiver(objection=Objection.LATE, about=Objection.LATE, by=who))
        if before.is_late(tx.now)
        else waivers
    )


def _write(tx: Transaction, moved: Sequence[aftermath.Moved]) -> None:
    rows = [
        {
            "was_id": one.before.id,
            "was_state": str(one.before.state),
            "was_lease_token": one.before.lease_token,
            **one.after.as_columns(_WRITTEN),
        }
        for one in moved
    ]
    if bulk.update(tx, tables.deliveries, rows) != len(rows):
        # The rows are locked, so this would be a fault of the door itself: never a shrug.
        raise LeaseLostError("a delivery is not what it was a moment ago")


def _one(tx: Transaction, query: sa.Select[Any]) -> Delivery:
    row = tx.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("there is no such delivery")
    return Delivery.from_row(row)


def _many(tx: Transaction, condition: sa.ColumnElement[bool]) -> Sequence[Delivery]:
    table = tables.deliveries
    rows = tx.execute(sa.select(table).where(condition).order_by(table.c.created_at, table.c.id))
    return [Delivery.from_row(row) for row in rows]
