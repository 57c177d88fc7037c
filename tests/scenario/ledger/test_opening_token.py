"""What a call leaves for its repeat, where it is known beforehand: kept as the attempt is opened, not by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ledger_stage import lay_one, read
from sqlalchemy import event
from sqlalchemy.engine import Engine

from publisher.delivery import DeliveryState
from publisher.ledger import Worker

if TYPE_CHECKING:
    from ledger_stage import FakeOutbound, FakePlatform
    from store_fixtures import MovedClock

    from publisher.store.engine import Database

TRIED = "tried"


class PowerCut(BaseException):
    """The process ends here."""


def test_it_is_durable_when_the_call_begins_and_cost_no_transaction(
    database: Database, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """From the commit that opens the attempt to the call itself nothing else is begun, and the row has it."""
    x.opening_token = TRIED
    delivery = lay_one(database)
    begun = 0
    seen: dict[str, int] = {}
    at_call: list[str | None] = []

    def count(_connection: object) -> None:
        nonlocal begun
        begun += 1

    def at(point: str) -> None:
        seen[point] = begun

    x.meanwhile = lambda: at_call.append(read(database, delivery).resume)
    event.listen(Engine, "begin", count)
    try:
        Worker(database, outbound, platforms=["x"], owner="w1", at=at).run_due_once()
    finally:
        event.remove(Engine, "begin", count)

    assert seen["attempt_opened"] == seen["checkpoint"]
    assert [TRIED] == at_call
    assert DeliveryState.SENT is read(database, delivery).state


def test_a_call_hears_what_the_one_before_it_left_and_never_its_own(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """The first hears nothing although its own is in the row already; the second hears the first's."""
    x.opening_token = TRIED
    x.order("kashiwa_shi", "unreachable")
    lay_one(database)
    worker.run_due_once()
    clock.move(1)
    worker.run_due_once()

    assert [None, TRIED] == x.resumes


def test_what_a_call_leaves_beside_it_is_kept_as_ever(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Another token, later in the call, is newer than the one of the opening."""
    x.opening_token = TRIED
    x.order("kashiwa_shi", "checkpoint")
    lay_one(database)
    worker.run_due_once()
    clock.move(1)
    worker.run_due_once()

    assert [None, "session-1"] == x.resumes


@pytest.mark.parametrize("token", [None, TRIED])
def test_an_attempt_that_was_opened_and_never_called_is_found_out_the_same_with_it_as_without(
    database: Database,
    outbound: FakeOutbound,
    worker: Worker,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
    token: str | None,
) -> None:
    """The worker dies between the opening and the call: two reads that don't see it, and then the post, once."""
    x.opening_token = token

    def at(point: str) -> None:
        if point == "attempt_opened":
            raise PowerCut

    delivery = lay_one(database)
    with pytest.raises(PowerCut):
        Worker(database, outbound, platforms=["x"], owner="doomed", at=at).run_due_once()
    left = read(database, delivery).resume
    lease_clock.move(31)
    worker.rescue_once()
    states = [read(database, delivery).state]
    for _ in range(2):
        clock.move(30)
        worker.reconcile_once()
        states.append(read(database, delivery).state)
    worker.run_due_once()

    assert token == left
    assert [DeliveryState.UNKNOWN, DeliveryState.UNKNOWN, DeliveryState.DUE] == states
    assert ["find", "find", "publish"] == [what for what, _ in x.calls]
    assert [("kashiwa_shi", delivery.id)] == x.timeline
