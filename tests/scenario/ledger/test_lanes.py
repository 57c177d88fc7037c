"""A lane remembers: nobody knocks where the platform has said no, and a dead platform costs the others nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from ledger_stage import CITY, FakeOutbound, FakePlatform, FakeSession, lay_one, read

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.port import Receipt
from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.ledger import Pace, Worker
from publisher.ledger.accounts_port import UNLIMITED, Budget
from publisher.store import attempts, breakers, credentials, deliveries, lane_memories
from publisher.store.deliveries import Change, Objection
from publisher.store.lane_memories import Kind
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from store_fixtures import MovedClock

    from platforms.port import Pending, Plan
    from publisher.ledger import Prepared
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

AT_ONCE = Pace(memory_seconds=0.0)
"""A worker that reads what the others know before each claim, in place of once a second."""
WINDOW = 15 * 60
WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Apps:
    """Accounts that share an app of the vendor's."""

    together: tuple[str, ...] = ()

    def budget(self, city: str, account: str) -> Budget:
        """Nothing is counted."""
        assert city
        assert account
        return UNLIMITED

    def sharing_app(self, city: str, account: str) -> Collection[tuple[str, str]]:
        """Return those of the same app."""
        return [(city, one) for one in (self.together if account in self.together else (account,))]


class Unreadable(Apps):
    """Accounts whose secrets cannot be read."""

    def sharing_app(self, city: str, account: str) -> Collection[tuple[str, str]]:
        """Fail."""
        raise ValueError(f"{city}/{account}")


@dataclass(slots=True)
class Trouble:
    """What a platform does while a publication is under way: raises, as long as it is told to."""

    error: PlatformError | None = None
    calls: list[str] = field(default_factory=list)

    def __call__(self) -> None:
        """Raise."""
        self.calls.append("call")
        if self.error is not None:
            raise self.error


@dataclass(slots=True)
class LastSession(FakeSession):
    """An account whose platform says with each post that it was the last one for now."""

    full_until: datetime | None = None

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Publish, and say so."""
        receipt = FakeSession.publish(self, plan, key=key, resume=resume, checkpoint=checkpoint)
        assert isinstance(receipt, Receipt)
        return replace(receipt, full_until=self.full_until)


@dataclass(slots=True)
class LastOfItsWindow(FakeOutbound):
    """The way out to such a platform."""

    full_until: datetime | None = None

    def prepare(self, delivery: Delivery) -> Prepared:
        """Bind the account."""
        prepared = FakeOutbound.prepare(self, delivery)
        session = LastSession(
            platform=self.platforms[delivery.platform], account=delivery.account, full_until=self.full_until
        )
        return replace(prepared, session=session)


@pytest.fixture
def trouble(x: FakePlatform) -> Trouble:
    """X, which fails on order."""
    x.meanwhile = made = Trouble()
    return made


@pytest.fixture
def build(database: Database, outbound: FakeOutbound) -> Callable[..., Worker]:
    """Build a worker of this ledger, as many as a test wants."""

    def make(owner: str = "w1", *, apps: Apps | None = None) -> Worker:
        book = apps or Apps()
        platforms = ["x", "line", "facebook"]
        return Worker(database, outbound, platforms=platforms, owner=owner, draw=lambda: 1.0, pace=AT_ONCE, book=book)

    return make


def throttled(clock: MovedClock, *, seconds: float = WINDOW, is_app_wide: bool = False) -> Throttled:
    """Return a platform's word that it takes nothing more for a while."""
    until = clock.now() + timedelta(seconds=seconds)
    return Throttled("rate_limited", until=until, params={"platform": "x"}, is_app_wide=is_app_wide)


def attempts_of(database: Database, delivery: Delivery) -> int:
    """Return how many calls of a delivery were opened."""
    with database.reading() as tx:
        return len(attempts.of_delivery(tx, delivery.id))


# ── an account that is throttled ────────────────────────────────────────────────────────────────────


