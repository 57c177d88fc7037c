"""Ids of `/sns period`."""

from enum import StrEnum


class PeriodId(StrEnum):
    """The acts."""

    ADD = "period.add"
    END = "period.end"
