"""Keeps the workspace in one SQLite file (or in memory), so that it is there after a restart."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from chatops.sandbox.records import Json

_TABLES = """
CREATE TABLE IF NOT EXISTS record (kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS blob (id TEXT PRIMARY KEY, body BLOB NOT NULL);
"""


class Store:
    """Records by kind and id, and the bytes of files.

    Args:
        path: The SQLite file; None keeps everything in memory.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path, check_same_thread=False, isolation_level=None
        )
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_TABLES)

    def put(self, kind: str, record_id: str, body: Json) -> None:
        """Write a record, new or changed."""
        text = json.dumps(body, ensure_ascii=False)
        with self._lock:
            self._connection.execute(
                "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
                (kind, record_id, text),
            )

    def drop(self, kind: str, record_id: str) -> None:
        """Forget a record."""
        with self._lock:
            self._connection.execute("DELETE FROM record WHERE kind = ? AND id = ?", (kind, record_id))

    def load(self, kind: str) -> list[Json]:
        """Read all records of a kind, in the order in which they were first written."""
        with self._lock:
            rows = self._connection.execute("SELECT body FROM record WHERE kind = ? ORDER BY rowid", (kind,)).fetchall()
        return [json.loads(row[0]) for row in rows]

    def put_blob(self, blob_id: str, body: bytes) -> None:
        """Write a file's bytes."""
        with self._lock:
            self._connection.execute("REPLACE INTO blob VALUES (?, ?)", (blob_id, body))

    def load_blob(self, blob_id: str) -> bytes | None:
        """Read a file's bytes, or None where there are none."""
        with self._lock:
            row = self._connection.execute("SELECT body FROM blob WHERE id = ?", (blob_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
