"""The timers: APScheduler, for delays only. The ledger is the truth; a timer merely wakes somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from publisher.clock import RealClock

if TYPE_CHECKING:
    from collections.abc import Callable

_THREADS = 4


class Timers:
    """Wakes by real time. A wake-up that was missed is made up for once, however late."""

    def __init__(self) -> None:
        """Hold no timer yet."""
        self._clock = RealClock()
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )

    def start(self) -> None:
        """Begin to wake."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wake nobody any more, and wait for what has begun."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def every(self, seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* now and then every *seconds*."""
        self._scheduler.add_job(
            action, "interval", seconds=seconds, id=name, replace_existing=True, next_run_time=self._clock.now()
        )

    def once(self, delay_seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* after a delay; a timer of the same name is replaced."""
        at = self._clock.now() + timedelta(seconds=max(delay_seconds, 0.0))
        self._scheduler.add_job(action, "date", run_date=at, id=name, replace_existing=True)
