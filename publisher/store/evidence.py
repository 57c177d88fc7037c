"""Evidence: what a post was before it was deleted. One record a published delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import guard_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_TABLE: Final = guard_tables.evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was known of a published delivery right before its deletion."""

    delivery_id: str
    """The delivery that published it."""
    taken_at: datetime
    taken_by: str
    text: str
    """As it was sent, with its title on a line before."""
    media: Sequence[Mapping[str, str]]
    """Each file's `sha256`, `name` and `alt`."""
    url: str | None
    external_id: str | None
    sent_at: datetime | None
    figures: Mapping[str, int]
    """How far it went, in the platform's own words; empty where it could not be read."""
    shown_text: str = ""
    """As the platform returned it; empty where it doesn't, or where it could not be read."""
    unread: str | None = None
    """Why the platform's own words and figures are missing: a code, or None where they were read."""


def keep(tx: Transaction, city: str, found: Evidence) -> bool:
    """Keep it and return True, or return False where there is a record already: the first one stands."""
    if of_delivery(tx, found.delivery_id) is not None:
        return False
    row: dict[str, Any] = {name: getattr(found, name) for name in Evidence.__dataclass_fields__}
    row |= {"media": [dict(one) for one in found.media], "figures": dict(found.figures)}
    tx.execute(sa.insert(_TABLE).values(id=tx.new_id(), city=city, **row))
    return True


def of_delivery(tx: Transaction, delivery_id: str) -> Evidence | None:
    """Return the record of a published delivery, or None."""
    columns = [_TABLE.c[name] for name in Evidence.__dataclass_fields__]
    query = sa.select(*columns).where(_TABLE.c.delivery_id == delivery_id).order_by(_TABLE.c.taken_at).limit(1)
    row = tx.execute(query).one_or_none()
    return None if row is None else Evidence(**row._mapping)  # noqa: SLF001 - the documented way to columns by name
