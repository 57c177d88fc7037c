"""A platform's breaker: when it opens, for how long, and when one tries again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.port import Pending, Receipt
from publisher.ledger.breaker import BreakerRule, is_answer, is_sickness
from publisher.store.breakers import Breaker

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def rule(draw: float = 0.999_999) -> BreakerRule:
    """Return the product's rule with a jitter that is known."""
    return BreakerRule(failures=5, base_seconds=10.0, cap_seconds=300.0, probe_seconds=15.0, random=lambda: draw)


def failed(times: int, *, deliveries: int = 5, breaker: Breaker | None = None, draw: float = 0.999_999) -> Breaker:
    """Return what is known after so many failures in a row."""
    known = breaker or Breaker(platform="x")
    for n in range(times):
        known = rule(draw).after_failure(known, f"d{n % deliveries}", "unreachable", NOW)
    return known


def opened(rounds: int, draw: float) -> float:
    """Return for how many seconds it is open in a round, counted from 1."""
    known = failed(5, draw=draw)
    for _ in range(rounds - 1):
        at = known.open_until or NOW
        known = rule(draw).after_failure(known, "probe", "unreachable", at)
        began = at
    began = NOW if rounds == 1 else began
    return ((known.open_until or NOW) - began).total_seconds()


def test_the_fifth_failure_in_a_row_opens_it() -> None:
    """Four are bad luck."""
    assert failed(4).open_until is None
    assert failed(5).open_until is not None


def test_failures_of_a_single_delivery_never_open_it() -> None:
    """A post that a platform cannot digest is that post's trouble."""
    assert failed(50, deliveries=1).open_until is None
    assert failed(50, deliveries=2).open_until is not None


@pytest.mark.parametrize(("rounds", "longest"), [(1, 10), (2, 20), (3, 40), (5, 160), (6, 300), (12, 300)])
def test_it_stays_open_for_half_to_the_whole_of_a_bound_that_doubles(rounds: int, longest: float) -> None:
    """10 s, 20 s, 40 s … and never more than 5 minutes; the jitter takes up to a half off."""
    assert abs(opened(rounds, 0.999_999) - longest) < 0.01
    assert opened(rounds, 0.0) == longest / 2


def test_the_jitter_is_even() -> None:
    """Many platforms or installations that failed together don't come back together."""
    draw = random.Random(3).random  # noqa: S311 - jitter is no secret
    waits = [opened(1, draw()) for _ in range(1000)]
    assert abs(sum(waits) / len(waits) - 7.5) < 0.1
    assert min(waits) < 5.1
    assert max(waits) > 9.9


def test_stragglers_change_nothing_while_it_is_open() -> None:
    """Calls that were under way when it opened, and emergencies, neither lengthen it nor count as probes."""
    known = failed(5)
    assert known == rule().after_failure(known, "straggler", "no_answer", NOW + timedelta(seconds=9))


def test_one_probe_goes_at_a_time() -> None:
    """Not before its time; then one, and another only where nothing was heard from it for 15 seconds."""
    known = failed(5)
    until = known.open_until or NOW
    assert rule().with_probe(known, until - timedelta(seconds=1)) is None
    probing = rule().with_probe(known, until)
    assert probing is not None
    assert rule().with_probe(probing, until + timedelta(seconds=14)) is None
    assert rule().with_probe(probing, until + timedelta(seconds=15)) is not None


def test_a_clock_that_is_set_back_does_not_keep_it_open() -> None:
    """A day back: what ends further ahead than the longest wait was written by another clock."""
    known = failed(5)
    assert rule().is_open(known, NOW)
    assert not rule().is_open(known, NOW - timedelta(days=1))


def test_nothing_opens_a_breaker_that_was_never_failed() -> None:
    """A clean breaker lets everything go and needs no probe."""
    clean = Breaker(platform="x")
    assert clean.is_clean
    assert not rule().is_open(clean, NOW)
    assert rule().with_probe(clean, NOW) is None


@pytest.mark.parametrize(
    ("ended", "is_healthy", "is_sick"),
    [
        (Receipt(external_id="1", url=None, at=NOW), True, False),
        (Pending(token="1", check_after_seconds=1), True, False),
        (Rejected("refused"), True, False),
        (Throttled("rate_limited", until=NOW), True, False),
        (NeedsPerson("token_refused", who=Who.IT), True, False),
        (NotSent("unreachable"), False, True),
        (NotSent("vendor_error"), False, True),
        (PerhapsSent("no_answer"), False, True),
        (PerhapsSent("answer_unreadable"), False, True),
        (PerhapsSent("duplicate_after_attempt"), False, False),
        (NotSent("media_missing"), False, False),
        (KeyError("id"), False, False),
    ],
    ids=lambda value: getattr(value, "code", type(value).__name__) if not isinstance(value, bool) else "",
)
def test_what_an_end_says_of_the_platform(
    ended: PlatformError | Receipt | Pending, *, is_healthy: bool, is_sick: bool
) -> None:
    """An answer is health, be it a refusal; no answer is sickness; a fault of our own says neither."""
    assert (is_healthy, is_sick) == (is_answer(ended), is_sickness(ended))
