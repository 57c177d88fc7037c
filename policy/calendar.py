"""Open days and hours of a city hall, in Japan Standard Time (A01 to A04 of the readings).

An open day is Monday to Friday, no holiday of the Holiday Act (substitute and citizens' holidays included)
and not 29 December to 3 January, corrected by the days that the city adds and takes away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING

from policy.model import Words

if TYPE_CHECKING:
    from policy.facts import Facts

JST = timezone(timedelta(hours=9), "JST")
SEARCH_DAYS = 400
"""How far ahead the next opening is looked for; a city closed for longer has none."""
KNOWN_YEARS = range(1955, 2100)
"""Years for which the holidays can be told; outside them only weekends and the turn of the year are closed."""

_SATURDAY = 5
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours; both ends are inside to the second (A04)."""

    opens: time
    closes: time
    is_every_day: bool = False
    """True: on closed days too."""


@cache
def national_holidays(year: int) -> frozenset[date]:
    """Return the holidays of the Holiday Act in a year, substitute and citizens' holidays included."""
    if year not in KNOWN_YEARS:
        return frozenset()
    # Imported here: it takes a tenth of a second, and not every command asks for a day.
    from holidays.countries.japan import Japan  # noqa: PLC0415

    return frozenset(Japan(years=year))


def is_turn_of_year(day: date) -> bool:
    """Tell whether a day lies in 29 December to 3 January, when city halls are closed."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def is_open_day(day: date, facts: Facts) -> bool:
    """Tell whether the city hall is open on a Japanese calendar day; a day both added and taken away is closed."""
    if day in facts.closed_days:
        return False
    if day in facts.open_days:
        return True
    return day.weekday() < _SATURDAY and not is_turn_of_year(day) and day not in national_holidays(day.year)


def is_inside(at: datetime, hours: Hours, facts: Facts) -> bool:
    """Tell whether an instant, whatever its offset, lies inside the hours of an open day."""
    local = at.astimezone(JST)
    if not (hours.is_every_day or is_open_day(local.date(), facts)):
        return False
    # 17:15:00.9 is still 17:15:00 for a person reading a clock to the second.
    return hours.opens <= local.time().replace(microsecond=0) <= hours.closes


def next_opening(at: datetime, hours: Hours, facts: Facts) -> datetime | None:
    """Return the next instant inside the hours after *at*, in Japan Standard Time, or None within 400 days."""
    local = at.astimezone(JST)
    try:
        for ahead in range(SEARCH_DAYS):
            day = local.date() + timedelta(days=ahead)
            opening = datetime.combine(day, hours.opens, tzinfo=JST)
            if opening > local and (hours.is_every_day or is_open_day(day, facts)):
                return opening
    except OverflowError:  # the calendar ends with year 9999
        return None
    return None


def say_time(at: datetime) -> Words:
    """Write an instant for people, in Japan Standard Time: 12月1日(火) 9:00."""
    local = at.astimezone(JST)
    clock = f"{local.hour}:{local.minute:02}" + (f":{local.second:02}" if local.second else "")
    weekday = local.weekday()
    return Words(
        ja=f"{local.month}月{local.day}日({_WEEKDAYS_JA[weekday]}) {clock}",
        en=f"{_WEEKDAYS_EN[weekday]} {local.day} {_MONTHS_EN[local.month - 1]}, {clock}",
    )


def say_weekday(day: date) -> Words:
    """Write the weekday of a day for people: 土曜日, Sat."""
    return Words(ja=f"{_WEEKDAYS_JA[day.weekday()]}曜日", en=_WEEKDAYS_EN[day.weekday()])
