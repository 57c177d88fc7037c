"""Absence, clocks that jump and machines that sleep: questions where it is too late, never a burst, never a stall."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import FakeOutbound, FakePlatform, lay_delivery, lay_one, lay_post, read

from platforms.port import AbsenceRule, Remark
from publisher.api import NoticeKind
from publisher.delivery import DeliveryEvent, DeliveryState, next_state
from publisher.ledger import NotBefore, Worker
from publisher.store import deliveries, leases, tables
from publisher.store.deliveries import Change
from publisher.store.leases import Room
from publisher.store.notices import StoredNotices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

ACCOUNTS = ("kashiwa_shi", "kashiwa_koen", "kashiwa_bosai")
HOUR = 3600.0


def lay_thirty(database: Database, clock: MovedClock) -> Sequence[Delivery]:
    """Lay 30 posts, one every ten minutes from now on; each is useful for three hours after its time."""
    return [
        lay_one(
            database,
            ACCOUNTS[number % 3],
            number=number + 1,
            due_at=(at := clock.now() + timedelta(minutes=10 * number)),
            planned_at=at,
            latest_at=at + timedelta(hours=3),
        )
        for number in range(30)
    ]


def run_dry(worker: Worker) -> None:
    """Let the worker take everything that is due."""
    while worker.run_due_once():
        pass


def states(database: Database, laid: Sequence[Delivery]) -> Counter[str]:
    """Return how many are in each state."""
    return Counter(str(read(database, each).state) for each in laid)


def test_after_hours_of_absence_what_is_too_late_is_asked_about(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock, lease_clock: MovedClock
) -> None:
    """Six hours after 30 posts began to fall due, the 18 whose three hours are over are questions; 12 went out once."""
    laid = lay_thirty(database, clock)
    for moved in (clock, lease_clock):
        moved.move(6 * HOUR)
    run_dry(worker)
    # At 15:00 what was planned before 12:00 is of no use any more: 9:00, 9:10 … 11:50.
    assert {"asked": 18, "sent": 12} == states(database, laid)
    assert ["asked"] * 18 + ["sent"] * 12 == [read(database, each).state for each in laid]
    assert 12 == len(x.timeline) == len(set(x.timeline))


def test_a_clock_that_jumps_forward_asks_and_sends_nothing_twice(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """In the midst of a day the date jumps by eight hours: what lost its use is asked about, the rest goes once."""
    laid = lay_thirty(database, clock)
    run_dry(worker)
    assert {"due": 29, "sent": 1} == states(database, laid)
    clock.move(8 * HOUR)
    run_dry(worker)
    # At 17:00 what was planned for 9:10 … 13:50 is too late; one was sent before, and nothing is left.
    assert {"asked": 29, "sent": 1} == states(database, laid)
    clock.move(-8 * HOUR)
    run_dry(worker)
    assert {"asked": 29, "sent": 1} == states(database, laid)
    assert 1 == len(x.timeline)


def test_a_clock_that_is_set_back_sends_nothing_twice_and_early(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """What was sent stays sent, and what is planned waits for its time, which comes a second time by that clock."""
    laid = lay_thirty(database, clock)
    clock.move(HOUR)
    run_dry(worker)
    assert {"due": 23, "sent": 7} == states(database, laid)
    clock.move(-HOUR)
    run_dry(worker)
    assert {"due": 23, "sent": 7} == states(database, laid)
    clock.move(HOUR + 600)
    run_dry(worker)
    assert {"due": 22, "sent": 8} == states(database, laid)
    assert 8 == len(x.timeline) == len(set(x.timeline))


def test_a_clock_that_is_set_back_stalls_no_retry(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A call that sent nothing is repeated after its seconds, and not after the two hours that were set back."""
    x.order("kashiwa_shi", "unreachable")
    delivery = lay_one(database)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.RETRY
    clock.move(-2 * HOUR)
    worker.rescue_once()
    clock.move(60)  # the longest wait between two tries
    run_dry(worker)
    # Planned for a time that has not come again, it goes all the same: its time had come.
    assert read(database, delivery).state is DeliveryState.SENT
    assert ["publish", "publish"] == [what for what, _ in x.calls]


