"""No-op deliveries a second in one process on PostgreSQL, beside a peer's no-op jobs on the same server.

Every delivery leaves what it leaves in production: a lease, an attempt, its notices, and four audit events in the
city's hash chain, which is verified at the end. `python -m tests.bench.ledger_throughput` prints these figures alone.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.delivery import DeliveryState
from publisher.ledger import Worker
from publisher.store import audit, tables
from tests.bench.ledger_ground import PLATFORM, Nothing, fresh_ledger, lay, server

if TYPE_CHECKING:
    from publisher.store.engine import Database

PATIENCE_SECONDS = 300.0


def time_deliveries(address: str, *, cities: int, count: int) -> float:
    """Return how many deliveries a second one worker process takes from due to sent."""
    with fresh_ledger(address) as database:
        outbound = Nothing()
        lay(_url(database, address), count, cities=cities, due_at=outbound.clock.now())
        worker = Worker(database, outbound, platforms=[PLATFORM])
        ended = _tell_end(database, count)
        began = time.perf_counter()
        worker.start()
        try:
            if not ended.wait(PATIENCE_SECONDS):
                raise SystemExit(f"only {_count_sent(database)} of {count} deliveries were sent")
            took = time.perf_counter() - began
        finally:
            worker.stop()
        _prove(database, count, cities)
    return count / took


def _url(database: Database, address: str) -> str:
    return address.replace("/postgres?", f"/{database.address.rsplit('/', 1)[-1]}?", 1)


def _tell_end(database: Database, count: int) -> threading.Event:
    """Look a few times a second, so that looking costs nothing."""
    ended = threading.Event()

    def look() -> None:
        while _count_sent(database) < count and not ended.wait(0.1):
            pass
        ended.set()

    threading.Thread(target=look, daemon=True).start()
    return ended


def _count_sent(database: Database) -> int:
    table = tables.deliveries
    with database.reading() as tx:
        query = sa.select(sa.func.count()).select_from(table).where(table.c.state == DeliveryState.SENT)
        return int(tx.execute(query).scalar_one())


def _prove(database: Database, count: int, cities: int) -> None:
    """Refuse a figure that left something out."""
    with database.reading() as tx:
        attempts = tx.execute(sa.select(sa.func.count()).select_from(tables.attempts)).scalar_one()
        events = tx.execute(sa.select(sa.func.count()).select_from(tables.audit)).scalar_one()
        broken = [f"city_{n}" for n in range(cities) if audit.verify(tx, f"city_{n}") is not None]
    if (attempts, events, broken) != (count, 4 * count, []):
        raise SystemExit(f"{count} deliveries left {attempts} attempts and {events} events; broken: {broken}")


def main() -> int:
    """Print how many a second."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with server() as address:
        for cities in (1, 100):
            sys.stdout.write(f"{cities} cities: {time_deliveries(address, cities=cities, count=count):,.0f} a second\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
