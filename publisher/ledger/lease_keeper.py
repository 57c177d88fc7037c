"""The heartbeat: leases of what this process has in hand are renewed while it works."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from publisher.store import leases
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publisher.store.engine import Database


class LeaseKeeper:
    """Knows which leases are in hand, and renews them when the timer says so."""

    def __init__(self, database: Database, *, lease_seconds: float) -> None:
        """Renew in *database*, each time for *lease_seconds*."""
        self._database = database
        self._lease_seconds = lease_seconds
        self._lock = threading.Lock()
        self._tokens: set[str] = set()

    @contextmanager
    def keeping(self, token: str) -> Iterator[None]:
        """Renew the lease with this token until the block ends."""
        self.keep([token])
        try:
            yield
        finally:
            self.let_go([token])

    def keep(self, tokens: Iterable[str]) -> None:
        """Renew the leases with these tokens from now on."""
        with self._lock:
            self._tokens.update(tokens)

    def let_go(self, tokens: Iterable[str]) -> None:
        """Renew the leases with these tokens no more."""
        with self._lock:
            self._tokens.difference_update(tokens)

    @contextmanager
    def beating(self, every_seconds: float) -> Iterator[None]:
        """Renew what is in hand from a thread of its own until the block ends: where no timers run."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(every_seconds):
                with suppress(StoreUnavailableError):  # the next beat tries again
                    self.renew()

        thread = threading.Thread(target=beat, name="renew", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def renew(self) -> int:
        """Renew what is in hand; return how many leases still held."""
        with self._lock:
            tokens = frozenset(self._tokens)
        if not tokens:
            return 0
        with self._database.transaction() as tx:
            return leases.renew(tx, tokens, lease_seconds=self._lease_seconds)
