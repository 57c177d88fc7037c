"""Ids of `/sns correct`."""

from enum import StrEnum


class CorrectId(StrEnum):
    """The button on the card, the form with its fields, and the act."""

    OPEN = "correct.open"
    FORM = "correct.form"
    CAUSE = "correct.cause"
    AT_ONCE = "correct.at_once"
    NOTE = "correct.note"
    CORRECT = "correct.correct"


CONFIRMED = "confirmed"
"""The value of the ticked box 「すぐに削除する」."""
