"""The courier's box: leases, coalescing, and where the cards are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ledger_stage import CITY, lay_post

from publisher.api import NoticeKind, SlackRef
from publisher.store import mails, notices
from publisher.store.engine import Topic
from publisher.store.notices import StoredNotices

if TYPE_CHECKING:
    from ledger_stage import LaidPost
    from store_fixtures import MovedClock

    from publisher.store.engine import Database


@pytest.fixture
def post(database: Database) -> LaidPost:
    """A post, K-12."""
    with database.transaction() as tx:
        return lay_post(tx, number=12)


@pytest.fixture
def box(database: Database) -> StoredNotices:
    """The box."""
    return StoredNotices(database)


def add(database: Database, kind: NoticeKind, post: LaidPost | None = None, **more: str) -> None:
    """Leave a notice."""
    with database.transaction() as tx:
        notices.add(tx, city=CITY, kind=kind, post_id=post.id if post else None, params={"code": "x"}, **more)  # type: ignore[arg-type]  # a test's short form


def add_and_fail(database: Database, post: LaidPost) -> None:
    """Leave a notice in a transaction that fails."""
    with database.transaction() as tx:
        notices.add(tx, city=CITY, kind=NoticeKind.CARD, post_id=post.id)
        raise RuntimeError


def kinds(box: StoredNotices) -> list[NoticeKind]:
    """Return what is claimed now."""
    return [notice.kind for notice in box.claim()]


def test_a_notice_is_leased_once_and_names_its_post(database: Database, box: StoredNotices, post: LaidPost) -> None:
    """A claimed notice tells number, person and params, and nobody else gets it."""
    add(database, NoticeKind.DECIDED, post, person="hanako")
    notice = box.claim()[0]
    assert (notice.number, notice.person, notice.params, notice.attempts) == ("K-12", "hanako", {"code": "x"}, 0)
    assert box.claim() == []


def test_notices_come_in_the_order_in_which_they_were_left(
    database: Database, box: StoredNotices, post: LaidPost, clock: MovedClock
) -> None:
    """Older notices are told first."""
    for kind in (NoticeKind.CARD, NoticeKind.DELIVERY, NoticeKind.ASK):
        add(database, kind, post)
        clock.move(1)
    assert kinds(box) == [NoticeKind.CARD, NoticeKind.DELIVERY, NoticeKind.ASK]


def test_a_posts_cards_are_one_notice(database: Database, box: StoredNotices, post: LaidPost) -> None:
    """Ten changes of a post before the courier comes draw its card once."""
    for _ in range(10):
        add(database, NoticeKind.CARD, post)
    assert kinds(box) == [NoticeKind.CARD]


def test_a_change_while_the_card_is_being_drawn_draws_it_again(
    database: Database, box: StoredNotices, post: LaidPost
) -> None:
    """A card that changes while the courier has it in hand is drawn again afterwards, not at the same time."""
    add(database, NoticeKind.CARD, post)
    in_hand = box.claim()[0]
    add(database, NoticeKind.CARD, post)
    assert kinds(box) == []
    box.done(in_hand)
    assert kinds(box) == [NoticeKind.CARD]


def test_a_courier_that_dies_loses_no_notice(
    database: Database, box: StoredNotices, post: LaidPost, lease_clock: MovedClock
) -> None:
    """A notice that was claimed and never ticked off comes back after a minute, and says that it was tried."""
    add(database, NoticeKind.ASK, post)
    box.claim()
    lease_clock.move(59)
    assert box.claim() == []
    lease_clock.move(1)
    assert [notice.attempts for notice in box.claim()] == [1]


def test_a_clock_that_is_set_back_keeps_nobody_from_hearing(
    database: Database, box: StoredNotices, post: LaidPost, clock: MovedClock, lease_clock: MovedClock
) -> None:
    """The machine came up nine hours ahead and was put right: on SQLite a question would wait for nine hours.

    So it would where somebody had it in hand who died, and where it is to go by e-mail.
    """
    add(database, NoticeKind.ASK, post)
    add(database, NoticeKind.DELIVERY, post)
    (in_hand,) = box.claim(1)
    for moved in (clock, lease_clock):
        moved.move(-9 * 3600)
    with database.reading() as tx:
        assert mails.is_anything_due(tx)
    assert [in_hand.kind, NoticeKind.DELIVERY] == kinds(box)


def test_a_notice_that_failed_waits_as_long_as_it_was_told(
    database: Database, box: StoredNotices, post: LaidPost, lease_clock: MovedClock
) -> None:
    """Slack's own waiting time is kept, then the notice is told again."""
    add(database, NoticeKind.ASK, post)
    box.failed(box.claim()[0], retry_after_seconds=30.0, error="ratelimited")
    assert box.next_due_seconds() == 30.0
    lease_clock.move(29)
    assert box.claim() == []
    lease_clock.move(1)
    notice = box.claim()[0]
    box.done(notice, SlackRef(channel="C1", ts="1.2"))
    lease_clock.move(3600)
    assert box.claim() == []
    assert box.next_due_seconds() is None


def test_a_card_has_its_place(box: StoredNotices, post: LaidPost) -> None:
    """Where a post's card is in Slack is remembered by the post's number."""
    assert box.card_ref(CITY, "K-12") is None
    box.remember_card(CITY, "K-12", SlackRef(channel="C1", ts="1.2"))
    assert box.card_ref(CITY, "K-12") == SlackRef(channel="C1", ts="1.2")
    assert box.card_ref(CITY, "K-13") is None
    assert box.card_ref(CITY, "nonsense") is None


def test_the_courier_is_woken_by_the_commit_that_leaves_a_notice(database: Database, post: LaidPost) -> None:
    """Subscribers hear of a notice after the commit, and not of one that was rolled back."""
    heard: list[str] = []
    stop = database.subscribe(Topic.NOTICES, lambda: heard.append("notices"))
    with pytest.raises(RuntimeError):
        add_and_fail(database, post)
    assert heard == []
    add(database, NoticeKind.CARD, post)
    assert heard == ["notices"]
    stop()
    add(database, NoticeKind.ASK, post)
    assert heard == ["notices"]


def effort_of(database: Database, post: LaidPost) -> int:
    """Return how many steps SQLite's machine takes to leave a post's card."""
    steps = [0]

    def step() -> None:
        steps[0] += 1

    with database.transaction() as tx:
        driver: Any = tx.connection.connection.dbapi_connection
        driver.set_progress_handler(step, 1)
        notices.add(tx, city=CITY, kind=NoticeKind.CARD, post_id=post.id)
        tx.finish()
        driver.set_progress_handler(None, 0)
    return steps[0]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_leaving_a_card_costs_the_same_however_many_notices_are_open(database: Database, post: LaidPost) -> None:
    """While Slack is away they pile up; SQLite, which counts no rows by itself, reads only the post's own."""
    before = effort_of(database, post)
    with database.transaction() as tx:
        for number in range(100, 300):
            other = lay_post(tx, number=number)
            notices.add(tx, city=CITY, kind=NoticeKind.CARD, post_id=other.id)
    assert effort_of(database, post) <= before
