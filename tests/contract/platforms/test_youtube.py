"""The YouTube adapter, Google's own client in it, against its stand-in, over a socket."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from shared_material import needs_shared
from youtube_discovery import SPECIFICATION, mistakes_in

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Throttled, Who
from platforms.port import AccountRef, Endpoints, Media, MediaKind, Message, Plan, Receipt, SafeToRepeat, Session
from platforms.sandbox.app import serving
from platforms.sandbox.core import Fault, FaultKind, Wire, World
from platforms.youtube import YouTubePlatform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHANNEL = "UC0000000000000000000001"
ACCOUNT = AccountRef(key="kashiwa_yt", handle="kashiwa", external_id=CHANNEL)
SECRETS = {"client_id": "client", "client_secret": "hidden", "refresh_token": "1//refresh"}
KEY = "6d7c8f0a-0000-4000-8000-000000000002"
CHUNKED_BYTES = 9 * 1024 * 1024
"""More than one request's worth: two chunks."""


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Give the vendor's and our clock."""
    return Clock()


@pytest.fixture
def world(clock: Clock) -> Iterator[World]:
    """Give a world with one channel; every request must follow the discovery document."""
    world, mistakes = World(clock), []
    world.add_account("youtube", "kashiwa", external_id=CHANNEL, secrets=SECRETS, name="柏市")
    if SPECIFICATION.is_file():
        world.observers.append(lambda wire: mistakes.extend(mistakes_in(wire)))
    yield world
    world.close()
    assert mistakes == []


@pytest.fixture
def endpoints(world: World) -> Iterator[Endpoints]:
    """Serve the world."""
    with serving(world) as endpoints:
        yield endpoints


@pytest.fixture
def youtube(endpoints: Endpoints, clock: Clock) -> YouTubePlatform:
    """Give the platform, less patient than in production."""
    return YouTubePlatform(endpoints, now=clock, timeout_seconds=1.0)


@pytest.fixture
def session(youtube: YouTubePlatform) -> Session:
    """Bind the channel."""
    return youtube.connect(ACCOUNT, SECRETS)


@pytest.fixture
def clip(tmp_path: Path) -> Media:
    """Make a file that stands for a video; the stand-in doesn't look inside."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)) * (CHUNKED_BYTES // 256))
    return Media(
        kind=MediaKind.VIDEO,
        path=path,
        sha256="b" * 64,
        mime="video/mp4",
        size_bytes=CHUNKED_BYTES,
        width_px=64,
        height_px=48,
        duration_seconds=3.0,
    )


@pytest.fixture
def plan(youtube: YouTubePlatform, clip: Media) -> Plan:
    """Plan a video."""
    return youtube.plan(Message(text="12月1日の会見です。", title="市長会見", media=(clip,)))


def videos(endpoints: Endpoints) -> list[dict[str, Any]]:
    """Read the channel's page."""
    base = endpoints.youtube.removesuffix("/youtube")
    lines = httpx.get(f"{base}/_sandbox/timelines").json()
    return next(line["items"] for line in lines if line["vendor"] == "youtube")


def attempt(session: Session, plan: Plan, stored: list[str]) -> Receipt:
    """Publish as the dispatcher does: with what the last attempt stored."""
    resume = stored[-1] if stored else None
    receipt = session.publish(plan, key=KEY, resume=resume, checkpoint=stored.append)
    assert isinstance(receipt, Receipt)
    return receipt


def test_a_video_is_uploaded_unseen_and_then_made_public(
    world: World, endpoints: Endpoints, session: Session, plan: Plan, clip: Media
) -> None:
    """It arrives in two pieces, whole, private; one update makes it public; its page opens."""
    stored: list[str] = []
    receipt = attempt(session, plan, stored)
    (video,) = videos(endpoints)
    assert (video["external_id"], video["title"]) == (receipt.external_id, "市長会見")
    assert video["extra"] == {"privacy": "public", "is_public": True}
    assert httpx.get(video["media"][0]["url"]).content == clip.path.read_bytes()
    assert receipt.url is not None
    assert "市長会見" in httpx.get(receipt.url).text
    verbs = [entry["verb"] for entry in world.journal("youtube")]
    assert verbs == ["token", "open_upload", "upload", "publish", "update"]


