"""A model of the ledger: anything may happen in any order, and the promises hold after every step.

The judge is the platforms' own timeline and the audit trail read from its beginning, never the ledger's word alone.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from datetime import timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from ledger_stage import CITY, FakeOutbound, FakePlatform, lay_delivery, lay_post
from store_fixtures import MovedClock, fresh_store

from publisher.delivery import CLAIMABLE, FINAL, DeliveryEvent, DeliveryKind, DeliveryState, next_state
from publisher.ledger import Worker
from publisher.store import attempts, audit, deliveries, holds, inserts, tables
from publisher.store.delivery_record import Delivery
from publisher.store.engine import Database
from publisher.store.holds import Hold, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    import pytest


EXAMPLES = int(os.environ.get("KAIRAN_MODEL_EXAMPLES", "30"))
"""How many histories are tried; a person who changed the ledger asks for thousands."""
STEPS = 8
STORM_STEPS = 12
ACCOUNTS = ("kashiwa_shi", "kashiwa_koen")
PLATFORMS = ("x", "line", "facebook")
FAULTS = (
    "unreachable",
    "500_before_accepting",
    "500_after_accepting",
    "garbage_after_accepting",
    "rejected",
    "token_expired",
    "throttled",
    "checkpoint",
)
POINTS = ("claimed", "prepared", "attempt_opened", "checkpoint", "called", "before_commit", "looked")
LET_GO = frozenset(DeliveryState) - FINAL - {DeliveryState.WAITING, DeliveryState.HELD} | {DeliveryState.SENT}
"""Where a repost can only be once it was let go; it ends, or is held, from before too."""
QUIET_STEPS = 100
"""After so many rounds without trouble everything must have come to an end, or to a person."""


class PowerCut(BaseException):
    """The process ends here."""


class Machine(RuleBasedStateMachine):
    """One city, three platforms, two workers that die, and people who answer truthfully."""

    open_store: Callable[[], AbstractContextManager[str]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        url = self.stack.enter_context(type(self).open_store())
        self.clock, self.lease_clock = MovedClock(), MovedClock()
        self.database = Database(url, clock=self.clock, lease_clock=self.lease_clock)
        self.stack.callback(self.database.close)
        self.platforms = {
            "x": FakePlatform(database=self.database, clock=self.clock, opening_token="tried"),
            "line": FakePlatform(database=self.database, clock=self.clock, has_retry_key=True),
            "facebook": FakePlatform(database=self.database, clock=self.clock, absence=None),
        }
        self.outbound = FakeOutbound(platforms=self.platforms)
        self.workers = [self.hire(), self.hire()]
        self.numbers = count(1)
        self.laid: list[str] = []
        self.stopped: dict[str, int] = {}
        """Deliveries that a person was told will not go out, with the calls made until then."""
        self.calls_at_hold: dict[str, int] | None = None
        """How often each routine delivery had been tried when the hold in force began."""

    def hire(self, *, doomed_at: str | None = None) -> Worker:
        """Return a worker, or one that dies when it comes to a labelled point."""

        def at(point: str) -> None:
            if point == doomed_at:
                raise PowerCut

        return Worker(self.database, self.outbound, platforms=PLATFORMS, draw=lambda: 1.0, at=at)

    def teardown(self) -> None:
        """Let trouble end, and see that nothing was lost; then give the database back."""
        try:
            self.calm_down()
            self.nothing_is_lost()
        finally:
            in_use = self.database.connections_in_use
            self.stack.close()
        assert in_use == 0

    # ── what people do ───────────────────────────────────────────────────────────────────────────

    @initialize()
    def begin(self) -> None:
        """Three posts, one a platform, are due."""
        for platform in PLATFORMS:
            self.approve(ACCOUNTS[0], platform, 0, None, is_emergency=False, is_mirrored=True)

    def approve(
        self,
        account: str,
        platform: str,
        in_seconds: int,
        useful_seconds: int | None,
        *,
        is_emergency: bool,
        is_mirrored: bool,
    ) -> None:
        """Let a post go out, with a repost of it or without."""
        with self.database.transaction() as tx:
            post = lay_post(tx, number=next(self.numbers))
            due_at = tx.now + timedelta(seconds=in_seconds)
            latest_at = None if useful_seconds is None else due_at + timedelta(seconds=useful_seconds)
            about = {"due_at": due_at, "planned_at": due_at, "latest_at": latest_at, "is_emergency": is_emergency}
            source = lay_delivery(tx, post, account, platform=platform, **about)
            self.laid.append(source.id)
            if is_mirrored and platform != "line":
                mirror = lay_delivery(
                    tx, post, "kashiwa_all", platform=platform, kind=DeliveryKind.REPOST, source_id=source.id, **about
                )
                self.laid.append(mirror.id)

    def decide(self, does: str, which: int, *, wants: bool) -> None:
        """Let people do one thing."""
        match does:
            case "answer":
                self.answer(wants=wants)
            case "cancel":
                self.cancel(self.laid[-1 - which % len(self.laid)])
            case "resume":
                self.resume()
            case _:
                self.hold()

    def cancel(self, delivery_id: str) -> None:
        """Stop its post, and what of it has not gone out."""
        with self.database.transaction() as tx:
            chosen = deliveries.get(tx, delivery_id)
            tx.execute(
                sa.update(tables.posts)
                .where(tables.posts.c.id == chosen.post_id, tables.posts.c.state == "approved")
                .values(state="cancelled", finished_at=tx.now)
            )
            state = tx.execute(sa.select(tables.posts.c.state).where(tables.posts.c.id == chosen.post_id)).scalar_one()
            if state != "cancelled":
                return
            for one in deliveries.of_post(tx, chosen.post_id):
                self.stopped.setdefault(one.id, self.calls_for(one))
                now = deliveries.lock(tx, one.id)
                is_free = now.state in CLAIMABLE | {DeliveryState.HELD, DeliveryState.WAITING, DeliveryState.ASKED}
                if is_free and not attempts.are_doubtful(tx, {one.id}):
                    deliveries.apply(tx, one.id, DeliveryEvent.CANCELLED, who="hanako")
        self.remember_what_stopped(self.all())

    def remember_what_stopped(self, now: Sequence[Delivery]) -> None:
        """Keep how often each platform was called for what has ended without going out."""
        for one in now:
            if one.state in {DeliveryState.CANCELLED, DeliveryState.SUPERSEDED}:
                self.stopped.setdefault(one.id, self.calls_for(one))

    def hold(self) -> None:
        """Begin a hold of the whole city."""
        with self.database.transaction() as tx:
            if holds.in_force(tx, CITY):
                return
            inserts.ensure_city(tx, CITY)
            holds.freeze(tx, CITY)
            new = Hold(
                id=tx.new_id(),
                city=CITY,
                scope=Scope.CITY,
                target="",
                accounts=[],
                reason="大雨",
                started_by="takahashi",
                started_at=tx.now,
            )
            holds.start(tx, new, under_way=[one.id for one in holds.on_their_way(tx, new)])
        self.calls_at_hold = {one.id: self.calls_for(one) for one in self.all()}

    def resume(self) -> None:
        """Lift it."""
        with self.database.transaction() as tx:
            for one in holds.in_force(tx, CITY):
                holds.lift(tx, one.id, who="takahashi", note="")
        self.calls_at_hold = None

    def answer(self, *, wants: bool) -> None:
        """People look at the platform and say what they saw; who sees nothing says send, or do not."""
        for one in self.all():
            if one.state is DeliveryState.HELD:
                self.triage(one, wants=wants)
            elif one.state is DeliveryState.ASKED:
                self.say(one, wants=wants)

    def triage(self, one: Delivery, *, wants: bool) -> None:
        """Let it go on, or not; under a hold nobody lets a routine post go."""
        with self.database.transaction() as tx:
            held = deliveries.lock(tx, one.id)
            over, _ = holds.stopping(tx, held)
            if not wants:
                deliveries.apply(tx, one.id, DeliveryEvent.CANCELLED, who="hanako")
            elif not [each for each in over if each.lifted_at is None]:
                change = deliveries.Change(lets_go=[each.id for each in over])
                deliveries.apply(tx, one.id, DeliveryEvent.HOLD_LIFTED, who="hanako", change=change)

    def say(self, one: Delivery, *, wants: bool) -> None:
        """Tell the truth about it."""
        is_there = self.count_of(one) > 0
        event = DeliveryEvent.PERSON_SAYS_SEND if wants else DeliveryEvent.CANCELLED
        with self.database.transaction() as tx:
            deliveries.apply(tx, one.id, DeliveryEvent.PERSON_SAYS_SENT if is_there else event, who="hanako")
            if wants and not is_there:
                attempts.end_doubt(tx, one.id, DeliveryEvent.PERSON_SAYS_SEND)

    # ── what machines do ─────────────────────────────────────────────────────────────────────────

    def work(self, who: int, does: str, point: str) -> None:
        """Let a worker do one thing."""
        match does:
            case "send":
                self.workers[who].run_due_once()
            case "look":
                self.workers[who].reconcile_once()
            case "rescue":
                self.workers[who].rescue_once()
            case _:
                self.die(point)

    def die(self, point: str) -> None:
        """Let a worker die at a labelled point, unless it has nothing to do that leads there."""
        doomed = self.hire(doomed_at=point)
        with suppress(PowerCut):
            doomed.run_due_once()
            doomed.reconcile_once()

    def wait(self, seconds: int, jumps_by: int) -> None:
        """Time passes; sometimes somebody sets the clock, and leases don't care."""
        self.clock.move(seconds + jumps_by)
        self.lease_clock.move(seconds)

    def misbehave(self, account: str, platform: str, fault: str) -> None:
        """Let a platform misbehave in a coming call."""
        self.platforms[platform].order(account, fault)

    @rule(seed=st.integers(0, 2**32 - 1))
    def storm(self, seed: int) -> None:
        """Many things happen one after the other, each drawn from the seed: anything, at any moment."""
        draw = Random(seed)  # noqa: S311 - a history, no secret
        for _ in range(STORM_STEPS):
            who, account, platform = draw.randrange(2), draw.choice(ACCOUNTS), draw.choice(PLATFORMS)
            match draw.choice("aammmwwwwwwwwtttd"):
                case "a":
                    useful = draw.choice([None, None, 60, 3600])
                    self.approve(account, platform, 0, useful, is_emergency=draw.random() < 0.2, is_mirrored=True)
                case "m":
                    self.misbehave(account, platform, draw.choice(FAULTS))
                case "w":
                    self.work(who, draw.choice(["send", "look", "rescue", "die"]), draw.choice(POINTS))
                case "t":
                    self.wait(draw.choice([2, 5, 31, 31, 95, 700]), draw.choice([0, 0, 0, 0, 0, -30]))
                case _:
                    does = draw.choice(["answer", "answer", "cancel", "resume", "hold"])
                    self.decide(does, draw.randrange(10), wants=draw.random() < 0.7)
            self.the_promises_hold()

    # ── what always holds ────────────────────────────────────────────────────────────────────────

    @invariant()
    def the_promises_hold(self) -> None:  # noqa: D102
        now = self.all()
        self.nothing_is_there_twice()
        self.sent_means_there(now)
        self.nothing_goes_after_its_end(now)
        self.no_routine_call_is_made_under_a_hold(now)
        self.a_repost_waits_for_its_sources_receipt(now)
        self.the_trail_leads_to_the_state(now)

    def nothing_is_there_twice(self) -> None:
        """No account shows anything twice."""
        for platform in self.platforms.values():
            assert len(set(platform.timeline)) == len(platform.timeline)

    def sent_means_there(self, now: Sequence[Delivery]) -> None:
        """What the ledger calls sent is on the platform, and what it calls stopped or refused is not."""
        for one in now:
            if one.state is DeliveryState.SENT:
                assert self.count_of(one) == 1, one
            elif one.state in FINAL:
                assert self.count_of(one) == 0, one

    def a_repost_waits_for_its_sources_receipt(self, now: Sequence[Delivery]) -> None:
        """What reposts is let go by a platform's receipt alone: not by a failure, and not by what a person saw."""
        sources = {one.id: one for one in now}
        for one in now:
            if one.source_id is not None and one.state in LET_GO:
                source = sources[one.source_id]
                assert source.state is DeliveryState.SENT, one
                assert not source.is_witnessed, one

    def nothing_goes_after_its_end(self, now: Sequence[Delivery]) -> None:
        """No call is made for what a person was told will not go out."""
        self.remember_what_stopped(now)
        for one in now:
            if one.id in self.stopped:
                assert self.stopped[one.id] == self.calls_for(one)

    def no_routine_call_is_made_under_a_hold(self, now: Sequence[Delivery]) -> None:
        """From the hold's beginning on no routine delivery is tried, not even one that was claimed before."""
        if self.calls_at_hold is None:
            return
        for one in now:
            if not one.is_emergency:
                assert self.calls_at_hold.get(one.id, 0) == self.calls_for(one)

    def the_trail_leads_to_the_state(self, now: Sequence[Delivery]) -> None:
        """Replaying the audit trail by the table of transitions leads to the state of every row."""
        replayed: dict[str, DeliveryState] = {}
        with self.database.reading() as tx:
            trail = tx.execute(
                sa.select(tables.audit.c.delivery_id, tables.audit.c.kind)
                .where(tables.audit.c.delivery_id.is_not(None))
                .order_by(tables.audit.c.seq)
            ).all()
        mirrors = {one.id for one in now if one.source_id is not None}
        for delivery_id, kind in trail:
            word = kind.removeprefix("delivery_")
            if word == "created":
                is_mirror = delivery_id in mirrors
                replayed[delivery_id] = DeliveryState.WAITING if is_mirror else DeliveryState.DUE
            elif word in set(DeliveryEvent):
                replayed[delivery_id] = next_state(replayed[delivery_id], DeliveryEvent(word))
        assert replayed == {one.id: one.state for one in now}

    def all(self) -> list[Delivery]:
        """Return every delivery."""
        table = tables.deliveries
        with self.database.reading() as tx:
            return [Delivery.from_row(row) for row in tx.execute(sa.select(table).order_by(table.c.id))]

    def count_of(self, one: Delivery) -> int:
        """Return how often citizens see it."""
        return sum(1 for seen in self.platforms[one.platform].timeline if seen == (one.account, self.key_of(one)))

    def calls_for(self, one: Delivery) -> int:
        """Return how often its platform was asked to put it out."""
        source = self.key_of(one).removeprefix("repost-of-")
        verbs = {"publish", "repost"}
        return sum(1 for verb, key in self.platforms[one.platform].calls if verb in verbs and key == source)

    @staticmethod
    def key_of(one: Delivery) -> str:
        """Return what the platform's timeline calls it."""
        return one.id if one.source_id is None else f"repost-of-id-{one.source_id}"

    # ── the end ──────────────────────────────────────────────────────────────────────────────────

    def calm_down(self) -> None:
        """Faults stop, and two workers go on for as long as there is anything to do."""
        for platform in self.platforms.values():
            platform.orders.clear()
        busy = True
        for step in range(QUIET_STEPS):
            self.wait(35 if busy else 600, 0)
            worker = self.workers[step % 2]
            busy = bool(worker.rescue_once() + worker.reconcile_once() + worker.run_due_once())
            if not busy and not self.passing():
                return

    def passing(self) -> list[Delivery]:
        """Return what neither ended nor waits for a person."""
        resting = FINAL | {DeliveryState.ASKED, DeliveryState.HELD}
        found = {one.id: one for one in self.all()}
        return [
            one
            for one in found.values()
            if one.state not in resting
            and not (one.state is DeliveryState.WAITING and found[one.source_id or ""].state in resting - FINAL)
        ]

    def nothing_is_lost(self) -> None:
        """Everything ended, or a person was asked; the chain proves itself."""
        assert [] == self.passing()
        with self.database.reading() as tx:
            assert audit.verify(tx, CITY) is None
            asked = [one.id for one in self.all() if one.state is DeliveryState.ASKED]
            told = tx.execute(sa.select(tables.notices.c.delivery_id).where(tables.notices.c.kind == "ask")).scalars()
            assert set(asked) <= set(told)


def test_whatever_happens_the_promises_hold(engine_name: str, request: pytest.FixtureRequest) -> None:
    """Once, never lost, sent means there, stopped means not there: after every step of random histories."""
    Machine.open_store = staticmethod(lambda: fresh_store(engine_name, request))
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
        ),
    )
