"""A crew: threads that wait for work, so that none has to be made for each call."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from publisher.logs import build_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from publisher.store.delivery_record import Delivery

_log = build_logger(__name__)
_AT_FIRST: Final = 4
"""So many threads take up work at once; more come for jobs that these leave waiting."""
_PATIENCE_SECONDS: Final = 0.005
"""For how long a job waits before it gets a thread of its own: calls that are quicker share a few."""
_SHORT_SECONDS: Final = 1.0
"""For how long nothing is tried where the machine has no room for another thread."""


class Crew:
    """Up to *slots* deliveries in hand, and threads as they are needed: a call never waits for another that takes long.

    Calls that end at once are done by a few threads, since each further one would only take turns with them; where
    calls wait for their platform, each has its own.
    """

    def __init__(self, name: str, slots: int, when_free: Callable[[], None]) -> None:
        """Call *when_free* each time slots are free again."""
        self._name = name
        self._slots = slots
        self._when_free = when_free
        self._changed = threading.Condition()
        self._in_hand: dict[str, tuple[str, str]] = {}
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._given = 0
        self._has_given = threading.Event()
        self._dismissed = threading.Event()
        self._threads = 0
        self._is_watched = False

    @property
    def free(self) -> int:
        """How many more it can take."""
        with self._changed:
            return self._slots - len(self._in_hand)

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
            self._begin()
        except RuntimeError:
            self.let_go(taken)
            raise

    def do(self, *jobs: Callable[[], None]) -> None:
        """Do *jobs* for something in hand, in its threads."""
        with self._changed:
            self._given += len(jobs)
        for job in jobs:
            self._jobs.put(job)
        self._has_given.set()

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
        """Let each thread end after what it is doing."""
        with self._changed:
            self._dismissed.set()
            threads, self._threads = self._threads, 0
        self._has_given.set()
        for _ in range(threads):
            self._jobs.put(None)

    # ── threads ──────────────────────────────────────────────────────────────────────────────────

    def _begin(self) -> None:
        with self._changed:
            missing = min(len(self._in_hand), self._slots, _AT_FIRST) - self._threads
        try:
            self._add(missing)
            if self._slots > _AT_FIRST:
                self._begin_to_watch()
        except RuntimeError:
            if not self._threads:
                raise
            _log.exception("no_more_threads", crew=self._name, threads=self._threads)  # those who are there do it all

    def _begin_to_watch(self) -> None:
        with self._changed:
            if not self._is_watched:
                threading.Thread(target=self._watch, name=f"{self._name}-watch", daemon=True).start()
                self._is_watched = True  # only now: where there was no room for it, the next to come begins it

    def _add(self, count: int) -> None:
        for _ in range(count):
            with self._changed:
                if self._dismissed.is_set():
                    return
                threading.Thread(target=self._serve, name=self._name, daemon=True).start()
                self._threads += 1

    def _watch(self) -> None:
        """Give threads to jobs that those who are there leave waiting."""
        while not self._dismissed.is_set():
            self._has_given.wait()
            self._has_given.clear()
            while (left := self._left_waiting()) is not None and not self._dismissed.is_set():
                try:
                    self._add(min(left, self._slots - self._threads))
                except RuntimeError:  # the machine has no room for another thread: those who are there do it all
                    _log.exception("no_more_threads", crew=self._name, threads=self._threads)
                    self._dismissed.wait(_SHORT_SECONDS)

    def _left_waiting(self) -> int | None:
        """Look for a moment; return how many jobs have waited all the while, or None where there is no job."""
        given = self._given
        if self._jobs.empty():
            return None
        self._dismissed.wait(_PATIENCE_SECONDS)
        return max(self._jobs.qsize() - (self._given - given), 0)

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # noqa: BLE001 - a thread that ends here would be missed by all the calls to come
                _log.exception("job_broke", crew=self._name)

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
