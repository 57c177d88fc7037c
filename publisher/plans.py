"""Plans that were worked out before: a plan is pure, so the same message on the same platform has the same one."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from platforms.port import Message, Plan, Platform

FORGET_SECONDS: Final = 60.0
"""How often a process looks whether another one has erased a text, and then forgets them all."""
_KEPT: Final = 1024
"""How many are kept: a text is planned when it is judged, prepared and checked."""


class PlanBook:
    """Plans messages, and remembers how a pack completed them.

    Args:
        platforms: By name.
    """

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._planned = lru_cache(_KEPT)(lambda platform, message: platforms[platform].plan(message))
        self._completed: dict[tuple[str, str, Message], Plan] = {}
        self._lock = Lock()

    def plan(self, platform: str, message: Message) -> Plan:
        """Work out what would be sent."""
        return self._planned(platform, message)

    def keep_completed(self, city: str, platform: str, message: Message, plan: Plan) -> None:
        """Remember what became of a message that a city's pack completed."""
        with self._lock:
            while len(self._completed) >= _KEPT:
                del self._completed[next(iter(self._completed))]
            self._completed[city, platform, message] = plan

    def completed(self, city: str, platform: str, message: Message) -> Plan | None:
        """Return what became of a message when it was last judged: no promise that it is so today."""
        with self._lock:
            return self._completed.get((city, platform, message))

    def forget(self) -> None:
        """Forget every plan: a text that was erased stays nowhere, and the others are worked out again."""
        self._planned.cache_clear()
        with self._lock:
            self._completed.clear()
