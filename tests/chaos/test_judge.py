"""What the judge counts as time lost, and what it believes of the stand-ins' journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.chaos.journal import digest
from tests.chaos.judge import longest_idle

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """Return an instant after noon."""
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("ways", "idle"),
    [
        ([], 300),
        ([(250, 250)], 250),  # a late trouble excuses nothing of what was before
        ([(100, 100), (200, 200)], 100),
        ([(10, 160)], 140),
        ([(10, 70), (70, 130)], 170),
        ([(10, 200), (20, 30)], 100),  # one stretch within another
        ([(-50, 40), (290, 900)], 250),  # begun before it was due, and going on at the end
        ([(310, 900)], 300),  # what comes afterwards excuses nothing
    ],
)
def test_only_time_in_which_nothing_was_in_the_way_counts(ways: list[tuple[float, float]], idle: float) -> None:
    """The longest time without a trouble, and outside each stretch that somebody else took, is what is judged."""
    stretches = [(after(began), after(ended)) for began, ended in ways]

    assert timedelta(seconds=idle) == longest_idle(NOON, after(300), stretches)


def test_an_account_is_closed_until_the_time_that_its_429_named() -> None:
    """The journal's own words say when an account was throttled and until when; without a time it is that instant."""
    line = {"vendor": "facebook", "account": "page", "verb": "publish", "text": None, "outcome": "refused"}
    line |= {"status": 400, "fault": "429", "external_id": None, "key": None}
    told = line | {"at": after(0).isoformat(), "extra": {"closed_until": after(60).isoformat()}}
    untold = line | {"at": after(90).isoformat(), "extra": {}}

    assert [(after(0), after(60)), (after(90), after(90))] == digest([told, untold]).closures["page"]
