"""The reserve: of each quota and of the month's money a part that only emergencies may touch."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from ledger_stage import FakeOutbound, FakePlatform, lay_one, read

from platforms.errors import NotSent
from platforms.port import Per, Quota
from publisher.delivery import DeliveryEvent, DeliveryKind, DeliveryState
from publisher.ledger import Worker
from publisher.ledger.accounts_port import Budget
from publisher.store import deliveries
from publisher.store.deliveries import Change, Objection
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from store_fixtures import MovedClock

    from publisher.ledger import Prepared
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

MINUTES = 15
TEN_IN_15 = Quota(calls=10, seconds=MINUTES * 60)
POST, POST_WITH_LINK = 15_000, 200_000
"""What X charges in micro-USD: $0.015 a post, $0.20 with a link (docs.x.com, pricing, read 2026-11-21)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One budget for every account."""

    own: Budget

    def budget(self, city: str, account: str) -> Budget:
        """Return it."""
        assert city
        assert account
        return self.own

    def sharing_app(self, city: str, account: str) -> Collection[tuple[str, str]]:
        """Each uses an app of its own."""
        return [(city, account)]


@dataclass(slots=True)
class PricedOutbound(FakeOutbound):
    """A way out that costs money."""

    costs: dict[str, int] = field(default_factory=dict)
    """Micro-USD, by the delivery's id; a post where nothing is said."""

    def prepare(self, delivery: Delivery) -> Prepared:
        """Put the price on the plan."""
        prepared = FakeOutbound.prepare(self, delivery)
        assert prepared.plan is not None
        return replace(prepared, plan=replace(prepared.plan, cost_micro_usd=self.costs.get(delivery.id, POST)))


@pytest.fixture
def priced(x: FakePlatform) -> PricedOutbound:
    """The way out to X."""
    return PricedOutbound(platforms={"x": x})


def worker_for(database: Database, outbound: FakeOutbound, *quotas: Quota, usd: int | None = None) -> Worker:
    """Return a worker of a city that keeps a fifth for emergencies."""
    money = None if usd is None else usd * 1_000_000
    budget = Budget(quotas=quotas, month_micro_usd=money, reserve_percent=20)
    return Worker(database, outbound, platforms=["x"], owner="w1", draw=lambda: 1.0, book=Book(own=budget))


def lay(database: Database, count: int, *, first: int = 1, **changes: object) -> list[Delivery]:
    """Put so many due deliveries of one account into the ledger."""
    return [lay_one(database, number=first + n, **changes) for n in range(count)]


def states(database: Database, made: Collection[Delivery]) -> list[DeliveryState]:
    """Return where they are."""
    return [read(database, one).state for one in made]


def test_routine_posts_stop_at_their_share_and_emergencies_use_the_rest(
    database: Database, priced: PricedOutbound
) -> None:
    """Of 10 calls in 15 minutes 8 are for routine posts; the ninth waits, and two emergencies still go."""
    worker = worker_for(database, priced, TEN_IN_15)
    made = lay(database, 9)
    worker.run_due_once()
    assert [DeliveryState.SENT] * 8 + [DeliveryState.DUE] == states(database, made)
    urgent = lay(database, 2, first=20, is_emergency=True)
    worker.run_due_once()
    assert [DeliveryState.SENT] * 2 == states(database, urgent)


def test_emergencies_are_not_held_up_by_a_quota_that_is_used_up(database: Database, priced: PricedOutbound) -> None:
    """We count for the routine posts' sake; of an emergency the vendor decides."""
    worker = worker_for(database, priced, TEN_IN_15)
    urgent = lay(database, 12, is_emergency=True)
    worker.run_due_once()
    assert [DeliveryState.SENT] * 12 == states(database, urgent)


def test_what_waits_goes_when_the_window_has_room(
    database: Database, priced: PricedOutbound, clock: MovedClock
) -> None:
    """Four calls at 9:00 and four at 9:05: the ninth goes at 9:15, when the first four have left the window."""
    worker = worker_for(database, priced, TEN_IN_15)
    lay(database, 4)
    worker.run_due_once()
    clock.move(5 * 60)
    lay(database, 4, first=5)
    worker.run_due_once()
    (ninth,) = lay(database, 1, first=9)
    worker.run_due_once()
    waits = read(database, ninth)
    assert waits.problem is not None
    assert ("share_used_minutes", 8, 2, MINUTES) == (
        waits.problem.code,
        *(waits.problem.params[name] for name in ("share", "reserve", "minutes")),
    )
    assert clock.now() + timedelta(minutes=10) == waits.due_at
    clock.move(10 * 60)
    worker.run_due_once()
    assert read(database, ninth).state is DeliveryState.SENT


