"""The whitelist's rows, on each engine."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from publisher.store import whitelist

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.engine import Database, Transaction


def entry(tx: Transaction, handle: str = "chiba_pref", **changes: object) -> whitelist.Entry:
    """Return an entry of the prefecture, made now."""
    made = whitelist.Entry(
        id=tx.new_id(),
        city="kashiwa",
        platform="x",
        handle=handle,
        name="千葉県",
        relation="public_body",
        evidence="https://www.pref.chiba.lg.jp/",
        is_verified_official=True,
        aligned_policy="",
        added_by="koho_takahashi",
        added_at=tx.now,
        review_on=date(2027, 3, 31),
        removed_by=None,
        removed_at=None,
        removal_reason="",
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the tests name fields


def test_an_account_has_one_entry_in_force(database: Database, clock: MovedClock) -> None:
    """A second one is not taken until the first was removed; on another platform, or in another city, it is."""
    with database.transaction() as tx:
        first = entry(tx)
        taken = [
            whitelist.add(tx, one)
            for one in (first, entry(tx), entry(tx, platform="facebook"), entry(tx, city="komae"))
        ]
    clock.move(60)
    with database.transaction() as tx:
        removed = [whitelist.remove(tx, first.id, who="koho_takahashi", reason="改称") for _ in range(2)]
        again = whitelist.add(tx, entry(tx, name="千葉県広報"))
    with database.reading() as tx:
        names = [one.name for one in whitelist.of_account(tx, "kashiwa", "x", "chiba_pref")]

    assert [True, False, True, True] == taken
    assert [True, False] == removed
    assert again
    assert ["千葉県", "千葉県広報"] == names


def test_of_eight_who_add_at_once_one_does(database: Database) -> None:
    """The unique index decides, and nobody sees an error."""
    together, taken = threading.Barrier(8), list[bool]()

    def work() -> None:
        together.wait(20)
        with database.transaction() as tx:
            taken.append(whitelist.add(tx, entry(tx)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [False] * 7 + [True] == sorted(taken)


def test_the_newest_at_an_instant_is_found(database: Database, clock: MovedClock) -> None:
    """What was added later does not count yet; what was removed later carries its removal."""
    begun = clock.now()
    with database.transaction() as tx:
        first = entry(tx)
        whitelist.add(tx, first)
    clock.move(60)
    with database.transaction() as tx:
        whitelist.remove(tx, first.id, who="koho_takahashi", reason="改称")
        whitelist.add(tx, entry(tx, name="千葉県広報"))
    with database.reading() as tx:
        found = [
            whitelist.newest(tx, "kashiwa", "x", "chiba_pref", at=begun + timedelta(seconds=seconds))
            for seconds in (-1, 0, 59, 60)
        ]

    assert [None, "千葉県", "千葉県", "千葉県広報"] == [one and one.name for one in found]


def test_reviews_that_passed_are_found_until_they_are_told(database: Database) -> None:
    """The day itself is not past; what was removed, or needs no review, is never found."""
    with database.transaction() as tx:
        for handle, day in (("past", date(2026, 11, 29)), ("today", date(2026, 11, 30)), ("own", None)):
            whitelist.add(tx, entry(tx, handle, review_on=day))
        gone = entry(tx, "gone", review_on=date(2026, 1, 1))
        whitelist.add(tx, gone)
        whitelist.remove(tx, gone.id, who="koho_takahashi", reason="改称")
    with database.transaction() as tx:
        due = whitelist.to_review(tx, "kashiwa", date(2026, 11, 30), is_locked=True)
        whitelist.mark_told(tx, due)
        again = whitelist.to_review(tx, "kashiwa", date(2026, 11, 30))

    assert ["past"] == [one.handle for one in due]
    assert [] == again
