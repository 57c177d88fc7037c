"""The one door: which events move a delivery, and what a lease guards."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import lay_delivery, lay_in, lay_one, lay_post, read

from platforms.port import Receipt
from publisher.delivery import (
    TRANSITIONS,
    DeliveryEvent,
    DeliveryState,
    ForbiddenTransitionError,
)
from publisher.errors import LeaseLostError, NotFoundError
from publisher.ledger.checkpoints import Checkpoints
from publisher.store import attempts, deliveries, leases, tables
from publisher.store.deliveries import Change
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database


def apply(database: Database, delivery: Delivery, event: DeliveryEvent) -> Delivery:
    """Apply an event as its rightful owner would."""
    change = Change(receipt=Receipt(external_id="1", url=None, at=delivery.created_at))
    with database.transaction() as tx:
        return deliveries.apply(tx, delivery.id, event, token=delivery.lease_token, change=change)


@pytest.mark.parametrize("state", DeliveryState)
def test_the_door_allows_the_table_and_nothing_else(database: Database, state: DeliveryState) -> None:
    """From each state every event of the table leads where it says; all others are refused and change nothing."""
    own_door = {DeliveryEvent.CLAIMED}  # a claim makes the token
    for number, event in enumerate(sorted(set(DeliveryEvent) - own_door), 1):
        with database.transaction() as tx:
            before = lay_in(tx, state, number=number)
        if (state, event) in TRANSITIONS:
            assert apply(database, before, event).state is TRANSITIONS[state, event]
        else:
            with pytest.raises(ForbiddenTransitionError):
                apply(database, before, event)
            assert read(database, before) == before


def claim(database: Database, *, owner: str = "w1", limit: int = 10, **room: object) -> Sequence[Delivery]:
    """Lease what is due on X."""
    wanted = {"platform": "x", "limit": limit, "per_account": limit} | room
    with database.transaction() as tx:
        return leases.claim(tx, Room(**wanted), owner=owner, lease_seconds=30.0)  # type: ignore[arg-type]  # a test's short form


def test_a_claim_gives_each_delivery_a_token_and_an_end(database: Database, lease_clock: MovedClock) -> None:
    """A claimed delivery names its owner, has a token of its own and an end 30 s ahead."""
    lay_one(database, number=1)
    lay_one(database, "kashiwa_koen", number=2)
    taken = claim(database)
    assert len({each.lease_token for each in taken} - {None}) == 2
    assert {each.lease_owner for each in taken} == {"w1"}
    ends = {(each.lease_until - lease_clock.now()).total_seconds() for each in taken if each.lease_until}
    assert ends == {30.0}
    assert claim(database) == []


def test_two_claimers_at_once_never_get_the_same_delivery(database: Database) -> None:
    """Four threads that claim at the same moment share 60 deliveries without taking one twice."""
    with database.transaction() as tx:
        for number in range(1, 61):
            lay_delivery(tx, lay_post(tx, number=number), f"account_{number}")
    taken: list[str] = []
    together = threading.Barrier(4)

    def take(owner: str) -> None:
        together.wait(20)
        while mine := claim(database, owner=owner, limit=3):
            taken.extend(each.id for each in mine)

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as tx:
        attempted = tx.execute(sa.select(tables.audit.c.delivery_id).where(tables.audit.c.kind == "delivery_claimed"))
        audited = sorted(attempted.scalars())
    assert len(taken) == len(set(taken))
    assert audited == sorted(taken)
    left = claim(database, limit=60)
    assert len(taken) + len(left) == 60


def test_emergencies_are_claimed_before_what_is_due_for_longer(database: Database, clock: MovedClock) -> None:
    """An emergency that fell due a moment ago passes a routine post that has been due for a minute."""
    routine = lay_one(database, number=1)
    clock.move(60)
    emergency = lay_one(database, "kashiwa_koen", number=2, is_emergency=True)
    assert [each.id for each in claim(database)] == [emergency.id, routine.id]


def test_a_claim_leaves_an_account_that_has_enough_under_way(database: Database) -> None:
    """With one of two allowed calls under way only one more of the account is taken; others come beside it."""
    made = [lay_one(database, number=number) for number in range(1, 4)]
    other = lay_one(database, "kashiwa_koen", number=9)
    taken = claim(database, per_account=2, busy={("kashiwa", "kashiwa_shi"): 1})
    assert [each.id for each in taken] == [made[0].id, other.id]


def test_a_lease_that_was_lost_moves_nothing(database: Database, lease_clock: MovedClock) -> None:
    """A worker whose lease ended and was taken over gets `LeaseLostError`, and its result is not written."""
    lay_one(database)
    first = claim(database)[0]
    lease_clock.move(31)
    with database.transaction() as tx:
        deliveries.apply(tx, first.id, DeliveryEvent.LEASE_ENDED_UNOPENED, token=first.lease_token)
    second = claim(database, owner="w2")[0]
    with pytest.raises(LeaseLostError), database.transaction() as tx:
        deliveries.apply(tx, first.id, DeliveryEvent.NOT_SENT, token=first.lease_token)
    assert read(database, first) == second


def test_a_leased_delivery_is_moved_by_its_token_alone(database: Database) -> None:
    """Cancelling from outside cannot touch a delivery that a worker holds."""
    lay_one(database)
    held = claim(database)[0]
    with pytest.raises(LeaseLostError), database.transaction() as tx:
        deliveries.apply(tx, held.id, DeliveryEvent.CANCELLED, who="taro")
    assert read(database, held).state is DeliveryState.LEASED


def test_a_heartbeat_prolongs_only_leases_that_still_hold(database: Database, lease_clock: MovedClock) -> None:
    """Renewing moves the end on; a token that is no lease's any more renews nothing."""
    lay_one(database)
    held = claim(database)[0]
    lease_clock.move(20)
    with database.transaction() as tx:
        renewed = leases.renew(tx, {held.lease_token or "", "gone"}, lease_seconds=30.0)
    assert renewed == 1
    lease_clock.move(20)
    with database.reading() as tx:
        assert leases.lapsed(tx, limit=10) == []


