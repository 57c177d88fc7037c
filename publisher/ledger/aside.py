"""Waiting for rows that somebody else has locked: few at a time, so that a locked row costs only itself.

Each who waits holds a connection, and the pool has a few dozen for everything. Nobody waits for long in one go: after a
moment its connection is free and the next has its turn, so that many who wait in vain keep none whose row is free.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeVar

from publisher.store.engine import RowLockedError

if TYPE_CHECKING:
    from collections.abc import Callable

_Done = TypeVar("_Done")
_ROUTINE: Final = 6
_EMERGENCY: Final = 4
WAIT_SECONDS: Final = 1.0
"""For how long a row is waited for in one go."""


class Aside:
    """The room for transactions that may wait, emergencies with places of their own."""

    def __init__(self) -> None:
        """Let nobody in yet."""
        self._places = {False: threading.Semaphore(_ROUTINE), True: threading.Semaphore(_EMERGENCY)}

    def do(self, work: Callable[[], _Done], *, is_emergency: bool) -> _Done:
        """Do *work*, one transaction that waits for locks for `WAIT_SECONDS`; again and again until it has them."""
        while True:
            with self._places[is_emergency]:
                try:
                    return work()
                except RowLockedError:
                    continue
