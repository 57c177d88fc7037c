"""Inserts that do nothing where the row is there already, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from publisher.store import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Table

    from publisher.store.engine import Transaction


def insert_missing(tx: Transaction, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row and return True, or return False where its key is taken.

    On PostgreSQL it waits for an unfinished transaction that holds the same key.
    """
    dialect = sqlite if tx.connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table).values(**values).on_conflict_do_nothing()
    # A returned row, since the count of rows is not always known: psycopg has said -1.
    return tx.execute(insert.returning(sa.literal(1))).first() is not None


def ensure_city(tx: Transaction, city: str) -> None:
    """Make a city's row where it is missing."""
    insert_missing(tx, tables.cities, {"city": city, "next_number": 1, "audit_seq": 0, "audit_hash": ""})
