"""A claim whose commit was never answered: who claimed finds out what it holds, long before the leases end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, lay_one, read

from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.ledger import Worker
from publisher.ledger.unheard import UnheardClaims
from publisher.store import audit, deliveries, leases
from publisher.store.engine import StoreUnavailableError
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger_stage import FakePlatform
    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

ROOM = Room(platform="x", limit=10, per_account=2)


def deaf_worker(database: Database, outbound: FakeOutbound, *, times: int = 1) -> Worker:
    """Return a worker that does not hear the answer to its first claims' commits."""
    lost = ["answer"] * times

    def at(point: str) -> None:
        if point == "claimed" and lost:
            lost.pop()
            raise StoreUnavailableError("gone with the answer")

    return Worker(database, outbound, platforms=["x"], at=at)


def claim(database: Database, room: Room = ROOM) -> Sequence[Delivery]:
    """Take leases as a claim does."""
    with database.transaction() as tx:
        return leases.claim(tx, room, owner="w1", lease_seconds=30.0)


def test_a_claim_whose_answer_was_lost_is_gone_on_with_at_the_next_look(
    database: Database, outbound: FakeOutbound, x: FakePlatform, lease_clock: MovedClock
) -> None:
    """What it took goes out once, under the same lease, which lasts anew: nobody waits for the lease's end."""
    delivery = lay_one(database)
    worker = deaf_worker(database, outbound)
    with pytest.raises(StoreUnavailableError):
        worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.LEASED
    lease_clock.move(20)

    assert worker.run_due_once() == 1

    assert read(database, delivery).state is DeliveryState.SENT
    assert x.count("kashiwa_shi") == 1
    with database.reading() as tx:
        kinds = [entry.link.kind for entry in audit.of_city(tx, delivery.city)]
    assert kinds.count("delivery_claimed") == 1


def test_a_lease_that_is_found_again_is_renewed(database: Database, lease_clock: MovedClock) -> None:
    """It was idle for a while: its call must not begin at its very end."""
    lay_one(database)
    unheard = UnheardClaims(database, lease_seconds=30.0)
    unheard.note(ROOM, claim(database))
    lease_clock.move(29)
    (found,) = unheard.find(ROOM)
    assert read(database, found).lease_until == lease_clock.now() + timedelta(seconds=30)


def test_what_was_not_committed_after_all_is_claimed_anew(
    database: Database, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """The commit never arrived: nothing is found under these tokens, and the delivery goes its ordinary way."""
    delivery = lay_one(database)
    worker = Worker(database, outbound, platforms=["x"])
    worker._dispatcher._unheard.note(ROOM, [replace(delivery, lease_token="never-written")])
    assert worker.run_due_once() == 1
    assert read(database, delivery).state is DeliveryState.SENT
    assert x.count("kashiwa_shi") == 1


def test_a_lease_that_the_rescuer_ended_meanwhile_is_not_ours_any_more(database: Database) -> None:
    """The database was away for longer than the lease: what another took up is left alone."""
    lay_one(database)
    unheard = UnheardClaims(database, lease_seconds=30.0)
    (taken,) = claim(database)
    unheard.note(ROOM, [taken])
    with database.transaction() as tx:
        deliveries.apply(tx, taken.id, DeliveryEvent.LEASE_ENDED_UNOPENED, token=taken.lease_token)
    assert list(unheard.find(ROOM)) == []
    assert not unheard.has_any("x", is_for_emergencies=False)


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_what_is_locked_is_looked_up_again_later(database: Database, engine_name: str) -> None:
    """The lock can be the claim's own, whose transaction has not ended yet; until then its place is kept free."""
    assert engine_name == "postgres"
    lay_one(database)
    unheard = UnheardClaims(database, lease_seconds=30.0)
    (taken,) = claim(database)
    unheard.note(ROOM, [taken])
    with database.transaction() as tx:
        deliveries.lock(tx, taken.id)
        assert list(unheard.find(ROOM)) == []
        narrowed = unheard.narrow(ROOM)
    assert (narrowed.limit, narrowed.busy) == (ROOM.limit - 1, {(taken.city, taken.account): 1})
    assert [one.id for one in unheard.find(ROOM)] == [taken.id]
