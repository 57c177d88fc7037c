"""The Facebook adapter against its stand-in, over a socket."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image
from shared_material import SHARED, needs_shared
from werkzeug.formparser import parse_form_data

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Rejected, Throttled, Who
from platforms.facebook import FacebookPlatform
from platforms.port import (
    AccountRef,
    Endpoints,
    Found,
    Media,
    MediaKind,
    Message,
    NotSeen,
    Receipt,
    SafeToRepeat,
    Session,
)
from platforms.sandbox.app import serving
from platforms.sandbox.core import Fault, FaultKind, Wire, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "104000000000001"
ACCOUNT = AccountRef(key="kashiwa_fb", handle="kashiwa", external_id=PAGE)
SECRETS = {"page_token": "EAAB-page-token", "app_secret": "app-secret"}
KEY = "6d7c8f0a-0000-4000-8000-000000000001"


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@pytest.fixture
def world() -> Iterator[World]:
    """Give a world with one Page."""
    world = World(now)
    world.add_account("facebook", "kashiwa", external_id=PAGE, secrets=SECRETS, name="柏市")
    yield world
    world.close()


@pytest.fixture
def endpoints(world: World) -> Iterator[Endpoints]:
    """Serve the world."""
    with serving(world) as endpoints:
        yield endpoints


@pytest.fixture
def facebook(endpoints: Endpoints) -> FacebookPlatform:
    """Give the platform, less patient than in production."""
    return FacebookPlatform(endpoints, now=now, timeout_seconds=1.0)


@pytest.fixture
def session(facebook: FacebookPlatform) -> Session:
    """Bind the Page."""
    return facebook.connect(ACCOUNT, SECRETS)


def photo(folder: Path, *, alt: str = "", colour: str = "red") -> Media:
    """Draw a photo."""
    path = folder / f"{colour}.jpg"
    Image.new("RGB", (64, 48), colour).save(path)
    size = path.stat().st_size
    return Media(
        kind=MediaKind.IMAGE,
        path=path,
        sha256="a" * 64,
        mime="image/jpeg",
        size_bytes=size,
        width_px=64,
        height_px=48,
        alt=alt,
    )


def clip(folder: Path, size: int) -> Media:
    """Make a file that stands for a video; the stand-in doesn't look inside."""
    path = folder / "clip.mp4"
    path.write_bytes(bytes(range(256)) * (size // 256))
    return Media(
        kind=MediaKind.VIDEO,
        path=path,
        sha256="b" * 64,
        mime="video/mp4",
        size_bytes=path.stat().st_size,
        width_px=64,
        height_px=48,
        duration_seconds=3.0,
    )


def send(session: Session, facebook: FacebookPlatform, message: Message, resume: str | None = None) -> Receipt:
    """Plan and publish."""
    receipt = session.publish(facebook.plan(message), key=KEY, resume=resume, checkpoint=lambda _: None)
    assert isinstance(receipt, Receipt)
    return receipt


def timeline(world: World, endpoints: Endpoints) -> list[dict[str, Any]]:
    """Read the Page as its followers do."""
    base = endpoints.facebook.removesuffix("/facebook")
    lines = httpx.get(f"{base}/_sandbox/timelines").json()
    return next(line["items"] for line in lines if line["vendor"] == "facebook")


def posts_on_the_wire(world: World) -> int:
    """Count the requests that could have published."""
    return len(world.journal("facebook", "publish"))


def test_a_text_post_is_published_once_and_its_address_opens(
    world: World, endpoints: Endpoints, facebook: FacebookPlatform, session: Session
) -> None:
    """The receipt has the post's id and an address that shows the post."""
    receipt = send(session, facebook, Message(text="公園の開園時間が変わります。"))
    assert [item["external_id"] for item in timeline(world, endpoints)] == [receipt.external_id]
    assert receipt.url is not None
    assert "公園の開園時間が変わります。" in httpx.get(receipt.url).text
    assert posts_on_the_wire(world) == 1


def test_photos_arrive_in_order_with_their_alternative_texts(
    world: World, endpoints: Endpoints, facebook: FacebookPlatform, session: Session, tmp_path: Path
) -> None:
    """Two photos are one post, and a screen reader can tell them apart."""
    media = (photo(tmp_path, alt="赤い花", colour="red"), photo(tmp_path, alt="青い池", colour="blue"))
    send(session, facebook, Message(text="花と池", media=media))
    (item,) = timeline(world, endpoints)
    assert [picture["alt"] for picture in item["media"]] == ["赤い花", "青い池"]
    shown = Image.open(BytesIO(httpx.get(item["media"][1]["url"]).content))
    red, _, blue = shown.convert("RGB").getpixel((5, 5))  # type: ignore[misc]  # a pixel of three
    assert blue > red


def test_a_video_goes_in_pieces_and_is_one_post_with_its_title(
    world: World, endpoints: Endpoints, facebook: FacebookPlatform, session: Session, tmp_path: Path
) -> None:
    """2.5 MB are three transfers, and every byte arrives."""
    video = clip(tmp_path, 2_500_096)
    send(session, facebook, Message(text="会見", title="市長会見", media=(video,)))
    (item,) = timeline(world, endpoints)
    assert (item["title"], item["text"]) == ("市長会見", "会見")
    assert httpx.get(item["media"][0]["url"]).content == video.path.read_bytes()


def test_a_videos_finish_that_was_lost_is_found_and_not_made_again(
    world: World, endpoints: Endpoints, facebook: FacebookPlatform, session: Session, tmp_path: Path
) -> None:
    """The upload session is stored before the finish; afterwards the video tells that it is out."""
    plan = facebook.plan(Message(text="会見", media=(clip(tmp_path, 512),)))
    stored: list[str] = []
    world.order(Fault(vendor="facebook", verb="publish", kind=FaultKind.ERROR_AFTER))
    with pytest.raises(PerhapsSent):
        session.publish(plan, key=KEY, resume=None, checkpoint=stored.append)
    found = session.find(plan, key=KEY, resume=stored[-1], since=now())
    assert isinstance(found, Found)
    session.publish(plan, key=KEY, resume=stored[-1], checkpoint=stored.append)
    assert len(timeline(world, endpoints)) == 1


@pytest.mark.parametrize("resume", [None, "tried"], ids=["at first", "at a repeat"])
def test_the_attempt_is_stored_before_the_post_is_written(
    world: World, facebook: FacebookPlatform, session: Session, resume: str | None
) -> None:
    """When the checkpoint fails, nothing has been posted.

    At a repeat too: while the photos went up, the lease may have ended and somebody else have posted it.
    """

    def refuse(_: str) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        session.publish(facebook.plan(Message(text="本文")), key=KEY, resume=resume, checkpoint=refuse)
    assert posts_on_the_wire(world) == 0


def test_a_repeat_stores_the_videos_session_before_the_finish(
    world: World, endpoints: Endpoints, facebook: FacebookPlatform, session: Session, tmp_path: Path
) -> None:
    """Whose lease has ended meanwhile makes nothing public, at a repeat as at first."""
    plan = facebook.plan(Message(text="会見", media=(clip(tmp_path, 512),)))
    stored: list[str] = []
    world.order(Fault(vendor="facebook", verb="publish", kind=FaultKind.DROP_BEFORE))
    with pytest.raises(PerhapsSent):
        session.publish(plan, key=KEY, resume=None, checkpoint=stored.append)

    def refuse(_: str) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        session.publish(plan, key=KEY, resume=stored[-1], checkpoint=refuse)
    assert timeline(world, endpoints) == []


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.ERROR_AFTER,
        FaultKind.DROP_AFTER,
        FaultKind.HANG_AFTER,
        FaultKind.GARBAGE_AFTER,
    ],
)
def test_an_answer_that_is_lost_is_never_sent_again_and_the_post_is_found(
    kind: FaultKind, world: World, endpoints: Endpoints, facebook: FacebookPlatform, session: Session
) -> None:
    """One request on the wire, one post on the Page, and a look at the Page settles it."""
    since = now()
    plan = facebook.plan(Message(text="避難所を開設しました"))
    stored: list[str] = []
    world.order(Fault(vendor="facebook", verb="publish", kind=kind, seconds=2))
    with pytest.raises(PerhapsSent):
        session.publish(plan, key=KEY, resume=None, checkpoint=stored.append)
    assert posts_on_the_wire(world) == 1
    found = session.find(plan, key=KEY, resume=stored[-1], since=since)
    assert isinstance(found, Found)
    assert found.receipt.is_repeat
    assert [found.receipt.external_id] == [item["external_id"] for item in timeline(world, endpoints)]


