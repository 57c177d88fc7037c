"""Many rows in one statement, on both engines.

PostgreSQL takes them as one JSON text, so that a batch costs one round trip; SQLite, which is in the process, takes
them one after the other. It gets them as its driver wants them, column by column and in the form in which SQLAlchemy
stores them: SQLAlchemy itself looks at each value of each row, which took as long as everything that SQLite does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy.dialects import postgresql, sqlite

from publisher.store.tables import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Table

    from publisher.store.engine import Transaction

_WAS: Final = "was_"
"""Before a column's name: what a row must still hold to be updated."""
_ROWS: Final = "rows"
_IDS: Final = "ids"
_SQLITE: Final = sqlite.dialect()


def insert(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns, in their order.

    They name every column but those that may be empty: a default of the table's is not looked for.
    """
    if not rows:
        return
    if is_sqlite(tx):
        _run_for_each(tx, _insert_each(table, tuple(rows[0])), rows)
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
        return _run_for_each(tx, _update_each(table, tuple(rows[0])), rows)
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
    return column == sa.any_(_texts(name))


def beside(condition: sa.ColumnElement[bool], *, is_sqlite: bool) -> sa.ColumnElement[bool]:
    """Return a condition that stands beside `is_among` and is not to be looked up by an index of its own.

    SQLite, which knows nothing of how many rows there are, would read all that fulfil it: every open notice, for the
    notices of two posts. PostgreSQL counts them.
    """
    return sa.func.likely(condition, type_=sa.types.NullType()) if is_sqlite else condition


def each_id() -> sa.ColumnElement[str]:
    """Return a column of PostgreSQL that holds each of `ids`, in their order."""
    return sa.func.unnest(_texts(_IDS), type_=sa.Text).column_valued("each_id")


def ids(tx: Transaction, wanted: Collection[str], *, name: str = _IDS) -> dict[str, Any]:
    """Return the parameter that `is_among` asks for."""
    return {name: json.dumps(list(wanted)) if is_sqlite(tx) else _as_array(wanted)}


def _texts(name: str) -> sa.Cast[Any]:
    """Return PostgreSQL's array of texts, sent as one text: the driver looks at a list's members one by one."""
    return sa.cast(sa.bindparam(name, type_=sa.Text), postgresql.ARRAY(sa.Text))


def _as_array(texts: Iterable[str]) -> str:
    """Write an array as PostgreSQL reads it (its manual, 8.15.6): each text in quotes, with a backslash before its own.

    An id of no characters, or one that says NULL, is a text like any other in quotes.
    """
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


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


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Each:
    """A statement that the driver runs for each row."""

    text: str
    values_of: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    """Take a row's values, in the order in which the statement asks for them."""
    conversions: tuple[Callable[[Any], Any] | None, ...]
    """What each of them becomes; None: it is stored as it is."""


def _run_for_each(tx: Transaction, each: _Each, rows: Sequence[Mapping[str, Any]]) -> int:
    columns: Iterable[Iterable[Any]] = zip(*map(each.values_of, rows), strict=True)
    pairs = zip(columns, each.conversions, strict=True)
    stored = [column if convert is None else map(convert, column) for column, convert in pairs]
    return tx.connection.exec_driver_sql(each.text, list(zip(*stored, strict=True))).rowcount


@cache
def _insert_each(table: Table, names: tuple[str, ...]) -> _Each:
    return _each(table, sa.insert(table).values({name: sa.bindparam(name) for name in names}))


@cache
def _update_each(table: Table, names: tuple[str, ...]) -> _Each:
    guards = [
        _holds(table.c[_column(name)], sa.bindparam(name, type_=table.c[_column(name)].type))
        for name in names
        if name.startswith(_WAS)
    ]
    values: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(name) for name in names if not name.startswith(_WAS)}
    return _each(table, sa.update(table).where(*guards).values(values))


def _each(table: Table, statement: sa.Insert | sa.Update) -> _Each:
    compiled = statement.compile(dialect=_SQLITE)
    names = compiled.positiontup or []
    conversions = tuple(_conversion(table.c[_column(name)].type) for name in names)
    return _Each(compiled.string, _values_of(names), conversions)


def _values_of(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    first, *others = names
    return itemgetter(first, *others) if others else lambda row: (row[first],)


def _conversion(kind: sa.types.TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(kind, UtcDateTime):
        return _instant_as_text
    if isinstance(kind, sa.JSON):
        return _nullable_as_json if kind.none_as_null else _one_as_json
    return kind.dialect_impl(_SQLITE).bind_processor(_SQLITE)


@lru_cache(maxsize=64)
def _instant_as_text(moment: datetime | None) -> str | None:
    """Write an instant as SQLAlchemy's type for SQLite does. The rows of a batch share a few, so these are kept."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _one_as_json(value: object) -> str:
    return to_json(value).decode()


def _nullable_as_json(value: object) -> str | None:
    return None if value is None else _one_as_json(value)
