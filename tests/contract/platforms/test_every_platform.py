"""What every platform promises, each through its real SDK against its stand-in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Throttled
from platforms.facebook import FacebookPlatform
from platforms.line import LinePlatform
from platforms.port import (
    AccountRef,
    Endpoints,
    Found,
    Identifies,
    Media,
    MediaKind,
    Message,
    Pending,
    Plan,
    Platform,
    Receipt,
    SafeToRepeat,
    Session,
)
from platforms.sandbox.app import build_vendors
from platforms.sandbox.core import Fault, FaultKind
from platforms.x import XPlatform
from platforms.youtube import YouTubePlatform

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from platforms.sandbox.core import Item, World

NOBODY = "http://127.0.0.1:9"
"""An address of this machine where nothing listens."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One platform under the suite: how it is built, and what it is given."""

    name: str
    build: Callable[..., Platform]
    account: AccountRef
    secrets: dict[str, str]
    has_video: bool = False
    """True where a post is a video."""
    too_long: str = ""
    """A text that the platform doesn't take."""


CASES = (
    Case(
        name="x",
        build=XPlatform,
        account=AccountRef(key="kashiwa_koen", handle="kashiwa_koen", external_id="1001"),
        secrets={
            "consumer_key": "app",
            "consumer_secret": "app-secret",
            "access_token": "1001-token",
            "access_token_secret": "1001-secret",
        },
        too_long="あ" * 141,  # 282 of X's 280 units
    ),
    Case(
        name="line",
        build=LinePlatform,
        account=AccountRef(key="kashiwa_line", handle="kashiwa", external_id="L1"),
        secrets={"channel_access_token": "line-token"},
        too_long="あ" * 5001,  # LINE takes 5,000 UTF-16 units
    ),
    Case(
        name="facebook",
        build=FacebookPlatform,
        account=AccountRef(key="kashiwa_fb", handle="kashiwa.city", external_id="2001"),
        secrets={"page_token": "page-token", "app_secret": "app-secret"},
        too_long="あ" * 63_207,  # Facebook takes 63,206 characters
    ),
    Case(
        name="youtube",
        build=YouTubePlatform,
        account=AccountRef(key="kashiwa_yt", handle="kashiwacity", external_id="UC1"),
        secrets={"client_id": "client", "client_secret": "client-secret", "refresh_token": "refresh"},
        has_video=True,
        too_long="あ" * 1667,  # 5,001 of the description's 5,000 bytes
    ),
)


@dataclass(kw_only=True)
class Desk:
    """A platform with its account open on the stand-in, and a dispatcher's few moves."""

    case: Case
    world: World
    clock: Any
    platform: Platform
    session: Session
    film: Media
    resume: str | None = None
    key: str = ""

    def plan(self, text: str) -> Plan:
        """Plan a post of *text*."""
        if self.case.has_video:
            return self.platform.plan(Message(text=text, title="柏市の動画", media=(self.film,)))
        return self.platform.plan(Message(text=text))

    def publish(self, plan: Plan) -> Receipt:
        """Publish under this delivery's key, waiting for what the vendor leaves pending."""
        outcome = self.session.publish(plan, key=self.key, resume=self.resume, checkpoint=self.keep)
        for _ in range(20):
            if isinstance(outcome, Receipt):
                return outcome
            assert isinstance(outcome, Pending)
            self.clock.pass_by(seconds=outcome.check_after_seconds)
            outcome = self.session.poll(outcome.token)
        raise AssertionError("still pending after 20 polls")

    def keep(self, token: str) -> None:
        """Store a resume token, as the ledger does."""
        self.resume = token

    def publish_through(self, plan: Plan) -> Receipt | None:
        """Publish; after an ambiguous end find out first. None where a person would be asked."""
        since = self.clock()
        try:
            return self.publish(plan)
        except PerhapsSent:
            self.clock.pass_by(seconds=1)
        rule = self.platform.limits.absence
        for _ in range(rule.reads if rule else 1):
            finding = self.session.find(plan, key=self.key, resume=self.resume, since=since)
            if isinstance(finding, Found):
                return finding.receipt
            if isinstance(finding, SafeToRepeat):
                return self.publish(plan)
            self.clock.pass_by(seconds=rule.seconds_apart if rule else 0)
        return self.publish(plan) if rule else None

    def items(self) -> list[Item]:
        """Look at the timeline as a citizen does."""
        lines = [line for vendor in build_vendors(self.world) for line in vendor.timelines()]
        return [item for line in lines if line.vendor == self.case.name for item in line.items]


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    """Give each platform in turn."""
    chosen: Case = request.param
    return chosen


@pytest.fixture
def open_desk(world: World, clock: Any, case: Case, tmp_path: Path) -> Callable[[Endpoints], Desk]:
    """Open the account on the stand-in and connect to wherever the test says."""
    world.add_account(case.name, case.account.handle, external_id=case.account.external_id, secrets=case.secrets)
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(300_000))
    film = Media(
        kind=MediaKind.VIDEO,
        path=path,
        sha256="0" * 64,
        mime="video/mp4",
        size_bytes=300_000,
        width_px=1280,
        height_px=720,
        duration_seconds=10.0,
    )

    def open_at(endpoints: Endpoints) -> Desk:
        platform = case.build(endpoints, now=clock, timeout_seconds=1)
        session = platform.connect(case.account, case.secrets)
        return Desk(
            case=case,
            world=world,
            clock=clock,
            platform=platform,
            session=session,
            film=film,
            key=str(uuid.uuid4()),
        )

    return open_at


