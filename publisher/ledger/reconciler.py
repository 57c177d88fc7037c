"""Finding out: what became of a call whose end is not known, and how far a platform is with a video.

Nothing is ever sent from here. What is proven absent goes back to be sent; what cannot be decided asks a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never

from platforms.errors import NeedsPerson, Rejected, Throttled, Who
from platforms.port import Found, NotSeen, Receipt, SafeToRepeat
from publisher.delivery import DeliveryEvent, DeliveryKind, DeliveryState, ForbiddenTransitionError
from publisher.errors import LeaseLostError
from publisher.ledger.lane_memory import knocks
from publisher.ledger.moves import UNDECIDED, Move, problem_of
from publisher.logs import build_logger
from publisher.store import account_locks, attempts, deliveries, leases, set_back
from publisher.store.account_locks import Purpose
from publisher.store.deliveries import Change, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from platforms.port import Finding
    from publisher.ledger.backoff import Backoff
    from publisher.ledger.outbound_port import Outbound
    from publisher.ledger.pace import Pace
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction

_log = build_logger(__name__)

STUCK: Final = "processing_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciler:
    """Looks at one delivery at a time. Has no threads of its own."""

    database: Database
    outbound: Outbound
    pace: Pace
    backoff: Backoff
    at: Callable[[str], None]

    def take(self, platform: str, *, limit: int, except_for: Collection[str] = ()) -> Sequence[Delivery]:
        """Take up to *limit* deliveries that are to be looked at now."""
        if limit < 1:
            return []
        with self.database.transaction() as tx:
            return leases.take_to_look_at(
                tx,
                platform,
                limit=limit,
                patience_seconds=self.pace.look_patience_seconds,
                except_for=except_for,
            )

    def look(self, delivery: Delivery) -> None:
        """Look once, and write down what was learnt; somebody else's word in the meantime stands."""
        learn = self._poll if delivery.state is DeliveryState.PROCESSING else self._find
        move = learn(delivery)
        self.at("looked")
        try:
            with self.database.transaction() as tx:
                move = self._unless_anothers(tx, delivery, move)
                deliveries.apply(tx, delivery.id, move.event, seen=delivery, change=move.change)
                if move.is_proof:
                    attempts.end_doubt(tx, delivery.id, move.event)
        except (LeaseLostError, ForbiddenTransitionError):
            _log.info("looked_too_late", delivery=delivery.id, as_event=move.event)

    def _find(self, delivery: Delivery) -> Move:
        if delivery.kind is not DeliveryKind.PUBLISH:  # reposting, deleting, undoing are idempotent: repeated freely
            return self._repeat(delivery, self.database.now(), "idempotent")
        try:
            prepared = self.outbound.prepare(delivery)
            if prepared.plan is None or delivery.first_attempt_at is None:
                return self._ask(delivery, Problem(code=UNDECIDED, who=Who.AUTHOR))
            finding = prepared.session.find(
                prepared.plan, key=delivery.id, resume=delivery.resume, since=delivery.first_attempt_at
            )
        except Exception as error:  # noqa: BLE001 - a look that fails teaches nothing and changes nothing
            return self._learnt_nothing(delivery, error)
        return self._weigh(delivery, finding, self.database.now())

    def _unless_anothers(self, tx: Transaction, delivery: Delivery, move: Move) -> Move:
        """Return *move*, or what it comes to where the post that was found by its words is another delivery's.

        The same is said again every evening. Nobody else takes a post of the account for his until the transaction
        ends; and whoever is just being answered is heard first.
        """
        receipt = move.change.receipt
        if move.event is not DeliveryEvent.READ_BACK or receipt is None:
            return move
        deliveries.lock(tx, delivery.id)
        account_locks.lock(tx, Purpose.RECEIPT, {(delivery.city, delivery.account)})
        if deliveries.is_receipt_of_another(tx, delivery, receipt.external_id, at=receipt.at):
            # Behind it the same words may stand once more: neither is proven, that it is there nor that it is not.
            return self._ask(delivery, Problem(code=UNDECIDED, who=Who.AUTHOR))
        if deliveries.is_awaited_by_another(tx, delivery, at=receipt.at):
            at = tx.now + timedelta(seconds=self.pace.first_look_seconds)
            return self._again(delivery, at=at, reads=delivery.reads)
        return move

    def _repeat(self, delivery: Delivery, now: datetime, because: str, *, is_proof: bool = False) -> Move:
        """Send it back to be repeated, a little later each time; after many calls ask."""
        if self._has_tried_enough(delivery):
            return self._ask(delivery, delivery.problem or Problem(code=UNDECIDED, who=Who.AUTHOR))
        wait = self.backoff.wait(delivery.attempts - 1) if delivery.attempts > 1 else timedelta(0)
        change = Change(due_at=max(now + wait, self._named_at(delivery, now)), facts={"because": because})
        return Move(event=DeliveryEvent.PROVEN_ABSENT, change=change, is_proof=is_proof)

    def _has_tried_enough(self, delivery: Delivery) -> bool:
        excess = delivery.attempts - self.pace.max_attempts
        if excess < 0:
            return False
        with self.database.reading() as tx:
            return knocks(tx, delivery.id) <= excess

    def _named_at(self, delivery: Delivery, now: datetime) -> datetime:
        """Return the time that a person named, or *now*: a clock that was ahead has sent it too early perhaps."""
        if delivery.planned_at <= now:
            return now
        with self.database.reading() as tx:
            return set_back.named_at(tx, delivery) or now

    def _weigh(self, delivery: Delivery, finding: Finding, now: datetime) -> Move:
        match finding:
            case Found():
                return Move(event=DeliveryEvent.READ_BACK, change=Change(receipt=finding.receipt))
            case SafeToRepeat():
                return self._repeat(delivery, now, finding.reason)
            case NotSeen():
                return self._not_seen(delivery, now)
            case _:
                assert_never(finding)

    def _not_seen(self, delivery: Delivery, now: datetime) -> Move:
        absence = self.outbound.limits(delivery.platform).absence
        reads = delivery.reads + 1
        if absence is None and reads >= self.pace.undecidable_reads:
            return self._ask(delivery, Problem(code=UNDECIDED, who=Who.AUTHOR))
        if absence is not None and reads >= absence.reads:
            return self._repeat(delivery, now, f"not_seen_{reads}_times", is_proof=True)
        return self._again(delivery, at=now + self._apart(delivery), reads=reads)

    def _apart(self, delivery: Delivery) -> timedelta:
        """Return how long lies between two reads that do not see it."""
        absence = self.outbound.limits(delivery.platform).absence
        return timedelta(seconds=self.pace.look_again_seconds if absence is None else absence.seconds_apart)

    def _learnt_nothing(self, delivery: Delivery, error: Exception) -> Move:
        """Look again later; after a while, or where somebody must act before anything can be learnt, ask."""
        now = self.database.now()
        problem = problem_of(error)
        _log.warning("look_failed", delivery=delivery.id, code=problem.code)
        # The wait between two reads that teach something is no time in which looks fail.
        waited = self._apart(delivery) * delivery.reads
        give_up_at = delivery.state_at + timedelta(seconds=self.pace.ask_after_seconds) + waited
        is_over = now >= give_up_at
        # Where nobody was there to look all the while, one look that fails is no trouble that lasts.
        is_first = delivery.looks <= delivery.reads
        if isinstance(error, NeedsPerson) or (is_over and not is_first):
            return self._ask(delivery, problem)
        at = now + max(self.backoff.wait(delivery.looks + 1), timedelta(seconds=self.pace.retry_base_seconds))
        if isinstance(error, Throttled):
            at = max(at, error.until)
        latest = now + timedelta(seconds=self.pace.look_again_seconds) if is_over else give_up_at
        return self._again(delivery, at=min(at, latest), reads=delivery.reads)

    def _poll(self, delivery: Delivery) -> Move:
        try:
            if delivery.poll_token is None:
                return self._ask(delivery, Problem(code=UNDECIDED, who=Who.AUTHOR))
            answer = self.outbound.prepare(delivery).session.poll(delivery.poll_token)
        except Rejected as error:
            return Move(event=DeliveryEvent.REFUSED, change=Change(problem=problem_of(error)))
        except NeedsPerson as error:
            return self._ask(delivery, problem_of(error))
        except Exception as error:  # noqa: BLE001 - a poll that fails teaches nothing and changes nothing
            _log.warning("poll_failed", delivery=delivery.id, code=problem_of(error).code)
            return self._still_processing(delivery, self.pace.look_again_seconds, delivery.poll_token)
        if isinstance(answer, Receipt):
            return Move(event=DeliveryEvent.SUCCEEDED, change=Change(receipt=answer))
        return self._still_processing(delivery, answer.check_after_seconds, answer.token)

    def _still_processing(self, delivery: Delivery, seconds: float, token: str | None) -> Move:
        now = self.database.now()
        if now - delivery.state_at > timedelta(seconds=self.pace.processing_limit_seconds):
            return self._ask(delivery, Problem(code=STUCK, who=Who.AUTHOR))
        change = Change(due_at=now + timedelta(seconds=seconds), poll_token=token, looks=delivery.looks + 1)
        return Move(event=DeliveryEvent.STILL_PROCESSING, change=change)

    def _again(self, delivery: Delivery, *, at: datetime, reads: int) -> Move:
        change = Change(due_at=at, reads=reads, looks=delivery.looks + 1)
        return Move(event=DeliveryEvent.NOT_DECIDED, change=change)

    def _ask(self, delivery: Delivery, problem: Problem) -> Move:
        _log.info("asked", delivery=delivery.id, code=problem.code)
        return Move(event=DeliveryEvent.UNDECIDABLE, change=Change(problem=problem))
