"""The worker processes: started, killed by the schedule, and started again at once."""

from __future__ import annotations

import multiprocessing
import random
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.chaos.nursery import KILL, START, serve
from tests.chaos.options import POINTS
from tests.chaos.schedule import OUTSIDE
from tests.chaos.worker import Chance

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from tests.chaos.schedule import PlannedKill
    from tests.chaos.worker import Orders

CONTEXT: Final = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.chaos.nursery", "tests.chaos.stand_ins"])
_PATIENCE_SECONDS: Final = 20.0
"""How long a death waits for somebody to come by its point, once nothing new is handed in."""
_LIFE_SECONDS: Final = (0.1, 1.0)
"""How old a process becomes that is killed from outside, at least."""
_TICK_SECONDS: Final = 0.02


@dataclass(slots=True)
class Hand:
    """One worker process's place."""

    chance: Chance
    due: int = 0
    """How many kills from outside have come up and are not done."""
    kill_at: float | None = None
    """When whoever fills it now is killed from outside."""
    start_at: float | None = 0.0
    """When the next process is to be started; None while one is there."""


class Crew:
    """Keeps *size* workers going until `stop`, and kills them as planned.

    A death at a labelled point is for whichever process comes by first. So no kill waits for another one, and the rare
    points have their turn too.
    """

    def __init__(
        self, orders: Orders, kills: list[PlannedKill], size: int, progress: Callable[[], int], *, seed: int = 0
    ) -> None:
        self._kills = list(kills)

        self._progress = progress
        self._draw = random.Random(f"{seed}:lives")  # noqa: S311 - chance, no secret
        self._deaths = [CONTEXT.Semaphore(0) for _ in POINTS]
        self._waiting = Counter[str]()
        self._hands = [Hand(chance=Chance(self._deaths, CONTEXT.RawValue("i", 0))) for _ in range(size)]
        self._pipe, theirs = CONTEXT.Pipe()
        arguments = (orders, [hand.chance for hand in self._hands], theirs)
        self._nursery: Any = CONTEXT.Process(target=serve, args=arguments, name="nursery")
        self._theirs: Connection = theirs
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="crew", daemon=True)
        self.killed: Counter[str] = Counter()
        """How many died at each point."""
        self.failed_starts = 0
        self.starts = 0

    def start(self) -> None:
        """Start everybody, and the kills."""
        self._nursery.start()
        self._theirs.close()
        self._thread.start()

    @property
    def open_kills(self) -> int:
        """How many planned kills have not been done yet."""
        return len(self._kills) + sum(self._waiting.values()) + sum(hand.due for hand in self._hands)

    def stop(self) -> None:
        """Kill nobody more, and let everybody end as a worker does."""
        self._ended.set()
        self._thread.join()
        for death in self._deaths:
            while death.acquire(block=False):
                pass
        self._pipe.close()
        self._nursery.join(30)
        self._nursery.kill()
        self._nursery.join()

    def _watch(self) -> None:
        moved_at = time.monotonic()
        while not self._ended.is_set():
            if self._pipe.poll(_TICK_SECONDS):
                self._bury(*self._pipe.recv())
                moved_at = time.monotonic()
            reached = self._progress()
            while self._kills and self._kills[0].after_posts <= reached:
                self._order(self._kills.pop(0))
                moved_at = time.monotonic()
            if not self._kills and time.monotonic() - moved_at > _PATIENCE_SECONDS:
                self._give_way()
                moved_at = time.monotonic()
            for slot, hand in enumerate(self._hands):
                self._look_after(slot, hand)

    def _order(self, kill: PlannedKill) -> None:
        if kill.point == OUTSIDE:
            self._hands[kill.slot].due += 1
        else:
            self._waiting[kill.point] += 1
            self._deaths[POINTS.index(kill.point)].release()

    def _give_way(self) -> None:
        """Kill from outside where nobody comes by a point any more."""
        for point, death in zip(POINTS, self._deaths, strict=True):
            if self._waiting[point] and death.acquire(block=False):
                self._waiting[point] -= 1
                self._hands[0].due += 1
                return

    def _look_after(self, slot: int, hand: Hand) -> None:
        now = time.monotonic()
        if hand.start_at is not None:
            if now >= hand.start_at:
                hand.start_at, hand.kill_at = None, None
                hand.chance.renew()
                self._pipe.send((START, slot))
                self.starts += 1
        elif hand.due and hand.kill_at is None:
            hand.kill_at = now + self._draw.uniform(*_LIFE_SECONDS)
        elif hand.kill_at is not None and now >= hand.kill_at:
            hand.kill_at = float("inf")
            self._pipe.send((KILL, slot))

    def _bury(self, slot: int, exit_code: int) -> None:
        """Count how somebody died, by what happened and not by what was ordered."""
        hand = self._hands[slot]
        point = hand.chance.met
        hand.start_at = 0.0
        if exit_code == -signal.SIGKILL and point is not None:
            self._waiting[point] -= 1
            self.killed[point] += 1
        elif exit_code == -signal.SIGKILL and hand.due:
            hand.due -= 1
            self.killed[OUTSIDE] += 1
        else:
            self.failed_starts += 1
            hand.start_at = time.monotonic() + 0.3  # the database may be away
