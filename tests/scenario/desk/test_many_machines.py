"""Several processes on one PostgreSQL: people are served by one, deliveries go out by another."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from shell import COMMAND, ROOT, sns
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import CHIEF, CITIES, CLERK, build_town

from chatops.home_lock import HomeInUseError, only_one
from publisher.api import NoticeKind
from publisher.clock import RealClock
from publisher.errors import ConfigurationError
from publisher.store import workers
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from town import Town

    from publisher.api import Notice

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures

WAIT = 20.0
KEY = b64encode(bytes(range(32))).decode()


@pytest.fixture(name="web")
def _web(tmp_path: Path, store_url: str) -> Iterator[Town]:
    """A machine that serves people and sends nothing."""
    town = build_town(tmp_path / "web", SNS_DATABASE_URL=store_url, SNS_SECRET_KEY=KEY, SNS_LOOK_AT_LINKS="off")
    town.heart.start(sends=False)
    yield town
    town.heart.stop()


@pytest.fixture(name="sender")
def _sender(tmp_path: Path, store_url: str) -> Iterator[Town]:
    """A machine that sends and serves nobody, with a home folder of its own."""
    town = build_town(tmp_path / "sender", SNS_DATABASE_URL=store_url, SNS_SECRET_KEY=KEY, SNS_LOOK_AT_LINKS="off")
    yield town
    town.heart.stop()


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_what_one_machine_approves_the_other_sends(web: Town, sender: Town) -> None:
    """The machine that people use sends nothing; the worker's machine does, and the first hears what to tell."""
    told = threading.Event()
    web.heart.on_notices(told.set)
    number = web.submit()
    web.decide(CHIEF, number)
    assert "sent" not in web.states(number).values()
    assert not web.heart.worker.is_started

    sender.heart.start()

    while set(web.states(number).values()) != {"sent"}:
        told.clear()
        assert set(web.states(number).values()) == {"sent"} or told.wait(WAIT), web.states(number)
    assert "delivery" in {kind for kind, _, _ in web.notices()}


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_machine_that_sends_nothing_holds_no_ledger(tmp_path: Path, store_url: str, sender: Town) -> None:
    """A new machine that serves people alone does not count as a copy of the ledger, although no worker beats."""
    sender.heart.start()
    sender.save()
    assert sender.heart.stop()

    web = build_town(tmp_path / "web", SNS_DATABASE_URL=store_url, SNS_SECRET_KEY=KEY)
    web.heart.start(sends=False)
    held = web.heart.restoring.state()
    lines = {line.name: line.is_well for line in web.services.health.check()}
    web.heart.stop()

    assert held is None
    assert lines["ledger"]
    assert not lines["worker"]


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_draft_of_one_machine_is_read_on_another(web: Town, sender: Town) -> None:
    """Numbers go on where the other machine left off, and both show the same deliveries."""
    number = web.submit()
    web.decide(CHIEF, number)
    sender.send()

    again = sender.services.drafting.save(sender.act(CLERK, "sender:1"), sender.form(), number=None, version=None)

    assert (number, again.number) == ("K-1", "K-2")
    assert set(sender.states(number).values()) == {"sent"}
    assert sender.states(number) == web.states(number)


def test_sqlite_is_not_shared(tmp_path: Path) -> None:
    """`sns worker` and `sns web` say that SQLite is for `sns serve` alone, and what to set for more."""
    for command in ("worker", "web"):
        done = sns(command, home=tmp_path)
        assert (2, "") == (done.returncode, done.stdout)
        assert "SNS_DATABASE_URL" in done.stderr
        assert "sns serve" in done.stderr


@pytest.mark.postgres
@pytest.mark.process
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_worker_beats_until_a_signal_ends_it(tmp_path: Path, store_url: str) -> None:
    """`sns worker` says its name and its platforms, beats, and leaves in good order at SIGTERM with status 0."""
    environment = {"SNS_HOME": str(tmp_path / "var"), "SNS_CITIES": str(CITIES), "SNS_DATABASE_URL": store_url}
    environment |= {"SNS_LOOK_AT_LINKS": "off", "PYTHONUTF8": "1", "LANG": "en_US.UTF-8"}
    with subprocess.Popen(
        [*COMMAND, "worker"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
    ) as process:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        database = Database(store_url, clock=RealClock())
        with database.reading() as tx:
            beats = workers.is_beating(tx, within_seconds=5)
        process.send_signal(signal.SIGTERM)
        status = process.wait(WAIT)
    with database.reading() as tx:
        left = list(workers.listed(tx))
    database.close()

    assert greeting.startswith("Delivering: worker-")
    assert "x, line, facebook, youtube" in greeting
    assert beats
    assert (0, []) == (status, left)


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_the_schema_of_a_later_version_stops_an_old_worker(web: Town) -> None:
    """A process that is started after others were upgraded says so; calling `sns migrate` would not help it."""
    with web.heart.database.transaction() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError) as stopped:
        web.heart.migrate()
    assert ["schema_newer"] == [one.code for one in stopped.value.mistakes]


def test_one_process_serves_people_from_a_home_folder(tmp_path: Path) -> None:
    """A second one is refused while the first runs, for both would apply what lies in the inbox; then it may."""
    with only_one(tmp_path), pytest.raises(HomeInUseError, match=str(tmp_path)), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_two_couriers_tell_everything_once(web: Town, sender: Town) -> None:
    """Two machines that take notices at the same moment get each once, and never two cards of one post at a time."""
    numbers = [web.submit() for _ in range(6)]
    taken: list[list[Notice]] = [[], []]
    together = threading.Barrier(2)

    def take(mine: list[Notice], town: Town) -> None:
        together.wait(WAIT)
        for _ in range(20):
            mine.extend(town.services.notices.claim(2))

    threads = [threading.Thread(target=take, args=each) for each in zip(taken, (web, sender), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)

    told = [notice for mine in taken for notice in mine]
    cards = [notice.number for notice in told if notice.kind is NoticeKind.CARD]
    assert len({notice.id for notice in told}) == len(told)
    assert sorted(cards) == sorted(numbers)


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_an_old_schema_stops_a_new_worker(tmp_path: Path, empty_url: str) -> None:
    """On a database that `sns migrate` has not brought up, a worker names that command and sends nothing."""
    done = sns("worker", home=tmp_path, SNS_DATABASE_URL=empty_url)
    assert 2 == done.returncode
    assert "sns migrate" in done.stderr
