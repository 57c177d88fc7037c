"""Recurring checks that all processes of one database share: each period's is made by one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.logs import build_logger
from publisher.store import ticks
from publisher.store.engine import STORE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.ledger.timers import Timers
    from publisher.store.engine import Database

_log = build_logger(__name__)
_BEYOND_SECONDS: Final = 0.02
"""How far into the next period to wake, so that a timer that is a little early does not meet the same one again."""


class Recurring:
    """Makes recurring checks at most once a period over all processes of a database.

    Not for what each process keeps for itself (an index in memory): that goes by `Timers.every`.
    """

    def __init__(self, database: Database, timers: Timers, *, owner: str) -> None:
        """Share *database* with others.

        Args:
            database: Where the ticks are.
            timers: Wake this process.
            owner: The process's name, kept beside each tick that it takes.
        """
        self._database = database
        self._timers = timers
        self._owner = owner

    def every(self, seconds: float, name: str, action: Callable[[], object]) -> None:
        """Call *action* once in each period of *seconds*, in one of the processes that say so.

        A check that raises, or whose process dies, is made again in the next period; one that takes longer than a
        period may still be under way when another process begins the next.
        """

        def wake() -> None:
            delay = seconds
            try:
                delay = self.turn(seconds, name, action)
            finally:
                self._timers.once(delay, f"recurring-{name}", wake)

        self._timers.once(0.0, f"recurring-{name}", wake)

    def turn(self, seconds: float, name: str, action: Callable[[], object]) -> float:
        """Call *action* if this period is still nobody's; return after how many seconds to try again."""
        try:
            with self._database.transaction() as tx:
                tick = ticks.take(tx, name, seconds=seconds, by=self._owner)
        except STORE_ERRORS:
            _log.warning("tick_not_taken", check=name)
            return seconds
        if tick.is_mine:
            try:
                action()
            except Exception:  # noqa: BLE001 - whatever it is, the next period tries again
                _log.exception("check_failed", check=name)
        return tick.next_in_seconds + _BEYOND_SECONDS
