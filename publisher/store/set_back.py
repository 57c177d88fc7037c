"""What a clock that was set back leaves behind: waits that were measured by a time which has not come yet.

A delivery that waits between two steps (a retry, a look) would wait for as long as the clock was set back. It is
recognised by itself, whenever it happened and also after a restart: its last transition lies in the future.
What a person planned for a time stays at that time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.delivery import DeliveryState
from publisher.store import tables

if TYPE_CHECKING:
    from publisher.store.engine import Transaction

_TABLE: Final = tables.deliveries
_PASSING: Final = (DeliveryState.PROCESSING, DeliveryState.RETRY, DeliveryState.UNKNOWN)
TOLERATED_SECONDS: Final = 5.0
"""How far ahead a transition may lie: clocks of several machines differ, and are corrected by little."""
_WINDOW: Final = timedelta(minutes=15)
"""So much earlier than supposed the first call may have been: what is read back from then on must include the post."""


def is_wanted(tx: Transaction) -> bool:
    """Return whether something waits so."""
    return tx.execute(sa.select(_TABLE.c.id).where(*_is_ahead(tx)).limit(1)).first() is not None


def mend(tx: Transaction, *, limit: int) -> int:
    """Move what waits between two steps back by what the clock was set back; return how many deliveries that were."""
    ahead = (
        sa.select(_TABLE.c.id, _TABLE.c.state_at, _TABLE.c.due_at, _TABLE.c.first_attempt_at)
        .where(*_is_ahead(tx))
        .order_by(_TABLE.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = tx.execute(ahead).all()
    for row in rows:
        shift = row.state_at - tx.now
        values = {"state_at": tx.now, "due_at": row.due_at - shift}
        if row.first_attempt_at is not None and row.first_attempt_at > tx.now:
            values["first_attempt_at"] = row.first_attempt_at - shift - _WINDOW
        tx.execute(sa.update(_TABLE).where(_TABLE.c.id == row.id).values(**values))
    return len(rows)


def _is_ahead(tx: Transaction) -> tuple[sa.ColumnElement[bool], ...]:
    latest = tx.now + timedelta(seconds=TOLERATED_SECONDS)
    return (_TABLE.c.state.in_(_PASSING), _TABLE.c.state_at > latest)
