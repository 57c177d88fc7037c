"""Processor time and lateness of deliveries through the real SDKs, beside the same calls by the bare SDKs in a loop.

The whole way is gone: claim, prepare, last check, attempt, call, settle; on SQLite, which works in the process, and on
PostgreSQL, with the real packs, a worker with its threads, and the stand-ins in another process. Only this process's
own processor time is counted.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from platforms.port import AccountRef, Message
from platforms.registry import import_sdks
from platforms.sandbox.app import endpoints_at
from tests.bench.bare import Client, call_facebook, call_line, call_x, call_youtube
from tests.bench.figures import Figure, median_of, p99_of
from tests.bench.hall import ACCOUNTS, ACCOUNTS_EACH, CITY, Hall, account_of, film_of, open_hall
from tests.bench.ledger_ground import address_of, fresh_ledger, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from platforms.port import Plan

BAR_SECONDS = 0.000_4
ROUND = 25
"""Deliveries a round on one account."""
ROUNDS = 5
AT_ONCE = 1_000
"""Posts due in the same second, over all platforms."""
AHEAD = timedelta(minutes=5)
"""How far ahead posts are planned: they are written and approved meanwhile, and then the clock is moved."""
WARM = 3
"""Calls that nobody times: imports, the first connection, the first access token."""


def time_deliveries(hall: Hall, platform: str, *, is_spread: bool) -> float:
    """Return the processor time of one delivery, the best of some rounds of posts due in the same second.

    All on one account, or where it *is spread* each on its own. Timed from shortly before they are due.
    """
    count = ACCOUNTS_EACH if is_spread else ROUND
    hall.lay(platform, WARM)
    hall.wait_until_sent()
    best = float("inf")
    for _ in range(ROUNDS):
        due_at = hall.clock.now().replace(microsecond=0) + AHEAD
        hall.lay(platform, count, publish_at=due_at, is_spread=is_spread)
        hall.go_to(due_at - timedelta(seconds=1))
        time.sleep(0.9)  # so that what a process costs that waits is not counted
        began = _others_time()
        hall.wait_until_sent()
        best = min(best, (_others_time() - began) / count)
        if len(hall.arrivals(platform, due_at)) != count:
            raise SystemExit(f"{platform}: not each of {count} arrived once, and none before its time")
    return best


def _others_time() -> float:
    """Return the processor time that the process has had, without this thread's, which only looks on."""
    return time.process_time() - time.thread_time()


def time_bare(hall: Hall, platform: str, *, is_spread: bool) -> float:
    """Return the processor time of the same calls by the bare SDK, the best of some rounds.

    All by one account's client over the connection that it keeps, as deliveries on one account have it; or where it
    *is spread* each by the client of an account of its own, which has published before (so that its access token is
    there) and connects anew, as deliveries on as many accounts have it: the posts of an account are hours apart.
    """
    count = ACCOUNTS_EACH if is_spread else ROUND
    at = endpoints_at(hall.base_url)
    builders: dict[str, Callable[..., Client]] = {
        "x": call_x,
        "line": call_line,
        "facebook": call_facebook,
        "youtube": lambda *args: call_youtube(*args, hall.film),
    }
    accounts = hall.heart.cities[CITY].accounts
    keys = [account_of(platform, number if is_spread else 0) for number in range(count)]
    clients = {key: builders[platform](at, hall.secrets[key], accounts[key].id) for key in keys}
    for client in clients.values():
        for _ in range(WARM):
            client.call(hall.text())
    best = float("inf")
    for _ in range(ROUNDS):
        for client in clients.values() if is_spread else ():
            client.hang_up()
        texts = [hall.text() for _ in range(count)]
        began = time.process_time()
        for key, text in zip(keys, texts, strict=True):
            clients[key].call(text)
        best = min(best, (time.process_time() - began) / count)
    for client in clients.values():
        client.hang_up()
    return best


