"""The stand-in for YouTube says no where YouTube does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from platforms.sandbox.app import serving
from platforms.sandbox.core import World
from platforms.sandbox.youtube_model import YouTubeModel, YouTubeRefusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from platforms.sandbox.core import Account

SECRETS = {"client_id": "client", "client_secret": "hidden", "refresh_token": "1//refresh"}


class Clock:
    """A clock that a test moves."""

    at = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.at


@pytest.fixture
def clock() -> Clock:
    """Give the vendor's clock."""
    return Clock()


@pytest.fixture
def world(clock: Clock) -> Iterator[World]:
    """Give a world with one channel."""
    world = World(clock)
    world.add_account("youtube", "kashiwa", external_id="UC1", secrets=SECRETS)
    yield world
    world.close()


@pytest.fixture
def channel(world: World) -> Account:
    """Give the channel."""
    return world.accounts("youtube")[0]


@pytest.fixture
def api(world: World) -> Iterator[httpx.Client]:
    """Call the stand-in over HTTP, with consent."""
    with serving(world) as endpoints:
        token = httpx.post(endpoints.google_token, data={"grant_type": "refresh_token"} | SECRETS).json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        with httpx.Client(base_url=endpoints.youtube, headers=headers) as client:
            yield client


def body(**status: Any) -> dict[str, Any]:
    """Describe a video."""
    return {"snippet": {"title": "題", "description": "説明"}, "status": status}


def uploaded(model: YouTubeModel, channel: Account, **status: Any) -> dict[str, Any]:
    """Upload a video of four bytes."""
    session = model.session(channel, model.open_session(channel, body(**status), 4, "video/mp4"))
    video = model.take(session, 0, 4, b"film")
    assert video is not None
    return video


def test_an_insert_that_names_no_privacy_is_public(world: World, channel: Account) -> None:
    """The discovery document (revision 20261104) says so; forgetting it must show here."""
    assert uploaded(YouTubeModel(world), channel)["status"]["privacyStatus"] == "public"


def test_an_update_that_names_no_privacy_falls_back_to_public(world: World, channel: Account) -> None:
    """A private video goes public by an update that only wanted to change its licence."""
    model = YouTubeModel(world)
    video = uploaded(model, channel, privacyStatus="private")
    changed = model.update_status(channel, {"id": video["id"], "status": {"license": "youtube"}})
    assert changed["status"]["privacyStatus"] == "public"


def test_the_hundred_and_first_insert_of_a_day_is_refused(world: World, channel: Account, clock: Clock) -> None:
    """videos.insert has 100 calls a day of its own since June 2026."""
    model = YouTubeModel(world)
    for _ in range(100):
        model.open_session(channel, body(), 4, "video/mp4")
    with pytest.raises(YouTubeRefusal) as caught:
        model.open_session(channel, body(), 4, "video/mp4")
    assert (caught.value.status, caught.value.reason) == (403, "quotaExceeded")
    clock.at += timedelta(days=1)
    assert model.open_session(channel, body(), 4, "video/mp4")


@pytest.mark.parametrize(
    ("snippet", "reason"),
    [
        ({"title": ""}, "invalidTitle"),
        ({"title": "a" * 101}, "invalidTitle"),
        ({"title": "<b>"}, "invalidTitle"),
        ({"title": "a", "description": "市" * 1667}, "invalidDescription"),
    ],
)
def test_texts_that_youtube_does_not_take_are_refused(
    snippet: dict[str, str], reason: str, world: World, channel: Account
) -> None:
    """Title: 1 to 100 characters without < and >; description: 5,000 bytes."""
    with pytest.raises(YouTubeRefusal) as caught:
        YouTubeModel(world).open_session(channel, {"snippet": snippet}, 4, "video/mp4")
    assert caught.value.reason == reason


def test_an_upload_session_lives_a_week(world: World, channel: Account, clock: Clock) -> None:
    """Afterwards its address answers 404."""
    model = YouTubeModel(world)
    upload_id = model.open_session(channel, body(), 4, "video/mp4")
    clock.at += timedelta(days=8)
    with pytest.raises(YouTubeRefusal) as caught:
        model.session(channel, upload_id)
    assert caught.value.status == 404


def test_a_resumable_upload_answers_as_the_protocol_says(api: httpx.Client) -> None:
    """308 with Range while bytes are missing, without Range before any; 200 with the video at the end, and again."""
    headers = {"X-Upload-Content-Length": "6", "X-Upload-Content-Type": "video/mp4"}
    opened = api.post("/upload/youtube/v3/videos?uploadType=resumable&part=snippet", json=body(), headers=headers)
    address = opened.headers["location"]

    def put(content: bytes, content_range: str) -> httpx.Response:
        return api.put(address, content=content, headers={"Content-Range": content_range})

    assert (put(b"", "bytes */6").status_code, "range" in put(b"", "bytes */6").headers) == (308, False)
    assert put(b"abc", "bytes 0-2/6").status_code == 308
    assert put(b"", "bytes */6").headers["range"] == "bytes=0-2"
    assert put(b"abc", "bytes 0-2/6").status_code == 400
    done = put(b"def", "bytes 3-5/6")
    assert (done.status_code, done.json()["kind"]) == (200, "youtube#video")
    assert put(b"", "bytes */6").json()["id"] == done.json()["id"]


def test_errors_have_the_vendors_shape(api: httpx.Client) -> None:
    """`error.errors[0].reason` is what a program reads."""
    answer = api.put("/youtube/v3/videos?part=status", json={"id": "nosuch", "status": {}})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["errors"][0]["reason"]) == (404, 404, "videoNotFound")


def test_without_a_token_nothing_is_told(api: httpx.Client) -> None:
    """401, `authError`."""
    answer = api.get("/youtube/v3/channels?part=id&mine=true", headers={"Authorization": "Bearer no"})
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (401, "authError")


def test_videos_and_sessions_are_there_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    """Half an upload goes on where it was."""
    first = World(clock, tmp_path)
    channel = first.add_account("youtube", "kashiwa", external_id="UC1", secrets=SECRETS)
    model = YouTubeModel(first)
    upload_id = model.open_session(channel, body(), 8, "video/mp4")
    model.take(model.session(channel, upload_id), 0, 8, b"film")
    first.close()
    second = World(clock, tmp_path)
    channel = second.add_account("youtube", "kashiwa", external_id="UC1", secrets=SECRETS)
    model = YouTubeModel(second)
    video = model.take(model.session(channel, upload_id), 4, 8, b"more")
    assert video is not None
    assert second.get_blob(video["blob"]) == ("video/mp4", b"filmmore")
    second.close()
