"""Ids of `/sns whitelist`."""

from enum import StrEnum


class WhitelistId(StrEnum):
    """The acts."""

    ADD = "whitelist.add"
    REMOVE = "whitelist.remove"
