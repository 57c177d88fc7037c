"""Lanes: one a platform, each with threads of its own, so that a platform that hangs never slows another.

A lane has three crews: one for what is due, a small one kept for emergencies alone, and one that looks at what is
unknown or processing. A pump thread fills the crews whenever it is woken. What is claimed together is opened together,
by one thread; then each call has its own; and the scribe settles together what has ended meanwhile.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final

from publisher.errors import LeaseLostError
from publisher.ledger.crew import Crew
from publisher.ledger.stumbles import Stumbles
from publisher.logs import build_logger
from publisher.store import leases
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.ledger.dispatcher import Dispatcher, Opened
    from publisher.ledger.outbound_port import Outbound
    from publisher.ledger.pace import Pace
    from publisher.ledger.reconciler import Reconciler
    from publisher.ledger.scribe import Scribe
    from publisher.ledger.timers import Timers
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

_log = build_logger(__name__)
_SAME_MOMENT_SECONDS: Final = 0.001
"""How far two readings of one moment by the monotonic clock may lie apart."""


class Lane:
    """One platform's deliveries, from due to settled."""

    def __init__(
        self,
        platform: str,
        *,
        database: Database,
        outbound: Outbound,
        dispatcher: Dispatcher,
        reconciler: Reconciler,
        scribe: Scribe,
        timers: Timers,
        pace: Pace,
    ) -> None:
        """Serve *platform*."""
        self.platform = platform
        self._database = database
        self._outbound = outbound
        self._dispatcher = dispatcher
        self._reconciler = reconciler
        self._scribe = scribe
        self._timers = timers
        self._routine = Crew(f"{platform}-send", pace.lane_slots, self._fill_up)
        self._emergency = Crew(f"{platform}-emergency", pace.emergency_slots, self._fill_up)
        self._looking = Crew(f"{platform}-look", pace.look_slots, self._fill_up)
        self._ends = {crew: partial(self._let_go, crew) for crew in (self._routine, self._emergency)}
        self._at_once = pace.claimed_at_once
        self._patience_seconds = pace.repair_seconds
        self._breath_seconds = pace.breath_seconds
        self._wakes_at = -math.inf
        """When the timer is set to, by the monotonic clock."""
        self._has_left_some = True
        """Something was due when it was last looked: perhaps there was no room for it."""
        self._signal = threading.Event()
        self._stopping = threading.Event()
        self._tries = {what: Stumbles(lane=platform, at=what) for what in ("fill", "look", "send", "emergencies")}
        self._pump_thread = threading.Thread(target=self._pump, name=f"{platform}-pump", daemon=True)

    def start(self) -> None:
        """Begin to take what is due."""
        self._pump_thread.start()

    def wake(self) -> None:
        """Look at once whether there is something to do."""
        self._signal.set()

    def _fill_up(self) -> None:
        """Look at once whether something waited for the slots that are free again."""
        if self._has_left_some:
            self.wake()

    def stop(self) -> None:
        """Take nothing more."""
        self._stopping.set()
        self.wake()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait for what is in hand; return whether it all ended."""
        if self._pump_thread.is_alive():
            self._pump_thread.join(timeout)
        crews = (self._routine, self._emergency, self._looking)
        is_idle = all(crew.wait_until_idle(timeout) for crew in crews)
        for crew in crews:
            crew.dismiss()
        return is_idle

    def _pump(self) -> None:
        while not self._stopping.is_set():
            self._signal.clear()
            self._tries["fill"].attempt(self._fill)
            # A crowd of wake-ups is one look; whoever finds the lane at rest doesn't wait.
            self._stopping.wait(self._breath_seconds)
            # By the monotonic clock: even a machine whose date jumps looks again soon.
            self._signal.wait(self._patience_seconds)

    def _fill(self) -> None:
        self._has_left_some = True  # until it is known better: slots may become free meanwhile
        with self._database.reading() as tx:
            prospect = leases.look_ahead(tx, self.platform)
            now = tx.now
        if prospect.next_at is not None:
            self._wake_in((prospect.next_at - now).total_seconds())
        if self._stopping.is_set():
            return
        is_due = prospect.is_due or self._has_unheard(is_for_emergencies=False)
        is_emergency_due = prospect.is_emergency_due or self._has_unheard(is_for_emergencies=True)
        self._has_left_some = is_due or is_emergency_due or prospect.is_look_due
        # Each by itself: what goes wrong with one keeps no other from its turn.
        if prospect.is_look_due:
            self._tries["look"].attempt(self._look)
        if is_due:
            self._tries["send"].attempt(self._send)
        if is_emergency_due:
            self._tries["emergencies"].attempt(self._send_emergencies)

    def _wake_in(self, seconds: float) -> None:
        """Set the timer, if it is not set to that moment already; a date that was moved sets it anew."""
        now = time.monotonic()
        at = now + seconds
        is_set = abs(at - self._wakes_at) < _SAME_MOMENT_SECONDS and now < self._wakes_at  # else it has rung
        if not is_set:
            self._timers.once(seconds, f"due-{self.platform}", self.wake)
            self._wakes_at = at

    def _has_unheard(self, *, is_for_emergencies: bool) -> bool:
        return self._dispatcher.has_unheard_claims(self.platform, is_for_emergencies=is_for_emergencies)

    def _send(self) -> None:
        per_account = self._outbound.limits(self.platform).concurrency
        self._claim(self._routine, per_account, is_for_emergencies=False)

    def _send_emergencies(self) -> None:
        """Send what the routine crew had no slot for, or whose account has its hands full with a routine call."""
        per_account = self._outbound.limits(self.platform).concurrency
        self._claim(self._emergency, per_account, is_for_emergencies=True)

    def _claim(self, crew: Crew, per_account: int, *, is_for_emergencies: bool) -> None:
        room = Room(
            platform=self.platform,
            limit=min(crew.free, self._at_once),
            per_account=per_account,
            busy=Counter(crew.in_hand().values()),
            is_for_emergencies=is_for_emergencies,
        )
        if room.limit > 0:
            taken = self._dispatcher.claim(room)
            self._begin(crew, taken)
            if taken:
                self.wake()  # there may be more

    def _look(self) -> None:
        free = self._looking.free
        if free > 0:
            in_hand = tuple(self._looking.in_hand())
            taken = self._reconciler.take(self.platform, limit=free, except_for=in_hand)
            for delivery in taken:
                self._looking.take(delivery, self._reconciler.look)

    # ── sending ──────────────────────────────────────────────────────────────────────────────────

    def _begin(self, crew: Crew, taken: Sequence[Delivery]) -> None:
        """Send what was claimed: emergencies by themselves, so that nothing of the others' is before them."""
        urgent = [one for one in taken if one.is_emergency]
        routine = [one for one in taken if not one.is_emergency]
        for together in (urgent, routine):
            if together:
                crew.hold(together)
                self._dispatcher.keep(together)
                crew.do(partial(self._open, crew, together), is_urgent=together is urgent)

    def _open(self, crew: Crew, taken: Sequence[Delivery]) -> None:
        left = {one.id: one for one in taken}
        try:
            opening = self._dispatcher.open(taken)
            is_urgent = taken[0].is_emergency  # as all that were claimed together and begun together
            for one in opening.alone:
                crew.do(partial(self._send_alone, crew, one), is_urgent=is_urgent)
                del left[one.id]
            crew.do(*(partial(self._call, crew, opened) for opened in opening.opened), is_urgent=is_urgent)
            for opened in opening.opened:
                del left[opened.delivery.id]
        except Exception:  # noqa: BLE001 - their leases will end and the rescuer will take them up; the lane goes on
            _log.exception("deliveries_dropped", count=len(left))
        finally:
            if left:
                self._let_go(crew, tuple(left.values()))

    def _call(self, crew: Crew, opened: Opened) -> None:
        delivery = opened.delivery
        try:
            ended = self._dispatcher.call(opened)
        except LeaseLostError:
            _log.warning("lease_lost", delivery=delivery.id)
        except Exception:  # noqa: BLE001 - the lease will end and the rescuer will take it up; the lane goes on
            _log.exception("delivery_dropped", delivery=delivery.id)
        else:
            self._scribe.hand(ended, self._ends[crew], under_way=crew.taken)
            return
        self._let_go(crew, [delivery])

    def _send_alone(self, crew: Crew, delivery: Delivery) -> None:
        try:
            self._dispatcher.send(delivery, is_patient=True)
        except Exception:  # noqa: BLE001 - the lease will end and the rescuer will take it up; the lane goes on
            _log.exception("delivery_dropped", delivery=delivery.id)
        finally:
            self._let_go(crew, [delivery])

    def _let_go(self, crew: Crew, done: Sequence[Delivery]) -> None:
        self._dispatcher.let_go(done)
        crew.let_go(done)
