"""Dates in a text: both eras, western years, spans and lists, each read as the day that is meant.

A date without a year is the one that is nearest: up to 90 days ago, else the next that comes. What follows a date in a
span or a list (12月28日(月)〜1月4日(月), 12/5(土)・6(日)) takes its month and year from there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
"""The western year before an era's first."""
WEEKDAYS = "月火水木金土日"
LONGEST_PAST = timedelta(days=90)
"""A day without a year lies at most this long before the post, else it is next year's."""
FAR_AHEAD = timedelta(days=180)
"""A day without a year that would lie as far ahead may be last year's as well."""

_ENCLOSED = {code: WEEKDAYS[code - first] for first in (0x322A, 0x328A) for code in range(first, first + 7)}
_ENGLISH = {"mon": "月", "tue": "火", "wed": "水", "thu": "木", "fri": "金", "sat": "土", "sun": "日"}
_HOLIDAY = r"(?:[・,、/ ]?(?:祝日?|祝休日|休日?|振休|振替休日?|休館日?|国民の祝日))?"
_WEEKDAY = (
    rf"(?:\s?[(\[]\s?(?:(?:祝[・,、]?)?(?P<{{0}}>[月火水木金土日])(?:曜日?)?{_HOLIDAY}|(?P<{{0}}e>(?:mon|tue|wed|thu|fri|sat|sun))[a-z.]{{{{0,6}}}})\s?[)\]]"
    rf"|\s?(?P<{{0}}b>[月火水木金土日])曜日?|\s?(?P<{{0}}c>[㈪-㈰㊊-㊐]))"
)
_YEAR = (
    r"(?:(?P<western{0}>\d{{4}})|(?<![A-Za-z])(?P<era{0}>令和|平成|昭和|[RHS])\s?(?P<era_year{0}>\d{{1,2}}|元))\s?"
    r"(?:\([^()\n]{{2,8}}\)\s?)?(?:年|[./-])\s?(?:\([^()\n]{{2,8}}\)\s?)?"
)
_DATE = re.compile(
    rf"(?<![\d/.-])(?:{_YEAR.format('')}(?:(?P<ymonth>\d{{1,2}})(?:月\s?|[./-])(?P<yday>\d{{1,2}})(?:日|(?![\d月])))"
    rf"|(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?日(?![間目])|(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})(?=\s?[(\[]\s?[月火水木金土日祝MTWFS]))"
    rf"(?:{_WEEKDAY.format('w')})?",
    re.ASCII | re.IGNORECASE,
)
_TIME = r"(?:\s?(?:午前|午後)?\s?\d{1,2}(?:時(?:\d{1,2}分|半)?|:\d\d))?"
_NEXT = re.compile(
    rf"{_TIME}\s?(?:(?P<range>[~〜–-]|から|より)|[・、,/&]|と|及び|又は|または)\s?"
    rf"(?:{_YEAR.format('2')})?(?:(?:(?P<month>\d{{1,2}})\s?[月/]\s?)?(?P<day>\d{{1,2}}))"
    rf"(?:日(?![間目以前後程分付])(?:{_WEEKDAY.format('w')})?|{_WEEKDAY.format('v')})",
    re.ASCII | re.IGNORECASE,
)
_YEARS_TOLD = re.compile(r"(?<!\d)((?:19|20)\d\d)年|(令和|平成|昭和)\s?(\d{1,2}|元)年", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateInText:
    """A date that a text names."""

    start: int
    end: int
    year: int | None
    """As it is written; None where it has to be understood."""
    month: int
    day: int
    weekday: str | None
    meant: date | None
    """The day meant; None where there is no such day."""
    begun: DateInText | None = field(default=None, repr=False)
    """In a span of days, the date that begins it."""

    @property
    def is_in_some_year(self) -> bool:
        """True for a day that at least leap years have."""
        return day_or_none(2028, self.month, self.day) is not None

    @property
    def is_backward(self) -> bool:
        """True for the end of a span that lies before its beginning."""
        if self.begun is None or self.meant is None or self.begun.meant is None:
            return False
        if self.begun.year is not None and self.year is not None:
            return self.meant < self.begun.meant
        return self.month == self.begun.month and self.day < self.begun.day


def day_or_none(year: int, month: int, day: int) -> date | None:
    """Return a day, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest(month: int, day: int, today: date) -> date | None:
    """Return the day meant by a date without a year, seen from *today*."""
    around = (day_or_none(today.year + shift, month, day) for shift in (-1, 0, 1))
    return min((one for one in around if one is not None and one >= today - LONGEST_PAST), default=None)


def years_told(text: str) -> frozenset[int]:
    """Return the years that a text names."""
    return frozenset(
        int(match[1]) if match[1] else ERAS[match[2]] + (1 if match[3] == "元" else int(match[3]))
        for match in _YEARS_TOLD.finditer(text)
    )


@lru_cache(maxsize=8)
def find_dates(text: str, today: date) -> tuple[DateInText, ...]:
    """Return the dates in a flat text, those of spans and lists one after the other, as they read on *today*."""
    return tuple(_find(text, today))


def _find(text: str, today: date) -> Iterator[DateInText]:
    at = 0
    while (match := _DATE.search(text, at)) is not None:
        groups = match.groupdict()
        year = _year(groups["western"], groups["era"], groups["era_year"])
        month = int(groups["ymonth"] or groups["month"] or groups["m"])
        day = int(groups["yday"] or groups["day"] or groups["d"])
        meant = nearest(month, day, today) if year is None else day_or_none(year, month, day)
        found = DateInText(
            start=match.start(),
            end=match.end(),
            year=year,
            month=month,
            day=day,
            weekday=_weekday(groups, "w"),
            meant=meant,
        )
        yield found
        at = found.end
        while (following := _NEXT.match(text, at)) is not None:
            found = _read_next(following, found, today)
            yield found
            at = found.end


def _read_next(match: re.Match[str], before: DateInText, today: date) -> DateInText:
    groups = match.groupdict()
    year = _year(groups["western2"], groups["era2"], groups["era_year2"])
    month, day = int(groups["month"] or before.month), int(groups["day"])
    begin = match.start("western2") if groups["western2"] else match.start("era2") if groups["era2"] else -1
    if begin < 0:
        begin = match.start("month") if groups["month"] else match.start("day")
    return DateInText(
        start=begin,
        end=match.end(),
        year=year if year is not None or groups["month"] else before.year,
        month=month,
        day=day,
        weekday=_weekday(groups, "w") or _weekday(groups, "v"),
        meant=day_or_none(year, month, day) if year is not None else _on_from(before, month, day, today),
        begun=before if groups["range"] else None,
    )


def _on_from(before: DateInText, month: int, day: int, today: date) -> date | None:
    """Return the day meant by what follows a date: in its year, or in the next where the months begin again."""
    if before.meant is None:
        return nearest(month, day, today)
    year = before.meant.year + (month < before.month)
    return day_or_none(year, month, day)


def _year(western: str | None, era: str | None, era_year: str | None) -> int | None:
    if western:
        return int(western)
    if era and era_year:
        return ERAS[era.upper()] + (1 if era_year == "元" else int(era_year))
    return None


def _weekday(groups: dict[str, str | None], name: str) -> str | None:
    plain = groups[name] or groups[f"{name}b"]
    english, enclosed = groups[f"{name}e"], groups[f"{name}c"]
    if english:
        return _ENGLISH[english.lower()]
    return _ENCLOSED[ord(enclosed)] if enclosed else plain