def test_a_post_that_did_not_arrive_is_not_seen_and_facebook_proves_nothing_by_it(
    world: World, facebook: FacebookPlatform, session: Session
) -> None:
    """There is no absence rule for Facebook: a person is asked."""
    plan = facebook.plan(Message(text="本文"))
    world.order(Fault(vendor="facebook", verb="publish", kind=FaultKind.DROP_BEFORE))
    with pytest.raises(PerhapsSent):
        session.publish(plan, key=KEY, resume=None, checkpoint=lambda _: None)
    assert isinstance(session.find(plan, key=KEY, resume="tried", since=now()), NotSeen)
    assert facebook.limits.absence is None


def test_before_the_post_was_tried_a_repeat_is_safe(facebook: FacebookPlatform, session: Session) -> None:
    """Without a resume token nothing was written."""
    plan = facebook.plan(Message(text="本文"))
    assert isinstance(session.find(plan, key=KEY, resume=None, since=now()), SafeToRepeat)


def test_the_same_words_from_before_the_attempt_are_not_taken_for_it(
    facebook: FacebookPlatform, session: Session
) -> None:
    """Last month's identical post is another one."""
    plan = facebook.plan(Message(text="断水のお知らせ"))
    session.publish(plan, key=KEY, resume=None, checkpoint=lambda _: None)
    later = now() + timedelta(hours=1)
    assert isinstance(session.find(plan, key=KEY, resume="tried", since=later), NotSeen)


