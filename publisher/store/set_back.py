"""What a clock that was set back leaves behind: waits that were measured by a time which has not come yet.

A delivery that waits between two steps (a retry, a look, room on its account, a repair) would wait for as long as the
clock was set back, and so would one that was to go at once: written by another machine, whose clock is ahead, as well.
It is recognised by itself, whenever it happened and also after a restart: its last transition lies in the future. What
a person planned for a time, or what waits for an opening, stays at that time, and nothing goes before a time that was
named. A dead worker's lease that ends later than any can is brought back to its length.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.delivery import CLAIMABLE, TAKES_BACK, DeliveryEvent, DeliveryState
from publisher.store import tables

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

_TABLE: Final = tables.deliveries
_PASSING: Final = (DeliveryState.PROCESSING, DeliveryState.RETRY, DeliveryState.UNKNOWN)
_OPENINGS: Final = tuple(
    f"delivery_{event}" for event in (DeliveryEvent.OPENING_AWAITED, DeliveryEvent.PERSON_SAYS_WAIT)
)
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
        sa.select(_TABLE, _named_at().label("named_at"))
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
        if row.named_at is not None and row.state in CLAIMABLE:
            values["due_at"] = max(values["due_at"], row.named_at)
        elif row.state in CLAIMABLE and tx.now < row.planned_at <= row.state_at:
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
    is_at_once = _TABLE.c.due_at <= _TABLE.c.state_at
    is_put_off = sa.and_(_TABLE.c.state_at > _TABLE.c.created_at, ~_waits_for_opening())
    is_due = sa.and_(_TABLE.c.state == DeliveryState.DUE, sa.or_(is_at_once, is_put_off))
    return (_TABLE.c.state_at > latest, sa.or_(_TABLE.c.state.in_(_PASSING), is_due))


def _waits_for_opening() -> sa.ColumnElement[bool]:
    """Say that its last step gave it a time of day."""
    trail = tables.audit
    return sa.exists().where(
        *(trail.c.post_id == _TABLE.c.post_id, trail.c.delivery_id == _TABLE.c.id, trail.c.kind.in_(_OPENINGS)),
        trail.c.at >= _TABLE.c.state_at,
    )


def _named_at() -> sa.ScalarSelect[datetime | None]:
    """Return the time that a person named for what puts something out."""
    versions = tables.versions
    named = sa.select(versions.c.publish_at).where(versions.c.id == _TABLE.c.version_id)
    return named.where(_TABLE.c.kind.not_in(sorted(TAKES_BACK))).correlate(_TABLE).scalar_subquery()


def named_at(tx: Transaction, delivery: Delivery) -> datetime | None:
    """Return the time that a person named for a delivery, before which it never goes out."""
    return tx.execute(sa.select(_named_at()).where(_TABLE.c.id == delivery.id)).scalar_one_or_none()


def _is_leased_too_long(tx: Transaction, lease_seconds: float) -> tuple[sa.ColumnElement[bool], ...]:
    """Say which leases end later than one that is taken now: by more than a second whole one, since clocks differ."""
    latest = tx.lease_now() + timedelta(seconds=2 * lease_seconds)
    return (_TABLE.c.state == DeliveryState.LEASED, _TABLE.c.lease_until > latest)