@pytest.fixture
def desk(open_desk: Callable[[Endpoints], Desk], endpoints: Endpoints) -> Desk:
    """Connect to the stand-ins."""
    return open_desk(endpoints)


def test_a_post_arrives_once_and_its_receipt_names_it(desk: Desk) -> None:
    """A receipt's id is the platform's own: what citizens see carries it."""
    receipt = desk.publish(desk.plan("コスモスが見頃です"))
    assert [(item.external_id, item.text) for item in desk.items()] == [(receipt.external_id, "コスモスが見頃です")]
    assert not receipt.is_repeat


@pytest.mark.parametrize("kind", [FaultKind.ERROR_AFTER, FaultKind.DROP_AFTER, FaultKind.GARBAGE_AFTER])
def test_what_was_accepted_without_our_hearing_arrives_once(desk: Desk, kind: FaultKind) -> None:
    """Promise 2: the vendor took it and its answer was lost; citizens get the message exactly once."""
    desk.world.order(Fault(vendor=desk.case.name, verb="publish", kind=kind))
    receipt = desk.publish_through(desk.plan("一度だけ届きます"))
    assert [item.text for item in desk.items()] == ["一度だけ届きます"]
    assert receipt is None or receipt.external_id == desk.items()[0].external_id


@pytest.mark.parametrize("kind", [FaultKind.ERROR_BEFORE, FaultKind.DROP_BEFORE])
def test_what_never_arrived_arrives_once_or_a_person_is_asked(desk: Desk, kind: FaultKind) -> None:
    """Promise 2, the other half: never twice, and not never without a person's being asked."""
    desk.world.order(Fault(vendor=desk.case.name, verb="publish", kind=kind))
    receipt = desk.publish_through(desk.plan("二度は届きません"))
    assert [item.text for item in desk.items()] == ([] if receipt is None else ["二度は届きません"])
    assert receipt is not None or desk.platform.limits.absence is None


def test_a_refused_connection_leaves_no_doubt(open_desk: Callable[[Endpoints], Desk]) -> None:
    """Where nothing listens not one byte was written: safe to repeat, without asking anybody."""
    desk = open_desk(
        Endpoints(
            x=NOBODY,
            line=NOBODY,
            facebook=NOBODY,
            facebook_video=NOBODY,
            youtube=NOBODY,
            google_token=NOBODY,
        )
    )
    with pytest.raises(NotSent):
        desk.publish(desk.plan("どこにも届きません"))


def test_an_expired_token_needs_a_person(desk: Desk) -> None:
    """A token that the vendor no longer takes: the IT division reconnects, and nothing was sent."""
    desk.world.order(Fault(vendor=desk.case.name, verb="publish", kind=FaultKind.EXPIRED_TOKEN, times=5))
    with pytest.raises(NeedsPerson) as caught:
        desk.publish(desk.plan("権限がありません"))
    assert caught.value.who == "it"
    assert desk.items() == []


def test_a_throttled_post_says_until_when_and_arrives_afterwards(desk: Desk) -> None:
    """Throttled means that nothing was sent, and names a time that lies ahead."""
    desk.world.order(Fault(vendor=desk.case.name, verb="publish", kind=FaultKind.THROTTLED))
    plan = desk.plan("混み合っています")
    with pytest.raises(Throttled) as caught:
        desk.publish(plan)
    assert timedelta(0) < caught.value.until - desk.clock() <= timedelta(days=1)
    assert desk.items() == []
    desk.clock.at = caught.value.until
    desk.publish(plan)
    assert [item.text for item in desk.items()] == ["混み合っています"]


def test_a_text_that_is_too_long_is_refused_before_it_is_sent(desk: Desk) -> None:
    """The plan says so with the length, and no request is made."""
    plan = desk.plan(desk.case.too_long)
    assert plan.is_refused
    assert any(length.is_over for length in plan.lengths)
    assert desk.world.journal() == []


def test_planning_touches_neither_network_nor_file(desk: Desk, tmp_path: Path) -> None:
    """The preview is planned on every keystroke: the plan is the same when the file is gone."""
    first = desk.plan("下書き")
    desk.film.path.unlink()
    assert desk.plan("下書き") == first
    assert desk.world.journal() == []


def test_each_says_whose_account_our_secrets_open(desk: Desk) -> None:
    """A read call that leaves nothing behind names the account; LINE, which has no id in the city file, by its name."""
    session = desk.session
    assert isinstance(session, Identifies)
    identity = session.whoami()

    assert identity.external_id == ("" if desk.case.name == "line" else desk.case.account.external_id)
    assert any(identity.names)
    assert desk.items() == []


def test_secrets_that_hold_no_more_are_a_persons_matter(desk: Desk) -> None:
    """An ended token is told as what it is, also where nothing was to be sent."""
    desk.world.order(Fault(vendor=desk.case.name, verb="*", kind=FaultKind.EXPIRED_TOKEN))
    assert isinstance(desk.session, Identifies)
    with pytest.raises(NeedsPerson):
        desk.session.whoami()
