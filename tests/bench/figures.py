"""One line of the report, and how a line is made of many timings."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEW_SECONDS = 0.01
"""From here down a time is told in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the report; *bar_seconds* None: shown for comparison."""

    name: str
    seconds: float
    bar_seconds: float | None = None
    note: str = ""

    @property
    def is_far_over(self) -> bool:
        """True where it takes more than twice what it may."""
        return self.bar_seconds is not None and self.seconds > 2 * self.bar_seconds

    def __str__(self) -> str:
        """Write the line: name, time, bar, note."""
        factor, unit = (1000, "ms") if max(self.seconds, self.bar_seconds or 0) < _FEW_SECONDS else (1, "s")
        bar = "" if self.bar_seconds is None else f"   bar {self.bar_seconds * factor:g} {unit}"
        over = "   MORE THAN TWICE ITS BAR" if self.is_far_over else ""
        note = f"   ({self.note})" if self.note else ""
        return f"{self.name:<52}{self.seconds * factor:8.3f} {unit}{bar}{note}{over}"


def median_of(times: Sequence[float]) -> float:
    """Return the middle one."""
    return statistics.median(times)


def p99_of(times: Sequence[float]) -> float:
    """Return what 99 in 100 stay under."""
    return sorted(times)[max(0, round(len(times) * 0.99) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One line of the report that tells how many a second; its bar is a ratio to what a peer did in the same run."""

    name: str
    per_second: float
    peer_per_second: float | None = None
    """None: no peer was there to be measured."""
    bar_times: float | None = None
    """How many times as many as the peer it is to be; None: shown for comparison."""
    note: str = ""

    @property
    def is_far_over(self) -> bool:
        """True where it is less than half as fast as it should be."""
        if self.bar_times is None or self.peer_per_second is None:
            return False
        return self.per_second < self.bar_times * self.peer_per_second / 2

    def __str__(self) -> str:
        """Write the line: name, rate, ratio, bar, note."""
        ratio = ""
        if self.peer_per_second is not None:
            ratio = f"   {self.per_second / self.peer_per_second:.1f} times the peer"
        bar = "" if self.bar_times is None else f"   bar {self.bar_times:g} times"
        over = "   LESS THAN HALF OF ITS BAR" if self.is_far_over else ""
        note = f"   ({self.note})" if self.note else ""
        return f"{self.name:<52}{self.per_second:8,.0f} /s{ratio}{bar}{note}{over}"
