"""What the ledger needs to know of a post's round at the moment of sending."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.post import PostState
from publisher.store import bulk, event_tables, supersessions, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

SUPERSEDED: Final = "superseded"
"""Why nothing more goes out of what a newer post took the place of."""
_STOPPED = frozenset(
    {PostState.RETURNED, PostState.REJECTED, PostState.WITHDRAWN, PostState.EXPIRED, PostState.CANCELLED}
)


def why_stopped(tx: Transaction, delivery: Delivery) -> str | None:
    """Return why a delivery must not go out any more (`cancelled`, `edited`, `superseded`, …), or None."""
    return stopped(tx, [delivery]).get(delivery.id)


def stopped(tx: Transaction, held: Sequence[Delivery]) -> Mapping[str, str]:
    """Return which deliveries must not go out any more, by their ids, and why (`cancelled`, `edited`, …).

    The posts' rows are locked by the caller, so whoever cancels or edits comes clearly before or clearly after. Other
    lines of a post may still be in their round: that stops nothing that was approved.
    """
    if not held:
        return {}
    rows = tx.execute(_of_rounds(is_sqlite=bulk.is_sqlite(tx)), bulk.ids(tx, [one.id for one in held]))
    return {row.id: because for row in rows if (because := _because(row)) is not None}


@cache
def _of_rounds(*, is_sqlite: bool) -> sa.Select[Any]:
    posts, versions, table, newer = tables.posts, tables.versions, tables.deliveries, event_tables.supersessions
    replaced = sa.exists().where(newer.c.post_id == table.c.post_id, newer.c.account == table.c.account)
    return (
        sa.select(
            *(table.c.id, table.c.kind, posts.c.state, posts.c.version),
            *(versions.c.version.label("of_delivery"), replaced.label("is_replaced")),
        )
        .select_from(table)
        .join(posts, posts.c.id == table.c.post_id)
        .join(versions, versions.c.id == table.c.version_id)
        .where(bulk.is_among(table.c.id, is_sqlite=is_sqlite))
    )


def _because(row: sa.Row[Any]) -> str | None:
    if row.state in _STOPPED:
        return str(row.state)
    if row.version != row.of_delivery:
        return "edited"
    return SUPERSEDED if row.is_replaced and row.kind in supersessions.SUPERSEDABLE else None
