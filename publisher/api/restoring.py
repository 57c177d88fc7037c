"""A ledger that came back from a copy, or that may run twice: it is held until a person releases it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.api.acts import Act, Outcome


class CopyKind(StrEnum):
    """Why a ledger is held."""

    RESTORED = "restored"
    """Its generation is behind the mark outside the database: it is older than what ran here before."""
    MOVED = "moved"
    """The mark is another machine's, folder's, database's or ledger's: it was moved, or there are two of it."""
    UNMARKED = "unmarked"
    """It has a history but no mark stands beside it: it came from elsewhere, or the mark was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """What a held ledger is waiting for."""

    kind: CopyKind
    since: datetime
    """When it was noticed: what was written before waits."""
    known_until: datetime
    """The last that the copy knows of: what was done between this and `since` is in it no more."""
    waiting: int
    """Deliveries that wait for the release, those of later days included."""
    looking: int
    """Deliveries that are being looked for."""
    asked: int
    """Deliveries about which a person was asked and has not answered."""


class Restoring(Protocol):
    """The hold of a restored or copied ledger."""

    def state(self) -> CopyView | None:
        """Return the hold, or None where there is none."""
        ...

    def release(self, act: Act, *, reason: str) -> Outcome:
        """End the hold: what is due is looked for first, what is due later goes at its time.

        Outcomes: `ledger_released` (param `count`: deliveries that are looked for now).

        Raises:
            Refusal: `manager_only` (param `who`), `note_missing`, `ledger_not_held`, `ledger_still_looking` (param
                `count`: the looks after a restore have not ended yet).
        """
        ...
