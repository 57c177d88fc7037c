"""The peer: Procrastinate's no-op jobs a second in one process, on the server that the ledger is measured on."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from typing import Any

from tests.bench.ledger_ground import fresh_database

CONCURRENCY = 50


def is_installed() -> bool:
    """Tell whether the peer can be measured here: `make setup-dev` installs it, the product never needs it."""
    return importlib.util.find_spec("procrastinate") is not None


def time_jobs(address: str, *, count: int) -> float:
    """Return how many no-op jobs a second one worker process takes from the queue to done."""
    with fresh_database(address) as named:
        return asyncio.run(_time_jobs(named, count))


async def _time_jobs(address: str, count: int) -> float:
    import procrastinate  # imported where it is measured

    connector: Any = procrastinate.PsycopgConnector(conninfo=address)
    app: Any = procrastinate.App(connector=connector)

    @app.task(name="nothing")  # type: ignore[untyped-decorator,unused-ignore]  # the peer is not always there
    async def nothing() -> None:
        """Do nothing."""

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({} for _ in range(count)))
        began = time.perf_counter()
        await app.run_worker_async(wait=False, concurrency=CONCURRENCY, install_signal_handlers=False)
        took = time.perf_counter() - began
        done = await app.job_manager.list_jobs_async(status="succeeded")
    if len(list(done)) != count:
        raise SystemExit(f"the peer did {len(list(done))} of {count} jobs")
    return count / took
