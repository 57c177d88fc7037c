"""An upgrade under way: the schema moves on while a worker of the version before goes on, with its own statements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from ledger_stage import CITY, FakeOutbound, FakePlatform
from store_fixtures import OPENING, MovedClock
from trail_hands import verify

from publisher.audit_chain import digest_content, hash_link
from publisher.delivery import DeliveryState
from publisher.ledger import Worker
from publisher.store import deliveries, schema, tables, workers
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.store.engine import Transaction

BEFORE = "0005"
"""The head of the version before."""


def insert(tx: Transaction, table: str, **values: Any) -> None:
    """Insert a row and name its columns, as the version before does; it knows no others."""
    tx.execute(sa.insert(sa.table(table, *map(sa.column, values))).values(**_plain(tx, values)))


def change(tx: Transaction, table: str, where: dict[str, Any], **values: Any) -> int:
    """Change rows as the version before does."""
    columns = sa.table(table, *map(sa.column, {**where, **values}))
    met = [columns.c[name] == value for name, value in where.items()]
    return tx.execute(sa.update(columns).where(*met).values(**_plain(tx, values))).rowcount


def _plain(tx: Transaction, values: dict[str, Any]) -> dict[str, Any]:
    """Give times and JSON their types: a bare column has none."""
    kinds = {"params": sa.JSON(), "variants": sa.JSON(), "titles": sa.JSON(), "media": sa.JSON(), "facts": sa.JSON()}
    kinds |= {"answers": sa.JSON(), "declared": sa.JSON(), "detail": sa.JSON()}
    instant = tables.UtcDateTime()
    return {
        name: sa.bindparam(f"_{name}", value, type_=kinds.get(name) or (instant if hasattr(value, "tzinfo") else None))
        for name, value in values.items()
    }


class OldWorker:
    """A process of the version before: the statements it makes for one delivery, step by step."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.token = str(uuid4())

    def beat(self) -> None:
        """Say that it is there; the row is its own from the first beat on."""
        with self.database.transaction() as tx:
            if not change(tx, "workers", {"id": "old"}, beat_at=tx.now):
                insert(tx, "workers", id="old", started_at=tx.now, beat_at=tx.now)

    def lay(self, account: str, number: int) -> str:
        """Write an approved post with one delivery that is due; return the delivery's id."""
        post, version, delivery = (str(uuid4()) for _ in range(3))
        with self.database.transaction() as tx:
            now = tx.now
            state = {"section": "koen", "state": "approved", "is_emergency": False, "reason": "", "author": "hanako"}
            insert(tx, "posts", id=post, city=CITY, number=number, created_at=now, version=1, **state)
            text: dict[str, Any] = {"text": "桜が咲きました", "variants": {}, "titles": {}, "media": []}
            text |= {"answers": {}, "declared": {}}
            insert(tx, "versions", id=version, city=CITY, post_id=post, version=1, editor="a", created_at=now, **text)
            times = dict.fromkeys(("state_at", "planned_at", "due_at", "created_at"), now)
            about = {"city": CITY, "post_id": post, "version_id": version, "account": account, "platform": "x"}
            counts = dict.fromkeys(("attempts", "reads", "looks"), 0)
            what = {"kind": "publish", "state": "due", "is_emergency": False, "seal": "0" * 64}
            insert(tx, "deliveries", id=delivery, **about, **what, **times, **counts)
            self._record(tx, "delivery_created", delivery)
        return delivery

    def claim(self, delivery: str) -> None:
        """Lease a delivery."""
        with self.database.transaction() as tx:
            until = tx.lease_now() + timedelta(seconds=30)
            lease = {"lease_owner": "old", "lease_token": self.token, "lease_until": until}
            assert change(tx, "deliveries", {"id": delivery, "state": "due"}, state="leased", state_at=tx.now, **lease)
            self._record(tx, "delivery_claimed", delivery)

    def open(self, delivery: str) -> None:
        """Open an attempt before the call."""
        with self.database.transaction() as tx:
            insert(tx, "attempts", id=str(uuid4()), city=CITY, delivery_id=delivery, n=1, opened_at=tx.now)
            leased = {"id": delivery, "lease_token": self.token}
            assert change(tx, "deliveries", leased, attempts=1, first_attempt_at=tx.now)

    def settle(self, delivery: str) -> None:
        """Write down the receipt, with its event and its notice."""
        with self.database.transaction() as tx:
            assert change(
                tx, "attempts", {"delivery_id": delivery, "n": 1}, closed_at=tx.now, event="receipt", detail={}
            )
            sent = {"state": "sent", "state_at": tx.now, "external_id": "id-old", "sent_at": tx.now}
            ended = {"lease_token": None, "lease_owner": None, "lease_until": None, "finished_at": tx.now}
            assert change(tx, "deliveries", {"id": delivery, "lease_token": self.token}, **sent, **ended)
            told = {"city": CITY, "kind": "delivery", "delivery_id": delivery, "params": {}, "attempts": 0}
            insert(tx, "notices", id=str(uuid4()), created_at=tx.now, due_at=tx.now, **told)
            self._record(tx, "delivery_receipt", delivery)

    def _record(self, tx: Transaction, kind: str, delivery: str) -> None:
        """Add a link to the city's chain."""
        query = sa.text("SELECT audit_seq, audit_hash FROM cities WHERE city = :city")
        seq, previous = tx.execute(query, {"city": CITY}).one()
        said: dict[str, Any] = {"facts": {"account": "a"}, "note": "", "salt": uuid4().hex}
        link: dict[str, Any] = {"city": CITY, "seq": seq + 1, "at": tx.now, "who": "ledger", "kind": kind}
        link |= {"post_id": None, "delivery_id": delivery, "previous_hash": previous}
        link["content_digest"] = digest_content(**said)
        link["hash"] = hash_link(**link)
        insert(tx, "audit", **link)
        insert(tx, "audit_content", city=CITY, seq=seq + 1, **said)
        change(tx, "cities", {"city": CITY}, audit_seq=seq + 1, audit_hash=link["hash"])


