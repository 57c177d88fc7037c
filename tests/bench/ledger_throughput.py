"""No-op deliveries a second in one process on PostgreSQL, beside a peer's no-op jobs on the same server.

Every delivery leaves what it leaves in production: a lease, an attempt, its notices, and four audit events in the
city's hash chain, which is verified at the end. `python -m tests.bench.ledger_throughput` prints the ledger's figures
alone.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.delivery import DeliveryState
from publisher.ledger import Worker
from publisher.ledger.pace import TURN_SECONDS
from publisher.store import audit, tables
from tests.bench.figures import Rate
from tests.bench.ledger_ground import PLATFORM, Nothing, address_of, fresh_ledger, lay, server
from tests.bench.ledger_lateness import measure_lateness
from tests.bench.ledger_peer import is_installed, time_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.store.engine import Database

PATIENCE_SECONDS = 300.0
JOBS = 3000
DELIVERIES = 10_000


def time_deliveries(address: str, *, cities: int, count: int) -> float:
    """Return how many deliveries a second one worker process takes from due to sent."""
    with fresh_ledger(address) as database, _short_turns():
        outbound = Nothing()
        lay(address_of(database, address), count, cities=cities, due_at=outbound.clock.now())
        worker = Worker(database, outbound, platforms=[PLATFORM])
        ended = _tell_end(database, outbound, count)
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


@contextmanager
def _short_turns() -> Iterator[None]:
    """Let threads take turns as in the processes that serve; the peer's one thread has nobody to take turns with."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    yield
    sys.setswitchinterval(before)


def _tell_end(database: Database, outbound: Nothing, count: int) -> threading.Event:
    """Ask the database only once all were requested: counting rows meanwhile took an eighth of the process's time."""
    ended = threading.Event()

    def look() -> None:
        while (len(outbound.requested_at) < count or _count_sent(database) < count) and not ended.wait(0.02):
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


def measure_throughput(address: str) -> Iterator[Rate]:
    """Measure the peer first, where it is installed, then deliveries of one city and of a hundred."""
    peer = time_jobs(address, count=JOBS) if is_installed() else None
    if peer is None:
        sys.stdout.write("PEER NOT MEASURED: procrastinate is not installed here; pip install procrastinate\n")
    else:
        yield Rate(name="Procrastinate, no-op jobs, concurrency 50", per_second=peer, note=f"{JOBS:,} jobs")
    for cities, named in ((1, "1 city"), (100, "100 cities")):
        yield Rate(
            name=f"no-op deliveries, {named}",
            per_second=time_deliveries(address, cities=cities, count=DELIVERIES),
            peer_per_second=peer,
            bar_times=5.0,
            note=f"{DELIVERIES:,} deliveries, each with its attempt and four chained events",
        )


def main() -> int:
    """Print these figures alone; return the exit status."""
    is_far_over = False
    with server() as address:
        for figure in chain(measure_throughput(address), measure_lateness(address)):
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            is_far_over |= figure.is_far_over
    return int(is_far_over)


if __name__ == "__main__":
    sys.exit(main())
