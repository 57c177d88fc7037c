"""What may be there already is never quietly dropped, and what breaks or must wait is told in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import FakeOutbound, lay_one, read

from platforms.port import Remark
from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.ledger import AskPerson, NotBefore, Worker
from publisher.store import deliveries, leases, tables
from publisher.store.engine import StoreUnavailableError
from publisher.store.leases import Room

if TYPE_CHECKING:
    from ledger_stage import FakePlatform
    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction

OPENING = Remark(code="waits_for_opening")


def cancel_posts(database: Database) -> None:
    """Let a person cancel every post: workers see it at the last check."""
    with database.transaction() as tx:
        tx.execute(sa.update(tables.posts).values(state="cancelled"))


def say_send(database: Database, delivery: Delivery) -> None:
    """Let a person say: send."""
    with database.transaction() as tx:
        deliveries.apply(tx, delivery.id, DeliveryEvent.PERSON_SAYS_SEND, who="taro")


def test_what_was_stopped_after_a_call_of_unknown_end_is_asked_about(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """Safe to repeat is not the same as not there: LINE may have the broadcast that is cancelled before its repeat."""
    line.order("line_koho", "500_after_accepting")
    delivery = lay_one(database, "line_koho", platform="line")
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.DUE
    cancel_posts(database)
    worker.run_due_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.code) == (DeliveryState.ASKED, "perhaps_sent")
    assert line.count("line_koho") == 1


def test_what_is_proven_absent_and_stopped_is_simply_cancelled(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Two reads that don't see it leave no doubt, so nobody is asked."""
    x.order("kashiwa_shi", "500_before_accepting")
    delivery = lay_one(database)
    worker.run_due_once()
    for seconds in (2, 30):
        clock.move(seconds)
        worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.DUE
    cancel_posts(database)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.CANCELLED


def test_a_person_can_end_the_doubt_about_what_was_stopped(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """Whoever looked and saw it says so; the ledger then knows that it is there, though its post was cancelled."""
    line.order("line_koho", "500_after_accepting")
    delivery = lay_one(database, "line_koho", platform="line")
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    cancel_posts(database)
    worker.run_due_once()
    with database.transaction() as tx:
        deliveries.apply(tx, delivery.id, DeliveryEvent.PERSON_SAYS_SENT, who="taro")
    assert read(database, delivery).state is DeliveryState.SENT


def test_a_rate_limit_on_the_repeat_leaves_the_doubt_about_the_first_call(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """When LINE may be asked again its retry key can have ended: it is found out anew, and not sent on an old word."""
    line.order("line_koho", "500_after_accepting", "throttled")
    delivery = lay_one(database, "line_koho", platform="line")
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    worker.run_due_once()
    unknown = read(database, delivery)
    assert (unknown.state, unknown.due_at) == (DeliveryState.UNKNOWN, clock.now() + timedelta(minutes=15))
    line.has_retry_key = False
    clock.move(15 * 60)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert [what for what, _ in line.calls] == ["publish", "find", "publish", "find"]
    assert line.count("line_koho") == 1


def test_a_repeat_that_waited_until_the_retry_key_ended_is_asked_about_and_not_sent(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """LINE's key guards a repeat for 24 hours: a machine that stood still in between must not send on that old word."""
    line.absence = None  # LINE shows no broadcast: not to see one proves nothing
    line.order("line_koho", "500_before_accepting")
    delivery = lay_one(database, "line_koho", platform="line")
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.DUE
    clock.move(24 * 60 * 60)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.UNKNOWN
    for _ in range(3):
        worker.reconcile_once()
        clock.move(60)
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.code) == (DeliveryState.ASKED, "perhaps_sent")
    assert [what for what, _ in line.calls].count("publish") == 1


def test_within_the_retry_keys_life_a_repeat_is_sent_without_asking(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """Asking people where the platform itself guards the repeat would be asking for nothing."""
    line.order("line_koho", "500_after_accepting")
    delivery = lay_one(database, "line_koho", platform="line")
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    clock.move(23 * 60 * 60)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert line.count("line_koho") == 1


class BrokenCheck(FakeOutbound):
    """A last check that breaks."""

    error: Exception = KeyError("kashiwa_koen")

    def check(self, tx: Transaction, delivery: Delivery) -> AskPerson:  # noqa: ARG002 - the port's signature
        """Break."""
        raise self.error


def test_a_last_check_that_breaks_is_told_to_a_person(database: Database, x: FakePlatform) -> None:
    """Else it would break again at every lease's end, for ever, and nobody would hear."""
    delivery = lay_one(database)
    Worker(database, BrokenCheck(platforms={"x": x}), platforms=["x"]).run_due_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.code, asked.problem.params) == (
        DeliveryState.ASKED,
        "adapter_fault",
        {"type": "KeyError"},
    )
    assert x.calls == []


def test_a_database_that_is_away_at_the_last_check_is_no_question(database: Database, x: FakePlatform) -> None:
    """Nothing is known of the delivery then: its lease ends, and it is taken up again."""
    outbound = BrokenCheck(platforms={"x": x})
    outbound.error = StoreUnavailableError("away")
    delivery = lay_one(database)
    with pytest.raises(StoreUnavailableError):
        Worker(database, outbound, platforms=["x"]).run_due_once()
    assert read(database, delivery).state is DeliveryState.LEASED


def test_what_would_be_too_late_at_the_opening_is_asked_about_at_once(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform, clock: MovedClock
) -> None:
    """At 18:00 people can still decide; at 8:30 the next morning it would be over. Told to send, it waits for 8:30."""
    opening = clock.now() + timedelta(hours=14)
    outbound.checks["kashiwa_shi"] = NotBefore(at=opening, remark=OPENING)
    delivery = lay_one(database, latest_at=clock.now() + timedelta(hours=3))
    worker.run_due_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.code) == (DeliveryState.ASKED, "late")
    say_send(database, delivery)
    worker.run_due_once()
    waiting = read(database, delivery)
    assert (waiting.state, waiting.due_at) == (DeliveryState.DUE, opening)
    assert x.calls == []


def test_a_consent_to_the_content_is_none_to_the_hour(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform, clock: MovedClock
) -> None:
    """What the head lets go at night still waits for the opening."""
    opening = clock.now() + timedelta(hours=14)
    outbound.checks["kashiwa_shi"] = AskPerson(
        remark=Remark(code="policy_escalates"), is_waivable=True, then=NotBefore(at=opening, remark=OPENING)
    )
    delivery = lay_one(database)
    worker.run_due_once()
    say_send(database, delivery)
    worker.run_due_once()
    waiting = read(database, delivery)
    assert (waiting.state, waiting.due_at) == (DeliveryState.DUE, opening)
    assert x.calls == []


def test_a_lease_that_was_renewed_after_it_was_listed_is_not_ended(
    database: Database, worker: Worker, lease_clock: MovedClock
) -> None:
    """A worker that was slow for a moment, and is there again, keeps its delivery."""
    lay_one(database)
    (claimed,) = worker._dispatcher.claim(Room(platform="x", limit=1, per_account=1))
    lease_clock.move(31)
    with database.transaction() as tx:
        (listed,) = leases.lapsed(tx, limit=10)
        leases.renew(tx, {listed.lease_token or ""}, lease_seconds=30.0)
    assert worker._rescuer._rescue(listed) is False
    assert read(database, claimed).lease_token == claimed.lease_token
