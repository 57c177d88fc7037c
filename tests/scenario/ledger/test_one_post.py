"""Sending one emergency post from a process where no worker is there: nobody takes up later what it drops."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, FakePlatform, lay_delivery, lay_post, read

from publisher.delivery import DeliveryState
from publisher.ledger import Pace, Worker
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

AT_ONCE = replace(Pace(), store_waits_seconds=(0.0,))


@pytest.fixture
def emergency(database: Database) -> list[Delivery]:
    """An emergency post on three accounts of one platform."""
    with database.transaction() as tx:
        post = lay_post(tx)
        return [lay_delivery(tx, post, account, is_emergency=True) for account in ("a_shi", "b_koen", "c_bosai")]


def test_a_database_that_is_away_for_a_moment_costs_an_emergency_post_no_account(
    database: Database, outbound: FakeOutbound, emergency: list[Delivery]
) -> None:
    """It goes away after the three were claimed: all three go out all the same."""
    trouble = [StoreUnavailableError("gone for a moment")]

    def at(point: str) -> None:
        if point == "prepared" and trouble:
            raise trouble.pop()

    worker = Worker(database, outbound, platforms=["x"], pace=AT_ONCE, at=at)
    assert worker.run_post_once(emergency[0].post_id, "x") == 3

    assert [DeliveryState.SENT] * 3 == [read(database, one).state for one in emergency]


def test_an_account_that_breaks_everything_costs_an_emergency_posts_others_nothing(
    database: Database, outbound: FakeOutbound, x: FakePlatform, emergency: list[Delivery]
) -> None:
    """What cannot even be prepared or written down for the first account keeps the other two from nothing."""
    trouble = [KeyError("bug")]

    def at(point: str) -> None:
        if point == "prepared" and trouble:
            raise trouble.pop()

    worker = Worker(database, outbound, platforms=["x"], pace=AT_ONCE, at=at)
    worker.run_post_once(emergency[0].post_id, "x")

    assert {"b_koen", "c_bosai"} == {account for account, _ in x.timeline}
