"""The audit trail: a chain a city, written with what it records, which proves its own integrity."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trail_hands import drop_guards, forge, record, verify

from publisher.audit_chain import Break
from publisher.store import audit, tables

if TYPE_CHECKING:
    from publisher.store.engine import Database


def record_and_fail(database: Database) -> None:
    """Record an event in a transaction that fails."""
    with database.transaction() as tx:
        audit.append(tx, city="kashiwa", who="hanako", kind="approved")
        raise RuntimeError


def test_events_are_numbered_from_1_in_each_city(database: Database) -> None:
    """Each city has a chain of its own, without gaps, over any number of transactions."""
    record(database, "submitted", "approved")
    record(database, "submitted", city="komae")
    record(database, "closed")
    with database.reading() as tx:
        rows = tx.execute(sa.select(tables.audit.c.city, tables.audit.c.seq, tables.audit.c.kind)).all()
    assert sorted(tuple(row) for row in rows) == [
        ("kashiwa", 1, "submitted"),
        ("kashiwa", 2, "approved"),
        ("kashiwa", 3, "closed"),
        ("komae", 1, "submitted"),
    ]


def test_an_untouched_trail_verifies(database: Database) -> None:
    """A trail with Japanese notes and nested facts proves its integrity after the round trip through the database."""
    record(database, "returned", facts={"from": "submitted", "steps": [1, 2]}, note="写真を差し替えてください")
    record(database, "submitted", post_id="p", delivery_id="d")
    assert verify(database) is None
    assert verify(database, "a city without a trail") is None


def test_what_is_rolled_back_leaves_no_event(database: Database) -> None:
    """An event lives and dies with the transaction that causes it."""
    with pytest.raises(RuntimeError):
        record_and_fail(database)
    with database.reading() as tx:
        assert tx.execute(sa.select(sa.func.count()).select_from(tables.audit)).scalar_one() == 0


def test_a_chain_whose_end_does_not_move_takes_no_event(database: Database) -> None:
    """Something in the database keeps the city's row as it is: the act fails, and the trail is whole without it."""
    record(database, "submitted")
    with database.transaction() as tx:
        for statement in _KEEPS_ENDS[tx.connection.dialect.name]:
            tx.connection.exec_driver_sql(statement)
    with pytest.raises(audit.ChainEndLostError):
        record(database, "approved")
    with database.reading() as tx:
        kinds = tx.execute(sa.select(tables.audit.c.kind)).scalars().all()

    assert ["submitted"] == kinds
    assert verify(database) is None


_KEEPS_ENDS = {
    "sqlite": ["CREATE TRIGGER keeps BEFORE UPDATE ON cities BEGIN SELECT RAISE(IGNORE); END"],
    "postgresql": [
        "CREATE FUNCTION keeps() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER keeps BEFORE UPDATE ON cities FOR EACH ROW EXECUTE FUNCTION keeps()",
    ],
}


CHAIN_EDITS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"who": "taro"}, "hash"),
    ({"kind": "rejected"}, "hash"),
    ({"post_id": "another"}, "hash"),
    ({"delivery_id": "another"}, "hash"),
    ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "hash"),
    ({"content_digest": "0" * 64}, "hash"),
    ({"hash": "0" * 64}, "hash"),
    ({"previous_hash": "0" * 64}, "previous_hash"),
    ({"seq": 5000}, "gap"),
    ({"city": "komae"}, "gap"),
)
CONTENT_EDITS: tuple[dict[str, Any], ...] = (
    {"note": "changed"},
    {"facts": {"changed": True}},
    {"salt": "0" * 32},
    {"seq": 5000},
    {"city": "komae"},
)


@pytest.mark.parametrize(("values", "reason"), CHAIN_EDITS)
def test_every_change_of_an_event_is_found(database: Database, values: dict[str, Any], reason: str) -> None:
    """Whatever column of the second of three events is changed, the first broken link is named."""
    record(database, "submitted", "approved", "closed")
    drop_guards(database)
    forge(database, tables.audit, 2, **values)
    assert verify(database) == (2, reason)


