"""What holds routine deliveries back, and how much is left: for `sns doctor`, `/metrics` and whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Unit(StrEnum):
    """What is counted."""

    CALLS = "calls"
    MICRO_USD = "micro_usd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """One bound of an account, and what is left of it."""

    city: str
    account: str
    unit: Unit
    minutes: int | None
    """A window of the last so many minutes; None: a day or month of the calendar."""
    per: str | None
    """`day` or `month`, where *minutes* is None."""
    limit: int
    reserve: int
    """The part of *limit* that only emergencies may touch."""
    used: int

    @property
    def left(self) -> int:
        """What is left for emergencies."""
        return max(self.limit - self.used, 0)

    @property
    def left_for_routine(self) -> int:
        """What is left for routine posts."""
        return max(self.limit - self.reserve - self.used, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAccount:
    """An account of which routine posts are not sent for now."""

    city: str
    account: str
    is_for_person: bool
    """True where somebody must mend something; False where the platform takes nothing more before *until*."""
    code: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SickPlatform:
    """A platform that has failed several times in a row: its routine posts stay, and one goes ahead to try."""

    platform: str
    code: str
    until: datetime
    """When the next one tries."""
    rounds: int
    """How many times in a row that was in vain."""


class Lanes(Protocol):
    """The lanes to the platforms."""

    def platforms(self) -> Sequence[str]:
        """Return the platforms that there are."""
        ...

    def sick(self) -> Sequence[SickPlatform]:
        """Return the platforms whose routine posts stay for now."""
        ...

    def closed(self) -> Sequence[ClosedAccount]:
        """Return the accounts that are closed for now."""
        ...

    def allowances(self, city: str) -> Sequence[Allowance]:
        """Return what is left of each bound of a city's accounts."""
        ...
