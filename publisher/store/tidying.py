"""Rows that nobody needs any more: mails that are done, warnings that are over, addresses that no text asks about.

The audit trail keeps what happened; these only kept it from being done or told twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.store import rule_tables, watch_tables

if TYPE_CHECKING:
    from publisher.store.engine import Transaction

KEPT: Final = timedelta(days=30)
"""For how long they stay, for whoever looks into what happened: a mail is tried for a day at most."""
_AT_A_TIME: Final = 1000
"""So that nobody waits for a transaction that deletes for long; the rest goes the next time."""


def tidy(tx: Transaction) -> int:
    """Delete what has been over for longer than `KEPT`; return how many rows that were.

    An address that no text asks about is looked at no more (`publisher.link_book`), so its row grows old.
    """
    mails, warnings, links = watch_tables.mails, watch_tables.warnings, rule_tables.links
    ends = ((mails, mails.c.done_at, tx.lease_now()), (warnings, warnings.c.ended_at, tx.lease_now()))
    return sum(
        _delete(tx, table, at < now - KEPT)
        for table, at, now in (*ends, (links, links.c.checked_at, tx.now))  # a row that is not over has no such time
    )


def _delete(tx: Transaction, table: sa.Table, is_old: sa.ColumnElement[bool]) -> int:
    (key,) = table.primary_key.columns
    old = sa.select(key).where(is_old).limit(_AT_A_TIME)
    return tx.execute(sa.delete(table).where(key.in_(old))).rowcount
