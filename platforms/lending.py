"""What is dear to make and serves one thread at a time: kept from one delivery to the next, and lent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

_Secrets = TypeVar("_Secrets", str, tuple[str, ...])
_MOST: Final = 1024
"""Of how many accounts clients are kept; the oldest give way."""


class KeptClients(ABC, Generic[_Secrets]):
    """Lends an SDK's clients, each to one thread at a time, by their secrets: who has new ones gets a new client."""

    def __init__(self) -> None:
        self._idle: dict[_Secrets, deque[Any]] = {}
        self._lock = Lock()
        """Guards who is in it; each account's own clients are taken and given back without."""

    @contextmanager
    def lent(self, secrets: _Secrets) -> Iterator[Any]:
        """Lend a client of the account that these *secrets* open."""
        with self._lock:
            idle = self._idle.setdefault(secrets, deque())
            while len(self._idle) > _MOST:
                del self._idle[next(iter(self._idle))]
        try:
            client = idle.pop()
        except IndexError:
            client = self._make(secrets)
        yield client
        idle.append(client)  # one that broke off is not lent again

    @abstractmethod
    def _make(self, secrets: _Secrets) -> Any:  # noqa: ANN401 - the SDKs have no type information
        """Make one more client."""
