"""What an error of the database says, and so what a log shows of it; on both engines."""

from __future__ import annotations

import json
import logging
import traceback
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, lay_post

from chatops.serve import set_up_logging
from publisher.ledger.stumbles import Stumbles
from publisher.store import lane_tables, tables
from publisher.store.engine import STORE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.store.engine import Database, Transaction

SECRET = "upload-session-of-an-account"
NAMED = "公園で花子さんが転んだ"
"""A post's text that must be in no log."""


def twice(tx: Transaction) -> None:
    """Write a row whose key holds a name, twice."""
    row = {"city": CITY, "account": NAMED, "platform": "x", "kind": "throttled", "until": tx.now, "noted_at": tx.now}
    for _ in range(2):
        tx.execute(sa.insert(lane_tables.lane_memories).values(**row, code="rate_limited", params={}))


def without_what_is_needed(tx: Transaction) -> None:
    """Write a post's text in a row that lacks its editor."""
    post = lay_post(tx)
    row = {"id": tx.new_id(), "city": CITY, "post_id": post.id, "version": 2, "created_at": tx.now, "text": NAMED}
    values = {"editor": None, "variants": {}, "titles": {}, "media": []}
    tx.execute(sa.insert(tables.versions).values(**row, **values))


def against_a_rule(tx: Transaction) -> None:
    """Write a row with a kind that the table's rule doesn't know."""
    row = {"city": CITY, "account": NAMED, "platform": "x", "kind": "sold", "until": tx.now, "noted_at": tx.now}
    tx.execute(sa.insert(lane_tables.lane_memories).values(**row, code="rate_limited", params={}))


def as_a_number(tx: Transaction) -> None:
    """Compare a text with a number: the server quotes it in its first line."""
    tx.execute(sa.text("SELECT CAST(CAST(:text AS varchar) AS integer)"), {"text": NAMED})


def test_a_statement_that_fails_names_no_value_in_its_traceback(database: Database) -> None:
    """Which statement it was is said; what it was to write, or to look for, is not."""
    with pytest.raises(STORE_ERRORS) as failed, database.transaction() as tx:
        tx.execute(sa.text("UPDATE no_such_table SET resume = :resume"), {"resume": SECRET})
    shown = "".join(traceback.format_exception(failed.value))

    assert "UPDATE no_such_table" in shown
    assert SECRET not in shown


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
@pytest.mark.parametrize(
    ("write", "says"),
    [
        (twice, "pk_lane_memories"),
        (without_what_is_needed, '"editor"'),
        (against_a_rule, "ck_lane_memories_kind"),
        (as_a_number, "22P02"),
    ],
)
def test_the_log_names_no_value_that_postgresql_quotes(
    database: Database,
    engine_name: str,
    write: Callable[[Transaction], None],
    says: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """PostgreSQL says which rule was broken by which row: the rule is logged, as JSON with its traceback; no value."""
    assert engine_name == "postgres"
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    set_up_logging("info")

    def attempt() -> None:
        with database.transaction() as tx:
            write(tx)

    try:
        Stumbles(at="send").attempt(attempt)
        logged = capfd.readouterr().err
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    shown = json.loads(logged)["exception"]

    assert "Traceback" in shown
    assert says in shown
    assert "花子" not in logged