def test_what_makes_a_repeat_safe_is_stored_before_it_is_needed(session: Session, plan: Plan) -> None:
    """First the session, before any byte; then the video, before it is public."""
    stored: list[str] = []
    receipt = attempt(session, plan, stored)
    assert [token.partition(":")[0] for token in stored] == ["session", "video"]
    assert stored[1] == f"video:{receipt.external_id}"


def test_no_byte_of_the_video_goes_out_when_the_session_cannot_be_stored(
    world: World, session: Session, plan: Plan
) -> None:
    """The checkpoint comes before the first byte."""

    def refuse(_: str) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        session.publish(plan, key=KEY, resume=None, checkpoint=refuse)
    assert world.journal("youtube", "upload") == []


EVERY_BREAK = [
    FaultKind.ERROR_BEFORE,
    FaultKind.ERROR_AFTER,
    FaultKind.DROP_BEFORE,
    FaultKind.DROP_AFTER,
    FaultKind.HANG_AFTER,
    FaultKind.GARBAGE_AFTER,
]


@pytest.mark.parametrize("kind", EVERY_BREAK)
@pytest.mark.parametrize("verb", ["open_upload", "upload", "publish", "update"])
def test_wherever_it_breaks_a_repeat_leaves_one_public_video(
    verb: str, kind: FaultKind, world: World, endpoints: Endpoints, session: Session, plan: Plan
) -> None:
    """Each step, broken in each way: what is found afterwards is that a repeat is safe, and it is."""
    stored: list[str] = []
    world.order(Fault(vendor="youtube", verb=verb, kind=kind, seconds=2))
    with pytest.raises((NotSent, PerhapsSent)) as caught:
        attempt(session, plan, stored)
    if isinstance(caught.value, PerhapsSent):
        resume = stored[-1] if stored else None
        assert isinstance(session.find(plan, key=KEY, resume=resume, since=plan_time()), SafeToRepeat)
    receipt = attempt(session, plan, stored)
    assert [(video["external_id"], video["extra"]["privacy"]) for video in videos(endpoints)] == [
        (receipt.external_id, "public")
    ]


@pytest.mark.parametrize("kind", [kind for kind in EVERY_BREAK if "500" not in kind])
def test_without_an_access_token_nothing_was_sent(kind: FaultKind, world: World, session: Session, plan: Plan) -> None:
    """A token is made before the call. (After a 5xx Google's client asks for it again by itself.)."""
    world.order(Fault(vendor="youtube", verb="token", kind=kind, seconds=2))
    with pytest.raises(NotSent):
        attempt(session, plan, [])
    assert world.journal("youtube", "open_upload") == []


def test_too_many_requests_for_a_token_are_no_refusal(world: World, session: Session, plan: Plan) -> None:
    """An answer that is not OAuth's own word is trouble that passes: nobody is asked to mend a token."""
    world.order(Fault(vendor="youtube", verb="token", kind=FaultKind.THROTTLED))
    with pytest.raises(NotSent) as caught:
        attempt(session, plan, [])
    assert "vendor_error" == caught.value.code
    assert world.journal("youtube", "open_upload") == []


def plan_time() -> datetime:
    """Give some time: `find` doesn't need it here."""
    return datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("verb", ["open_upload", "publish", "update"])
def test_a_connection_closed_without_an_answer_is_one_request_on_the_wire(
    verb: str, world: World, session: Session, plan: Plan
) -> None:
    """Google's client would send a second one by itself."""
    world.order(Fault(vendor="youtube", verb=verb, kind=FaultKind.DROP_AFTER, times=2))
    with pytest.raises((NotSent, PerhapsSent)):
        attempt(session, plan, [])
    assert len(world.journal("youtube", verb)) == 1


def test_an_upload_goes_on_where_it_broke(world: World, session: Session, plan: Plan) -> None:
    """The session is asked how much it has; the first 8 MiB don't travel twice."""
    stored: list[str] = []
    world.order(Fault(vendor="youtube", verb="publish", kind=FaultKind.DROP_BEFORE))
    with pytest.raises(PerhapsSent):
        attempt(session, plan, stored)
    attempt(session, plan, stored)
    assert len(world.journal("youtube", "upload")) == 1
    assert len(world.journal("youtube", "query_upload")) == 1


