"""How long to wait before a repeat: full jitter.

The wait is drawn evenly between nothing and a bound that doubles with each try up to a cap, so that many
deliveries that failed together don't come back together
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, read 2026-11-21).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_DOUBLINGS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """A rule for waits."""

    base_seconds: float
    cap_seconds: float
    random: Callable[[], float]
    """Draws evenly from 0 to below 1."""

    def bound_seconds(self, tries: int) -> float:
        """Return the longest wait after *tries* failures (1 or more)."""
        doublings = min(max(tries, 1) - 1, _MAX_DOUBLINGS)
        return min(self.cap_seconds, self.base_seconds * 2.0**doublings)

    def wait(self, tries: int) -> timedelta:
        """Return the wait after *tries* failures."""
        return timedelta(seconds=self.random() * self.bound_seconds(tries))