def test_the_same_words_by_another_app_are_not_taken_for_ours(
    world: World, facebook: FacebookPlatform, session: Session
) -> None:
    """What a person wrote on the Page itself is not ours to claim."""
    plan = facebook.plan(Message(text="断水のお知らせ"))
    session.publish(plan, key=KEY, resume=None, checkpoint=lambda _: None)
    (post,) = world.all("facebook", "post")
    world.put("facebook", "post", post["id"], post | {"application": {"id": "7", "name": "Business Suite"}})
    assert isinstance(session.find(plan, key=KEY, resume="tried", since=now()), NotSeen)


def test_a_post_is_found_behind_many_later_ones(facebook: FacebookPlatform, session: Session) -> None:
    """The Page's posts come 25 at a time; all since the attempt are read."""
    since = now()
    wanted = send(session, facebook, Message(text="探しもの"))
    for number in range(30):
        send(session, facebook, Message(text=f"その後の投稿 {number}"))
    found = session.find(facebook.plan(Message(text="探しもの")), key=KEY, resume="tried", since=since)
    assert isinstance(found, Found)
    assert found.receipt.external_id == wanted.external_id


def test_the_same_words_twice_in_a_row_are_refused_on_a_first_attempt(
    facebook: FacebookPlatform, session: Session
) -> None:
    """Graph answers 506; on a first attempt the words must change."""
    send(session, facebook, Message(text="本文"))
    with pytest.raises(Rejected) as caught:
        send(session, facebook, Message(text="本文"))
    assert caught.value.code == "duplicate"


def test_the_same_words_after_an_attempt_may_be_our_own(facebook: FacebookPlatform, session: Session) -> None:
    """506 on a repeat means: look first."""
    send(session, facebook, Message(text="本文"))
    with pytest.raises(PerhapsSent) as caught:
        send(session, facebook, Message(text="本文"), resume="tried")
    assert caught.value.code == "duplicate_after_attempt"


def test_a_broken_photo_upload_leaves_nothing_and_may_be_repeated(
    world: World, endpoints: Endpoints, facebook: FacebookPlatform, session: Session, tmp_path: Path
) -> None:
    """A photo that no post carries is seen by nobody."""
    world.order(Fault(vendor="facebook", verb="upload", kind=FaultKind.DROP_AFTER))
    with pytest.raises(NotSent):
        send(session, facebook, Message(text="花", media=(photo(tmp_path),)))
    assert (posts_on_the_wire(world), timeline(world, endpoints)) == (0, [])


def test_nothing_is_sent_where_nobody_listens(tmp_path: Path) -> None:
    """A refused connection took no byte."""
    with socket.socket() as idle:
        idle.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{idle.getsockname()[1]}"
        facebook = FacebookPlatform(Endpoints(facebook=base, facebook_video=base), now=now)
        with pytest.raises(NotSent) as caught:
            send(facebook.connect(ACCOUNT, SECRETS), facebook, Message(text="本文"))
    assert caught.value.code == "unreachable"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(FaultKind.THROTTLED, Throttled), (FaultKind.QUOTA, Throttled), (FaultKind.EXPIRED_TOKEN, NeedsPerson)],
)
def test_limits_and_tokens_are_told_apart(
    kind: FaultKind, expected: type[Exception], world: World, facebook: FacebookPlatform, session: Session
) -> None:
    """Codes 32 and 80001 wait, 190 needs a person."""
    world.order(Fault(vendor="facebook", verb="publish", kind=kind))
    with pytest.raises(expected):
        send(session, facebook, Message(text="本文"))


@pytest.mark.parametrize("secrets", [{"page_token": "wrong"}, SECRETS | {"page_token": "wrong"}])
def test_a_token_that_facebook_does_not_know_needs_it(secrets: dict[str, str], facebook: FacebookPlatform) -> None:
    """190: whoever keeps the accounts has to connect the Page again."""
    with pytest.raises(NeedsPerson) as caught:
        send(facebook.connect(ACCOUNT, secrets), facebook, Message(text="本文"))
    assert caught.value.who is Who.IT


