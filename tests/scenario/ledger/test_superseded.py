"""What a newer post took the place of is never sent late, and what may be there already is found out all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from ledger_stage import CITY, LaidPost, lay_delivery, lay_post, read

from publisher.delivery import DeliveryEvent, DeliveryKind, DeliveryState
from publisher.store import audit, deliveries, supersessions
from publisher.superseding import Because, lock, supersede

if TYPE_CHECKING:
    from ledger_stage import FakeOutbound, FakePlatform
    from store_fixtures import MovedClock

    from publisher.ledger import Worker
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

OFFICIAL = "kashiwa_shi"


def lay_two(
    database: Database, account: str = OFFICIAL, platform: str = "x", latest_at_minutes: int | None = None
) -> tuple[LaidPost, Delivery, LaidPost]:
    """Put an older post with a delivery into the ledger, and a newer one that has none yet."""
    with database.transaction() as tx:
        older = lay_post(tx, number=1)
        latest_at = None if latest_at_minutes is None else tx.now + timedelta(minutes=latest_at_minutes)
        made = lay_delivery(tx, older, account, platform=platform, latest_at=latest_at)
        return older, made, lay_post(tx, number=2)


def replace(database: Database, older: LaidPost, newer: LaidPost, *accounts: str) -> None:
    """Let the newer post take the older one's place."""
    with database.transaction() as tx:
        lock(tx, [older.id])
        supersede(
            tx, older_post_id=older.id, by_post_id=newer.id, accounts=accounts, because=Because.REPORT, who="taro"
        )


def test_what_nobody_has_taken_up_ends_at_once_and_only_on_the_accounts_of_the_newer_post(
    database: Database, worker: Worker, x: FakePlatform
) -> None:
    """The account that the newer post does not go to keeps the older one."""
    older, made, newer = lay_two(database)
    with database.transaction() as tx:
        kept = lay_delivery(tx, older, "kashiwa_koen")
    replace(database, older, newer, OFFICIAL)
    assert read(database, made).state is DeliveryState.SUPERSEDED
    worker.run_due_once()
    assert (x.count(OFFICIAL), x.count("kashiwa_koen")) == (0, 1)
    assert read(database, kept).state is DeliveryState.SENT


@pytest.mark.parametrize("state", [DeliveryState.RETRY, DeliveryState.HELD, DeliveryState.ASKED])
def test_what_waits_for_a_time_or_for_a_person_ends_at_once(
    database: Database, worker: Worker, x: FakePlatform, outbound: FakeOutbound, state: DeliveryState
) -> None:
    """A retry, a held and an asked delivery that sent nothing are superseded like a due one."""
    x.order(OFFICIAL, "unreachable" if state is DeliveryState.RETRY else "token_expired")
    older, made, newer = lay_two(database)
    if state is DeliveryState.HELD:
        with database.transaction() as tx:
            deliveries.apply(tx, made.id, DeliveryEvent.HELD_BACK)
    else:
        worker.run_due_once()
    assert read(database, made).state is state
    replace(database, older, newer, OFFICIAL)
    assert read(database, made).state is DeliveryState.SUPERSEDED


def test_what_a_worker_holds_ends_at_its_last_check(
    database: Database, worker: Worker, x: FakePlatform, outbound: FakeOutbound
) -> None:
    """A newer post that comes between the claim and the call keeps the older one from going out."""
    older, made, newer = lay_two(database)
    outbound.meanwhile = lambda: replace(database, older, newer, OFFICIAL)
    worker.run_due_once()
    assert read(database, made).state is DeliveryState.SUPERSEDED
    assert x.calls == []


@pytest.mark.parametrize(
    ("fault", "latest_at_minutes"),
    [("unreachable", None), ("throttled", None), ("throttled", 10), ("token_expired", None)],
)
def test_a_call_that_sent_nothing_is_not_repeated_and_nobody_is_asked(
    database: Database, worker: Worker, x: FakePlatform, fault: str, latest_at_minutes: int | None
) -> None:
    """A newer post that comes during the call ends the older one with it, where nothing went out."""
    x.order(OFFICIAL, fault)
    older, made, newer = lay_two(database, latest_at_minutes=latest_at_minutes)
    x.meanwhile = lambda: replace(database, older, newer, OFFICIAL)
    worker.run_due_once()
    ended = read(database, made)
    assert (ended.state, x.count(OFFICIAL)) == (DeliveryState.SUPERSEDED, 0)


