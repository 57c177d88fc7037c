"""Deletions, reposts taken back, and figures, through the real SDKs against the stand-ins."""

from __future__ import annotations

import json
import re
import threading
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from shared_material import SHARED, needs_shared
from youtube_discovery import SPECIFICATION as DISCOVERY
from youtube_discovery import mistakes_in

from platforms.drill import DrillPlatform
from platforms.errors import NeedsPerson, NotSent, Rejected, Throttled
from platforms.facebook import FacebookPlatform
from platforms.facebook.recall import POST_FIELDS, VIDEO_FIELDS
from platforms.line import LinePlatform
from platforms.port import (
    AccountRef,
    Capability,
    Deletes,
    Endpoints,
    Measures,
    Media,
    MediaKind,
    Message,
    Receipt,
    Reposts,
    UndoesReposts,
)
from platforms.registry import build_platforms
from platforms.sandbox.app import build_vendors
from platforms.sandbox.core import Fault, FaultKind, World
from platforms.x import XPlatform
from platforms.youtube import YouTubePlatform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from platforms.port import Platform
    from platforms.sandbox.core import Item, Wire

TEXT = "3月1日 & 2日は休園します https://www.city.kashiwa.lg.jp/koen"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One platform that takes posts back."""

    name: str
    build: Callable[..., Platform]
    account: AccountRef
    secrets: dict[str, str]
    put_down: dict[str, int]
    """What the stand-in is told that readers did, in the vendor's words."""
    figures: dict[str, int]
    """The same in ours."""
    title: str = ""


X = Case(
    name="x",
    build=XPlatform,
    account=AccountRef(key="kashiwa_koen", handle="kashiwa_koen", external_id="1001"),
    secrets={
        "consumer_key": "app",
        "consumer_secret": "app-secret",
        "access_token": "1001-token",
        "access_token_secret": "1001-secret",
    },
    put_down={"like_count": 3, "reply_count": 2, "quote_count": 1, "bookmark_count": 4, "impression_count": 900},
    figures={"likes": 3, "reposts": 0, "replies": 2, "quotes": 1, "bookmarks": 4, "views": 900},
)
FACEBOOK = Case(
    name="facebook",
    build=FacebookPlatform,
    account=AccountRef(key="kashiwa_fb", handle="kashiwa.city", external_id="2001"),
    secrets={"page_token": "page-token", "app_secret": "app-secret"},
    put_down={"reactions": 12, "comments": 5, "shares": 2},
    figures={"reactions": 12, "comments": 5, "shares": 2},
)
YOUTUBE = Case(
    name="youtube",
    build=YouTubePlatform,
    account=AccountRef(key="kashiwa_yt", handle="kashiwacity", external_id="UC1"),
    secrets={"client_id": "client", "client_secret": "client-secret", "refresh_token": "refresh"},
    put_down={"viewCount": 70, "likeCount": 6, "commentCount": 1},
    figures={"views": 70, "likes": 6, "comments": 1},
    title="休園のお知らせ",
)
OFFICIAL = AccountRef(key="kashiwa_shi", handle="kashiwa_shi", external_id="1002")
OFFICIAL_SECRETS = X.secrets | {"access_token": "1002-token", "access_token_secret": "1002-secret"}


@dataclass(kw_only=True)
class Desk:
    """An account on its stand-in."""

    case: Case
    world: World
    session: Any
    publish: Callable[[], Receipt]

    def items(self) -> list[Item]:
        """Look at the timelines as citizens do."""
        lines = [line for vendor in build_vendors(self.world) for line in vendor.timelines()]
        return [item for line in lines if line.vendor == self.case.name for item in line.items]

    def asked(self, verb: str) -> list[dict[str, Any]]:
        """List the requests on the wire."""
        return self.world.journal(self.case.name, verb)


@pytest.fixture
def film(tmp_path: Path) -> Media:
    """Make a file that stands for a video; the stand-ins don't look inside."""
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(1000))
    return Media(
        kind=MediaKind.VIDEO,
        path=path,
        sha256="0" * 64,
        mime="video/mp4",
        size_bytes=1000,
        width_px=1280,
        height_px=720,
        duration_seconds=10.0,
    )


