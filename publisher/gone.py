"""What people see of posts that were taken back: when, by whose order, and what was kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import KeptRecord, TakenBack
from publisher.delivery import TAKES_BACK, DeliveryState
from publisher.desk import SYSTEM_PARTS
from publisher.store import audit, evidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.desk import Desk
    from publisher.store.deliveries import Delivery
    from publisher.store.engine import Transaction


def taken_back(tx: Transaction, desk: Desk, made: Sequence[Delivery]) -> Mapping[str, TakenBack]:
    """Return how each of a post's publications and reposts was taken back, by its id; the others have no entry.

    The order is the newest of a person: who had a deletion brought forward, or said once more that it goes, ordered it.

    Args:
        tx: A transaction.
        desk: The shared collaborators.
        made: All deliveries of one post.
    """
    done = {one.id: one for one in made if one.kind in TAKES_BACK and one.state is DeliveryState.SENT}
    if not done:
        return {}
    ordered: dict[str, str] = {}
    for event in audit.of_post(tx, next(iter(done.values())).post_id):
        is_order = event.who not in SYSTEM_PARTS and event.facts.get("to") != DeliveryState.SENT
        if event.delivery_id in done and is_order:
            ordered[event.delivery_id] = event.who
    return {
        str(one.source_id): TakenBack(
            at=one.sent_at or one.state_at,
            by=desk.person_name(one.city, ordered[one.id]) if one.id in ordered else "",
        )
        for one in done.values()
    }


def kept_records(tx: Transaction, desk: Desk, made: Sequence[Delivery]) -> tuple[KeptRecord, ...]:
    """Return what was kept of a post's publications before they were deleted."""
    sources = dict.fromkeys(str(one.source_id) for one in made if one.kind in TAKES_BACK)
    by_id = {one.id: one for one in made}
    found = ((by_id[key], evidence.of_delivery(tx, key)) for key in sources if key in by_id)
    return tuple(
        KeptRecord(
            account_name=desk.account_name(source.city, source.account),
            taken_at=kept.taken_at,
            sent_at=kept.sent_at,
            url=kept.url,
        )
        for source, kept in found
        if kept is not None
    )
