"""Taking up what a dead worker left: a lease that ended with an open attempt is unknown, never simply due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from publisher.delivery import DeliveryEvent, ForbiddenTransitionError
from publisher.errors import LeaseLostError
from publisher.logs import build_logger
from publisher.store import attempts, deliveries, leases, set_back
from publisher.store.deliveries import Change, Problem

if TYPE_CHECKING:
    from publisher.ledger.pace import Pace
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction

_log = build_logger(__name__)
_BATCH = 50
_MOST = 5_000
"""How many leases are ended in one go: more than a worker can have, so that the last waits for no other round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescuer:
    """Ends leases that nobody renewed. Any worker may do it: each delivery has its own transaction and guard."""

    database: Database
    pace: Pace

    def rescue(self) -> int:
        """Move what was left behind, or waits for a time that was set back; return how many leases were ended."""
        self._mend()
        with self.database.reading() as tx:
            left_behind = leases.lapsed(tx, limit=_MOST)
        return sum(self._rescue(delivery) for delivery in left_behind)

    def _mend(self) -> None:
        lease_seconds = self.pace.lease_seconds
        with self.database.reading() as tx:
            is_wanted = set_back.is_wanted(tx, lease_seconds=lease_seconds)
        if is_wanted:
            with self.database.transaction() as tx:
                if abs(tx.seconds_off()) > self.pace.clock_tolerance_seconds:
                    return  # it is this machine's clock that is wrong, and not the times of the others
                count = set_back.mend(tx, limit=_BATCH)
                count += set_back.shorten_leases(tx, lease_seconds=lease_seconds)
            _log.warning("clock_was_set_back", deliveries=count)

    def _rescue(self, delivery: Delivery) -> bool:
        try:
            with self.database.transaction() as tx:
                return self._end_lease(tx, delivery)
        except (LeaseLostError, ForbiddenTransitionError):
            return False  # its worker, or another rescuer, was faster

    def _end_lease(self, tx: Transaction, delivery: Delivery) -> bool:
        held = deliveries.lock_many(tx, [delivery.id], skip_locked=True).get(delivery.id)
        if held is None:
            return False  # somebody has it locked: the others must not wait for that
        if held.lease_token != delivery.lease_token or held.lease_until is None or held.lease_until > tx.lease_now():
            return False  # renewed since it was listed
        if attempts.close(tx, held.id, DeliveryEvent.LEASE_ENDED_OPEN):
            event = DeliveryEvent.LEASE_ENDED_OPEN
            due_at = tx.now + timedelta(seconds=self.pace.first_look_seconds)
            change = Change(due_at=due_at, problem=Problem(code="worker_died"))
        else:
            event, change = DeliveryEvent.LEASE_ENDED_UNOPENED, Change()
        deliveries.apply(tx, held.id, event, token=held.lease_token, change=change)
        _log.warning("rescued", delivery=held.id, as_event=event, owner=held.lease_owner)
        return True
