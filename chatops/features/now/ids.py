"""Slack's ids of `/sns now`."""

from enum import StrEnum


class NowId(StrEnum):
    """The form, its blocks, and the act."""

    FORM = "now.form"
    TEXT = "now.text"
    KIND = "now.kind"
    REASON = "now.reason"
    SHORT = "now.short"
    """A prefix: the platform's name follows behind a full stop."""
    OWN = "now.own"
    """The contacts; their block's id adds a mark behind a full stop, so that another list is another block."""
    SEND = "now.send"
