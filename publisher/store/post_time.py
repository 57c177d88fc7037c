"""The time of posts: this machine's, or the database's where the two are too far apart.

Of several machines each writes times that the others act on. One whose clock is an hour ahead would ask about an
evacuation order as late, one that is behind would not see that it is due, and a web server's would put it off.
docs/decisions/0019.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publisher.clock import steady_seconds

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.clock import Clock

TOLERATED_SECONDS: Final = 5.0
"""How far the machine's clock may be off the database's and still tell the time."""


class PostTime:
    """A clock that hears in each transaction what the database's clock says. May be used from many threads."""

    def __init__(self, clock: Clock) -> None:
        """Tell the time of *clock* until it is found to be wrong."""
        self._clock = clock
        self._told: tuple[datetime, float] | None = None

    @property
    def is_real(self) -> bool:
        """True where the time is the operating system's, or the database's."""
        return self._clock.is_real

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        told = self._told
        if told is None:
            return self._clock.now()
        moment, told_at = told
        return moment + timedelta(seconds=steady_seconds() - told_at)

    def compare(self, moment: datetime) -> float:
        """Hear that the database's clock says *moment*; return how many seconds the machine's is ahead of it."""
        seconds_off = (self._clock.now() - moment).total_seconds()
        self._told = (moment, steady_seconds()) if abs(seconds_off) > TOLERATED_SECONDS else None
        return seconds_off
