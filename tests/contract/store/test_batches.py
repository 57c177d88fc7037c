"""Many deliveries through the one door at once: each by its own right, and each city's chain in one piece."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import FakeOutbound, FakePlatform, lay_delivery, lay_one, lay_post, read
from town_news import throw

from platforms.errors import Rejected
from platforms.port import Receipt
from publisher.delivery import DeliveryEvent, DeliveryState, ForbiddenTransitionError
from publisher.errors import LeaseLostError, NotFoundError
from publisher.ledger import Pace, Worker
from publisher.ledger.backoff import Backoff
from publisher.ledger.dispatcher import Ended
from publisher.ledger.moves import Move, after_error
from publisher.store import attempts, audit, bulk, deliveries, leases, tables
from publisher.store.deliveries import Change, Step
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store_fixtures import MovedClock

    from publisher.ledger.dispatcher import Dispatcher, Opened
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

CITIES = ("kashiwa", "chikuma", "komae")
WAIT = 20.0


class Idle:
    """Stands in for the fake's check that no connection is in use: here others may use theirs."""

    connections_in_use = 0


@pytest.fixture
def dispatcher(database: Database, clock: MovedClock) -> Dispatcher:
    """A worker's dispatcher, to be taken step by step."""
    platform = FakePlatform(database=Idle(), clock=clock)  # type: ignore[arg-type]  # see there
    return Worker(database, FakeOutbound(platforms={"x": platform}), platforms=["x"])._dispatcher


def claim(dispatcher: Dispatcher) -> Sequence[Delivery]:
    """Lease everything that is due."""
    return dispatcher.claim(Room(platform="x", limit=100, per_account=100))


def receipt_of(delivery: Delivery, external_id: str = "1") -> Change:
    """Return the change that a platform's receipt is."""
    return Change(receipt=Receipt(external_id=external_id, url=None, at=delivery.created_at))


def sent(one: Opened, external_id: str = "1") -> Ended:
    """Return the end of a call that was accepted."""
    move = Move(event=DeliveryEvent.SUCCEEDED, change=receipt_of(one.delivery, external_id))
    return Ended(delivery=one.delivery, move=move)


def trail_of(database: Database, delivery: Delivery) -> list[str]:
    """Return the kinds of all events about a delivery."""
    query = sa.select(tables.audit.c.kind).where(tables.audit.c.delivery_id == delivery.id)
    with database.reading() as tx:
        return list(tx.execute(query.order_by(tables.audit.c.seq)).scalars())


def test_a_batch_over_several_cities_extends_each_citys_chain(database: Database, dispatcher: Dispatcher) -> None:
    """Nine deliveries of three cities, taken through together: each city's trail is whole and holds its own events."""
    with database.transaction() as tx:
        for number in range(9):
            city = CITIES[number % 3]
            lay_delivery(tx, lay_post(tx, number=number, city=city), f"account_{number}", city=city)
    opening = dispatcher.open(claim(dispatcher))
    assert dispatcher.settle([sent(one) for one in opening.opened]) == []

    with database.reading() as tx:
        assert [audit.verify(tx, city) for city in CITIES] == [None, None, None]
        kinds = [[entry.link.kind for entry in audit.of_city(tx, city)] for city in CITIES]
    told = ["attempt_opened", "closed", "delivery_claimed", "delivery_created", "delivery_succeeded"]
    assert [sorted(each) for each in kinds] == [sorted(told * 3)] * 3


def test_a_step_that_is_refused_costs_the_others_nothing_and_leaves_no_trace(
    database: Database, dispatcher: Dispatcher
) -> None:
    """A lost lease, a forbidden event, a missing receipt, an unknown id, and a good step: only the good one is done."""
    made = [lay_one(database, f"account_{n}", number=n) for n in range(4)]
    claim(dispatcher)
    good, lost, forbidden, empty = [read(database, each) for each in made]
    steps = [
        Step(delivery_id=lost.id, event=DeliveryEvent.SUCCEEDED, token="another", change=receipt_of(lost)),
        Step(delivery_id=forbidden.id, event=DeliveryEvent.HOLD_LIFTED, token=forbidden.lease_token),
        Step(delivery_id=empty.id, event=DeliveryEvent.SUCCEEDED, token=empty.lease_token),
        Step(delivery_id="nobody", event=DeliveryEvent.CANCELLED),
        Step(delivery_id=good.id, event=DeliveryEvent.SUCCEEDED, token=good.lease_token, change=receipt_of(good)),
    ]
    with database.transaction() as tx:
        outcomes = deliveries.apply_many(tx, steps)

    refused = [LeaseLostError, ForbiddenTransitionError, ValueError, NotFoundError]
    assert refused == [type(outcome) for outcome in outcomes[:4]]
    assert read(database, good) == outcomes[4]
    assert read(database, good).state is DeliveryState.SENT
    for untouched in (lost, forbidden, empty):
        assert untouched == read(database, untouched)
        assert trail_of(database, untouched) == ["delivery_created", "delivery_claimed"]


