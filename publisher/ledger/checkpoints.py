"""Checkpoints: what makes a repeat of a call safe, written down before the call goes on; many calls' in one commit.

Whoever comes while nobody writes, writes, for all who have come by the time its transaction has begun: on SQLite it may
have to wait for its turn. Whoever comes later waits, and the first of those writes for all of them: so none waits for
more than the commit before its own.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from publisher.errors import LeaseLostError
from publisher.logs import build_logger
from publisher.store import attempts
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from publisher.store.engine import Database

_log = build_logger(__name__)

PATIENCE_SECONDS: Final = 5.0
"""For how long a locked delivery is waited for before its call is broken off: far less than a lease lasts."""


@dataclass(slots=True, eq=False)
class _Entry:
    call: tuple[str, str, str]
    """The delivery, its lease's token, and what to keep."""
    turn: SimpleQueue[None] = field(default_factory=SimpleQueue)
    """Where it is told to go on: written for, or to write itself. Cheaper to make and to wait at than an event."""
    is_over: bool = False
    """Somebody wrote, or tried to."""
    is_kept: bool = False
    error: Exception | None = None


class Checkpoints:
    """Keeps the resume tokens of calls under way. May be used from many threads; has none of its own."""

    def __init__(self, database: Database, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Write to *database*; a delivery that somebody else has locked is waited for as long as *patience_seconds*."""
        self._database = database
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self._waiting: list[_Entry] = []
        self._is_writing = False

    def keep(self, delivery_id: str, *, token: str, resume: str) -> None:
        """Keep *resume* for a delivery under the lease *token*; once this returns it is durable.

        Raises:
            LeaseLostError: The lease is not this one any more: the call must not go on.
            StoreUnavailableError: The database did not answer, or the delivery stayed locked.
        """
        own = _Entry((delivery_id, token, resume))
        with self._lock:
            self._waiting.append(own)
            is_first, self._is_writing = not self._is_writing, True
        if not is_first:
            own.turn.get()
        if not own.is_over:
            self._write()
        if own.error is not None:
            raise own.error
        if not own.is_kept:
            self._keep_alone(own)

    def _keep_alone(self, own: _Entry) -> None:
        """Wait for whoever has the delivery locked, or learn that its lease was lost: at nobody else's expense.

        Not for ever: it costs a connection and the call's place, and nothing was sent yet, so the call can be repeated.
        """
        with self._database.transaction() as tx, tx.waiting_at_most(self._patience_seconds):
            if not attempts.keep_resumes(tx, [own.call]):
                raise LeaseLostError(f"delivery {own.call[0]} is leased to somebody else")

    def _write(self) -> None:
        """Write what waits, and let the first of those who came meanwhile write next."""
        together: list[_Entry] = []
        kept: frozenset[str] = frozenset()
        error: StoreUnavailableError | None = None
        try:
            with self._database.transaction() as tx:
                together = self._take()
                written = attempts.keep_resumes(tx, [one.call for one in together], skip_locked=True)
            kept = written
        except StoreUnavailableError as away:  # nothing was written: each of the calls hears it
            error = away
        except Exception as trouble:  # noqa: BLE001 - one cannot be written: each shows by itself whether it can
            _log.warning("checkpoints_apart", count=len(together), error=type(trouble).__name__)
        finally:
            for one in together or self._take():
                one.is_over, one.is_kept, one.error = True, one.call[1] in kept, error
                one.turn.put(None)
            with self._lock:
                self._is_writing = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].turn.put(None)

    def _take(self) -> list[_Entry]:
        with self._lock:
            taken, self._waiting = self._waiting, []
            return taken
