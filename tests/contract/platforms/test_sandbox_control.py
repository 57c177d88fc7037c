"""The controls of the stand-ins, over HTTP, as the sandbox page and `sns sandbox --script` use them."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from platforms.port import AccountRef, Message
from platforms.sandbox.core import FaultKind
from platforms.x import XPlatform

if TYPE_CHECKING:
    from collections.abc import Callable

    from platforms.port import Endpoints
    from platforms.sandbox.core import World


@pytest.fixture
def ask(endpoints: Endpoints) -> Callable[..., Any]:
    """Make a request to the controls; gives the status and the answer."""
    base = endpoints.x.removesuffix("/x")

    def ask(method: str, path: str, body: object = None) -> tuple[int, Any]:
        request = urllib.request.Request(base + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request) as answer:
                content = answer.read()
                return answer.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    return ask


def test_a_fault_is_ordered_listed_and_cleared(ask: Callable[..., Any]) -> None:
    """POST orders, GET lists, DELETE clears `/_sandbox/faults`."""
    status, _ = ask("POST", "/_sandbox/faults", {"vendor": "x", "fault": "500_after_accepting", "times": 2})
    assert status == 201
    _, listed = ask("GET", "/_sandbox/faults")
    assert [(each["vendor"], each["verb"], each["kind"], each["times"]) for each in listed] == [
        ("x", "publish", "500_after_accepting", 2)
    ]
    assert ask("DELETE", "/_sandbox/faults")[0] == 204
    assert ask("GET", "/_sandbox/faults") == (200, [])


@pytest.mark.parametrize(
    "body", [{}, {"vendor": "x", "fault": "nonsense"}, {"vendor": "x", "fault": "429", "times": "x"}]
)
def test_a_fault_that_nobody_knows_is_refused(ask: Callable[..., Any], world: World, body: dict[str, str]) -> None:
    """A mistyped order must not look as if it were in force."""
    assert ask("POST", "/_sandbox/faults", body)[0] == 400
    assert world.faults() == []


def test_a_drop_closes_the_connection_without_an_answer(ask: Callable[..., Any], endpoints: Endpoints) -> None:
    """Not a 500 and not an empty answer: the TCP connection ends."""
    ask("POST", "/_sandbox/faults", {"vendor": "line", "verb": "me", "fault": FaultKind.DROP_BEFORE})
    with pytest.raises(http.client.RemoteDisconnected):
        urllib.request.urlopen(f"{endpoints.line}/v2/bot/info")


def test_the_timelines_show_every_account_and_their_pictures_open(ask: Callable[..., Any], world: World) -> None:
    """A picture's address on a timeline opens in a browser."""
    account = world.add_account("x", "kashiwa_shi", external_id="1", secrets={}, name="柏市役所")
    world.put_blob("x-9", "image/png", b"\x89PNG")
    world.put("x", "media", "9", {"id": "9", "author": "1", "kind": "image", "mime": "image/png", "alt": "池"})
    post = {"id": "10", "author": account.key, "text": "蓮", "media": ["9"], "repost_of": None}
    world.put("x", "post", "10", post | {"at": world.now().isoformat()})
    _, timelines = ask("GET", "/_sandbox/timelines")
    shown = next(line for line in timelines if line["vendor"] == "x")
    assert shown["account"] == {"handle": "kashiwa_shi", "name": "柏市役所"}
    picture = shown["items"][0]["media"][0]
    assert picture["alt"] == "池"
    with urllib.request.urlopen(picture["url"]) as answer:
        assert answer.read() == b"\x89PNG"
    with urllib.request.urlopen(shown["items"][0]["url"]) as page:
        assert "蓮" in page.read().decode()


def test_the_journal_tells_what_came_in(ask: Callable[..., Any], endpoints: Endpoints) -> None:
    """A refused request is in the journal too, with its status."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{endpoints.x}/2/users/me")
    caught.value.close()
    _, journal = ask("GET", "/_sandbox/journal?vendor=x")
    assert [(line["verb"], line["outcome"], line["status"]) for line in journal] == [("me", "refused", 401)]
    assert ask("GET", "/_sandbox/journal?vendor=line")[1] == []


def test_a_page_shows_text_as_text(endpoints: Endpoints, world: World) -> None:
    """A post is shown as it was written; nothing in it becomes part of the page."""
    account = world.add_account("x", "kashiwa_shi", external_id="1", secrets={})
    post = {"id": "10", "author": account.key, "text": "<script>alert(1)</script>", "media": [], "repost_of": None}
    world.put("x", "post", "10", post | {"at": world.now().isoformat()})
    with urllib.request.urlopen(f"{endpoints.x}/kashiwa_shi/status/10") as page:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.read().decode()


def test_many_accounts_post_at_once_and_each_post_arrives_once(world: World, endpoints: Endpoints) -> None:
    """The dispatcher's lanes send from threads: eight sessions, five posts each, forty on the timelines."""
    platform = XPlatform(endpoints, now=world.now, timeout_seconds=10)
    texts: list[str] = []

    def send(number: int) -> None:
        secrets = {
            "consumer_key": "app",
            "consumer_secret": "app-secret",
            "access_token": f"{number}-token",
            "access_token_secret": f"{number}-secret",
        }
        account = AccountRef(key=f"k{number}", handle=f"city{number}", external_id=str(number))
        world.add_account("x", account.handle, external_id=account.external_id, secrets=secrets)
        session = platform.connect(account, secrets)
        for turn in range(5):
            plan = platform.plan(Message(text=f"{number} の {turn}"))
            session.publish(plan, key="", resume=None, checkpoint=lambda _: None)
            texts.append(plan.text)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(1, 9)))
    posts = world.all("x", "post")
    assert sorted(post["text"] for post in posts) == sorted(texts)
    assert len({post["id"] for post in posts}) == 40
