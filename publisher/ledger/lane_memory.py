"""What lanes remember: accounts that are closed for now and platforms that are sick, so that nobody knocks in vain.

It is shared by all workers through the database, and each keeps a copy in memory that is at most a second old: a call
that ends well costs no query. Emergencies, deletions and undone reposts pass always. Why: docs/decisions/0016, 0024.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from platforms.errors import NeedsPerson, Throttled
from platforms.port import Receipt
from publisher.delivery import DeliveryEvent
from publisher.ledger.breaker import BreakerRule, is_answer, is_sickness
from publisher.ledger.moves import Move, problem_of, wait_until
from publisher.logs import build_logger
from publisher.store import account_locks, attempts, breakers, holds, lane_memories
from publisher.store.account_locks import Purpose
from publisher.store.breakers import Breaker
from publisher.store.deliveries import Change, Problem
from publisher.store.engine import STORE_ERRORS
from publisher.store.lane_memories import Kind, Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from platforms.port import Pending
    from publisher.ledger.accounts_port import AccountBook
    from publisher.ledger.pace import Pace
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction
    from publisher.store.leases import Room

_log = build_logger(__name__)

ABOUT_ACCOUNT: Final = frozenset(
    {"token_refused", "credits_used_up", "account_suspended", "account_locked", "account_restricted"}
)
"""Codes of `NeedsPerson` that say that the account's next call would end the same way."""
_LONGEST: Final = timedelta(days=32)
"""No vendor's window is longer than a month: a time that lies further ahead is a mistake, and is believed so far."""
_SPREAD_SECONDS: Final = 5.0
"""Over how long the accounts of one app are opened again, so that they don't all come back in the same instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was known at a moment."""

    memories: Mapping[tuple[str, str], Memory] = field(default_factory=dict)
    breakers: Mapping[str, Breaker] = field(default_factory=dict)
    asked: frozenset[tuple[str, str]] = frozenset()
    """Accounts that wait for a repair, for which a person is asked."""


