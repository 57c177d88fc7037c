"""Nothing is lost, and late is worse than held: what goes wrong ends in a repeat that is safe, or with a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from ledger_stage import CITY, lay_delivery, lay_one, lay_post, read

from platforms.errors import NeedsPerson, Who
from platforms.port import Remark
from publisher.api import NoticeKind
from publisher.delivery import DeliveryEvent, DeliveryKind, DeliveryState
from publisher.ledger import AskPerson, NotBefore
from publisher.store import attempts, audit, deliveries, tables
from publisher.store.delivery_record import Objection
from publisher.store.notices import StoredNotices

if TYPE_CHECKING:
    from ledger_stage import FakeOutbound, FakePlatform
    from store_fixtures import MovedClock

    from publisher.ledger import Worker
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database


def answer(database: Database, delivery: Delivery, event: DeliveryEvent, *, who: str = "taro") -> Delivery:
    """Let a person answer."""
    with database.transaction() as tx:
        return deliveries.apply(tx, delivery.id, event, who=who)


def questions(database: Database) -> list[str | None]:
    """Return which deliveries people are being asked about."""
    return [notice.delivery for notice in StoredNotices(database).claim() if notice.kind is NoticeKind.ASK]


def test_what_was_certainly_not_sent_is_repeated_after_a_wait(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """An unreachable platform is asked again after 1 s, then 2 s (the bounds of the back-off), and gets one post."""
    x.order("kashiwa_shi", "unreachable", "unreachable")
    delivery = lay_one(database)
    worker.run_due_once()
    retry = read(database, delivery)
    assert (retry.state, retry.due_at) == (DeliveryState.RETRY, clock.now() + timedelta(seconds=1))
    clock.move(1)
    worker.run_due_once()
    assert read(database, delivery).due_at == clock.now() + timedelta(seconds=2)
    clock.move(2)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT
    assert x.count("kashiwa_shi") == 1


def test_after_eight_calls_that_sent_nothing_a_person_is_asked(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A platform that stays away doesn't keep a delivery retrying for ever."""
    x.order("kashiwa_shi", *["unreachable"] * 8)
    delivery = lay_one(database)
    for _ in range(8):
        worker.run_due_once()
        clock.move(60)
    asked = read(database, delivery)
    assert (asked.state, asked.attempts) == (DeliveryState.ASKED, 8)
    assert questions(database) == [delivery.id]


def test_a_rate_limit_is_waited_out(database: Database, worker: Worker, x: FakePlatform, clock: MovedClock) -> None:
    """A throttled delivery comes back at the platform's own time, 15 minutes later."""
    x.order("kashiwa_shi", "throttled")
    delivery = lay_one(database)
    worker.run_due_once()
    clock.move(15 * 60 - 1)
    assert worker.run_due_once() == 0
    clock.move(1)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT


def test_a_rate_limit_beyond_the_latest_useful_time_asks_at_once(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """A person hears now, not after the wait, that a post will be too late."""
    x.order("kashiwa_shi", "throttled")
    delivery = lay_one(database, latest_at=clock.now() + timedelta(minutes=10))
    worker.run_due_once()
    asked = read(database, delivery)
    assert asked.state is DeliveryState.ASKED
    assert asked.problem is not None
    assert (asked.problem.code, asked.problem.objection) == ("rate_limited", Objection.LATE)


def test_a_refused_text_fails_at_once_and_says_who_must_act(
    database: Database, worker: Worker, x: FakePlatform
) -> None:
    """A platform's refusal of the content is final: it is never tried again."""
    x.order("kashiwa_shi", "rejected")
    delivery = lay_one(database)
    worker.run_due_once()
    failed = read(database, delivery)
    assert failed.state is DeliveryState.FAILED
    assert failed.problem is not None
    assert (failed.problem.code, failed.problem.who) == ("text_refused", "author")


def test_an_expired_token_asks_the_keeper_of_the_accounts(database: Database, worker: Worker, x: FakePlatform) -> None:
    """A delivery whose account must be reconnected waits for a person, and goes out once it is told to."""
    x.order("kashiwa_shi", "token_expired")
    delivery = lay_one(database)
    worker.run_due_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.who) == (DeliveryState.ASKED, "it")
    answer(database, delivery, DeliveryEvent.PERSON_SAYS_SEND)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT


