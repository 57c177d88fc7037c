"""Many rows in one statement: what is stored is what one row by itself stores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, lay_delivery, lay_post

from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.store import bulk, inserts, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store_fixtures import MovedClock

    from publisher.store.engine import Database, Transaction

AT = datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=9)))
"""0:00 UTC; without microseconds, which must be stored all the same: SQLite compares instants as texts."""
PROBLEM = {"code": "速度制限", "params": {"seconds": 900, "path": 'C:\\"temp"\n'}, "who": None}


def call(delivery_id: str, n: int) -> dict[str, Any]:
    """Return the row of an ended call."""
    row = {"id": f"call-{n}", "city": CITY, "delivery_id": delivery_id, "n": n, "opened_at": AT, "closed_at": AT}
    return row | {"event": DeliveryEvent.THROTTLED, "detail": PROBLEM, "cost_micro_usd": 10, "account": None}


def stored(tx: Transaction, table: sa.Table, *leaving_out: str) -> list[Mapping[str, Any]]:
    """Return a table's rows as they lie there: the instants and the JSON as texts."""
    columns = [sa.cast(column, sa.Text) for column in table.c if column.name not in leaving_out]
    rows = tx.execute(sa.select(*(column.label(f"c{n}") for n, column in enumerate(columns))))
    return [row._asdict() for row in rows]


def test_a_row_inserted_with_others_lies_there_as_one_inserted_alone(database: Database, clock: MovedClock) -> None:
    """Instants, words, numbers and what is empty have the same form, to which queries compare them."""
    del clock
    leaving_out = ("id", "n", "detail")
    with database.transaction() as tx:
        delivery = lay_delivery(tx, lay_post(tx))
        tx.execute(sa.insert(tables.attempts).values(**call(delivery.id, 1)))
        bulk.insert(tx, tables.attempts, [call(delivery.id, 2), call(delivery.id, 3)])
        alone, *together = stored(tx, tables.attempts, *leaving_out)
        said = tx.execute(sa.select(tables.attempts.c.detail, tables.attempts.c.opened_at)).all()
    assert [alone, alone] == together
    assert [(PROBLEM, datetime(2026, 12, 1, 0, 0, tzinfo=UTC))] * 3 == [tuple(row) for row in said]


def test_a_row_updated_with_others_is_found_by_what_it_held_and_keeps_the_rest(database: Database) -> None:
    """Of two rows the one that holds something else by now stays as it is, and is not counted."""
    with database.transaction() as tx:
        held, other = (lay_delivery(tx, lay_post(tx, number=n)) for n in (1, 2))
        rows = [
            {"was_id": one.id, "was_resume": was, "was_due_at": one.due_at, "due_at": AT, "problem": PROBLEM}
            for one, was in ((held, None), (other, "session-1"))
        ]
        assert bulk.update(tx, tables.deliveries, rows) == 1
        table = tables.deliveries
        found = tx.execute(sa.select(table.c.due_at, table.c.problem, table.c.state).order_by(table.c.id)).all()
    changed = (AT, PROBLEM, DeliveryState.DUE)
    assert [changed, (other.due_at, None, DeliveryState.DUE)] == [tuple(row) for row in found]


@pytest.mark.parametrize("city", ["柏", "", "null", "NULL", "a,b", "{a}", 'a"b', "a\\b", 'a\\"', "a b\n", "a\tb", "'"])
def test_what_is_among_others_is_found_whatever_it_is_written_with(database: Database, city: str) -> None:
    """No sign of an engine's own lists means anything in an id."""
    others = ["b", "a", "b\\", "\\a"]
    with database.transaction() as tx:
        for one in (city, *others):
            inserts.ensure_city(tx, one)
        column = tables.cities.c.city
        query = sa.select(column).where(bulk.is_among(column, is_sqlite=bulk.is_sqlite(tx)))
        assert [city] == tx.execute(query, bulk.ids(tx, ["nobody", city])).scalars().all()
        assert {city, *others} == set(tx.execute(query, bulk.ids(tx, [city, *others])).scalars())


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_instant_without_an_offset_is_refused(database: Database) -> None:
    """Nobody knows which instant it is: SQLite would keep it as if it were one of UTC."""
    with database.transaction() as tx:
        delivery = lay_delivery(tx, lay_post(tx))
        naive = call(delivery.id, 1) | {"opened_at": AT.replace(tzinfo=None)}
        with pytest.raises(ValueError, match="offset"):
            bulk.insert(tx, tables.attempts, [naive])


def test_no_rows_are_nothing_to_do(database: Database) -> None:
    """A batch may be empty."""
    with database.transaction() as tx:
        inserts.ensure_city(tx, CITY)
        bulk.insert(tx, tables.attempts, [])
        assert bulk.update(tx, tables.deliveries, []) == 0
