"""The rule of a platform's breaker. Pure: what was known goes in with what happened, what is known then comes out.

After several failures in a row that say that a platform is unreachable or sick, its routine deliveries stay where they
are for a while; then one goes as a probe. Why: docs/decisions/0016.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from platforms.errors import NotSent, PerhapsSent, PlatformError
from platforms.port import Pending, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from publisher.store.breakers import Breaker

_SAYS_NOTHING: Final = frozenset(
    {"duplicate_after_attempt", "media_missing", "nothing_pending", "not_kept", "video_processing"}
)
"""Codes of `NotSent` and `PerhapsSent` that tell nothing of the platform's health."""
_REMEMBERED: Final = 5
"""How many of the deliveries that failed are kept by their ids."""
_MIN_DELIVERIES: Final = 2
"""One post that a platform cannot digest must not stop everybody's."""


def is_answer(ended: Exception | Receipt | Pending) -> bool:
    """Tell whether the end of a call shows that the platform answers, be it with a refusal."""
    if isinstance(ended, (Receipt, Pending)):
        return True
    return isinstance(ended, PlatformError) and not isinstance(ended, (NotSent, PerhapsSent))


def is_sickness(ended: Exception | Receipt | Pending) -> bool:
    """Tell whether the end of a call says that the platform is unreachable or sick."""
    return isinstance(ended, (NotSent, PerhapsSent)) and ended.code not in _SAYS_NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerRule:
    """When a breaker opens, and for how long."""

    failures: int
    """How many calls in a row, of two deliveries or more, open it."""
    base_seconds: float
    cap_seconds: float
    """It stays open for between half and the whole of a bound, which doubles with each round from the base to this."""
    probe_seconds: float
    """When another probe goes, where nothing is heard from the last one."""
    random: Callable[[], float]
    """Draws evenly from 0 to below 1."""

    def after_failure(self, breaker: Breaker, delivery_id: str, code: str, now: datetime) -> Breaker:
        """Return what is known after a failure; while it is open, stragglers and emergencies change nothing."""
        if breaker.open_until is not None and now < breaker.open_until:
            return breaker
        failed = tuple(dict.fromkeys((*breaker.failed, delivery_id)))[:_REMEMBERED]
        after = replace(breaker, failures=breaker.failures + 1, failed=failed, code=code)
        is_probe = breaker.open_until is not None
        if not is_probe and (after.failures < self.failures or len(failed) < _MIN_DELIVERIES):
            return after
        until = now + timedelta(seconds=self._open_seconds(breaker.rounds))
        return replace(after, rounds=breaker.rounds + 1, open_until=until, probe_until=None)

    def is_open(self, breaker: Breaker, now: datetime) -> bool:
        """Tell whether routine deliveries stay; a clock that was set back does not prolong it."""
        if breaker.open_until is None:
            return False
        return now < breaker.open_until <= now + timedelta(seconds=self.cap_seconds)

    def with_probe(self, breaker: Breaker, now: datetime) -> Breaker | None:
        """Return the breaker with a probe under way, or None where none may go now."""
        if breaker.open_until is None or self.is_open(breaker, now):
            return None
        longest = timedelta(seconds=self.probe_seconds)
        if breaker.probe_until is not None and now < breaker.probe_until <= now + longest:
            return None
        return replace(breaker, probe_until=now + longest)

    def _open_seconds(self, rounds: int) -> float:
        bound = min(self.cap_seconds, self.base_seconds * 2.0 ** min(rounds, 32))
        return bound / 2 + self.random() * bound / 2
