"""The stand-in for the Graph API says no where Graph does."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image

from platforms.sandbox.app import serving
from platforms.sandbox.core import Fault, FaultKind, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "EAAB-page-token"


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


@pytest.fixture
def world() -> Iterator[World]:
    """Give a world with a Page whose app asks for no proof."""
    world = World(now)
    world.add_account("facebook", "kashiwa", external_id="111", secrets={"page_token": TOKEN}, name="柏市")
    yield world
    world.close()


@pytest.fixture
def graph(world: World) -> Iterator[httpx.Client]:
    """Call the stand-in with the Page's token."""
    with (
        serving(world) as endpoints,
        httpx.Client(base_url=f"{endpoints.facebook}/v26.0", headers={"Authorization": f"Bearer {TOKEN}"}) as client,
    ):
        yield client


def code(answer: httpx.Response) -> int:
    """Read Graph's error code."""
    error = answer.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= set(error)
    number: int = error["code"]
    return number


def jpeg() -> bytes:
    """Draw a photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "JPEG")
    return buffer.getvalue()


def test_the_same_words_are_refused_only_in_a_row(graph: httpx.Client) -> None:
    """506 looks at the post before this one."""
    answers = [graph.post("/111/feed", data={"message": text}) for text in ("a", "a", "b", "a")]
    assert [answer.status_code for answer in answers] == [200, 400, 200, 200]
    assert code(answers[1]) == 506


def test_an_empty_post_is_an_invalid_parameter(graph: httpx.Client) -> None:
    """Code 100."""
    assert code(graph.post("/111/feed", data={"message": " "})) == 100


def test_a_file_that_is_no_image_is_no_photo(graph: httpx.Client) -> None:
    """Code 324, whatever it is called."""
    answer = graph.post("/111/photos", data={"published": "false"}, files={"source": ("a.jpg", b"text")})
    assert code(answer) == 324


def test_a_photo_is_used_by_one_post_only(graph: httpx.Client) -> None:
    """A second post can't carry it."""
    photo = graph.post("/111/photos", data={"published": "false"}, files={"source": ("a.jpg", jpeg())}).json()
    attached = json.dumps([{"media_fbid": photo["id"]}])
    answers = [graph.post("/111/feed", data={"message": m, "attached_media": attached}) for m in ("a", "b")]
    assert answers[0].status_code == 200
    assert code(answers[1]) == 100


def test_another_pages_feed_is_closed(graph: httpx.Client) -> None:
    """Code 200: the token is for one Page."""
    assert code(graph.post("/222/feed", data={"message": "a"})) == 200


def test_no_token_and_a_wrong_token_are_told_apart(graph: httpx.Client) -> None:
    """2500 and 190, as Graph does."""
    answers = [graph.get("/me", headers={"Authorization": value}) for value in ("", "Bearer wrong")]
    assert [code(answer) for answer in answers] == [2500, 190]


def test_a_proof_is_asked_for_where_the_app_has_a_secret(world: World, graph: httpx.Client) -> None:
    """HMAC-SHA256 of the token under the app's secret, in hexadecimal."""
    secrets = {"page_token": TOKEN, "app_secret": "app-secret"}
    world.add_account("facebook", "kashiwa", external_id="111", secrets=secrets)
    proof = hmac.new(b"app-secret", TOKEN.encode(), hashlib.sha256).hexdigest()
    assert code(graph.get("/me")) == 100
    assert graph.get("/me", params={"appsecret_proof": proof}).json()["id"] == "111"


def test_posts_come_newest_first_a_page_at_a_time(graph: httpx.Client) -> None:
    """`paging.cursors.after` leads on; without `next` the list is at its end."""
    for text in ("a", "b", "c"):
        graph.post("/111/feed", data={"message": text})
    first = graph.get("/111/published_posts", params={"limit": 2}).json()
    after = first["paging"]["cursors"]["after"]
    second = graph.get("/111/published_posts", params={"limit": 2, "after": after}).json()
    assert [post["message"] for post in first["data"] + second["data"]] == ["c", "b", "a"]
    assert ("next" in first["paging"], "next" in second["paging"]) == (True, False)


def test_a_deleted_post_is_gone(world: World, graph: httpx.Client) -> None:
    """From the Page, from the API, and a second time it isn't there."""
    post = graph.post("/111/feed", data={"message": "a"}).json()["id"]
    assert graph.delete(f"/{post}").json() == {"success": True}
    assert code(graph.delete(f"/{post}")) == 100
    assert world.all("facebook", "post") == []
    root = str(graph.base_url).removesuffix("/v26.0/")
    assert httpx.get(f"{root}/{post}").status_code == 404


def test_a_token_can_be_asked_about(graph: httpx.Client) -> None:
    """`debug_token` says whether it is valid, and when it ends: never."""
    facts = [graph.get("/debug_token", params={"input_token": each}).json()["data"] for each in (TOKEN, "x")]
    assert [each["is_valid"] for each in facts] == [True, False]
    assert facts[0]["expires_at"] == 0


def test_posts_are_there_after_a_restart(tmp_path: Path) -> None:
    """`make run`, stopped and started again, goes on where it was; ids go on too."""
    ids = []
    for text in ("a", "b"):
        world = World(now, tmp_path)
        world.add_account("facebook", "kashiwa", external_id="111", secrets={"page_token": TOKEN})
        with serving(world) as endpoints:
            headers = {"Authorization": f"Bearer {TOKEN}"}
            address = f"{endpoints.facebook}/v26.0/111/feed"
            ids.append(httpx.post(address, data={"message": text}, headers=headers).json()["id"])
            posts = httpx.get(f"{endpoints.facebook}/v26.0/111/published_posts", headers=headers).json()["data"]
        world.close()
    assert [post["id"] for post in posts] == list(reversed(ids))


@pytest.mark.parametrize(("seconds", "minutes"), [(3, 1), (60, 1), (61, 2), (300, 5)])
def test_a_rate_limit_names_whole_minutes_and_the_journal_says_whose_it_was_and_until_when(
    world: World, graph: httpx.Client, seconds: float, minutes: int
) -> None:
    """Graph gives `estimated_time_to_regain_access` in minutes, so that the shortest wait that it can name is one."""
    world.order(Fault(vendor="facebook", verb="publish", kind=FaultKind.THROTTLED, reset_seconds=seconds))

    answer = graph.post("/111/feed", data={"message": "a"})

    usage = json.loads(answer.headers["x-business-use-case-usage"])
    assert [minutes] == [each["estimated_time_to_regain_access"] for rows in usage.values() for each in rows]
    (line,) = world.journal("facebook")
    assert "kashiwa" == line["account"]
    told = datetime.fromisoformat(line["extra"]["closed_until"]) - datetime.fromisoformat(line["at"])
    assert minutes == round(told / timedelta(minutes=1), 2)
