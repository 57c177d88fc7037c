"""What people said of holding something, and when: an order that lay in an inbox is older than it looks.

It is read from the audit trail. What a version before left there names no time; such a word counts as never said, and a
hold that was ordered before it begins: that is the safe side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import audit, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.store.engine import Transaction
    from publisher.store.holds import Hold, Scope

BEGAN: Final = "hold_began"
LIFTED: Final = "hold_lifted"
FOUND_NONE: Final = "resume_found_none"
"""A resume where nothing was held: it counts all the same against a hold that was ordered before."""
LATE: Final = "hold_came_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A hold or a resume as somebody said it."""

    city: str
    who: str
    scope: Scope
    target: str
    said_at: datetime


def record(tx: Transaction, kind: str, word: Word, *, note: str, facts: Mapping[str, Any] | None = None) -> None:
    """Leave the audit event of a word, with more *facts*."""
    said = {"scope": str(word.scope), "target": word.target, "said_at": word.said_at.isoformat()}
    audit.append(tx, city=word.city, who=word.who, kind=kind, facts=said | dict(facts or {}), note=note)


def later_than(tx: Transaction, word: Word) -> tuple[str, datetime] | None:
    """Return who said last what counts against an earlier *word* about the same, and when; None: nobody."""
    told = [
        (row.who, datetime.fromisoformat(row.facts["said_at"]))
        for row in _told(tx, word.city, (BEGAN, LIFTED, FOUND_NONE), since=word.said_at)
        if (row.facts.get("scope"), row.facts.get("target")) == (str(word.scope), word.target)
    ]
    return max((one for one in told if one[1] > word.said_at), key=lambda one: one[1], default=None)


def said_at(tx: Transaction, hold: Hold) -> datetime:
    """Return when a hold was ordered: that can be long before it began."""
    for row in _told(tx, hold.city, (BEGAN,), since=hold.started_at):
        if row.facts.get("hold") == hold.id:
            return datetime.fromisoformat(row.facts.get("said_at") or hold.started_at.isoformat())
    return hold.started_at


def _told(tx: Transaction, city: str, kinds: Sequence[str], *, since: datetime) -> Sequence[sa.Row[Any]]:
    """Return the events of these kinds that were left at *since* or later, with their facts."""
    trail, content = tables.audit, tables.audit_content
    query = (
        sa.select(trail.c.who, content.c.facts)
        .join(content, sa.and_(content.c.city == trail.c.city, content.c.seq == trail.c.seq))
        .where(trail.c.city == city, trail.c.kind.in_(kinds), trail.c.at >= since, content.c.facts.is_not(None))
    )
    return tx.execute(query.order_by(trail.c.seq)).all()
