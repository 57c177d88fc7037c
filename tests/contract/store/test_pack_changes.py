"""The texts of packs in the ledger: what the database itself promises, on both engines."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from store_fixtures import OPENING

from publisher.errors import NotFoundError
from publisher.store import pack_changes
from publisher.store.rule_tables import pack_changes as table

if TYPE_CHECKING:
    from publisher.store.engine import Database, Transaction
    from publisher.store.pack_changes import PackChange

CITY, PACK = "kashiwa", "kashiwa"
DAY = date(2027, 1, 4)
SEEN = "5" * 64


def propose(tx: Transaction, text: str = "new", **more: Any) -> PackChange:
    """Store a proposal."""
    values: dict[str, Any] = {"in_force_on": DAY, "reason": "改定", "proposed_by": "hanako"} | more
    return pack_changes.add(tx, city=CITY, pack=PACK, text=text, base_sha256=None, replay={"posts": 3}, **values)


def decide(database: Database, number: int, decision: str = "confirmed", who: str = "taro", **more: Any) -> PackChange:
    """Decide on a proposal."""
    with database.transaction() as tx:
        change = pack_changes.lock(tx, CITY, number)
        values = {"note": "可", "seen_sha256": SEEN} | more
        return pack_changes.decide(tx, change, decision=decision, who=who, **values)


def test_a_first_text_is_stored_once(database: Database) -> None:
    """It is confirmed, always in force, and a second one for the same pack is not taken."""
    with database.transaction() as tx:
        assert pack_changes.add_first(tx, city=CITY, pack=PACK, text="old")
        assert not pack_changes.add_first(tx, city=CITY, pack=PACK, text="other")
    with database.reading() as tx:
        (edition,) = pack_changes.editions(tx, CITY, PACK)
        assert pack_changes.text_of(tx, CITY, edition.sha256) == "old"
        assert pack_changes.of_city(tx, CITY) == []

    assert (edition.in_force_on, edition.decided_at) == (None, OPENING)


def test_processes_that_start_together_store_one_first_text(database: Database) -> None:
    """Of six that find nothing, one stores its file's text."""
    together, stored = threading.Barrier(6), list[bool]()

    def start(text: str) -> None:
        together.wait(20)
        with database.transaction() as tx:
            stored.append(pack_changes.add_first(tx, city=CITY, pack=PACK, text=text))

    threads = [threading.Thread(target=start, args=(f"text {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(stored) == [False] * 5 + [True]


def test_proposals_made_together_get_numbers_of_their_own(database: Database) -> None:
    """Six threads, six numbers in a row."""
    together, numbers = threading.Barrier(6), list[int]()

    def work(text: str) -> None:
        together.wait(20)
        with database.transaction() as tx:
            numbers.append(propose(tx, text).number)

    threads = [threading.Thread(target=work, args=(f"text {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]


def test_each_city_counts_its_own(database: Database) -> None:
    """Another city's first change is number 1, and nobody else reads it."""
    with database.transaction() as tx:
        propose(tx)
        other = pack_changes.add(
            tx,
            city="komae",
            pack="komae",
            text="new",
            in_force_on=DAY,
            reason="改定",
            proposed_by="hanako",
            base_sha256=None,
            replay={},
        )
    with database.reading() as tx:
        assert [one.pack for one in pack_changes.of_city(tx, "komae")] == ["komae"]
        with pytest.raises(NotFoundError):
            pack_changes.text_of(tx, "komae", pack_changes.digest_of("old"))

    assert other.number == 1


def test_a_proposal_comes_back_as_it_was_written(database: Database) -> None:
    """Days, instants, the replay and the text; it holds nothing before it is confirmed."""
    with database.transaction() as tx:
        change = propose(tx)
    with database.reading() as tx:
        assert pack_changes.get(tx, CITY, change.number) == change
        assert pack_changes.editions(tx, CITY, PACK) == []

    assert (change.in_force_on, change.proposed_at, change.replay) == (DAY, OPENING, {"posts": 3})
    assert (change.decision, change.sha256) == (None, pack_changes.digest_of("new"))


def test_nobody_confirms_what_he_proposed(database: Database) -> None:
    """The database refuses it, whatever a program says."""
    with database.transaction() as tx:
        propose(tx)
    with pytest.raises(IntegrityError):
        decide(database, 1, who="hanako")
    with pytest.raises(IntegrityError):
        decide(database, 1, "refused", who="hanako")

    assert decide(database, 1).decided_by == "taro"


def test_nothing_is_confirmed_without_its_replay(database: Database) -> None:
    """The digest of what was seen stands beside each confirmation."""
    with database.transaction() as tx:
        propose(tx)
    with pytest.raises(IntegrityError):
        decide(database, 1, seen_sha256=None)

    assert decide(database, 1).seen_sha256 == SEEN


def test_what_is_decided_stays_decided(database: Database) -> None:
    """A second decision finds nothing open."""
    with database.transaction() as tx:
        propose(tx)
    decide(database, 1, "refused", seen_sha256=None)

    with pytest.raises(NotFoundError):
        decide(database, 1)


def test_only_the_first_text_has_always_held(database: Database) -> None:
    """A proposal without its day is refused by the database."""
    with pytest.raises(IntegrityError), database.transaction() as tx:
        propose(tx, in_force_on=None)


def test_two_that_decide_together_decide_once(database: Database) -> None:
    """The second waits for the first, and finds nothing open."""
    with database.transaction() as tx:
        propose(tx)
    together, ends = threading.Barrier(2), list[str]()

    def work(who: str) -> None:
        together.wait(20)
        try:
            ends.append(decide(database, 1, who=who).decided_by or "")
        except NotFoundError:
            ends.append("none")

    threads = [threading.Thread(target=work, args=(who,)) for who in ("taro", "jiro")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as tx:
        decided = tx.execute(sa.select(table.c.decided_by)).scalar_one()

    assert sorted(ends) == sorted(["none", decided])
