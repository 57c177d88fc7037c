"""Waiting for what somebody else has locked: it costs the locked row alone, and afterwards it is judged by the time."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from ledger_stage import FakeOutbound, FakePlatform, lay_delivery, lay_one, lay_post, read

from platforms.errors import Rejected
from platforms.port import Quota, Receipt
from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.ledger import Worker
from publisher.ledger.accounts_port import Budget
from publisher.ledger.dispatcher import Ended
from publisher.ledger.moves import Move
from publisher.store import account_locks, deliveries
from publisher.store.account_locks import Purpose
from publisher.store.deliveries import Change
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("engine_name", ["postgres"])]

WAIT = 20.0
MANY = 60
"""More than the pool has connections."""


class Idle:
    """Stands in for the fake's check that no connection is in use: here others may use theirs."""

    connections_in_use = 0


class Book:
    """Ten calls in a quarter of an hour for every account."""

    def budget(self, city: str, account: str) -> Budget:
        """Return it."""
        assert city
        assert account
        return Budget(quotas=(Quota(calls=10, seconds=900),), reserve_percent=20)

    def sharing_app(self, city: str, account: str) -> Collection[tuple[str, str]]:
        """Each uses an app of its own."""
        return [(city, account)]


@pytest.fixture(name="x")
def _x(clock: MovedClock) -> FakePlatform:
    return FakePlatform(database=Idle(), clock=clock)  # type: ignore[arg-type]  # see there


@pytest.fixture(name="outbound")
def _outbound(x: FakePlatform) -> FakeOutbound:
    return FakeOutbound(platforms={"x": x})


def wait_until_waiting(url: str, count: int = 1) -> None:
    """Look until so many of the server's processes wait for a lock; each look takes some milliseconds."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(5000):
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if row is not None and row[0] >= count:
                return
    pytest.fail("nobody waits for a lock")


@contextmanager
def waiting(
    database: Database, url: str, lock: Callable[[Transaction], object], work: Callable[[], object]
) -> Iterator[None]:
    """Begin *work* in a thread, do the block once it waits for what *lock* has locked, and let it go on."""
    thread = threading.Thread(target=work)
    with database.transaction() as tx:
        lock(tx)
        thread.start()
        wait_until_waiting(url)
        yield
    thread.join(WAIT)
    assert not thread.is_alive()


def send_alone(worker: Worker) -> Callable[[], None]:
    """Claim the one delivery that is due, and return how it is sent alone."""
    (taken,) = worker._dispatcher.claim(Room(platform="x", limit=1, per_account=1))
    return lambda: worker._dispatcher.send(taken)


def lay_useful_for_a_minute(database: Database, clock: MovedClock) -> Delivery:
    """Lay a delivery that is due now and of use for one minute."""
    return lay_one(database, latest_at=clock.now().replace(minute=1))


def test_what_waited_for_a_lock_until_it_was_too_late_is_asked_about(
    database: Database, store_url: str, clock: MovedClock, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """Its post was locked from before its latest useful time until after it: it is not sent late, a person decides."""
    delivery = lay_useful_for_a_minute(database, clock)
    send = send_alone(Worker(database, outbound, platforms=["x"]))
    with waiting(database, store_url, lambda tx: deliveries.lock(tx, delivery.id), send):
        clock.move(90)
    problem = read(database, delivery).problem
    assert (DeliveryState.ASKED, "late") == (read(database, delivery).state, problem and problem.code)
    assert x.calls == []


def test_what_cannot_be_prepared_is_judged_by_the_time_after_the_wait(
    database: Database, store_url: str, clock: MovedClock, outbound: FakeOutbound
) -> None:
    """Meanwhile it came too late: that is what a person hears, and no call is written down."""
    outbound.unprepared["kashiwa_shi"] = Rejected("text_refused")
    delivery = lay_useful_for_a_minute(database, clock)
    send = send_alone(Worker(database, outbound, platforms=["x"]))
    with waiting(database, store_url, lambda tx: deliveries.lock(tx, delivery.id), send):
        clock.move(90)
    after = read(database, delivery)
    assert (DeliveryState.ASKED, 0) == (after.state, after.attempts)


def test_who_waited_for_the_accounts_count_is_judged_by_the_time_after_it(
    database: Database, store_url: str, clock: MovedClock, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """The lock under which an account's calls are counted is taken after the last check: that is asked once more."""
    delivery = lay_useful_for_a_minute(database, clock)
    send = send_alone(Worker(database, outbound, platforms=["x"], book=Book()))
    account = {(delivery.city, delivery.account)}
    with waiting(database, store_url, lambda tx: account_locks.lock(tx, Purpose.QUOTA, account), send):
        clock.move(90)
    assert read(database, delivery).state is DeliveryState.ASKED
    assert x.calls == []


def test_many_who_wait_for_a_locked_post_keep_nobody_elses_post(
    database: Database, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """Sixty deliveries of a post that somebody has locked wait, more than there are connections; another goes out."""
    with database.transaction() as tx:
        post = lay_post(tx)
        locked = [lay_delivery(tx, post, f"account_{n}") for n in range(MANY)]
    worker = Worker(database, outbound, platforms=["x"])
    taken = worker._dispatcher.claim(Room(platform="x", limit=MANY, per_account=1))
    assert len(taken) == MANY
    threads = [threading.Thread(target=worker._dispatcher.send, args=(one,), daemon=True) for one in taken]
    with database.transaction() as tx:
        deliveries.lock(tx, locked[0].id)
        for thread in threads:
            thread.start()
        other = lay_one(database, "kashiwa_koen", number=2)
        assert Worker(database, outbound, platforms=["x"]).run_due_once() == 1
        assert read(database, other).state is DeliveryState.SENT
        assert x.count("kashiwa_koen") == 1
        assert database.connections_in_use < MANY // 4
    for thread in threads:
        thread.join(WAIT)
    assert {DeliveryState.SENT} == {read(database, one).state for one in locked}


def test_one_ended_call_whose_post_is_locked_is_left_to_be_settled_alone(
    database: Database, clock: MovedClock, outbound: FakeOutbound
) -> None:
    """Also a batch of one waits for nobody: whoever writes for all must go on for all."""
    delivery = lay_one(database)
    dispatcher = Worker(database, outbound, platforms=["x"])._dispatcher
    opening = dispatcher.open(dispatcher.claim(Room(platform="x", limit=1, per_account=1)))
    receipt = Receipt(external_id="1", url=None, at=clock.now())
    move = Move(event=DeliveryEvent.SUCCEEDED, change=Change(receipt=receipt))
    ended = [Ended(delivery=one.delivery, move=move) for one in opening.opened]
    left: list[Ended] = []
    with database.transaction() as tx:
        deliveries.lock(tx, delivery.id)
        thread = threading.Thread(target=lambda: left.extend(dispatcher.settle(ended)), daemon=True)
        thread.start()
        thread.join(WAIT)
        assert left == ended
    dispatcher.settle_alone(replace(ended[0]))
    assert read(database, delivery).state is DeliveryState.SENT
