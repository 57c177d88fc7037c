"""Lanes: one a platform, each with threads of its own, so that a platform that hangs never slows another.

A lane has three crews: one for what is due, a small one kept for emergencies alone, and one that looks at what is
unknown or processing. A pump thread fills the crews whenever it is woken.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from publisher.logs import build_logger
from publisher.store import leases
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publisher.ledger.dispatcher import Dispatcher
    from publisher.ledger.outbound_port import Outbound
    from publisher.ledger.pace import Pace
    from publisher.ledger.reconciler import Reconciler
    from publisher.ledger.timers import Timers
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

_log = build_logger(__name__)


class Crew:
    """Up to *slots* threads, one for each delivery in hand."""

    def __init__(self, name: str, slots: int, when_free: Callable[[], None]) -> None:
        """Call *when_free* each time a slot is free again."""
        self._name = name
        self._slots = slots
        self._when_free = when_free
        self._changed = threading.Condition()
        self._in_hand: dict[str, tuple[str, str]] = {}

    @property
    def free(self) -> int:
        """How many more it can take."""
        with self._changed:
            return self._slots - len(self._in_hand)

    def in_hand(self) -> dict[str, tuple[str, str]]:
        """Return the (city, account) of each delivery in hand, by its id."""
        with self._changed:
            return dict(self._in_hand)

    def take(self, delivery: Delivery, work: Callable[[Delivery], None]) -> None:
        """Do *work* on a delivery in a thread of its own."""
        with self._changed:
            self._in_hand[delivery.id] = (delivery.city, delivery.account)
        try:
            threading.Thread(target=self._run, args=(delivery, work), name=self._name, daemon=True).start()
        except RuntimeError:  # the machine has no room for another thread: the lease ends, the slot is free again
            self._let_go(delivery)
            raise

    def _run(self, delivery: Delivery, work: Callable[[Delivery], None]) -> None:
        try:
            work(delivery)
        except Exception:  # noqa: BLE001 - the lease will end and the rescuer will take it up; the lane goes on
            _log.exception("delivery_dropped", delivery=delivery.id)
        finally:
            self._let_go(delivery)
            self._when_free()

    def _let_go(self, delivery: Delivery) -> None:
        with self._changed:
            del self._in_hand[delivery.id]
            self._changed.notify_all()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until nothing is in hand; return whether that came about."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._in_hand, timeout)


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
        timers: Timers,
        pace: Pace,
    ) -> None:
        """Serve *platform*."""
        self.platform = platform
        self._database = database
        self._outbound = outbound
        self._dispatcher = dispatcher
        self._reconciler = reconciler
        self._timers = timers
        self._routine = Crew(f"{platform}-send", pace.lane_slots, self.wake)
        self._emergency = Crew(f"{platform}-emergency", pace.emergency_slots, self.wake)
        self._looking = Crew(f"{platform}-look", pace.look_slots, self.wake)
        self._patience_seconds = pace.repair_seconds
        self._signal = threading.Event()
        self._is_stopping = False
        self._pump_thread = threading.Thread(target=self._pump, name=f"{platform}-pump", daemon=True)

    def start(self) -> None:
        """Begin to take what is due."""
        self._pump_thread.start()

    def wake(self) -> None:
        """Look at once whether there is something to do."""
        self._signal.set()

    def stop(self) -> None:
        """Take nothing more."""
        self._is_stopping = True
        self.wake()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait for what is in hand; return whether it all ended."""
        if self._pump_thread.is_alive():
            self._pump_thread.join(timeout)
        return all(crew.wait_until_idle(timeout) for crew in (self._routine, self._emergency, self._looking))

    def _pump(self) -> None:
        while not self._is_stopping:
            self._signal.clear()
            try:
                self._fill()
            except Exception:  # noqa: BLE001 - the database may be away: the next wake-up tries again
                _log.exception("lane_stumbled", platform=self.platform)
            # By the monotonic clock: even a machine whose date jumps looks again soon.
            self._signal.wait(self._patience_seconds)

    def _fill(self) -> None:
        with self._database.reading() as tx:
            prospect = leases.look_ahead(tx, self.platform)
            now = tx.now
        if prospect.next_at is not None:
            self._timers.once((prospect.next_at - now).total_seconds(), f"due-{self.platform}", self.wake)
        if prospect.is_due and not self._is_stopping:
            self._look()
            self._send()
            if prospect.is_emergency_due:
                self._send_emergencies()

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
            limit=crew.free,
            per_account=per_account,
            busy=Counter(crew.in_hand().values()),
            is_for_emergencies=is_for_emergencies,
        )
        if room.limit > 0:
            self._hand_out(crew, self._dispatcher.claim(room), self._dispatcher.send)

    def _look(self) -> None:
        free = self._looking.free
        if free > 0:
            in_hand = tuple(self._looking.in_hand())
            taken = self._reconciler.take(self.platform, limit=free, except_for=in_hand)
            self._hand_out(self._looking, taken, self._reconciler.look)

    @staticmethod
    def _hand_out(crew: Crew, taken: Sequence[Delivery], work: Callable[[Delivery], None]) -> None:
        for delivery in taken:
            crew.take(delivery, work)
