"""The one clock: real, moved by an offset, or moved by a file that the sandbox page writes.

Nothing else asks the operating system for the date. Why it can be moved at all: docs/decisions/0008.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from publisher.errors import ConfigurationError, ConfigurationMistake

if TYPE_CHECKING:
    from os import stat_result


_STEADY: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady_seconds() -> float:
    """Return seconds that nobody can set and that go on while the machine is suspended.

    `time.monotonic` stands still there (Linux, clock_gettime(2), read 2026-11-21): a lease that ended meanwhile would
    look young. Where a system has no such clock, it is `time.monotonic`'s.
    """
    return time.clock_gettime(_STEADY)


class Clock(Protocol):
    """Tells the time of the business: when a post is due, whether the hall is open."""

    @property
    def is_real(self) -> bool:
        """True where the time is the operating system's."""
        ...

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        ...


class RealClock:
    """The operating system's time."""

    is_real = True

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """The operating system's time, moved by a fixed number of *seconds*."""

    is_real = False

    def __init__(self, seconds: float) -> None:
        self._offset = timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        return datetime.now(UTC) + self._offset


class FileClock:
    """The operating system's time, moved by the number of seconds in a file.

    The file is read again when it changes. Missing, empty or unreadable, it moves nothing further: the last
    offset holds (0 at first), so that a half-written file can't make the clock jump.

    Args:
        path: The file; one number of seconds in it, which may be negative or a fraction.
    """

    is_real = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        self._look()
        return datetime.now(UTC) + self._offset

    def _look(self) -> None:
        try:
            state = self.path.stat()
            if self._seen == _mark(state):
                return
            offset = timedelta(seconds=float(self.path.read_text(encoding="ascii").strip()))
            datetime.now(UTC) + offset  # an offset out of the calendar would break every later reading of the clock
        except (OSError, ValueError, OverflowError):
            return
        self._seen, self._offset = _mark(state), offset


def _mark(state: stat_result) -> tuple[int, int]:
    # The inode too: a file that is replaced within one tick of the file system's clock has the same time.
    return state.st_mtime_ns, state.st_ino


def parse_clock(setting: str) -> Clock:
    """Build the clock that `SNS_CLOCK` describes: `real`, `+3600`, `-60`, or `file:PATH`.

    Raises:
        ConfigurationError: It describes none.
    """
    if setting == "real":
        return RealClock()
    if setting.startswith("file:") and setting != "file:":
        return FileClock(Path(setting.removeprefix("file:")))
    try:
        seconds = float(setting) if setting[:1] in "+-" else None
        if seconds is not None:
            clock = OffsetClock(seconds)
            clock.now()
            return clock
    except (ValueError, OverflowError):
        pass
    raise ConfigurationError([ConfigurationMistake(code="clock_form", params={"value": setting})])
