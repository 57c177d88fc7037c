"""Sending one emergency post, and nothing else, on one platform, from a process in which no lanes run."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from publisher.ledger.crew import Crew
from publisher.logs import build_logger
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.ledger.dispatcher import Dispatcher
    from publisher.ledger.lease_keeper import LeaseKeeper
    from publisher.ledger.outbound_port import Outbound
    from publisher.ledger.pace import Pace
    from publisher.store.delivery_record import Delivery

_log = build_logger(__name__)


class OnePost:
    """Sends to all of a post's accounts on a platform at the same time: one that hangs costs the others nothing.

    An account has as many calls under way as a lane would give it.
    """

    def __init__(
        self,
        post_id: str,
        platform: str,
        *,
        dispatcher: Dispatcher,
        keeper: LeaseKeeper,
        outbound: Outbound,
        pace: Pace,
    ) -> None:
        """Send the post *post_id* on *platform*."""
        self._post_id = post_id
        self._platform = platform
        self._dispatcher = dispatcher
        self._keeper = keeper
        self._per_account = outbound.limits(platform).concurrency
        self._slots = pace.lane_slots
        self._renew_seconds = pace.renew_seconds
        self._crew = Crew(f"{platform}-one-post", self._slots, lambda: None)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Renew the leases of what is in hand; at the end of the block wait for it, however long it takes."""
        with self._keeper.beating(self._renew_seconds):
            try:
                yield
            finally:
                self._crew.wait_until_idle(threading.TIMEOUT_MAX)
                self._crew.dismiss()

    def take_due(self) -> int:
        """Claim what is due of the post and has room, and begin to send it; return how many that were."""
        room = Room(
            platform=self._platform,
            limit=self._crew.free,
            per_account=self._per_account,
            busy=Counter(self._crew.in_hand().values()),
            is_for_emergencies=True,
            only_post=self._post_id,
        )
        taken = self._dispatcher.claim(room)
        for delivery in taken:
            try:
                self._crew.take(delivery, self._send)
            except RuntimeError:  # the machine has no room for a thread: nobody else would take it up
                self._send(delivery)
        return len(taken)

    def _send(self, delivery: Delivery) -> None:
        """Send one: where no worker is there, nobody takes up what its trouble would leave."""
        try:
            self._dispatcher.send(delivery, is_patient=True)
        except Exception:  # noqa: BLE001 - the lease will end; the post's other accounts go on
            _log.exception("delivery_dropped", delivery=delivery.id)
