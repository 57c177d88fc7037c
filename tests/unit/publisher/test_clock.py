"""The one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from publisher.clock import FileClock, OffsetClock, RealClock, parse_clock
from publisher.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

SLACK = timedelta(seconds=5)


def _is_near(moment: datetime, offset: timedelta) -> bool:
    return abs(moment - (datetime.now(UTC) + offset)) < SLACK


def test_the_real_clock_is_the_operating_systems_time_in_utc() -> None:
    """The default clock is aware, UTC, and says that it is real."""
    clock = parse_clock("real")

    assert isinstance(clock, RealClock)
    assert clock.is_real
    assert clock.now().utcoffset() == timedelta(0)
    assert _is_near(clock.now(), timedelta(0))


@pytest.mark.parametrize(("setting", "seconds"), [("+3600", 3600), ("-60", -60), ("+0.5", 0.5)])
def test_an_offset_moves_the_clock(setting: str, seconds: float) -> None:
    """`+3600` is an hour ahead, `-60` a minute behind; neither is real."""
    clock = parse_clock(setting)

    assert isinstance(clock, OffsetClock)
    assert not clock.is_real
    assert _is_near(clock.now(), timedelta(seconds=seconds))


def test_a_file_moves_the_clock_and_is_read_again_when_it_changes(tmp_path: Path) -> None:
    """The sandbox page writes the file; the running clock follows."""
    file = tmp_path / "clock"
    clock = parse_clock(f"file:{file}")
    assert isinstance(clock, FileClock)
    assert _is_near(clock.now(), timedelta(0))

    file.write_text("7200\n", encoding="ascii")
    assert _is_near(clock.now(), timedelta(hours=2))

    newer = tmp_path / "newer"
    newer.write_text("-86400", encoding="ascii")
    newer.replace(file)
    assert _is_near(clock.now(), timedelta(days=-1))


@pytest.mark.parametrize("half_written", ["", "soon", "nan", "1e99", "9e12", "-9e12"])
def test_an_unreadable_file_leaves_the_last_offset(tmp_path: Path, half_written: str) -> None:
    """A half-written file can't make the clock jump back to real time."""
    file = tmp_path / "clock"
    file.write_text("3600", encoding="ascii")
    clock = FileClock(file)
    clock.now()

    broken = tmp_path / "broken"
    broken.write_text(half_written, encoding="ascii")
    broken.replace(file)

    assert _is_near(clock.now(), timedelta(hours=1))


@pytest.mark.parametrize("setting", ["", "3600", "tomorrow", "file:", "+", "+1e99", "+nan"])
def test_a_clock_that_is_none_is_refused_with_what_to_say(setting: str) -> None:
    """A bare number is refused: was it an instant or an offset?"""
    with pytest.raises(ConfigurationError, match="clock_form"):
        parse_clock(setting)
