"""The worker processes: started, killed by the schedule, and started again at once."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from tests.chaos.options import POINTS
from tests.chaos.schedule import OUTSIDE
from tests.chaos.worker import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from tests.chaos.schedule import PlannedKill
    from tests.chaos.worker import Orders

CONTEXT: Final = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.chaos.worker", "tests.chaos.stand_ins"])
_PATIENCE_SECONDS: Final = 20.0
"""How long a process may live on without coming by the point at which it is to die."""
_TICK_SECONDS: Final = 0.02


@dataclass(slots=True)
class Hand:
    """One worker process's place, and whoever fills it now."""

    armed: Any
    process: Any = None
    pipe: Connection | None = None
    due: list[PlannedKill] = field(default_factory=list)
    """Kills that have come up and are not done."""
    since: float = 0.0
    """When the first of them was ordered from the process."""


class Crew:
    """Keeps *size* workers going until `stop`, and kills them as planned."""

    def __init__(self, orders: Orders, kills: list[PlannedKill], size: int, progress: Callable[[], int]) -> None:
        self._orders = orders
        self._kills = list(kills)
        self._progress = progress
        self._hands = [Hand(armed=CONTEXT.RawValue("i", 0)) for _ in range(size)]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="crew", daemon=True)
        self.killed: Counter[str] = Counter()
        """How many died at each point."""
        self.failed_starts = 0
        self.starts = 0

    def start(self) -> None:
        """Start everybody, and the kills."""
        for hand in self._hands:
            self._fill(hand)
        self._thread.start()

    @property
    def open_kills(self) -> int:
        """How many planned kills have not been done yet."""
        return len(self._kills) + sum(len(hand.due) for hand in self._hands)

    def stop(self) -> None:
        """Kill nobody more, and let everybody end as a worker does."""
        self._ended.set()
        self._thread.join()
        for hand in self._hands:
            hand.armed.value = 0
            if hand.pipe is not None:
                hand.pipe.close()
        for hand in self._hands:
            if hand.process is not None:
                hand.process.join(20)
                with contextlib.suppress(ValueError):
                    hand.process.kill()
                hand.process.join(5)

    def _watch(self) -> None:
        while not self._ended.wait(_TICK_SECONDS):
            reached = self._progress()
            while self._kills and self._kills[0].after_posts <= reached:
                kill = self._kills.pop(0)
                self._hands[kill.slot].due.append(kill)
            for hand in self._hands:
                self._look_after(hand)

    def _look_after(self, hand: Hand) -> None:
        if not hand.process.is_alive():
            self._bury(hand)
            self._fill(hand)
        if hand.due:
            self._press(hand, hand.due[0].point)

    def _press(self, hand: Hand, point: str) -> None:
        """See to it that the process dies at its point, or from outside once it has had its time."""
        if hand.since == 0.0:
            hand.since = time.monotonic()
            if point != OUTSIDE:
                hand.armed.value = 1 + POINTS.index(point)
        waited = time.monotonic() - hand.since
        if (point == OUTSIDE and waited > 0.2) or waited > _PATIENCE_SECONDS:
            hand.armed.value = 0
            hand.process.join(0.05)  # it may just have come by
            if hand.process.is_alive():
                if point != OUTSIDE:
                    self._give_way(hand, point)
                hand.process.kill()
            hand.process.join()
            self._bury(hand)
            self._fill(hand)

    def _give_way(self, hand: Hand, point: str) -> None:
        """Kill from outside now, and at *point* in place of the next one that would have come from outside."""
        hand.due[0] = replace(hand.due[0], point=OUTSIDE)
        for number, kill in enumerate(self._kills):
            if kill.point == OUTSIDE:
                self._kills[number] = replace(kill, point=point)
                return

    def _bury(self, hand: Hand) -> None:
        if hand.process.exitcode == -signal.SIGKILL and hand.due:
            self.killed[hand.due.pop(0).point] += 1
        else:
            self.failed_starts += 1
            self._ended.wait(0.3)  # the database may be away
        hand.process.close()
        if hand.pipe is not None:
            hand.pipe.close()

    def _fill(self, hand: Hand) -> None:
        hand.armed.value, hand.since = 0, 0.0
        hand.pipe, theirs = CONTEXT.Pipe()
        hand.process = CONTEXT.Process(target=run, args=(self._orders, hand.armed, theirs), daemon=True)
        hand.process.start()
        theirs.close()
        self.starts += 1
