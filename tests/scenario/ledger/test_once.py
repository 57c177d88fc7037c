"""Each message reaches its platform once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from ledger_stage import FakeOutbound, lay_delivery, lay_one, lay_post, read

from publisher.delivery import DeliveryState
from publisher.ledger import Worker
from publisher.post import PostState
from publisher.store import attempts, tables

if TYPE_CHECKING:
    import pytest
    from ledger_stage import FakePlatform
    from store_fixtures import MovedClock

    from publisher.store.engine import Database


class PowerCut(BaseException):
    """The process ends here."""


def dying_at(point: str, database: Database, outbound: FakeOutbound) -> Worker:
    """Return a worker that dies at a labelled point."""

    def at(reached: str) -> None:
        if reached == point:
            raise PowerCut

    return Worker(database, outbound, platforms=["x", "line", "facebook"], owner="doomed", at=at)


def die(worker: Worker) -> None:
    """Let a doomed worker run into its death."""
    try:
        worker.run_due_once()
    except PowerCut:
        return
    raise AssertionError("the worker did not reach the point")


def test_a_due_delivery_is_sent_and_its_receipt_kept(database: Database, worker: Worker, x: FakePlatform) -> None:
    """A delivery that is due goes out, and ends as sent with the platform's id and address."""
    delivery = lay_one(database)
    worker.run_due_once()
    sent = read(database, delivery)
    assert (DeliveryState.SENT, f"id-{delivery.id}") == (sent.state, sent.external_id)
    assert f"https://example.invalid/{delivery.id}" == sent.url
    assert [("kashiwa_shi", delivery.id)] == x.timeline


