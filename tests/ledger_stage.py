"""A stage for ledger tests: posts that were approved, and a small platform that can misbehave on order."""

# ruff: noqa: ARG002 - the fakes have the ports' signatures

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.port import AbsenceRule, Found, Limits, NotSeen, Pending, Plan, Receipt, SafeToRepeat
from publisher.delivery import FINAL, TRANSITIONS, DeliveryKind, DeliveryState
from publisher.ledger import Go, Prepared
from publisher.ledger.outbound_port import one_by_one
from publisher.post import PostState
from publisher.store import deliveries, inserts, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from store_fixtures import MovedClock

    from publisher.ledger import AskPerson, NotBefore
    from publisher.ledger.outbound_port import Check
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction

CITY = "kashiwa"
SEAL = "0" * 64
TOKEN = "the-lease"
RETRY_KEY_LIFE = timedelta(hours=24)
"""LINE's: https://developers.line.biz/en/docs/messaging-api/retrying-api-request/."""
"""The lease of what was put into `leased` by force."""


# ── posts ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidPost:
    """An approved post with one version."""

    id: str
    version_id: str


def lay_post(tx: Transaction, *, number: int = 1, city: str = CITY, state: PostState = PostState.APPROVED) -> LaidPost:
    """Put an approved post into the ledger."""
    inserts.ensure_city(tx, city)
    post_id, version_id = tx.new_id(), tx.new_id()
    tx.execute(
        sa.insert(tables.posts).values(
            id=post_id,
            city=city,
            number=number,
            section="koen",
            state=state,
            is_emergency=False,
            reason="",
            author="hanako",
            created_at=tx.now,
            version=1,
        )
    )
    tx.execute(
        sa.insert(tables.versions).values(
            id=version_id,
            city=city,
            post_id=post_id,
            version=1,
            editor="hanako",
            created_at=tx.now,
            text="桜が咲きました",
            variants={},
            titles={},
            media=[],
        )
    )
    return LaidPost(id=post_id, version_id=version_id)


def lay_delivery(tx: Transaction, post: LaidPost, account: str = "kashiwa_shi", **changes: Any) -> Delivery:
    """Give a post a delivery that is due now."""
    values: dict[str, Any] = {
        "city": CITY,
        "post_id": post.id,
        "version_id": post.version_id,
        "account": account,
        "platform": "x",
        "kind": DeliveryKind.PUBLISH,
        "due_at": tx.now,
        "planned_at": tx.now,
        "latest_at": None,
        "seal": SEAL,
        "is_emergency": False,
    }
    return deliveries.create(tx, **(values | changes))


def lay_one(database: Database, account: str = "kashiwa_shi", *, number: int = 1, **changes: Any) -> Delivery:
    """Put a post with one due delivery into the ledger."""
    with database.transaction() as tx:
        return lay_delivery(tx, lay_post(tx, number=number), account, **changes)


def read(database: Database, delivery: Delivery) -> Delivery:
    """Return the delivery as it is now."""
    with database.reading() as tx:
        return deliveries.get(tx, delivery.id)


# ── deliveries in any state, round the one door ─────────────────────────────────────────────────────


def row_in(state: DeliveryState) -> dict[str, Any]:
    """Return what the columns beside the state must hold in *state*."""
    return {
        "state": state,
        "lease_token": TOKEN if state is DeliveryState.LEASED else None,
        "external_id": "1" if state is DeliveryState.SENT else None,
        "finished_at": sa.func.current_timestamp() if state in FINAL else None,
    }


def set_state(tx: Transaction, delivery_id: str, state: DeliveryState) -> None:
    """Write a state into the row; the database itself refuses a step that the table doesn't have."""
    table = tables.deliveries
    tx.execute(sa.update(table).where(table.c.id == delivery_id).values(**row_in(state)))


def lay_in(tx: Transaction, state: DeliveryState, *, number: int = 1) -> Delivery:
    """Put a post into the ledger with a delivery that has come to *state* by the shortest allowed way."""
    post = lay_post(tx, number=number)
    delivery = lay_delivery(tx, post)
    if state is DeliveryState.WAITING:
        return lay_delivery(tx, post, "kashiwa_koen", kind=DeliveryKind.REPOST, source_id=delivery.id)
    for step in _way_to(state):
        set_state(tx, delivery.id, step)
    return deliveries.get(tx, delivery.id)


