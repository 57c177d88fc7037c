"""The worker with its threads: lanes, timers, heartbeats. These wait for events, never for time to pass."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, FakePlatform, lay_one, read

from platforms.port import Remark
from publisher.clock import RealClock
from publisher.delivery import DeliveryState
from publisher.ledger import AskPerson, Go, Pace, Worker
from publisher.ledger.crew import Crew
from publisher.store import workers
from publisher.store.engine import Database, StoreUnavailableError, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publisher.ledger import NotBefore
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

WAIT = 20.0
QUICK = Pace(
    first_look_seconds=0.05, renew_seconds=0.1, rescue_seconds=0.1, repair_seconds=0.1, beat_seconds=0.1, lane_slots=8
)


@pytest.fixture
def real_database(store_url: str) -> Iterator[Database]:
    """A ledger in real time."""
    opened = Database(store_url, clock=RealClock())
    yield opened
    opened.close()


class Stage:
    """Two platforms, and a way to wait until a delivery has reached a state."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.x = FakePlatform(database=database, clock=RealClock())  # type: ignore[arg-type]  # a clock is a clock
        self.line = FakePlatform(database=database, clock=RealClock(), has_retry_key=True)  # type: ignore[arg-type]
        self.outbound = FakeOutbound(platforms={"x": self.x, "line": self.line})
        self._changed = threading.Event()
        database.subscribe(Topic.DELIVERIES, self._changed.set)

    def worker(self, pace: Pace = QUICK) -> Worker:
        """Return a worker for both."""
        return Worker(self.database, self.outbound, platforms=["x", "line"], pace=pace)

    def wait_for(self, delivery: Delivery, state: DeliveryState) -> None:
        """Wait until a delivery is in *state*."""
        while True:
            self._changed.clear()
            if read(self.database, delivery).state is state:
                return
            assert self._changed.wait(WAIT), f"never {state}: {read(self.database, delivery)}"

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so that no commit tells of."""
        for _ in range(int(WAIT / 0.01)):
            if is_so():
                return
            self._changed.wait(0.01)
            self._changed.clear()
        pytest.fail("it never came about")


@pytest.fixture
def stage(real_database: Database) -> Stage:
    """The stage of these stories."""
    # The fake asserts that no connection is in use; with several threads others may use theirs.
    real_database_in_use = type("Idle", (), {"connections_in_use": 0, "reading": real_database.reading})()
    laid = Stage(real_database)
    laid.x.database = laid.line.database = real_database_in_use
    return laid


def test_a_worker_sends_what_becomes_due_and_beats(stage: Stage) -> None:
    """A delivery made while the worker runs goes out by itself; the worker says that it is there until it stops."""
    worker = stage.worker()
    worker.start()
    try:
        soon = RealClock().now() + timedelta(milliseconds=300)
        delivery = lay_one(stage.database, due_at=soon, planned_at=soon)
        stage.wait_for(delivery, DeliveryState.SENT)
        with stage.database.reading() as tx:
            assert workers.is_beating(tx, within_seconds=2.0)
    finally:
        assert worker.stop(WAIT)
    with stage.database.reading() as tx:
        assert [] == list(workers.listed(tx))


@pytest.mark.parametrize(("accounts", "slots"), [(6, 1), (1, 8)], ids=["a_slot", "an_account"])
def test_what_waits_for_a_slot_or_for_its_account_goes_as_soon_as_one_is_free(
    stage: Stage, accounts: int, slots: int
) -> None:
    """Six posts for one slot, or for one account that takes two at once: no repair loop is needed for the last."""
    worker = stage.worker(replace(QUICK, repair_seconds=3600.0, lane_slots=slots))
    several = [lay_one(stage.database, f"x_{n % accounts}", number=n) for n in range(6)]
    worker.start()
    try:
        for delivery in several:
            stage.wait_for(delivery, DeliveryState.SENT)
    finally:
        assert worker.stop(WAIT)
    assert len(several) == len(stage.x.timeline)


def test_a_platform_that_hangs_never_slows_another(stage: Stage) -> None:
    """While every slot of one lane hangs, the other platform's deliveries go out."""
    go_on = threading.Event()

    def hang() -> None:
        go_on.wait(WAIT)

    stage.x.meanwhile = hang
    worker = stage.worker()
    worker.start()
    try:
        hanging = [lay_one(stage.database, f"x_{n}", number=n) for n in range(1, 12)]
        other = lay_one(stage.database, "line_koho", number=20, platform="line")
        stage.wait_for(other, DeliveryState.SENT)
        assert stage.x.timeline == []
        go_on.set()
        for delivery in hanging:
            stage.wait_for(delivery, DeliveryState.SENT)
    finally:
        go_on.set()
        assert worker.stop(WAIT)
    assert len(stage.x.timeline) == len(hanging)


