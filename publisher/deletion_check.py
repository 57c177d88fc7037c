"""The last check of a deletion: does the correction that ordered it still stand?

An ordinary correction deletes the old post at its own time. Until then it can be withdrawn, or written anew: without
it the old post must not vanish.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.port import Remark
from publisher.correction_ways import Way
from publisher.delivery import DeliveryKind, DeliveryState
from publisher.ledger.outbound_port import AskPerson, Go, NotBefore
from publisher.store import corrections, deliveries

if TYPE_CHECKING:
    from publisher.ledger.outbound_port import Check
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction


def check(tx: Transaction, delivery: Delivery) -> Check:
    """Say whether what takes a post back may go on now.

    What one person ordered at once waits for nothing; nor does it matter how the correction's own delivery ended.
    """
    account = _publication(tx, delivery).account
    orders = [one for one in corrections.of_post(tx, delivery.post_id) if one.account == account]
    by = [one.by_post_id for one in orders if one.way == Way.DELETE_AND_REPOST and one.by_post_id is not None]
    if not by or any(one.is_at_once and one.way != Way.NEW_POST for one in orders):
        return Go()
    made = [one for post_id in by for one in deliveries.of_post(tx, post_id)]
    made = [one for one in made if one.account == account and one.kind is DeliveryKind.PUBLISH]
    standing = [one for one in made if one.state is not DeliveryState.CANCELLED]
    number = corrections.numbers(tx, by)[by[-1]]
    if not standing:
        remark = Remark(code="correction_withdrawn", params={"number": number})
        return AskPerson(remark=remark, is_waivable=True)
    ahead = [one.due_at for one in standing if one.state is DeliveryState.DUE and one.due_at > tx.now]
    if len(ahead) < len(standing):
        return Go()
    return NotBefore(at=min(ahead), remark=Remark(code="waits_for_correction", params={"number": number}))


def _publication(tx: Transaction, delivery: Delivery) -> Delivery:
    """Return what published the post that *delivery* deletes, or whose repost it undoes."""
    source = deliveries.get(tx, delivery.source_id or "")
    return source if source.kind is DeliveryKind.PUBLISH else deliveries.get(tx, source.source_id or "")
