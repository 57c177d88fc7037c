"""A post never just fails to appear: what people are told at each turn."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger_stage import lay_one, read

from platforms.port import Remark
from publisher.api import NoticeKind
from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.ledger import AskPerson, NotBefore
from publisher.store import deliveries
from publisher.store.notices import StoredNotices

if TYPE_CHECKING:
    from ledger_stage import FakeOutbound, FakePlatform
    from store_fixtures import MovedClock

    from publisher.ledger import Worker
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database


def told(database: Database) -> list[tuple[NoticeKind, str | None]]:
    """Return what the courier finds, and tick it off."""
    box = StoredNotices(database)
    found = box.claim()
    for notice in found:
        box.done(notice)
    return sorted((notice.kind, notice.delivery) for notice in found)


def lay_quietly(database: Database) -> Delivery:
    """Lay a due delivery whose making was told already."""
    delivery = lay_one(database)
    assert told(database) == [(NoticeKind.CARD, None)]
    return delivery


def test_a_delivery_that_arrived_is_told_in_the_thread(database: Database, worker: Worker) -> None:
    """Sent: the card is drawn anew, once, and the thread gets the result."""
    delivery = lay_quietly(database)
    worker.run_due_once()
    assert told(database) == [(NoticeKind.CARD, None), (NoticeKind.DELIVERY, delivery.id)]


def test_a_refused_delivery_is_told_in_the_thread(database: Database, worker: Worker, x: FakePlatform) -> None:
    """Failed: the thread says so."""
    x.order("kashiwa_shi", "rejected")
    delivery = lay_quietly(database)
    worker.run_due_once()
    assert told(database) == [(NoticeKind.CARD, None), (NoticeKind.DELIVERY, delivery.id)]


def test_a_question_is_asked_once(database: Database, worker: Worker, outbound: FakeOutbound) -> None:
    """Asked: one question, and none again while it is open."""
    outbound.checks["kashiwa_shi"] = AskPerson(remark=Remark(code="policy_blocks"))
    delivery = lay_quietly(database)
    worker.run_due_once()
    assert told(database) == [(NoticeKind.ASK, delivery.id), (NoticeKind.CARD, None)]
    worker.run_due_once()
    assert told(database) == []


def test_waiting_for_the_opening_is_told(
    database: Database, worker: Worker, outbound: FakeOutbound, clock: MovedClock
) -> None:
    """A delivery put off to the next opening is no silence: the thread says until when."""
    opening = clock.now() + timedelta(hours=15)
    outbound.checks["kashiwa_shi"] = NotBefore(at=opening, remark=Remark(code="waits_for_opening"))
    delivery = lay_quietly(database)
    worker.run_due_once()
    assert told(database) == [(NoticeKind.CARD, None), (NoticeKind.DELIVERY, delivery.id)]


def test_an_undecided_look_disturbs_nobody(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Looking again changes nothing that people see; a problem that is over is shown no more."""
    x.order("kashiwa_shi", "500_before_accepting")
    delivery = lay_quietly(database)
    worker.run_due_once()
    assert told(database) == [(NoticeKind.CARD, None)]
    clock.move(2)
    worker.reconcile_once()
    assert told(database) == []
    clock.move(30)
    worker.reconcile_once()
    due = read(database, delivery)
    assert (due.state, due.problem) == (DeliveryState.DUE, None)


def test_a_superseded_delivery_is_told(database: Database) -> None:
    """What a newer report replaced never goes out, and the thread says so."""
    delivery = lay_quietly(database)
    with database.transaction() as tx:
        deliveries.apply(tx, delivery.id, DeliveryEvent.SUPERSEDED, who="taro")
    assert told(database) == [(NoticeKind.CARD, None), (NoticeKind.DELIVERY, delivery.id)]