@pytest.fixture(params=[X, FACEBOOK, YOUTUBE], ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    """Give each platform in turn."""
    chosen: Case = request.param
    return chosen


@pytest.fixture
def open_desk(world: World, endpoints: Endpoints, clock: Any, film: Media) -> Iterator[Callable[[Case], Desk]]:
    """Open an account and connect; what goes to YouTube must follow its discovery document."""
    mistakes: list[str] = []

    def hold_against_document(wire: Wire) -> None:
        if wire.vendor == "youtube" and DISCOVERY.is_file():
            mistakes.extend(mistakes_in(wire))

    world.observers.append(hold_against_document)

    def open_at(case: Case) -> Desk:
        world.add_account(case.name, case.account.handle, external_id=case.account.external_id, secrets=case.secrets)
        platform = case.build(endpoints, now=clock, timeout_seconds=1)
        session = platform.connect(case.account, case.secrets)

        def publish() -> Receipt:
            media = (film,) if case.title else ()
            plan = platform.plan(Message(text=TEXT, title=case.title, media=media))
            outcome = session.publish(plan, key=str(uuid.uuid4()), resume=None, checkpoint=lambda _: None)
            assert isinstance(outcome, Receipt)
            return outcome

        return Desk(case=case, world=world, session=session, publish=publish)

    yield open_at
    assert mistakes == []


@pytest.fixture
def desk(open_desk: Callable[[Case], Desk], case: Case) -> Desk:
    """Open the platform's account."""
    return open_desk(case)


def test_a_deleted_post_is_gone_from_the_timeline(desk: Desk, clock: Any) -> None:
    """Citizens no longer see it; the receipt names it, has no address, and tells when. One call is one request."""
    post = desk.publish()
    receipt = desk.session.delete(post.external_id)
    assert receipt == Receipt(external_id=post.external_id, url=None, at=clock())
    assert desk.items() == []
    assert [(entry["outcome"], entry["external_id"]) for entry in desk.asked("delete")] == [
        ("accepted", post.external_id)
    ]


def test_deleting_again_is_no_failure(desk: Desk) -> None:
    """What is gone already counts as deleted: a deletion is repeated freely until it is certain."""
    post = desk.publish()
    desk.session.delete(post.external_id)
    again = desk.session.delete(post.external_id)
    assert again.external_id == post.external_id
    assert again.is_repeat or desk.case.name == "x"  # X answers `deleted` either way
    assert desk.items() == []


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind.is_after])
def test_a_deletion_whose_answer_was_lost_is_safe_to_repeat(desk: Desk, kind: FaultKind) -> None:
    """However the answer is lost: one request went out, nothing is in doubt, and the repeat settles it."""
    post = desk.publish()
    desk.world.order(Fault(vendor=desk.case.name, verb="delete", kind=kind, seconds=2))
    if (desk.case.name, kind) == ("youtube", FaultKind.GARBAGE_AFTER):
        desk.session.delete(post.external_id)  # its success has no body to be read
    else:
        with pytest.raises(NotSent):
            desk.session.delete(post.external_id)
    assert len(desk.asked("delete")) == 1
    desk.session.delete(post.external_id)
    assert desk.items() == []


@pytest.mark.parametrize("kind", [FaultKind.ERROR_BEFORE, FaultKind.DROP_BEFORE])
def test_a_deletion_that_never_arrived_is_repeated(desk: Desk, kind: FaultKind) -> None:
    """The post is still there, the failure says so, and one request was made."""
    post = desk.publish()
    desk.world.order(Fault(vendor=desk.case.name, verb="delete", kind=kind))
    with pytest.raises(NotSent):
        desk.session.delete(post.external_id)
    assert len(desk.items()) == len(desk.asked("delete")) == 1


@pytest.mark.parametrize("call", ["delete", "measure"])
def test_limits_and_tokens_are_told_apart(desk: Desk, clock: Any, call: str) -> None:
    """A rate limit names a time that lies ahead; an expired token needs the IT division."""
    post = desk.publish()
    verb = "read" if call == "measure" else call
    desk.world.order(Fault(vendor=desk.case.name, verb=verb, kind=FaultKind.THROTTLED))
    with pytest.raises(Throttled) as limited:
        getattr(desk.session, call)(post.external_id)
    assert limited.value.until > clock()
    desk.world.order(Fault(vendor=desk.case.name, verb=verb, kind=FaultKind.EXPIRED_TOKEN, times=2))
    with pytest.raises(NeedsPerson) as refused:
        getattr(desk.session, call)(post.external_id)
    assert (refused.value.code, refused.value.who) == ("token_refused", "it")
    assert len(desk.items()) == 1


def test_a_post_is_measured_with_its_words(desk: Desk, clock: Any) -> None:
    """Text and title read as citizens see them, figures in one vocabulary; nothing changes by it."""
    post = desk.publish()
    desk.world.put(desk.case.name, "figures", post.external_id, desk.case.put_down)
    measured = desk.session.measure(post.external_id)
    assert (measured.text, measured.title, measured.at) == (TEXT, desk.case.title, clock())
    assert dict(measured.figures) == desk.case.figures
    assert len(desk.items()) == 1