def test_emergencies_count_so_that_the_reserve_stays_whole(database: Database, priced: PricedOutbound) -> None:
    """After three emergencies there is room for five routine posts: two calls are left for the next emergency."""
    worker = worker_for(database, priced, TEN_IN_15)
    lay(database, 3, is_emergency=True)
    worker.run_due_once()
    made = lay(database, 6, first=10)
    worker.run_due_once()
    assert [DeliveryState.SENT] * 5 + [DeliveryState.DUE] == states(database, made)


def test_what_would_be_too_late_then_is_asked_about_now(
    database: Database, priced: PricedOutbound, clock: MovedClock
) -> None:
    """A post that is useful for ten minutes where room comes in fifteen; who wants it late gets it then."""
    worker = worker_for(database, priced, TEN_IN_15)
    lay(database, 8)
    worker.run_due_once()
    (urgent,) = lay(database, 1, first=9, latest_at=clock.now() + timedelta(minutes=10))
    worker.run_due_once()
    asked = read(database, urgent)
    assert asked.problem is not None
    assert (DeliveryState.ASKED, "share_used_minutes", Objection.LATE) == (
        asked.state,
        asked.problem.code,
        asked.problem.objection,
    )
    with database.transaction() as tx:
        deliveries.apply(tx, urgent.id, DeliveryEvent.PERSON_SAYS_SEND, who="koho_suzuki", change=Change())
    worker.run_due_once()
    assert read(database, urgent).state is DeliveryState.DUE  # the reserve is nobody's to give away
    clock.move(MINUTES * 60)
    worker.run_due_once()
    assert read(database, urgent).state is DeliveryState.SENT


def test_a_call_that_sent_nothing_is_not_counted(database: Database, priced: PricedOutbound, x: FakePlatform) -> None:
    """Eight calls that never reached the platform leave the share as it was."""
    worker = worker_for(database, priced, TEN_IN_15)
    x.meanwhile = _refuse_connections
    lay(database, 4)
    worker.run_due_once()
    x.meanwhile = None
    made = lay(database, 8, first=20)
    worker.run_due_once()
    assert [DeliveryState.SENT] * 8 == states(database, made)


def _refuse_connections() -> None:
    raise NotSent("unreachable")


def test_a_day_begins_at_midnight_in_the_vendors_own_time(
    database: Database, priced: PricedOutbound, clock: MovedClock
) -> None:
    """YouTube's day ends at midnight in California: 17:00 in Japan in winter."""
    worker = worker_for(database, priced, Quota(calls=10, per=Per.DAY, zone="America/Los_Angeles"))
    made = lay(database, 9)
    worker.run_due_once()
    waits = read(database, made[-1])
    assert datetime(2026, 11, 24, 8, 0, tzinfo=UTC) == waits.due_at
    assert waits.problem is not None
    assert "share_used_day" == waits.problem.code
    clock.move((waits.due_at - clock.now()).total_seconds())
    worker.run_due_once()
    assert read(database, made[-1]).state is DeliveryState.SENT


def test_deletions_are_neither_counted_nor_held_up(database: Database, priced: PricedOutbound) -> None:
    """What takes a post back must go at once, and vendors count it apart; so eight posts still go after it."""
    worker = worker_for(database, priced, TEN_IN_15)
    (post,) = lay(database, 1)
    worker.run_due_once()
    lay_one(database, number=30, kind=DeliveryKind.DELETE, source_id=post.id)
    made = lay(database, 7, first=10)
    worker.run_due_once()
    assert [DeliveryState.SENT] * 7 == states(database, made)


