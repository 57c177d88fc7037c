"""The schema: what the migrations make is what the code says, on both engines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, lay_delivery, lay_one, lay_post
from sqlalchemy.exc import IntegrityError

from publisher.clock import RealClock
from publisher.delivery import DeliveryKind, DeliveryState
from publisher.store import (
    aftermath,
    attempts,
    audit,
    credentials,
    deliveries,
    event_tables,
    guard_tables,
    lane_tables,
    machine_tables,
    pack_changes,
    papers,
    past_texts,
    periods,
    rule_tables,
    tables,
    watch_tables,
)
from publisher.store.engine import Database, StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Inspector


def described(inspector: Inspector) -> dict[str, dict[str, Any]]:
    """Return everything the engine says of each table."""
    names = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    return {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(name)
            },
            "key": inspector.get_pk_constraint(name),
            "foreign": sorted(inspector.get_foreign_keys(name), key=str),
            "unique": sorted(inspector.get_unique_constraints(name), key=str),
            "checks": sorted(
                (check["name"] or "", squeezed(check["sqltext"])) for check in inspector.get_check_constraints(name)
            ),
            "indexes": sorted(
                (index["name"] or "", tuple(index["column_names"]), index["unique"])
                for index in inspector.get_indexes(name)
            ),
        }
        for name in names
    }


def squeezed(text: str) -> str:
    """Return *text* without its line breaks."""
    return re.sub(r"\s+", " ", text)


def test_the_migrations_make_the_schema_that_the_code_describes(store_url: str, empty_url: str) -> None:
    """Columns, keys, checks and indexes of the migrated schema are those that the modules of tables name."""
    migrated, described_by_code = Database(store_url, clock=RealClock()), Database(empty_url, clock=RealClock())
    with described_by_code.transaction() as tx:
        tables.metadata.create_all(tx.connection)
        expected = described(sa.inspect(tx.connection))
    with migrated.reading() as tx:
        actual = described(sa.inspect(tx.connection))
    migrated.close()
    described_by_code.close()
    named = {rule_tables.whitelist, guard_tables.holds, machine_tables.ticks, event_tables.events, watch_tables.mails}
    named |= {lane_tables.lane_breakers}
    assert {table.name for table in named} <= set(expected)
    assert len(expected) == len(tables.metadata.tables)
    assert expected == actual


def test_a_new_database_is_not_current_until_it_is_migrated(empty_url: str) -> None:
    """`is_current` tells an empty database from a migrated one, and migrating twice changes nothing."""
    database = Database(empty_url, clock=RealClock())
    assert not database.is_current()
    database.migrate()
    assert database.is_current()
    database.migrate()
    assert database.is_current()
    assert database.connections_in_use == 0
    database.close()


def test_sqlite_runs_with_a_write_ahead_log_and_full_synchronisation(tmp_path: Path) -> None:
    """A SQLite ledger survives a power cut: WAL, synchronous FULL (2), and foreign keys are enforced."""
    database = Database(f"sqlite:///{tmp_path / 'kairan.db'}", clock=RealClock())
    with database.reading() as tx:
        told = [
            tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.close()
    assert told == ["wal", 2, 1]


def test_a_database_that_is_away_is_named_as_such(tmp_path: Path) -> None:
    """A database that cannot be opened raises `StoreUnavailableError`, not the driver's own error."""
    database = Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}", clock=RealClock())
    with pytest.raises(StoreUnavailableError), database.transaction():
        pass
    database.close()


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    """Both engines refuse a write in `reading`."""
    with pytest.raises((StoreUnavailableError, sa.exc.DBAPIError), match=r"(?i)read.?only"), database.reading() as tx:
        tx.execute(sa.insert(tables.cities).values(city=CITY))


@pytest.mark.parametrize(
    "values",
    [
        {"state": "published"},
        {"kind": "like"},
        {"state": "sent", "external_id": "1"},
        {"state": "sent", "finished_at": sa.func.current_timestamp()},
        {"finished_at": sa.func.current_timestamp()},
        {"state": "leased"},
        {"lease_token": "a-token-without-a-lease"},
        {"kind": "repost"},
    ],
    ids=[
        "a state that is none",
        "a kind that is none",
        "sent and not finished",
        "sent without the platform's id",
        "finished and still due",
        "leased without a token",
        "a token without a lease",
        "a repost of nothing",
    ],
)
def test_the_database_refuses_what_contradicts_itself(database: Database, values: dict[str, Any]) -> None:
    """CHECK constraints and triggers guard a delivery's state even against code that goes round the one door."""
    delivery = lay_one(database)
    update = sa.update(tables.deliveries).where(tables.deliveries.c.id == delivery.id).values(**values)
    with pytest.raises(IntegrityError, match=r"(?i)check|forbidden|stays what it is"), database.transaction() as tx:
        tx.execute(update)


def test_a_second_delivery_of_a_version_to_an_account_cannot_be_recorded(database: Database) -> None:
    """A unique key refuses a second publication of the same version to the same account."""
    with database.transaction() as tx:
        post = lay_post(tx)
        lay_delivery(tx, post)
    with pytest.raises(IntegrityError), database.transaction() as tx:
        lay_delivery(tx, post)


def test_an_account_may_publish_and_repost_the_same_post_once_each(database: Database) -> None:
    """A repost is a delivery of its own; a second one of the same version is refused."""
    with database.transaction() as tx:
        post = lay_post(tx)
        source = lay_delivery(tx, post, "kashiwa_koen")
        lay_delivery(tx, post, "kashiwa_shi", kind=DeliveryKind.REPOST, source_id=source.id)
    with pytest.raises(IntegrityError), database.transaction() as tx:
        lay_delivery(tx, post, "kashiwa_shi", kind=DeliveryKind.REPOST, source_id=source.id)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_asked_at_every_delivery_reads_no_whole_table(database: Database, engine_name: str) -> None:
    """After years of posts, the last check and the end of a delivery still find their rows by an index."""
    assert engine_name == "sqlite"
    statements: list[tuple[str, Any]] = []
    with database.transaction() as tx:
        post = lay_post(tx)
        delivery = lay_delivery(tx, post)
        audit.flush(tx)
        sa.event.listen(tx.connection, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])))
        deliveries.of_post(tx, post.id)
        deliveries.of_version(tx, post.version_id)
        past_texts.every(tx, CITY, since=tx.now, accounts=["kashiwa_shi"], limit=10)
        past_texts.news(tx, {CITY: 0})
        papers.read(tx, [delivery])
        papers.read(tx, [replace(delivery, source_id=delivery.id)], is_for_judging=False)
        credentials.of_accounts(tx, [(CITY, "kashiwa_shi")])
        pack_changes.editions_of(tx, [CITY])
        periods.ending_after(tx, [CITY], tx.now)
        attempts.keep_resumes(tx, [(delivery.id, "token", "session")])
        attempts.are_doubtful(tx, {delivery.id})
        aftermath.followers_to_move(tx, [replace(delivery, state=DeliveryState.FAILED)])
        aftermath.close_posts(tx, [replace(delivery, state=DeliveryState.FAILED)])
        asked = [each for each in statements if each[0].startswith(("SELECT", "UPDATE"))]
        plans = [
            row.detail
            for statement, parameters in asked
            for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert len(asked) == 20
    # What is no table of ours is the list of ids that a statement was given.
    assert [plan for plan in plans if plan.startswith("SCAN") and "VIRTUAL TABLE" not in plan] == []
