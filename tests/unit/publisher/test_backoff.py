"""The waits between repeats."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from publisher.ledger.backoff import Backoff


@pytest.mark.parametrize(("tries", "expected"), [(1, 1.0), (2, 2.0), (3, 4.0), (6, 32.0), (7, 60.0), (10_000, 60.0)])
def test_the_bound_doubles_up_to_the_cap(tries: int, expected: float) -> None:
    """1 s, 2 s, 4 s … and never more than 60 s, however many tries there were."""
    assert Backoff(base_seconds=1.0, cap_seconds=60.0, random=lambda: 1.0).bound_seconds(tries) == expected


def test_the_wait_is_drawn_evenly_between_nothing_and_the_bound() -> None:
    """Full jitter: the mean of many third waits (bound 4 s) is 2 s, and some are near both ends."""
    draw = random.Random(7).random  # noqa: S311 - jitter is no secret
    rule = Backoff(base_seconds=1.0, cap_seconds=60.0, random=draw)
    waits = [rule.wait(3) for _ in range(2000)]
    mean = sum(waits, timedelta(0)) / len(waits)
    assert abs(mean - timedelta(seconds=2)) < timedelta(seconds=0.1)
    assert min(waits) < timedelta(seconds=0.1)
    assert timedelta(seconds=3.9) < max(waits) < timedelta(seconds=4)
