"""What is late, stuck or gone at this moment: what the watchdog and `sns doctor` look at. Reads, and tells nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publisher.api import Finding, WatchKind, Why
from publisher.delivery import TAKES_BACK, DeliveryEvent, DeliveryState
from publisher.store import breakers, holds, lane_memories, posts, watching, workers
from publisher.store.lane_memories import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publisher.ledger.pace import Pace
    from publisher.store.breakers import Breaker
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.lane_memories import Memory
    from publisher.store.watching import Seen
    from publisher.store.workers import WorkerRow

_UNDER_WAY: Final = {
    DeliveryState.LEASED: Why.SENDING,
    DeliveryState.UNKNOWN: Why.CHECKING,
    DeliveryState.PROCESSING: Why.PROCESSING,
}
MOST: Final = 500
"""How many of a kind are looked at in one go."""
NOTICES_SECONDS: Final = 540.0
"""Beside the 60 seconds until the e-mail: for ten minutes Slack has not taken a notice."""
_STUCK_KINDS: Final = {DeliveryState.UNKNOWN: WatchKind.UNKNOWN, DeliveryState.PROCESSING: WatchKind.PROCESSING}
_UNDECIDED_SECONDS: Final = 3600.0
"""After so long in `unknown` people hear of it, even where it is looked at again and again."""


def survey(tx: Transaction, pace: Pace) -> Sequence[Finding]:
    """Return everything that should not be as it is."""
    there = workers.listed(tx)
    now = tx.lease_now()
    alive = [one for one in there if one.is_alive(now, within_seconds=pace.worker_gone_seconds)]
    return [
        *_workers(tx, alive, [one for one in there if one not in alive]),
        *_late(tx, pace, is_anyone_there=bool(alive)),
        *_stuck(tx, pace),
        *_mirrors(tx, pace),
        *_posts(tx, pace),
        *_holds(tx),
        *_notices(tx),
    ]


# ── workers ──────────────────────────────────────────────────────────────────────────────────────


def _workers(tx: Transaction, alive: Sequence[WorkerRow], gone: Sequence[WorkerRow]) -> Iterator[Finding]:
    if not alive:
        facts: dict[str, str | int] = {"due": watching.count_due(tx)}
        if gone:
            facts |= {"machine": gone[0].machine, "at": gone[0].beat_at.isoformat()}
        # Once something is due it is another matter, of which others hear too.
        subject = "due" if facts["due"] else ""
        yield Finding(kind=WatchKind.NOBODY_SENDS, city="", subject=subject, facts=facts)
        return
    for one in alive:
        if one.seconds_off:
            wrong: dict[str, str | int] = {"machine": one.machine, "seconds": one.seconds_off}
            yield Finding(kind=WatchKind.CLOCK, city="", subject=one.id, facts=wrong)
    for one in gone:
        facts = {"machine": one.machine, "at": one.beat_at.isoformat(), "others": len(alive)}
        successor = _successor(one, alive)
        if successor is None:
            yield Finding(kind=WatchKind.WORKER, city="", subject=one.id, facts=facts)
        else:
            facts["back_at"] = successor.started_at.isoformat()
            subject = one.machine or one.id
            yield Finding(kind=WatchKind.RESTARTED, city="", subject=subject, facts=facts | {"worker": one.id})


def _successor(gone: WorkerRow, alive: Sequence[WorkerRow]) -> WorkerRow | None:
    """Return who took its place: started on the same machine after its last beat."""
    return next((one for one in alive if one.machine == gone.machine and one.started_at > gone.beat_at), None)


# ── deliveries ───────────────────────────────────────────────────────────────────────────────────


def _late(tx: Transaction, pace: Pace, *, is_anyone_there: bool) -> Iterator[Finding]:
    found = watching.late(
        tx,
        seconds=pace.late_seconds,
        emergency_seconds=pace.emergency_late_seconds,
        removal_seconds=pace.removal_late_seconds,
        limit=MOST,
    )
    closed = {one.key: one for one in lane_memories.in_force(tx)} if found else {}
    sick = breakers.read(tx) if found else {}
    for one in found:
        kind = _kind_of_late(one.delivery)
        facts: dict[str, str | int] = {"why": Why.NO_WORKER}
        if is_anyone_there:
            facts = _why(tx, one.delivery, closed.get((one.delivery.city, one.delivery.account)), sick)
        yield _of_delivery(kind, one, **facts)


def _kind_of_late(delivery: Delivery) -> WatchKind:
    if delivery.kind in TAKES_BACK:
        return WatchKind.LATE_DELETION
    return WatchKind.LATE_EMERGENCY if delivery.is_emergency else WatchKind.LATE


def _why(
    tx: Transaction, delivery: Delivery, closed: Memory | None, sick: Mapping[str, Breaker]
) -> dict[str, str | int]:
    """Return what a late delivery waits for, where a worker is there, and until when it will (seconds since 1970)."""
    if delivery.state in _UNDER_WAY:
        return {"why": _UNDER_WAY[delivery.state]}
    breaker = sick.get(delivery.platform)
    if closed is not None and closed.kind is Kind.THROTTLED and not delivery.is_emergency:
        return {"why": Why.THROTTLED, "until": int(closed.until.timestamp())}
    if closed is not None and closed.kind is Kind.NEEDS_PERSON and not delivery.is_emergency:
        return {"why": Why.REPAIR}
    if breaker is not None and breaker.open_until is not None and not delivery.is_emergency:
        return {"why": Why.LANE_CLOSED, "until": int(breaker.open_until.timestamp())}
    if delivery.state is DeliveryState.RETRY:
        is_throttled = watching.last_event(tx, delivery.id) == DeliveryEvent.THROTTLED
        why = Why.THROTTLED if is_throttled else Why.RETRYING
        return {"why": why, "until": int(delivery.due_at.timestamp())}
    return {"why": Why.QUEUE}


def _stuck(tx: Transaction, pace: Pace) -> Iterator[Finding]:
    grace = pace.stuck_seconds
    for one in watching.lapsed(tx, seconds=pace.rescue_seconds + grace, limit=MOST):
        yield _of_delivery(WatchKind.LEASE, one)
    limits = {
        DeliveryState.UNKNOWN: max(_UNDECIDED_SECONDS, pace.ask_after_seconds + grace),
        DeliveryState.PROCESSING: pace.processing_limit_seconds + pace.look_patience_seconds + grace,
    }
    for state, limit_seconds in limits.items():
        overdue = pace.look_patience_seconds + grace
        found = watching.unlooked(tx, state, seconds=overdue, limit_seconds=limit_seconds, limit=MOST)
        for one in found:
            yield _of_delivery(_STUCK_KINDS[state], one)


def _mirrors(tx: Transaction, pace: Pace) -> Iterator[Finding]:
    for one in watching.orphans(tx, seconds=pace.stuck_seconds, limit=MOST):
        yield _of_delivery(WatchKind.MIRROR, one)


def _of_delivery(kind: WatchKind, one: Seen, **facts: str | int) -> Finding:
    delivery = one.delivery
    return Finding(
        kind=kind,
        city=delivery.city,
        subject=delivery.id,
        facts={"account": delivery.account, "state": delivery.state, **facts},
        delivery=delivery.id,
        number=one.number,
        since=delivery.planned_at,
    )


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────


def _posts(tx: Transaction, pace: Pace) -> Iterator[Finding]:
    for city, number in posts.submitted_too_late(tx, tx.now - timedelta(seconds=pace.stuck_seconds)):
        yield Finding(kind=WatchKind.EXPIRY, city=city, subject=number, facts={}, number=number)


def _holds(tx: Transaction) -> Iterator[Finding]:
    for one in holds.unsettled(tx):
        if not holds.still_moving(tx, one.under_way):
            facts = {"by": one.started_by, "at": one.started_at.isoformat()}
            yield Finding(kind=WatchKind.HOLD, city=one.city, subject=one.id, facts=facts)


def _notices(tx: Transaction) -> Iterator[Finding]:
    for one in watching.untaken(tx, seconds=NOTICES_SECONDS):
        facts: dict[str, str | int] = {"waiting": one.count, "at": one.since.isoformat(), "error": one.error}
        yield Finding(kind=WatchKind.NOTICES, city=one.city, subject="", facts=facts)