def test_a_post_that_is_gone_cannot_be_measured(desk: Desk) -> None:
    """The answer is a word of ours, so that whoever keeps evidence knows why there is none."""
    post = desk.publish()
    desk.session.delete(post.external_id)
    with pytest.raises(Rejected) as caught:
        desk.session.measure(post.external_id)
    assert (caught.value.code, caught.value.params["platform"]) == ("post_gone", desk.case.name)


@pytest.mark.parametrize("kind", [FaultKind.DROP_BEFORE, FaultKind.ERROR_BEFORE, FaultKind.GARBAGE_AFTER])
def test_a_measurement_that_failed_may_be_repeated(desk: Desk, kind: FaultKind) -> None:
    """Reading leaves nothing in doubt."""
    post = desk.publish()
    desk.world.order(Fault(vendor=desk.case.name, verb="read", kind=kind))
    with pytest.raises(NotSent):
        desk.session.measure(post.external_id)
    assert desk.session.measure(post.external_id).text == TEXT


# Reposts, which only X has


@pytest.fixture
def official(world: World, endpoints: Endpoints, clock: Any) -> Any:
    """Connect the city's own account, which reposts."""
    world.add_account("x", OFFICIAL.handle, external_id=OFFICIAL.external_id, secrets=OFFICIAL_SECRETS)
    return XPlatform(endpoints, now=clock, timeout_seconds=1).connect(OFFICIAL, OFFICIAL_SECRETS)


def test_a_repost_is_taken_back_and_the_post_stays(open_desk: Callable[[Case], Desk], official: Any) -> None:
    """DELETE /2/users/:id/retweets/:source: the official timeline is empty, the section's is not."""
    desk = open_desk(X)
    post = desk.publish()
    official.repost(post.external_id)
    receipt = official.undo_repost(post.external_id)
    assert (receipt.external_id, receipt.url, receipt.is_repeat) == (post.external_id, None, False)
    assert [(item.external_id, item.is_repost_of) for item in desk.items()] == [(post.external_id, None)]


@pytest.mark.parametrize("kind", [FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER, FaultKind.GARBAGE_AFTER])
def test_taking_a_repost_back_is_repeated_freely(
    open_desk: Callable[[Case], Desk], official: Any, kind: FaultKind
) -> None:
    """Whether or not X had heard us, the repeat settles it; a third time changes nothing."""
    desk = open_desk(X)
    post = desk.publish()
    official.repost(post.external_id)
    desk.world.order(Fault(vendor="x", verb="unrepost", kind=kind))
    with pytest.raises(NotSent):
        official.undo_repost(post.external_id)
    assert len(desk.asked("unrepost")) == 1
    official.undo_repost(post.external_id)
    official.undo_repost(post.external_id)
    assert len(desk.items()) == 1


def test_a_repost_goes_with_its_post(open_desk: Callable[[Case], Desk], official: Any) -> None:
    """X shows no repost of what was deleted, and the repost may still be taken back without a failure."""
    desk = open_desk(X)
    post = desk.publish()
    official.repost(post.external_id)
    assert dict(desk.session.measure(post.external_id).figures)["reposts"] == 1
    desk.session.delete(post.external_id)
    assert desk.items() == []
    assert official.undo_repost(post.external_id).external_id == post.external_id


def test_anothers_post_is_not_ours_to_delete(open_desk: Callable[[Case], Desk], official: Any) -> None:
    """X refuses, and says nothing that could be taken for done."""
    desk = open_desk(X)
    post = desk.publish()
    with pytest.raises(Rejected, match="refused"):
        official.delete(post.external_id)
    assert len(desk.items()) == 1


@pytest.mark.parametrize("spelling", ["tweet.fields", "post.fields"])
def test_figures_are_read_whichever_way_x_spells_them(
    open_desk: Callable[[Case], Desk], official: Any, spelling: str
) -> None:
    """OpenAPI 2.158 says tweet.fields and retweet_count, 2.167 post.fields and repost_count."""
    desk = open_desk(X)
    post = desk.publish()
    official.repost(post.external_id)
    desk.world.x_field_spellings = {spelling}
    desk.world.observers.clear()  # only one of the two is in the specification that is held against
    desk.world.reply_observers.clear()
    assert dict(desk.session.measure(post.external_id).figures)["reposts"] == 1


