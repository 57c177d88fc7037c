"""The timers: APScheduler, for delays only. The ledger is the truth; a timer merely wakes somebody.

A date that jumps, forwards or backwards, moves no timer: they run by the machine's monotonic clock.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from publisher.ledger.stumbles import Stumbles

if TYPE_CHECKING:
    from collections.abc import Callable

_THREADS: Final = 8
_OVERLAPPING: Final = 100
"""How many runs of one `once` may still be ending when the next begins: APScheduler drops one that meets another."""


class _SteadyTime(tzinfo):
    """A "time zone" in which it is as late as the monotonic clock says.

    APScheduler asks for the date in its time zone, and so would stand still for as long as the date was set
    back, and run everything at once where it was set forward; this answers with a time that nobody can set.
    """

    def utcoffset(self, _: datetime | None, /) -> timedelta:
        """Return nothing: its moments are compared with each other alone."""
        return timedelta(0)

    def dst(self, _: datetime | None, /) -> timedelta:
        """Return nothing."""
        return timedelta(0)

    def tzname(self, _: datetime | None, /) -> str:
        """Return a name for logs."""
        return "steady"

    def fromutc(self, _: datetime, /) -> datetime:
        """Return the time, whatever the date is."""
        return self.now()

    def now(self) -> datetime:
        """Return the time."""
        return datetime(1970, 1, 1, tzinfo=self) + timedelta(seconds=time.monotonic())


_STEADY: Final = _SteadyTime()


class Timers:
    """Wakes after delays. A wake-up that was missed is made up for once, however late."""

    def __init__(self) -> None:
        """Hold no timer yet."""
        self._lock = threading.Lock()
        self._is_stopping = False
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            timezone=_STEADY,
        )

    def start(self) -> None:
        """Begin to wake."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wake nobody any more, and wait for what has begun."""
        with self._lock:
            self._is_stopping = True
        if self._scheduler.running:
            # First no job is left: APScheduler's thread breaks where it ends one after the shutdown has begun.
            self._scheduler.pause()
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=True)

    def every(self, seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* now and then every *seconds*; one that takes longer skips what it missed.

        Each run is planned when the one before has ended: APScheduler would warn of every run that meets another.
        """
        tries = Stumbles(timer=name)
        planned = _STEADY.now()

        def act() -> None:
            nonlocal planned
            try:
                tries.attempt(action)
            finally:
                missed = (_STEADY.now() - planned) // timedelta(seconds=seconds)
                planned += (missed + 1) * timedelta(seconds=seconds)
                self._set(act, planned, name)

        self._set(act, planned, name)

    def once(self, delay_seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* after a delay; a timer of the same name is replaced."""
        tries = Stumbles(timer=name)
        self._set(lambda: tries.attempt(action), _STEADY.now() + timedelta(seconds=max(delay_seconds, 0.0)), name)

    def _set(self, act: Callable[[], None], at: datetime, name: str) -> None:
        trigger = DateTrigger(at, timezone=_STEADY)
        with self._lock:
            if not self._is_stopping:  # the shutdown keeps the scheduler's lock until every action has ended
                self._scheduler.add_job(act, trigger, id=name, replace_existing=True, max_instances=_OVERLAPPING)