@pytest.mark.parametrize("values", CONTENT_EDITS)
def test_every_change_of_what_was_said_is_found(database: Database, values: dict[str, Any]) -> None:
    """Content that was changed or taken away is found at its own event."""
    record(database, "submitted", "approved", "closed")
    drop_guards(database)
    forge(database, tables.audit_content, 2, **values)
    assert verify(database) == (2, "content")


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE audit SET at = 'yesterday' WHERE seq = 2", "hash"),
        ("UPDATE audit SET who = x'00' WHERE seq = 2", "hash"),
        ("UPDATE audit SET seq = 'two' WHERE seq = 2", "gap"),
        ("UPDATE audit_content SET facts = 'no JSON' WHERE seq = 2", "content"),
        ("UPDATE audit_content SET facts = '[]' WHERE seq = 2", "content"),
        ("UPDATE audit_content SET note = x'00' WHERE seq = 2", "content"),
    ],
)
def test_what_was_made_unreadable_has_its_place_too(
    database: Database, statement: str, reason: str, engine_name: str
) -> None:
    """SQLite keeps whatever is written into a column: nonsense is named like any other change."""
    assert engine_name == "sqlite"
    record(database, "submitted", "approved", "closed")
    drop_guards(database)
    with database.transaction() as tx:
        tx.execute(sa.text(statement))
    assert verify(database) == (2, reason)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_random_edit_is_named_at_its_event(database: Database, data: st.DataObject) -> None:
    """In a trail of 30 events, any edit of any event is found there, and undone it holds again."""
    with database.transaction() as tx:
        has_trail = audit.end_of(tx, "kashiwa").seq == 30
    if not has_trail:
        for n in range(10):
            record(database, "edited", "submitted", "approved", post_id=f"p{n}", facts={"n": n}, note=f"その{n}")
        drop_guards(database)
    seq = data.draw(st.integers(1, 30))
    table, column = data.draw(
        st.sampled_from(
            [
                *(
                    (tables.audit, name)
                    for name in ("who", "kind", "post_id", "content_digest", "previous_hash", "hash")
                ),
                *((tables.audit_content, name) for name in ("note", "salt", "facts")),
            ]
        )
    )
    with database.reading() as tx:
        old = tx.execute(sa.select(table.c[column]).where(table.c.seq == seq)).scalar_one()
    text = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=32)
    drawn = data.draw(
        (st.dictionaries(text, st.integers()) if column == "facts" else text).filter(lambda new: new != old)
    )
    forge(database, table, seq, **{column: drawn})
    found = verify(database)
    forge(database, table, seq, **{column: old})
    assert found is not None
    assert found[0] == seq
    assert verify(database) is None


@pytest.mark.parametrize(("seq", "expected"), [(2, (2, "gap")), (3, (2, "end"))])
def test_every_missing_event_is_found(database: Database, seq: int, expected: tuple[int, str]) -> None:
    """A gap in the middle is found, and so is an end that was cut off."""
    record(database, "submitted", "approved", "closed")
    drop_guards(database)
    with database.transaction() as tx:
        tx.execute(sa.delete(tables.audit).where(tables.audit.c.seq == seq))
    assert verify(database) == expected


def test_an_end_that_was_cut_off_with_its_mark_is_found_by_the_mark_outside(database: Database) -> None:
    """Who also rewrites the end in the database is found by the end that was written down elsewhere."""
    record(database, "submitted", "approved", "closed")
    with database.reading() as tx:
        kept = audit.end_of(tx, "kashiwa")
        second = tx.execute(sa.select(tables.audit.c.hash).where(tables.audit.c.seq == 2)).scalar_one()
    drop_guards(database)
    with database.transaction() as tx:
        tx.execute(sa.delete(tables.audit).where(tables.audit.c.seq == 3))
        tx.execute(sa.update(tables.cities).values(audit_seq=2, audit_hash=second))
    assert verify(database) is None
    with database.reading() as tx:
        assert audit.verify(tx, "kashiwa", expected=kept) == Break(seq=3, reason="cut_off")


def test_threads_that_record_at_once_make_one_chain(database: Database) -> None:
    """Four threads with ten transactions each leave 40 links in one unbroken chain."""
    together = threading.Barrier(4)

    def work() -> None:
        together.wait(20)
        for _ in range(10):
            record(database, "edited")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert verify(database) is None
    with database.reading() as tx:
        assert tx.execute(sa.select(sa.func.max(tables.audit.c.seq))).scalar_one() == 40


def test_a_posts_history_includes_what_this_transaction_recorded(database: Database) -> None:
    """`of_post` tells a post's events in order, the newest included."""
    record(database, "submitted", post_id="p")
    record(database, "submitted", post_id="q")
    with database.transaction() as tx:
        audit.append(tx, city="kashiwa", who="taro", kind="approved", post_id="p", note="よい")
        told = [(event.kind, event.who, event.note) for event in audit.of_post(tx, "p")]
    assert told == [("submitted", "hanako", ""), ("approved", "taro", "よい")]
    assert verify(database) is None