def test_a_delivery_takes_one_step_at_a_time(database: Database) -> None:
    """Two steps of one delivery in a batch would both see it as it was: that is refused before anything is written."""
    delivery = lay_one(database)
    twice = [Step(delivery_id=delivery.id, event=DeliveryEvent.CANCELLED)] * 2
    with pytest.raises(ValueError, match="one step"), database.transaction() as tx:
        deliveries.apply_many(tx, twice)
    assert delivery == read(database, delivery)


def test_an_update_of_many_counts_those_that_are_still_as_they_were(database: Database) -> None:
    """A row whose state or token is another by now is left alone, and the count says so; an empty token is compared."""
    made = [lay_one(database, f"account_{n}", number=n) for n in range(3)]
    was = [("due", None), ("due", "the-lease"), ("retry", None)]
    rows = [
        {"was_id": one.id, "was_state": state, "was_lease_token": token, "reads": 7}
        for one, (state, token) in zip(made, was, strict=True)
    ]
    with database.transaction() as tx:
        assert bulk.update(tx, tables.deliveries, rows) == 1
    assert [7, 0, 0] == [read(database, one).reads for one in made]


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_an_end_that_cannot_be_written_does_not_keep_the_others(
    database: Database, dispatcher: Dispatcher, engine_name: str
) -> None:
    """Of two calls one brings an id that no column holds: together nothing is written, alone the other one is."""
    assert engine_name == "postgres"
    made = [lay_one(database, f"account_{n}", number=n) for n in range(2)]
    opened = {one.delivery.id: one for one in dispatcher.open(claim(dispatcher)).opened}
    ends = [sent(opened[made[0].id], "9" * 301), sent(opened[made[1].id])]
    assert ends == dispatcher.settle(ends)

    with pytest.raises(sa.exc.DataError):
        dispatcher.settle_alone(ends[0])
    dispatcher.settle_alone(ends[1])
    assert [read(database, one).state for one in made] == [DeliveryState.LEASED, DeliveryState.SENT]
    assert trail_of(database, made[0]) == ["delivery_created", "delivery_claimed", "attempt_opened"]


def test_a_vendors_words_that_are_no_text_are_written_down_all_the_same(
    database: Database, dispatcher: Dispatcher, clock: MovedClock
) -> None:
    """Half of an emoji and a zero byte, which PostgreSQL takes in no text, cost neither the result nor the others'."""
    cut = Rejected("text_refused", params={"why": "\x00"}, detail="too long: 桜\ud83d\x00")
    made = [lay_one(database, f"account_{n}", number=n) for n in range(2)]
    opened = {one.delivery.id: one for one in dispatcher.open(claim(dispatcher)).opened}
    backoff = Backoff(base_seconds=1.0, cap_seconds=60.0, random=lambda: 0.0)
    refused = after_error(cut, opened[made[0].id].delivery, now=clock.now(), pace=Pace(), backoff=backoff)
    ends = [Ended(delivery=opened[made[0].id].delivery, move=refused), sent(opened[made[1].id])]
    assert list(dispatcher.settle(ends)) == []
    assert [read(database, one).state for one in made] == [DeliveryState.FAILED, DeliveryState.SENT]
    problem = read(database, made[0]).problem
    assert problem is not None
    assert (problem.params, problem.detail) == ({"why": "�"}, "too long: 桜��")


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_what_somebody_has_locked_does_not_keep_the_others(
    database: Database, dispatcher: Dispatcher, engine_name: str
) -> None:
    """While a person's act holds one post, the other deliveries of a batch are opened and settled without it."""
    assert engine_name == "postgres"
    made = [lay_one(database, f"account_{n}", number=n) for n in range(3)]
    taken = claim(dispatcher)
    with database.transaction() as tx:
        deliveries.lock(tx, made[0].id)
        opening = dispatcher.open(taken)
        assert [one.id for one in opening.alone] == [made[0].id]
        assert {one.delivery.id for one in opening.opened} == {made[1].id, made[2].id}
    ends = [sent(one) for one in opening.opened]
    with database.transaction() as tx:
        deliveries.lock(tx, ends[0].delivery.id)
        assert dispatcher.settle(ends) == [ends[0]]
    dispatcher.settle_alone(ends[0])
    assert [read(database, one).state for one in made[1:]] == [DeliveryState.SENT] * 2


