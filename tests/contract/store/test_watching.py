"""What the watchdog sees and what goes by e-mail, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger_stage import CITY, lay_one, lay_post

from publisher.api import Finding, NoticeKind, WatchKind
from publisher.ledger.pace import Pace
from publisher.store import mails, notices, watching, workers
from publisher.surveying import survey

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.engine import Database


def seen(database: Database) -> set[str]:
    """Return the kinds of what should not be as it is."""
    with database.reading() as tx:
        return {str(one.kind) for one in survey(tx, Pace())}


def beat(database: Database) -> None:
    """Let a worker beat."""
    with database.transaction() as tx:
        workers.beat(tx, "w1")


def test_the_survey_sees_what_is_late_and_who_is_gone(
    database: Database, clock: MovedClock, lease_clock: MovedClock
) -> None:
    """An emergency is late after 10 seconds, a post after 55, and a worker is gone after 15 without a beat."""
    beat(database)
    lay_one(database, number=1)
    lay_one(database, "kashiwa_line", number=2, is_emergency=True)
    assert seen(database) == set()
    for move, expected in ((11, {"late_emergency"}), (45, {"late_emergency", "late", "nobody_sends"})):
        clock.move(move)
        lease_clock.move(move)
        assert expected == seen(database)
    with database.reading() as tx:
        assert watching.size_bytes(tx) > 0
        assert watching.count_due(tx) == 2


def test_a_beat_from_before_the_clock_was_set_back_is_no_sign_of_life(
    database: Database, clock: MovedClock, lease_clock: MovedClock
) -> None:
    """On SQLite a dead worker would seem to be there for nine hours: `sns now` would leave the sending to it."""
    beat(database)
    for moved in (clock, lease_clock):
        moved.move(-9 * 3600)
    with database.reading() as tx:
        assert not workers.is_beating(tx, within_seconds=2.0)
    assert {"nobody_sends"} == seen(database)
    beat(database)
    assert set() == seen(database)


def test_something_is_seen_once_and_told_once(database: Database) -> None:
    """Of two that see or tell the same, the database lets one; once it is over it can be seen anew."""
    finding = Finding(kind=WatchKind.LATE, city=CITY, subject="d1", facts={"why": "queue"}, delivery="d1")
    for _ in range(2):
        with database.transaction() as tx:
            watching.see(tx, finding)
    with database.transaction() as tx:
        (one,) = watching.open_ones(tx)
        assert [True, False] == [watching.tell(tx, one.id, people=["kashiwa/hanako"]) for _ in range(2)]
    with database.transaction() as tx:
        (told,) = watching.open_ones(tx)
        assert told.people == ["kashiwa/hanako"]
        assert [True, False] == [watching.end(tx, told) for _ in range(2)]
        watching.see(tx, finding)
        (again,) = watching.open_ones(tx)
        assert not watching.end(tx, again), "what was never told leaves no trace"
        assert watching.open_ones(tx) == []


def test_a_notice_is_handed_over_after_its_time_and_each_reader_has_one_mail(
    database: Database, lease_clock: MovedClock
) -> None:
    """It is claimed by one postman, comes back after its lease, and ends once Slack has taken the notice."""
    with database.transaction() as tx:
        post = lay_post(tx, number=12)
        notices.add(tx, city=CITY, kind=NoticeKind.SIGN_OFF, post_id=post.id)
        notices.add(tx, city=CITY, kind=NoticeKind.CARD, post_id=post.id)
    with database.reading() as tx:
        assert not mails.is_anything_due(tx)
    lease_clock.move(60)
    with database.transaction() as tx:
        (row,) = mails.untaken(tx, limit=10)
        assert (row.kind, row.number) == (NoticeKind.SIGN_OFF, 12)
        for _ in range(2):
            mails.hand_over(tx, row.id, city=CITY, people=["hanako", "taro"])
        assert mails.untaken(tx, limit=10) == []
    with database.transaction() as tx:
        assert ["hanako", "taro"] == sorted(one.person for one in mails.claim(tx, limit=10, lease_seconds=120))
        assert mails.claim(tx, limit=10, lease_seconds=120) == []
    lease_clock.move(121)
    with database.transaction() as tx:
        first, second = mails.claim(tx, limit=10, lease_seconds=120)
        mails.end(tx, [first.id], "sent")
        mails.put_back(tx, [second.id], retry_after_seconds=10, error="refused 451")
        assert (mails.state(tx).waiting, mails.state(tx).error) == (1, "refused 451")
    box = notices.StoredNotices(database)
    for notice in box.claim(10):
        box.done(notice)
    lease_clock.move(11)
    with database.transaction() as tx:
        assert mails.claim(tx, limit=10, lease_seconds=120) == []
        assert mails.state(tx).waiting == 0
