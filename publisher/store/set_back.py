"""What a clock that was set back leaves behind: waits that were measured by a time which has not come yet.

A delivery that waits between two steps (a retry, a look) would wait for as long as the clock was set back, and so
would one that was to go at once: written by another machine, whose clock is ahead, as well. It is recognised by itself,
whenever it happened and also after a restart: its last transition lies in the future. What a person planned for a time
stays at that time. A dead worker's lease that ends later than any can is brought back to its length.
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


def is_wanted(tx: Transaction, *, lease_seconds: float) -> bool:
    """Return whether something waits so."""
    either = (_is_ahead(tx), _is_leased_too_long(tx, lease_seconds))
    return any(tx.execute(sa.select(_TABLE.c.id).where(*one).limit(1)).first() is not None for one in either)


def mend(tx: Transaction, *, limit: int) -> int:
    """Move what waits between two steps back by what the clock was set back; return how many deliveries that were."""
    ahead = (
        sa.select(_TABLE)
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
        if row.state == DeliveryState.DUE and tx.now < row.planned_at <= row.state_at:  # nobody named another time
            values["planned_at"] = row.planned_at - shift
            if row.is_emergency and row.latest_at is not None:
                values["latest_at"] = row.latest_at - shift
        tx.execute(sa.update(_TABLE).where(_TABLE.c.id == row.id).values(**values))
    return len(rows)


def shorten_leases(tx: Transaction, *, lease_seconds: float) -> int:
    """Let leases that end later than any can end in *lease_seconds*; return how many. Who lives renews them."""
    ahead = sa.select(_TABLE.c.id).where(*_is_leased_too_long(tx, lease_seconds))
    ids = tx.execute(ahead.with_for_update(skip_locked=True, key_share=True)).scalars().all()
    until = tx.lease_now() + timedelta(seconds=lease_seconds)
    tx.execute(sa.update(_TABLE).where(_TABLE.c.id.in_(ids)).values(lease_until=until))
    return len(ids)


def _is_ahead(tx: Transaction) -> tuple[sa.ColumnElement[bool], ...]:
    latest = tx.now + timedelta(seconds=TOLERATED_SECONDS)
    is_at_once = sa.and_(_TABLE.c.state == DeliveryState.DUE, _TABLE.c.due_at <= _TABLE.c.state_at)
    return (sa.or_(_TABLE.c.state.in_(_PASSING), is_at_once), _TABLE.c.state_at > latest)


def _is_leased_too_long(tx: Transaction, lease_seconds: float) -> tuple[sa.ColumnElement[bool], ...]:
    """Say which leases end later than one that is taken now: by more than a second whole one, since clocks differ."""
    latest = tx.lease_now() + timedelta(seconds=2 * lease_seconds)
    return (_TABLE.c.state == DeliveryState.LEASED, _TABLE.c.lease_until > latest)
