"""Sending: claim, prepare, open an attempt after the last check, call with no transaction open, write down the end."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from platforms.errors import NotSent, Rejected
from platforms.port import LOST
from publisher.clock import steady_seconds
from publisher.delivery import TAKES_BACK, DeliveryEvent, DeliveryKind, DeliveryState, ForbiddenTransitionError
from publisher.errors import LeaseLostError
from publisher.ledger import gate, moves
from publisher.ledger.aside import WAIT_SECONDS, Aside
from publisher.ledger.checkpoints import Checkpoints
from publisher.ledger.source_acts import act_on_source
from publisher.ledger.unheard import UnheardClaims
from publisher.logs import build_logger
from publisher.store import account_locks, aftermath, attempts, deliveries, leases, shared_receipts
from publisher.store.account_locks import Purpose
from publisher.store.deliveries import Change, Step
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from platforms.port import Pending, Receipt
    from publisher.ledger.backoff import Backoff
    from publisher.ledger.lane_memory import LaneMemory
    from publisher.ledger.lease_keeper import LeaseKeeper
    from publisher.ledger.moves import Move
    from publisher.ledger.outbound_port import Outbound, Prepared
    from publisher.ledger.pace import Pace
    from publisher.ledger.reserve import Reserve
    from publisher.store.deliveries import Leased
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction
    from publisher.store.leases import Room

_log = build_logger(__name__)
_Written = TypeVar("_Written")
_PREPARING_SECONDS: Final = 0.2
"""For how long a batch is prepared: a long film is hashed for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A delivery whose attempt is open, with what is to be called."""

    delivery: Delivery
    prepared: Prepared
    at: float
    """When its lease was dated, by `steady_seconds`: the commit's answer can take longer than a lease lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What came of opening many."""

    opened: Sequence[Opened] = ()
    """To be called at once."""
    alone: Sequence[Delivery] = ()
    """To be sent each by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A call that has ended, and what that means."""

    delivery: Delivery
    move: Move


