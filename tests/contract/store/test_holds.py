"""Holds on both engines: they and opened attempts exclude each other, and whom each covers."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, FakeOutbound, FakePlatform, lay_delivery, lay_one, lay_post, read

from platforms.port import Remark
from publisher.delivery import DeliveryEvent, DeliveryKind, DeliveryState
from publisher.ledger import NotBefore, Worker
from publisher.store import attempts, deliveries, holds, inserts, tables
from publisher.store.deliveries import Change
from publisher.store.holds import Hold, Scope

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.engine import Database, Transaction

PATIENCE_SECONDS = 20


def begin(tx: Transaction, scope: Scope = Scope.CITY, target: str = "", **changes: Any) -> Hold:
    """Begin a hold as the desk does; return it."""
    inserts.ensure_city(tx, CITY)
    holds.freeze(tx, CITY)
    values: dict[str, Any] = {
        "id": tx.new_id(),
        "city": CITY,
        "scope": scope,
        "target": target,
        "accounts": (target,),
        "reason": "大雨",
        "started_by": "bosai_ito",
        "started_at": tx.now,
    }
    new = Hold(**values | changes)
    holds.start(tx, new, under_way=[one.id for one in holds.on_their_way(tx, new)])
    return new


def build_worker(database: Database, clock: MovedClock) -> tuple[Worker, FakePlatform]:
    """Build a worker that sends to a platform in memory."""
    platform = FakePlatform(database=database, clock=clock)
    return Worker(database, FakeOutbound(platforms={"x": platform}), platforms=["x"]), platform


def test_a_hold_waits_for_who_is_opening_an_attempt_and_then_names_it(database: Database) -> None:
    """A gate that has read "no hold" commits before the hold: the hold sees its attempt and counts it."""
    delivery = lay_one(database)
    has_begun, named = threading.Event(), list[str]()

    def hold() -> None:
        with database.transaction() as tx:
            named.extend(one.id for one in holds.on_their_way(tx, begin(tx)))
        has_begun.set()

    thread = threading.Thread(target=hold)
    with database.transaction() as tx:
        opening = deliveries.lock(tx, delivery.id)
        assert holds.stopping(tx, opening)[0] == ()
        thread.start()
        assert not has_begun.wait(0.3), "the hold came between the last check and its commit"
        attempts.open_next(tx, opening)
    assert has_begun.wait(PATIENCE_SECONDS)
    thread.join(PATIENCE_SECONDS)
    assert named == [delivery.id]


def test_who_comes_to_open_while_a_hold_begins_waits_and_then_sees_it(database: Database) -> None:
    """No attempt is opened after a hold's commit, also by one who had its delivery locked before."""
    delivery = lay_one(database)
    is_locked, found = threading.Event(), list[str]()

    def gate() -> None:
        with database.transaction() as tx:
            opening = deliveries.lock(tx, delivery.id)
            is_locked.set()
            found.extend(one.id for one in holds.stopping(tx, opening)[0])

    thread = threading.Thread(target=gate)
    with database.transaction() as tx:
        hold = begin(tx)
        thread.start()
        if not database.is_sqlite:  # there one writes at a time: the gate hasn't even begun
            assert is_locked.wait(PATIENCE_SECONDS)
        time.sleep(0.1)
        assert found == []
    thread.join(PATIENCE_SECONDS)
    assert found == [hold.id]


def test_what_comes_up_under_a_hold_is_held_and_no_call_is_opened(database: Database, clock: MovedClock) -> None:
    """A routine delivery becomes `held` with a notice; nothing reaches the platform."""
    worker, platform = build_worker(database, clock)
    delivery = lay_one(database)
    with database.transaction() as tx:
        begin(tx)
    assert worker.run_due_once() == 1
    after = read(database, delivery)
    assert (DeliveryState.HELD, 0, "held") == (after.state, after.attempts, after.problem and after.problem.code)
    assert platform.calls == []
    assert worker.run_due_once() == 0
    with database.reading() as tx:
        kinds = set(tx.execute(sa.select(tables.notices.c.kind)).scalars())
    assert "held" in kinds