@pytest.mark.parametrize(
    ("fault", "ends", "seen"),
    [
        ("500_after_accepting", DeliveryState.SENT, 1),
        ("500_before_accepting", DeliveryState.SUPERSEDED, 0),
    ],
)
def test_what_may_be_there_is_found_out_and_never_repeated(
    database: Database,
    worker: Worker,
    x: FakePlatform,
    clock: MovedClock,
    fault: str,
    ends: DeliveryState,
    seen: int,
) -> None:
    """Found: it is sent. Proven absent: the last check ends it as superseded."""
    x.order(OFFICIAL, fault)
    older, made, newer = lay_two(database)
    worker.run_due_once()
    replace(database, older, newer, OFFICIAL)
    assert read(database, made).state is DeliveryState.UNKNOWN
    for seconds in (2, 30, 30):
        clock.move(seconds)
        worker.reconcile_once()
        worker.run_due_once()
    assert (read(database, made).state, x.count(OFFICIAL)) == (ends, seen)


def test_where_a_repeat_is_safe_but_proves_nothing_a_person_is_asked(
    database: Database, worker: Worker, line: FakePlatform, clock: MovedClock
) -> None:
    """LINE may have the older broadcast: it is not repeated to find out, and not called replaced either."""
    line.order("line_koho", "500_after_accepting")
    older, made, newer = lay_two(database, "line_koho", "line")
    worker.run_due_once()
    replace(database, older, newer, "line_koho")
    clock.move(2)
    worker.reconcile_once()
    worker.run_due_once()
    assert (read(database, made).state, line.count("line_koho")) == (DeliveryState.ASKED, 1)


def test_a_repost_that_waits_for_a_superseded_post_ends(database: Database, worker: Worker, x: FakePlatform) -> None:
    """Superseded with its own account, or ended with its source where the newer post has no repost there."""
    older, made, newer = lay_two(database)
    with database.transaction() as tx:
        mirrors = [
            lay_delivery(tx, older, account, kind=DeliveryKind.REPOST, source_id=made.id)
            for account in ("kashiwa_koen", "kashiwa_koho")
        ]
    replace(database, older, newer, OFFICIAL, "kashiwa_koen")
    ended = [read(database, one).state for one in mirrors]
    assert ended == [DeliveryState.SUPERSEDED, DeliveryState.CANCELLED]
    worker.run_due_once()
    assert x.calls == []


def test_the_first_to_take_a_place_keeps_it_and_the_trail_says_who_and_why(database: Database) -> None:
    """A third post cannot replace what the second has replaced; one event names accounts and reason."""
    older, made, newer = lay_two(database)
    with database.transaction() as tx:
        third = lay_post(tx, number=3)
    replace(database, older, newer, OFFICIAL)
    replace(database, older, third, OFFICIAL)
    with database.reading() as tx:
        kept = supersessions.of_delivery(tx, made)
        events = [one for one in audit.of_post(tx, older.id) if one.kind == "post_superseded"]
        ended = [one for one in audit.of_post(tx, older.id) if one.kind == "delivery_superseded"]
        assert audit.verify(tx, CITY) is None
    assert kept is not None
    assert (kept.newer, kept.because, kept.who) == ("K-2", "report", "taro")
    assert [one.facts for one in events] == [{"newer": "K-2", "accounts": [OFFICIAL], "because": "report"}]
    assert [(one.who, one.facts["newer"]) for one in ended] == [("taro", "K-2")]


def test_what_takes_the_older_post_back_goes_on(database: Database) -> None:
    """A deletion on the same account is no part of what is replaced."""
    older, made, newer = lay_two(database)
    with database.transaction() as tx:
        deletion = lay_delivery(tx, older, OFFICIAL, kind=DeliveryKind.DELETE, source_id=made.id)
    replace(database, older, newer, OFFICIAL)
    with database.reading() as tx:
        assert supersessions.of_delivery(tx, deletion) is None
    assert read(database, deletion).state is not DeliveryState.SUPERSEDED
