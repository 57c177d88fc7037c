"""The durable inbox: an act is written here, acknowledged to Slack, and then applied, once.

SQLite, one file, synchronous FULL: what was acknowledged survives a power cut. The key is made of Slack's own ids,
so a request that comes twice (a resend, a replay inside the signature's five minutes) is applied once. Applying is
idempotent too (`publisher.api.Act`), so an act whose end we did not see is simply applied again at the start.
Rows are kept 24 hours by real time, for they are promises between us and Slack; what is not applied yet, until it is.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from publisher.clock import steady_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

KEPT_SECONDS: Final = 24 * 60 * 60
RETRY_DELAYS_SECONDS: Final = (0.5, 2.0, 8.0, 30.0, 60.0)
"""How long to wait after each failed attempt; then the person is told."""


class Lane(StrEnum):
    """Who works on it, so that a large file never holds up a click."""

    QUICK = "quick"
    SLOW = "slow"
    """Acts that fetch files."""


WORKERS: Final = {Lane.QUICK: 8, Lane.SLOW: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act as it lies in the inbox."""

    key: str
    kind: str
    """Which handler applies it."""
    payload: dict[str, Any] = field(default_factory=dict)
    lane: Lane = Lane.QUICK
    attempts: int = 0
    """How often it was tried before."""
    is_replay: bool = False
    """It lay there when the process started."""
    accepted_at: float = field(default_factory=steady_seconds)
    """When it was acknowledged, by `steady_seconds`."""


class Inbox:
    """Keeps acts and applies each with worker threads.

    Args:
        path: The file; its folder is made.
        apply: Carries out an entry; raises to have it tried again.
        give_up: Called once with an entry and its last error, when it was tried often enough.
        delays_seconds: How long to wait after each failed attempt.
    """

    def __init__(
        self,
        path: Path,
        *,
        apply: Callable[[Entry], None],
        give_up: Callable[[Entry, Exception], None],
        delays_seconds: Sequence[float] = RETRY_DELAYS_SECONDS,
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._apply = apply
        self._give_up = give_up
        self._delays = tuple(delays_seconds)
        self._lock = threading.Lock()
        self._database = _open(path)
        self._stopping = threading.Event()
        self._timers: set[threading.Timer] = set()
        self._pools = {
            lane: ThreadPoolExecutor(count, thread_name_prefix=f"inbox-{lane}") for lane, count in WORKERS.items()
        }

    def put(self, entry: Entry) -> bool:
        """Write *entry* durably and have it applied; False where its key was here before.

        Raises:
            sqlite3.Error: It could not be written: the act must not be acknowledged.
        """
        with self._lock:
            self._database.execute(
                "DELETE FROM entry WHERE created < unixepoch() - ? AND state != 'new'", (KEPT_SECONDS,)
            )
            written = self._database.execute(
                "INSERT INTO entry (key, kind, lane, payload, created) VALUES (?, ?, ?, ?, unixepoch())"
                " ON CONFLICT (key) DO NOTHING",
                (entry.key, entry.kind, entry.lane, json.dumps(entry.payload, ensure_ascii=False)),
            )
            is_new = written.rowcount == 1
        if is_new:
            self._start(entry)
        return is_new

    def replay(self) -> int:
        """Apply what was acknowledged before the process last ended; return how many."""
        with self._lock:
            rows = self._database.execute(
                "SELECT key, kind, lane, payload, attempts, unixepoch() - created FROM entry"
                " WHERE state = 'new' ORDER BY rowid"
            ).fetchall()
        for key, kind, lane, payload, attempts, age_seconds in rows:
            self._start(
                Entry(
                    key=key,
                    kind=kind,
                    lane=Lane(lane),
                    payload=json.loads(payload),
                    attempts=attempts,
                    is_replay=True,
                    accepted_at=steady_seconds() - max(age_seconds, 0),
                )
            )
        return len(rows)

    def count_open(self) -> int:
        """Count what is acknowledged and not yet applied."""
        with self._lock:
            return int(self._database.execute("SELECT count(*) FROM entry WHERE state = 'new'").fetchone()[0])

    def count_stuck(self, *, seconds: float) -> int:
        """Count what was acknowledged more than *seconds* ago and is not applied."""
        with self._lock:
            stuck = self._database.execute(
                "SELECT count(*) FROM entry WHERE state = 'new' AND created < unixepoch() - ?", (seconds,)
            )
            return int(stuck.fetchone()[0])

    def close(self, *, timeout_seconds: float = 10.0) -> None:
        """Finish what is under way; what waits for its next attempt stays for the next start."""
        self._stopping.set()
        with self._lock:
            timers = list(self._timers)
        for timer in timers:
            timer.cancel()
        stopper = threading.Thread(target=self._shut_pools, daemon=True)
        stopper.start()
        stopper.join(timeout_seconds)
        with self._lock:
            self._database.close()

    def _shut_pools(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, entry: Entry) -> None:
        if not self._stopping.is_set():
            self._pools[entry.lane].submit(self._work, entry)

    def _work(self, entry: Entry) -> None:
        try:
            self._apply(entry)
        except Exception as error:
            log.exception("an act failed", extra={"kind": entry.kind, "attempt": entry.attempts + 1})
            self._after_failure(entry, error)
        else:
            self._tick_off(entry, "done")

    def _after_failure(self, entry: Entry, error: Exception) -> None:
        if entry.attempts >= len(self._delays):
            self._tick_off(entry, "given_up")
            try:
                self._give_up(entry, error)
            except Exception:
                log.exception("nobody could be told", extra={"kind": entry.kind})
            return
        delay = self._delays[entry.attempts]
        later = replace(entry, attempts=entry.attempts + 1)
        with self._lock:
            if self._stopping.is_set():
                return
            self._database.execute("UPDATE entry SET attempts = ? WHERE key = ?", (later.attempts, entry.key))
            timer = threading.Timer(delay, self._start, (later,))
            timer.daemon = True
            self._timers = {each for each in self._timers if each.is_alive()} | {timer}
            timer.start()

    def _tick_off(self, entry: Entry, state: str) -> None:
        # What it said is no longer needed; its key is, against a replay.
        with self._lock:
            if not self._stopping.is_set() or self._is_open():
                self._database.execute("UPDATE entry SET state = ?, payload = '{}' WHERE key = ?", (state, entry.key))

    def _is_open(self) -> bool:
        try:
            self._database.execute("SELECT 1")
        except sqlite3.ProgrammingError:
            return False
        return True


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    path.chmod(0o600)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(
        """CREATE TABLE IF NOT EXISTS entry (
            key TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            lane TEXT NOT NULL,
            payload TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'given_up')),
            attempts INTEGER NOT NULL DEFAULT 0,
            created INTEGER NOT NULL
        )"""
    )
    return database
