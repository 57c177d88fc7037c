"""Times as the guideline's readers know them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chatops.clockface import picker_values, read_moment, show_moment

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "locale", "shown"),
    [
        (datetime(2026, 12, 1, 0, 0, tzinfo=UTC), "ja-JP", "12月1日(火) 9:00"),
        (datetime(2026, 12, 6, 23, 30, tzinfo=UTC), "ja-JP", "12月7日(月) 8:30"),
        (datetime(2027, 1, 4, 0, 5, tzinfo=UTC), "ja-JP", "2027年1月4日(月) 9:05"),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "ja-JP", "2027年1月1日(金) 0:00"),
        (datetime(2026, 12, 1, 0, 0, tzinfo=UTC), "en-US", "Tue 1 Dec 9:00"),
        (datetime(2027, 1, 4, 0, 0, tzinfo=UTC), "en-US", "Mon 4 Jan 2027 9:00"),
    ],
)
def test_a_moment_is_shown_in_japans_time(at: datetime, locale: str, shown: str) -> None:
    """Month, day, weekday, hour; the year only where it is not this year."""
    assert show_moment(at, now=NOW, locale=locale) == shown


def test_a_naive_time_is_refused() -> None:
    """A time without a zone says nothing."""
    with pytest.raises(ValueError, match="zone"):
        show_moment(datetime(2026, 12, 1), now=NOW)  # noqa: DTZ001 - that is the point


def test_pickers_speak_japans_time() -> None:
    """What a person picks is Japan's time, whatever the server's zone; it is shown as it was picked."""
    at = read_moment("2026-12-01", "09:00")

    assert at == datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert picker_values(at) == ("2026-12-01", "09:00")