def test_a_lost_session_whose_video_is_there_uploads_nothing_again(
    world: World, endpoints: Endpoints, session: Session, plan: Plan
) -> None:
    """404 on the session: the uploads playlist is read before starting over."""
    stored: list[str] = []
    world.order(Fault(vendor="youtube", verb="publish", kind=FaultKind.DROP_AFTER))
    with pytest.raises(PerhapsSent):
        attempt(session, plan, stored)
    forget_sessions(world)
    receipt = attempt(session, plan, stored)
    assert [video["external_id"] for video in videos(endpoints)] == [receipt.external_id]
    assert len(world.journal("youtube", "open_upload")) == 1


def test_a_lost_session_without_a_video_starts_over(
    world: World, endpoints: Endpoints, session: Session, plan: Plan
) -> None:
    """Half an upload in a session that is gone is worth nothing."""
    stored: list[str] = []
    world.order(Fault(vendor="youtube", verb="publish", kind=FaultKind.DROP_BEFORE))
    with pytest.raises(PerhapsSent):
        attempt(session, plan, stored)
    forget_sessions(world)
    receipt = attempt(session, plan, stored)
    assert [video["external_id"] for video in videos(endpoints)] == [receipt.external_id]


def test_last_years_video_of_the_same_name_is_not_taken_for_this_one(
    world: World, endpoints: Endpoints, session: Session, plan: Plan, clock: Clock
) -> None:
    """Every budget speech has the same title; only a private video of the last days can be ours."""
    old = attempt(session, plan, [])
    stored: list[str] = []
    world.order(Fault(vendor="youtube", verb="publish", kind=FaultKind.DROP_BEFORE))
    clock.at += timedelta(days=365)
    with pytest.raises(PerhapsSent):
        attempt(session, plan, stored)
    forget_sessions(world)
    new = attempt(session, plan, stored)
    assert [video["external_id"] for video in videos(endpoints)] == [new.external_id, old.external_id]


def forget_sessions(world: World) -> None:
    """Let every upload session end."""
    for upload in world.all("youtube", "upload"):
        world.remove("youtube", "upload", upload["id"])


def test_a_known_video_is_only_made_public(world: World, endpoints: Endpoints, session: Session, plan: Plan) -> None:
    """With `video:` nothing is uploaded."""
    stored: list[str] = []
    world.order(Fault(vendor="youtube", verb="update", kind=FaultKind.ERROR_BEFORE))
    with pytest.raises(PerhapsSent):
        attempt(session, plan, stored)
    assert [video["extra"]["privacy"] for video in videos(endpoints)] == ["private"]
    attempt(session, plan, stored)
    assert len(world.journal("youtube", "open_upload")) == 1
    assert [video["extra"]["privacy"] for video in videos(endpoints)] == ["public"]


def test_a_private_video_is_shown_to_nobody(world: World, endpoints: Endpoints, session: Session, plan: Plan) -> None:
    """Until it is public, its page is not there."""
    world.order(Fault(vendor="youtube", verb="update", kind=FaultKind.ERROR_BEFORE))
    with pytest.raises(PerhapsSent):
        attempt(session, plan, [])
    (video,) = videos(endpoints)
    assert httpx.get(video["url"]).status_code == 404


def test_every_update_says_who_may_see_it(world: World, session: Session, plan: Plan) -> None:
    """An update of `status` without `privacyStatus` falls back to YouTube's default."""
    seen: list[Wire] = []
    world.observers.append(seen.append)
    attempt(session, plan, [])
    bodies = [json.loads(wire.body) for wire in seen if wire.path.endswith("/videos") and wire.body[:1] == b"{"]
    assert [body["status"]["privacyStatus"] for body in bodies] == ["private", "public"]
    assert all(body["status"]["selfDeclaredMadeForKids"] is False for body in bodies)


