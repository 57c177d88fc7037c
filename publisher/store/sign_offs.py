"""The sign-off after the fact (後閲) that an emergency post opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.store import tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """One sign-off, open or given."""

    clauses: Sequence[str]
    """The clauses that order the ordinary sign-off."""
    opened_at: datetime
    signed_by: str | None
    signed_at: datetime | None
    note: str


def open_for(tx: Transaction, *, city: str, post_id: str, clauses: Sequence[str]) -> None:
    """Open a sign-off for a post."""
    row = {"id": tx.new_id(), "city": city, "post_id": post_id, "clauses": list(clauses), "opened_at": tx.now}
    tx.execute(sa.insert(tables.sign_offs).values(**row))


def of_post(tx: Transaction, post_id: str) -> SignOff | None:
    """Return a post's sign-off, or None where it needs none."""
    table = tables.sign_offs
    columns = [table.c[name] for name in SignOff.__dataclass_fields__]
    row = tx.execute(sa.select(*columns).where(table.c.post_id == post_id)).one_or_none()
    return None if row is None else SignOff(**row._mapping)  # noqa: SLF001 - the documented way to columns by name


def sign(tx: Transaction, post_id: str, *, who: str, note: str) -> bool:
    """Give a post's open sign-off and return True, or return False where it is given already."""
    table = tables.sign_offs
    done = tx.execute(
        sa.update(table)
        .where(table.c.post_id == post_id, table.c.signed_by.is_(None))
        .values(signed_by=who, signed_at=tx.now, note=note)
    )
    return done.rowcount == 1
