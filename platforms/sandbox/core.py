"""The stand-ins' common ground: accounts, documents, the journal, and faults on order. No HTTP in here."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from platforms.sandbox.records import Account, Document, Entry, Fault, FaultKind, Item, Picture, Reply, Timeline, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

__all__ = [
    "Account",
    "Document",
    "Entry",
    "Fault",
    "FaultKind",
    "Item",
    "Picture",
    "Reply",
    "Timeline",
    "Wire",
    "World",
]

_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
  seq INTEGER PRIMARY KEY, vendor TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE (vendor, kind, id));
CREATE TABLE IF NOT EXISTS blob (id TEXT PRIMARY KEY, mime TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, vendor TEXT NOT NULL, body TEXT NOT NULL);
"""
_OWNER = (
    "coalesce(json_extract(body, '$.author'), json_extract(body, '$.page'), json_extract(body, '$.snippet.channelId'))"
)
"""Whose a document is, in each vendor's own word."""
_OWNER_INDEX = f"CREATE INDEX IF NOT EXISTS ix_document_owner ON document (vendor, kind, {_OWNER}, seq);"


class World:
    """Everything the stand-ins know. Safe to use from many threads; kept in a file where one is given.

    Args:
        now: The time on the vendors' clocks (aware UTC).
        state_dir: Where `platforms.db` is kept, so that a restart goes on; None keeps it in memory.
    """

    def __init__(self, now: Callable[[], datetime], state_dir: Path | None = None) -> None:
        self.now = now
        self.refuse_duplicates = True
        self.has_own_limits = True
        """False: the vendors' rate windows and quotas take any number, so that every 429 is one that was ordered."""
        self.misbehave: Callable[[str, Wire], Fault | None] | None = None
        """Asked with the verb of each request that no order concerns: how to misbehave this once, or None."""
        self.x_field_spellings = {"tweet.fields", "post.fields"}
        """How X's timeline may be asked for fields: its two OpenAPI versions differ."""
        self.observers: list[Callable[[Wire], None]] = []
        self.reply_observers: list[Callable[[Wire, Reply], None]] = []
        self.closing = threading.Event()
        """Set when the server goes down, so that a hang ends."""
        self.lock = threading.RLock()
        """Held by a model while it reads and then writes."""
        if state_dir is not None:
            state_dir.mkdir(parents=True, exist_ok=True)
        path = ":memory:" if state_dir is None else str(state_dir / "platforms.db")
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        weakref.finalize(self, self._db.close)
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA + _OWNER_INDEX)
        self._accounts: dict[tuple[str, str], Account] = {}
        self._faults: list[Fault] = []
        self._last_id = 0

    def close(self) -> None:
        """Let hanging answers go, and close the file."""
        self.closing.set()
        with self.lock:
            self._db.close()

    # accounts

    def add_account(
        self, vendor: str, handle: str, *, external_id: str, secrets: Mapping[str, str], name: str = ""
    ) -> Account:
        """Open an account (again: replace it). Its *secrets* are named as the platform's `secret_fields`."""
        account = Account(
            vendor=vendor, handle=handle, external_id=external_id, name=name or handle, secrets=dict(secrets)
        )
        with self.lock:
            self._accounts[vendor, account.key] = account
        return account

    def accounts(self, vendor: str) -> list[Account]:
        """List a vendor's accounts in the order they were opened."""
        with self.lock:
            return [account for (owner, _), account in self._accounts.items() if owner == vendor]

    def account_with(self, vendor: str, field_name: str, value: str) -> Account | None:
        """Find whose secret *value* is."""
        return next((a for a in self.accounts(vendor) if value and a.secrets.get(field_name) == value), None)

    # documents

    def put(self, vendor: str, kind: str, id_: str, body: Document) -> None:
        """Keep a document; one of the same vendor, kind and id is replaced in its place."""
        with self.lock:
            self._db.execute(
                "INSERT INTO document (vendor, kind, id, body) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (vendor, kind, id) DO UPDATE SET body = excluded.body",
                (vendor, kind, id_, json.dumps(body, ensure_ascii=False)),
            )

    def get(self, vendor: str, kind: str, id_: str) -> Document | None:
        """Read a document."""
        with self.lock:
            row = self._db.execute(
                "SELECT body FROM document WHERE vendor = ? AND kind = ? AND id = ?", (vendor, kind, id_)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, vendor: str, kind: str) -> list[Document]:
        """Read a vendor's documents of one kind, oldest first."""
        with self.lock:
            rows = self._db.execute(
                "SELECT body FROM document WHERE vendor = ? AND kind = ? ORDER BY seq", (vendor, kind)
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def newest(self, vendor: str, kind: str, owner: str, limit: int = -1) -> list[Document]:
        """Read what one account has of a kind, newest first; at most *limit* of it."""
        query = (
            f"SELECT body FROM document WHERE vendor = ? AND kind = ? AND {_OWNER} = ? "  # noqa: S608 - a fixed word
            "ORDER BY seq DESC LIMIT ?"
        )
        with self.lock:
            rows = self._db.execute(query, (vendor, kind, owner, limit)).fetchall()
        return [json.loads(row[0]) for row in rows]

    def remove(self, vendor: str, kind: str, id_: str) -> bool:
        """Drop a document; False where there was none."""
        with self.lock:
            cursor = self._db.execute(
                "DELETE FROM document WHERE vendor = ? AND kind = ? AND id = ?", (vendor, kind, id_)
            )
        return cursor.rowcount > 0

    def put_blob(self, id_: str, mime: str, content: bytes) -> str:
        """Keep bytes; answers the path under which `/_sandbox` shows them."""
        with self.lock:
            self._db.execute("INSERT OR REPLACE INTO blob VALUES (?, ?, ?)", (id_, mime, content))
        return f"/_sandbox/media/{id_}"

    def get_blob(self, id_: str) -> tuple[str, bytes] | None:
        """Read bytes and their type."""
        with self.lock:
            row = self._db.execute("SELECT mime, bytes FROM blob WHERE id = ?", (id_,)).fetchone()
        return (row[0], row[1]) if row else None

    def next_id(self) -> str:
        """Make a number that grows with time, as X and Facebook do."""
        with self.lock:
            if not self._last_id:
                row = self._db.execute("SELECT max(CAST(id AS INTEGER)) FROM document").fetchone()
                self._last_id = int(row[0] or 0)
            by_clock = (int(self.now().timestamp() * 1000) - _SNOWFLAKE_EPOCH_MS) << 22
            self._last_id = max(self._last_id + 1, by_clock)
            return str(self._last_id)

    # the journal

    def record(self, entry: Entry) -> None:
        """Write a request down."""
        body = asdict(entry) | {"at": entry.at.isoformat()}
        with self.lock:
            self._db.execute(
                "INSERT INTO journal (vendor, body) VALUES (?, ?)",
                (entry.vendor, json.dumps(body, ensure_ascii=False, default=str)),
            )

    def journal(self, vendor: str | None = None, verb: str | None = None) -> list[Document]:
        """Read what reached the stand-ins, oldest first."""
        query = "SELECT body FROM journal WHERE ?1 IS NULL OR vendor = ?1 ORDER BY seq"
        with self.lock:
            rows = self._db.execute(query, (vendor,)).fetchall()
        entries = [json.loads(row[0]) for row in rows]
        return [e for e in entries if verb in {None, e["verb"]}]

    # faults

    def order(self, fault: Fault) -> None:
        """Misbehave from now on, as often as *fault* says."""
        with self.lock:
            self._faults.append(fault)

    def faults(self) -> list[Fault]:
        """List the orders that are still open."""
        with self.lock:
            return list(self._faults)

    def clear_faults(self) -> None:
        """Behave again."""
        with self.lock:
            self._faults.clear()

    def take_fault(self, vendor: str, verb: str, *, is_after: bool) -> Fault | None:
        """Use up one turn of the first order for this call."""
        with self.lock:
            for index, fault in enumerate(self._faults):
                if fault.vendor == vendor and fault.verb in {verb, "*"} and fault.kind.is_after == is_after:
                    left = replace(fault, times=fault.times - 1)
                    self._faults[index : index + 1] = [left] if left.times > 0 else []
                    return fault
        return None

    def reset(self) -> None:
        """Forget every post, upload, journal entry and fault; the accounts stay."""
        with self.lock:
            self._faults.clear()
            for table in ("document", "blob", "journal"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - three fixed names
