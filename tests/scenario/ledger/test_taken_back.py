"""Deletions and undone reposts: deliveries that take back what went out, whatever else holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, LaidPost, lay_delivery, lay_one, lay_post, read
from sqlalchemy.exc import IntegrityError

from platforms.port import Receipt
from publisher.delivery import SOURCE_KINDS, DeliveryEvent, DeliveryKind, DeliveryState
from publisher.ledger import AskPerson, Worker
from publisher.post import PostState
from publisher.store import deliveries, holds, leases, tables, taking_back
from publisher.store.holds import Hold, Scope
from publisher.store.leases import Room

if TYPE_CHECKING:
    from ledger_stage import FakeOutbound, FakePlatform
    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database


class PowerCutError(BaseException):
    """The process ends here."""


SENT, CANCELLED = DeliveryState.SENT, DeliveryState.CANCELLED


def lay_mirrored(database: Database) -> tuple[Delivery, Delivery]:
    """Put a section's post and the official account's repost of it into the ledger."""
    with database.transaction() as tx:
        post = lay_post(tx)
        source = lay_delivery(tx, post, "kashiwa_koen")
        return source, lay_delivery(tx, post, "kashiwa_shi", kind=DeliveryKind.REPOST, source_id=source.id)


def order(database: Database, source: Delivery) -> Delivery | None:
    """Order that a post is deleted."""
    with database.transaction() as tx:
        return taking_back.delete(tx, deliveries.lock(tx, source.id), who="taro")


def back_of(database: Database, source: Delivery) -> Delivery:
    """Return the deletion, or the undoing, of a delivery."""
    with database.reading() as tx:
        [found] = [one for one in taking_back.of_source(tx, source.id) if one.kind is not DeliveryKind.REPOST]
    return found


def die(database: Database, outbound: FakeOutbound, point: str) -> None:
    """Let a worker run into its death at a labelled point."""

    def at(reached: str) -> None:
        if reached == point:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        Worker(database, outbound, platforms=["x"], owner="doomed", at=at).run_due_once()


def run(worker: Worker, clock: MovedClock) -> None:
    """Let the worker send, look and send again until nothing is left to do."""
    for _ in range(6):
        worker.run_due_once()
        clock.move(31)
        worker.reconcile_once()


def test_a_post_is_deleted_and_its_repost_undone(database: Database, worker: Worker, x: FakePlatform) -> None:
    """What went out is deleted by the platform's id, and the mirror is taken back by its own account."""
    source, mirror = lay_mirrored(database)
    worker.run_due_once()
    worker.run_due_once()
    order(database, source)
    worker.run_due_once()

    assert [] == x.timeline
    assert {("delete", f"id-{source.id}"), ("undo_repost", f"id-{source.id}")} == set(x.calls[2:])
    assert (SENT, SENT) == (back_of(database, source).state, back_of(database, mirror).state)


def test_a_deletion_is_ordered_once(database: Database, worker: Worker, x: FakePlatform) -> None:
    """Whoever orders it again gets the same deletion; each call is made once."""
    source, _ = lay_mirrored(database)
    worker.run_due_once()
    worker.run_due_once()
    first, again = order(database, source), order(database, source)
    worker.run_due_once()
    afterwards = order(database, source)
    worker.run_due_once()

    assert first is not None
    assert {first.id} == {one.id for one in (again, afterwards) if one is not None}
    assert {"publish": 1, "repost": 1, "delete": 1, "undo_repost": 1} == Counter(what for what, _ in x.calls)


def test_a_deletion_that_was_called_off_is_done_once_by_a_later_order(
    database: Database, worker: Worker, x: FakePlatform
) -> None:
    """The same delivery goes on, so its unique key still holds; a third order finds it done."""
    source, mirror = lay_mirrored(database)
    worker.run_due_once()
    worker.run_due_once()
    first = order(database, source)
    with database.transaction() as tx:
        for one in (back_of(database, source), back_of(database, mirror)):
            deliveries.apply(tx, one.id, DeliveryEvent.CANCELLED, who="hanako")
    worker.run_due_once()
    assert ["publish", "repost"] == [what for what, _ in x.calls]
    again = order(database, source)
    worker.run_due_once()
    order(database, source)
    worker.run_due_once()

    assert first is not None
    assert again is not None
    assert first.id == again.id
    assert {"publish": 1, "repost": 1, "delete": 1, "undo_repost": 1} == Counter(what for what, _ in x.calls)
    assert [] == x.timeline


