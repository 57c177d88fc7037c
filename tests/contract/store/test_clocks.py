"""A worker whose clock differs from the database's sends nothing planned, and says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, FakePlatform, lay_one, read

from publisher.delivery import DeliveryState
from publisher.ledger import Worker
from publisher.store import workers
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("engine_name", ["postgres"])]


class WrongClock:
    """A machine's own clock, off by so many seconds."""

    is_real = True

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """Return what the machine believes."""
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


@pytest.fixture(name="wrong")
def _wrong() -> WrongClock:
    return WrongClock()


@pytest.fixture(name="machine")
def _machine(store_url: str, wrong: WrongClock) -> Iterator[Database]:
    """The ledger as a machine of that clock sees it, with leases by the database's."""
    opened = Database(store_url, clock=wrong)
    yield opened
    opened.close()


def build_worker(machine: Database, wrong: WrongClock) -> Worker:
    """Return the machine's worker."""
    platform = FakePlatform(database=machine, clock=wrong)  # type: ignore[arg-type]  # a clock is a clock
    return Worker(machine, FakeOutbound(platforms={"x": platform}), platforms=["x"], owner="w1")


@pytest.mark.parametrize("seconds", [3600, -3600, 6, -6])
def test_a_worker_with_a_wrong_clock_sends_nothing_planned(
    machine: Database, wrong: WrongClock, seconds: float
) -> None:
    """An hour ahead it would send an hour early: it claims nothing, says by how much it is off, and goes on after."""
    worker = build_worker(machine, wrong)
    delivery = lay_one(machine, due_at=datetime.now(UTC) - timedelta(hours=2))
    wrong.seconds = seconds
    worker.beat()
    assert worker.run_due_once() == 0
    with machine.reading() as tx:
        assert [seconds] == [pytest.approx(one.seconds_off, abs=1) for one in workers.listed(tx)]
    wrong.seconds = 0
    worker.beat()
    assert worker.run_due_once() == 1
    assert read(machine, delivery).state is DeliveryState.SENT
    with machine.reading() as tx:
        assert [0] == [one.seconds_off for one in workers.listed(tx)]


def test_an_emergency_goes_out_all_the_same(machine: Database, wrong: WrongClock) -> None:
    """What a duty officer sends now has no time at which it would be early."""
    worker = build_worker(machine, wrong)
    wrong.seconds = 3600
    planned = lay_one(machine)
    urgent = lay_one(machine, "kashiwa_bosai", number=2, is_emergency=True)
    assert worker.run_due_once() == 1
    assert read(machine, urgent).state is DeliveryState.SENT
    assert read(machine, planned).state is DeliveryState.DUE


def test_a_clock_that_is_a_little_off_changes_nothing(machine: Database, wrong: WrongClock) -> None:
    """Two seconds are no reason to stop."""
    worker = build_worker(machine, wrong)
    wrong.seconds = 2
    lay_one(machine)
    assert worker.run_due_once() == 1


def test_an_emergency_from_a_machine_whose_clock_is_ahead_goes_out_all_the_same(
    store_url: str, machine: Database, wrong: WrongClock
) -> None:
    """A duty officer's order must not wait until the workers' clocks say what that of the web server said."""
    worker = build_worker(machine, wrong)  # whose clock is right
    ahead = WrongClock()
    ahead.seconds = 600
    web = Database(store_url, clock=ahead)
    urgent = lay_one(web, "kashiwa_bosai", is_emergency=True)
    web.close()
    worker.rescue_once()
    assert 1 == worker.run_due_once()
    assert DeliveryState.SENT == read(machine, urgent).state


def test_a_worker_whose_clock_is_behind_leaves_the_others_waits_alone(
    store_url: str, machine: Database, wrong: WrongClock
) -> None:
    """To it all that the others write lies in the future: a platform that asked for quiet is not called before."""
    others = WrongClock()
    right = Database(store_url, clock=others)
    platform = FakePlatform(database=right, clock=others)  # type: ignore[arg-type]  # a clock is a clock
    platform.order("kashiwa_shi", "throttled")
    delivery = lay_one(right)
    Worker(right, FakeOutbound(platforms={"x": platform}), platforms=["x"], owner="w2").run_due_once()
    before = read(right, delivery)
    right.close()
    wrong.seconds = -3600
    build_worker(machine, wrong).rescue_once()
    assert DeliveryState.RETRY == before.state
    assert before == read(machine, delivery)


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_an_emergency_is_late_by_the_databases_clock(
    store_url: str, machine: Database, wrong: WrongClock, seconds: float
) -> None:
    """An order of this minute, useful for ten: the only worker's clock is an hour off, and it goes out all the same."""
    worker = build_worker(machine, wrong)
    web = Database(store_url, clock=WrongClock())
    urgent = lay_one(web, "kashiwa_bosai", is_emergency=True, latest_at=datetime.now(UTC) + timedelta(minutes=10))
    web.close()
    wrong.seconds = seconds
    worker.beat()
    worker.run_due_once()
    sent = read(machine, urgent)
    assert DeliveryState.SENT == sent.state
    assert abs(sent.state_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_a_machine_with_a_wrong_clock_writes_has_the_databases_time(store_url: str) -> None:
    """A post that is approved there goes at once, and not in an hour; and nothing ends an hour early."""
    wrong = WrongClock()
    wrong.seconds = 3600
    web = Database(store_url, clock=wrong)
    delivery = lay_one(web)
    now = web.now()
    web.close()
    for moment in (delivery.created_at, delivery.due_at, now):
        assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)