def test_a_call_without_its_proof_is_refused(facebook: FacebookPlatform) -> None:
    """The stand-in's app requires `appsecret_proof`, so a right token alone does nothing."""
    session = facebook.connect(ACCOUNT, {"page_token": SECRETS["page_token"], "app_secret": "wrong"})
    with pytest.raises(Rejected):
        send(session, facebook, Message(text="本文"))


def test_another_pages_token_posts_nothing(world: World, facebook: FacebookPlatform) -> None:
    """A mixed-up token doesn't publish on a Page it isn't for."""
    other = {"page_token": "EAAB-other", "app_secret": ""}
    world.add_account("facebook", "other", external_id="2", secrets=other)
    with pytest.raises(NeedsPerson):
        send(facebook.connect(ACCOUNT, other), facebook, Message(text="本文"))


@pytest.mark.parametrize("missing", ["page_token"])
def test_a_missing_secret_is_named(missing: str, facebook: FacebookPlatform) -> None:
    """Connecting without the token says which field is missing."""
    with pytest.raises(NeedsPerson) as caught:
        facebook.connect(ACCOUNT, SECRETS | {missing: ""})
    assert (caught.value.code, caught.value.params["field"]) == ("secret_missing", missing)


def test_an_address_that_cannot_be_read_does_not_undo_the_post(
    world: World, facebook: FacebookPlatform, session: Session
) -> None:
    """The permalink is asked for afterwards; without it the address is the public one."""
    world.order(Fault(vendor="facebook", verb="read", kind=FaultKind.ERROR_BEFORE))
    receipt = send(session, facebook, Message(text="本文"))
    assert receipt.url == f"https://www.facebook.com/{receipt.external_id}"


def test_the_token_is_in_no_address(world: World, facebook: FacebookPlatform, session: Session) -> None:
    """Addresses get into logs; the token travels in a header."""
    seen: list[Wire] = []
    world.observers.append(seen.append)
    send(session, facebook, Message(text="本文"))
    session.find(facebook.plan(Message(text="本文")), key=KEY, resume="tried", since=now())
    assert seen
    for wire in seen:
        assert SECRETS["page_token"] not in repr((wire.path, wire.query, wire.body))
        assert ("Authorization", f"Bearer {SECRETS['page_token']}") in wire.headers


EVERY_EDGE = {"fields", "limit", "after", "appsecret_proof"}
"""What Graph takes everywhere: https://developers.facebook.com/docs/graph-api/overview (read 2026-11)."""
FILES = {"/photos": {"source"}, "/videos": {"video_file_chunk"}, "/feed": set()}
"""The file of a multipart body; the vendor's list has no row for a photo's."""


@needs_shared
@pytest.mark.specs
def test_every_parameter_is_in_the_vendors_list(
    world: World, facebook: FacebookPlatform, session: Session, tmp_path: Path
) -> None:
    """Names of parameters on feed, photos, videos and published_posts are those of Page.json."""
    seen: list[Wire] = []
    world.observers.append(seen.append)
    send(session, facebook, Message(text="本文"))
    send(session, facebook, Message(text="花", media=(photo(tmp_path, alt="花"),)))
    send(session, facebook, Message(text="会見", title="題", media=(clip(tmp_path, 512),)))
    session.find(facebook.plan(Message(text="本文")), key=KEY, resume="tried", since=now())
    edges = {(api["method"], "/" + api["endpoint"]): api for api in page_apis()}
    checked = set()
    for wire in seen:
        assert wire.path.startswith("/v26.0/")
        edge = "/" + wire.path.rpartition("/")[2]
        if (wire.method, edge) not in edges:
            continue
        names = {param["name"] for param in edges[wire.method, edge]["params"]} | EVERY_EDGE
        fields, files = sent_names(wire)
        assert fields <= names
        assert files <= FILES.get(edge, set())
        checked.add((wire.method, edge))
    assert checked == {
        ("POST", "/feed"),
        ("POST", "/photos"),
        ("POST", "/videos"),
        ("GET", "/published_posts"),
    }


def page_apis() -> list[dict[str, Any]]:
    """Read the vendor's list of a Page's edges."""
    spec = json.loads((SHARED / "specs/facebook/api_specs/Page.json").read_text())
    return [api for api in spec["apis"] if "endpoint" in api]


def sent_names(wire: Wire) -> tuple[set[str], set[str]]:
    """Name the fields and the files of a request."""
    headers = {name.lower(): value for name, value in wire.headers}
    environ = {
        "wsgi.input": BytesIO(wire.body),
        "CONTENT_LENGTH": str(len(wire.body)),
        "CONTENT_TYPE": headers.get("content-type", ""),
        "REQUEST_METHOD": wire.method,
    }
    _, form, files = parse_form_data(environ)
    for file in files.values():
        file.close()
    return {name for name, _ in wire.query} | set(form), set(files)
