"""What the scribe writes down together, and what it lets nobody wait for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, FakePlatform, lay_one, read

from publisher.delivery import DeliveryState
from publisher.ledger import Worker
from publisher.ledger import scribe as scribe_module
from publisher.ledger.scribe import Scribe
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store_fixtures import MovedClock

    from publisher.ledger.dispatcher import Dispatcher, Ended
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

WAIT = 20.0
LONG = 10 * WAIT
"""For how long a batch gathers here: whatever is written sooner did not wait for that."""


class Ends:
    """Calls that have ended, and what the scribe said it has written of them."""

    def __init__(self, dispatcher: Dispatcher, database: Database) -> None:
        self._dispatcher = dispatcher
        self._database = database
        self._written = threading.Semaphore(0)
        self._laid = 0
        self.batches: list[int] = []

    def make(self, count: int, **changes: bool) -> Sequence[Ended]:
        """Lay deliveries and call them all."""
        for _ in range(count):
            self._laid += 1
            lay_one(self._database, f"account_{self._laid}", number=self._laid, **changes)
        taken = self._dispatcher.claim(Room(platform="x", limit=count, per_account=1))
        return [self._dispatcher.call(one) for one in self._dispatcher.open(taken).opened]

    def note(self, written: Sequence[Delivery]) -> None:
        """Hear what was written together."""
        self.batches.append(len(written))
        self._written.release()

    def wait(self) -> None:
        """Wait until a batch was written."""
        assert self._written.acquire(timeout=WAIT)


@pytest.fixture
def dispatcher(database: Database, clock: MovedClock) -> Dispatcher:
    """A worker's dispatcher, to be taken step by step."""
    idle = type("Idle", (), {"connections_in_use": 0})  # the scribe's thread uses connections of its own
    platform = FakePlatform(database=idle(), clock=clock)
    return Worker(database, FakeOutbound(platforms={"x": platform}), platforms=["x"])._dispatcher


@pytest.fixture
def scribe(dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scribe]:
    """A scribe that would wait for long."""
    monkeypatch.setattr(scribe_module, "_GATHERING_SECONDS", LONG)
    made = Scribe(dispatcher)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def ends(dispatcher: Dispatcher, database: Database) -> Ends:
    """The calls of these stories."""
    return Ends(dispatcher, database)


def test_a_call_that_is_alone_is_written_down_at_once(database: Database, scribe: Scribe, ends: Ends) -> None:
    """Nothing else is under way that could end too."""
    (only,) = ends.make(1)
    scribe.hand(only, ends.note, under_way=1)
    ends.wait()

    assert DeliveryState.SENT is read(database, only.delivery).state


def test_calls_that_end_while_many_are_under_way_share_a_transaction(scribe: Scribe, ends: Ends) -> None:
    """Of eight, the first to end waits for the second: a quarter of them."""
    (first,) = ends.make(1)
    scribe.hand(first, ends.note, under_way=8)
    (second,) = ends.make(1)  # time enough to write down the first
    scribe.hand(second, ends.note, under_way=8)
    ends.wait()

    assert [2] == ends.batches


def test_the_last_calls_of_a_burst_share_a_transaction_as_the_first_did(scribe: Scribe, ends: Ends) -> None:
    """Of eight, two were written; of the six that are left again two wait for each other, and not each by itself."""
    for first in ends.make(2):
        scribe.hand(first, ends.note, under_way=8)
    ends.wait()
    (third,) = ends.make(1)
    scribe.hand(third, ends.note, under_way=4)
    (fourth,) = ends.make(1)  # time enough to write down the third
    scribe.hand(fourth, ends.note, under_way=4)
    ends.wait()

    assert [2, 2] == ends.batches


def test_the_very_last_call_of_a_burst_is_written_down_at_once(scribe: Scribe, ends: Ends) -> None:
    """Of eight, seven are written: nobody else is under way that it could wait for."""
    for one in ends.make(7):
        scribe.hand(one, ends.note, under_way=8)
    while sum(ends.batches) < 6:
        ends.wait()
    (last,) = ends.make(1)
    scribe.hand(last, ends.note, under_way=8 - sum(ends.batches))
    while sum(ends.batches) < 8:
        ends.wait()

    assert 8 == sum(ends.batches)


def test_an_emergency_waits_for_no_other(database: Database, scribe: Scribe, ends: Ends) -> None:
    """A thousand calls are under way and a routine one has ended: the emergency is written down at once."""
    (routine,) = ends.make(1)
    (urgent,) = ends.make(1, is_emergency=True)
    scribe.hand(routine, ends.note, under_way=1000)
    scribe.hand(urgent, ends.note, under_way=1000)
    ends.wait()

    assert DeliveryState.SENT is read(database, urgent.delivery).state


def test_who_stops_waits_for_nothing(database: Database, scribe: Scribe, ends: Ends) -> None:
    """What has ended is written before the scribe ends, however many were under way."""
    (one,) = ends.make(1)
    scribe.hand(one, ends.note, under_way=1000)
    scribe.stop()
    ends.wait()

    assert DeliveryState.SENT is read(database, one.delivery).state


def test_nobody_waits_for_long(
    database: Database, dispatcher: Dispatcher, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand are under way, and none of them ends: the one that did is written down all the same."""
    monkeypatch.setattr(scribe_module, "_GATHERING_SECONDS", 0.01)
    scribe = Scribe(dispatcher)
    scribe.start()
    (one,) = ends.make(1)
    scribe.hand(one, ends.note, under_way=1000)
    ends.wait()
    scribe.stop()

    assert DeliveryState.SENT is read(database, one.delivery).state