def test_a_clock_that_is_set_back_stalls_no_look(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """What may have been sent is looked for in seconds all the same, from before the call on, and found."""
    x.order("kashiwa_shi", "500_after_accepting")
    before = clock.now()
    delivery = lay_one(database)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.UNKNOWN
    clock.move(-2 * HOUR)
    worker.rescue_once()
    mended = read(database, delivery)
    assert mended.first_attempt_at is not None
    assert mended.first_attempt_at <= before - timedelta(hours=2)
    clock.move(2)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert 1 == x.count("kashiwa_shi")


def test_a_clock_that_is_set_back_stalls_nothing_that_was_to_go_at_once(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """An evacuation order of the minute before the clock was put right by nine hours goes now, and is asked about soon.

    What somebody planned for a time of day waits for that time.
    """
    at_once = lay_one(
        database,
        "kashiwa_bosai",
        is_emergency=True,
        planned_at=clock.now(),
        latest_at=clock.now() + timedelta(minutes=10),
    )
    later = clock.now() + timedelta(hours=1)
    planned = lay_one(database, number=2, due_at=later, planned_at=later)
    clock.move(-9 * HOUR)
    worker.rescue_once()
    mended = read(database, at_once)
    run_dry(worker)
    assert DeliveryState.SENT == read(database, at_once).state
    assert (clock.now(), clock.now() + timedelta(minutes=10)) == (mended.planned_at, mended.latest_at)
    assert planned == read(database, planned)
    assert 1 == len(x.timeline)


def name_time(database: Database, delivery: Delivery, at: datetime) -> None:
    """Let a person have named the time at which a post goes out."""
    with database.transaction() as tx:
        versions = tables.versions
        tx.execute(sa.update(versions).where(versions.c.id == delivery.version_id).values(publish_at=at))


def test_a_clock_that_is_set_back_stalls_nothing_that_waits_for_room_or_a_repair(
    database: Database, worker: Worker, clock: MovedClock
) -> None:
    """It waits for the seconds that it had before it, and not for the nine hours that were set back as well."""
    delivery = lay_one(database)
    clock.move(1)
    with database.transaction() as tx:
        room = Room(platform="x", limit=1, per_account=1)
        (leased,) = leases.claim(tx, room, owner="w1", lease_seconds=30.0)
        soon = Change(due_at=tx.now + timedelta(seconds=2))
        deliveries.apply(tx, leased.id, DeliveryEvent.ROOM_AWAITED, token=leased.lease_token, change=soon)
    clock.move(-9 * HOUR)
    worker.rescue_once()
    assert clock.now() + timedelta(seconds=2) == read(database, delivery).due_at


def test_a_clock_that_is_set_back_stalls_nothing_that_is_proven_absent(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """Known not to be there, it was to be repeated in a few seconds: so it is."""
    line.order("kashiwa_shi", *["500_before_accepting"] * 2)
    delivery = lay_one(database, platform="line")
    for _ in range(2):
        run_dry(worker)
        clock.move(2)
        worker.reconcile_once()
    repeats = read(database, delivery)
    clock.move(-9 * HOUR)
    worker.rescue_once()
    clock.move(60)  # the longest wait between two tries
    run_dry(worker)
    assert DeliveryState.DUE is repeats.state
    assert repeats.state_at < repeats.due_at
    assert DeliveryState.SENT is read(database, delivery).state


def test_what_waits_for_its_opening_stays_at_the_opening(
    database: Database, worker: Worker, outbound: FakeOutbound, clock: MovedClock
) -> None:
    """Half past eight is half past eight, also by the clock that was put right."""
    opening = clock.now() + timedelta(hours=15)
    outbound.checks["kashiwa_shi"] = NotBefore(at=opening, remark=Remark(code="outside_hours"))
    delivery = lay_one(database)
    worker.run_due_once()
    clock.move(-HOUR)
    worker.rescue_once()
    assert opening == read(database, delivery).due_at


@pytest.mark.parametrize("fault", ["", "unreachable", "500_before_accepting"])
def test_nothing_goes_before_the_time_that_a_person_named(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock, fault: str
) -> None:
    """By a clock that was an hour ahead its time had come, and was called in vain: it goes at its time after all."""
    line.order("kashiwa_shi", fault)
    named = clock.now()
    clock.move(5)
    delivery = lay_one(database, platform="line", due_at=named, planned_at=named)
    name_time(database, delivery, named)
    if fault:
        worker.run_due_once()
    clock.move(-HOUR)
    for _ in range(30):
        worker.rescue_once()
        worker.reconcile_once()
        run_dry(worker)
        clock.move(60)
    before = read(database, delivery).state
    clock.move(HOUR)
    worker.reconcile_once()
    run_dry(worker)
    assert before in {DeliveryState.DUE, DeliveryState.RETRY}
    assert (DeliveryState.SENT, 1) == (read(database, delivery).state, line.count("kashiwa_shi"))


def test_a_dead_workers_lease_ends_although_the_clock_was_set_back(
    database: Database, worker: Worker, clock: MovedClock, lease_clock: MovedClock
) -> None:
    """On SQLite leases go by the machine's clock: one that would last nine hours more ends after its 30 seconds."""
    delivery = lay_one(database)
    room = Room(platform="x", limit=1, per_account=1)
    with database.transaction() as tx:
        leases.claim(tx, room, owner="dead", lease_seconds=30.0)
    for moved in (clock, lease_clock):
        moved.move(-9 * HOUR)
    worker.rescue_once()
    assert DeliveryState.LEASED == read(database, delivery).state  # who lives renews it in time
    for moved in (clock, lease_clock):
        moved.move(31)
    worker.rescue_once()
    assert DeliveryState.DUE == read(database, delivery).state


def test_all_that_a_dead_worker_held_is_taken_up_at_once(
    database: Database, worker: Worker, clock: MovedClock, lease_clock: MovedClock
) -> None:
    """docs/states.md: 35 seconds after its last sign at the latest, however many it held."""
    room = Room(platform="x", limit=400, per_account=400)
    with database.transaction() as tx:
        post = lay_post(tx)
        for number in range(120):
            lay_delivery(tx, post, f"account_{number}")
        leases.claim(tx, room, owner="dead", lease_seconds=30.0)
    for moved in (clock, lease_clock):
        moved.move(31)
    assert 120 == worker.rescue_once()


def test_what_was_not_set_back_keeps_its_waits(database: Database, worker: Worker, x: FakePlatform) -> None:
    """Where the clock runs on, nothing is moved: a retry keeps its time."""
    x.order("kashiwa_shi", "unreachable")
    delivery = lay_one(database)
    worker.run_due_once()
    before = read(database, delivery)
    worker.rescue_once()
    assert before == read(database, delivery)


class Sleeper:
    """A machine that is suspended for two hours when its worker comes to a point, while another works on."""

    def __init__(self, database: Database, outbound: FakeOutbound, point: str, meanwhile: Callable[[], None]) -> None:
        self._point = point
        self._meanwhile = meanwhile
        self.worker = Worker(database, outbound, platforms=["x"], owner="sleeper", draw=lambda: 1.0, at=self._at)

    def _at(self, point: str) -> None:
        if point == self._point:
            self._point = ""
            self._meanwhile()


@pytest.mark.parametrize(
    "point",
    ["claimed", "prepared", "called"],
    ids=["before anything", "right before the last check", "after the call"],
)
def test_a_suspended_machine_sends_nothing_that_another_took_over(
    database: Database,
    outbound: FakeOutbound,
    worker: Worker,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
    point: str,
) -> None:
    """It sleeps for two hours: its lease ends, another worker ends the delivery, and what it does on waking counts."""
    delivery = lay_one(database, latest_at=clock.now() + timedelta(hours=3))

    def sleep() -> None:
        for moved in (clock, lease_clock):
            moved.move(2 * HOUR)
        worker.rescue_once()
        for _ in range(3):
            clock.move(2)
            worker.run_due_once()
            worker.reconcile_once()
        assert read(database, delivery).state is DeliveryState.SENT

    sleeper = Sleeper(database, outbound, point, sleep)
    sleeper.worker.run_due_once()
    assert DeliveryState.SENT == read(database, delivery).state
    assert 1 == x.count("kashiwa_shi")


def test_a_receipt_that_a_suspended_machine_brings_late_is_used(
    database: Database,
    outbound: FakeOutbound,
    worker: Worker,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
) -> None:
    """Its lease ended with an open call, so the end is unknown; the receipt it wakes up with proves the post."""
    delivery = lay_one(database)

    def sleep() -> None:
        for moved in (clock, lease_clock):
            moved.move(2 * HOUR)
        worker.rescue_once()
        assert read(database, delivery).state is DeliveryState.UNKNOWN

    Sleeper(database, outbound, "called", sleep).worker.run_due_once()
    sent = read(database, delivery)
    assert (DeliveryState.SENT, f"id-{delivery.id}") == (sent.state, sent.external_id)
    assert ["publish"] == [what for what, _ in x.calls]


@pytest.mark.parametrize(
    ("event", "times"),
    [(DeliveryEvent.CANCELLED, 1), (DeliveryEvent.PERSON_SAYS_SENT, 0)],
    ids=["given up", "seen by a person"],
)
def test_a_receipt_that_comes_after_a_person_decided_is_told_where_it_says_something_else(
    database: Database,
    outbound: FakeOutbound,
    worker: Worker,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
    event: DeliveryEvent,
    times: int,
) -> None:
    """It was looked for in vain, and a person was asked. Who said: don't send, must hear that it is there all the same.

    Who found it on the account knows that.
    """
    delivery = lay_one(database)
    x.absence = None

    def sleep() -> None:
        hidden = x.timeline.copy()
        x.timeline.clear()  # the platform's list is behind
        for moved in (clock, lease_clock):
            moved.move(60)
        worker.rescue_once()
        for _ in range(2):
            clock.move(30)
            worker.reconcile_once()
        with database.transaction() as tx:
            deliveries.apply(tx, delivery.id, event, who="hanako")
        x.timeline[:] = hidden

    Sleeper(database, outbound, "called", sleep).worker.run_due_once()
    assert next_state(DeliveryState.ASKED, event) == read(database, delivery).state
    told = [(one.kind, one.params) for one in StoredNotices(database).claim(50) if one.params]
    assert [(NoticeKind.DELIVERY, {"found": f"https://example.invalid/{delivery.id}"})] * times == told


def test_a_late_receipt_stops_who_has_claimed_it_anew_and_not_called_yet(
    database: Database,
    outbound: FakeOutbound,
    worker: Worker,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
) -> None:
    """The proof that the post is there ends the second lease too: nothing is called again."""
    delivery = lay_one(database)
    x.absence = AbsenceRule(reads=1, seconds_apart=1.0)
    again: list[Delivery] = []

    def sleep() -> None:
        hidden = x.timeline.copy()
        x.timeline.clear()  # the platform's list is behind
        for moved in (clock, lease_clock):
            moved.move(60)
        worker.rescue_once()
        clock.move(5)
        worker.reconcile_once()
        room = Room(platform="x", limit=1, per_account=1)
        with database.transaction() as tx:
            again.extend(leases.claim(tx, room, owner="w2", lease_seconds=30.0))
        x.timeline[:] = hidden

    Sleeper(database, outbound, "called", sleep).worker.run_due_once()
    assert [delivery.id] == [one.id for one in again]
    assert DeliveryState.SENT == read(database, delivery).state
    worker._dispatcher.send(again[0])
    assert 1 == x.count("kashiwa_shi")


def test_a_post_that_lost_its_use_while_the_machine_slept_is_a_question(
    database: Database, outbound: FakeOutbound, x: FakePlatform, clock: MovedClock
) -> None:
    """Its lease still holds by the database, but two hours later the post is of no use: the last check asks."""
    delivery = lay_one(database, latest_at=clock.now() + timedelta(minutes=10))
    Sleeper(database, outbound, "prepared", lambda: clock.move(2 * HOUR)).worker.run_due_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (DeliveryState.ASKED, "late") == (asked.state, asked.problem.code)
    assert x.calls == []


def test_a_film_whose_upload_outlasts_its_use_is_not_made_public_but_asked_about(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """What nobody sees went up for an hour: before anybody does a person says whether; then it goes on from there."""
    delivery = lay_one(database, latest_at=clock.now() + timedelta(minutes=10))
    x.order("kashiwa_shi", "uploaded", "uploaded")
    x.meanwhile = lambda: clock.move(HOUR)
    worker.run_due_once()
    asked, seen = read(database, delivery), x.count("kashiwa_shi")
    x.meanwhile = None
    with database.transaction() as tx:
        deliveries.apply(tx, delivery.id, DeliveryEvent.PERSON_SAYS_SEND, who="hanako")
    worker.run_due_once()

    assert asked.problem is not None
    assert (DeliveryState.ASKED, "late", 0) == (asked.state, asked.problem.code, seen)
    assert [None, "session-1"] == x.resumes
    assert (DeliveryState.SENT, 1) == (read(database, delivery).state, x.count("kashiwa_shi"))


def test_a_refusal_that_comes_too_late_stays_a_refusal(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """The call keeps that nothing went out after its time has passed: people hear what the platform said."""
    delivery = lay_one(database, latest_at=clock.now() + timedelta(minutes=10))
    x.order("kashiwa_shi", "refused_and_kept")
    x.meanwhile = lambda: clock.move(HOUR)
    worker.run_due_once()
    failed = read(database, delivery)

    assert failed.problem is not None
    assert (DeliveryState.FAILED, "text_refused") == (failed.state, failed.problem.code)
