"""Slack's own pace: one message a second in a channel, and `Retry-After` for the whole method.

Source: docs.slack.dev/apis/web-api/rate-limits (read 2026-11-21).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS_BETWEEN: Final = 1.0


class Pace:
    """Knows when a channel takes the next message.

    Args:
        monotonic: A clock that never goes back, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._next: dict[str, float] = {}
        self._all_after = 0.0

    def wait_seconds(self, channel: str) -> float:
        """Return how long *channel* takes nothing more."""
        ready = max(self._next.get(channel, 0.0), self._all_after)
        return max(0.0, ready - self._monotonic())

    def sent(self, channel: str) -> None:
        """Note that something was sent to *channel*."""
        self._next[channel] = self._monotonic() + SECONDS_BETWEEN

    def pause(self, seconds: float) -> None:
        """Note that Slack wants quiet for *seconds*."""
        self._all_after = max(self._all_after, self._monotonic() + seconds)
