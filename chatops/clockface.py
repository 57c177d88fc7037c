"""Times as people read them: Asia/Tokyo at the faces, aware UTC inside."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

JST: Final = ZoneInfo("Asia/Tokyo")
_DAYS_JA: Final = "月火水木金土日"
_DAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def show_moment(at: datetime, *, now: datetime, locale: str = "ja") -> str:
    """Return a moment in Japan's time: 「12月1日(火) 9:00」, with the year where it is not this year.

    Raises:
        ValueError: A naive time was given.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone says nothing")
    local = at.astimezone(JST)
    is_this_year = local.year == now.astimezone(JST).year
    hour = f"{local.hour}:{local.minute:02}"
    if locale.startswith("en"):
        year = "" if is_this_year else f" {local.year}"
        return f"{_DAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]}{year} {hour}"
    year = "" if is_this_year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日({_DAYS_JA[local.weekday()]}) {hour}"


def read_moment(day: str, hour: str) -> datetime:
    """Return the moment that Slack's pickers name (`2026-12-01`, `09:00`), taken as Japan's time, in UTC.

    Raises:
        ValueError: One of them is no date, or no time.
    """
    local = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), tzinfo=JST)
    return local.astimezone(UTC)


def picker_values(at: datetime) -> tuple[str, str]:
    """Return a moment as Slack's pickers want it: (`2026-12-01`, `09:00`) in Japan's time."""
    local = at.astimezone(JST)
    return local.date().isoformat(), f"{local.hour:02}:{local.minute:02}"
