"""Which of a pack's texts holds at an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.pack_shelf import begins_at, in_force, start_of
from publisher.store.pack_changes import Edition

DECIDED = datetime(2026, 12, 10, 3, 0, tzinfo=UTC)


def edition(number: int, day: date | None, decided_at: datetime = DECIDED) -> Edition:
    """Make a confirmed text."""
    return Edition(number=number, pack="kashiwa", sha256=f"{number:064}", in_force_on=day, decided_at=decided_at)


FIRST = edition(1, None)
editions = st.builds(
    edition,
    st.integers(2, 50),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
)
instants = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def test_a_day_begins_at_midnight_in_japan() -> None:
    """Japan is nine hours ahead of UTC, the whole year."""
    assert start_of(date(2027, 1, 4)) == datetime(2027, 1, 3, 15, 0, tzinfo=UTC)
    assert start_of(date(2027, 7, 1)) == datetime(2027, 6, 30, 15, 0, tzinfo=UTC)


def test_nothing_holds_where_nothing_is_stored() -> None:
    """Then the file does, until the first start."""
    assert in_force([], DECIDED) is None


def test_the_first_text_has_always_held() -> None:
    """Also before it was stored: the past is judged by it."""
    assert in_force([FIRST], datetime(2020, 4, 1, tzinfo=UTC)) == FIRST


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2027, 1, 3, 14, 59, 59, 999999, tzinfo=UTC), 1),
        (datetime(2027, 1, 3, 15, 0, tzinfo=UTC), 2),
        (datetime(2027, 1, 31, 14, 59, 59, tzinfo=UTC), 2),
        (datetime(2027, 1, 31, 15, 0, tzinfo=UTC), 3),
    ],
)
def test_a_text_holds_from_its_day_until_the_next_ones(instant: datetime, expected: int) -> None:
    """To the microsecond, whichever was confirmed first."""
    january = edition(2, date(2027, 1, 4), DECIDED + timedelta(days=1))
    found = in_force([FIRST, edition(3, date(2027, 2, 1)), january], instant)

    assert found is not None
    assert found.number == expected


def test_what_is_confirmed_after_its_day_holds_from_its_confirmation() -> None:
    """And goes before a text with a later day that began before that confirmation."""
    decided = datetime(2027, 2, 10, 1, 0, tzinfo=UTC)
    late = edition(4, date(2027, 1, 20), decided)
    stored = [FIRST, edition(3, date(2027, 2, 1)), late]

    assert begins_at(late) == decided
    assert in_force(stored, decided - timedelta(microseconds=1)) == stored[1]
    assert in_force(stored, decided) == late


def test_of_two_for_the_same_day_the_one_confirmed_last_holds() -> None:
    """Whatever their numbers."""
    one, other = edition(2, date(2027, 1, 4), DECIDED + timedelta(hours=1)), edition(3, date(2027, 1, 4))

    assert in_force([FIRST, one, other], datetime(2027, 2, 1, tzinfo=UTC)) == one


@given(st.lists(editions, max_size=6), instants)
def test_there_is_always_exactly_one_and_it_has_begun(changes: list[Edition], instant: datetime) -> None:
    """Whatever was confirmed in whatever order: nothing that has not begun holds, and nothing later goes unheeded."""
    found = in_force([FIRST, *changes], instant)

    assert found is not None
    assert begins_at(found) <= instant
    assert all(begins_at(one) <= begins_at(found) for one in changes if begins_at(one) <= instant)
