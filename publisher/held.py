"""What people read of deliveries that a hold has stopped: as it is now, not as it was when they were stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.port import Remark
from publisher.delivery import DeliveryState
from publisher.ledger.moves import HELD, HELD_RELATED
from publisher.store import holds, posts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

HOLD_IS_OVER = "hold_is_over"
"""The hold was lifted: now somebody says whether it is sent."""


def held_remarks(tx: Transaction, made: Sequence[Delivery]) -> Mapping[str, Remark]:
    """Return what to say of each delivery of one post that is held, by its id."""
    held = [one for one in made if one.state is DeliveryState.HELD]
    if not held:
        return {}
    post, live = posts.by_id(tx, held[0].post_id), holds.in_force(tx, held[0].city)
    under_hold = HELD_RELATED if post.is_disaster_related else HELD
    return {
        one.id: Remark(
            code=under_hold if any(hold.covers(one.account, post.section) for hold in live) else HOLD_IS_OVER, params={}
        )
        for one in held
    }
