# ruff: noqa: E501 - a sentence stays on its line
"""What `sns audit` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS: Final[Mapping[str, str]] = {
    "gap": "there is no event of this number (it was taken out, or renumbered)",
    "previous_hash": "it does not follow on the event before",
    "hash": "the event itself was changed (its time, who did it, what it was)",
    "content": "what it says (its facts, its note) was changed, or erased without a decision",
    "end": "what came after it was cut off, or the end kept beside the trail was changed",
    "mark": "it is another event than the one written down (the trail was made anew from here or before)",
    "cut_off": "the event that was written down is not there (the end was cut off)",
}


def whole(city: str, events: int) -> str:
    """Say that a trail proves its own integrity."""
    return (
        f"The audit trail of {city} holds: {events} events, each linked to the one before. Nothing was tampered with."
    )


def empty(city: str) -> str:
    """Say that there is no event yet."""
    return f"The audit trail of {city} has no event yet."


def mark(mark: str) -> str:
    """Give the mark to keep outside."""
    return f"Mark: {mark}\nPlease write it down outside this server. Next time, sns audit verify --expect {mark} also finds an end that was cut off, or a trail that was made anew."


def broken(city: str, seq: int, when: str, reason: str) -> str:
    """Name the first broken link, and say what to do."""
    at = f" ({when})" if when else ""
    return f"The audit trail of {city} breaks at event {seq}{at}: {REASONS.get(reason, reason)}.\nPlease keep a copy of the database as it is, without stopping the server, and tell the head of IT. A comparison with the backups shows what was changed (“The audit trail” in docs/operating.md)."


def unreadable_mark(given: str) -> str:
    """Say how a mark looks."""
    return f"The mark “{given}” can't be read. It is NUMBER:HASH, as sns audit verify prints it."


def ends_before_it_begins() -> str:
    """Say that a span is the wrong way round."""
    return "--until is before --since. Please check the dates."


def unknown_form(given: str, known: str) -> str:
    """Say which forms there are."""
    return f"There is no form “{given}”. There are: {known}."


def tombstone(day: str, people: str) -> str:
    """Say what stands where something was erased."""
    return f"Erased on {day} by the decision of {people}"


def tombstone_people(first: str, second: str) -> str:
    """Name the two who decided."""
    return f"{first} and {second}"
