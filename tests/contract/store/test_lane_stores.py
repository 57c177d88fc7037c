"""What the lanes share: closed accounts, breakers, and what was used up, on both engines."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, lay_one

from publisher.delivery import DeliveryEvent
from publisher.store import attempts, breakers, lane_memories, spending, tables
from publisher.store.delivery_record import Problem
from publisher.store.lane_memories import Kind, Memory

if TYPE_CHECKING:
    from datetime import datetime

    from store_fixtures import MovedClock

    from publisher.store.engine import Database

ACCOUNT = "kashiwa_shi"
POST = 15_000


def memory(now: datetime, minutes: float, *, kind: Kind = Kind.THROTTLED, account: str = ACCOUNT) -> Memory:
    """Return an account closed for so many minutes."""
    problem = Problem(code="rate_limited", params={"platform": "x"}, who=None)
    until = now + timedelta(minutes=minutes)
    return Memory(city=CITY, account=account, platform="x", kind=kind, until=until, noted_at=now, problem=problem)


def closed(database: Database) -> list[Memory]:
    """Return what is closed now."""
    with database.reading() as tx:
        return list(lane_memories.in_force(tx))


def test_a_memory_comes_back_as_it_was_and_ends_at_its_time(database: Database, clock: MovedClock) -> None:
    """All workers read the same; at its end it is over, without anybody's doing."""
    kept = memory(clock.now(), 15)
    with database.transaction() as tx:
        lane_memories.remember(tx, kept)
    assert [kept] == closed(database)
    clock.move(15 * 60)
    assert [] == closed(database)


def test_the_word_that_reaches_further_stays(database: Database, clock: MovedClock) -> None:
    """Two calls were refused at about the same time: the later end holds, whichever was heard first."""
    shorter, longer = memory(clock.now(), 5), memory(clock.now(), 15)
    for one in (shorter, longer, shorter):
        with database.transaction() as tx:
            lane_memories.remember(tx, one)
    assert [longer] == closed(database)


def test_only_what_is_meant_is_forgotten(database: Database, clock: MovedClock) -> None:
    """New credentials end the wait for a person, not a rate limit, and nobody else's."""
    with database.transaction() as tx:
        lane_memories.remember(tx, memory(clock.now(), 15))
        lane_memories.remember(tx, memory(clock.now(), 15, kind=Kind.NEEDS_PERSON, account="kashiwa_koen"))
        assert not lane_memories.forget(tx, CITY, ACCOUNT, kind=Kind.NEEDS_PERSON)
        assert lane_memories.forget(tx, CITY, "kashiwa_koen", kind=Kind.NEEDS_PERSON)
    assert [ACCOUNT] == [one.account for one in closed(database)]


def test_failures_that_come_at_once_are_all_counted(database: Database) -> None:
    """Four workers hear of a failure each in the same moment; no count is lost."""
    together = threading.Barrier(4, timeout=20)

    def fail() -> None:
        together.wait()
        with database.transaction() as tx:
            before = breakers.lock(tx, "x")
            breakers.write(tx, replace(before, failures=before.failures + 1))

    threads = [threading.Thread(target=fail) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.reading() as tx:
        assert 4 == breakers.read(tx)["x"].failures


# ── what was used up ────────────────────────────────────────────────────────────────────────────────


def call(database: Database, number: int, *, account: str = ACCOUNT, is_counted: bool = True) -> str:
    """Open an attempt of a new delivery; return the delivery's id."""
    made = lay_one(database, account, number=number)
    with database.transaction() as tx:
        attempts.open_next(tx, made, cost_micro_usd=POST, is_counted=is_counted)
    return made.id


def used(database: Database, clock: MovedClock, *, minutes: float = 15) -> tuple[list[int], int]:
    """Return calls and money of the last minutes."""
    since = clock.now() - timedelta(minutes=minutes)
    with database.reading() as tx:
        return spending.used(tx, CITY, ACCOUNT, calls_since=[since], money_since=since)


@pytest.mark.parametrize(
    ("event", "calls", "money"),
    [
        (None, 1, POST),
        (DeliveryEvent.SUCCEEDED, 1, POST),
        (DeliveryEvent.PERHAPS_SENT, 1, POST),
        (DeliveryEvent.LEASE_ENDED_OPEN, 1, POST),
        (DeliveryEvent.STILL_PROCESSING, 1, POST),
        (DeliveryEvent.REFUSED, 1, 0),
        (DeliveryEvent.NOT_SENT, 0, 0),
        (DeliveryEvent.THROTTLED, 0, 0),
        (DeliveryEvent.NEEDS_PERSON, 0, 0),
        (DeliveryEvent.PROVEN_ABSENT, 0, 0),
    ],
)
def test_what_counts_is_what_may_have_been_used(
    database: Database, clock: MovedClock, event: DeliveryEvent | None, calls: int, money: int
) -> None:
    """What is open or not known counts; what sent nothing doesn't; a refusal costs no money."""
    made = call(database, 1)
    if event is not None:
        with database.transaction() as tx:
            attempts.close(tx, made, event)
    assert ([calls], money) == used(database, clock)


def test_only_the_accounts_own_calls_within_the_window_count(database: Database, clock: MovedClock) -> None:
    """Another account's, one that is not counted, and one that is just a quarter of an hour old, do not."""
    call(database, 1)
    clock.move(15 * 60)
    call(database, 2)
    call(database, 3, account="kashiwa_koen")
    call(database, 4, is_counted=False)
    assert ([1], POST) == used(database, clock)
    assert ([2], 2 * POST) == used(database, clock, minutes=16)


def test_an_old_worker_may_go_on_writing_attempts(database: Database, clock: MovedClock) -> None:
    """The version before names neither cost nor account: its row is taken, and is not counted."""
    made = lay_one(database)
    with database.transaction() as tx:
        values = {"id": tx.new_id(), "city": CITY, "delivery_id": made.id, "n": 1, "opened_at": tx.now}
        named = [tables.attempts.c[name] for name in values]
        places = sa.select(
            *(sa.literal(value, column.type) for column, value in zip(named, values.values(), strict=True))
        )
        tx.execute(sa.insert(tables.attempts).from_select(named, places, include_defaults=False))
    assert ([0], 0) == used(database, clock)
    with database.reading() as tx:
        assert [1] == [one.n for one in attempts.of_delivery(tx, made.id)]
