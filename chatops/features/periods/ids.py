"""Ids of `/sns period`."""

from enum import StrEnum


class PeriodId(StrEnum):
    """The acts."""

    ADD = "periods.add"
    END = "periods.end"