class Dispatcher:
    """Takes deliveries through one attempt each. Has no threads of its own."""

    def __init__(
        self,
        database: Database,
        outbound: Outbound,
        *,
        owner: str,
        pace: Pace,
        backoff: Backoff,
        keeper: LeaseKeeper,
        memory: LaneMemory,
        reserve: Reserve,
        at: Callable[[str], None],
    ) -> None:
        """Send for the worker *owner*; *at* is called at each labelled point, for tests that kill."""
        self._database = database
        self._outbound = outbound
        self._owner = owner
        self._pace = pace
        self._backoff = backoff
        self._keeper = keeper
        self._memory = memory
        self._reserve = reserve
        self._at = at
        self._checkpoints = Checkpoints(database)
        self._aside = Aside()
        self._unheard = UnheardClaims(database, lease_seconds=pace.lease_seconds)

    def claim(self, room: Room) -> Sequence[Delivery]:
        """Lease what is due and fits into *room*, or return what an earlier claim took whose answer was lost."""
        found = self._unheard.find(room)
        return found or self._claim(room)

    def _claim(self, room: Room) -> Sequence[Delivery]:
        fits = self._memory.narrow(self._unheard.narrow(room))
        taken: Sequence[Delivery] = ()
        try:
            with self._database.transaction() as tx:
                if abs(tx.seconds_off()) > self._pace.clock_tolerance_seconds:
                    fits = replace(fits, is_for_emergencies=True)  # what has a time would go out at another
                taken = leases.claim(tx, fits, owner=self._owner, lease_seconds=self._pace.lease_seconds)
            self._at("claimed")
        except Exception:
            self._unheard.note(room, taken)  # nobody says whether it was committed
            raise
        return taken

    def has_unheard_claims(self, platform: str, *, is_for_emergencies: bool) -> bool:
        """Tell whether a claim's answer was lost, so that `claim` is to be asked although nothing is due."""
        return self._unheard.has_any(platform, is_for_emergencies=is_for_emergencies)

    def keep(self, taken: Sequence[Delivery]) -> None:
        """Renew the leases of these until they are let go."""
        self._keeper.keep([_token_of(one) for one in taken])

    def let_go(self, done: Sequence[Delivery]) -> None:
        """Renew the leases of these no more."""
        self._keeper.let_go([_token_of(one) for one in done])

    def send(self, delivery: Delivery, *, is_patient: bool = False) -> None:
        """Take a leased delivery through one attempt; whatever happens ends in the ledger, or as an ended lease.

        Who *is patient* waits for a database that is away for a moment: an ended lease costs half a minute.
        """
        with self._keeper.keeping(_token_of(delivery)):
            try:
                opened = self._open_patiently(delivery) if is_patient else self._open_alone(delivery)
                if opened is not None:
                    self._settle_alone(self.call(opened))
            except LeaseLostError:
                _log.warning("lease_lost", delivery=delivery.id)

    # ── opening ──────────────────────────────────────────────────────────────────────────────────

    def open(self, taken: Sequence[Delivery]) -> Opening:
        """Prepare leased deliveries and open their attempts together.

        One that somebody else has locked, that cannot be prepared, or that fails where all were written together is
        left to be sent alone; so it costs the others nothing. So are all where the database does not answer.
        """
        ready, alone = self._prepare(taken)
        if not ready:
            return Opening(alone=alone)
        try:
            opened, locked = self._open(ready)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is called: each shows by itself what it has
            _log.warning("opened_apart", count=len(ready), error=type(error).__name__)
            return Opening(alone=[*alone, *(one for one, _ in ready)])
        return Opening(opened=opened, alone=[*alone, *locked])

    def _prepare(self, taken: Sequence[Delivery]) -> tuple[list[tuple[Delivery, Prepared]], list[Delivery]]:
        """Prepare them together; who would have to wait for one that takes long is left to be sent alone."""
        together = [
            one for one in taken if one.kind not in TAKES_BACK
        ]  # what takes a post back asks its platform first
        try:
            made = self._outbound.prepare_many(together, within_seconds=_PREPARING_SECONDS)
        except Exception:  # noqa: BLE001 - no call was opened; each shows by itself what it has
            _log.warning("prepared_apart", count=len(together), exc_info=True)
            made = {}
        ready, alone = [], []
        for delivery in taken:
            prepared = made.get(delivery.id)
            if prepared is None or isinstance(prepared, Exception):
                alone.append(delivery)  # no call was opened; alone it says what the matter is
            else:
                ready.append((delivery, prepared))
        if ready:
            self._at("prepared")
        return ready, alone

    def _open_patiently(self, delivery: Delivery) -> Opened | None:
        """Try again for a while where the database does not answer: nothing was called, so nothing is repeated."""
        for wait in self._pace.store_waits_seconds:
            try:
                return self._open_alone(delivery)
            except StoreUnavailableError:
                _log.warning("store_unavailable", wait_seconds=wait)
                threading.Event().wait(wait)
        return self._open_alone(delivery)

    def _open_alone(self, delivery: Delivery) -> Opened | None:
        try:
            prepared = self._outbound.prepare(delivery)
        except StoreUnavailableError:
            raise  # the database's own trouble says nothing of the delivery
        except Exception as error:  # noqa: BLE001 - whatever it is, no call was opened, so nothing was sent
            found = error
            self._aside.do(lambda: self._settle_unopened(delivery, found), is_emergency=delivery.is_emergency)
            return None
        self._at("prepared")
        opened, _ = self._aside.do(
            lambda: self._open([(delivery, prepared)], is_alone=True), is_emergency=delivery.is_emergency
        )
        return opened[0] if opened else None

    def _open(
        self, ready: Sequence[tuple[Delivery, Prepared]], *, is_alone: bool = False
    ) -> tuple[list[Opened], Sequence[Delivery]]:
        """Open attempts after the last check, or do what it says; return also what others have locked.

        Raises:
            LeaseLostError: Where it is opened *alone*, again: an attempt was opened before, and nobody here knew. Its
                lease is to end, so that it is found out like a dead worker's.
            RowLockedError: Where it is opened *alone*: somebody else has it locked.
        """
        prepared = {delivery.id: each for delivery, each in ready}
        with self._database.transaction() as tx:
            leased = _lock_leased(tx, [one for one, _ in ready], is_alone=is_alone)
            held = list(leased.held.values())
            if is_alone:
                _require_none_open(tx, held)
            costs = {one.id: _cost_micro_usd(prepared[one.id]) for one in held}
            objections = self._objections(tx, held, costs)
            _apply_all(tx, [(one, objections[one.id]) for one in held if one.id in objections], leased.held)
            at = steady_seconds()
            lease_until = tx.lease_now() + timedelta(seconds=self._pace.lease_seconds)  # a whole lease for the call
            free = [one for one in held if one.id not in objections]
            counted = {one.id for one in free if self._reserve.is_counted(one)}
            tokens = {one.id: token for one in free if (token := _opening_token(one, prepared[one.id]))}
            opened = attempts.open_many(tx, free, lease_until=lease_until, costs=costs, counted=counted, resumes=tokens)
        if opened:
            self._at("attempt_opened")
        for one in leased.lost:
            _log.warning("lease_lost", delivery=one.id)
        return [Opened(delivery=one, prepared=prepared[one.id], at=at) for one in opened], leased.locked

    def _objections(self, tx: Transaction, held: Sequence[Delivery], costs: Mapping[str, int]) -> Mapping[str, Move]:
        """Return what speaks against calling which: the last check, what lanes remember, and the reserve."""
        moved = gate.objections(tx, held, self._outbound)
        free = [one for one in held if one.id not in moved]
        self._reserve.begin(tx, free)
        moved |= gate.late_by_now(tx, free)
        for one in held:
            if one.id not in moved:
                move = self._memory.objection(tx, one)
                move = move or self._reserve.objection(tx, one, cost_micro_usd=costs[one.id])
                if move is not None:
                    moved[one.id] = move
        return moved

    # ── calling ──────────────────────────────────────────────────────────────────────────────────

    def call(self, opened: Opened) -> Ended:
        """Make the call. No transaction is open.

        Raises:
            LeaseLostError: The lease was lost meanwhile, before anything was sent.
        """
        delivery = opened.delivery
        if steady_seconds() - opened.at > self._pace.renew_seconds and (late := self._look_again(delivery)):
            return Ended(delivery=delivery, move=late)
        move = self._call(delivery, _token_of(delivery), opened.prepared)
        self._at("called")
        return Ended(delivery=delivery, move=move)

    def _look_again(self, delivery: Delivery) -> Move | None:
        """Look whether the lease still holds, and lease it anew: who stood still since the opening may count as dead.

        Returns:
            The question, where it has become too late to call.

        Raises:
            LeaseLostError: Somebody found out that the lease had ended.
        """

        def look() -> Move | None:
            with self._database.transaction() as tx:
                held = _lock_leased(tx, [delivery], is_alone=True).held
                if not held:
                    raise LeaseLostError(f"the lease of delivery {delivery.id} ended before it was called")
                leases.renew(tx, [_token_of(delivery)], lease_seconds=self._pace.lease_seconds)
                return gate.late_by_now(tx, list(held.values())).get(delivery.id)

        return self._aside.do(look, is_emergency=delivery.is_emergency)

    def _call(self, delivery: Delivery, token: str, prepared: Prepared) -> Move:
        try:
            answer = self._answer(delivery, token, prepared)
        except LeaseLostError:
            raise
        except _OutlastedError:
            return moves.late(delivery)
        except Exception as error:  # noqa: BLE001 - an adapter that raises anything else has a bug: perhaps sent
            self._memory.heard(delivery, error)
            if (problem := moves.problem_of(error)).code == moves.ADAPTER_FAULT:
                _log.error("adapter_fault", delivery=delivery.id, **problem.params)
            return moves.after_error(error, delivery, now=self._database.now(), pace=self._pace, backoff=self._backoff)
        self._memory.heard(delivery, answer)
        return moves.after_answer(answer, self._database.now())

    def _answer(self, delivery: Delivery, token: str, prepared: Prepared) -> Receipt | Pending:
        session = prepared.session
        if delivery.kind is not DeliveryKind.PUBLISH:
            return act_on_source(delivery.kind, session, prepared.source_id)
        if prepared.plan is None or prepared.plan.is_refused:
            remarks = prepared.plan.refusals if prepared.plan else ()
            code, params = (remarks[0].code, remarks[0].params) if remarks else ("plan_missing", {})
            raise Rejected(code, params=params)
        return session.publish(
            prepared.plan,
            key=delivery.id,
            resume=None if delivery.resume == LOST else delivery.resume,
            checkpoint=self._checkpoint(delivery, token, kept=_opening_token(delivery, prepared)),
        )

    def _checkpoint(self, delivery: Delivery, token: str, *, kept: str | None) -> Callable[[str], None]:
        """Return what keeps a call's tokens; the one that the opening *kept* is there already."""

        def checkpoint(resume: str) -> None:
            nonlocal kept
            if resume != kept:
                kept = None
                try:
                    self._checkpoints.keep(delivery.id, token=token, resume=resume)
                except StoreUnavailableError as error:
                    raise NotSent(moves.NOT_KEPT) from error  # whatever is public comes after what makes a repeat safe
                has_failed = sys.exception() is not None  # it writes down that nothing went out: what it says counts
                if not has_failed and delivery.is_late(self._database.now()):
                    raise _OutlastedError(moves.LATE)  # nobody has seen anything of it yet
            self._at("checkpoint")

        return checkpoint

    # ── settling ─────────────────────────────────────────────────────────────────────────────────

    def _settle_unopened(self, delivery: Delivery, error: Exception) -> None:
        """Write down that nothing could be called; a post that was stopped meanwhile simply stops."""
        with self._database.transaction() as tx:
            with tx.waiting_at_most(WAIT_SECONDS):
                held = deliveries.lock(tx, delivery.id)
            if not _is_ours(held, delivery):
                raise LeaseLostError(f"delivery {delivery.id} is leased to somebody else, or to nobody")
            _require_none_open(tx, [held])
            move = gate.objections(tx, [held], self._outbound).get(held.id)
            if move is None:
                held = attempts.open_next(tx, held)
                move = moves.after_error(
                    moves.without_call(error), held, now=tx.now, pace=self._pace, backoff=self._backoff
                )
                move = gate.spare_knocks(tx, held, move)
                attempts.close(tx, held.id, move.event, move.detail)
            _apply_all(tx, [(held, move)], {held.id: held})

    def settle(self, ended: Sequence[Ended]) -> Sequence[Ended]:
        """Write down together how calls ended; return those that are to be settled alone.

        That is what somebody else has locked, whose lease was lost, or what fails where all are written together.
        """
        try:
            return self._persist(lambda: self._settle(ended, is_alone=False))
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was written: each shows by itself what it has
            _log.warning("settled_apart", count=len(ended), error=type(error).__name__)
            return ended

    def settle_alone(self, ended: Ended) -> None:
        """Write down how one call ended, however long others lock it."""
        try:
            self._settle_alone(ended)
        except LeaseLostError:
            _log.warning("lease_lost", delivery=ended.delivery.id)

    def _settle_alone(self, ended: Ended) -> None:
        if not self._persist_aside(lambda: self._settle([ended], is_alone=True), ended.delivery):
            return
        receipt = ended.move.change.receipt
        if receipt is None:
            raise LeaseLostError(f"delivery {ended.delivery.id} is leased to somebody else, or to nobody")
        self._persist_aside(lambda: self._keep_late_receipt(ended.delivery, receipt), ended.delivery)

    def _settle(self, ended: Sequence[Ended], *, is_alone: bool) -> list[Ended]:
        """Write down how calls ended, and return those that are not ours to settle (any more, or at this moment)."""
        with self._database.transaction() as tx:
            called = [one.delivery for one in ended]
            held = _lock_leased(tx, called, is_alone=is_alone).held
            ours = [(held[one.delivery.id], one.move) for one in ended if one.delivery.id in held]
            attempts.close_many(tx, [(one.id, move.event, move.detail) for one, move in ours])
            ends = [(one, self._memory.settled(tx, one, gate.after_call(tx, one, move))) for one, move in ours]
            _apply_all(tx, ends, held)
            self._at("before_commit")
        return [one for one in ended if one.delivery.id not in held]

    def _keep_late_receipt(self, delivery: Delivery, receipt: Receipt) -> None:
        """Use a receipt that came after the lease was lost: it proves that the post is there."""
        with self._database.transaction() as tx:
            with tx.waiting_at_most(WAIT_SECONDS):
                current = deliveries.lock(tx, delivery.id)
            if current.external_id == receipt.external_id:
                return
            # What another's look has taken, or takes at this moment, is this one's: the other's people must hear it.
            account_locks.lock(tx, Purpose.RECEIPT, {(delivery.city, delivery.account)})
            shared_receipts.tell(tx, current, receipt)
            # Who claimed it anew and has opened no call yet finds its lease gone, and calls nothing.
            token = None if attempts.is_open(tx, delivery.id) else current.lease_token
            try:
                event = DeliveryEvent.RECEIPT_CAME_LATE
                deliveries.apply(tx, delivery.id, event, token=token, change=Change(receipt=receipt))
            except (LeaseLostError, ForbiddenTransitionError):
                _log.error("receipt_without_place", delivery=delivery.id, state=current.state)
                aftermath.of_receipt_without_place(tx, current, receipt, is_trouble=self._may_be_twice(current))

    def _may_be_twice(self, current: Delivery) -> bool:
        """Tell whether what proved to be there is there twice, or where nobody wants it.

        Not so where a person saw it and said so, and where the call that is under way repeats what its platform knows.
        """
        is_known = current.kind is not DeliveryKind.PUBLISH or self._outbound.limits(current.platform).key_life
        return not (current.is_witnessed or (current.state is DeliveryState.LEASED and is_known))

    def _persist_aside(self, write: Callable[[], _Written], delivery: Delivery) -> _Written:
        return self._persist(lambda: self._aside.do(write, is_emergency=delivery.is_emergency))

    def _persist(self, write: Callable[[], _Written]) -> _Written:
        """Write a result down; the platform has acted, so a database that is away is waited for, however long."""
        waits = iter(self._pace.store_waits_seconds)
        wait = 0.0
        while True:
            try:
                return write()
            except StoreUnavailableError:
                wait = next(waits, wait)
                _log.warning("store_unavailable", wait_seconds=wait)
                threading.Event().wait(wait)