@pytest.mark.parametrize("field", ["refresh_token", "client_secret"])
def test_consent_that_is_gone_needs_it(field: str, world: World, youtube: YouTubePlatform, plan: Plan) -> None:
    """`invalid_grant` and `invalid_client`: nothing was sent, and only a person can mend it."""
    session = youtube.connect(ACCOUNT, SECRETS | {field: "wrong"})
    with pytest.raises(NeedsPerson) as caught:
        attempt(session, plan, [])
    assert (caught.value.code, caught.value.who) == ("token_refused", Who.IT)
    assert world.journal("youtube", "open_upload") == []


def test_a_used_up_quota_waits_for_midnight_in_california(
    world: World, session: Session, plan: Plan, clock: Clock
) -> None:
    """Every day has 100 inserts of its own."""
    clock.at = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    world.order(Fault(vendor="youtube", verb="open_upload", kind=FaultKind.QUOTA))
    with pytest.raises(Throttled) as caught:
        attempt(session, plan, [])
    assert caught.value.until == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_a_video_on_a_channel_that_is_not_ours_stays_private(
    world: World, endpoints: Endpoints, youtube: YouTubePlatform, plan: Plan
) -> None:
    """A mixed-up consent puts nothing before the public of another channel."""
    other = SECRETS | {"refresh_token": "1//other"}
    world.add_account("youtube", "other", external_id="UC2", secrets=other)
    with pytest.raises(NeedsPerson) as caught:
        attempt(youtube.connect(ACCOUNT, other), plan, [])
    assert caught.value.code == "wrong_account"
    assert [entry["verb"] for entry in world.journal("youtube")][-1] == "publish"


def test_a_video_that_youtube_keeps_private_is_not_called_published(
    world: World, session: Session, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Projects whose audit isn't done get `private` whatever they ask for."""
    put = world.put

    def lock(vendor: str, kind: str, id_: str, body: dict[str, Any]) -> None:
        if kind == "video":
            body["status"]["privacyStatus"] = "private"
        put(vendor, kind, id_, body)

    monkeypatch.setattr(world, "put", lock)
    with pytest.raises(NeedsPerson) as caught:
        attempt(session, plan, [])
    assert caught.value.code == "video_stays_private"


@pytest.mark.parametrize("missing", ["client_id", "client_secret", "refresh_token"])
def test_a_missing_secret_is_named(missing: str, youtube: YouTubePlatform) -> None:
    """Connecting without one says which field is missing."""
    with pytest.raises(NeedsPerson) as caught:
        youtube.connect(ACCOUNT, SECRETS | {missing: ""})
    assert (caught.value.code, caught.value.params["field"]) == ("secret_missing", missing)


def test_no_failure_holds_a_secret(world: World, session: Session, plan: Plan) -> None:
    """What is logged of a failure has neither the consent nor the client's secret."""
    world.order(Fault(vendor="youtube", verb="*", kind=FaultKind.GARBAGE_AFTER, times=9))
    with pytest.raises(PlatformError) as caught:
        attempt(session, plan, [])
    said = f"{caught.value} {dict(caught.value.params)}"
    assert not [secret for secret in (SECRETS["refresh_token"], SECRETS["client_secret"]) if secret in said]


@needs_shared
@pytest.mark.specs
@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("POST", "/upload/youtube/v3/videos", {}, {}),
        ("POST", "/upload/youtube/v3/videos", {"part": "snippet", "nosuch": "1"}, {}),
        ("PUT", "/youtube/v3/videos", {"part": "status"}, {"status": {"privacyStatus": "secret"}}),
        ("PUT", "/youtube/v3/videos", {"part": "status"}, {"status": {"madeForKidz": True}}),
        ("PUT", "/youtube/v3/videos", {"part": "status"}, {"status": {"embeddable": "yes"}}),
        ("GET", "/youtube/v3/playlistItems", {"part": "snippet", "maxResults": "51"}, None),
        ("GET", "/youtube/v3/nosuch", {}, None),
    ],
)
def test_the_check_against_the_document_can_fail(
    method: str, path: str, query: dict[str, str], body: dict[str, Any] | None
) -> None:
    """A missing part, an unknown name, a value outside its list: each is noticed."""
    wire = Wire(
        vendor="youtube",
        method=method,
        path=path,
        query=tuple(query.items()),
        headers=(),
        body=b"" if body is None else json.dumps(body).encode(),
    )
    assert len(mistakes_in(wire)) == 1
