"""The heads of a deep backlog: of each account that has something to send the first few, however many stand behind.

The accounts are found by jumping along an index from one to the next, and each account's first by the same index. So
what is read grows with the accounts and not with what waits: a hundred thousand posts of one account cost the others
no time. docs/decisions/0021 has the figures.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TABLE: Final = tables.deliveries
_SHOWN: Final = ("id", "city", "account", "is_emergency", "due_at")


def first_of_each(
    urgencies: Sequence[bool], extra: Sequence[sa.ColumnElement[bool] | sa.TextClause], *, is_sqlite: bool
) -> sa.Select[Any]:
    """Return the query for the first that are due of each account, emergencies first, then the longest due.

    Args:
        urgencies: Which of the platform's two queues.
        extra: What a delivery must fulfil besides, in terms of the table.
        is_sqlite: Which engine; only the other one knows LATERAL.

    Its parameters are `platform`, `now`, `per_account` and `room`.
    """
    heads = sa.union_all(*(_heads(urgent, extra, is_sqlite=is_sqlite) for urgent in urgencies)).subquery("heads")
    order = (heads.c.is_emergency.desc(), heads.c.due_at, heads.c.id)
    query = sa.select(heads.c.id, heads.c.city, heads.c.account).order_by(*order)
    return query.limit(sa.bindparam("room", type_=sa.Integer))


@cache
def first_of_all(urgencies: tuple[bool, ...], *, is_sqlite: bool) -> sa.Select[Any]:
    """Return the query where nothing is left out: it is asked again and again, so it is built once."""
    return first_of_each(urgencies, (), is_sqlite=is_sqlite)


def _heads(
    is_emergency: bool,  # noqa: FBT001 - the column's value
    extra: Sequence[sa.ColumnElement[bool] | sa.TextClause],
    *,
    is_sqlite: bool,
) -> sa.Select[Any]:
    accounts = _accounts(is_emergency)
    of_account = (_TABLE.c.city == accounts.c.city, _TABLE.c.account == accounts.c.account)
    first = sa.select(*(_TABLE.c[name] for name in _SHOWN)).where(*_is_in_lane(_TABLE, is_emergency), *of_account)
    first = first.where(_TABLE.c.due_at <= sa.bindparam("now"), *extra).order_by(_TABLE.c.due_at, _TABLE.c.id)
    first = first.limit(sa.bindparam("per_account", type_=sa.Integer))
    if not is_sqlite:
        each = first.correlate(accounts).lateral("each")
        return sa.select(*(each.c[name] for name in _SHOWN)).select_from(accounts).join(each, sa.true())
    one = _TABLE.alias("one")
    is_first = one.c.id.in_(first.with_only_columns(_TABLE.c.id).correlate(accounts))
    return sa.select(*(one.c[name] for name in _SHOWN)).select_from(accounts).join(one, is_first)


def _accounts(is_emergency: bool) -> sa.CTE:  # noqa: FBT001 - the column's value
    """Return each (city, account) that has something in the lane; where a city's end is an account of None.

    From one city to the next, then in each from one account to the next: SQLite does not jump by two columns at once.
    """
    name = "urgent" if is_emergency else "routine"
    first_city = sa.select(_next("city", is_emergency).label("city"))
    cities = first_city.cte(f"{name}_cities", recursive=True)
    next_city = _next("city", is_emergency, lambda ahead: (ahead.c.city > cities.c.city,), after=cities)
    cities = cities.union_all(sa.select(next_city).where(cities.c.city.is_not(None)))

    first = _next("account", is_emergency, lambda ahead: (ahead.c.city == cities.c.city,), after=cities)
    found = sa.select(cities.c.city, first.label("account")).where(cities.c.city.is_not(None))
    accounts = found.cte(f"{name}_accounts", recursive=True)
    step = _next(
        "account",
        is_emergency,
        lambda ahead: (ahead.c.city == accounts.c.city, ahead.c.account > accounts.c.account),
        after=accounts,
    )
    return accounts.union_all(sa.select(accounts.c.city, step).where(accounts.c.account.is_not(None)))


def _next(
    column: str,
    is_emergency: bool,  # noqa: FBT001 - the column's value
    is_ahead: Callable[[sa.FromClause], tuple[sa.ColumnElement[bool], ...]] = lambda _: (),
    *,
    after: sa.CTE | None = None,
) -> sa.ScalarSelect[str]:
    """Return the first value of a column that *is ahead* of where one stands, by the index."""
    ahead = _TABLE.alias("ahead")
    query = sa.select(ahead.c[column]).where(*_is_in_lane(ahead, is_emergency), *is_ahead(ahead))
    query = query.order_by(*_along_index(ahead)).limit(1)
    return (query if after is None else query.correlate(after)).scalar_subquery()


def _along_index(table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    """Return an order that no other index has: one of all deliveries would be read past everything that was sent."""
    return [table.c[name] for name in ("city", "account", "due_at", "id")]


def _is_in_lane(table: sa.FromClause, is_emergency: bool) -> tuple[Any, ...]:  # noqa: FBT001 - the column's value
    """Return what the index asks for; the states are written out, since a parameter would keep both engines from it."""
    states = sa.text(f"{table.name}.{tables.CLAIMABLE}")  # type: ignore[attr-defined]  # tables and aliases have one
    return table.c.platform == sa.bindparam("platform"), table.c.is_emergency.is_(is_emergency), states
