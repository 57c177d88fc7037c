"""What the ledger needs to know of a post's round at the moment of sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.post import PostState
from publisher.store import tables

if TYPE_CHECKING:
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_STOPPED = frozenset(
    {PostState.RETURNED, PostState.REJECTED, PostState.WITHDRAWN, PostState.EXPIRED, PostState.CANCELLED}
)


def why_stopped(tx: Transaction, delivery: Delivery) -> str | None:
    """Return why a delivery must not go out any more (`cancelled`, `edited`, …), or None.

    The post's row is locked by the caller, so whoever cancels or edits comes clearly before or clearly after. Other
    lines of the post may still be in their round: that stops nothing that was approved.
    """
    posts, versions = tables.posts, tables.versions
    row = tx.execute(
        sa.select(posts.c.state, posts.c.version, versions.c.version.label("of_delivery"))
        .join(versions, versions.c.post_id == posts.c.id)
        .where(posts.c.id == delivery.post_id, versions.c.id == delivery.version_id)
    ).one()
    if row.state in _STOPPED:
        return str(row.state)
    return "edited" if row.version != row.of_delivery else None
