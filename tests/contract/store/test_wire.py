"""What one process commits wakes the others, on PostgreSQL at once, and after the database was away as well."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

import psycopg
import pytest
import sqlalchemy as sa
from ledger_stage import lay_one
from store_fixtures import MovedClock

from publisher.delivery import DeliveryEvent
from publisher.store import deliveries, leases
from publisher.store.engine import Database, Topic
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("engine_name", ["postgres"])]

WAIT = 20.0


class Ear:
    """Another process's database, and what it hears of deliveries."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, clock=MovedClock(), lease_clock=MovedClock())
        self._heard = threading.Semaphore(0)
        self.database.subscribe(Topic.DELIVERIES, self._heard.release)

    def __enter__(self) -> Self:
        """Listen."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.database.close()

    def hears(self, *, within_seconds: float = WAIT) -> bool:
        """Wait for a wake-up."""
        return self._heard.acquire(timeout=within_seconds)

    def count(self) -> int:
        """Return how many wake-ups came since, as far as they are here."""
        count = 0
        while self.hears(within_seconds=0):
            count += 1
        return count


@pytest.fixture
def ear(store_url: str) -> Iterator[Ear]:
    """Another process that listens."""
    with Ear(store_url) as listening:
        yield listening


def backends(url: str, name: str) -> list[int]:
    """Return the server's processes of this database whose application has *name*."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s", (name,)
        )
        return [row[0] for row in rows]


def cut(url: str) -> int:
    """End every connection to this database but the one that asks, as a restart does; return how many."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return len(rows.fetchall())


def test_a_commit_wakes_the_other_processes(database: Database, ear: Ear) -> None:
    """A delivery that one process creates is heard of by another."""
    lay_one(database)
    assert ear.hears()


def test_what_is_rolled_back_wakes_nobody(database: Database, ear: Ear) -> None:
    """Only what was committed is told: after a failure the next word is that of the next commit."""

    def fail() -> None:
        with database.transaction() as tx:
            tx.announce(Topic.DELIVERIES)
            tx.execute(sa.text("SELECT 1 / 0"))

    with pytest.raises(sa.exc.DataError):
        fail()
    told = threading.Event()
    stop = ear.database.subscribe(Topic.NOTICES, told.set)
    with database.transaction() as tx:
        tx.announce(Topic.NOTICES)
    assert told.wait(WAIT)
    stop()
    assert ear.count() == 0


def test_many_commits_are_few_words(database: Database, store_url: str) -> None:
    """200 commits in a row are told in bundles: not one NOTIFY a commit, and the last commit is told all the same."""
    told = 0
    last = threading.Event()
    with psycopg.connect(store_url, autocommit=True) as listener:
        listener.execute("LISTEN kairan")
        for _ in range(200):
            with database.transaction() as tx:
                tx.announce(Topic.DELIVERIES)
        database.subscribe(Topic.NOTICES, last.set)
        with database.transaction() as tx:
            tx.announce(Topic.NOTICES)
        for word in listener.notifies(timeout=WAIT):
            told += word.payload == Topic.DELIVERIES
            if word.payload == Topic.NOTICES:
                break
    assert 1 <= told < 100


def test_who_goes_has_told_everything(store_url: str, ear: Ear) -> None:
    """A process that commits and ends at once, as a command does, has told the others before it is gone."""
    brief = Database(store_url, clock=MovedClock(), lease_clock=MovedClock())
    lay_one(brief)
    brief.close()
    assert ear.hears()


def test_what_is_no_work_for_others_wakes_only_its_own_process(database: Database, ear: Ear) -> None:
    """That a worker took a delivery and sent it is no news to other workers; that it may be taken again is."""
    delivery = lay_one(database)
    assert ear.hears()
    with database.transaction() as tx:
        (taken,) = leases.claim(tx, Room(platform="x", limit=1, per_account=1), owner="w1", lease_seconds=30)
    told = threading.Event()
    ear.database.subscribe(Topic.NOTICES, told.set)
    with database.transaction() as tx:
        tx.announce(Topic.NOTICES)
    assert told.wait(WAIT)
    assert ear.count() == 0
    with database.transaction() as tx:
        deliveries.apply(tx, delivery.id, DeliveryEvent.LEASE_ENDED_UNOPENED, token=taken.lease_token)
    assert ear.hears()


def test_listening_begins_again_after_the_database_was_away(database: Database, store_url: str, ear: Ear) -> None:
    """When every connection was cut, the listener comes back, wakes everybody once, and hears the next commit."""
    lay_one(database)
    assert ear.hears()
    assert cut(store_url) >= 3  # the one that listens, the one that tells, the pool's
    assert ear.hears(), "whoever may have missed something is woken"
    ear.count()
    lay_one(database, "kashiwa_koen", number=2)
    assert ear.hears()


def test_a_word_that_cannot_be_sent_ends_nobodys_telling(database: Database, ear: Ear) -> None:
    """Half of an emoji is no text, and psycopg fails by another error than its own: the next word is told."""
    wire = database._wire
    assert wire is not None
    wire.tell(["\ud83d"])
    assert any(database.wire_trouble for _ in range(100_000))
    lay_one(database)
    assert ear.hears()
    # The other process can hear it before the thread that told it has noted that all is well.
    assert any(database.wire_trouble is None for _ in range(1_000_000))


def test_a_wire_that_is_cut_says_so(store_url: str) -> None:
    """There is no such database: what its process cannot tell the others is named, for `/healthz`."""
    nowhere = sa.make_url(store_url).set(database="nowhere").render_as_string(hide_password=False)
    away = Database(nowhere, clock=MovedClock(), lease_clock=MovedClock())
    assert away.wire_trouble is None
    assert away._wire is not None
    away._wire.tell([Topic.DELIVERIES])
    assert any("OperationalError" in (away.wire_trouble or "") for _ in range(1_000_000))
    away.close()


def test_a_closed_database_leaves_no_connection(store_url: str) -> None:
    """After `close` neither the one that listens nor the one that tells is connected."""
    with Ear(store_url) as ear:
        lay_one(ear.database)
        assert ear.hears()
        assert backends(store_url, "kairan wire")
    # The server needs a moment to see that they are gone; each look takes a few milliseconds.
    assert any(not backends(store_url, "kairan wire") for _ in range(500))