PROBLEM = "https://api.x.com/2/problems/resource-not-found"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": PROBLEM, "resource_type": "tweet", "title": "Not Found Error", "detail": "no such post"}, None),
        ({"type": PROBLEM, "resource_type": "user", "title": "Not Found Error", "detail": "no such user"}, "not_found"),
        ("<html>404 Not Found</html>", "not_found"),
    ],
)
def test_only_x_itself_can_say_that_a_post_is_gone(clock: Any, body: object, code: str | None) -> None:
    """A 404 is proof where X names the post; a gateway's page, or a user who is unknown, proves nothing."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_DELETE(self) -> None:
            self.send_response(404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    platform = XPlatform(Endpoints(x=f"http://127.0.0.1:{server.server_port}"), now=clock, timeout_seconds=2)
    session = platform.connect(X.account, X.secrets)
    try:
        for call in (session.delete, session.undo_repost):
            if code is None:
                assert call("123") == Receipt(external_id="123", url=None, at=clock(), is_repeat=True)
            else:
                with pytest.raises(Rejected, match=code):
                    call("123")
    finally:
        server.shutdown()
        server.server_close()


# Facebook


def test_a_video_on_a_page_is_measured_and_deleted_by_its_own_id(
    world: World, endpoints: Endpoints, clock: Any, film: Media
) -> None:
    """A video's receipt carries the video's id; its post goes with it."""
    world.add_account("facebook", "kashiwa.city", external_id="2001", secrets=FACEBOOK.secrets)
    platform = FacebookPlatform(endpoints, now=clock, timeout_seconds=1)
    session: Any = platform.connect(FACEBOOK.account, FACEBOOK.secrets)
    plan = platform.plan(Message(text=TEXT, title="会見", media=(film,)))
    video = session.publish(plan, key="", resume=None, checkpoint=lambda _: None)
    world.put("facebook", "figures", video.external_id, {"likes": 4, "comments": 1, "views": 88})
    measured = session.measure(video.external_id)
    assert (measured.text, measured.title) == (TEXT, "会見")
    assert dict(measured.figures) == {"likes": 4, "comments": 1, "views": 88}
    session.delete(video.external_id)
    assert world.all("facebook", "post") == []


def test_what_facebook_hides_from_us_is_not_called_deleted(open_desk: Callable[[Case], Desk]) -> None:
    """Graph has one answer for what is gone and for what a token may not delete: what can be read is there."""
    desk = open_desk(FACEBOOK)
    post = desk.publish()
    page = desk.world.get("facebook", "post", post.external_id)
    assert page is not None
    desk.world.put("facebook", "post", post.external_id, page | {"page": "another's"})  # readable, and not ours
    with pytest.raises(NeedsPerson) as caught:
        desk.session.delete(post.external_id)
    assert (caught.value.code, caught.value.who) == ("app_not_allowed", "it")


@needs_shared
@pytest.mark.specs
@pytest.mark.parametrize(("fields", "node"), [(POST_FIELDS, "PagePost"), (VIDEO_FIELDS, "AdVideo")])
def test_every_field_is_in_the_vendors_list(fields: str, node: str) -> None:
    """A field or an edge that Graph doesn't know makes the whole read fail."""
    listed = json.loads((SHARED / f"specs/facebook/api_specs/{node}.json").read_text())
    known = {field["name"] for field in listed["fields"]} | {api.get("endpoint") for api in listed["apis"]}
    assert set(re.findall(r"(?:^|,)(\w+)", fields)) <= known
    assert any(api["method"] == "DELETE" and "endpoint" not in api for api in listed["apis"])


# What the others can't do, and drills


def test_a_broadcast_on_line_cannot_be_recalled(clock: Any) -> None:
    """LINE has no call for it, so the session offers none and the limits say so beforehand."""
    line = LinePlatform(Endpoints(), now=clock)
    session = line.connect(AccountRef(key="l", handle="l", external_id=""), {"channel_access_token": "t"})
    assert Capability.DELETE not in line.limits.capabilities
    assert not any(isinstance(session, protocol) for protocol in (Deletes, UndoesReposts, Measures))


@pytest.mark.parametrize("name", ["x", "line", "facebook", "youtube"])
@pytest.mark.parametrize("is_drill", [False, True])
def test_a_session_offers_what_its_limits_say(clock: Any, name: str, is_drill: bool) -> None:  # noqa: FBT001 - a param
    """Who asks before there is a session and who asks the session hear the same, in a drill as well."""
    platform = build_platforms(Endpoints(), now=clock)[name]
    secrets = dict.fromkeys(platform.secret_fields, "secret")
    account = AccountRef(key="a", handle="a", external_id="1")
    session = (DrillPlatform(platform, now=clock) if is_drill else platform).connect(account, secrets)
    can_delete, can_repost = (each in platform.limits.capabilities for each in (Capability.DELETE, Capability.REPOST))
    assert (isinstance(session, Deletes), isinstance(session, Measures)) == (can_delete, can_delete)
    assert (isinstance(session, Reposts), isinstance(session, UndoesReposts)) == (can_repost, can_repost)
