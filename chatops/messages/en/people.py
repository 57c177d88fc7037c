"""What `sns people` and `--as` say."""

from __future__ import annotations


def ask_passphrase(person: str) -> str:
    """Ask for a pass phrase."""
    return f"Pass phrase of {person}: "


def ask_old() -> str:
    """Ask for the present pass phrase."""
    return "Present pass phrase: "


def ask_new() -> str:
    """Ask for a new pass phrase."""
    return "New pass phrase: "


def ask_again() -> str:
    """Ask for it once more."""
    return "Once more: "


def not_the_same() -> str:
    """Say that the two differ."""
    return "The two are not the same. Please run it again."
