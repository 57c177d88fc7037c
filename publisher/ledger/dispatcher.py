"""Sending: claim, prepare, open an attempt after the last check, call with no transaction open, write down the end."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from platforms.errors import Rejected
from platforms.port import LOST
from publisher.delivery import DeliveryEvent, DeliveryKind, ForbiddenTransitionError
from publisher.errors import LeaseLostError
from publisher.ledger import gate, moves
from publisher.ledger.source_acts import act_on_source
from publisher.logs import build_logger
from publisher.store import attempts, audit, deliveries, leases
from publisher.store.deliveries import Change
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from platforms.port import Pending, Receipt
    from publisher.ledger.backoff import Backoff
    from publisher.ledger.lane_memory import LaneMemory
    from publisher.ledger.lease_keeper import LeaseKeeper
    from publisher.ledger.moves import Move
    from publisher.ledger.outbound_port import Outbound, Prepared
    from publisher.ledger.pace import Pace
    from publisher.ledger.reserve import Reserve
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction
    from publisher.store.leases import Room

_log = build_logger(__name__)
_Written = TypeVar("_Written")


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

    def claim(self, room: Room) -> Sequence[Delivery]:
        """Lease what is due and fits into *room*."""
        room = self._memory.narrow(room)
        with self._database.transaction() as tx:
            if abs(tx.seconds_off()) > self._pace.clock_tolerance_seconds:
                room = replace(room, is_for_emergencies=True)  # what has a time would go out at another
            taken = leases.claim(tx, room, owner=self._owner, lease_seconds=self._pace.lease_seconds)
        self._at("claimed")
        return taken

    def send(self, delivery: Delivery) -> None:
        """Take a leased delivery through one attempt; whatever happens ends in the ledger, or as an ended lease."""
        token = _token_of(delivery)
        try:
            with self._keeper.keeping(token):
                self._send(delivery, token)
        except LeaseLostError:
            _log.warning("lease_lost", delivery=delivery.id)

    def _send(self, delivery: Delivery, token: str) -> None:
        try:
            prepared = self._outbound.prepare(delivery)
        except Exception as error:  # noqa: BLE001 - whatever it is, no call was opened, so nothing was sent
            self._settle_unopened(delivery, token, error)
            return
        self._at("prepared")
        opened = self._open(
            delivery, token, cost_micro_usd=0 if prepared.plan is None else prepared.plan.cost_micro_usd
        )
        if opened is None:
            return
        self._at("attempt_opened")
        move = self._call(opened, token, prepared)
        self._at("called")
        self._settle(opened, token, move)

    def _open(self, delivery: Delivery, token: str, *, cost_micro_usd: int) -> Delivery | None:
        """Open an attempt, or do what the last check says and return None."""
        with self._database.transaction() as tx:
            held = _locked(tx, delivery, token)
            move = (
                gate.objection(tx, held, self._outbound)
                or self._memory.objection(tx, held)
                or self._reserve.objection(tx, held, cost_micro_usd=cost_micro_usd)
            )
            if move is None:
                leases.renew(tx, {token}, lease_seconds=self._pace.lease_seconds)  # a whole lease for the call
                is_counted = self._reserve.is_counted(held)
                return attempts.open_next(tx, held, cost_micro_usd=cost_micro_usd, is_counted=is_counted)
            deliveries.apply(tx, held.id, move.event, token=token, change=move.change)
            return None

    def _call(self, delivery: Delivery, token: str, prepared: Prepared) -> Move:
        try:
            answer = self._answer(delivery, token, prepared)
        except LeaseLostError:
            raise
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
            checkpoint=self._checkpoint(delivery, token),
        )

    def _checkpoint(self, delivery: Delivery, token: str) -> Callable[[str], None]:
        def checkpoint(resume: str) -> None:
            with self._database.transaction() as tx:
                attempts.keep_resume(tx, delivery.id, token=token, resume=resume)
            self._at("checkpoint")

        return checkpoint

    def _settle_unopened(self, delivery: Delivery, token: str, error: Exception) -> None:
        """Write down that nothing could be called; a post that was stopped meanwhile simply stops."""
        with self._database.transaction() as tx:
            held = _locked(tx, delivery, token)
            move = gate.objection(tx, held, self._outbound)
            if move is None:
                held = attempts.open_next(tx, held)
                move = moves.after_error(
                    moves.without_call(error), held, now=tx.now, pace=self._pace, backoff=self._backoff
                )
                attempts.close(tx, held.id, move.event, move.detail)
            deliveries.apply(tx, held.id, move.event, token=token, change=move.change)

    def _settle(self, delivery: Delivery, token: str, move: Move) -> None:
        def write() -> None:
            with self._database.transaction() as tx:
                attempts.close(tx, delivery.id, move.event, move.detail)
                after = gate.after_call(tx, delivery, move)
                deliveries.apply(tx, delivery.id, after.event, token=token, change=after.change)
                self._at("before_commit")

        try:
            self._persist(write)
        except (LeaseLostError, ForbiddenTransitionError):
            if move.change.receipt is None:
                raise LeaseLostError from None
            receipt = move.change.receipt
            self._persist(lambda: self._keep_late_receipt(delivery, receipt))

    def _keep_late_receipt(self, delivery: Delivery, receipt: Receipt) -> None:
        """Use a receipt that came after the lease was lost: it proves that the post is there."""
        with self._database.transaction() as tx:
            current = deliveries.lock(tx, delivery.id)
            if current.external_id == receipt.external_id:
                return
            try:
                deliveries.apply(tx, delivery.id, DeliveryEvent.RECEIPT_CAME_LATE, change=Change(receipt=receipt))
            except (LeaseLostError, ForbiddenTransitionError):
                _log.error("receipt_without_place", delivery=delivery.id, state=current.state)
                audit.append(
                    tx,
                    city=delivery.city,
                    who=deliveries.LEDGER,
                    kind="receipt_without_place",
                    post_id=delivery.post_id,
                    delivery_id=delivery.id,
                    facts={"external_id": receipt.external_id, "state": current.state},
                )

    def _persist(self, write: Callable[[], _Written]) -> _Written:
        """Write a result down; the platform has acted, so a database that is away for a moment is waited for."""
        for wait in self._pace.store_waits_seconds:
            try:
                return write()
            except StoreUnavailableError:
                _log.warning("store_unavailable", wait_seconds=wait)
                threading.Event().wait(wait)
        return write()


def _token_of(delivery: Delivery) -> str:
    if delivery.lease_token is None:
        raise LeaseLostError(f"delivery {delivery.id} is not leased")
    return delivery.lease_token


def _locked(tx: Transaction, delivery: Delivery, token: str) -> Delivery:
    held = deliveries.lock(tx, delivery.id)
    if held.lease_token != token:
        raise LeaseLostError(f"delivery {delivery.id} is leased to somebody else, or to nobody")
    return held
