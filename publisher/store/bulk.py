"""Many rows in one statement, on both engines.

PostgreSQL takes them as one JSON text, so that a batch costs one round trip; SQLite, which is in the process, takes
them one after the other.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Table

    from publisher.store.engine import Transaction

_WAS: Final = "was_"
"""Before a column's name: what a row must still hold to be updated."""
_ROWS: Final = "rows"
_IDS: Final = "ids"


def insert(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns, in their order."""
    if not rows:
        return
    if is_sqlite(tx):
        tx.execute(sa.insert(table), list(rows))
    else:
        tx.execute(_insertion(table, tuple(rows[0])), {_ROWS: _as_json(rows)})


def update(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Update rows, each in its own way, and return how many there were to update.

    Args:
        tx: The transaction; it has locked the rows.
        table: Where they are.
        rows: The values of each; all name the same columns. `was_<column>` is no value but what the row must hold.
    """
    if not rows:
        return 0
    if is_sqlite(tx):
        return tx.execute(_update_each(table, tuple(rows[0])), list(rows)).rowcount
    return tx.execute(_update_all(table, tuple(rows[0])), {_ROWS: _as_json(rows)}).rowcount


def update_after(
    tx: Transaction,
    inserted: Sequence[tuple[Table, Sequence[Mapping[str, Any]]]],
    table: Table,
    rows: Sequence[Mapping[str, Any]],
) -> int:
    """Insert rows into tables and update others, as `insert` and `update` do, on PostgreSQL in one statement.

    The tables are different ones, and each gets rows.
    """
    if is_sqlite(tx):
        for into, several in inserted:
            insert(tx, into, several)
        return update(tx, table, rows)
    parts = tuple((into, tuple(several[0])) for into, several in inserted)
    texts = {f"{_ROWS}_{n}": _as_json(several) for n, (_, several) in enumerate(inserted)}
    return tx.execute(_update_after(parts, table, tuple(rows[0])), texts | {_ROWS: _as_json(rows)}).rowcount


def is_sqlite(tx: Transaction) -> bool:
    """Tell which engine it is."""
    return tx.connection.dialect.name == "sqlite"


def is_among(column: sa.ColumnElement[str], *, is_sqlite: bool, name: str = _IDS) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds one of `ids`: one parameter, so that one statement serves all."""
    if is_sqlite:
        listed = sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(sa.Text)))


def each_id() -> sa.ColumnElement[str]:
    """Return a column of PostgreSQL that holds each of `ids`, in their order."""
    return sa.func.unnest(sa.bindparam(_IDS, type_=postgresql.ARRAY(sa.Text)), type_=sa.Text).column_valued("each_id")


def ids(tx: Transaction, wanted: Collection[str], *, name: str = _IDS) -> dict[str, Any]:
    """Return the parameter that `is_among` asks for."""
    return {name: json.dumps(list(wanted)) if is_sqlite(tx) else list(wanted)}


@cache
def _insertion(table: Table, names: tuple[str, ...], parameter: str = _ROWS) -> sa.Insert:
    given = _recordset(table, names, parameter)
    return sa.insert(table).from_select(list(names), sa.select(*(given.c[name] for name in names)))


@cache
def _update_all(table: Table, names: tuple[str, ...]) -> sa.Update:
    given = _recordset(table, names)
    guards = [_holds(table.c[_column(name)], given.c[name]) for name in names if name.startswith(_WAS)]
    return sa.update(table).where(*guards).values({name: given.c[name] for name in names if not name.startswith(_WAS)})


@cache
def _update_after(
    inserted: tuple[tuple[Table, tuple[str, ...]], ...], table: Table, names: tuple[str, ...]
) -> sa.Update:
    insertions = (_insertion(into, columns, f"{_ROWS}_{n}") for n, (into, columns) in enumerate(inserted))
    return _update_all(table, names).add_cte(*(one.cte(f"inserted_{n}") for n, one in enumerate(insertions)))


@cache
def _update_each(table: Table, names: tuple[str, ...]) -> sa.Update:
    guards = [
        _holds(table.c[_column(name)], sa.bindparam(name, type_=table.c[_column(name)].type))
        for name in names
        if name.startswith(_WAS)
    ]
    return sa.update(table).where(*guards).values({n: sa.bindparam(n) for n in names if not n.startswith(_WAS)})


def _recordset(table: Table, names: tuple[str, ...], parameter: str = _ROWS) -> sa.TableValuedAlias:
    columns = [sa.column(name, _type(table.c[_column(name)])) for name in names]
    text = sa.cast(sa.bindparam(parameter, type_=sa.Text), sa.JSON)
    return sa.func.json_to_recordset(text).table_valued(*columns, name="given").render_derived(with_types=True)


def _type(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """Return the column's type without its length, so that the column itself refuses what is too long."""
    return sa.Text() if isinstance(column.type, sa.String) else column.type


def _column(name: str) -> str:
    return name.removeprefix(_WAS)


def _holds(column: sa.Column[Any], value: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return column.is_not_distinct_from(value) if column.nullable else column == value


def _as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return to_json(rows).decode()