@pytest.fixture(name="clocks")
def _clocks() -> tuple[MovedClock, MovedClock]:
    return MovedClock(), MovedClock()


@pytest.fixture(name="old")
def _old(empty_url: str, clocks: tuple[MovedClock, MovedClock]) -> Iterator[OldWorker]:
    """A worker of the version before on its schema; its connections stay open through the upgrade."""
    opened = Database(empty_url, clock=clocks[0], lease_clock=clocks[1])
    with opened.transaction() as tx:
        config = schema._config()
        config.attributes["connection"] = tx.connection
        command.upgrade(config, BEFORE)
        insert(tx, "cities", city=CITY, next_number=1, audit_seq=0, audit_hash="")
    yield OldWorker(opened)
    opened.close()


@pytest.fixture(name="new")
def _new(old: OldWorker, empty_url: str, clocks: tuple[MovedClock, MovedClock]) -> Iterator[Database]:
    """The same ledger as a process of this version opens it."""
    assert old.database
    opened = Database(empty_url, clock=clocks[0], lease_clock=clocks[1])
    yield opened
    opened.close()


def test_an_old_worker_goes_on_while_the_schema_moves_on(
    old: OldWorker, new: Database, clocks: tuple[MovedClock, MovedClock]
) -> None:
    """It has claimed one, called for another and sees a third: it ends all of them on the new schema, and so does ours.

    What it leaves is whole: states, attempts, notices, and a chain that both have written into by turns.
    """
    old.beat()
    claimed, called, waiting, left = (old.lay(f"account_{number}", number) for number in (1, 2, 3, 4))
    old.claim(claimed)
    old.claim(called)
    old.open(called)

    new.migrate()
    assert new.is_current()

    platform = FakePlatform(database=new, clock=clocks[0])
    worker = Worker(new, FakeOutbound(platforms={"x": platform}), platforms=["x"], owner="new")
    worker.beat()
    assert worker.run_due_once() == 2  # what is not the old one's
    old.beat()
    old.settle(called)
    old.open(claimed)
    old.settle(claimed)
    late = old.lay("account_5", 5)
    old.claim(late)
    old.open(late)
    old.settle(late)

    with new.reading() as tx:
        ended = {each: deliveries.get(tx, each).state for each in (claimed, called, waiting, left, late)}
        assert {"old", "new"} == {one.id for one in workers.listed(tx)}
    assert ended == dict.fromkeys(ended, DeliveryState.SENT)
    assert verify(new) is None
    assert 2 == len(platform.timeline)


def test_what_an_old_worker_leaves_behind_is_taken_up(
    old: OldWorker, new: Database, clocks: tuple[MovedClock, MovedClock]
) -> None:
    """The old worker is stopped for good in the middle of a call: after its lease the new one finds out what became."""
    delivery = old.lay("account_1", 1)
    old.claim(delivery)
    old.open(delivery)
    new.migrate()
    platform = FakePlatform(database=new, clock=clocks[0])
    platform.timeline.append(("account_1", delivery))  # its call had arrived
    worker = Worker(new, FakeOutbound(platforms={"x": platform}), platforms=["x"], owner="new")
    for clock in clocks:
        clock.move(31)
    assert worker.rescue_once() == 1
    clocks[0].move(2)
    worker.reconcile_once()
    with new.reading() as tx:
        assert deliveries.get(tx, delivery).state is DeliveryState.SENT
    assert 1 == platform.count("account_1")


def test_each_version_knows_its_schema(old: OldWorker, new: Database) -> None:
    """A process of this version sees that the schema is older, and after the upgrade that it is its own."""
    assert old.database
    assert not new.is_current()
    new.migrate()
    assert new.is_current()
    with new.transaction() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert not new.is_current(), "the schema of a version after this one"
    assert OPENING == new.now()
