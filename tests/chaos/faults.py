"""Random faults by a seed: what a stand-in does to a request depends on its text and its turn, not on timing."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from platforms.sandbox.core import Fault, FaultKind
from tests.chaos.schedule import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from platforms.sandbox.core import Wire

_K = FaultKind
WRITES: Final[Mapping[FaultKind, float]] = {
    _K.ERROR_BEFORE: 0.010,
    _K.DROP_BEFORE: 0.010,
    _K.ERROR_AFTER: 0.020,
    _K.DROP_AFTER: 0.020,
    _K.GARBAGE_AFTER: 0.010,
    _K.HANG_AFTER: 0.005,
    _K.THROTTLED: 0.010,
    _K.EXPIRED_TOKEN: 0.002,
}
"""What happens to a request that makes or changes something, and how often."""
READS: Final[Mapping[FaultKind, float]] = {
    _K.ERROR_BEFORE: 0.03,
    _K.DROP_BEFORE: 0.03,
    _K.GARBAGE_AFTER: 0.02,
    _K.HANG_AFTER: 0.005,
    _K.THROTTLED: 0.005,
}
"""What happens to a request that only asks, a token's renewal among them."""
READING: Final = frozenset({"timeline", "find", "read", "check", "token", "me", "query_upload"})
AMBIGUOUS: Final = frozenset(
    {_K.ERROR_BEFORE, _K.ERROR_AFTER, _K.DROP_BEFORE, _K.DROP_AFTER, _K.GARBAGE_AFTER, _K.HANG_AFTER}
)
"""Faults after which the caller cannot know whether it was accepted."""
MOST_PER_TEXT: Final = 3
"""How often one text's own requests are spoilt at most on one account: even a bad day ends."""
HANG_SECONDS: Final = 4.0
"""Longer than the adapters wait."""
RESET_SECONDS: Final = 3.0
"""When a 429 says to come back, where the vendor says so at all."""


class SeededFaults:
    """Draws a fault for each request, or none (`World.misbehave`)."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._turns: Counter[str] = Counter()
        self._spoilt: Counter[str] = Counter()

    def __call__(self, verb: str, wire: Wire) -> Fault | None:
        """Draw for one request."""
        own = MARK.search(wire.body.decode("latin-1"))
        mark = own.group() if own else None
        about = f"{wire.vendor}:{mark}"
        with self._lock:
            turn = self._turns[f"{about}:{verb}"]
            self._turns[f"{about}:{verb}"] += 1
            if mark and self._spoilt[about] >= MOST_PER_TEXT:
                return None
            kind = self._draw(f"{self._seed}:{about}:{verb}:{turn}", READS if verb in READING else WRITES)
            if kind is None:
                return None
            self._spoilt[about] += 1
        return Fault(
            vendor=wire.vendor,
            verb=verb,
            kind=kind,
            seconds=HANG_SECONDS,
            reset_seconds=RESET_SECONDS,
            about=mark,
        )

    @staticmethod
    def _draw(name: str, rates: Mapping[FaultKind, float]) -> FaultKind | None:
        left = random.Random(name).random()  # noqa: S311 - chance, no secret
        for kind, rate in rates.items():
            left -= rate
            if left < 0:
                return kind
        return None