def test_emergencies_and_what_takes_a_post_back_pass(database: Database, clock: MovedClock) -> None:
    """An emergency goes out under a hold, and no hold is about a deletion."""
    worker, platform = build_worker(database, clock)
    urgent = lay_one(database, is_emergency=True)
    with database.transaction() as tx:
        begin(tx)
    worker.run_due_once()
    assert read(database, urgent).state is DeliveryState.SENT
    assert len(platform.timeline) == 1
    with database.transaction() as tx:
        post = lay_post(tx, number=2)
        source = lay_delivery(tx, post)
        deletion = lay_delivery(tx, post, kind=DeliveryKind.DELETE, source_id=source.id)
        assert holds.stopping(tx, deletion)[0] == ()


@pytest.mark.parametrize(
    ("scope", "target", "accounts", "stopped"),
    [
        (Scope.ACCOUNT, "kashiwa_koen", ("kashiwa_koen",), {"kashiwa_koen"}),
        (Scope.SECTION, "koen", (), {"kashiwa_koen", "kashiwa_shi"}),
        (Scope.SECTION, "kodomo", ("kashiwa_shi",), {"kashiwa_shi"}),
        (Scope.SECTION, "kodomo", (), set()),
    ],
)
def test_one_account_or_section_is_held_alone(
    database: Database, clock: MovedClock, scope: Scope, target: str, accounts: tuple[str, ...], stopped: set[str]
) -> None:
    """A section's hold is about what it wrote, and about its accounts; the stage's posts are of 公園緑地課."""
    worker, _ = build_worker(database, clock)
    with database.transaction() as tx:
        post = lay_post(tx)
        made = [lay_delivery(tx, post, account) for account in ("kashiwa_koen", "kashiwa_shi")]
        begin(tx, scope, target, accounts=accounts)
    worker.run_due_once()
    assert {one.account for one in made if read(database, one).state is DeliveryState.HELD} == stopped
    assert {one.account for one in made if read(database, one).state is DeliveryState.SENT} == {
        "kashiwa_koen",
        "kashiwa_shi",
    } - stopped


def test_what_came_up_under_a_hold_does_not_burst_out_when_it_is_lifted(database: Database, clock: MovedClock) -> None:
    """Nobody had come to it meanwhile; lifted, it is held all the same, and what is due later goes."""
    worker, platform = build_worker(database, clock)
    with database.transaction() as tx:
        hold = begin(tx)
    before = lay_one(database, number=1)
    clock.move(60)
    with database.transaction() as tx:
        holds.lift(tx, hold.id, who="bosai_ito", note="")
    clock.move(1)
    after = lay_one(database, number=2)
    worker.run_due_once()
    assert (DeliveryState.HELD, DeliveryState.SENT) == (read(database, before).state, read(database, after).state)
    assert len(platform.timeline) == 1


def hold_for_a_minute(database: Database, clock: MovedClock) -> None:
    """Begin a hold of the city and lift it."""
    with database.transaction() as tx:
        hold = begin(tx)
    clock.move(60)
    with database.transaction() as tx:
        holds.lift(tx, hold.id, who="bosai_ito", note="")


@pytest.mark.parametrize("fault", ["throttled", "500_before_accepting"])
def test_what_had_to_wait_all_through_a_hold_waits_for_a_word_after_it(
    database: Database, clock: MovedClock, fault: str
) -> None:
    """Planned before the hold, put off by its platform until after it, or found out not to be there: it is triaged."""
    worker, platform = build_worker(database, clock)
    delivery = lay_one(database)
    platform.order("kashiwa_shi", fault)
    worker.run_due_once()
    hold_for_a_minute(database, clock)
    for _ in range(40):
        clock.move(30)
        worker.reconcile_once()
        worker.run_due_once()
    assert DeliveryState.HELD is read(database, delivery).state
    assert platform.timeline == []


