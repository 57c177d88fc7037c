"""Corrections: what was decided about a post on each account, and the post that puts it right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from policy.model import ActionKind
from publisher.delivery import DeliveryKind, DeliveryState
from publisher.store import guard_tables, tables
from publisher.store.post_records import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE: Final = guard_tables.corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One post on one account."""

    post_id: str
    """What is put right."""
    by_post_id: str | None
    """The post that puts it right; None: it is deleted, and nothing takes its place."""
    account: str
    way: str
    """A word of `publisher.correction_ways.Way`."""
    reason: str
    """A key of `publisher.correction_ways.CAUSES`."""
    note: str
    made_by: str
    made_at: datetime
    is_at_once: bool
    """It was deleted by one person's order, and not when the correcting post was approved."""


def add(tx: Transaction, city: str, made: Correction) -> None:
    """Keep a decision."""
    row: dict[str, Any] = {name: getattr(made, name) for name in Correction.__dataclass_fields__}
    tx.execute(sa.insert(_TABLE).values(id=tx.new_id(), city=city, **row))


def of_post(tx: Transaction, post_id: str) -> Sequence[Correction]:
    """Return what was decided about a post, oldest first."""
    return _read(tx, _TABLE.c.post_id == post_id)


def by_post(tx: Transaction, post_id: str) -> Sequence[Correction]:
    """Return what a post puts right, oldest first."""
    return _read(tx, _TABLE.c.by_post_id == post_id)


def action_of(tx: Transaction, post_id: str) -> ActionKind:
    """Return what a pack is asked about a post: a correcting one is judged as a correction."""
    is_one = tx.execute(sa.select(_TABLE.c.id).where(_TABLE.c.by_post_id == post_id).limit(1)).first()
    return ActionKind.PUBLISH if is_one is None else ActionKind.CORRECT


def is_put_right(tx: Transaction, post_id: str) -> bool:
    """Tell whether a post that puts this one right is out somewhere."""
    deliveries = tables.deliveries
    query = (
        sa.select(deliveries.c.id)
        .join(_TABLE, _TABLE.c.by_post_id == deliveries.c.post_id)
        .where(_TABLE.c.post_id == post_id, deliveries.c.account == _TABLE.c.account)
        .where(deliveries.c.kind == DeliveryKind.PUBLISH, deliveries.c.state == DeliveryState.SENT)
    )
    return tx.execute(query.limit(1)).first() is not None


def numbers(tx: Transaction, post_ids: Sequence[str]) -> dict[str, str]:
    """Return the numbers that people see, by the posts' ids."""
    posts = tables.posts
    rows = tx.execute(sa.select(posts.c.id, posts.c.number).where(posts.c.id.in_(sorted(set(post_ids)))))
    return {row.id: f"{PREFIX}{row.number}" for row in rows}


def _read(tx: Transaction, condition: sa.ColumnElement[bool]) -> Sequence[Correction]:
    columns = [_TABLE.c[name] for name in Correction.__dataclass_fields__]
    rows = tx.execute(sa.select(*columns).where(condition).order_by(_TABLE.c.made_at, _TABLE.c.id))
    return [Correction(**row._mapping) for row in rows]  # noqa: SLF001 - the documented way to columns by name
