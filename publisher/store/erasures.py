"""Decisions to erase a post's content: proposed by one person, confirmed or refused by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import sqlalchemy as sa

from publisher.errors import NotFoundError
from publisher.post import FINAL
from publisher.store import tables
from publisher.store.guard_tables import erasures
from publisher.store.post_records import Post

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

CONFIRMED: Final = "confirmed"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One proposal, and what became of it."""

    id: str
    city: str
    post_id: str
    reason: str
    note: str
    proposed_by: str
    proposed_at: datetime
    decision: str | None
    """`confirmed`, `refused`, or None while it is open."""
    decided_by: str | None
    decided_at: datetime | None

    @classmethod
    def from_row(cls, row: Any) -> Self:  # noqa: ANN401 - rows are untyped
        """Return the record of a row of `erasures`."""
        return cls(**row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name


def add(tx: Transaction, post: Post, *, reason: str, note: str, who: str) -> Erasure:
    """Propose to erase a locked post's content.

    Raises:
        sqlalchemy.exc.IntegrityError: There is a proposal that is open, or it is erased.
    """
    row = {"id": tx.new_id(), "city": post.city, "post_id": post.id, "reason": reason, "note": note}
    tx.execute(sa.insert(erasures).values(**row, proposed_by=who, proposed_at=tx.now))
    return get(tx, post.city, row["id"])


def get(tx: Transaction, city: str, erasure_id: str) -> Erasure:
    """Return a proposal.

    Raises:
        NotFoundError: The city has none of this id.
    """
    found = _many(tx, erasures.c.city == city, erasures.c.id == erasure_id)
    if not found:
        raise NotFoundError(f"there is no erasure {erasure_id}")
    return found[0]


def open_ones(tx: Transaction, city: str) -> Sequence[Erasure]:
    """Return the proposals that nobody has decided on, oldest first."""
    return _many(tx, erasures.c.city == city, erasures.c.decision.is_(None))


def live_of_post(tx: Transaction, post_id: str) -> Erasure | None:
    """Return a post's proposal that is open or confirmed, or None: there is never more than one."""
    found = _many(tx, erasures.c.post_id == post_id, erasures.c.decision.is_distinct_from(REFUSED))
    return found[0] if found else None


def confirmed_of_post(tx: Transaction, post_id: str) -> Erasure | None:
    """Return the decision by which a post's content was erased, or None."""
    found = live_of_post(tx, post_id)
    return found if found is not None and found.decision == CONFIRMED else None


def every_confirmed(tx: Transaction, city: str) -> Sequence[Erasure]:
    """Return the decisions by which something was erased, oldest first."""
    return _many(tx, erasures.c.city == city, erasures.c.decision == CONFIRMED)


def count_confirmed(tx: Transaction) -> int:
    """Count the decisions by which something was erased, of all cities."""
    query = sa.select(sa.func.count()).where(erasures.c.decision == CONFIRMED)
    counted: int = tx.execute(query).scalar_one()
    return counted


def decide(tx: Transaction, erasure: Erasure, *, decision: str, who: str) -> Erasure:
    """Write the decision on a proposal whose post is locked.

    Raises:
        NotFoundError: It is not open any more.
        sqlalchemy.exc.IntegrityError: Whoever proposed it decides on it.
    """
    decided = (
        sa.update(erasures)
        .where(erasures.c.id == erasure.id, erasures.c.decision.is_(None))
        .values(decision=decision, decided_by=who, decided_at=tx.now)
    )
    if tx.execute(decided).rowcount != 1:
        raise NotFoundError(f"erasure {erasure.id} is not open any more")
    return get(tx, erasure.city, erasure.id)


def ended_before(tx: Transaction, city: str, instant: datetime) -> Sequence[Post]:
    """Return the posts that ended before an instant and are not erased, oldest first."""
    posts = tables.posts
    is_erased = sa.select(erasures.c.id).where(erasures.c.post_id == posts.c.id, erasures.c.decision == CONFIRMED)
    query = (
        sa.select(posts)
        .where(posts.c.city == city, posts.c.state.in_(sorted(FINAL)), posts.c.finished_at <= instant)
        .where(~is_erased.exists())
        .order_by(posts.c.finished_at, posts.c.number)
    )
    return [Post.from_row(row) for row in tx.execute(query)]


def _many(tx: Transaction, *conditions: sa.ColumnElement[bool]) -> Sequence[Erasure]:
    query = sa.select(erasures).where(*conditions).order_by(erasures.c.proposed_at, erasures.c.id)
    return [Erasure.from_row(row) for row in tx.execute(query)]
