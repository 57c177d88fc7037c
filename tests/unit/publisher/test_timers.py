"""Timers run by delays: no date that jumps stops them or makes them hurry."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import pytest
from apscheduler.schedulers import base

from publisher.ledger.timers import Timers
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENOUGH = 20.0
"""Seconds for what must happen."""


class Date:
    """The machine's date, which a test can set: what `datetime.now` would say to APScheduler."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def now(self, zone: tzinfo | None = None) -> datetime:
        """Do as `datetime.now` does: ask the zone what the date in UTC is there."""
        assert zone is not None
        return zone.fromutc((datetime.now(UTC) + self.moved).replace(tzinfo=zone))


@pytest.fixture
def date(monkeypatch: pytest.MonkeyPatch) -> Date:
    """The date as APScheduler sees it."""
    moved = Date()
    monkeypatch.setattr(base, "datetime", moved)
    return moved


@pytest.fixture
def timers() -> Iterator[Timers]:
    """Running timers."""
    running = Timers()
    running.start()
    yield running
    running.stop()


def test_a_date_that_is_set_back_stops_no_timer(timers: Timers, date: Date) -> None:
    """Two hours are set back while a timer runs: it goes on to fire every 10 ms, and does not wait for two hours."""
    fired = threading.Semaphore(0)
    timers.every(0.01, "beat", fired.release)
    assert fired.acquire(timeout=_ENOUGH)
    date.moved = timedelta(hours=-2)
    assert all(fired.acquire(timeout=_ENOUGH) for _ in range(10))


def test_a_date_that_is_set_forward_makes_no_timer_hurry(timers: Timers, date: Date) -> None:
    """Two hours are set forward: what was to fire in an hour does not, while another timer goes on."""
    hurried = threading.Event()
    fired = threading.Semaphore(0)
    timers.once(3600, "in an hour", hurried.set)
    date.moved = timedelta(hours=2)
    timers.every(0.01, "beat", fired.release)
    assert all(fired.acquire(timeout=_ENOUGH) for _ in range(10))
    assert not hurried.is_set()


def test_what_was_missed_while_an_action_ran_is_made_up_for_once(timers: Timers) -> None:
    """An action that takes as long as many periods is not followed by all of them."""
    running, ended = threading.Event(), threading.Event()
    calls: list[int] = []

    def act() -> None:
        calls.append(threading.get_ident())
        running.set()
        ended.wait(_ENOUGH)

    beats = threading.Semaphore(0)
    timers.every(0.005, "slow", act)
    timers.every(0.02, "beat", beats.release)
    assert running.wait(_ENOUGH)
    assert all(beats.acquire(timeout=_ENOUGH) for _ in range(5))
    assert len(calls) == 1
    ended.set()


def test_an_action_that_takes_longer_than_its_period_is_no_news(
    timers: Timers, caplog: pytest.LogCaptureFixture
) -> None:
    """A slow machine's repair loop meets itself again and again: nobody reads of it, and it goes on afterwards."""
    calls, go_on = threading.Semaphore(0), threading.Event()

    def act() -> None:
        calls.release()
        go_on.wait(_ENOUGH)

    beats = threading.Semaphore(0)
    timers.every(0.005, "slow", act)
    timers.every(0.02, "beat", beats.release)
    assert all(beats.acquire(timeout=_ENOUGH) for _ in range(5))
    go_on.set()
    assert all(calls.acquire(timeout=_ENOUGH) for _ in range(3))
    assert [record.message for record in caplog.records if record.levelname != "DEBUG"] == []


def test_an_outage_is_said_once_and_so_is_its_end(timers: Timers, caplog: pytest.LogCaptureFixture) -> None:
    """A timer fires ten times while the database is away: one line, without a traceback, and one when it is back."""
    left, back = iter(range(10)), threading.Semaphore(0)

    def act() -> None:
        for _ in left:
            raise StoreUnavailableError("connection refused")
        back.release()

    timers.every(0.005, "beat", act)
    assert all(back.acquire(timeout=_ENOUGH) for _ in range(3))
    assert [("stumbled", None), ("goes_on_again", None)] == [
        (record.message, record.exc_info) for record in caplog.records
    ]


def test_stopping_waits_for_an_action_that_sets_timers(timers: Timers) -> None:
    """An action under way ends although it goes on to set its own timer anew, and that timer fires no more."""
    begun = threading.Event()
    ends: list[int] = []

    def act() -> None:
        begun.set()
        for _ in range(3000):
            timers.once(3600, "again", act)
        ends.append(1)

    timers.once(0.0, "again", act)
    assert begun.wait(_ENOUGH)
    stopping = threading.Thread(target=timers.stop, daemon=True)
    stopping.start()
    stopping.join(_ENOUGH)
    assert not stopping.is_alive()
    assert ends == [1]


def test_an_action_may_set_its_own_timer_to_now(timers: Timers) -> None:
    """The run that an action asks for begins at once, also before the run that asked has ended."""
    again = threading.Event()
    seen: list[bool] = []
    ended = threading.Event()

    def act() -> None:
        timers.once(0.0, "mine", again.set)
        seen.append(again.wait(_ENOUGH))
        ended.set()

    timers.once(0.0, "mine", act)
    assert ended.wait(2 * _ENOUGH)
    assert seen == [True]