def test_a_checkpoint_needs_the_lease(database: Database) -> None:
    """What makes a repeat safe is stored under the lease, and a lost lease stops the call."""
    lay_one(database)
    held = claim(database)[0]
    checkpoints = Checkpoints(database)
    checkpoints.keep(held.id, token=held.lease_token or "", resume="session-1")
    assert read(database, held).resume == "session-1"
    with pytest.raises(LeaseLostError):
        checkpoints.keep(held.id, token="another", resume="session-2")
    assert read(database, held).resume == "session-1"


def test_a_delivery_has_one_open_attempt_at_a_time(database: Database) -> None:
    """The database refuses a second attempt while one is open."""
    delivery = lay_one(database)
    with database.transaction() as tx:
        opened = attempts.open_next(tx, delivery)
    assert (opened.attempts, opened.first_attempt_at) == (1, delivery.created_at)
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as tx:
        attempts.open_next(tx, opened)


def test_what_a_look_found_is_not_written_over_a_newer_word(database: Database) -> None:
    """A reader that saw an older state of the delivery gets `LeaseLostError`."""
    with database.transaction() as tx:
        delivery = lay_in(tx, DeliveryState.UNKNOWN)
        deliveries.apply(tx, delivery.id, DeliveryEvent.NOT_DECIDED, seen=delivery, change=Change(looks=1, reads=1))
    with pytest.raises(LeaseLostError), database.transaction() as tx:
        deliveries.apply(tx, delivery.id, DeliveryEvent.NOT_DECIDED, seen=delivery, change=Change(looks=1, reads=1))


def test_sent_needs_a_receipt(database: Database) -> None:
    """Nothing is called sent without the platform's id, but by a person who saw it."""
    lay_one(database)
    held = claim(database)[0]
    with pytest.raises(ValueError, match="receipt"), database.transaction() as tx:
        deliveries.apply(tx, held.id, DeliveryEvent.SUCCEEDED, token=held.lease_token)


def test_an_id_that_nobody_has_is_not_found(database: Database) -> None:
    """Reading a delivery that isn't there raises `NotFoundError`."""
    with pytest.raises(NotFoundError), database.reading() as tx:
        deliveries.get(tx, "none")
