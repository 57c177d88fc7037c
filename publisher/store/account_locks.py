"""Locks on accounts: what two transactions must not find out at once, each believing itself to be the first.

On PostgreSQL they are advisory locks, one kind for each purpose. They come after post, deliveries and the hold's lock
and before the city's chain, and several of a kind are taken in one order. On SQLite one writes at a time.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Collection

    from publisher.store.engine import Transaction


class Purpose(StrEnum):
    """What nobody else does meanwhile."""

    QUOTA = "kairan-quota"
    """Counting what the account has used up, and using more."""
    RECEIPT = "kairan-receipt"
    """Taking a post that was found on the platform for a delivery's."""
    REPAIR = "kairan-repair"
    """Asking a person to mend the account."""


def lock(tx: Transaction, purpose: Purpose, accounts: Collection[tuple[str, str]]) -> None:
    """Keep everybody else from doing this with these (city, account) until the transaction ends; wait for who does."""
    if tx.connection.dialect.name != "postgresql":
        return
    for account in sorted(set(accounts)):
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(*_key(purpose, account))))


def try_lock(tx: Transaction, purpose: Purpose, account: tuple[str, str]) -> bool:
    """Do the same for one (city, account), or return False where somebody does it at this moment: nothing waits."""
    if tx.connection.dialect.name != "postgresql":
        return True
    return bool(tx.execute(sa.select(sa.func.pg_try_advisory_xact_lock(*_key(purpose, account)))).scalar_one())


def _key(purpose: Purpose, account: tuple[str, str]) -> tuple[sa.Function[Any], sa.Function[Any]]:
    return sa.func.hashtext(str(purpose)), sa.func.hashtext("/".join(account))
