"""Sending one emergency post from a process where no worker is there: nobody takes up later what it drops."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, FakePlatform, LaidPost, lay_delivery, lay_post, read

from publisher.delivery import DeliveryState
from publisher.ledger import Pace, Worker
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

AT_ONCE = replace(Pace(), store_waits_seconds=(0.0,))
WAIT = 20.0


@pytest.fixture(autouse=True)
def _used_at_once(x: FakePlatform) -> None:
    """Let other calls have connections while one is under way."""
    x.database = type("Any", (), {"connections_in_use": 0, "reading": x.database.reading})()


@pytest.fixture
def emergency(database: Database) -> list[Delivery]:
    """An emergency post on three accounts of one platform."""
    with database.transaction() as tx:
        post = lay_post(tx)
        return [lay_delivery(tx, post, account, is_emergency=True) for account in ("a_shi", "b_koen", "c_bosai")]


def send(worker: Worker, emergency: list[Delivery]) -> int:
    """Send what is due of the post, and wait for it; return how many that were."""
    post = worker.one_post(emergency[0].post_id, "x")
    with post.sending():
        return post.take_due()


def test_an_emergency_post_goes_to_all_its_accounts_at_the_same_time(
    database: Database, outbound: FakeOutbound, x: FakePlatform, emergency: list[Delivery]
) -> None:
    """Each of the three calls waits until the other two are under way as well: none is behind another."""
    x.meanwhile = partial(threading.Barrier(3).wait, WAIT)

    assert send(Worker(database, outbound, platforms=["x"]), emergency) == 3

    assert [DeliveryState.SENT] * 3 == [read(database, one).state for one in emergency]


def test_a_call_that_hangs_keeps_what_falls_due_later_from_nothing(
    database: Database, outbound: FakeOutbound, x: FakePlatform, emergency: list[Delivery]
) -> None:
    """All three calls hang; a fourth account's delivery of the post comes after them, and ends before them."""
    hangs, goes_on = threading.Semaphore(3), threading.Event()

    def meanwhile() -> None:
        if hangs.acquire(blocking=False):
            assert goes_on.wait(WAIT)
        else:
            goes_on.set()

    x.meanwhile = meanwhile
    post = Worker(database, outbound, platforms=["x"]).one_post(emergency[0].post_id, "x")
    with post.sending():
        assert post.take_due() == 3
        with database.transaction() as tx:
            laid = LaidPost(id=emergency[0].post_id, version_id=emergency[0].version_id)
            later = lay_delivery(tx, laid, "d_line", is_emergency=True)
        assert post.take_due() == 1

    assert [DeliveryState.SENT] * 4 == [read(database, one).state for one in (*emergency, later)]


def test_a_database_that_is_away_for_a_moment_costs_an_emergency_post_no_account(
    database: Database, outbound: FakeOutbound, emergency: list[Delivery]
) -> None:
    """It goes away after the three were claimed: all three go out all the same."""
    trouble = [StoreUnavailableError("gone for a moment")]

    def at(point: str) -> None:
        if point == "prepared" and trouble:
            raise trouble.pop()

    assert send(Worker(database, outbound, platforms=["x"], pace=AT_ONCE, at=at), emergency) == 3

    assert [DeliveryState.SENT] * 3 == [read(database, one).state for one in emergency]


def test_an_account_that_breaks_everything_costs_an_emergency_posts_others_nothing(
    database: Database, outbound: FakeOutbound, x: FakePlatform, emergency: list[Delivery]
) -> None:
    """What cannot even be prepared or written down for the first account keeps the other two from nothing."""
    trouble = [KeyError("bug")]

    def at(point: str) -> None:
        if point == "prepared" and trouble:
            raise trouble.pop()

    send(Worker(database, outbound, platforms=["x"], pace=AT_ONCE, at=at), emergency)

    assert len({account for account, _ in x.timeline}) == 2
