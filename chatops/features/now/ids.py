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
    EVENT = "now.event"
    """Blocks of the event carry what they show behind a full stop, so that something else is another block."""
    AREAS = "now.areas"
    LEVEL = "now.level"
    CLOSING = "now.closing"
    REPLACE = "now.replace"
    """On a question about a late emergency post: send another in its place."""
    SEND = "now.send"
