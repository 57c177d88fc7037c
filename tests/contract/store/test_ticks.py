"""Recurring checks of many processes: each period is one process's, and nobody's death blocks the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from store_fixtures import MovedClock

from publisher.ledger.timers import Timers
from publisher.recurring import Recurring
from publisher.store import ticks
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Callable


def build(database: Database, owner: str) -> Recurring:
    """Return one process's recurring checks."""
    return Recurring(database, Timers(), owner=owner)


def test_of_two_processes_one_makes_the_check_of_a_period(database: Database, lease_clock: MovedClock) -> None:
    """Over three periods of a minute, each of which both processes reach for twice, the check is made three times."""
    made: list[str] = []
    first, second = build(database, "first"), build(database, "second")
    for _ in range(3):
        for _ in range(2):
            second.turn(60.0, "reviews", lambda: made.append("second"))
            first.turn(60.0, "reviews", lambda: made.append("first"))
        lease_clock.move(60)
    assert made == ["second"] * 3


def test_checks_of_different_names_have_ticks_of_their_own(database: Database) -> None:
    """Who takes one check's period leaves the other's free."""
    made: list[str] = []
    build(database, "first").turn(60.0, "reviews", lambda: made.append("reviews"))
    build(database, "second").turn(60.0, "periods", lambda: made.append("periods"))
    assert made == ["reviews", "periods"]


def test_a_period_ends_on_the_clock_and_not_after_the_check(database: Database, lease_clock: MovedClock) -> None:
    """At 9:00:50 a check of each minute is put off by 10 seconds and not by 60, so that no period is left out."""
    lease_clock.move(50)
    recurring = build(database, "first")
    assert 10 <= recurring.turn(60.0, "reviews", lambda: None) < 11


def test_a_process_that_dies_in_the_middle_does_not_block_the_next_period(
    database: Database, lease_clock: MovedClock
) -> None:
    """A check that ends its process was this period's; in the next one the other process makes it."""
    made: list[str] = []

    def die() -> None:
        raise SystemExit

    try:
        build(database, "dies").turn(60.0, "reviews", die)
    except SystemExit:
        made.append("died")
    other = build(database, "lives")
    other.turn(60.0, "reviews", lambda: made.append("same period"))
    lease_clock.move(60)
    other.turn(60.0, "reviews", lambda: made.append("next period"))
    assert made == ["died", "next period"]


def test_a_check_that_fails_is_made_again_in_the_next_period(database: Database, lease_clock: MovedClock) -> None:
    """An error ends neither the process nor the recurrence."""
    made: list[str] = []

    def fail() -> None:
        made.append("failed")
        raise KeyError

    recurring = build(database, "first")
    recurring.turn(60.0, "reviews", fail)
    lease_clock.move(60)
    recurring.turn(60.0, "reviews", lambda: made.append("made"))
    assert made == ["failed", "made"]


def test_a_clock_that_was_set_back_blocks_nothing(database: Database, lease_clock: MovedClock) -> None:
    """After the leases' clock was set back by two hours, the check is made in the next period that it shows."""
    made: list[str] = []
    recurring = build(database, "first")
    recurring.turn(60.0, "reviews", lambda: made.append("before"))
    lease_clock.move(-7200)
    recurring.turn(60.0, "reviews", lambda: made.append("after"))
    recurring.turn(60.0, "reviews", lambda: made.append("after, again"))
    assert made == ["before", "after"]


def test_processes_that_reach_for_a_period_at_once_get_it_once(store_url: str) -> None:
    """Of eight processes that reach for the same ten periods at once, one gets each."""
    clocks = [MovedClock() for _ in range(8)]
    opened = [Database(store_url, clock=clock, lease_clock=clock) for clock in clocks]
    together = threading.Barrier(len(opened))
    mine: list[int] = []

    def reach(database: Database, clock: MovedClock) -> Callable[[], None]:
        def run() -> None:
            for number in range(10):
                together.wait(30)
                with database.transaction() as tx:
                    if ticks.take(tx, "reviews", seconds=60.0, by="anybody").is_mine:
                        mine.append(number)
                clock.move(60)

        return run

    threads = [threading.Thread(target=reach(*each)) for each in zip(opened, clocks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for database in opened:
        database.close()
    assert list(range(10)) == sorted(mine)