def test_a_missing_secret_asks_and_leaves_an_attempt_behind(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """What fails before the call opened reaches nobody, and is recorded all the same."""
    outbound.unprepared["kashiwa_shi"] = NeedsPerson("secret_missing", who=Who.IT)
    delivery = lay_one(database)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.ASKED
    with database.reading() as tx:
        assert [attempt.event for attempt in attempts.of_delivery(tx, delivery.id)] == ["needs_person"]
    assert x.calls == []


def test_what_is_late_is_asked_about_and_goes_out_only_by_a_persons_word(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """After hours of absence a post past its latest useful time is held back, asked about once, and then sent."""
    delivery = lay_one(database, latest_at=clock.now() + timedelta(minutes=10))
    clock.move(3 * 3600)
    worker.run_due_once()
    asked = read(database, delivery)
    assert asked.problem is not None
    assert (asked.state, asked.problem.code) == (DeliveryState.ASKED, "late")
    assert questions(database) == [delivery.id]
    assert x.calls == []
    answer(database, delivery, DeliveryEvent.PERSON_SAYS_SEND)
    worker.run_due_once()
    sent = read(database, delivery)
    assert sent.state is DeliveryState.SENT
    assert [(waiver.objection, waiver.by) for waiver in sent.waived] == [(Objection.LATE, "taro")]


def test_a_late_emergency_is_asked_about_too(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """An emergency post whose latest useful time has passed never goes out by itself."""
    lay_one(database, latest_at=clock.now() + timedelta(minutes=10), is_emergency=True)
    clock.move(601)
    worker.run_due_once()
    assert x.calls == []


def test_a_policy_that_objects_at_the_last_check_is_asked_about_once(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """A waived objection is not raised again; whose word it was is kept."""
    outbound.checks["kashiwa_shi"] = AskPerson(remark=Remark(code="policy_escalates"), is_waivable=True)
    delivery = lay_one(database)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.ASKED
    assert x.calls == []
    answer(database, delivery, DeliveryEvent.PERSON_SAYS_SEND)
    worker.run_due_once()
    sent = read(database, delivery)
    assert sent.state is DeliveryState.SENT
    assert [(waiver.objection, waiver.by) for waiver in sent.waived] == [(Objection.POLICY, "taro")]


def test_a_waiver_covers_the_very_objection_and_no_other(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """Whoever waived one rule is asked again when another one objects."""
    outbound.checks["kashiwa_shi"] = AskPerson(remark=Remark(code="rule", params={"rule": "a"}), is_waivable=True)
    delivery = lay_one(database)
    worker.run_due_once()
    answer(database, delivery, DeliveryEvent.PERSON_SAYS_SEND)
    outbound.checks["kashiwa_shi"] = AskPerson(remark=Remark(code="rule", params={"rule": "b"}), is_waivable=True)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.ASKED
    assert x.calls == []


def test_a_broken_seal_is_nobodys_to_waive(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """What was not approved never goes out, however often a person says: send."""
    outbound.checks["kashiwa_shi"] = AskPerson(remark=Remark(code="seal_broken"))
    delivery = lay_one(database)
    for _ in range(2):
        worker.run_due_once()
        assert read(database, delivery).state is DeliveryState.ASKED
        answer(database, delivery, DeliveryEvent.PERSON_SAYS_SEND)
    assert x.calls == []


def test_what_may_go_only_from_the_next_opening_waits_for_it(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform, clock: MovedClock
) -> None:
    """A delivery outside hours is due again at the next opening; nothing is sent until then."""
    opening = clock.now() + timedelta(hours=15)
    outbound.checks["kashiwa_shi"] = NotBefore(at=opening, remark=Remark(code="outside_hours"))
    delivery = lay_one(database)
    worker.run_due_once()
    waiting = read(database, delivery)
    assert (waiting.state, waiting.due_at) == (DeliveryState.DUE, opening)
    assert x.calls == []
    outbound.checks.clear()
    clock.move(15 * 3600)
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.SENT


def test_a_post_that_was_cancelled_meanwhile_is_stopped_at_the_last_check(
    database: Database, worker: Worker, outbound: FakeOutbound, x: FakePlatform
) -> None:
    """A claimed delivery whose post is cancelled before the call is opened never reaches the platform."""
    delivery = lay_one(database)

    def cancel() -> None:
        with database.transaction() as tx:
            tx.execute(sa.update(tables.posts).values(state="cancelled"))

    outbound.meanwhile = cancel
    worker.run_due_once()
    assert read(database, delivery).state is DeliveryState.CANCELLED
    assert x.calls == []


def test_a_failing_account_never_stops_the_others(
    database: Database, worker: Worker, x: FakePlatform, line: FakePlatform
) -> None:
    """Of one post's deliveries each ends by itself: one is refused, one throttled, one sent."""
    x.order("kashiwa_shi", "rejected")
    x.order("kashiwa_koen", "throttled")
    with database.transaction() as tx:
        post = lay_post(tx)
        made = [lay_delivery(tx, post, account) for account in ("kashiwa_shi", "kashiwa_koen")]
        made.append(lay_delivery(tx, post, "line_koho", platform="line"))
    worker.run_due_once()
    assert [read(database, each).state for each in made] == [
        DeliveryState.FAILED,
        DeliveryState.RETRY,
        DeliveryState.SENT,
    ]
    assert line.count("line_koho") == 1


def lay_mirror(database: Database, **changes: object) -> tuple[Delivery, Delivery]:
    """Put a section's post and the official account's repost of it into the ledger."""
    with database.transaction() as tx:
        post = lay_post(tx)
        source = lay_delivery(tx, post, "kashiwa_koen", **changes)
        mirror = lay_delivery(tx, post, "kashiwa_shi", kind=DeliveryKind.REPOST, source_id=source.id)
    return source, mirror


def test_a_mirror_waits_for_its_sources_receipt(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """The official account reposts only once the section's post has an id, and reposts that id."""
    x.order("kashiwa_koen", "500_after_accepting")
    source, mirror = lay_mirror(database)
    worker.run_due_once()
    assert read(database, mirror).state is DeliveryState.WAITING
    clock.move(2)
    worker.reconcile_once()
    assert read(database, mirror).state is DeliveryState.DUE
    worker.run_due_once()
    assert read(database, mirror).state is DeliveryState.SENT
    assert x.calls[-1] == ("repost", f"id-{source.id}")


def test_a_mirror_of_a_failed_post_is_cancelled(database: Database, worker: Worker, x: FakePlatform) -> None:
    """A post that was refused leaves nothing to repost."""
    x.order("kashiwa_koen", "rejected")
    _, mirror = lay_mirror(database)
    worker.run_due_once()
    assert read(database, mirror).state is DeliveryState.CANCELLED


def test_an_unknown_repost_is_simply_repeated(
    database: Database, worker: Worker, x: FakePlatform, clock: MovedClock
) -> None:
    """Reposting is idempotent: after a 500 it is done again, and citizens see one repost."""
    _, mirror = lay_mirror(database)
    x.order("kashiwa_shi", "500_after_accepting")
    worker.run_due_once()
    worker.run_due_once()
    assert read(database, mirror).state is DeliveryState.UNKNOWN
    clock.move(2)
    worker.reconcile_once()
    worker.run_due_once()
    assert read(database, mirror).state is DeliveryState.SENT
    assert x.count("kashiwa_shi") == 1


def test_a_mirror_of_what_only_a_person_saw_ends(database: Database, worker: Worker, outbound: FakeOutbound) -> None:
    """A post whose id nobody knows cannot be reposted."""
    outbound.unprepared["kashiwa_koen"] = NeedsPerson("secret_missing", who=Who.IT)
    source, mirror = lay_mirror(database)
    worker.run_due_once()
    answer(database, source, DeliveryEvent.PERSON_SAYS_SENT)
    assert read(database, source).is_witnessed
    assert read(database, mirror).state is DeliveryState.CANCELLED


def test_every_step_is_in_the_audit_trail(database: Database, worker: Worker, x: FakePlatform) -> None:
    """The trail tells a delivery's life in order, and proves its integrity."""
    delivery = lay_one(database)
    worker.run_due_once()
    with database.reading() as tx:
        told = [event.kind for event in audit.of_post(tx, delivery.post_id)]
        assert audit.verify(tx, CITY) is None
    assert told == ["delivery_created", "delivery_claimed", "attempt_opened", "delivery_succeeded", "closed"]
    assert x.count("kashiwa_shi") == 1