# ── money ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_months_money_keeps_a_part_for_emergencies(
    database: Database, priced: PricedOutbound, clock: MovedClock
) -> None:
    """Of $1 a month $0.80 are for routine posts: four with a link, at $0.20; a person is asked about the fifth."""
    worker = worker_for(database, priced, usd=1)
    made = lay(database, 5)
    priced.costs = {one.id: POST_WITH_LINK for one in made}
    worker.run_due_once()
    assert [DeliveryState.SENT] * 4 + [DeliveryState.ASKED] == states(database, made)
    asked = read(database, made[4])
    assert asked.problem is not None
    assert ("money_used_up", "it", None) == (asked.problem.code, asked.problem.who, asked.problem.objection)
    assert ("1.00", "0.20", "0.80") == tuple(asked.problem.params[name] for name in ("usd", "reserve_usd", "spent_usd"))
    urgent = lay_one(database, number=20, is_emergency=True)
    priced.costs[urgent.id] = POST_WITH_LINK
    worker.run_due_once()
    assert read(database, urgent).state is DeliveryState.SENT
    clock.move(7 * 86_400)  # 1 December in Japan
    next_month = lay_one(database, number=30)
    worker.run_due_once()
    assert read(database, next_month).state is DeliveryState.SENT


def test_a_person_cannot_give_the_reserve_away_by_a_click(database: Database, priced: PricedOutbound) -> None:
    """Who says "send again" without more money is asked again: the reserve is changed in the city file alone."""
    worker = worker_for(database, priced, usd=1)
    made = lay(database, 5)
    priced.costs = {one.id: POST_WITH_LINK for one in made}
    worker.run_due_once()
    with database.transaction() as tx:
        deliveries.apply(tx, made[4].id, DeliveryEvent.PERSON_SAYS_SEND, who="koho_suzuki", change=Change())
    worker.run_due_once()
    assert read(database, made[4]).state is DeliveryState.ASKED


def test_what_the_platform_refused_cost_nothing(database: Database, priced: PricedOutbound, x: FakePlatform) -> None:
    """A refused text leaves the month's money as it was."""
    worker = worker_for(database, priced, usd=1)
    x.order("kashiwa_shi", *["rejected"] * 3)
    made = lay(database, 7)
    priced.costs = {one.id: POST_WITH_LINK for one in made}
    worker.run_due_once()
    assert [DeliveryState.FAILED] * 3 + [DeliveryState.SENT] * 4 == states(database, made)


# ── two at once ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def in_turn(x: FakePlatform) -> Iterator[threading.Barrier]:
    """Both workers stand before the last check at the same moment."""
    barrier = threading.Barrier(2, timeout=20)
    x.database = type("Any", (), {"connections_in_use": 0, "reading": x.database.reading})()
    yield barrier
    barrier.abort()


def test_two_workers_do_not_both_take_the_last_one(
    database: Database, priced: PricedOutbound, in_turn: threading.Barrier
) -> None:
    """With room for one, two workers that open at the same moment send one; the other waits."""
    first = worker_for(database, priced, TEN_IN_15)
    lay(database, 7)
    first.run_due_once()
    made = lay(database, 2, first=10)

    def at(point: str) -> None:
        if point == "prepared":
            in_turn.wait()

    budget = Budget(quotas=(TEN_IN_15,), reserve_percent=20)
    rivals = [Worker(database, priced, platforms=["x"], owner=f"r{n}", book=Book(own=budget), at=at) for n in range(2)]
    taken = [rival._dispatcher.claim(Room(platform="x", limit=1, per_account=4)) for rival in rivals]
    threads = [
        threading.Thread(target=rival._dispatcher.send, args=(one[0],))
        for rival, one in zip(rivals, taken, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [DeliveryState.DUE, DeliveryState.SENT] == sorted(states(database, made))


def test_the_last_call_of_a_share_goes_together_with_the_wait_of_the_next(
    database: Database, priced: PricedOutbound, clock: MovedClock
) -> None:
    """Eight calls of ten are for routine: of two more that are opened together one goes, the other waits.

    It waits until the first of the eight leaves the window of 15 minutes, and neither has to be opened alone.
    """
    worker = worker_for(database, priced, TEN_IN_15)
    for number in range(7):
        lay_one(database, number=number + 1)
    began = clock.now()
    assert 7 == worker.run_due_once()
    clock.move(60)
    last, more = (lay_one(database, number=number) for number in (8, 9))
    dispatcher = worker._dispatcher
    opening = dispatcher.open(dispatcher.claim(Room(platform="x", limit=2, per_account=2)))

    assert ([last.id], []) == ([one.delivery.id for one in opening.opened], list(opening.alone))
    waits = read(database, more)
    assert (DeliveryState.DUE, began + timedelta(minutes=MINUTES)) == (waits.state, waits.due_at)