def test_a_dead_platform_costs_nobody_else_anything(stage: Stage) -> None:
    """While every routine slot of X hangs with more behind it, LINE's posts and X's own emergencies go out."""
    go_on, full = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        full.release()
        go_on.wait(WAIT)

    stage.x.meanwhile = hang
    worker = stage.worker()
    worker.start()
    try:
        hanging = [lay_one(stage.database, f"x_{n}", number=n) for n in range(2 * QUICK.lane_slots)]
        for _ in range(QUICK.lane_slots):
            assert full.acquire(timeout=WAIT)
        stage.x.meanwhile = None
        others = [lay_one(stage.database, "line_koho", number=100 + n, platform="line") for n in range(5)]
        urgent = [lay_one(stage.database, f"x_{n}", number=200 + n, is_emergency=True) for n in range(5)]
        for delivery in [*others, *urgent]:
            stage.wait_for(delivery, DeliveryState.SENT)
        assert {read(stage.database, one).state for one in hanging} == {DeliveryState.LEASED, DeliveryState.DUE}
        assert len(urgent) == len(stage.x.timeline)
    finally:
        go_on.set()
        assert worker.stop(WAIT)


def test_an_emergency_passes_a_lane_that_is_full(stage: Stage) -> None:
    """Slots kept for emergencies let one out while every routine slot of its platform hangs."""
    go_on, full = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        full.release()
        go_on.wait(WAIT)

    stage.x.meanwhile = hang
    worker = stage.worker()
    worker.start()
    try:
        for n in range(1, QUICK.lane_slots + 1):
            lay_one(stage.database, f"x_{n}", number=n)
        for _ in range(QUICK.lane_slots):
            assert full.acquire(timeout=WAIT)
        stage.x.meanwhile = None
        emergency = lay_one(stage.database, "x_1", number=50, is_emergency=True)
        stage.wait_for(emergency, DeliveryState.SENT)
        assert len(stage.x.timeline) == 1
    finally:
        go_on.set()
        assert worker.stop(WAIT)


def test_an_emergency_does_not_wait_for_its_accounts_own_routine_calls(stage: Stage) -> None:
    """With slots left in the lane but the account's calls all hanging, its emergency post goes out all the same."""
    go_on, hanging = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        hanging.release()
        go_on.wait(WAIT)

    stage.x.meanwhile = hang
    worker = stage.worker()
    worker.start()
    try:
        for n in range(1, stage.x.limits().concurrency + 1):
            lay_one(stage.database, number=n)
        for _ in range(stage.x.limits().concurrency):
            assert hanging.acquire(timeout=WAIT)
        stage.x.meanwhile = None
        emergency = lay_one(stage.database, number=50, is_emergency=True)
        stage.wait_for(emergency, DeliveryState.SENT)
        assert len(stage.x.timeline) == 1
    finally:
        go_on.set()
        assert worker.stop(WAIT)


