"""Acts that were done: each once, by its key.

`once` takes the key at the start of the transaction, so that the same act done twice at the same moment waits for
the first and then gets its outcome. A refused act rolls back and leaves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.api import Outcome
from publisher.store import inserts, tables

if TYPE_CHECKING:
    from publisher.api import Act
    from publisher.store.engine import Transaction


def once(tx: Transaction, act: Act) -> Outcome | None:
    """Take the key of *act* and return None, or return the outcome it had, marked as a repeat."""
    row = {"city": act.city, "key": act.key, "person": act.person, "done_at": tx.now, "outcome": {}}
    if inserts.insert_missing(tx, tables.acts, row):
        return None
    stored = tx.execute(
        sa.select(tables.acts.c.outcome).where(tables.acts.c.city == act.city, tables.acts.c.key == act.key)
    ).scalar_one()
    if not stored:
        return None
    return Outcome(code=stored["code"], number=stored["number"], params=stored["params"], is_repeat=True)


def keep(tx: Transaction, act: Act, outcome: Outcome) -> Outcome:
    """Store what *act* led to, and return it."""
    body = {"code": outcome.code, "number": outcome.number, "params": dict(outcome.params)}
    tx.execute(
        sa.update(tables.acts)
        .where(tables.acts.c.city == act.city, tables.acts.c.key == act.key)
        .values(person=act.person, outcome=body)
    )
    return outcome
