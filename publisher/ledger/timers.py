"""The timers: APScheduler, for delays only. The ledger is the truth; a timer merely wakes somebody.

A date that jumps, forwards or backwards, moves no timer: they run by the machine's monotonic clock.
"""

from __future__ import annotations

import time
from concurrent import futures
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger

if TYPE_CHECKING:
    from collections.abc import Callable

_THREADS: Final = 8
_OVERLAPPING: Final = 100
"""How many runs of one `once` may still be ending when the next begins: APScheduler drops one that meets another."""


class _SteadyTime(tzinfo):
    """A "time zone" in which it is as late as the monotonic clock says.

    APScheduler asks `datetime.now(timezone)` for the time, and so would stand still for as long as the date was set
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
        return datetime(1970, 1, 1, tzinfo=self) + timedelta(seconds=time.monotonic())


_STEADY: Final = _SteadyTime()


class _Pool(BasePoolExecutor):  # type: ignore[misc]  # APScheduler has no types
    """The threads that actions run in: the caller's own, so that they can be waited for."""

    def __init__(self, pool: futures.Executor) -> None:
        super().__init__(pool)


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
        self._threads = futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="timer")
        self._scheduler = BackgroundScheduler(
            executors={"default": _Pool(self._threads)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=_STEADY,
        )

    def start(self) -> None:
        """Begin to wake."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wake nobody any more, and wait for what has begun."""
        if self._scheduler.running:
            # Without waiting: it would keep its lock meanwhile, and an action that sets a timer would never end.
            self._scheduler.shutdown(wait=False)
        self._threads.shutdown()

    def every(self, seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* now and then every *seconds*; a call that is still under way is not joined by another."""
        self._scheduler.add_job(
            action, _Every(seconds), id=name, replace_existing=True, next_run_time=datetime.now(_STEADY)
        )

    def once(self, delay_seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* after a delay; a timer of the same name is replaced."""
        at = datetime.now(_STEADY) + timedelta(seconds=max(delay_seconds, 0.0))
        trigger = DateTrigger(at, timezone=_STEADY)
        self._scheduler.add_job(action, trigger, id=name, replace_existing=True, max_instances=_OVERLAPPING)