def time_adapter(hall: Hall, platform: str) -> float:
    """Return the processor time of binding the account and publishing through our adapter, without the ledger."""
    own, key = hall.heart.platforms[platform], ACCOUNTS[platform]
    account = hall.heart.cities[CITY].accounts[key]
    ref = AccountRef(key=key, handle=account.handle, external_id=account.id)
    media = (film_of(hall.film),) if platform == "youtube" else ()

    def call(plan: Plan) -> None:
        session = own.connect(ref, hall.secrets[key])
        session.publish(plan, key=str(uuid.uuid4()), resume=None, checkpoint=lambda _token: None)

    best = float("inf")
    for count in (WARM, *[ROUND] * ROUNDS):
        plans = [own.plan(Message(text=hall.text(), title="会見" if media else "", media=media)) for _ in range(count)]
        began = time.process_time()
        for plan in plans:
            call(plan)
        if count == ROUND:
            best = min(best, (time.process_time() - began) / ROUND)
    return best


def time_commits(folder: Path) -> float:
    """Return the processor time of two commits of a row by SQLite's own driver, the best of some rounds.

    A delivery that is alone has an attempt that is on the disk before its call, and an end that is there after it.
    """
    connection = sqlite3.connect(folder / "commits.db", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE attempts (id TEXT)"):
        connection.execute(statement).close()
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(2 * ROUND):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO attempts VALUES (?)", (str(uuid.uuid4()),))
            connection.execute("COMMIT")
        best = min(best, (time.process_time() - began) / ROUND)
    connection.close()
    return best


def measure_sdks() -> Iterator[Figure]:
    """Compare, platform by platform: the adapter alone, and the whole way."""
    import_sdks()
    with open_hall() as hall:
        for platform in ACCOUNTS:
            kept, adapter = time_bare(hall, platform, is_spread=False), time_adapter(hall, platform)
            note = f"adapter {adapter * 1000:.2f} ms, bare SDK {kept * 1000:.2f} ms"
            yield Figure(name=f"adapter above the bare SDK, {platform}", seconds=adapter - kept, note=note)
            yield compare_spread(hall, platform, "SQLite")
            ours = time_deliveries(hall, platform, is_spread=False)
            note = f"delivery {ours * 1000:.2f} ms, bare SDK {kept * 1000:.2f} ms"
            yield Figure(name=f"the same, {ROUND} on one account, SQLite", seconds=ours - kept, note=note)
    with tempfile.TemporaryDirectory(prefix="kairan-bench-commits-") as folder:
        yield Figure(name="two commits of a row alone, SQLite's own driver", seconds=time_commits(Path(folder)))
    with server() as address, fresh_ledger(address) as database, open_hall(address_of(database, address)) as hall:
        for platform in ACCOUNTS:
            yield compare_spread(hall, platform, "PostgreSQL")


def compare_spread(hall: Hall, platform: str, engine: str) -> Figure:
    """Compare deliveries on many accounts at once with the calls of as many bare clients."""
    ours, bare = time_deliveries(hall, platform, is_spread=True), time_bare(hall, platform, is_spread=True)
    return Figure(
        name=f"processor time above the bare SDK, {platform}, {ACCOUNTS_EACH} accounts, {engine}",
        seconds=ours - bare,
        bar_seconds=BAR_SECONDS,
        note=f"delivery {ours * 1000:.2f} ms, bare SDK {bare * 1000:.2f} ms",
    )


def measure_lateness() -> Iterator[Figure]:
    """Let as many posts as a busy noon has be due in the same second, on one account a platform."""
    with open_hall() as hall:
        for platform in ACCOUNTS:
            hall.lay(platform, WARM)
        hall.wait_until_sent()
        due_at = hall.clock.now().replace(microsecond=0) + AHEAD
        for platform in ACCOUNTS:
            hall.lay(platform, AT_ONCE // len(ACCOUNTS), publish_at=due_at)
        hall.go_to(due_at - timedelta(seconds=1))
        hall.wait_until_sent()
        for platform in ACCOUNTS:
            late = sorted(hall.arrivals(platform, due_at))
            note = f"p50 {median_of(late):.2f} s, worst {late[-1]:.2f} s, as the stand-in took them"
            name = f"due to request, p99 of {len(late)} at once, {platform}"
            yield Figure(name=name, seconds=p99_of(late), note=note)


if __name__ == "__main__":
    for figure in chain(measure_sdks(), measure_lateness()):
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
