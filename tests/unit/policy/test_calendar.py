from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

from policy.calendar import JST, Hours, is_inside, is_open_day, national_holidays, next_opening, say_time
from policy.facts import Facts

OFFICE = Hours(opens=time(8, 30), closes=time(17, 15))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@needs_shared
def test_the_holidays_are_those_of_the_cabinet_office() -> None:
    """Every day of the Cabinet Office's list is a holiday, and no other day of its years is."""
    path = SHARED / "specs" / "holidays-jp" / "syukujitsu.csv"
    with path.open(encoding="cp932", newline="") as file:
        listed = {date(*map(int, row[0].split("/"))) for row in list(csv.reader(file))[1:]}
    years = range(min(listed).year, max(listed).year + 1)

    assert listed == {day for year in years for day in national_holidays(year)}


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-12-01", True),
        ("2026-12-05", False),
        ("2026-09-22", False),  # 国民の休日 (A03)
        ("2027-03-22", False),  # 振替休日 (A03)
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
    ],
)
def test_open_days_follow_the_readings(day: Any, is_open: Any) -> None:
    """Monday to Friday, without holidays and 12/29 to 1/3 (A01)."""
    assert is_open is is_open_day(date.fromisoformat(day), Facts())


def test_a_city_adds_and_takes_away_days() -> None:
    """A city's own days go before the calendar, and a closed day before an open one."""
    saturday, tuesday = date(2026, 12, 5), date(2026, 12, 1)
    facts = Facts(open_days=frozenset({saturday, tuesday}), closed_days=frozenset({tuesday}))

    assert [is_open_day(saturday, facts), is_open_day(tuesday, facts)] == [True, False]


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        ("2026-12-01T08:29:59+09:00", False),
        ("2026-12-01T08:30:00+09:00", True),
        ("2026-12-01T17:15:00+09:00", True),
        ("2026-12-01T17:15:01+09:00", False),
        ("2026-11-30T23:30:00+00:00", True),
        ("2026-12-01T08:15:01Z", False),
        ("2026-12-01T03:15:00-05:00", True),
    ],
)
def test_the_hours_hold_to_the_second_whatever_the_offset(at: Any, is_in: Any) -> None:
    """08:30:00 and 17:15:00 in Japan are inside, the seconds beside them are not (A04)."""
    assert is_in is is_inside(_at(at), OFFICE, Facts())


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-12-01T08:00:00+09:00", "2026-12-01T08:30:00+09:00"),
        ("2026-12-01T17:15:01+09:00", "2026-12-02T08:30:00+09:00"),
        ("2026-12-04T17:15:30+09:00", "2026-12-07T08:30:00+09:00"),
        ("2026-12-28T18:00:00+09:00", "2027-01-04T08:30:00+09:00"),
        ("2027-04-28T18:00:00+09:00", "2027-04-30T08:30:00+09:00"),
    ],
)
def test_the_next_opening_skips_closed_days(at: Any, opening: Any) -> None:
    """The next opening is the next 8:30 of an open day."""
    assert _at(opening) == next_opening(_at(at), OFFICE, Facts())


def test_a_city_that_never_opens_has_no_next_opening() -> None:
    """Where every day within reach is closed there is no opening, and the search ends."""
    start = _at("2026-12-01T18:00:00+09:00")
    closed = frozenset(start.date() + timedelta(days=ahead) for ahead in range(500))

    assert next_opening(start, OFFICE, Facts(closed_days=closed)) is None


def test_the_end_of_the_calendar_raises_nothing() -> None:
    """The search stops with year 9999."""
    assert next_opening(datetime(9999, 12, 31, 18, tzinfo=JST), OFFICE, Facts()) is None


def test_times_are_written_as_an_office_writes_them() -> None:
    """An instant is shown in Japan Standard Time as 12月1日(火) 9:00."""
    utc_midnight = datetime(2026, 12, 1, tzinfo=UTC)

    assert say_time(utc_midnight).ja == "12月1日(火) 9:00"
