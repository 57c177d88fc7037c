"""Until when X takes nothing more, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from platforms.x.resets import full_until, throttled

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW, DAY = NOW + timedelta(minutes=9), NOW + timedelta(hours=20)


def headers(name: str, remaining: int, reset: datetime) -> dict[str, str]:
    """Return one family of X's headers."""
    return {f"{name}-remaining": str(remaining), f"{name}-reset": str(int(reset.timestamp()))}


SHORT = headers("x-rate-limit", 0, WINDOW)
ROOM = headers("x-rate-limit", 42, WINDOW)
ACCOUNT = headers("x-user-limit-24hour", 0, DAY)
APP = headers("x-app-limit-24hour", 0, DAY)
APP_WITH_ROOM = headers("x-app-limit-24hour", 7, DAY)


@pytest.mark.parametrize(
    ("given", "until", "is_app_wide"),
    [
        (SHORT, WINDOW, False),
        (SHORT | APP_WITH_ROOM, WINDOW, False),
        (ROOM | ACCOUNT, DAY, False),
        (ROOM | APP, DAY, True),
        (SHORT | ACCOUNT | APP, DAY, True),
        ({}, NOW + timedelta(minutes=15), False),
        ({"x-rate-limit-reset": "soon"}, NOW + timedelta(minutes=15), False),
        ({"x-rate-limit-reset": "9" * 30}, NOW + timedelta(minutes=15), False),
        (headers("x-app-limit-24hour", 0, NOW - timedelta(hours=1)), NOW + timedelta(minutes=15), False),
    ],
    ids=["window", "app_has_room", "account_day", "app_day", "all", "none", "no_number", "absurd", "app_day_over"],
)
def test_a_429_says_until_when_and_for_whom(given: dict[str, str], until: datetime, *, is_app_wide: bool) -> None:
    """The window of 15 minutes, the account's day and the app's day: X's own reset is followed, whichever it is."""
    error = throttled(given, "", "HTTP 429", now=NOW)
    assert (until, is_app_wide) == (error.until, error.is_app_wide)


def test_a_usage_cap_is_the_apps() -> None:
    """X's problem `usage-capped` is about what the app has bought; the window's reset says nothing of it."""
    error = throttled(SHORT, "usage-capped Usage cap exceeded", "HTTP 429", now=NOW)
    assert ("quota_used_up", True) == (error.code, error.is_app_wide)
    assert error.until > WINDOW


@pytest.mark.parametrize(("given", "until"), [(SHORT, WINDOW), (ROOM, None), ({}, None), (ROOM | ACCOUNT, DAY)])
def test_a_success_may_say_that_it_was_the_last(given: dict[str, str], until: datetime | None) -> None:
    """`remaining: 0` on a success: the next call would be refused until the reset."""
    assert until == full_until(given)
