"""The ledger's stories are told on SQLite and on PostgreSQL, with a platform that misbehaves on order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, FakePlatform
from store_fixtures import (  # noqa: F401 - fixtures are used by name
    clock,
    database,
    empty_url,
    engine_name,
    lease_clock,
    postgres_server,
    sqlite_template,
    store_url,
)

from publisher.ledger import Worker

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.engine import Database


@pytest.fixture
def x(database: Database, clock: MovedClock) -> FakePlatform:  # noqa: F811 - a fixture asks for another
    """A platform that can be read back, like X."""
    return FakePlatform(database=database, clock=clock)


@pytest.fixture
def line(database: Database, clock: MovedClock) -> FakePlatform:  # noqa: F811
    """A platform with a retry key, like LINE."""
    return FakePlatform(database=database, clock=clock, has_retry_key=True, can_recall=False)


@pytest.fixture
def facebook(database: Database, clock: MovedClock) -> FakePlatform:  # noqa: F811
    """A platform on which not seeing a post proves nothing, like Facebook."""
    return FakePlatform(database=database, clock=clock, absence=None)


@pytest.fixture
def outbound(x: FakePlatform, line: FakePlatform, facebook: FakePlatform) -> FakeOutbound:
    """The way out to the three."""
    return FakeOutbound(platforms={"x": x, "line": line, "facebook": facebook})


@pytest.fixture
def worker(database: Database, outbound: FakeOutbound) -> Worker:  # noqa: F811
    """A worker that is driven step by step; its jitter always draws the whole wait."""
    return Worker(database, outbound, platforms=["x", "line", "facebook"], owner="w1", draw=lambda: 1.0)
