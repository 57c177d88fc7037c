"""Ids of disaster mode."""

from enum import StrEnum


class HoldId(StrEnum):
    """The buttons of the triage, and the acts."""

    SEND = "hold.send"
    DO_NOT_SEND = "hold.do_not_send"
    LATER = "hold.later"
    HOLD = "hold.hold"
    RESUME = "hold.resume"
    DECIDE = "hold.decide"
    MARK = "hold.mark"
