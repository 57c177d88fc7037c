"""The worker: lanes, repair loops and timers of one process, or the same work step by step for tests."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from publisher.ledger.accounts_port import NoBook
from publisher.ledger.backoff import Backoff
from publisher.ledger.dispatcher import Dispatcher
from publisher.ledger.lane_memory import LaneMemory
from publisher.ledger.lanes import Lane
from publisher.ledger.lease_keeper import LeaseKeeper
from publisher.ledger.one_post import OnePost
from publisher.ledger.pace import Pace
from publisher.ledger.reconciler import Reconciler
from publisher.ledger.rescuer import Rescuer
from publisher.ledger.reserve import Reserve
from publisher.ledger.scribe import Scribe
from publisher.ledger.timers import Timers
from publisher.logs import build_logger
from publisher.store import workers
from publisher.store.engine import StoreUnavailableError, Topic
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publisher.ledger.accounts_port import AccountBook
    from publisher.ledger.outbound_port import Outbound
    from publisher.store.engine import Database

_log = build_logger(__name__)
_BATCH: Final = 50


def nowhere(point: str) -> None:
    """Do nothing at a labelled point: only tests that kill put something here."""


class Worker:
    """Everything one process does for the ledger."""

    def __init__(
        self,
        database: Database,
        outbound: Outbound,
        *,
        platforms: Sequence[str],
        owner: str | None = None,
        pace: Pace | None = None,
        book: AccountBook | None = None,
        draw: Callable[[], float] = random.random,
        at: Callable[[str], None] = nowhere,
    ) -> None:
        """Serve *platforms*.

        Args:
            database: The ledger.
            outbound: The last check and the way out.
            platforms: One lane each.
            owner: The worker's name in leases and beats; None: a new one.
            pace: Waits and sizes.
            book: What each account may use up; None: nothing is counted.
            draw: The jitter of waits, from 0 to below 1.
            at: Called at each labelled point (`claimed`, `prepared`, `attempt_opened`, `checkpoint`, `called`,
                `before_commit`, `looked`), for tests that kill.
        """
        self.owner = owner or f"worker-{uuid4()}"
        self._database = database
        self._platforms = tuple(platforms)
        self._pace = pace or Pace()
        self._outbound = outbound
        backoff = Backoff(
            base_seconds=self._pace.retry_base_seconds, cap_seconds=self._pace.retry_cap_seconds, random=draw
        )
        self._keeper = LeaseKeeper(database, lease_seconds=self._pace.lease_seconds)
        book = book or NoBook()
        self._dispatcher = Dispatcher(
            database,
            outbound,
            owner=self.owner,
            pace=self._pace,
            backoff=backoff,
            keeper=self._keeper,
            memory=LaneMemory(database, book=book, pace=self._pace, draw=draw),
            reserve=Reserve(book),
            at=at,
        )
        self._reconciler = Reconciler(database=database, outbound=outbound, pace=self._pace, backoff=backoff, at=at)
        self._scribe = Scribe(self._dispatcher)
        self._rescuer = Rescuer(database=database, pace=self._pace)
        self._timers = Timers()
        self._lanes: list[Lane] = []
        self._is_clock_wrong = False
        self._unsubscribe: Callable[[], None] | None = None

    # ── with threads ─────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Begin: beat, rescue, and take what is due. A worker is started once."""
        self.beat()
        self._lanes = [self._build_lane(platform) for platform in self._platforms]
        self._timers.start()
        self._timers.every(self._pace.beat_seconds, "beat", self.beat)
        self._timers.every(self._pace.renew_seconds, "renew", self._keeper.renew)
        self._timers.every(self._pace.rescue_seconds, "rescue", self.rescue_once)
        self._timers.every(self._pace.repair_seconds, "repair", self.wake)
        self._unsubscribe = self._database.subscribe(Topic.DELIVERIES, self.wake, is_for_work=True)
        self._scribe.start()
        for lane in self._lanes:
            lane.start()

    @property
    def is_started(self) -> bool:
        """Whether it was ever started."""
        return bool(self._lanes)

    def wake(self) -> None:
        """Look at once whether something is due."""
        for lane in self._lanes:
            lane.wake()

    def stop(self, timeout: float = 10.0) -> bool:
        """Take nothing more and wait up to *timeout* seconds for the calls under way; return whether all ended.

        Leases of calls that did not end are renewed no more: another worker finds out what became of them.
        """
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        for lane in self._lanes:
            lane.stop()
        ends_at = time.monotonic() + timeout
        # A list, not a generator: every lane is waited for, also after one that did not end.
        idle = [lane.wait_until_idle(max(ends_at - time.monotonic(), 0.0)) for lane in self._lanes]
        self._scribe.stop()
        self._timers.stop()
        self._leave()
        return all(idle)

    def _build_lane(self, platform: str) -> Lane:
        return Lane(
            platform,
            database=self._database,
            outbound=self._outbound,
            dispatcher=self._dispatcher,
            reconciler=self._reconciler,
            scribe=self._scribe,
            timers=self._timers,
            pace=self._pace,
        )

    def _leave(self) -> None:
        try:
            with self._database.transaction() as tx:
                workers.leave(tx, self.owner)
        except StoreUnavailableError:
            pass  # the beat simply ends

    # ── step by step ─────────────────────────────────────────────────────────────────────────────

    def beat(self) -> None:
        """Say that this worker is there, and whether its clock is wrong."""
        with self._database.transaction() as tx:
            seconds_off = tx.seconds_off()
            is_wrong = abs(seconds_off) > self._pace.clock_tolerance_seconds
            workers.beat(tx, self.owner, seconds_off=round(seconds_off) if is_wrong else 0)
        if is_wrong != self._is_clock_wrong:
            self._is_clock_wrong = is_wrong
            _log.error("clock_wrong" if is_wrong else "clock_right_again", seconds_ahead=round(seconds_off, 1))

    def run_due_once(self) -> int:
        """Claim what is due now on each platform and send it, in this thread; return how many were claimed."""
        with self._keeper.beating(self._pace.renew_seconds):
            rooms = [Room(platform=platform, limit=_BATCH, per_account=_BATCH) for platform in self._platforms]
            return sum(self._run_due(room) for room in rooms)

    def one_post(self, post_id: str, platform: str) -> OnePost:
        """Return what sends one emergency post on *platform*, and nothing else, where this worker was not started."""
        return OnePost(
            post_id,
            platform,
            dispatcher=self._dispatcher,
            keeper=self._keeper,
            outbound=self._outbound,
            pace=self._pace,
        )

    def _run_due(self, room: Room) -> int:
        taken = self._dispatcher.claim(room)
        with ExitStack() as leases:
            for delivery in taken:  # those at the end of the batch keep their leases while the first are sent
                leases.enter_context(self._keeper.keeping(delivery.lease_token or ""))
            for delivery in taken:
                self._dispatcher.send(delivery)
        return len(taken)

    def reconcile_once(self) -> int:
        """Look at what is unknown or processing and due for a look, in this thread; return how many that were."""
        count = 0
        for platform in self._platforms:
            taken = self._reconciler.take(platform, limit=_BATCH)
            count += len(taken)
            for delivery in taken:
                self._reconciler.look(delivery)
        return count

    def rescue_once(self) -> int:
        """Take up what dead workers left; return how many deliveries that were."""
        return self._rescuer.rescue()