def test_a_repost_that_has_not_gone_out_is_stopped(database: Database, worker: Worker, x: FakePlatform) -> None:
    """A mirror that waits in its lane while the source is deleted never goes out, and nothing is undone."""
    source, mirror = lay_mirrored(database)
    worker.run_due_once()
    order(database, source)
    worker.run_due_once()

    assert CANCELLED is read(database, mirror).state
    assert ["publish", "delete"] == [what for what, _ in x.calls]


def test_a_repost_about_to_be_made_is_stopped_at_the_last_check(
    database: Database, worker: Worker, x: FakePlatform, outbound: FakeOutbound
) -> None:
    """The deletion is ordered after the mirror was claimed: no attempt is opened."""
    source, mirror = lay_mirrored(database)
    worker.run_due_once()

    def order_meanwhile() -> None:
        outbound.meanwhile = None
        order(database, source)

    outbound.meanwhile = order_meanwhile
    worker.run_due_once()
    worker.run_due_once()

    stopped = read(database, mirror)
    assert (CANCELLED, 0) == (stopped.state, stopped.attempts)
    assert CANCELLED is back_of(database, mirror).state
    assert [] == x.timeline


def test_a_repost_that_may_be_there_is_undone(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A mirror whose call ended in a 500 is not looked for: undoing is idempotent, and it is not repeated."""
    source, mirror = lay_mirrored(database)
    worker.run_due_once()
    x.order("kashiwa_shi", "500_after_accepting")
    worker.run_due_once()
    assert DeliveryState.UNKNOWN is read(database, mirror).state
    order(database, source)
    run(worker, clock)

    assert (CANCELLED, SENT) == (read(database, mirror).state, back_of(database, mirror).state)
    assert [] == x.timeline
    assert 1 == sum(what == "repost" for what, _ in x.calls)


def test_a_deletion_waits_for_a_source_whose_end_is_not_known(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A post that may be there is looked for; found, it is deleted."""
    x.order("kashiwa_shi", "500_after_accepting")
    source = lay_one(database)
    worker.run_due_once()
    order(database, source)
    assert DeliveryState.WAITING is back_of(database, source).state
    run(worker, clock)

    assert (SENT, SENT) == (read(database, source).state, back_of(database, source).state)
    assert [] == x.timeline


def test_a_deletion_of_what_was_never_there_ends(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Of a cancelled post that proves absent nothing is sent again, and nothing is deleted."""
    x.order("kashiwa_shi", "500_before_accepting")
    source = lay_one(database)
    worker.run_due_once()
    with database.transaction() as tx:
        of_post = tables.posts.c.id == source.post_id
        tx.execute(sa.update(tables.posts).where(of_post).values(state=PostState.CANCELLED, finished_at=tx.now))
    order(database, source)
    run(worker, clock)

    assert (CANCELLED, CANCELLED) == (read(database, source).state, back_of(database, source).state)
    assert ["publish", "find", "find"] == [what for what, _ in x.calls]


def test_an_ambiguous_deletion_is_repeated(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A 500 to a deletion, or a dead worker, leads to the same call again, and nobody is asked."""
    source = lay_one(database)
    worker.run_due_once()
    order(database, source)
    x.order("kashiwa_shi", "500_after_accepting")
    run(worker, clock)

    assert SENT is back_of(database, source).state
    assert ["publish", "delete", "delete"] == [what for what, _ in x.calls]


@pytest.mark.parametrize("point", ["prepared", "attempt_opened", "called", "before_commit"])
def test_a_deletion_survives_its_worker(
    database: Database,
    worker: Worker,
    outbound: FakeOutbound,
    x: FakePlatform,
    clock: MovedClock,
    lease_clock: MovedClock,
    point: str,
) -> None:
    """Wherever a worker dies, another one ends the deletion."""
    source = lay_one(database)
    worker.run_due_once()
    order(database, source)
    die(database, outbound, point)
    lease_clock.move(3600)
    worker.rescue_once()
    run(worker, clock)

    assert SENT is back_of(database, source).state
    assert [] == x.timeline


def test_a_refused_deletion_asks_a_person(database: Database, worker: Worker, x: FakePlatform) -> None:
    """What must go and does not go is never just failed."""
    source = lay_one(database)
    worker.run_due_once()
    order(database, source)
    x.order("kashiwa_shi", "rejected")
    worker.run_due_once()
    asked = back_of(database, source)

    assert DeliveryState.ASKED is asked.state
    assert asked.problem is not None
    assert "text_refused" == asked.problem.code


def test_a_platform_that_cannot_delete_asks_a_person(database: Database, worker: Worker) -> None:
    """LINE has no such call: a person hears of it."""
    source = lay_one(database, "kashiwa_line", platform="line")
    worker.run_due_once()
    order(database, source)
    worker.run_due_once()
    asked = back_of(database, source)

    assert DeliveryState.ASKED is asked.state
    assert asked.problem is not None
    assert ("delete_unsupported", "it") == (asked.problem.code, asked.problem.who)


def test_nothing_holds_a_deletion_back(database: Database, worker: Worker, outbound: FakeOutbound) -> None:
    """A hold, a stopped post and a policy that objects say nothing against taking it back."""
    source = lay_one(database)
    worker.run_due_once()
    with database.transaction() as tx:
        of_post = tables.posts.c.id == source.post_id
        tx.execute(sa.update(tables.posts).where(of_post).values(state=PostState.CANCELLED, finished_at=tx.now))
        hold = Hold(
            id=tx.new_id(),
            city=CITY,
            scope=Scope.CITY,
            target="",
            accounts=(),
            reason="台風",
            started_by="ito",
            started_at=tx.now,
        )
        holds.start(tx, hold, under_way=[])
    outbound.checks["kashiwa_shi"] = AskPerson(remark=None)  # type: ignore[arg-type]  # never looked at
    order(database, source)
    worker.run_due_once()

    assert SENT is back_of(database, source).state


def test_an_urgent_deletion_goes_before_routine_posts(database: Database) -> None:
    """What must go at once is claimed before what was due earlier."""
    with database.transaction() as tx:
        source = lay_delivery(tx, lay_post(tx))
        [leased] = leases.claim(tx, Room(platform="x", limit=1, per_account=1), owner="w1", lease_seconds=30)
        change = deliveries.Change(receipt=Receipt(external_id="1", url=None, at=tx.now))
        deliveries.apply(tx, source.id, DeliveryEvent.SUCCEEDED, token=leased.lease_token, change=change)
        lay_delivery(tx, lay_post(tx, number=2))
        urgent = taking_back.delete(tx, deliveries.get(tx, source.id), who="taro", is_urgent=True)
        [first] = leases.claim(tx, Room(platform="x", limit=1, per_account=1), owner="w1", lease_seconds=30)

    assert urgent is not None
    assert urgent.id == first.id


@pytest.mark.parametrize("kind", sorted(SOURCE_KINDS))
@pytest.mark.parametrize("of", sorted(DeliveryKind))
def test_nothing_reposts_a_repost(database: Database, kind: DeliveryKind, of: DeliveryKind) -> None:
    """A delivery of each kind has a source of one kind alone: mirrors of mirrors cannot be recorded, so none loop."""
    with database.transaction() as tx:
        post = lay_post(tx)
        source = lay_delivery(tx, post, "a")
        if of is not DeliveryKind.PUBLISH:
            between = source
            if of is DeliveryKind.UNDO_REPOST:
                between = lay_delivery(tx, post, "b", kind=DeliveryKind.REPOST, source_id=source.id)
            source = lay_delivery(tx, post, "b", kind=of, source_id=between.id)
        if SOURCE_KINDS[kind] is of:
            assert source.id == lay_delivery(tx, post, "c", kind=kind, source_id=source.id).source_id
        else:
            with pytest.raises(ValueError, match="cannot have delivery"):
                lay_delivery(tx, post, "c", kind=kind, source_id=source.id)


def test_a_mirror_is_recorded_once(database: Database) -> None:
    """The database refuses a second repost of the same version by the same account."""
    source, mirror = lay_mirrored(database)
    post = LaidPost(id=source.post_id, version_id=source.version_id)
    with pytest.raises(IntegrityError), database.transaction() as tx:
        lay_delivery(tx, post, mirror.account, kind=DeliveryKind.REPOST, source_id=source.id)
