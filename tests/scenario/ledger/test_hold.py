"""The pause leak, in full: a thousand deliveries in flight, a hold, and not one attempt after its first answer."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from ledger_stage import CITY, FakeOutbound, FakePlatform, lay_delivery, lay_post

from publisher.delivery import DeliveryState
from publisher.ledger import Pace, Worker
from publisher.store import holds, inserts, tables
from publisher.store.holds import Hold, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from store_fixtures import MovedClock

    from publisher.store.engine import Database

COUNT = 1000
ON_THEIR_WAY = 40
"""How many calls are under way when the hold begins; others are being opened at that moment."""
PATIENCE_SECONDS = 60


class Idle:
    """Stands in for the fake's check that no connection is in use: here other threads may use theirs."""

    connections_in_use = 0


def test_no_attempt_is_opened_after_the_first_answer_and_nothing_arrives_after_the_second(
    database: Database, clock: MovedClock
) -> None:
    """Attempts after the first answer: 0; arrivals: those it named and no more; all others are held."""
    platform = FakePlatform(database=Idle(), clock=clock)  # type: ignore[arg-type]  # see there
    go_on = threading.Event()

    def wait() -> None:
        go_on.wait(PATIENCE_SECONDS)

    platform.meanwhile = wait
    with database.transaction() as tx:
        for number in range(1, COUNT + 1):
            lay_delivery(tx, lay_post(tx, number=number), f"account_{number}")
    pace = Pace(lane_slots=COUNT, repair_seconds=0.05)
    worker = Worker(database, FakeOutbound(platforms={"x": platform}), platforms=["x"], pace=pace)
    worker.start()
    try:
        wait_until(lambda: len(platform.calls) >= ON_THEIR_WAY)
        named = first_answer(database)
        opened = count_attempts(database)
        wait_until(lambda: count_in(database, DeliveryState.HELD) == COUNT - len(named))
        go_on.set()
        wait_until(lambda: second_answer(database, named))
        arrived = list(platform.timeline)
        worker.wake()
    finally:
        go_on.set()
        assert worker.stop(PATIENCE_SECONDS)

    assert ON_THEIR_WAY <= len(named) == opened
    assert opened == count_attempts(database)
    assert sorted(named) == sorted(key for _, key in arrived) == sorted(key for _, key in platform.timeline)
    assert (len(named), COUNT - len(named)) == (
        count_in(database, DeliveryState.SENT),
        count_in(database, DeliveryState.HELD),
    )


def first_answer(database: Database) -> list[str]:
    """Begin a hold of the city and return what it names as on its way."""
    with database.transaction() as tx:
        inserts.ensure_city(tx, CITY)
        holds.freeze(tx, CITY)
        new = Hold(
            id=tx.new_id(),
            city=CITY,
            scope=Scope.CITY,
            target="",
            accounts=(),
            reason="大雨",
            started_by="bosai_ito",
            started_at=tx.now,
        )
        named = [one.id for one in holds.on_their_way(tx, new)]
        holds.start(tx, new, under_way=named)
        return named


def second_answer(database: Database, named: list[str]) -> bool:
    """Tell whether all that was named has ended."""
    with database.reading() as tx:
        return not holds.still_moving(tx, named)


def count_attempts(database: Database) -> int:
    """Return how many attempts were ever opened."""
    with database.reading() as tx:
        return int(tx.execute(sa.select(sa.func.count()).select_from(tables.attempts)).scalar_one())


def count_in(database: Database, state: DeliveryState) -> int:
    """Return how many deliveries are in a state."""
    with database.reading() as tx:
        query = sa.select(sa.func.count()).select_from(tables.deliveries).where(tables.deliveries.c.state == state)
        return int(tx.execute(query).scalar_one())


def wait_until(holds_true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not holds_true():
        assert time.monotonic() < ends_at, "it did not come about"
        threading.Event().wait(0.02)