def _way_to(state: DeliveryState) -> list[DeliveryState]:
    ways: dict[DeliveryState, list[DeliveryState]] = {DeliveryState.DUE: []}
    while state not in ways:
        for (before, _), after in TRANSITIONS.items():
            if before in ways and after not in ways:
                ways[after] = [*ways[before], after]
    return ways[state]


# ── a platform ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class FakePlatform:
    """A platform in memory: its timeline is the judge, its misbehaviour is ordered by account."""

    database: Database
    clock: MovedClock
    absence: AbsenceRule | None = field(default_factory=lambda: AbsenceRule(reads=2, seconds_apart=30.0))
    has_retry_key: bool = False
    timeline: list[tuple[str, str]] = field(default_factory=list)
    """(account, key) of each post that citizens see, in order."""
    orders: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    calls: list[tuple[str, str]] = field(default_factory=list)
    """(what, key) of every call."""
    resumes: list[str | None] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None
    """Done while a publication is under way."""
    look_faults: deque[Exception] = field(default_factory=deque)
    """What the next looks (`find`, `poll`) raise."""
    is_video_pending: bool = False
    """Polling never ends."""
    can_recall: bool = True
    """Posts can be deleted and reposts undone, unlike on LINE."""
    opening_token: str | None = None
    """What each publication leaves with `checkpoint` first of all, as X's posts without media do."""

    def order(self, account: str, *faults: str) -> None:
        """Misbehave in the account's next calls to publish; an empty word behaves well."""
        self.orders[account].extend(faults)

    def count(self, account: str) -> int:
        """Return how many posts citizens see on an account."""
        return sum(1 for seen, _ in self.timeline if seen == account)

    def limits(self) -> Limits:
        """Return its numbers."""
        return Limits(
            capabilities=frozenset(),
            absence=self.absence,
            max_images=4,
            concurrency=2,
            timeout_seconds=10.0,
            key_life=RETRY_KEY_LIFE if self.has_retry_key else None,
        )


