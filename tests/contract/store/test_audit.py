"""The audit trail: a chain a city, written with what it records, which proves its own integrity."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from publisher.audit_chain import Break
from publisher.store import audit, tables

if TYPE_CHECKING:
    from publisher.store.engine import Database


def record(database: Database, *kinds: str, city: str = "kashiwa", **more: Any) -> None:
    """Record events in one transaction."""
    with database.transaction() as tx:
        for kind in kinds:
            audit.append(tx, city=city, who="hanako", kind=kind, **more)


def record_and_fail(database: Database) -> None:
    """Record an event in a transaction that fails."""
    with database.transaction() as tx:
        audit.append(tx, city="kashiwa", who="hanako", kind="approved")
        raise RuntimeError


def verify(database: Database, city: str = "kashiwa") -> Break | None:
    """Return where the chain breaks."""
    with database.reading() as tx:
        return audit.verify(tx, city)


def change(database: Database, seq: int, **values: Any) -> None:
    """Change an event behind the trail's back."""
    with database.transaction() as tx:
        tx.execute(sa.update(tables.audit).where(tables.audit.c.seq == seq).values(**values))


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


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"who": "taro"}, "hash"),
        ({"kind": "rejected"}, "hash"),
        ({"post_id": "another"}, "hash"),
        ({"note": "changed"}, "content"),
        ({"facts": {"changed": True}}, "content"),
        ({"content_digest": "0" * 64}, "hash"),
        ({"hash": "0" * 64}, "hash"),
        ({"previous_hash": "0" * 64}, "previous_hash"),
    ],
)
def test_every_change_of_an_event_is_found(database: Database, values: dict[str, Any], reason: str) -> None:
    """Whatever column of the second of three events is changed, the first broken link is named."""
    record(database, "submitted", "approved", "closed")
    change(database, 2, **values)
    assert verify(database) == Break(seq=2, reason=reason)


@pytest.mark.parametrize(("seq", "expected"), [(2, Break(seq=2, reason="gap")), (3, Break(seq=2, reason="end"))])
def test_every_missing_event_is_found(database: Database, seq: int, expected: Break) -> None:
    """A gap in the middle is found, and so is an end that was cut off."""
    record(database, "submitted", "approved", "closed")
    with database.transaction() as tx:
        tx.execute(sa.delete(tables.audit).where(tables.audit.c.seq == seq))
    assert verify(database) == expected


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
