"""The mark outside the database: a small file in the home folder that says how far the ledger has come, and where.

A backup of the database does not hold it, so it tells a ledger that came back from one. Written whole, with fsync.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX: Final = "ledger-mark-"
_MACHINE_ID: Final = Path("/etc/machine-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose ledger it is: what differs where a copy runs elsewhere."""

    machine: str
    home: str
    database: str
    """The database's address without its secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the file says."""

    ledger: str
    confirmed: int
    """The database has certainly had this generation."""
    intended: int
    """It may have this one already: written before the database, so that a crash in between is no alarm."""
    place: Place


class MarkFile:
    """The file in a home folder: one for each machine that works there. Its processes share it."""

    def __init__(self, home: Path, place: Place) -> None:
        """Keep where it lies, and where we are."""
        self.place = place
        short = hashlib.sha256(place.machine.encode()).hexdigest()[:12]
        self._path = home / f"{_PREFIX}{short}.json"

    def read(self) -> Marker | None:
        """Return what this machine's file says, else another machine's; None where none is there and readable."""
        own = _read(self._path)
        if own is not None:
            return own
        others = map(_read, sorted(self._path.parent.glob(f"{_PREFIX}*.json")))
        return next((one for one in others if one is not None), None)

    def adopt(self, ledger: str, generation: int) -> None:
        """Say that the ledger is here and has come as far as *generation*."""
        with self._turn():
            self._write(Marker(ledger=ledger, confirmed=generation, intended=generation, place=self.place))

    def intend(self, ledger: str, generation: int) -> None:
        """Say that the database is about to move to *generation*; a file that is not there yet begins here."""
        with self._turn():
            old = _read(self._path)
            if old is None or old.ledger != ledger:
                old = Marker(ledger=ledger, confirmed=generation - 1, intended=generation, place=self.place)
            self._write(replace(old, intended=max(old.intended, generation)))

    def confirm(self, ledger: str, generation: int) -> None:
        """Say that the database has *generation*."""
        with self._turn():
            old = _read(self._path)
            if old is not None and old.ledger == ledger:
                self._write(replace(old, confirmed=max(old.confirmed, generation)))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _write(self, marker: Marker) -> None:
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(marker), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> Marker | None:
    try:
        body = json.loads(path.read_text("utf-8"))
        return Marker(
            ledger=str(body["ledger"]),
            confirmed=int(body["confirmed"]),
            intended=int(body["intended"]),
            place=Place(**body["place"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def machine() -> str:
    """Return what tells this machine from others: its systemd id, or its name where it has none."""
    try:
        return _MACHINE_ID.read_text("ascii").strip() or socket.gethostname()
    except OSError:
        return socket.gethostname()