def test_a_batch_opens_nothing_whose_lease_was_lost(database: Database, dispatcher: Dispatcher) -> None:
    """A delivery that another worker has taken since is left out; the other's attempt is opened."""
    made = [lay_one(database, f"account_{n}", number=n) for n in range(2)]
    taken = claim(dispatcher)
    with database.transaction() as tx:
        lost = next(one for one in taken if one.id == made[0].id)
        deliveries.apply(tx, lost.id, DeliveryEvent.LEASE_ENDED_UNOPENED, token=lost.lease_token)
    opening = dispatcher.open(taken)
    assert ([one.delivery.id for one in opening.opened], list(opening.alone)) == ([made[1].id], [])
    assert read(database, made[0]).attempts == 0


def test_a_process_that_stood_still_between_opening_and_calling_calls_nothing(
    database: Database, dispatcher: Dispatcher
) -> None:
    """Its lease ended meanwhile and somebody else finds out what became of the call: it must not be made after that."""
    made = lay_one(database)
    (opened,) = dispatcher.open(claim(dispatcher)).opened
    with database.transaction() as tx:
        attempts.close(tx, made.id, DeliveryEvent.LEASE_ENDED_OPEN)
        deliveries.apply(tx, made.id, DeliveryEvent.LEASE_ENDED_OPEN, token=opened.delivery.lease_token)
    with pytest.raises(LeaseLostError):
        dispatcher.call(replace(opened, at=opened.at - 60))
    assert read(database, made).state is DeliveryState.UNKNOWN


def test_a_process_that_stood_still_for_less_than_its_lease_calls(database: Database, dispatcher: Dispatcher) -> None:
    """Nobody has taken the delivery from it."""
    lay_one(database)
    (opened,) = dispatcher.open(claim(dispatcher)).opened
    assert dispatcher.call(replace(opened, at=opened.at - 20)).move.event is DeliveryEvent.SUCCEEDED


def test_an_account_with_a_call_under_way_takes_no_place_from_the_others(database: Database) -> None:
    """Its first two are the longest due and only one of them fits: the next place is the other account's."""
    first, _, other = (lay_one(database, name, number=n) for n, name in enumerate(("koen", "koen", "shi")))
    room = Room(platform="x", limit=2, per_account=2, busy={("kashiwa", "koen"): 1})
    with database.transaction() as tx:
        taken = leases.claim(tx, room, owner="w1", lease_seconds=30.0)
    assert [first.id, other.id] == [one.id for one in taken]


def test_batches_that_cross_each_other_never_block_each_other(database: Database) -> None:
    """Four threads stop the same deliveries of four posts in batches of any order: no deadlock, each ends once."""
    with database.transaction() as tx:
        made = [
            lay_delivery(tx, post, f"account_{n}")
            for post in [lay_post(tx, number=number, city=CITIES[number % 3]) for number in range(4)]
            for n in range(5)
        ]
    failures: list[BaseException] = []
    done: list[str] = []
    together = threading.Barrier(4)

    def stop(seed: int) -> None:
        dice = throw(seed)
        try:
            together.wait(WAIT)
            for _ in range(6):
                some = dice.sample(made, 8)
                with database.transaction() as tx:
                    steps = [Step(delivery_id=one.id, event=DeliveryEvent.CANCELLED) for one in some]
                    outcomes = deliveries.apply_many(tx, steps)
                done.extend(one.id for one in outcomes if not isinstance(one, Exception))
        except Exception as error:  # noqa: BLE001 - the test tells
            failures.append(error)

    threads = [threading.Thread(target=stop, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(done) == len(set(done))
    states = {one.id: read(database, one).state for one in made}
    assert {one for one, state in states.items() if state is DeliveryState.CANCELLED} == set(done)
    with database.reading() as tx:
        assert [audit.verify(tx, city) for city in {one.city for one in made}] == [None]
