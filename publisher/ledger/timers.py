"""The timers: APScheduler, for delays only. The ledger is the truth; a timer merely wakes somebody.

A date that jumps, forwards or backwards, moves no timer: they run by the machine's monotonic clock.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger

from publisher.logs import build_logger
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

_log = build_logger(__name__)
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


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Fires every so often; what was missed is made up for once, however much it was."""

    __slots__ = ("_interval",)

    def __init__(self, seconds: float) -> None:
        self._interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next time after *now*."""
        planned = now if previous_fire_time is None else previous_fire_time + self._interval
        return planned if planned > now else now + self._interval


class Timers:
    """Wakes after delays. A wake-up that was missed is made up for once, however late."""

    def __init__(self) -> None:
        """Hold no timer yet."""
        self._lock = threading.Lock()
        self._is_stopping = False
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
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
        """Call *action* now and then every *seconds*; a call that is still under way is not joined by another."""
        self._set(action, _Every(seconds), name, next_run_time=_STEADY.now())

    def once(self, delay_seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* after a delay; a timer of the same name is replaced."""
        at = _STEADY.now() + timedelta(seconds=max(delay_seconds, 0.0))
        self._set(action, DateTrigger(at, timezone=_STEADY), name, max_instances=_OVERLAPPING)

    def _set(self, action: Callable[[], object], trigger: BaseTrigger, name: str, **options: Any) -> None:
        def act() -> None:
            try:
                action()
            except StoreUnavailableError as error:  # no news: the next time tries again
                _log.warning("timer_without_store", timer=name, error=str(error).partition("\n")[0])

        with self._lock:
            if not self._is_stopping:  # the shutdown keeps the scheduler's lock until every action has ended
                self._scheduler.add_job(act, trigger, id=name, replace_existing=True, **options)
