"""Ids of `/sns cancel`."""

from enum import StrEnum


class CancelId(StrEnum):
    """The act."""

    CANCEL = "cancel.cancel"
