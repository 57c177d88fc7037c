"""The wire between the processes of one PostgreSQL database: what one has committed wakes the others at once.

It only wakes: whoever missed a word finds the work by itself when it next looks (`Pace.repair_seconds`). The words
are sent after the commit and over a connection of their own, several topics and commits in one: a NOTIFY inside a
transaction would make all commits of the database wait for each other. docs/decisions/0019 has the figures.
"""

from __future__ import annotations

import os
import selectors
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import psycopg

from publisher.logs import build_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_log = build_logger(__name__)
_CHANNEL: Final = "kairan"
_TELL: Final = "SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic"
_BUNDLE_SECONDS: Final = 0.01
"""What is announced so soon after a word goes with the next one."""
_LAST_WORDS_SECONDS: Final = 2.0
_FIRST_SECONDS: Final = 5.0
"""How long whoever subscribes waits until it is listened."""
_PROBE_SECONDS: Final = 20.0
"""How long nothing is heard until it is asked whether the other end is still there."""
_WAITS_SECONDS: Final = (0.1, 0.3, 1.0, 3.0)
"""The waits between tries to connect; the last one again and again."""


class Wire:
    """Tells the other processes, and listens to them. Each way has a connection and a thread from when it is used."""

    def __init__(self, address: str, heard: Callable[[str | None], None]) -> None:
        """Connect lazily.

        Args:
            address: `postgresql://…`.
            heard: Called with each topic that another process announced; with None where words may have been missed.
        """
        self._address = address
        self._heard = heard
        self._changed = threading.Condition()
        self._untold: set[str] = set()
        self._is_closing = False
        self._teller: threading.Thread | None = None
        self._listener: threading.Thread | None = None
        self._is_listening = threading.Event()
        """It was connected once."""
        self._own: int | None = None
        """The backend that tells: what it said is no news here."""
        self._troubles: dict[str, str] = {}
        self._bell: tuple[int, int] | None = None
        """A pipe that wakes the listener when it is to end."""

    def tell(self, topics: Iterable[str]) -> None:
        """Tell the others soon; waits for nobody."""
        with self._changed:
            if self._is_closing:
                return
            self._untold.update(topics)
            self._changed.notify_all()
            if self._teller is None:
                self._teller = threading.Thread(target=self._tell_on, name="wire-tell", daemon=True)
                self._teller.start()

    def listen(self) -> None:
        """Begin to listen, if that is not so yet; from the return on nothing is missed, unless the database is away."""
        self._begin_to_listen()
        self._is_listening.wait(_FIRST_SECONDS)

    def _begin_to_listen(self) -> None:
        with self._changed:
            if self._is_closing or self._listener is not None:
                return
            self._bell = os.pipe()
            self._listener = threading.Thread(target=self._listen_on, name="wire-listen", daemon=True)
            self._listener.start()

    def close(self) -> None:
        """Say what is still unsaid, and end both ways. Nothing happens where they never began."""
        with self._changed:
            if self._is_closing:
                return
            self._is_closing = True
            self._changed.notify_all()
        if self._bell is not None:
            os.write(self._bell[1], b"!")
        for thread in (self._teller, self._listener):
            if thread is not None:
                thread.join(_LAST_WORDS_SECONDS)
        if self._bell is not None and self._listener is not None and not self._listener.is_alive():
            os.close(self._bell[0])
            os.close(self._bell[1])

    @property
    def trouble(self) -> str | None:
        """What is wrong with it now, in a few words, or None."""
        return "; ".join(f"{way}: {error}" for way, error in sorted(self._troubles.copy().items())) or None

    # ── telling ──────────────────────────────────────────────────────────────────────────────────

    def _tell_on(self) -> None:
        connection: psycopg.Connection | None = None
        tries = 0
        while topics := self._next_topics():
            try:
                if connection is None:
                    connection = self._connect()
                    self._own = connection.info.backend_pid
                connection.execute(_TELL, (_CHANNEL, topics))
                self._is_well("tell")
                tries = 0
                self._pause(_BUNDLE_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever it is, the thread goes on: nobody would start another
                self._is_cut("tell", error)
                _end(connection)
                connection = None
                if self._is_closing:
                    break  # the others look by themselves
                if isinstance(error, psycopg.Error):  # what is no word would come to nothing again and again
                    with self._changed:
                        self._untold.update(topics)
                self._pause(_wait_after(tries))
                tries += 1
        _end(connection)

    def _is_cut(self, way: str, error: Exception) -> None:
        _log.warning("wire_cut", way=way, error=type(error).__name__)
        self._troubles[way] = type(error).__name__

    def _is_well(self, way: str) -> None:
        self._troubles.pop(way, None)

    def _next_topics(self) -> list[str]:
        """Wait for something to tell; nothing once the wire is closing and everything is told."""
        with self._changed:
            self._changed.wait_for(lambda: self._untold or self._is_closing)
            topics, self._untold = sorted(self._untold), set()
            return topics

    def _pause(self, seconds: float) -> None:
        ends_at = time.monotonic() + seconds
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing or time.monotonic() >= ends_at, seconds)

    # ── listening ────────────────────────────────────────────────────────────────────────────────

    def _listen_on(self) -> None:
        tries = 0
        while not self._is_closing:
            connection = None
            try:
                connection = self._connect()
                connection.execute(f"LISTEN {_CHANNEL}")
                if self._is_listening.is_set() or tries:
                    self._heard(None)  # nobody knows what was said meanwhile
                self._is_well("listen")
                self._is_listening.set()
                tries = 0
                self._listen(connection)
            except Exception as error:  # noqa: BLE001 - whatever it is, the thread goes on: it is tried anew
                self._is_cut("listen", error)
                self._pause(_wait_after(tries))
                tries += 1
            finally:
                _end(connection)

    def _listen(self, connection: psycopg.Connection) -> None:
        with selectors.DefaultSelector() as either:
            either.register(connection.fileno(), selectors.EVENT_READ)
            if self._bell is not None:
                either.register(self._bell[0], selectors.EVENT_READ)
            while not self._is_closing:
                if not either.select(_PROBE_SECONDS):
                    connection.execute("SELECT 1")
                words = {word.payload for word in connection.notifies(timeout=0) if word.pid != self._own}
                for topic in sorted(words):
                    self._heard(topic)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            self._address,
            autocommit=True,
            connect_timeout=5,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=int(_PROBE_SECONDS * 1000),
            application_name="kairan wire",
        )


def _end(connection: psycopg.Connection | None) -> None:
    if connection is not None:
        with suppress(Exception):
            connection.close()


def _wait_after(tries: int) -> float:
    return _WAITS_SECONDS[min(tries, len(_WAITS_SECONDS) - 1)]