class _OutlastedError(NotSent):
    """What goes before the public part of a call, as an upload, took longer than the post is useful."""


def _token_of(delivery: Delivery) -> str:
    if delivery.lease_token is None:
        raise LeaseLostError(f"delivery {delivery.id} is not leased")
    return delivery.lease_token


def _lock_leased(tx: Transaction, leased: Sequence[Delivery], *, is_alone: bool) -> Leased:
    """Lock what we have leased; who is with others leaves out what is locked, who is *alone* waits for a while."""
    if not is_alone:
        return deliveries.lock_leased(tx, leased, skip_locked=True)
    with tx.waiting_at_most(WAIT_SECONDS):
        return deliveries.lock_leased(tx, leased)


def _require_none_open(tx: Transaction, held: Sequence[Delivery]) -> None:
    """Refuse what has an attempt open: its commit came through although the database did not say so.

    Raises:
        LeaseLostError: One of them has.
    """
    for one in held:
        if attempts.is_open(tx, one.id):
            raise LeaseLostError(f"an attempt of delivery {one.id} is open, and nobody here opened it")


def _cost_micro_usd(prepared: Prepared) -> int:
    return 0 if prepared.plan is None else prepared.plan.cost_micro_usd


def _opening_token(delivery: Delivery, prepared: Prepared) -> str | None:
    """Return what the call will keep first of all, where that is known: it is kept with the opening."""
    if delivery.kind is not DeliveryKind.PUBLISH or prepared.plan is None or prepared.plan.is_refused:
        return None
    return prepared.plan.opening_token


def _is_ours(current: Delivery | None, leased: Delivery) -> bool:
    """Tell whether a locked delivery is still under the lease that we took."""
    return current is not None and current.lease_token is not None and current.lease_token == leased.lease_token


def _apply_all(tx: Transaction, wanted: Sequence[tuple[Delivery, Move]], locked: Mapping[str, Delivery]) -> None:
    """Take all these steps or, by an error, none.

    Raises:
        ForbiddenTransitionError: The table has no such transition.
    """
    steps = [
        Step(delivery_id=one.id, event=move.event, token=one.lease_token, change=move.change) for one, move in wanted
    ]
    for outcome in deliveries.apply_many(tx, steps, held=locked):
        if isinstance(outcome, Exception):
            raise outcome
