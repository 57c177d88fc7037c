"""What a newer post took the place of, on which accounts. Written once; the last check before each call reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import sqlalchemy as sa

from publisher.delivery import FINAL, DeliveryKind
from publisher.store import event_tables, inserts, tables
from publisher.store.delivery_record import Delivery
from publisher.store.post_records import PREFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from publisher.store.engine import Transaction

SUPERSEDABLE: Final = frozenset({DeliveryKind.PUBLISH, DeliveryKind.REPOST})
"""What a newer post stops: what takes a post back goes on."""
_TABLE: Final = event_tables.supersessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Supersession:
    """A newer post took the place of an older one on an account."""

    city: str
    post_id: str
    account: str
    by_post_id: str
    because: str
    """Why, as `publisher.superseding.Because`."""
    who: str
    at: datetime
    newer: str
    """The newer post's number, for people."""

    @classmethod
    def from_row(cls, row: sa.Row[Any]) -> Self:
        """Return the supersession that a row holds."""
        values = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name
        return cls(newer=f"{PREFIX}{values.pop('number')}", **values)


def add(tx: Transaction, *, city: str, post_id: str, account: str, by_post_id: str, because: str, who: str) -> bool:
    """Keep that a newer post took a locked post's place on an account; False where another has before."""
    row = {"city": city, "post_id": post_id, "account": account, "by_post_id": by_post_id}
    return inserts.insert_missing(tx, _TABLE, row | {"because": because, "who": who, "at": tx.now})


def of_delivery(tx: Transaction, delivery: Delivery) -> Supersession | None:
    """Return what took a delivery's place, or None. Behind its post's lock the answer holds."""
    if delivery.kind not in SUPERSEDABLE:
        return None
    return of_post(tx, delivery.post_id).get(delivery.account)


def of_post(tx: Transaction, post_id: str) -> Mapping[str, Supersession]:
    """Return what took a post's place, by account."""
    return {one.account: one for one in _read(tx, _TABLE.c.post_id == post_id)}


def by_post(tx: Transaction, by_post_id: str) -> Sequence[tuple[str, str]]:
    """Return (post, account) of what a newer post took the place of."""
    query = sa.select(_TABLE.c.post_id, _TABLE.c.account).where(_TABLE.c.by_post_id == by_post_id)
    return [(row.post_id, row.account) for row in tx.execute(query.order_by(_TABLE.c.post_id, _TABLE.c.account))]


def open_deliveries(tx: Transaction, post_ids: Collection[str]) -> Sequence[Delivery]:
    """Return those deliveries of posts that a newer post could still take the place of, the oldest first."""
    table = tables.deliveries
    query = sa.select(table).where(
        table.c.post_id.in_(sorted(post_ids)),
        table.c.state.not_in(sorted(FINAL)),
        table.c.kind.in_(sorted(SUPERSEDABLE)),
    )
    return [Delivery.from_row(row) for row in tx.execute(query.order_by(table.c.created_at, table.c.id))]


def numbers(tx: Transaction, post_ids: Collection[str]) -> Mapping[str, str]:
    """Return the numbers that people see of posts, by their ids."""
    posts = tables.posts
    rows = tx.execute(sa.select(posts.c.id, posts.c.number).where(posts.c.id.in_(sorted(post_ids))))
    return {row.id: f"{PREFIX}{row.number}" for row in rows}


def _read(tx: Transaction, condition: sa.ColumnElement[bool]) -> Sequence[Supersession]:
    posts = tables.posts
    query = sa.select(_TABLE, posts.c.number).join(posts, posts.c.id == _TABLE.c.by_post_id).where(condition)
    return [Supersession.from_row(row) for row in tx.execute(query)]
