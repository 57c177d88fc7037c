"""What is tried again and again: its trouble is logged once, and that it is over, not at every try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.logs import build_logger
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

_log = build_logger(__name__)


class Stumbles:
    """One thing that is tried again and again. One thread at a time may try it."""

    def __init__(self, **about: str) -> None:
        """Name it in the log by *about*."""
        self._about = about
        self._kind = ""
        self._count = 0

    def attempt(self, action: Callable[[], object]) -> None:
        """Do *action*; whatever it raises is logged where it is new, and goes no further.

        A database that does not answer is no fault of the program: it is named without a traceback.
        """
        try:
            action()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do
            self._note(error)
        else:
            if self._count:
                _log.warning("goes_on_again", after_tries=self._count, **self._about)
            self._kind, self._count = "", 0

    def _note(self, error: Exception) -> None:
        kind = type(error).__name__
        if kind != self._kind:
            log = _log.warning if isinstance(error, StoreUnavailableError) else _log.exception
            log("stumbled", error=kind, said=_first_line(error), **self._about)
        self._kind = kind
        self._count += 1


def _first_line(error: Exception) -> str:
    """Return the database's own words; what other errors say may hold a secret."""
    return str(error).partition("\n")[0] if isinstance(error, StoreUnavailableError) else ""
