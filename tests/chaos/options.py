"""What a run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

POINTS: Final = ("claimed", "prepared", "attempt_opened", "checkpoint", "called", "before_commit", "looked")
"""The labelled points of a delivery's way, as `publisher.ledger.Worker` names them."""
GUESS: Final = "guess"
"""Break a promise on purpose: what is not known is simply sent again."""
LOSS_SECONDS: Final = 120.0
"""A delivery with neither a receipt nor a question after this long is lost."""
CALL_TIMEOUT_SECONDS: Final = 3.0
"""How long the adapters wait for an answer; in production 30 seconds and more."""


DELIVERIES_A_CITY: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One engine's run."""

    engine: str
    """`sqlite` or `postgres`."""
    deliveries: int
    kills: int
    seed: int
    minutes: float
    """How long at most; deliveries and kills are spread over the first half, where the machine can keep up."""
    absence_seconds: float = 30.0
    """How far apart X is read twice before a post counts as absent."""
    restarts: int = 0
    """How often the database server is stopped in its tracks (PostgreSQL)."""
    breaks: str = ""
    """The promise to break, to see that it is noticed: `GUESS`, or empty."""

    @property
    def cities(self) -> int:
        """Of how many cities the posts are."""
        return -(-self.deliveries // DELIVERIES_A_CITY)

    @property
    def workers(self) -> int:
        """How many worker processes run at a time."""
        return 1 if self.engine == "sqlite" else 3

    @property
    def load_seconds(self) -> float:
        """Over how long deliveries and kills are spread: the rest is for a slow machine, and for what comes late."""
        return 0.5 * self.minutes * 60