def test_a_thread_that_cannot_start_keeps_no_slot(real_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine out of threads for a moment must not cost a lane its slots for ever."""
    crew = Crew("x-send", 1, lambda: None)
    delivery = lay_one(real_database)

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError(f"can't start new thread {thread.name}")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError):
        crew.take(delivery, lambda _: None)
    assert crew.free == 1


def test_an_error_in_a_crew_is_logged_without_what_the_frames_held(
    real_database: Database, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Frames hold secrets: a traceback names lines, never values."""
    crew = Crew("x-send", 1, lambda: None)

    def fail(delivery: Delivery) -> None:
        secrets = {"access_token": "1001-never-log-me"}
        raise KeyError(len(secrets), delivery.id)

    crew.take(lay_one(real_database), fail)
    assert crew.wait_until_idle(WAIT)

    printed = capfd.readouterr()
    assert [record.message for record in caplog.records] == ["delivery_dropped"]
    assert "never-log-me" not in printed.out + printed.err + caplog.text


def test_an_account_has_no_more_calls_under_way_than_its_platform_allows(stage: Stage) -> None:
    """Of five deliveries to one account two are under way at a time, as the platform's numbers say."""
    under_way, most, lock = [0], [0], threading.Lock()

    def count() -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        gate.wait(0.05)
        with lock:
            under_way[0] -= 1

    gate = threading.Event()
    stage.x.meanwhile = count
    worker = stage.worker()
    made = [lay_one(stage.database, number=n) for n in range(1, 6)]
    worker.start()
    try:
        for delivery in made:
            stage.wait_for(delivery, DeliveryState.SENT)
    finally:
        assert worker.stop(WAIT)
    assert most[0] == 2


def test_a_500_after_accepting_is_read_back_by_the_running_worker(stage: Stage) -> None:
    """The lanes look for what is unknown by themselves, and the post is there once."""
    stage.x.order("kashiwa_shi", "500_after_accepting")
    worker = stage.worker()
    worker.start()
    try:
        delivery = lay_one(stage.database)
        stage.wait_for(delivery, DeliveryState.SENT)
    finally:
        assert worker.stop(WAIT)
    assert stage.x.count("kashiwa_shi") == 1


class Shaken(FakeOutbound):
    """The database goes away at the first last checks."""

    __slots__ = ("checks_left",)
    checks_left: int

    def check(self, tx: Transaction, delivery: Delivery) -> Go | NotBefore | AskPerson:  # noqa: ARG002 - the port's
        """Break off, and then let everything go."""
        self.checks_left -= 1
        if self.checks_left >= 0:
            raise StoreUnavailableError("gone for a moment")
        return Go()


def test_a_database_that_is_away_for_a_moment_keeps_no_emergency_until_its_lease_ends(stage: Stage) -> None:
    """It breaks off the last check twice: the emergency goes out in seconds, not after the lease of half a minute."""
    outbound = Shaken(platforms=stage.outbound.platforms)
    outbound.checks_left = 2
    worker = Worker(stage.database, outbound, platforms=["x"], pace=QUICK)
    worker.start()
    try:
        stage.wait_for(lay_one(stage.database, is_emergency=True), DeliveryState.SENT)
    finally:
        assert worker.stop(WAIT)
    assert [what for what, _ in stage.x.calls] == ["publish"]


def test_an_emergency_whose_claim_was_never_answered_goes_out_long_before_its_lease_ends(stage: Stage) -> None:
    """The connection was cut between the commit and its answer: the worker finds what it holds, in seconds."""
    answers = ["lost"]

    def at(point: str) -> None:
        if point == "claimed" and answers:
            answers.pop()
            raise StoreUnavailableError("gone with the answer")

    pace = replace(QUICK, lease_seconds=3600.0)
    worker = Worker(stage.database, stage.outbound, platforms=["x"], pace=pace, at=at)
    worker.start()
    try:
        stage.wait_for(lay_one(stage.database, is_emergency=True), DeliveryState.SENT)
    finally:
        assert worker.stop(WAIT)
    assert answers == []


def test_looks_that_break_keep_nothing_from_being_sent_and_are_logged_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """A wait that no calendar holds breaks every look at what is unknown: what is due goes out all the same."""
    pace = replace(QUICK, look_patience_seconds=1e12)
    stage.x.order("kashiwa_koen", "500_after_accepting")
    worker = Worker(stage.database, stage.outbound, platforms=["x"], pace=pace)
    worker.start()
    try:
        stage.wait_for(lay_one(stage.database, "kashiwa_koen"), DeliveryState.UNKNOWN)
        stage.wait_until(lambda: "stumbled" in caplog.messages)
        for number in range(2, 5):
            stage.wait_for(lay_one(stage.database, number=number), DeliveryState.SENT)
    finally:
        assert worker.stop(WAIT)
    assert caplog.messages.count("stumbled") == 1


def test_an_attempt_whose_opening_may_have_been_written_is_found_out_and_not_opened_again(stage: Stage) -> None:
    """The database went away with its answer to the commit: nothing is called, and the rescuer finds an open call.

    That the policy objects by then does not hide that a call was opened.
    """
    answers = ["lost"]

    def at(point: str) -> None:
        if point == "attempt_opened" and answers:
            answers.pop()
            stage.outbound.checks["kashiwa_shi"] = AskPerson(remark=Remark(code="policy_blocks"))
            raise StoreUnavailableError("gone with the answer")

    pace = replace(QUICK, lease_seconds=1.0, renew_seconds=0.3)
    worker = Worker(stage.database, stage.outbound, platforms=["x"], pace=pace, at=at)
    worker.start()
    try:
        delivery = lay_one(stage.database)
        stage.wait_for(delivery, DeliveryState.UNKNOWN)
    finally:
        assert worker.stop(WAIT)
    assert stage.x.count("kashiwa_shi") == 0
