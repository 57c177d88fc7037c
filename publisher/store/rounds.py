"""What the ledger needs to know of a post's round at the moment of sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.post import PostState
from publisher.store import event_tables, supersessions, tables

if TYPE_CHECKING:
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

SUPERSEDED: Final = "superseded"
"""Why nothing more goes out of what a newer post took the place of."""
_STOPPED = frozenset(
    {PostState.RETURNED, PostState.REJECTED, PostState.WITHDRAWN, PostState.EXPIRED, PostState.CANCELLED}
)


def why_stopped(tx: Transaction, delivery: Delivery) -> str | None:
    """Return why a delivery must not go out any more (`cancelled`, `edited`, `superseded`, …), or None.

    The post's row is locked by the caller, so whoever cancels or edits comes clearly before or clearly after. Other
    lines of the post may still be in their round: that stops nothing that was approved.
    """
    posts, versions, newer = tables.posts, tables.versions, event_tables.supersessions
    replaced = sa.exists().where(newer.c.post_id == posts.c.id, newer.c.account == delivery.account)
    row = tx.execute(
        sa.select(
            posts.c.state, posts.c.version, versions.c.version.label("of_delivery"), replaced.label("is_replaced")
        )
        .join(versions, versions.c.post_id == posts.c.id)
        .where(posts.c.id == delivery.post_id, versions.c.id == delivery.version_id)
    ).one()
    if row.state in _STOPPED:
        return str(row.state)
    if row.version != row.of_delivery:
        return "edited"
    return SUPERSEDED if row.is_replaced and delivery.kind in supersessions.SUPERSEDABLE else None
