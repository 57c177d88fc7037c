"""Plans that were worked out before: a plan is pure, so the same message on the same platform has the same one.

What was approved of a version on an account is known by its seal: nothing of the version needs to be read to have its
plan again.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from platforms.port import Message, Plan, Platform

_Key = TypeVar("_Key")
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
        self._sealed: dict[tuple[str, str, str], Plan] = {}
        self._lock = Lock()

    def plan(self, platform: str, message: Message) -> Plan:
        """Work out what would be sent."""
        return self._planned(platform, message)

    def keep_completed(self, city: str, platform: str, message: Message, plan: Plan) -> None:
        """Remember what became of a message that a city's pack completed."""
        with self._lock:
            _put(self._completed, (city, platform, message), plan)

    def completed(self, city: str, platform: str, message: Message) -> Plan | None:
        """Return what became of a message when it was last judged: no promise that it is so today."""
        with self._lock:
            return self._completed.get((city, platform, message))

    def keep_sealed(self, version_id: str, account: str, seal: str, plan: Plan) -> None:
        """Remember the plan of a version on an account whose seal is *seal*."""
        with self._lock:
            _put(self._sealed, (version_id, account, seal), plan)

    def sealed(self, version_id: str, account: str, seal: str) -> Plan | None:
        """Return the plan of that seal, where it is remembered."""
        with self._lock:
            return self._sealed.get((version_id, account, seal))

    def forget(self) -> None:
        """Forget every plan: a text that was erased stays nowhere, and the others are worked out again."""
        self._planned.cache_clear()
        with self._lock:
            self._completed.clear()
            self._sealed.clear()


def _put(kept: dict[_Key, Plan], key: _Key, plan: Plan) -> None:
    """Keep *plan* in place of the one that has been kept for longest."""
    while len(kept) >= _KEPT:
        del kept[next(iter(kept))]
    kept[key] = plan