def test_what_was_put_off_after_the_hold_goes(database: Database, clock: MovedClock) -> None:
    """Planned for after the hold, or let go by a person's word after it: a rate limit then asks nobody anything."""
    worker, platform = build_worker(database, clock)
    planned = clock.now() + timedelta(minutes=2)
    later = lay_one(database, number=1, due_at=planned, planned_at=planned)
    asked = lay_one(database, "kashiwa_koen", number=2, latest_at=clock.now() - timedelta(minutes=1))
    worker.run_due_once()
    hold_for_a_minute(database, clock)
    clock.move(60)
    with database.transaction() as tx:
        deliveries.apply(tx, asked.id, DeliveryEvent.PERSON_SAYS_SEND, who="koho_suzuki")
    platform.order("kashiwa_shi", "throttled")
    platform.order("kashiwa_koen", "throttled")
    worker.run_due_once()
    clock.move(15 * 60)
    worker.run_due_once()
    assert {DeliveryState.SENT} == {read(database, one).state for one in (later, asked)}


def test_what_waits_for_an_opening_after_the_hold_goes_at_the_opening(database: Database, clock: MovedClock) -> None:
    """Its hours were over when the hold came, so its time was the next opening, and that is after the hold."""
    worker, platform = build_worker(database, clock)
    opens_at = clock.now() + timedelta(hours=15)
    waits = lay_one(database)
    outbound = FakeOutbound(platforms={"x": platform})
    outbound.checks["kashiwa_shi"] = NotBefore(at=opens_at, remark=Remark(code="outside_hours"))
    Worker(database, outbound, platforms=["x"]).run_due_once()
    hold_for_a_minute(database, clock)
    clock.move(15 * 3600)
    worker.run_due_once()
    assert DeliveryState.SENT is read(database, waits).state


def test_a_word_lets_go_of_the_hold_it_was_given_under_and_of_no_other(database: Database, clock: MovedClock) -> None:
    """Two holds overlap: a waiver of one leaves the other; both waived, it goes."""
    worker, platform = build_worker(database, clock)
    delivery = lay_one(database)
    with database.transaction() as tx:
        city, account = begin(tx), begin(tx, Scope.ACCOUNT, "kashiwa_shi")
    worker.run_due_once()
    for lets_go, state in (([city.id], DeliveryState.HELD), ([account.id], DeliveryState.SENT)):
        with database.transaction() as tx:
            change = Change(lets_go=lets_go)
            deliveries.apply(tx, delivery.id, DeliveryEvent.HOLD_LIFTED, who="koho_suzuki", change=change)
        worker.run_due_once()
        assert read(database, delivery).state is state
    assert len(platform.timeline) == 1


def test_what_is_unknown_is_reconciled_under_a_hold(database: Database, clock: MovedClock) -> None:
    """Read back, it is sent; a hold stops calls that put something out, not looks."""
    worker, platform = build_worker(database, clock)
    delivery = lay_one(database)
    platform.order("kashiwa_shi", "500_after_accepting")
    worker.run_due_once()
    with database.transaction() as tx:
        hold = begin(tx)
        assert [one.id for one in holds.on_their_way(tx, hold)] == [delivery.id]
    clock.move(5)
    worker.reconcile_once()
    assert read(database, delivery).state is DeliveryState.SENT
    with database.reading() as tx:
        assert holds.still_moving(tx, [delivery.id]) == frozenset()


def test_a_mirror_waits_for_its_held_source_and_one_on_a_held_account_is_held(
    database: Database, clock: MovedClock
) -> None:
    """A held source has no receipt; let go, its mirror comes up and its own account's hold stops it."""
    worker, _ = build_worker(database, clock)
    with database.transaction() as tx:
        post = lay_post(tx)
        source = lay_delivery(tx, post, "kashiwa_koen")
        mirror = lay_delivery(tx, post, "kashiwa_shi", kind=DeliveryKind.REPOST, source_id=source.id)
        first = begin(tx, Scope.ACCOUNT, "kashiwa_koen")
    worker.run_due_once()
    assert (DeliveryState.HELD, DeliveryState.WAITING) == (read(database, source).state, read(database, mirror).state)
    with database.transaction() as tx:
        begin(tx, Scope.ACCOUNT, "kashiwa_shi")
        deliveries.apply(tx, source.id, DeliveryEvent.HOLD_LIFTED, who="koho_suzuki", change=Change(lets_go=[first.id]))
    worker.run_due_once()
    worker.run_due_once()
    assert (DeliveryState.SENT, DeliveryState.HELD) == (read(database, source).state, read(database, mirror).state)
