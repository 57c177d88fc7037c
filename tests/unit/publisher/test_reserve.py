"""The windows that calls are counted in, and how much of each is for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from platforms.port import Per, Quota
from publisher.ledger.accounts_port import Budget
from publisher.ledger.reserve import begins, in_usd, resets

LAST_SUMMER_DAY = datetime(2026, 11, 1, 6, 59, tzinfo=UTC)
"""23:59 on 31 October in California, still in summer time; the clock goes back in the night after."""


@pytest.mark.parametrize(
    ("whole", "percent", "share", "reserve"),
    [(100, 20, 80, 20), (300, 20, 240, 60), (60, 20, 48, 12), (7, 20, 5, 2), (3, 90, 0, 3), (100, 0, 100, 0)],
)
def test_a_part_is_kept_and_rounded_in_favour_of_emergencies(
    whole: int, percent: int, share: int, reserve: int
) -> None:
    """X's 100, its 300, LINE's 60: a fifth; of seven it is two, not one."""
    budget = Budget(reserve_percent=percent)
    assert (share, reserve) == (budget.share_of(whole), budget.reserve_of(whole))


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),  # 17:00 in Japan
        (datetime(2026, 7, 1, 0, 0, tzinfo=UTC), datetime(2026, 7, 1, 7, 0, tzinfo=UTC)),  # 16:00 in summer time
        (LAST_SUMMER_DAY, datetime(2026, 11, 1, 7, 0, tzinfo=UTC)),
        (LAST_SUMMER_DAY + timedelta(minutes=1), datetime(2026, 11, 2, 8, 0, tzinfo=UTC)),  # a day of 25 hours
    ],
)
def test_youtubes_day_ends_at_midnight_in_california(now: datetime, reset: datetime) -> None:
    """Summer time or not."""
    day = Quota(calls=100, per=Per.DAY, zone="America/Los_Angeles")
    assert reset == resets(day, now)
    assert begins(day, reset) < reset <= begins(day, reset) + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("now", "first", "reset"),
    [
        (datetime(2026, 11, 30, 14, 59, tzinfo=UTC), (2026, 10, 31), (2026, 11, 30)),
        (datetime(2026, 11, 30, 15, 0, tzinfo=UTC), (2026, 11, 30), (2026, 12, 31)),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), (2026, 12, 31), (2027, 1, 31)),
    ],
)
def test_a_month_begins_at_midnight_in_japan(
    now: datetime, first: tuple[int, int, int], reset: tuple[int, int, int]
) -> None:
    """That is 15:00 UTC of the day before; also over the turn of the year."""
    month = Quota(calls=500, per=Per.MONTH)
    year, number, day = first
    assert begins(month, now) == datetime(year, number, day, 15, tzinfo=UTC) - timedelta(microseconds=1)
    year, number, day = reset
    assert resets(month, now) == datetime(year, number, day, 15, tzinfo=UTC)


def test_a_window_of_minutes_moves_along() -> None:
    """A call that is just fifteen minutes old counts no more."""
    now = datetime(2026, 11, 24, 0, 15, tzinfo=UTC)
    assert datetime(2026, 11, 24, 0, 0, tzinfo=UTC) == begins(Quota(calls=100, seconds=900), now)


@pytest.mark.parametrize(("micro", "shown"), [(15_000, "0.02"), (200_000, "0.20"), (50_000_000, "50.00"), (0, "0.00")])
def test_money_is_shown_in_dollars(micro: int, shown: str) -> None:
    """A cent and a half is two: a bound is never shown too high."""
    assert shown == in_usd(micro)
