"""For when a delivery was appointed: by its plan, by its source's receipt, for an opening, or by a person's last word.

`due_at` is not that: the ledger moves it on where a platform takes nothing for now, and after each call that failed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.delivery import DeliveryEvent
from publisher.store import tables

if TYPE_CHECKING:
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_APPOINT: Final = (
    "delivery_created",
    *(
        f"delivery_{event}"
        for event in (
            DeliveryEvent.RELEASED,
            DeliveryEvent.OPENING_AWAITED,
            DeliveryEvent.PERSON_SAYS_SEND,
            DeliveryEvent.PERSON_SAYS_WAIT,
            DeliveryEvent.HOLD_LIFTED,
        )
    ),
)
"""The events of the audit trail that appoint a time."""


def came_up_at(tx: Transaction, delivery: Delivery) -> datetime:
    """Return for when a delivery was last appointed: `due_at`, where the trail doesn't say."""
    trail, content = tables.audit, tables.audit_content
    query = (
        sa.select(trail.c.at, content.c.facts)
        .outerjoin(content, sa.and_(content.c.city == trail.c.city, content.c.seq == trail.c.seq))
        .where(trail.c.post_id == delivery.post_id, trail.c.delivery_id == delivery.id, trail.c.kind.in_(_APPOINT))
        .order_by(trail.c.seq.desc())
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return delivery.due_at
    said = (row.facts or {}).get("due_at")
    return row.at if said is None else datetime.fromisoformat(said)
