"""The sealed secrets of the accounts, and the value by which a wrong key is noticed. Bytes only: no key is here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import bulk, inserts, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from publisher.store.engine import Transaction

_ACCOUNTS: Final = "accounts"
KEY_CHECK: Final = ("", "key-check")
"""The row (of no city) that holds a known text sealed with the key."""


def put(tx: Transaction, city: str, account: str, sealed: bytes) -> None:
    """Store an account's sealed secrets in place of what was there."""
    row = {"city": city, "account": account, "sealed": sealed, "updated_at": tx.now}
    if not inserts.insert_missing(tx, tables.credentials, row):
        tx.execute(sa.update(tables.credentials).where(*_is(city, account)).values(sealed=sealed, updated_at=tx.now))


def put_missing(tx: Transaction, city: str, account: str, sealed: bytes) -> bool:
    """Store sealed bytes where none are and return True; else return False."""
    row = {"city": city, "account": account, "sealed": sealed, "updated_at": tx.now}
    return inserts.insert_missing(tx, tables.credentials, row)


def get(tx: Transaction, city: str, account: str) -> bytes | None:
    """Return an account's sealed secrets, or None."""
    return of_accounts(tx, [(city, account)]).get((city, account))


def of_accounts(tx: Transaction, accounts: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], bytes]:
    """Return the sealed secrets of these (city, account); one that has none is left out."""
    named = bulk.ids(tx, {city for city, _ in accounts}) | bulk.ids(tx, {key for _, key in accounts}, name=_ACCOUNTS)
    rows = tx.execute(_sealed(is_sqlite=bulk.is_sqlite(tx)), named)
    return {(row.city, row.account): row.sealed for row in rows}


@cache
def _sealed(*, is_sqlite: bool) -> sa.Select[Any]:
    table = tables.credentials
    query = sa.select(table.c.city, table.c.account, table.c.sealed)
    query = query.where(bulk.is_among(table.c.city, is_sqlite=is_sqlite))
    return query.where(bulk.is_among(table.c.account, is_sqlite=is_sqlite, name=_ACCOUNTS))


def accounts(tx: Transaction, city: str) -> Sequence[str]:
    """Return the accounts of a city that have secrets."""
    query = sa.select(tables.credentials.c.account).where(tables.credentials.c.city == city)
    return list(tx.execute(query.order_by(tables.credentials.c.account)).scalars())


def clear(tx: Transaction) -> Sequence[tuple[str, str]]:
    """Remove every sealed value, of every city, and the known text too; return the (city, account) that had one."""
    found = tx.execute(sa.select(tables.credentials.c.city, tables.credentials.c.account)).all()
    tx.execute(sa.delete(tables.credentials))
    gone = [(str(row.city), str(row.account)) for row in found]
    return [one for one in gone if one != KEY_CHECK]


def _is(city: str, account: str) -> tuple[sa.ColumnElement[bool], ...]:
    return tables.credentials.c.city == city, tables.credentials.c.account == account
