"""A crew: threads that wait for work, so that none has to be made for each call."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

from publisher.logs import build_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from publisher.store.delivery_record import Delivery

_log = build_logger(__name__)
_AT_FIRST: Final = 4
"""So many jobs are done at once to begin with."""
_LOOK_SECONDS: Final = 0.02
"""How often it is looked, while jobs wait, whether more at once would help."""
_WAIT_SECONDS: Final = 1.0
"""For how long jobs may wait for others that end quickly."""
_BUSY: Final = 0.7
"""From this part of a processor on, further threads would only take turns with those that are there."""
_REST_SECONDS: Final = 30.0
"""After how long without work a thread beyond the first few ends."""
_SHORT_SECONDS: Final = 1.0
"""For how long nothing is tried where the machine has no room for another thread."""


class Crew:
    """Up to *slots* deliveries in hand, and threads as they are needed: a call never waits for another that takes long.

    A few jobs are done at once to begin with, and four times as many each time some have waited for a moment in which
    none ended, or have long to wait while the process has little to do: so calls that wait for their platform soon have
    a thread each, and those that end quickly are not made dearer by a crowd of threads that take turns.
    """

    def __init__(self, name: str, slots: int, when_free: Callable[[], None]) -> None:
        """Call *when_free* each time slots are free again."""
        self._name = name
        self._slots = slots
        self._when_free = when_free
        self._changed = threading.Condition()
        self._in_hand: dict[str, tuple[str, str]] = {}
        self._has_job = threading.Condition()
        """Guards everything below."""
        self._urgent: deque[Callable[[], None]] = deque()
        self._jobs: deque[Callable[[], None]] = deque()
        self._threads = 0
        self._busy = 0
        """Threads that are doing a job."""
        self._at_once = min(_AT_FIRST, slots)
        """How many may be, urgent jobs aside."""
        self._ended = 0
        """How many have ended since it was last allowed for more at once, or since jobs wait."""
        self._is_watched = False
        self._is_busy = False
        """The process had much to do while it was last looked."""
        self._is_short = False
        """The machine had no room for another thread."""
        self._has_waiting = threading.Event()
        self._dismissed = threading.Event()

    @property
    def free(self) -> int:
        """How many more it can take."""
        with self._changed:
            return self._slots - len(self._in_hand)

    @property
    def taken(self) -> int:
        """How many it has in hand."""
        with self._changed:
            return len(self._in_hand)

    def in_hand(self) -> dict[str, tuple[str, str]]:
        """Return the (city, account) of each delivery in hand: what is leased by its lease, else by its id."""
        with self._changed:
            return dict(self._in_hand)

    def hold(self, taken: Sequence[Delivery]) -> None:
        """Take deliveries into hand; then `do` what is to be done, and `let_go`.

        Raises:
            RuntimeError: The machine has no room for a first thread; nothing is in hand.
        """
        with self._changed:
            self._in_hand |= {_place_of(one): (one.city, one.account) for one in taken}
        try:
            self._begin(min(len(taken), _AT_FIRST))
        except RuntimeError:
            self.let_go(taken)
            raise

    def do(self, *jobs: Callable[[], None], is_urgent: bool = False) -> None:
        """Do *jobs* for something in hand, in its threads; what *is urgent* waits for nothing that isn't."""
        with self._has_job:
            (self._urgent if is_urgent else self._jobs).extend(jobs)
        self._call_up()

    def take(self, delivery: Delivery, work: Callable[[Delivery], None]) -> None:
        """Hold a delivery, do *work* on it, and let go."""
        self.hold([delivery])
        self.do(lambda: self._work(delivery, work))

    def let_go(self, done: Collection[Delivery]) -> None:
        """Free the slots of deliveries."""
        with self._changed:
            for one in done:
                self._in_hand.pop(_place_of(one), None)  # one that is missing must not keep the others' slots
            self._changed.notify_all()
        self._when_free()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until nothing is in hand; return whether that came about."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._in_hand, timeout)

    def dismiss(self) -> None:
        """Let each thread end after what there is to do."""
        self._dismissed.set()
        self._has_waiting.set()
        with self._has_job:
            self._has_job.notify_all()

    # ── threads ──────────────────────────────────────────────────────────────────────────────────

    def _begin(self, count: int) -> None:
        """See to it that there is a thread for each of the first few."""
        try:
            self._add(count)
            if self._slots > _AT_FIRST:
                self._begin_to_watch()
        except RuntimeError:
            if not self._threads:
                raise
            _log.exception("no_more_threads", crew=self._name, threads=self._threads)  # those who are there do it all

    def _begin_to_watch(self) -> None:
        with self._has_job:
            if not self._is_watched:
                threading.Thread(target=self._watch, name=f"{self._name}-watch", daemon=True).start()
                self._is_watched = True  # only now: where there was no room for it, the next to come begins it

    def _call_up(self) -> None:
        """Wake, or make, threads for what may be begun."""
        with self._has_job:
            wanted = len(self._urgent) + max(min(len(self._jobs), self._at_once - self._busy), 0)
            self._has_job.notify(wanted)
        try:
            self._add(wanted)
        except RuntimeError:  # the machine has no room for another thread: those who are there do it all
            _log.exception("no_more_threads", crew=self._name, threads=self._threads)
            self._is_short = True
        self._has_waiting.set()

    def _add(self, wanted: int) -> None:
        """Make threads until so many are free; started without the lock, since a busy process starts them slowly.

        Raises:
            RuntimeError: The machine has no room for one more.
        """
        with self._has_job:
            missing = min(wanted - (self._threads - self._busy), self._slots - self._threads)
            self._threads += max(missing, 0)
        for made in range(missing):
            try:
                threading.Thread(target=self._serve, name=self._name, daemon=True).start()
            except RuntimeError:
                with self._has_job:
                    self._threads -= missing - made
                raise

    def _watch(self) -> None:
        """Let more be done at once where jobs wait for others that take long."""
        while not self._dismissed.is_set():
            self._has_waiting.wait()
            self._has_waiting.clear()
            since = self._begin_to_count()
            while self._is_left_waiting():
                if self._is_short:
                    self._is_short = self._dismissed.wait(_SHORT_SECONDS)
                since = self._allow_for_more(since)
                self._call_up()

    def _begin_to_count(self) -> float:
        with self._has_job:
            self._ended = 0
        return time.monotonic()

    def _is_left_waiting(self) -> bool:
        """Look for a moment; return whether jobs waited all the while."""
        with self._has_job:
            is_waiting = bool(self._jobs or self._urgent)
        used, began = time.process_time(), time.monotonic()
        if not is_waiting or self._dismissed.wait(_LOOK_SECONDS):
            return False
        self._is_busy = time.process_time() - used > _BUSY * (time.monotonic() - began)
        with self._has_job:
            return bool(self._jobs or self._urgent)

    def _allow_for_more(self, since: float) -> float:
        """Allow for more at once where that helps those that wait; return since when it is counted what ends."""
        with self._has_job:
            waiting = len(self._jobs) + len(self._urgent)
            seconds = time.monotonic() - since
            is_long = waiting * seconds > _WAIT_SECONDS * self._ended
            if self._ended and (self._is_busy or not is_long):
                return since
            self._at_once = min(4 * self._at_once, self._slots)
        return self._begin_to_count()

    def _serve(self) -> None:
        while (job := self._next_job()) is not None:
            try:
                job()
            except Exception:  # noqa: BLE001 - a thread that ends here would be missed by all the calls to come
                _log.exception("job_broke", crew=self._name)
            with self._has_job:
                self._busy -= 1
                self._ended += 1
                if not self._busy and not self._jobs:
                    self._at_once = min(_AT_FIRST, self._slots)

    def _next_job(self) -> Callable[[], None] | None:
        """Wait for a job; None where this thread is to end."""
        has_rested = False
        with self._has_job:
            while True:
                may_begin = self._jobs if self._busy < self._at_once else None
                if queue := self._urgent or may_begin:
                    self._busy += 1
                    return queue.popleft()
                if self._dismissed.is_set() or (has_rested and self._threads > _AT_FIRST):
                    self._threads -= 1
                    return None
                has_rested = not self._has_job.wait(_REST_SECONDS)

    def _work(self, delivery: Delivery, work: Callable[[Delivery], None]) -> None:
        try:
            work(delivery)
        except Exception:  # noqa: BLE001 - the lease will end and the rescuer will take it up; the lane goes on
            _log.exception("delivery_dropped", delivery=delivery.id)
        finally:
            self.let_go([delivery])


def _place_of(delivery: Delivery) -> str:
    """Name what is in hand: a delivery whose lease was lost can be claimed anew while its old call goes on."""
    return delivery.lease_token or delivery.id