@dataclass(slots=True)
class FakeSession:
    """One account on the fake platform."""

    platform: FakePlatform
    account: str

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Publish, or misbehave as ordered."""
        self._note("publish", key)
        self.platform.resumes.append(resume)
        if plan.opening_token is not None:
            checkpoint(plan.opening_token)
        if self.platform.meanwhile is not None:
            self.platform.meanwhile()
        return self._behave(key, checkpoint)

    def _behave(self, key: str, checkpoint: Callable[[str], None]) -> Receipt | Pending:
        orders = self.platform.orders[self.account]
        fault = orders.popleft() if orders else ""
        if fault == "checkpoint":
            checkpoint("session-1")
            fault = "unreachable"
        if fault == "uploaded":  # what nobody sees yet took its time
            checkpoint("session-1")
            fault = ""
        if fault == "refused_and_kept":
            try:
                raise self._error("rejected")
            except PlatformError:
                checkpoint("untried")  # as X does
                raise
        if fault == "pending":
            return Pending(token="video-1", check_after_seconds=5.0)
        if fault == "500_after_accepting":
            self._accept(key)
            raise PerhapsSent("server_error")
        if fault == "garbage_after_accepting":
            self._accept(key)
            raise KeyError("id")
        if fault:
            raise self._error(fault)
        return self._accept(key)

    def _error(self, fault: str) -> PlatformError:
        until = self.platform.clock.now() + timedelta(minutes=15)
        return {
            "unreachable": NotSent("unreachable"),
            "500_before_accepting": PerhapsSent("server_error"),
            "rejected": Rejected("text_refused"),
            "token_expired": NeedsPerson("token_expired", who=Who.IT),
            "throttled": Throttled("rate_limited", until=until),
        }[fault]

    def _accept(self, key: str) -> Receipt:
        if self.platform.has_retry_key and (self.account, key) in self.platform.timeline:
            return self._receipt(key, is_repeat=True)
        self.platform.timeline.append((self.account, key))
        return self._receipt(key)

    def _receipt(self, key: str, *, is_repeat: bool = False) -> Receipt:
        return Receipt(
            external_id=f"id-{key}",
            url=f"https://example.invalid/{key}",
            at=self.platform.clock.now(),
            is_repeat=is_repeat,
        )

    def poll(self, token: str) -> Receipt | Pending:
        """Answer that the video is ready."""
        self._note("poll", token)
        self._fail_to_look()
        if self.platform.is_video_pending:
            return Pending(token=token, check_after_seconds=60.0)
        return self._receipt(token)

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Found | NotSeen | SafeToRepeat:
        """Look into the timeline."""
        self._note("find", key)
        self._fail_to_look()
        if self.platform.has_retry_key and self.platform.clock.now() - since < RETRY_KEY_LIFE:
            return SafeToRepeat(reason="retry_key")
        if (self.account, key) in self.platform.timeline:
            return Found(receipt=self._receipt(key, is_repeat=True))
        return NotSeen()

    def repost(self, source_id: str) -> Receipt:
        """Repost; what was reposted already stays reposted once."""
        self._note("repost", source_id)
        key = f"repost-of-{source_id}"
        if (self.account, key) not in self.platform.timeline:
            self.platform.timeline.append((self.account, key))
        orders = self.platform.orders[self.account]
        if orders and orders.popleft():
            raise PerhapsSent("server_error")
        return self._receipt(key)

    def _take_away(self, key: str) -> Receipt:
        seen = (self.account, key)
        if is_there := seen in self.platform.timeline:
            self.platform.timeline.remove(seen)
        orders = self.platform.orders[self.account]
        if fault := orders.popleft() if orders else "":
            raise PerhapsSent("server_error") if fault == "500_after_accepting" else self._error(fault)
        receipt = self._receipt(key, is_repeat=not is_there)
        return Receipt(external_id=receipt.external_id, url=None, at=receipt.at, is_repeat=receipt.is_repeat)

    def _fail_to_look(self) -> None:
        if self.platform.look_faults:
            raise self.platform.look_faults.popleft()

    def _note(self, what: str, key: str) -> None:
        assert self.platform.database.connections_in_use == 0, f"a transaction is open across {what}"
        self.platform.calls.append((what, key))


class RecallingSession(FakeSession):
    """One account where what was posted can be taken back."""

    __slots__ = ()

    def delete(self, external_id: str) -> Receipt:
        """Delete; what is gone already counts as deleted."""
        self._note("delete", external_id)
        return self._take_away(external_id.removeprefix("id-"))

    def undo_repost(self, source_id: str) -> Receipt:
        """Undo; no repost being there counts as done."""
        self._note("undo_repost", source_id)
        return self._take_away(f"repost-of-{source_id}")


@dataclass(slots=True)
class FakeOutbound:
    """The rest of publisher: lets everything go, but where a test says otherwise."""

    platforms: dict[str, FakePlatform]
    checks: dict[str, NotBefore | AskPerson] = field(default_factory=dict)
    """By account: what the last check says."""
    unprepared: dict[str, Exception] = field(default_factory=dict)
    """By account: what preparing raises."""
    meanwhile: Callable[[], None] | None = None
    """Done between the claim and the last check."""

    def check_many(self, tx: Transaction, deliveries: Sequence[Delivery]) -> Mapping[str, Check | Exception]:
        """Ask of one after the other."""
        return one_by_one(lambda one: self.check(tx, one), deliveries)

    def check(self, tx: Transaction, delivery: Delivery) -> Go | NotBefore | AskPerson:
        """Say what the test says."""
        return self.checks.get(delivery.account, Go())

    def check_order(self, tx: Transaction, delivery: Delivery) -> Go | NotBefore | AskPerson:
        """Let every order stand."""
        return Go()

    def prepare_many(
        self, deliveries: Sequence[Delivery], *, within_seconds: float
    ) -> Mapping[str, Prepared | Exception]:
        """Bind one after the other."""
        return one_by_one(self.prepare, deliveries, within_seconds=within_seconds)

    def prepare(self, delivery: Delivery) -> Prepared:
        """Bind the account."""
        platform = self.platforms[delivery.platform]
        assert platform.database.connections_in_use == 0
        if self.meanwhile is not None:
            self.meanwhile()
        if delivery.account in self.unprepared:
            raise self.unprepared[delivery.account]
        kind = RecallingSession if platform.can_recall else FakeSession
        session = kind(platform=platform, account=delivery.account)
        if delivery.source_id is not None:
            with platform.database.reading() as tx:
                source = deliveries.get(tx, delivery.source_id)
                if delivery.kind is DeliveryKind.UNDO_REPOST:
                    source = deliveries.get(tx, source.source_id or "")
            return Prepared(session=session, source_id=source.external_id)
        plan = Plan(platform=delivery.platform, text="桜が咲きました", opening_token=platform.opening_token)
        return Prepared(session=session, plan=plan)

    def limits(self, platform: str) -> Limits:
        """Return the platform's numbers."""
        return self.platforms[platform].limits()
