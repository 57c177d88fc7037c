"""Claims whose commit was never answered: what they may have taken is looked up again, in place of waiting for its end.

The connection can be cut between a COMMIT and its answer. The leases' tokens were made here, so they are known: who
claimed finds out what it holds and goes on with it, seconds after the database is back, and long before the leases end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.logs import build_logger
from publisher.store import deliveries, leases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database
    from publisher.store.leases import Room

_log = build_logger(__name__)


class UnheardClaims:
    """What one process may hold without knowing, by the platform and the crew that claimed it."""

    def __init__(self, database: Database, *, lease_seconds: float) -> None:
        """Look it up in *database*, and lease what is found for *lease_seconds* anew."""
        self._database = database
        self._lease_seconds = lease_seconds
        self._taken: dict[tuple[str, bool], Sequence[Delivery]] = {}

    def note(self, room: Room, taken: Sequence[Delivery]) -> None:
        """Keep what a claim for *room* took and perhaps committed."""
        if taken:
            self._taken[_crew(room)] = [*self._taken.get(_crew(room), ()), *taken]

    def has_any(self, platform: str, *, is_for_emergencies: bool) -> bool:
        """Tell whether something is to be looked up."""
        return bool(self._taken.get((platform, is_for_emergencies)))

    def find(self, room: Room) -> Sequence[Delivery]:
        """Return what is leased to an earlier claim after all; what somebody has locked is looked up the next time.

        A lock can be the claim's own: its transaction may not have ended yet.
        """
        taken = self._taken.get(_crew(room), ())
        if not taken:
            return []
        with self._database.transaction() as tx:
            leased = deliveries.lock_leased(tx, taken, skip_locked=True)
            found = list(leased.held.values())
            leases.renew(tx, [one.lease_token or "" for one in found], lease_seconds=self._lease_seconds)
        self._taken[_crew(room)] = leased.locked
        _log.warning("claim_found_again", platform=room.platform, count=len(found), gone=len(leased.lost))
        return found

    def narrow(self, room: Room) -> Room:
        """Return *room* without what may be taken already."""
        taken = self._taken.get(_crew(room), ())
        if not taken:
            return room
        busy = Counter(room.busy) + Counter((one.city, one.account) for one in taken)
        return replace(room, limit=room.limit - len(taken), busy=busy)


def _crew(room: Room) -> tuple[str, bool]:
    return room.platform, room.is_for_emergencies
