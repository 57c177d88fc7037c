"""Looks that fail teach nothing and change nothing; a database that is away loses nothing."""

# ruff: noqa: ARG002 - the fake has the port's signature

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from ledger_stage import FakeOutbound, FakeSession, lay_one, read

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Rejected, Throttled, Who
from platforms.port import AbsenceRule, Found, NotSeen
from publisher.api import NoticeKind
from publisher.delivery import DeliveryState
from publisher.ledger import Pace, Worker
from publisher.store import tables
from publisher.store.engine import StoreUnavailableError
from publisher.store.leases import Room
from publisher.store.notices import StoredNotices

if TYPE_CHECKING:
    from datetime import datetime

    from ledger_stage import FakePlatform
    from store_fixtures import MovedClock

    from platforms.port import Plan, SafeToRepeat
    from publisher.ledger import Prepared
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database


def leave_unknown(database: Database, worker: Worker, x: FakePlatform, clock: MovedClock) -> Delivery:
    """Return a delivery that is there, without our knowing, and due for a look."""
    x.order("kashiwa_shi", "500_after_accepting")
    delivery = lay_one(database)
    worker.run_due_once()
    clock.move(2)
    return delivery


def test_a_look_that_fails_is_made_again_and_doesnt_count_as_not_seen(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Three failed looks prove nothing; the fourth finds the post."""
    delivery = leave_unknown(database, worker, x, clock)
    x.look_faults.extend([NotSent("unreachable"), PerhapsSent("server_error"), KeyError("data")])
    for looks in (1, 2, 3):
        worker.reconcile_once()
        unknown = read(database, delivery)
        assert (unknown.state, unknown.looks, unknown.reads) == (DeliveryState.UNKNOWN, looks, 0)
        clock.move(8)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert x.count("kashiwa_shi") == 1


@dataclass(slots=True)
class LookalikeOutbound(FakeOutbound):
    """A way out to a platform that finds a post by its words: another one of the same words is found too."""

    def prepare(self, delivery: Delivery) -> Prepared:
        """Find whatever is on the account."""
        prepared = FakeOutbound.prepare(self, delivery)
        session = cast("FakeSession", prepared.session)
        return replace(prepared, session=Lookalike(platform=session.platform, account=session.account))


class Idle:
    """Stands in for the fake's check that no connection is in use: here another thread may use one."""

    connections_in_use = 0


class Lookalike(FakeSession):
    """One account on it."""

    __slots__ = ()

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Found | NotSeen | SafeToRepeat:
        """Find the newest."""
        seen = [known for account, known in self.platform.timeline if account == self.account]
        return Found(receipt=self._receipt(seen[-1], is_repeat=True)) if seen else NotSeen()


def test_another_post_of_the_same_words_is_not_taken_for_it(
    database: Database, facebook: FakePlatform, clock: MovedClock
) -> None:
    """Each evening's closing hours in the same words: the one that never arrived is not sent by the other's id."""
    outbound = LookalikeOutbound(platforms={"facebook": facebook})
    worker = Worker(database, outbound, platforms=["facebook"], owner="w1", draw=lambda: 1.0)
    there = lay_one(database, platform="facebook")
    worker.run_due_once()
    clock.move(60)
    facebook.order("kashiwa_shi", "500_before_accepting")
    lost = lay_one(database, number=2, platform="facebook")
    worker.run_due_once()
    clock.move(31)
    worker.reconcile_once()
    assert DeliveryState.SENT == read(database, there).state
    assert (DeliveryState.ASKED, None) == (read(database, lost).state, read(database, lost).external_id)


def test_another_post_of_the_same_words_proves_nothing_where_not_seeing_would(
    database: Database, x: FakePlatform, clock: MovedClock
) -> None:
    """X lists its newest first: the one that is looked for may stand behind, so a person is asked."""
    worker = Worker(database, LookalikeOutbound(platforms={"x": x}), platforms=["x"], owner="w1", draw=lambda: 1.0)
    x.order("kashiwa_shi", "500_after_accepting")
    behind = lay_one(database)
    worker.run_due_once()
    lay_one(database, number=2)
    worker.run_due_once()
    clock.move(31)
    worker.reconcile_once()
    assert (DeliveryState.ASKED, 2) == (read(database, behind).state, x.count("kashiwa_shi"))


def test_two_looks_at_once_never_take_the_same_post(database: Database, x: FakePlatform, clock: MovedClock) -> None:
    """Two calls for the same words broke off and one arrived: whoever is second to write what was found asks."""
    together = threading.Barrier(2)
    outbound = LookalikeOutbound(platforms={"x": x})
    x.database = Idle()  # type: ignore[assignment]  # see there

    def wait(point: str) -> None:
        if point == "looked":
            together.wait(20)

    x.order("kashiwa_shi", "500_after_accepting", "500_before_accepting")
    both = [lay_one(database, number=1), lay_one(database, number=2)]
    workers = [Worker(database, outbound, platforms=["x"], owner=owner, at=wait) for owner in ("w1", "w2")]
    workers[0].run_due_once()
    clock.move(2)
    reconcilers = [worker._reconciler for worker in workers]
    taken = reconcilers[0].take("x", limit=2)
    threads = [
        threading.Thread(target=reconciler.look, args=(one,))
        for reconciler, one in zip(reconcilers, taken, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    found = [read(database, one) for one in both]
    assert [DeliveryState.ASKED, DeliveryState.SENT] == sorted(one.state for one in found)
    assert 1 == sum(one.external_id is not None for one in found)


def test_a_post_that_a_call_under_way_may_have_made_is_left_to_it(
    database: Database, x: FakePlatform, clock: MovedClock
) -> None:
    """The look finds what the other call of the same words has just made, before its answer is written down."""
    outbound = LookalikeOutbound(platforms={"x": x})
    worker = Worker(database, outbound, platforms=["x"], owner="w1", draw=lambda: 1.0)
    x.order("kashiwa_shi", "500_before_accepting")
    lost = lay_one(database, number=1)
    worker.run_due_once()
    clock.move(2)
    answered = lay_one(database, number=2)
    dispatcher = worker._dispatcher
    (opened,) = dispatcher.open(dispatcher.claim(Room(platform="x", limit=1, per_account=1))).opened
    ended = dispatcher.call(opened)
    worker.reconcile_once()
    before = read(database, lost).state
    dispatcher.settle([ended])
    clock.move(2)
    worker.reconcile_once()

    assert DeliveryState.UNKNOWN is before
    assert DeliveryState.SENT is read(database, answered).state
    assert DeliveryState.ASKED is read(database, lost).state


def test_a_variant_of_the_same_words_under_another_text_is_left_to_its_call_too(
    database: Database, x: FakePlatform, clock: MovedClock
) -> None:
    """What goes to X is the variant: the two posts' own texts differ, and their words on X are the same."""
    outbound = LookalikeOutbound(platforms={"x": x})
    worker = Worker(database, outbound, platforms=["x"], owner="w1", draw=lambda: 1.0)
    x.order("kashiwa_shi", "500_before_accepting")
    lost = lay_one(database, number=1)
    worker.run_due_once()
    clock.move(2)
    answered = lay_one(database, number=2)
    with database.transaction() as tx:
        values = {"text": "公園の桜が満開です", "variants": {"x": "桜が咲きました"}}
        tx.execute(sa.update(tables.versions).where(tables.versions.c.id == answered.version_id).values(**values))
    dispatcher = worker._dispatcher
    (opened,) = dispatcher.open(dispatcher.claim(Room(platform="x", limit=1, per_account=1))).opened
    ended = dispatcher.call(opened)
    worker.reconcile_once()
    before = read(database, lost).state
    dispatcher.settle([ended])
    clock.move(2)
    worker.reconcile_once()

    assert DeliveryState.UNKNOWN is before
    assert DeliveryState.SENT is read(database, answered).state
    assert DeliveryState.ASKED is read(database, lost).state


def test_who_was_taken_for_anothers_post_hears_it_when_its_owners_answer_comes(
    database: Database, x: FakePlatform, clock: MovedClock, lease_clock: MovedClock
) -> None:
    """A worker stood still after its call, another's look took its post meanwhile: that one's people must look."""
    outbound = LookalikeOutbound(platforms={"x": x})
    worker = Worker(database, outbound, platforms=["x"], owner="w1", draw=lambda: 1.0)
    x.order("kashiwa_shi", "500_before_accepting")
    lost = lay_one(database, number=1)
    worker.run_due_once()
    owner = lay_one(database, number=2)
    dispatcher = worker._dispatcher
    (opened,) = dispatcher.open(dispatcher.claim(Room(platform="x", limit=1, per_account=1))).opened
    ended = dispatcher.call(opened)
    for moved in (clock, lease_clock):
        moved.move(60)
    worker.rescue_once()
    (first,) = [one for one in worker._reconciler.take("x", limit=2) if one.id == lost.id]
    worker._reconciler.look(first)
    taken = read(database, lost)
    StoredNotices(database).claim(50)
    dispatcher.settle_alone(ended)
    told = [(one.kind, one.delivery, one.params) for one in StoredNotices(database).claim(50) if "found" in one.params]

    assert (DeliveryState.SENT, f"id-{owner.id}") == (taken.state, taken.external_id)
    assert (DeliveryState.SENT, f"id-{owner.id}") == (read(database, owner).state, read(database, owner).external_id)
    place = f"https://example.invalid/{owner.id}"
    assert [(NoticeKind.DELIVERY, lost.id, {"found": place, "owner": "K-2"})] == told


def test_a_rate_limit_on_looking_is_waited_out(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A throttled look comes back at the platform's own time."""
    delivery = leave_unknown(database, worker, x, clock)
    x.look_faults.append(Throttled("rate_limited", until=clock.now() + timedelta(seconds=40)))
    worker.reconcile_once()
    clock.move(39)
    assert worker.reconcile_once() == 0
    clock.move(1)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.SENT


def test_when_looks_teach_nothing_for_ninety_seconds_a_person_is_asked(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A platform that is down after an ambiguous call leads to a question, not to silence and not to a guess."""
    delivery = leave_unknown(database, worker, x, clock)
    x.look_faults.extend(NotSent("unreachable") for _ in range(50))
    began = clock.now()
    while read(database, delivery).state is DeliveryState.UNKNOWN:
        worker.reconcile_once()
        clock.move(1)
    assert read(database, delivery).state is DeliveryState.ASKED
    assert clock.now() - began == timedelta(seconds=89)  # it was unknown for 2 s before, and the last move is 1 s
    assert [what for what, _ in x.calls].count("publish") == 1


def test_where_nobody_was_there_to_look_one_look_that_fails_asks_nobody(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """The machine was off for a night, and its network comes up a moment after it: the second look finds the post."""
    delivery = leave_unknown(database, worker, x, clock)
    clock.move(8 * 3600)
    x.look_faults.append(Throttled("rate_limited", until=clock.now() + timedelta(minutes=15)))
    worker.reconcile_once()
    assert DeliveryState.UNKNOWN == read(database, delivery).state
    clock.move(30)
    worker.reconcile_once()
    assert DeliveryState.SENT == read(database, delivery).state


def test_where_nobody_was_there_to_look_the_second_look_that_fails_asks(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A platform that cannot be read after the night either is no reason to keep people waiting."""
    delivery = leave_unknown(database, worker, x, clock)
    clock.move(8 * 3600)
    x.look_faults.extend([NotSent("unreachable"), NotSent("unreachable")])
    worker.reconcile_once()
    clock.move(30)
    worker.reconcile_once()
    assert DeliveryState.ASKED == read(database, delivery).state


def test_the_wait_between_two_reads_is_no_time_in_which_looks_fail(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """One read did not see it, the second comes late and fails: it is read again, and nobody is asked."""
    x.absence = AbsenceRule(reads=2, seconds_apart=30.0)
    x.order("kashiwa_shi", "500_before_accepting")
    delivery = lay_one(database)
    worker.run_due_once()
    clock.move(70)
    worker.reconcile_once()
    x.look_faults.append(NotSent("unreachable"))
    clock.move(31)
    worker.reconcile_once()
    failed = read(database, delivery)
    clock.move(8)
    worker.reconcile_once()

    assert (DeliveryState.UNKNOWN, 1, 2) == (failed.state, failed.reads, failed.looks)
    assert DeliveryState.DUE is read(database, delivery).state


def test_a_look_that_needs_a_person_asks_at_once(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """An account that was disconnected cannot be read back: the keeper of the accounts is asked."""
    delivery = leave_unknown(database, worker, x, clock)
    x.look_faults.append(NeedsPerson("token_expired", who=Who.IT))
    worker.reconcile_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.code, asked.problem.who) == (DeliveryState.ASKED, "token_expired", "it")


def leave_processing(database: Database, worker: Worker, x: FakePlatform, clock: MovedClock) -> Delivery:
    """Return a video that the platform is working on, due for a poll."""
    x.order("kashiwa_shi", "pending")
    delivery = lay_one(database)
    worker.run_due_once()
    clock.move(5)
    return delivery


def test_a_video_that_the_platform_refuses_in_the_end_fails(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A refusal after processing is as final as one before; a failed poll before it changes nothing."""
    delivery = leave_processing(database, worker, x, clock)
    x.look_faults.extend([NotSent("unreachable"), Rejected("video_refused")])
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.PROCESSING
    clock.move(30)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.FAILED


def test_a_video_that_is_never_done_is_asked_about_after_two_hours(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Nothing stays in a passing state for ever."""
    x.is_video_pending = True
    delivery = leave_processing(database, worker, x, clock)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.PROCESSING
    clock.move(7200)
    worker.reconcile_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.code) == (DeliveryState.ASKED, "processing_too_long")


def test_a_result_is_written_down_once_the_database_is_back(
    database: Database, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """A database that is away for a moment after the call costs neither the receipt nor a second post."""
    away = [True, True]

    def at(point: str) -> None:
        if point == "before_commit" and away:
            away.pop()
            raise StoreUnavailableError("gone for a moment")

    worker = Worker(
        database, outbound, platforms=["x"], pace=Pace(store_waits_seconds=(0.0, 0.0, 0.0)), draw=lambda: 1.0, at=at
    )
    delivery = lay_one(database)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert [what for what, _ in x.calls] == ["publish"]
