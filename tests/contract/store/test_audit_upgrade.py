"""The trail of the version before, taken over with its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import IntegrityError
from trail_hands import record, verify

from publisher.audit_chain import digest_content, hash_link
from publisher.clock import RealClock
from publisher.store import audit, schema, tables
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(name="old")
def _old(empty_url: str) -> Iterator[Database]:
    """A database of the version before, with three events of Kashiwa's and one of Komae's."""
    opened = Database(empty_url, clock=RealClock())
    with opened.transaction() as tx:
        config = schema._config()
        config.attributes["connection"] = tx.connection
        command.upgrade(config, "0004")
    for city, count in (("kashiwa", 3), ("komae", 1)):
        write_old(opened, city, count)
    yield opened
    opened.close()


def write_old(database: Database, city: str, count: int) -> None:
    """Write events as the version before did: facts, note and salt in the chain's own table."""
    previous, rows = "", []
    with database.transaction() as tx:
        for seq in range(1, count + 1):
            said: dict[str, Any] = {
                "facts": {"seq": seq, "枝": [1, {"a": None}]},
                "note": f"その{seq}",
                "salt": str(seq) * 32,
            }
            chained: dict[str, Any] = {"city": city, "seq": seq, "at": tx.now, "who": "hanako", "kind": "edited"}
            chained |= {"post_id": "p", "delivery_id": None, "previous_hash": previous}
            chained["content_digest"] = digest_content(**said)
            previous = hash_link(**chained)
            rows.append({**chained, **said, "hash": previous})
        tx.execute(sa.insert(tables.cities).values(city=city, audit_seq=count, audit_hash=previous))
        tx.execute(sa.insert(tables.audit), rows)


def test_a_trail_with_rows_is_taken_over_whole(old: Database) -> None:
    """After the migration every event has its facts and its note, and each city's chain holds and goes on."""
    old.migrate()
    assert (verify(old, "kashiwa"), verify(old, "komae")) == (None, None)
    record(old, "closed", post_id="p")
    assert verify(old) is None
    with old.reading() as tx:
        told = [(event.kind, event.facts.get("seq"), event.note) for event in audit.of_post(tx, "p")]
        left = tx.execute(sa.select(tables.audit.c.facts, tables.audit.c.note, tables.audit.c.salt)).all()
    assert sorted(told, key=str) == sorted(
        [*(("edited", seq, f"その{seq}") for seq in (1, 2, 3)), ("edited", 1, "その1"), ("closed", None, "")], key=str
    )
    assert {tuple(row) for row in left} == {(None, None, None)}


def test_what_was_taken_over_is_guarded_too(old: Database) -> None:
    """The old events are as unchangeable as new ones."""
    old.migrate()
    with pytest.raises(IntegrityError, match="append-only"), old.transaction() as tx:
        tx.execute(sa.update(tables.audit).where(tables.audit.c.seq == 2).values(who="taro"))
