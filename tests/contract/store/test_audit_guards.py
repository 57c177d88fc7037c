"""What the database itself refuses to do to the trail, and what it allows an erasure."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, lay_post
from sqlalchemy.exc import IntegrityError
from trail_hands import drop_guards, record, verify

from publisher.audit_chain import digest_content, hash_link
from publisher.store import audit, guard_tables, tables

if TYPE_CHECKING:
    from publisher.store.engine import Database

TAMPERINGS = {
    "an event is changed": "UPDATE audit SET who = 'taro' WHERE seq = 1",
    "an event is renumbered": "UPDATE audit SET seq = 9 WHERE seq = 1",
    "an event is written again as it was": "UPDATE audit SET who = who",
    "an event is deleted": "DELETE FROM audit WHERE seq = 2",
    "every event is deleted": "DELETE FROM audit",
    "an event gets content of its own": "UPDATE audit SET note = 'x'",
    "a note is changed": "UPDATE audit_content SET note = 'x' WHERE seq = 1",
    "a content is moved": "UPDATE audit_content SET seq = 9 WHERE seq = 1",
    "a content is deleted": "DELETE FROM audit_content WHERE seq = 1",
    "a content is emptied": "UPDATE audit_content SET facts = NULL, note = NULL, salt = NULL WHERE seq = 1",
    "an upsert changes an event": (
        "INSERT INTO audit (city, seq, at, who, kind, content_digest, previous_hash, hash)"
        " SELECT city, seq, at, who, kind, content_digest, previous_hash, hash FROM audit WHERE seq = 1"
        " ON CONFLICT (city, seq) DO UPDATE SET who = 'taro'"
    ),
    "an upsert changes a content": (
        "INSERT INTO audit_content (city, seq, facts, note, salt)"
        " SELECT city, seq, facts, 'x', salt FROM audit_content WHERE seq = 1"
        " ON CONFLICT (city, seq) DO UPDATE SET note = 'x'"
    ),
}
OF_SQLITE = {
    "an event is replaced": "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
    "a content is replaced": (
        "INSERT OR REPLACE INTO audit_content SELECT city, seq, facts, 'x', salt, NULL FROM audit_content WHERE seq = 1"
    ),
    "an update replaces another event": "UPDATE OR REPLACE audit SET seq = 2 WHERE seq = 1",
}
OF_POSTGRES = {
    "the events are truncated": "TRUNCATE audit",
    "the contents are truncated": "TRUNCATE audit_content",
    "the cities are truncated with what hangs on them": "TRUNCATE audit, audit_content CASCADE",
}


def refuses(database: Database, statement: str) -> None:
    """Hold that a statement fails by the guard, and that the trail is whole afterwards."""
    record(database, "submitted", "approved")
    with pytest.raises(IntegrityError, match="append-only"), database.transaction() as tx:
        tx.execute(sa.text(statement))
    assert verify(database) is None
    with database.reading() as tx:
        assert [entry.link.seq for entry in audit.of_city(tx, CITY)] == [1, 2]


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_the_database_refuses_to_change_the_trail(database: Database, tampering: str) -> None:
    """Triggers on both engines refuse every update and every deletion."""
    refuses(database, TAMPERINGS[tampering])


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("tampering", OF_SQLITE)
def test_sqlites_own_ways_round_are_closed(database: Database, tampering: str, engine_name: str) -> None:
    """REPLACE deletes without calling the trigger of deletions; it is refused all the same."""
    assert engine_name == "sqlite"
    refuses(database, OF_SQLITE[tampering])


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
@pytest.mark.parametrize("tampering", OF_POSTGRES)
def test_postgresqls_own_ways_round_are_closed(database: Database, tampering: str, engine_name: str) -> None:
    """TRUNCATE calls no trigger of rows; it is refused all the same."""
    assert engine_name == "postgres"
    refuses(database, OF_POSTGRES[tampering])


def lay_erasure(database: Database, **changes: Any) -> tuple[str, str]:
    """Record two events of a post and a decision to erase it; return (post id, erasure id)."""
    with database.transaction() as tx:
        post = lay_post(tx)
        row = {"id": tx.new_id(), "city": CITY, "post_id": post.id, "reason": "personal_data", "note": "誤掲載"}
        row |= {"proposed_by": "hanako", "proposed_at": tx.now}
        row |= {"decision": "confirmed", "decided_by": "taro", "decided_at": tx.now}
        tx.execute(sa.insert(guard_tables.erasures).values(**row | changes))
        audit.append(tx, city=CITY, who="hanako", kind="returned", post_id=post.id, note="090-0000-0000 です")
        audit.append(tx, city=CITY, who="hanako", kind="returned", post_id=None, note="ほかのこと")
    return post.id, row["id"]


def lay_stone(database: Database, seq: int, erasure: str, /, **changes: Any) -> None:
    """Put a tombstone in the place of a content."""
    said = tables.audit_content
    values = {"facts": None, "note": None, "salt": None, "erasure_id": erasure} | changes
    with database.transaction() as tx:
        tx.execute(sa.update(said).where(said.c.seq == seq).values(**values))


def test_a_decision_of_two_lays_a_tombstone_and_the_trail_holds(database: Database) -> None:
    """The content of the post's event goes, its digest stays, and the trail proves itself by the recorded decision."""
    post, erasure = lay_erasure(database)
    lay_stone(database, 1, erasure)
    assert verify(database) == (1, "content"), "the chain has not recorded the decision yet"
    record(database, audit.ERASURE_CONFIRMED, post_id=post, facts={"erasure": erasure})
    assert verify(database) is None
    with database.reading() as tx:
        first = audit.of_post(tx, post)[0]
    assert (first.is_erased, first.note, first.facts) == (True, "", {})


