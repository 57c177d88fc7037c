# ruff: noqa: E501 - a sentence stays on its line
"""What people are told of a ledger that came back from a backup, or that may run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: Final[Mapping[str, str]] = {
    "restored": "The ledger (the database) came back from an older copy. What may have been posted after the copy is being looked for on the platforms; where that can't be done, somebody is asked.",
    "moved": "The ledger (the database) was moved to another server or place, or copied. If the first one still runs, posts go out twice.",
    "unmarked": "The mark beside the ledger (ledger-mark-….json in SNS_HOME) is missing: it came from elsewhere, or the mark was lost. If the first one still runs, posts go out twice.",
}


def held(because: str, known_until: str) -> str:
    """Tell that the ledger is held, why, and what to do."""
    return (
        f"⛔ Everything that was scheduled is held. {WHY.get(because, because)}\n"
        f"The ledger knows what happened until {known_until}. Posts written or approved later, and their audit trail, are not in it: please look at the platforms themselves.\n"
        "Emergencies sent by /sns now from here on do go out. Make sure that no other server runs on a copy; then a manager ends the hold with sns ledger release --reason REASON --as KEY. sns ledger show says how far it is."
    )


def in_force(since: str) -> str:
    """Say above the queue that nothing of it goes out by itself."""
    return f"⛔ The ledger may come from a backup or a copy, so posts from before {since} are stopped. Please ask a manager or IT (sns ledger show)."


def counts(waiting: int, looking: int, asked: int) -> str:
    """Say how far it is."""
    return f"waiting for the release: {waiting}, being looked for: {looking}, waiting for a person's answer: {asked}"


def not_held() -> str:
    """Say that the ledger is not held."""
    return "The ledger is not held."
