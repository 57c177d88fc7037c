"""The rows of the city's periods, on each engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from ledger_stage import CITY, lay_one
from sqlalchemy.exc import IntegrityError

from publisher.store import audit, deliveries, periods, tables
from publisher.store.delivery_record import Problem

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.engine import Database, Transaction

HOUR = timedelta(hours=1)


def period(tx: Transaction, name: str = "選挙期間", **changes: Any) -> periods.StoredPeriod:
    """Return a period of two hours from now on."""
    made = periods.StoredPeriod(
        id=tx.new_id(),
        city=CITY,
        name=name,
        starts_at=tx.now,
        ends_at=tx.now + 2 * HOUR,
        effect="head",
        categories=("mayor",),
        words=("候補者",),
        accounts=("kashiwa_koen",),
        reason="市議会議員選挙",
        added_by="koho_takahashi",
        added_at=tx.now,
        ended_by=None,
        ended_at=None,
        end_reason="",
    )
    return replace(made, **changes)


def test_what_is_in_force_or_to_come_is_found_at_each_instant(database: Database, clock: MovedClock) -> None:
    """The end is outside; what was ended early is over from then on; nothing counts before it was set."""
    begun = clock.now()
    with database.transaction() as tx:
        early = period(tx, "早く終えた", starts_at=tx.now + HOUR / 60, ends_at=tx.now + 9 * HOUR)
        for one in (period(tx), early, period(tx, "年末年始", starts_at=tx.now + HOUR, ends_at=tx.now + 3 * HOUR)):
            periods.add(tx, one)
        periods.add(tx, period(tx, "よその市", city="komae"))
    clock.move(1800)
    with database.transaction() as tx:
        ended = [periods.end(tx, early.id, who="koho_takahashi", reason="延期") for _ in range(2)]
    with database.reading() as tx:
        names = {
            minutes: [one.name for one in periods.not_over(tx, CITY, at=begun + timedelta(minutes=minutes))]
            for minutes in (-1, 0, 29, 30, 119, 120, 180)
        }

    assert [True, False] == ended
    assert {
        -1: [],
        0: ["選挙期間", "早く終えた", "年末年始"],
        29: ["選挙期間", "早く終えた", "年末年始"],
        30: ["選挙期間", "年末年始"],
        119: ["選挙期間", "年末年始"],
        120: ["年末年始"],
        180: [],
    } == names


def test_what_was_ended_before_it_began_is_never_in_force(database: Database, clock: MovedClock) -> None:
    """Not even for somebody who asks about the time between."""
    with database.transaction() as tx:
        ahead = period(tx, starts_at=tx.now + HOUR)
        periods.add(tx, ahead)
    clock.move(60)
    with database.transaction() as tx:
        periods.end(tx, ahead.id, who="koho_takahashi", reason="延期")
    with database.reading() as tx:
        assert [] == periods.not_over(tx, CITY, at=ahead.starts_at)
        assert [] == periods.not_over(tx, CITY, at=ahead.added_at)
        assert [ahead.id] == [one.id for one in periods.every(tx, CITY)]


def test_a_period_is_kept_as_it_was_set(database: Database) -> None:
    """Words, categories and accounts come back as they went in."""
    with database.transaction() as tx:
        made = period(tx)
        periods.add(tx, made)
    with database.reading() as tx:
        found = periods.every(tx, CITY)[0]

    assert (["mayor"], ["候補者"], ["kashiwa_koen"]) == (found.categories, found.words, found.accounts)
    assert (made.starts_at, made.ends_at, made.over_at) == (found.starts_at, found.ends_at, found.over_at)


@pytest.mark.parametrize(("effect", "hours"), [("forbid", 2), ("head", 0), ("head", -1)])
def test_the_database_refuses_what_is_no_period(database: Database, effect: str, hours: int) -> None:
    """An effect that nobody knows, and an end that is no later than its beginning."""
    with pytest.raises(IntegrityError), database.transaction() as tx:
        periods.add(tx, period(tx, effect=effect, ends_at=tx.now + hours * HOUR))


def test_a_beginning_is_noticed_once(database: Database, clock: MovedClock) -> None:
    """By one of two who look at the same moment."""
    with database.transaction() as tx:
        ahead = period(tx, starts_at=tx.now + HOUR)
        periods.add(tx, ahead)
        assert [] == periods.begun(tx, CITY)
    clock.move(3600)
    with database.transaction() as tx:
        assert [ahead.id] == [one.id for one in periods.begun(tx, CITY)]
        assert [True, False] == [periods.mark_begun(tx, ahead.id) for _ in range(2)]
        assert [] == periods.begun(tx, CITY)


def test_who_was_told_is_read_from_the_trail(database: Database) -> None:
    """Of this period, and of no other."""
    one = lay_one(database)
    with database.transaction() as tx:
        made, other = period(tx), period(tx, "年末年始")
        for each in (made, other):
            periods.add(tx, each)
        audit.append(tx, city=CITY, who="timer", kind=periods.TOUCHED, post_id=one.post_id, facts={"period": made.id})
    with database.reading() as tx:
        assert {one.post_id} == periods.posts_told(tx, made)
        assert set() == periods.posts_told(tx, other)


def test_only_what_waits_for_a_period_is_woken(database: Database, clock: MovedClock) -> None:
    """A delivery that waits for the opening stays asleep when a period ends early."""
    codes = (periods.WAITS, "waits_for_opening")
    sleeping = {code: lay_one(database, number=number) for number, code in enumerate(codes, 1)}
    later = clock.now() + 9 * HOUR
    with database.transaction() as tx:
        for code, one in sleeping.items():
            values = {"due_at": later, "problem": Problem(code=code).as_json()}
            tx.execute(sa.update(tables.deliveries).where(tables.deliveries.c.id == one.id).values(**values))
    with database.transaction() as tx:
        woken = periods.wake_waiting(tx, CITY, who="koho_takahashi")
    with database.reading() as tx:
        due = {code: deliveries.get(tx, one.id).due_at for code, one in sleeping.items()}
        kinds = [event.kind for event in audit.of_post(tx, sleeping[periods.WAITS].post_id)]

    assert 1 == woken
    assert {periods.WAITS: clock.now(), "waits_for_opening": later} == due
    assert "delivery_woken" in kinds