@pytest.mark.parametrize(
    ("seq", "decided", "changes"),
    [
        (2, {}, {}),
        (1, {"decision": None, "decided_by": None, "decided_at": None}, {}),
        (1, {"decision": "refused"}, {}),
        (1, {}, {"city": "komae"}),
    ],
    ids=["another post's event", "nobody decided yet", "it was refused", "moved meanwhile"],
)
def test_no_other_tombstone_is_laid(
    database: Database, seq: int, decided: dict[str, Any], changes: dict[str, Any]
) -> None:
    """Content gives way to nothing but a confirmed decision about its own post."""
    _, erasure = lay_erasure(database, **decided)
    with pytest.raises(IntegrityError, match="append-only"):
        lay_stone(database, seq, erasure, **changes)
    assert verify(database) is None


def test_a_tombstone_stays(database: Database) -> None:
    """What was erased is not written again, not even as it was, nor erased by another decision."""
    _, erasure = lay_erasure(database)
    lay_stone(database, 1, erasure)
    back = {"facts": {}, "note": "x", "salt": "0", "erasure_id": None}
    for values in (back, {"erasure_id": erasure}):
        with pytest.raises(IntegrityError, match="append-only"):
            lay_stone(database, 1, erasure, **values)


def test_one_person_cannot_erase(database: Database) -> None:
    """The database refuses a decision by whoever proposed it."""
    with pytest.raises(IntegrityError, match=r"(?i)two_people|check"):
        lay_erasure(database, decided_by="hanako")


def test_a_process_of_the_version_before_may_still_write(database: Database) -> None:
    """An event written the old way, content and all, joins the same chain; its content is moved over."""
    record(database, "submitted")
    with database.transaction() as tx:
        end = audit.end_of(tx, CITY)
        said = {"facts": {"from": "submitted"}, "note": "よい", "salt": "a" * 32}
        chained = {"city": CITY, "seq": 2, "at": tx.now, "who": "taro", "kind": "approved", "post_id": "p"}
        chained |= {"delivery_id": None, "content_digest": digest_content(**said), "previous_hash": end.hash}
        linked = hash_link(**chained)
        tx.execute(sa.insert(tables.audit), [{**chained, **said, "hash": linked}])
        tx.execute(sa.update(tables.cities).values(audit_seq=2, audit_hash=linked))
    record(database, "closed")
    assert verify(database) is None
    with database.reading() as tx:
        assert [event.note for event in audit.of_post(tx, "p")] == ["よい"]


def test_a_long_trail_is_proven_with_few_events_in_memory(database: Database) -> None:
    """The proof reads the trail as a stream: 10,000 events take under 15 MB."""
    drop_guards(database)
    with database.transaction() as tx:
        for _ in range(10_000):
            audit.append(tx, city=CITY, who="hanako", kind="edited", note="手賀沼公園の紅葉が見頃です。" * 10)
    tracemalloc.start()
    try:
        assert verify(database) is None
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 15_000_000
