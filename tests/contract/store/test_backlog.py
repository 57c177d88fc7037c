"""A deep backlog of one account: what is read to claim grows with the accounts, not with what waits."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from ledger_stage import lay_delivery, lay_one, lay_post

from publisher.store import backlog, leases, tables
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction

FIRST_LOOK = 20
"""So many of the queue are looked at for each that there is room for."""


def claim(database: Database, **room: Any) -> Sequence[Delivery]:
    """Take what fits."""
    with database.transaction() as tx:
        return leases.claim(tx, Room(**{"platform": "x"} | room), owner="w1", lease_seconds=30.0)


def lay_backlog(tx: Transaction, count: int, account: str = "kashiwa_shi") -> None:
    """Put so many deliveries of one account into the ledger that have been due for long, round the one door."""
    laid = lay_post(tx, number=1000 + count)
    one = lay_delivery(tx, laid, account, due_at=tx.now - timedelta(hours=1))
    version, delivery = (
        dict(tx.execute(sa.select(table).where(table.c.id == row)).mappings().one())
        for table, row in ((tables.versions, laid.version_id), (tables.deliveries, one.id))
    )
    ids = [tx.new_id() for _ in range(count - 1)]
    tx.execute(sa.insert(tables.versions), [version | {"id": each, "version": n + 2} for n, each in enumerate(ids)])
    tx.execute(sa.insert(tables.deliveries), [delivery | {"id": each, "version_id": each} for each in ids])


def test_what_stands_behind_a_deep_backlog_is_claimed_all_the_same(database: Database) -> None:
    """Before the others stand more of one account than are looked at: of each account the first two are taken."""
    with database.transaction() as tx:
        lay_backlog(tx, 5 * FIRST_LOOK)
    behind = [lay_one(database, account, number=n) for n, account in enumerate(("koen", "koen", "koen", "line"))]

    taken = claim(database, limit=5, per_account=2)

    assert ["kashiwa_shi"] * 2 + ["koen"] * 2 + ["line"] == [one.account for one in taken]
    assert [behind[0].id, behind[1].id, behind[3].id] == [one.id for one in taken[2:]]


def test_an_emergency_behind_a_deep_backlog_is_the_first(database: Database) -> None:
    """Also of the same account, and where accounts of several cities wait."""
    with database.transaction() as tx:
        lay_backlog(tx, 5 * FIRST_LOOK)
        other = lay_delivery(tx, lay_post(tx, city="komae"), "komae_shi", city="komae")
        urgent = lay_delivery(tx, lay_post(tx, number=3), is_emergency=True)

    taken = claim(database, limit=4, per_account=2)

    assert [urgent.id, "kashiwa_shi", other.id] == [taken[0].id, taken[1].account, taken[2].id]
    assert len(taken) == 3  # two of the account that has more: the emergency is one of them


def test_an_emergency_behind_many_of_a_full_account_is_before_what_is_no_emergency(database: Database) -> None:
    """However many emergencies of one account stand before it: more than the routine ones that are looked at first."""
    lay_one(database, "koen")
    with database.transaction() as tx:
        urgent = [lay_delivery(tx, lay_post(tx, number=10 + n), is_emergency=True) for n in range(5)]
        urgent.append(lay_delivery(tx, lay_post(tx, number=20), "line", is_emergency=True))
    (taken,) = claim(database, limit=1, per_account=1, busy={("kashiwa", "kashiwa_shi"): 1})
    assert urgent[-1].id == taken.id


def test_a_full_account_with_a_deep_backlog_keeps_none_of_the_others(database: Database) -> None:
    """Its two calls are under way: all places are the others'."""
    with database.transaction() as tx:
        lay_backlog(tx, 5 * FIRST_LOOK)
    other = lay_one(database, "koen")
    taken = claim(database, limit=2, per_account=2, busy={("kashiwa", "kashiwa_shi"): 2})
    assert [other.id] == [one.id for one in taken]


def test_what_lanes_leave_is_left_in_a_deep_backlog_too(database: Database, clock: MovedClock) -> None:
    """An account was told to wait and another is full, both with a backlog: nothing of either is taken."""
    until = clock.now() + timedelta(minutes=15)
    with database.transaction() as tx:
        lay_backlog(tx, FIRST_LOOK + 1, "closed")
        lay_backlog(tx, FIRST_LOOK + 2, "full")
        other = lay_delivery(tx, lay_post(tx, number=5), "koho")
    busy, closed = {("kashiwa", "full"): 1}, {("kashiwa", "closed"): until}
    taken = claim(database, limit=1, per_account=1, busy=busy, closed=closed)
    assert [other.id] == [one.id for one in taken]


def effort(tx: Transaction) -> int:
    """Return how much the engine does to find each account's first: rows read by PostgreSQL, or SQLite's own steps."""
    is_sqlite = tx.connection.dialect.name == "sqlite"
    query = backlog.first_of_each((True, False), (), is_sqlite=is_sqlite)
    parameters = {"platform": "x", "now": tx.now, "per_account": 2, "room": 10}
    if is_sqlite:
        steps = [0]

        def step() -> None:
            steps[0] += 1

        driver: Any = tx.connection.connection.dbapi_connection
        driver.set_progress_handler(step, 10)
        tx.execute(query, parameters).all()
        driver.set_progress_handler(None, 0)
        return steps[0]
    built = query.compile(dialect=tx.connection.dialect)
    told = tx.connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {built}", built.construct_params(parameters)
    ).scalar_one()
    return rows_read((told if isinstance(told, list) else json.loads(told))[0]["Plan"])


def rows_read(plan: dict[str, Any]) -> int:
    """Return how many rows the scans of a plan have read, also those that they threw away."""
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if "Scan" in plan["Node Type"] else 0
    return round(own * plan["Actual Loops"]) + sum(rows_read(each) for each in plan.get("Plans", ()))


@pytest.mark.parametrize("deep", [3000])
def test_ten_times_the_backlog_costs_no_more(database: Database, deep: int) -> None:
    """With a tenth of the backlog as much is read as with all of it, and that is a few rows for each account."""
    efforts = []
    with database.transaction() as tx:
        for n, account in enumerate(("koen", "koho", "line")):
            lay_delivery(tx, lay_post(tx, number=n), account)
    for number, count in enumerate((deep // 10, deep - deep // 10)):
        with database.transaction() as tx:
            lay_backlog(tx, count, f"kashiwa_{number}")
        with database._engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE deliveries"))
        with database.reading() as tx:
            efforts.append(effort(tx))
    assert efforts[1] < 2 * efforts[0]
    assert efforts[1] < deep // 10