def test_nothing_goes_out_before_its_time(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A delivery planned for later waits until its second."""
    with database.transaction() as tx:
        post = lay_post(tx)
        later = clock.now().replace(minute=1)
        lay_delivery(tx, post, due_at=later, planned_at=later)
    clock.move(59)
    assert worker.run_due_once() == 0
    clock.move(1)
    assert worker.run_due_once() == 1
    assert x.count("kashiwa_shi") == 1


def test_a_500_after_accepting_ends_with_exactly_one_post(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A platform that takes the post and answers 500 is read back, not asked again."""
    x.order("kashiwa_shi", "500_after_accepting")
    delivery = lay_one(database)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.UNKNOWN
    clock.move(2)
    worker.reconcile_once()
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert x.count("kashiwa_shi") == 1


def test_an_adapter_that_breaks_counts_as_perhaps_sent(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Whatever an adapter raises that is none of the five leads to a look, never to a repeat."""
    x.order("kashiwa_shi", "garbage_after_accepting")
    delivery = lay_one(database)
    worker.run_due_once()
    unknown = read(database, delivery)
    assert unknown.state is DeliveryState.UNKNOWN
    assert unknown.problem is not None
    assert (unknown.problem.code, unknown.problem.params) == ("adapter_fault", {"type": "KeyError"})
    clock.move(2)
    worker.reconcile_once()
    assert x.count("kashiwa_shi") == 1


def test_not_seen_in_two_reads_thirty_seconds_apart_is_sent_again(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Where two reads 30 s apart don't see a post, it is proven absent and sent; one read proves nothing."""
    x.order("kashiwa_shi", "500_before_accepting")
    delivery = lay_one(database)
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.UNKNOWN
    clock.move(29)
    assert worker.reconcile_once() == 0
    clock.move(1)
    worker.reconcile_once()
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert [what for what, _ in x.calls] == ["publish", "find", "find", "publish"]
    assert x.count("kashiwa_shi") == 1


def test_a_platform_with_a_retry_key_is_repeated_with_the_same_key(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """LINE's retry key makes a repeat safe: the second call has the first one's key and makes no second message."""
    line.order("line_koho", "500_after_accepting")
    delivery = lay_one(database, "line_koho", platform="line")
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert [("publish", delivery.id), ("find", delivery.id), ("publish", delivery.id)] == line.calls
    assert line.count("line_koho") == 1


def test_where_nothing_can_be_proven_a_person_is_asked(
    database: Database, worker: Worker, facebook: FakePlatform, clock: MovedClock
) -> None:
    """On Facebook a post that two reads don't show is never sent again on a guess."""
    facebook.order("fb", "500_before_accepting")
    delivery = lay_one(database, "fb", platform="facebook")
    worker.run_due_once()
    clock.move(2)
    worker.reconcile_once()
    clock.move(30)
    worker.reconcile_once()
    asked = read(database, delivery)
    assert asked.state is DeliveryState.ASKED
    assert asked.problem is not None
    assert asked.problem.code == "perhaps_sent"
    assert worker.run_due_once() == 0
    assert [what for what, _ in facebook.calls] == ["publish", "find", "find"]


def test_a_worker_that_dies_before_the_call_leaves_a_due_delivery(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform, lease_clock: MovedClock
) -> None:
    """A lease that ends without an open attempt goes back to due, and is sent once."""
    delivery = lay_one(database)
    die(dying_at("prepared", database, outbound))
    assert read(database, delivery).state is DeliveryState.LEASED
    assert worker.rescue_once() == 0
    lease_clock.move(31)
    assert worker.rescue_once() == 1
    assert read(database, delivery).state is DeliveryState.DUE
    worker.run_due_once()
    assert x.count("kashiwa_shi") == 1


def test_a_worker_that_dies_between_opening_and_writing_leaves_an_unknown_delivery(
    database: Database,
    worker: Worker,
    outbound: FakeOutbound,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
) -> None:
    """A lease that ends with an open attempt is unknown, not due: the post is read back, and is there once."""
    delivery = lay_one(database)
    die(dying_at("called", database, outbound))
    lease_clock.move(31)
    worker.rescue_once()
    assert read(database, delivery).state is DeliveryState.UNKNOWN
    assert worker.run_due_once() == 0
    clock.move(2)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert x.count("kashiwa_shi") == 1


def test_what_was_not_committed_did_not_happen(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform, lease_clock: MovedClock
) -> None:
    """A worker that dies just before its commit leaves the lease and the open attempt as they were."""
    delivery = lay_one(database)
    die(dying_at("before_commit", database, outbound))
    assert read(database, delivery).state is DeliveryState.LEASED
    with database.reading() as tx:
        assert attempts.is_open(tx, delivery.id)
    lease_clock.move(31)
    worker.rescue_once()
    assert read(database, delivery).state is DeliveryState.UNKNOWN
    assert x.count("kashiwa_shi") == 1


def test_a_worker_that_was_taken_for_dead_opens_no_call(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform, lease_clock: MovedClock
) -> None:
    """While it stood still before its call, its lease ended and another worker sent the post: it sends nothing."""
    delivery = lay_one(database)
    other = Worker(database, FakeOutbound(platforms=outbound.platforms), platforms=["x"], owner="w2")

    def stand_still() -> None:
        outbound.meanwhile = None
        lease_clock.move(31)
        assert other.rescue_once() == 1
        assert other.run_due_once() == 1

    outbound.meanwhile = stand_still
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert [what for what, _ in x.calls] == ["publish"]
    assert x.count("kashiwa_shi") == 1


def test_a_worker_that_lost_its_lease_while_the_commit_was_answered_calls_nothing(
    database: Database,
    outbound: FakeOutbound,
    x: FakePlatform,
    lease_clock: MovedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The attempt was written, its answer took longer than the lease, and somebody else looks what became of it.

    So does a machine that is suspended meanwhile: `time.monotonic` stands still there, and here.
    """
    steady = time.clock_gettime
    delivery = lay_one(database)

    def at(point: str) -> None:
        if point == "attempt_opened":
            lease_clock.move(31)
            monkeypatch.setattr(time, "clock_gettime", lambda which: steady(which) + 31)
            assert Worker(database, outbound, platforms=["x"], owner="w2").rescue_once() == 1

    Worker(database, outbound, platforms=["x"], owner="w1", at=at).run_due_once()

    assert [] == x.calls
    assert read(database, delivery).state is DeliveryState.UNKNOWN


def test_a_machine_that_slept_between_opening_and_call_asks_where_it_is_too_late_by_then(
    database: Database,
    worker: Worker,
    outbound: FakeOutbound,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No other worker is there that would end its lease: two hours later it is a question, and nothing goes out."""
    steady = time.clock_gettime
    delivery = lay_one(database, latest_at=clock.now() + timedelta(minutes=10))

    def at(point: str) -> None:
        if point == "attempt_opened":
            for moved in (clock, lease_clock):
                moved.move(7200)
            monkeypatch.setattr(time, "clock_gettime", lambda which: steady(which) + 7200)

    Worker(database, outbound, platforms=["x"], owner="w1", at=at).run_due_once()
    asked = read(database, delivery)

    assert [] == x.calls
    assert asked.problem is not None
    assert (DeliveryState.ASKED, "late") == (asked.state, asked.problem.code)


def test_a_machine_that_slept_before_a_call_that_is_useful_yet_leases_it_anew(
    database: Database,
    outbound: FakeOutbound,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its lease had ended and nobody had noticed: while the call is under way nobody takes it for a dead worker's."""
    steady = time.clock_gettime
    delivery = lay_one(database, latest_at=clock.now() + timedelta(hours=3))
    rescued: list[int] = []

    def at(point: str) -> None:
        if point == "attempt_opened":
            for moved in (clock, lease_clock):
                moved.move(7200)
            monkeypatch.setattr(time, "clock_gettime", lambda which: steady(which) + 7200)

    x.meanwhile = lambda: rescued.append(Worker(database, outbound, platforms=["x"], owner="w2").rescue_once())
    Worker(database, outbound, platforms=["x"], owner="w1", at=at).run_due_once()

    assert [0] == rescued
    assert (DeliveryState.SENT, 1) == (read(database, delivery).state, x.count("kashiwa_shi"))


def test_a_version_that_was_replaced_between_claim_and_call_never_goes_out(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """Whoever edits comes before the call or after it, never into it."""
    delivery = lay_one(database)

    def edit() -> None:
        with database.transaction() as tx:
            tx.execute(sa.update(tables.posts).values(version=2, state="draft"))

    outbound.meanwhile = edit
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.CANCELLED
    assert x.calls == []


def test_a_receipt_that_comes_after_the_lease_was_lost_still_counts(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform, lease_clock: MovedClock
) -> None:
    """A worker that stood still, was rescued from, and then gets its receipt, ends the delivery as sent."""

    def stand_still() -> None:
        lease_clock.move(31)
        assert Worker(database, outbound, platforms=["x"], owner="w2").rescue_once() == 1

    x.meanwhile = stand_still
    delivery = lay_one(database)
    worker.run_due_once()
    sent = read(database, delivery)
    assert (DeliveryState.SENT, f"id-{delivery.id}") == (sent.state, sent.external_id)
    assert x.count("kashiwa_shi") == 1


def test_a_video_is_sent_when_the_platform_has_worked_it(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A pending upload is polled at the platform's own pace until its id is there."""
    x.order("kashiwa_shi", "pending")
    delivery = lay_one(database)
    worker.run_due_once()
    processing = read(database, delivery)
    assert (processing.state, processing.poll_token) == (DeliveryState.PROCESSING, "video-1")
    clock.move(4)
    assert worker.reconcile_once() == 0
    clock.move(1)
    assert worker.reconcile_once() == 1
    assert read(database, delivery).state is DeliveryState.SENT


def test_a_checkpoint_is_given_to_the_repeat(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """What the first call left with `checkpoint` is what the second call resumes from."""
    x.order("kashiwa_shi", "checkpoint")
    lay_one(database)
    worker.run_due_once()
    clock.move(1)
    worker.run_due_once()
    assert x.resumes == [None, "session-1"]


def test_a_post_closes_when_the_last_delivery_has_ended(database: Database, worker: Worker, clock: MovedClock) -> None:
    """An approved post stays approved while a delivery is open, and is closed with the last one."""
    with database.transaction() as tx:
        post = lay_post(tx)
        lay_delivery(tx, post)
        soon = clock.now().replace(minute=1)
        lay_delivery(tx, post, "line_koho", platform="line", due_at=soon)
    worker.run_due_once()
    assert post_state(database, post.id) is PostState.APPROVED
    clock.move(60)
    worker.run_due_once()
    assert post_state(database, post.id) is PostState.CLOSED


def post_state(database: Database, post_id: str) -> PostState:
    """Return a post's state."""
    with database.reading() as tx:
        query = tables.posts.select().where(tables.posts.c.id == post_id)
        return PostState(tx.execute(query).one().state)
