"""A crew: threads that wait for work, so that none has to be made for each call."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

from publisher.logs import build_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publisher.store.delivery_record import Delivery

_log = build_logger(__name__)


class Crew:
    """Up to *slots* threads: as many as there have been deliveries in hand at a time, so that no call ever waits."""

    def __init__(self, name: str, slots: int, when_free: Callable[[], None]) -> None:
        """Call *when_free* each time a slot is free again."""
        self._name = name
        self._slots = slots
        self._when_free = when_free
        self._changed = threading.Condition()
        self._in_hand: dict[str, tuple[str, str]] = {}
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = 0

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
        """Take deliveries into hand, with a thread for each; then `do` what is to be done, and `let_go`.

        Raises:
            RuntimeError: The machine has no room for another thread; nothing is in hand.
        """
        with self._changed:
            self._in_hand |= {_place_of(one): (one.city, one.account) for one in taken}
        try:
            self._grow()
        except RuntimeError:
            for one in taken:
                self.let_go(one)
            raise

    def do(self, job: Callable[[], None]) -> None:
        """Do a *job* for something in hand in one of the threads; it must not raise."""
        self._jobs.put(job)

    def take(self, delivery: Delivery, work: Callable[[Delivery], None]) -> None:
        """Hold a delivery, do *work* on it, and let go."""
        self.hold([delivery])
        self.do(lambda: self._work(delivery, work))

    def let_go(self, delivery: Delivery) -> None:
        """Free the slot of a delivery."""
        with self._changed:
            del self._in_hand[_place_of(delivery)]
            self._changed.notify_all()
        self._when_free()

    def wait_until_idle(self, timeout: float) -> bool:
        """Wait until nothing is in hand; return whether that came about."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._in_hand, timeout)

    def dismiss(self) -> None:
        """Let each thread end after what it is doing."""
        with self._changed:
            threads, self._threads = self._threads, 0
        for _ in range(threads):
            self._jobs.put(None)

    def _grow(self) -> None:
        with self._changed:
            missing = min(len(self._in_hand), self._slots) - self._threads
            for _ in range(missing):
                threading.Thread(target=self._serve, name=self._name, daemon=True).start()
                self._threads += 1

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
            self.let_go(delivery)


def _place_of(delivery: Delivery) -> str:
    """Name what is in hand: a delivery whose lease was lost can be claimed anew while its old call goes on."""
    return delivery.lease_token or delivery.id
