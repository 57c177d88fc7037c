"""How late posts leave: a thousand that are due at the same instant, with a hundred thousand more waiting."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.ledger import Worker
from tests.bench.figures import Figure, median_of, p99_of
from tests.bench.ledger_ground import PLATFORM, Nothing, address_of, fresh_ledger, lay

if TYPE_CHECKING:
    from collections.abc import Iterator

DUE = 1000
WAITING = 100_000
CITIES = 100
AHEAD_SECONDS = 4.0
"""How long before their time the worker starts: it has looked ahead and set its timer by then."""
PATIENCE_SECONDS = 120.0


def measure_lateness(address: str) -> Iterator[Figure]:
    """Measure from the due time to the platform's being asked, on a platform that does nothing."""
    late = sorted(time_lateness(address))
    name = f"due to request, {DUE:,} at once, {WAITING:,} waiting"
    note = f"p50 {median_of(late):.3f} s, worst {late[-1]:.3f} s"
    yield Figure(name=f"{name}, p99", seconds=p99_of(late), bar_seconds=1.0, note=note)


def time_lateness(address: str) -> list[float]:
    """Return how many seconds after its time each request arrived."""
    with fresh_ledger(address) as database:
        outbound, named = Nothing(), address_of(database, address)
        lay(named, WAITING, cities=CITIES, due_at=outbound.clock.now() + timedelta(days=1))
        due_at = outbound.clock.now() + timedelta(seconds=AHEAD_SECONDS + 4.0)
        lay(named, DUE, cities=CITIES, due_at=due_at, first=WAITING + 1)
        ahead = (due_at - outbound.clock.now()).total_seconds()
        if ahead < 1.0:
            raise SystemExit(f"the server is too slow: the posts were to be laid before their time, {ahead:.1f} s left")
        worker = Worker(database, outbound, platforms=[PLATFORM])
        worker.start()
        try:
            _wait_for(outbound, DUE)
        finally:
            worker.stop()
    if len(outbound.requested_at) != DUE:
        raise SystemExit(f"{len(outbound.requested_at)} requests arrived instead of {DUE}")
    return [(at - due_at).total_seconds() for at in outbound.requested_at]


def _wait_for(outbound: Nothing, count: int) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE_SECONDS * 10)):
        if len(outbound.requested_at) >= count:
            return
        pause.wait(0.1)