class LaneMemory:
    """Narrows what is claimed by what is known, and hears how calls end. May be used from many threads."""

    def __init__(self, database: Database, *, book: AccountBook, pace: Pace, draw: Callable[[], float]) -> None:
        """Remember in *database*; *draw* is the jitter, from 0 to below 1."""
        self._database = database
        self._book = book
        self._pace = pace
        self._draw = draw
        self._rule = BreakerRule(
            failures=pace.breaker_failures,
            base_seconds=pace.breaker_base_seconds,
            cap_seconds=pace.breaker_cap_seconds,
            probe_seconds=pace.breaker_probe_seconds,
            random=draw,
        )
        self._known = _Known()
        self._read_at: float | None = None
        self._reading = threading.Lock()

    # ── before a claim, and before a call ────────────────────────────────────────────────────────

    def narrow(self, room: Room) -> Room:
        """Return *room* without what would be called in vain; at most once a second this reads the database.

        Raises:
            StoreUnavailableError: The database did not answer.
        """
        known = self._fresh()
        if room.is_for_emergencies or not (known.memories or known.breakers):
            return room
        now = self._database.now()
        waiting = [one for one in known.memories.values() if one.kind is Kind.THROTTLED or one.key in known.asked]
        waiting = [one for one in waiting if one.platform == room.platform and _holds(one, now)]
        in_repair = [one.key for one in waiting if one.kind is Kind.NEEDS_PERSON]
        closed = {one.key: one.until for one in waiting}
        narrowed = replace(room, closed=closed, in_repair=in_repair) if closed else room
        breaker = known.breakers.get(room.platform)
        if breaker is None or breaker.open_until is None:
            return narrowed
        if not self._rule.is_open(breaker, now) and self._take_probe(room.platform):
            return replace(narrowed, limit=min(narrowed.limit, 1))
        return replace(narrowed, is_shut=True)

    def objection(self, tx: Transaction, delivery: Delivery) -> Move | None:
        """Return why a claimed delivery is not called now although it may go out, or None.

        What an earlier call may have published already is finished first.
        """
        key = (delivery.city, delivery.account)
        if key not in self._known.memories or not holds.is_stoppable(delivery):
            return None
        memory = lane_memories.get(tx, *key)  # a repair that a person has just told must be believed at once
        if memory is None or not _holds(memory, tx.now) or attempts.are_doubtful(tx, {delivery.id}):
            return None
        if memory.kind is Kind.THROTTLED:
            return wait_until(delivery, memory.until, memory.problem)
        if self._is_first_to_ask(tx, delivery, memory.problem.code):
            return Move(event=DeliveryEvent.NEEDS_PERSON, change=Change(problem=memory.problem))
        return self._wait_for_repair(delivery, memory.problem, until=memory.until, now=tx.now)

    def settled(self, tx: Transaction, delivery: Delivery, move: Move) -> Move:
        """Return what the end of a call comes to where a person is asked for its account's repair already.

        Whoever is asked once is not asked again for each post that waits. What an emergency, or what takes a post back,
        comes to is always asked.
        """
        problem = move.change.problem
        if move.event is not DeliveryEvent.NEEDS_PERSON or problem is None or problem.code not in ABOUT_ACCOUNT:
            return move
        if not holds.is_stoppable(delivery) or attempts.are_doubtful(tx, {delivery.id}):
            return move
        if self._is_first_to_ask(tx, delivery, problem.code):
            return move
        until = tx.now + timedelta(seconds=self._pace.knock_again_seconds)
        waits = self._wait_for_repair(delivery, problem, until=until, now=tx.now)
        is_again = waits.event is DeliveryEvent.ROOM_AWAITED
        return replace(waits, event=DeliveryEvent.THROTTLED if is_again else waits.event, detail=move.detail)

    @staticmethod
    def _is_first_to_ask(tx: Transaction, delivery: Delivery, code: str) -> bool:
        """Tell whether nobody is asked yet for an account's repair; from then on somebody is, in this transaction.

        Whoever comes while another is just asking leaves it to that one; if nothing comes of it, the next knock asks.
        """
        asked = tx.scratch.setdefault("repairs_asked", [])
        account = (delivery.city, delivery.account)
        key = (*account, code)
        if key in asked or not account_locks.try_lock(tx, Purpose.REPAIR, account):
            return False
        if lane_memories.is_asked_about(tx, *key):
            return False
        asked.append(key)
        return True

    def _wait_for_repair(self, delivery: Delivery, problem: Problem, *, until: datetime, now: datetime) -> Move:
        """Return that a delivery waits for its account's repair, or the question where *until* would be too late.

        It is due again at once: while the account is closed nobody claims it, and once it is open nothing is lost.
        """
        waits = wait_until(delivery, until, problem)
        if waits.event is not DeliveryEvent.ROOM_AWAITED:
            return waits
        soon = now + timedelta(seconds=2 * self._pace.memory_seconds)
        return replace(waits, change=replace(waits.change, due_at=soon))

    # ── after a call ─────────────────────────────────────────────────────────────────────────────

    def heard(self, delivery: Delivery, ended: Exception | Receipt | Pending) -> None:
        """Remember what the end of a call says of its account and its platform. Never raises."""
        try:
            self._hear_of_platform(delivery, ended)
            self._hear_of_account(delivery, ended)
        except STORE_ERRORS:
            _log.warning("lane_memory_lost", delivery=delivery.id)  # costs a call in vain, and nothing else
        except Exception:  # noqa: BLE001 - whatever it is, how the call ended must still be written down
            _log.exception("lane_memory_broke", delivery=delivery.id)

    def _hear_of_platform(self, delivery: Delivery, ended: Exception | Receipt | Pending) -> None:
        platform = delivery.platform
        if is_sickness(ended):
            code = problem_of(ended).code if isinstance(ended, Exception) else ""
            self._move_breaker(platform, lambda breaker, now: self._rule.after_failure(breaker, delivery.id, code, now))
        elif is_answer(ended) and platform in self._known.breakers:
            self._move_breaker(platform, lambda breaker, _: Breaker(platform=breaker.platform))

    def _hear_of_account(self, delivery: Delivery, ended: Exception | Receipt | Pending) -> None:
        key = (delivery.city, delivery.account)
        match ended:
            case Throttled():
                whose = self._book.sharing_app(*key) if ended.is_app_wide else (key,)
                self._close(delivery, whose, Kind.THROTTLED, ended.until, problem_of(ended))
            case NeedsPerson() if ended.code in ABOUT_ACCOUNT:
                until = self._database.now() + timedelta(seconds=self._pace.knock_again_seconds)
                self._close(delivery, (key,), Kind.NEEDS_PERSON, until, problem_of(ended))
            case Receipt() if ended.full_until is not None:
                params = {"platform": delivery.platform}
                problem = Problem(code="rate_limited", params=params)
                self._close(delivery, (key,), Kind.THROTTLED, ended.full_until, problem)
            case _ if is_answer(ended) and not isinstance(ended, Exception):
                memory = self._known.memories.get(key)
                if memory is not None and memory.noted_at <= delivery.state_at:  # the call began after that
                    self._open(*key)

    def _close(
        self, delivery: Delivery, whose: Collection[tuple[str, str]], kind: Kind, until: datetime, problem: Problem
    ) -> None:
        with self._database.transaction() as tx:
            at = min(until, tx.now + _LONGEST)
            if at <= tx.now:
                return
            for city, account in sorted(whose):
                is_own = (city, account) == (delivery.city, delivery.account)
                later = at if is_own else at + timedelta(seconds=self._draw() * _SPREAD_SECONDS)
                memory = Memory(
                    city=city,
                    account=account,
                    platform=delivery.platform,
                    kind=kind,
                    until=later,
                    noted_at=tx.now,
                    problem=_bare(problem),
                )
                lane_memories.remember(tx, memory)
            self._take_over(tx)
        _log.warning(
            "account_closed", account=delivery.account, city=delivery.city, code=problem.code, accounts=len(whose)
        )

    def _open(self, city: str, account: str) -> None:
        with self._database.transaction() as tx:
            lane_memories.forget(tx, city, account)
            self._take_over(tx)

    # ── the breaker ──────────────────────────────────────────────────────────────────────────────

    def _take_probe(self, platform: str) -> bool:
        with self._database.transaction() as tx:
            after = self._rule.with_probe(breakers.lock(tx, platform), tx.now)
            if after is not None:
                breakers.write(tx, after)
            self._take_over(tx)
        return after is not None

    def _move_breaker(self, platform: str, move: Callable[[Breaker, datetime], Breaker]) -> None:
        with self._database.transaction() as tx:
            before = breakers.lock(tx, platform)
            after = move(before, tx.now)
            if after == before:
                return
            breakers.write(tx, after)
            self._take_over(tx)
        if after.open_until != before.open_until:
            event = "breaker_closed" if after.open_until is None else "breaker_opened"
            _log.warning(event, platform=platform, code=after.code or before.code, rounds=after.rounds)

    # ── the copy in memory ───────────────────────────────────────────────────────────────────────

    def _fresh(self) -> _Known:
        with self._reading:
            if self._read_at is None or time.monotonic() - self._read_at >= self._pace.memory_seconds:
                with self._database.reading() as tx:
                    self._take_over(tx)
            return self._known

    def _take_over(self, tx: Transaction) -> None:
        """Take over what the database knows, in one go: readers see the old whole or the new one."""
        memories = {one.key: one for one in lane_memories.in_force(tx)}
        repairs = [one for one in memories.values() if one.kind is Kind.NEEDS_PERSON]
        asked = {one.key for one in repairs if lane_memories.is_asked_about(tx, *one.key, one.problem.code)}
        self._known = _Known(memories=memories, breakers=breakers.read(tx), asked=frozenset(asked))
        self._read_at = time.monotonic()


def knocks(tx: Transaction, delivery_id: str) -> int:
    """Count a delivery's calls that only said that its account is closed: they are no tries of its own."""
    calls = attempts.of_delivery(tx, delivery_id)
    return sum(one.event == DeliveryEvent.THROTTLED or (one.detail or {}).get("code") in ABOUT_ACCOUNT for one in calls)


def _holds(memory: Memory, now: datetime) -> bool:
    """Tell whether a memory is in force; one of the future was written before the clock was set back."""
    return memory.noted_at <= now < memory.until


def _bare(problem: Problem) -> Problem:
    """Return the problem without the vendor's own words: they are about one delivery."""
    return Problem(code=problem.code, params=problem.params, who=problem.who)
