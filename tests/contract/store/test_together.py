"""Many hands on one post: nobody waits for nobody, and nothing is done twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, FakeOutbound, FakePlatform, lay_delivery, lay_one, lay_post, read

from publisher.circulation import Circulation
from publisher.delivery import FINAL, STOPPABLE, DeliveryEvent, DeliveryState, ForbiddenTransitionError
from publisher.errors import LeaseLostError
from publisher.ledger import Pace, Worker
from publisher.ledger.lease_keeper import LeaseKeeper
from publisher.ledger.rescuer import Rescuer
from publisher.post import PostEvent
from publisher.store import audit, deliveries, leases, posts, tables
from publisher.store.engine import Database, StoreUnavailableError
from publisher.store.leases import Room
from publisher.store.notices import StoredNotices

if TYPE_CHECKING:
    from collections.abc import Callable

    from store_fixtures import MovedClock


class Idle:
    """Stands in for the fake's check that no connection is in use: here others may use theirs."""

    connections_in_use = 0


def test_three_workers_and_a_person_who_cancels_never_block_each_other(database: Database, clock: MovedClock) -> None:
    """Of one post's 24 deliveries each is sent once or cancelled, no transaction fails, and the trail holds."""
    platform = FakePlatform(database=Idle(), clock=clock)  # type: ignore[arg-type]  # see there
    outbound = FakeOutbound(platforms={"x": platform})
    with database.transaction() as tx:
        post = lay_post(tx)
        made = [lay_delivery(tx, post, f"account_{n}") for n in range(24)]
    failures: list[BaseException] = []
    together = threading.Barrier(4)

    def send(owner: str) -> None:
        try:
            together.wait(20)
            while Worker(database, outbound, platforms=["x"], owner=owner).run_due_once():
                pass
        except Exception as error:  # noqa: BLE001 - the test tells
            failures.append(error)

    def cancel() -> None:
        try:
            together.wait(20)
            for delivery in reversed(made):
                cancel_one(database, delivery.id)
        except Exception as error:  # noqa: BLE001 - the test tells
            failures.append(error)

    threads = [threading.Thread(target=send, args=(f"w{n}",)) for n in range(3)] + [threading.Thread(target=cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with database.reading() as tx:
        ended = [each.state for each in deliveries.of_post(tx, post.id)]
        assert audit.verify(tx, CITY) is None
        state = tx.execute(sa.select(tables.posts.c.state)).scalar_one()
    assert set(ended) <= FINAL
    assert len(platform.timeline) == len(set(platform.timeline)) == ended.count(DeliveryState.SENT)
    assert state == "closed"


def cancel_one(database: Database, delivery_id: str) -> None:
    """Cancel a delivery if it can still be stopped."""
    try:
        with database.transaction() as tx:
            if deliveries.lock(tx, delivery_id).state in STOPPABLE:
                deliveries.apply(tx, delivery_id, DeliveryEvent.CANCELLED, who="taro")
    except (LeaseLostError, ForbiddenTransitionError):
        return


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_claim_does_not_wait_for_whoever_holds_the_post(database: Database) -> None:
    """While a post is locked by somebody who cancels one delivery, a worker claims another one of it."""
    with database.transaction() as tx:
        post = lay_post(tx)
        held, free = lay_delivery(tx, post), lay_delivery(tx, post, "kashiwa_koen")
    worker = Worker(database, FakeOutbound(platforms={}), platforms=["x"])
    StoredNotices(database).claim()  # so that the claim leaves a new notice, which refers to the post
    claimed: list[str] = []

    def claim() -> None:
        room = Room(platform="x", limit=10, per_account=10)
        claimed.extend(each.id for each in worker._dispatcher.claim(room))

    thread = threading.Thread(target=claim)
    with database.transaction() as tx:
        deliveries.lock(tx, held.id)
        thread.start()
        thread.join(10)
        assert claimed == [free.id]
    thread.join(10)


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_delivery_that_is_claimed_while_its_post_is_stopped_breaks_nothing(
    database: Database, engine_name: str
) -> None:
    """Between a person's look and a person's stop a worker may claim: the stop then says that it is under way."""
    assert engine_name == "postgres"
    with database.transaction() as tx:
        post = lay_post(tx)
        delivery = lay_delivery(tx, post)
    worker = Worker(database, FakeOutbound(platforms={}), platforms=["x"])
    claims = iter([Room(platform="x", limit=10, per_account=10)])

    def claim_once(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # Just after the stop has read the delivery for the first time.
        if statement.startswith("SELECT deliveries.id") and "deliveries.post_id =" in statement:
            for room in claims:
                thread = threading.Thread(target=worker._dispatcher.claim, args=(room,))
                thread.start()
                thread.join(10)

    circulation = Circulation(None, None, None)  # type: ignore[arg-type]  # stopping asks none of them
    with database.transaction() as tx:
        held = posts.lock(tx, CITY, "K-1")
        held = posts.move(tx, held, PostEvent.CANCELLED, who="taro")
        sa.event.listen(tx.connection, "after_cursor_execute", claim_once)
        done = circulation.stop(tx, held, who="taro")
    assert (done.stopped, done.under_way) == ((), (delivery.account,))


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_what_is_cancelled_while_a_worker_chooses_is_left_out_of_its_claim(
    database: Database, engine_name: str
) -> None:
    """The rest of the batch is claimed all the same."""
    assert engine_name == "postgres"
    with database.transaction() as tx:
        post = lay_post(tx)
        gone, kept = lay_delivery(tx, post), lay_delivery(tx, post, "kashiwa_koen")
    waiting = [gone.id]

    def cancel_first(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # Just after the worker has chosen, and before it locks what it chose.
        if "row_number()" in statement and waiting:
            thread = threading.Thread(target=cancel_one, args=(database, waiting.pop()))
            thread.start()
            thread.join(10)

    with database.transaction() as tx:
        sa.event.listen(tx.connection, "after_cursor_execute", cancel_first)
        room = Room(platform="x", limit=10, per_account=10)
        claimed = leases.claim(tx, room, owner="w1", lease_seconds=30.0)
    assert waiting == []
    assert [each.id for each in claimed] == [kept.id]


def in_time(work: Callable[[], object]) -> list[object]:
    """Return in a list what *work* returned, or an empty one where it was still waiting after a while."""
    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(work()), daemon=True)
    thread.start()
    thread.join(10)
    return list(done)


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_delivery_that_somebody_has_locked_keeps_no_other_lease_from_being_renewed(
    database: Database, lease_clock: MovedClock, engine_name: str
) -> None:
    """A process that stands still inside a transaction must not end the leases of calls under way elsewhere."""
    assert engine_name == "postgres"
    locked, free = (lay_one(database, f"account_{n}", number=n) for n in range(2))
    with database.transaction() as tx:
        room = Room(platform="x", limit=10, per_account=10)
        taken = {one.id: one for one in leases.claim(tx, room, owner="w1", lease_seconds=30.0)}
    keeper = LeaseKeeper(database, lease_seconds=30.0)
    keeper.keep([one.lease_token or "" for one in taken.values()])
    lease_clock.move(20)
    with database.transaction() as tx:
        deliveries.lock(tx, locked.id)
        assert in_time(keeper.renew) == [1]
    assert read(database, free).lease_until == lease_clock.now() + timedelta(seconds=30)
    assert keeper.renew() == 2


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_delivery_that_somebody_has_locked_keeps_no_other_from_being_rescued(
    database: Database, lease_clock: MovedClock, engine_name: str
) -> None:
    """Of two that a dead worker left the free one is taken up at once, the locked one as soon as it is free."""
    assert engine_name == "postgres"
    locked, free = (lay_one(database, f"account_{n}", number=n) for n in range(2))
    with database.transaction() as tx:
        leases.claim(tx, Room(platform="x", limit=10, per_account=10), owner="w1", lease_seconds=30.0)
    lease_clock.move(31)
    rescuer = Rescuer(database=database, pace=Pace())
    with database.transaction() as tx:
        deliveries.lock(tx, locked.id)
        assert in_time(rescuer.rescue) == [1]
    assert [read(database, one).state for one in (locked, free)] == [DeliveryState.LEASED, DeliveryState.DUE]
    assert rescuer.rescue() == 1


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_what_a_process_that_stands_still_has_locked_becomes_free(
    database: Database, store_url: str, clock: MovedClock, engine_name: str
) -> None:
    """Its transaction is broken off, as it hears when it goes on; nothing of it was written."""
    assert engine_name == "postgres"
    delivery = lay_one(database)
    standing = Database(store_url, clock=clock, idle_seconds=0.5)

    def cancel() -> DeliveryState:
        with database.transaction() as tx:
            return deliveries.apply(tx, delivery.id, DeliveryEvent.CANCELLED, who="taro").state

    def stand_still() -> None:
        with standing.transaction() as tx:
            deliveries.apply(tx, delivery.id, DeliveryEvent.CAME_TOO_LATE)
            assert in_time(cancel) == [DeliveryState.CANCELLED]

    with pytest.raises(StoreUnavailableError):
        stand_still()
    standing.close()
    assert read(database, delivery).state is DeliveryState.CANCELLED