def test_what_is_due_on_a_throttled_account_is_not_called_before_the_reset(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """One refusal until T is enough: the account's others stay due until T, for every worker, and go then."""
    trouble.error = throttled(clock)
    lay_one(database, number=1)
    assert build("w1").run_due_once() == 1
    trouble.error = None
    other = lay_one(database, number=2)
    elsewhere = lay_one(database, "kashiwa_koen", number=3)
    second = build("w2")
    assert second.run_due_once() == 1
    assert (DeliveryState.DUE, DeliveryState.SENT) == (read(database, other).state, read(database, elsewhere).state)
    clock.move(WINDOW - 1)
    assert second.run_due_once() == 0
    clock.move(1)
    assert second.run_due_once() == 2
    assert read(database, other).state is DeliveryState.SENT


def test_an_emergency_and_a_deletion_pass_a_throttled_account(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """What must go out at once is called all the same: the limit may be another one, and the vendor decides."""
    trouble.error = throttled(clock)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    trouble.error = None
    emergency = lay_one(database, number=2, is_emergency=True)
    routine = lay_one(database, number=3)
    assert worker.run_due_once() == 1
    assert (DeliveryState.SENT, DeliveryState.DUE) == (read(database, emergency).state, read(database, routine).state)


def test_what_would_be_too_late_at_the_reset_is_asked_about_while_there_is_time(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """Useful for 5 minutes on an account that is closed for 15: the question comes now, with the reason and no call."""
    trouble.error = throttled(clock)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    urgent = lay_one(database, number=2, latest_at=clock.now() + timedelta(minutes=5))
    patient = lay_one(database, number=3, latest_at=clock.now() + timedelta(minutes=30))
    worker.run_due_once()
    asked = read(database, urgent)
    assert (DeliveryState.ASKED, 0) == (asked.state, attempts_of(database, urgent))
    assert asked.problem is not None
    assert ("rate_limited", Objection.LATE) == (asked.problem.code, asked.problem.objection)
    assert read(database, patient).state is DeliveryState.DUE


def test_one_that_a_person_wants_late_waits_for_the_reset(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """Who says "send anyway" gets it sent at the first moment at which the platform takes it, not a refusal."""
    trouble.error = throttled(clock)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    wanted = lay_one(database, number=2, latest_at=clock.now() + timedelta(minutes=5))
    worker.run_due_once()
    with database.transaction() as tx:
        deliveries.apply(tx, wanted.id, DeliveryEvent.PERSON_SAYS_SEND, who="koho_suzuki", change=Change())
    trouble.error = None
    worker.run_due_once()
    waits = read(database, wanted)
    assert (DeliveryState.DUE, clock.now() + timedelta(seconds=WINDOW)) == (waits.state, waits.due_at)
    clock.move(WINDOW)
    worker.run_due_once()
    assert read(database, wanted).state is DeliveryState.SENT


def test_a_limit_of_the_app_closes_every_account_of_the_app(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """X's day of 24 hours for an app, YouTube's quota of a project: who shares the app isn't called, others are."""
    worker = build(apps=Apps(together=("kashiwa_shi", "kashiwa_koen")))
    trouble.error = throttled(clock, is_app_wide=True)
    lay_one(database, number=1)
    worker.run_due_once()
    trouble.error = None
    same_app = lay_one(database, "kashiwa_koen", number=2)
    own_app = lay_one(database, "kashiwa_bosai", number=3)
    worker.run_due_once()
    assert (DeliveryState.DUE, DeliveryState.SENT) == (read(database, same_app).state, read(database, own_app).state)
    clock.move(WINDOW + 5)  # those of one app come back within 5 seconds, not in one instant
    worker.run_due_once()
    assert read(database, same_app).state is DeliveryState.SENT


def test_a_memory_that_fails_costs_no_delivery_its_end(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """Whatever breaks while the lane learns, how the call ended is written down: it waits for the reset."""
    trouble.error = throttled(clock, is_app_wide=True)
    refused = lay_one(database)
    build(apps=Unreadable()).run_due_once()
    assert read(database, refused).state is DeliveryState.RETRY


def test_a_success_opens_the_account_again(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """An emergency that the platform took proves that the limit is over."""
    trouble.error = throttled(clock)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    trouble.error = None
    clock.move(1)
    lay_one(database, number=2, is_emergency=True)
    routine = lay_one(database, number=3)
    worker.run_due_once()
    worker.run_due_once()
    assert read(database, routine).state is DeliveryState.SENT


def test_a_success_that_was_the_last_of_its_window_closes_the_account(
    database: Database, x: FakePlatform, clock: MovedClock
) -> None:
    """X says `remaining: 0` with its yes: the next post waits for the reset and is not called in vain."""
    full_until = clock.now() + timedelta(seconds=WINDOW)
    outbound = LastOfItsWindow(platforms={"x": x}, full_until=full_until)
    worker = Worker(database, outbound, platforms=["x"], owner="w1", pace=AT_ONCE)
    lay_one(database, number=1)
    worker.run_due_once()
    second = lay_one(database, number=2)
    assert worker.run_due_once() == 0
    clock.move(WINDOW)
    worker.run_due_once()
    assert read(database, second).state is DeliveryState.SENT


def test_a_clock_that_is_set_back_does_not_keep_an_account_closed(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """What was noted in a future that never was is no reason to wait."""
    trouble.error = throttled(clock)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    trouble.error = None
    clock.move(-3600)
    routine = lay_one(database, number=2)
    worker.run_due_once()
    assert read(database, routine).state is DeliveryState.SENT


# ── an account that waits for a person ──────────────────────────────────────────────────────────────


def refuse_token(trouble: Trouble) -> None:
    """Let X refuse the account's token from now on."""
    trouble.error = NeedsPerson("token_refused", who=Who.IT, params={"platform": "x"})


def states(database: Database, several: Sequence[Delivery]) -> list[DeliveryState]:
    """Return where deliveries are."""
    return [read(database, one).state for one in several]


def test_an_account_whose_connection_ended_is_not_knocked_at_again(
    database: Database, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """X has refused the token once, and a person is asked: what comes up later waits, without a call or a question."""
    refuse_token(trouble)
    first = lay_one(database, number=1)
    build().run_due_once()
    later = [lay_one(database, number=number) for number in (2, 3)]
    for _ in range(3):
        build("w2").run_due_once()
    asked = read(database, first)

    assert [DeliveryState.DUE] * 2 == states(database, later)
    assert DeliveryState.ASKED is asked.state
    assert asked.problem is not None
    assert ("token_refused", "it", None) == (asked.problem.code, asked.problem.who, asked.problem.objection)
    assert ["call"] == trouble.calls


def test_a_clock_that_is_set_back_lets_no_refused_account_be_knocked_at_again_and_again(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """What the new refusal says takes the place of what was noted in a future that never was."""
    refuse_token(trouble)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    clock.move(-3600)
    lay_one(database, number=2)
    for _ in range(4):
        worker.run_due_once()
        clock.move(3)

    assert ["call", "call"] == trouble.calls


def test_a_post_that_a_person_saw_is_no_sign_of_a_repair(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """Somebody answers 「投稿されていた」 about an older post of the account: its token is as dead as before."""
    trouble.error = NeedsPerson("person_needed", who=Who.AUTHOR)
    older = lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    refuse_token(trouble)
    lay_one(database, number=2)
    worker.run_due_once()
    clock.move(1)
    with database.transaction() as tx:
        deliveries.apply(tx, older.id, DeliveryEvent.PERSON_SAYS_SENT, who="hanako")
    waits = lay_one(database, number=3)
    worker.run_due_once()

    assert DeliveryState.DUE is read(database, waits).state


def test_calls_under_way_together_that_are_refused_ask_once(
    database: Database, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """Three calls were under way when the token ended: their ends are written together, and one person is asked."""
    refuse_token(trouble)
    several = [lay_one(database, number=number) for number in (1, 2, 3)]
    dispatcher = build()._dispatcher
    taken = dispatcher.claim(Room(platform="x", limit=3, per_account=3))
    ended = [dispatcher.call(one) for one in dispatcher.open(taken).opened]
    assert [] == dispatcher.settle(ended)

    assert [DeliveryState.ASKED, DeliveryState.RETRY, DeliveryState.RETRY] == sorted(states(database, several))
    assert [1, 1, 1] == [attempts_of(database, one) for one in several]


def test_two_workers_that_are_refused_at_once_ask_once(
    database: Database, outbound: FakeOutbound, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """Both write down the same refusal before either has committed: one person is asked for the one repair."""
    refuse_token(trouble)
    several = [lay_one(database, number=number) for number in (1, 2)]
    second = build("w2")._dispatcher
    others: list[threading.Thread] = []

    def settle_meanwhile(point: str) -> None:
        if point == "before_commit" and not others:
            others.append(threading.Thread(target=second.settle, args=(ended[1:],)))
            others[0].start()
            others[0].join(0.5)  # SQLite lets one write at a time: there it goes on after the commit

    first = Worker(database, outbound, platforms=["x"], owner="w1", pace=AT_ONCE, at=settle_meanwhile)._dispatcher
    taken = first.claim(Room(platform="x", limit=2, per_account=2))
    ended = [first.call(one) for one in first.open(taken).opened]
    first.settle(ended[:1])
    others[0].join(WAIT_SECONDS)

    assert [DeliveryState.ASKED, DeliveryState.RETRY] == sorted(states(database, several))


def test_what_waited_for_a_repair_goes_out_after_it_without_a_question(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """New credentials open the account: whatever waited is sent, and only the one that was asked about is not."""
    refuse_token(trouble)
    first, *others = [lay_one(database, number=number) for number in (1, 2, 3)]
    worker = build()
    worker.run_due_once()
    trouble.error = None
    with database.transaction() as tx:
        assert lane_memories.forget(tx, CITY, "kashiwa_shi", kind=Kind.NEEDS_PERSON)
    clock.move(2)
    worker.run_due_once()

    assert DeliveryState.ASKED is read(database, first).state
    assert [DeliveryState.SENT] * 2 == states(database, others)


def test_one_that_a_person_wants_late_goes_as_soon_as_the_account_is_mended(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """Somebody said 「送る」 after its time, in vain: it waits for the repair without a call, then goes at once."""
    refuse_token(trouble)
    trouble_began = lay_one(database, number=1)
    wanted = lay_one(database, number=2, latest_at=clock.now() - timedelta(minutes=1))
    worker = build()
    worker.run_due_once()
    with database.transaction() as tx:
        deliveries.apply(tx, wanted.id, DeliveryEvent.PERSON_SAYS_SEND, who="koho_suzuki", change=Change())
        lane_memories.forget(tx, CITY, "kashiwa_shi", kind=Kind.NEEDS_PERSON)
    for _ in range(5):
        worker.run_due_once()
        clock.move(3)
    waits, calls = read(database, wanted).state, list(trouble.calls)
    trouble.error = None
    with database.transaction() as tx:
        credentials.put(tx, CITY, "kashiwa_shi", b"sealed")
        assert lane_memories.forget(tx, CITY, "kashiwa_shi", kind=Kind.NEEDS_PERSON)
    worker.run_due_once()

    assert (DeliveryState.RETRY, ["call", "call"]) == (waits, calls)
    assert [DeliveryState.ASKED, DeliveryState.SENT] == states(database, [trouble_began, wanted])


def test_who_waits_for_a_repair_is_asked_about_in_time(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """By the next time that anybody knocks it would be too late: its own question is put while it is still useful."""
    refuse_token(trouble)
    latest_at = clock.now() + timedelta(minutes=20)
    _, waits = [lay_one(database, number=number, latest_at=latest_at) for number in (1, 2)]
    worker = build()
    worker.run_due_once()
    before = read(database, waits).state
    clock.move(AT_ONCE.knock_again_seconds)
    worker.run_due_once()
    asked = read(database, waits)

    assert DeliveryState.DUE is before
    assert clock.now() < latest_at
    assert asked.problem is not None
    assert (DeliveryState.ASKED, "token_refused", Objection.LATE) == (
        asked.state,
        asked.problem.code,
        asked.problem.objection,
    )


def test_a_question_that_was_withdrawn_passes_to_the_next(
    database: Database, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """The post that was asked about is stopped: somebody is asked about the next, and the third waits for that."""
    refuse_token(trouble)
    several = [lay_one(database, number=number) for number in (1, 2, 3)]
    worker = build()
    worker.run_due_once()
    with database.transaction() as tx:
        deliveries.apply(tx, several[0].id, DeliveryEvent.CANCELLED, who="hanako")
    worker.run_due_once()

    assert [DeliveryState.CANCELLED, DeliveryState.ASKED, DeliveryState.DUE] == states(database, several)
    assert ["call"] == trouble.calls


@pytest.mark.parametrize("repair", ["secrets", "success"])
def test_a_question_about_an_earlier_trouble_answers_no_new_one(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock, repair: str
) -> None:
    """Nobody clicked after an earlier repair: when the token ends once more, somebody is asked once more."""
    refuse_token(trouble)
    old = lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    clock.move(60)
    with database.transaction() as tx:
        assert lane_memories.forget(tx, CITY, "kashiwa_shi", kind=Kind.NEEDS_PERSON)
        if repair == "secrets":
            credentials.put(tx, CITY, "kashiwa_shi", b"sealed")
    if repair == "success":
        trouble.error = None
        lay_one(database, number=2)
        worker.run_due_once()
    clock.move(60)
    refuse_token(trouble)
    new = [lay_one(database, number=number) for number in (3, 4)]
    worker.run_due_once()

    assert [DeliveryState.ASKED] * 2 + [DeliveryState.DUE] == states(database, [old, *new])


def test_an_emergency_is_asked_about_whoever_is_asked_already(
    database: Database, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """It knocks all the same, and its people must hear at once that it is not out."""
    refuse_token(trouble)
    worker = build()
    lay_one(database, number=1)
    worker.run_due_once()
    urgent = lay_one(database, number=2, is_emergency=True)
    worker.run_due_once()

    assert DeliveryState.ASKED is read(database, urgent).state
    assert ["call", "call"] == trouble.calls


def test_who_says_that_it_is_mended_is_believed_at_once(
    database: Database, outbound: FakeOutbound, trouble: Trouble
) -> None:
    """Once the memory is gone from the database, also a worker with an older copy in mind calls the account."""
    slow = Pace(memory_seconds=3600.0)
    worker = Worker(database, outbound, platforms=["x"], owner="w1", pace=slow)
    trouble.error = NeedsPerson("token_refused", who=Who.IT)
    lay_one(database, number=1)
    worker.run_due_once()
    trouble.error = None
    with database.transaction() as tx:
        assert lane_memories.forget(tx, CITY, "kashiwa_shi", kind=Kind.NEEDS_PERSON)
    again = lay_one(database, number=2)
    worker.run_due_once()
    assert read(database, again).state is DeliveryState.SENT


def test_after_a_quarter_of_an_hour_one_knocks_again(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """An account can be unlocked at the vendor's without a word to us: nothing stays closed for ever."""
    trouble.error = NeedsPerson("account_locked", who=Who.MANAGER)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    trouble.error = None
    clock.move(AT_ONCE.knock_again_seconds)
    later = lay_one(database, number=2)
    worker.run_due_once()
    assert read(database, later).state is DeliveryState.SENT


def test_knocks_at_a_closed_account_use_up_no_tries(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """A post that knocked in vain for a day is repeated after a broken connection like any other, not asked about."""
    refuse_token(trouble)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    knocks = lay_one(database, number=2)
    for _ in range(AT_ONCE.max_attempts):
        clock.move(AT_ONCE.knock_again_seconds)
        worker.run_due_once()
    knocked = attempts_of(database, knocks)
    trouble.error = NotSent("unreachable")
    clock.move(AT_ONCE.knock_again_seconds)
    worker.run_due_once()

    assert AT_ONCE.max_attempts <= knocked
    assert DeliveryState.RETRY is read(database, knocks).state


def test_what_knocked_in_vain_is_repeated_once_it_is_proven_absent(
    database: Database, build: Callable[..., Worker], line: FakePlatform, clock: MovedClock
) -> None:
    """The call after eight knocks broke off, and LINE's key makes a repeat safe: nobody is asked about that."""
    line.order("kashiwa_line", *["throttled"] * AT_ONCE.max_attempts, "500_before_accepting")
    knocks = lay_one(database, "kashiwa_line", platform="line")
    worker = build()
    for _ in range(AT_ONCE.max_attempts + 1):
        worker.run_due_once()
        clock.move(AT_ONCE.knock_again_seconds)
    unknown = read(database, knocks).state
    worker.reconcile_once()
    clock.move(AT_ONCE.retry_cap_seconds)
    worker.run_due_once()

    assert DeliveryState.UNKNOWN is unknown
    assert DeliveryState.SENT is read(database, knocks).state


def test_tries_that_were_no_knocks_are_counted_all_the_same(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """One knock among them spares one: at the next broken connection after eight of its own a person is asked."""
    trouble.error = throttled(clock, seconds=60)
    unlucky = lay_one(database)
    worker = build()
    worker.run_due_once()
    trouble.error = NotSent("unreachable")
    seen = []
    while read(database, unlucky).state is not DeliveryState.ASKED:
        clock.move(600)
        worker.run_due_once()
        seen.append(attempts_of(database, unlucky))

    assert 1 + AT_ONCE.max_attempts == seen[-1]


def test_a_question_about_one_post_closes_no_account(
    database: Database, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """What a person must mend in one post says nothing of the next."""
    trouble.error = NeedsPerson("media_changed", who=Who.IT)
    lay_one(database, number=1)
    worker = build()
    worker.run_due_once()
    trouble.error = None
    other = lay_one(database, number=2)
    worker.run_due_once()
    assert read(database, other).state is DeliveryState.SENT


# ── a platform that is sick ─────────────────────────────────────────────────────────────────────────


def fail(database: Database, worker: Worker, count: int, *, first: int = 1) -> list[Delivery]:
    """Let so many deliveries, each on an account of its own, run into the platform's trouble."""
    made = [lay_one(database, f"x_{n}", number=n) for n in range(first, first + count)]
    worker.run_due_once()
    return made


@pytest.mark.parametrize("error", [NotSent("unreachable"), PerhapsSent("no_answer"), PerhapsSent("vendor_error")])
def test_a_platform_that_fails_five_times_in_a_row_is_left_alone(
    database: Database, build: Callable[..., Worker], trouble: Trouble, error: PlatformError
) -> None:
    """Unreachable, no answer, a 5xx: after five in a row the next post stays due, and no worker calls for it."""
    trouble.error = error
    fail(database, build("w1"), 5)
    assert 5 == len(trouble.calls)
    next_one = lay_one(database, "x_9", number=9)
    assert build("w2").run_due_once() == 0
    assert (DeliveryState.DUE, 5) == (read(database, next_one).state, len(trouble.calls))


def test_four_failures_and_a_success_leave_it_as_it_was(
    database: Database, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """In a row means in a row; a refusal of a text is an answer too."""
    worker = build()
    trouble.error = NotSent("unreachable")
    fail(database, worker, 4)
    trouble.error = Rejected("refused")
    fail(database, worker, 1, first=5)
    trouble.error = NotSent("unreachable")
    fail(database, worker, 4, first=6)
    next_one = lay_one(database, "x_20", number=20)
    trouble.error = None
    worker.run_due_once()
    assert read(database, next_one).state is DeliveryState.SENT


def test_one_post_that_the_platform_cannot_digest_stops_nobody_else(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """However often a single delivery fails, the platform is not taken for sick."""
    trouble.error = NotSent("vendor_error")
    worker = build()
    lay_one(database, "x_1", number=1)
    for _ in range(AT_ONCE.breaker_failures + 1):
        worker.run_due_once()
        clock.move(60)
    assert len(trouble.calls) > AT_ONCE.breaker_failures
    trouble.error = None
    other = lay_one(database, "x_2", number=2)
    worker.run_due_once()
    assert read(database, other).state is DeliveryState.SENT


def test_one_probe_goes_after_a_while_and_its_success_lets_the_others_go(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """After 10 s (the jitter draws the whole wait) one delivery goes, however many workers there are; then all go."""
    first, second = build("w1"), build("w2")
    trouble.error = NotSent("unreachable")
    fail(database, first, 5)
    waiting = [lay_one(database, f"y_{n}", number=n) for n in range(20, 24)]
    clock.move(9)
    assert first.run_due_once() + second.run_due_once() == 0
    clock.move(1)
    calls = len(trouble.calls)
    assert first.run_due_once() + second.run_due_once() == 1  # it fails: the wait doubles
    assert calls + 1 == len(trouble.calls)
    clock.move(19)
    assert first.run_due_once() + second.run_due_once() == 0
    clock.move(1)
    trouble.error = None
    assert second.run_due_once() == 1
    first.run_due_once()
    assert {DeliveryState.SENT} == {read(database, one).state for one in waiting}
    with database.reading() as tx:
        assert {} == breakers.read(tx)


def test_a_sick_platform_costs_the_others_and_its_own_emergencies_nothing(
    database: Database, build: Callable[..., Worker], trouble: Trouble
) -> None:
    """While X is left alone, LINE goes out, and so does an emergency to X, which is called in spite of everything."""
    worker = build()
    trouble.error = NotSent("unreachable")
    fail(database, worker, 5)
    trouble.error = None
    routine = lay_one(database, "x_8", number=8)
    elsewhere = lay_one(database, "line_koho", number=9, platform="line")
    emergency = lay_one(database, "x_7", number=10, is_emergency=True)
    worker.run_due_once()
    assert [DeliveryState.SENT, DeliveryState.SENT, DeliveryState.DUE] == [
        read(database, one).state for one in (elsewhere, emergency, routine)
    ]


def test_what_becomes_too_late_while_a_platform_is_sick_is_asked_about(
    database: Database, build: Callable[..., Worker], trouble: Trouble, clock: MovedClock
) -> None:
    """Nothing waits in silence: at its latest useful time the question comes, though the platform is left alone."""
    worker = build()
    trouble.error = NotSent("unreachable")
    fail(database, worker, 5)
    urgent = lay_one(database, "x_8", number=8, latest_at=clock.now() + timedelta(seconds=5))
    worker.run_due_once()
    assert read(database, urgent).state is DeliveryState.DUE
    clock.move(6)
    worker.run_due_once()
    asked = read(database, urgent)
    assert (DeliveryState.ASKED, 0) == (asked.state, attempts_of(database, urgent))
