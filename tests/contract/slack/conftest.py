"""A running stand-in Slack, and a real Bolt app that it reaches by Socket Mode or over HTTP."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from werkzeug.serving import WSGIRequestHandler, make_server

from chatops.sandbox import SlackWorld, build_blueprint, start_socket_mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops.sandbox import SocketModeServer

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime(2026, 12, 1, 8, 59, tzinfo=UTC)


class QuietHandler(WSGIRequestHandler):
    """Keeps the tests' output short."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Site:
    """A WSGI application on a free port of this machine."""

    def __init__(self, name: str) -> None:
        self.app = Flask(name)
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=QuietHandler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        """Answer requests from now on."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Desk:
    """A person's hands on the sandbox page, through its JSON door."""

    def __init__(self, world: SlackWorld, url: str, socket_mode: SocketModeServer) -> None:
        self.world = world
        self.url = url
        self.socket_mode = socket_mode

    def do(self, what: str, **body: Any) -> dict[str, Any]:
        """Act: `do("command", user=…, channel=…, text=…)`."""
        found: dict[str, Any] = requests.post(f"{self.url}/slack/page/{what}", json=body, timeout=20).json()
        return found

    def see(self, user: str = "U1") -> dict[str, Any]:
        """Look at what *user* sees."""
        address = f"{self.url}/slack/page/state"
        found: dict[str, Any] = requests.get(address, params={"user": user}, timeout=20).json()
        return found

    def texts(self, channel: str, user: str = "U1") -> list[str]:
        """List the texts that *user* sees in a channel."""
        return [message["text"] for message in self.see(user)["messages"][channel]]


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait for what other threads do, at most ten seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        pause = threading.Event()
        for _ in range(1000):
            if condition():
                return
            pause.wait(0.01)
        pytest.fail("it did not happen within ten seconds")

    return wait


@pytest.fixture
def slack_site() -> Iterator[Site]:
    """The server of the stand-in Slack."""
    site = Site("slack")
    yield site
    site.close()


@pytest.fixture
def pages(slack_site: Site) -> Flask:
    """The application to which a test adds pages before anybody asks for one."""
    return slack_site.app


@pytest.fixture
def desk(slack_site: Site) -> Iterator[Desk]:
    """The stand-in Slack with two people, a channel, and a channel without the bot."""
    site = slack_site
    world = SlackWorld(
        lambda: NOW,
        team_id="T1",
        team_name="柏市",
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SIGNING_SECRET,
        state_path=None,
        base_url=site.url,
    )
    world.add_channel("C1", "sns-下書き", "下書き")
    world.add_channel("C9", "よその部屋", has_bot=False)
    world.add_person("U1", "suzuki", "鈴木 花子", "公園緑地課 主任")
    world.add_person("U2", "tanaka", "田中 誠", "公園緑地課 課長", locale="en-US")
    site.app.register_blueprint(build_blueprint(world))
    socket_mode = start_socket_mode(world, "127.0.0.1", 0)
    site.start()
    yield Desk(world, site.url, socket_mode)
    socket_mode.close()
    world.close()


@pytest.fixture
def client(desk: Desk) -> WebClient:
    """The real Web API client of the official SDK, which repeats nothing by itself."""
    return WebClient(token=BOT_TOKEN, base_url=desk.world.api_url, retry_handlers=[])


@pytest.fixture
def bolt(client: WebClient) -> App:
    """A real Bolt app."""
    return App(client=client, signing_secret=SIGNING_SECRET)


@pytest.fixture
def by_socket(bolt: App, desk: Desk, wait_until: Callable[[Callable[[], bool]], None]) -> Iterator[SocketModeHandler]:
    """Connect the app by Socket Mode, as in production."""
    handler = SocketModeHandler(bolt, APP_TOKEN)
    handler.connect()
    wait_until(lambda: desk.socket_mode.connection_count == 1)
    yield handler
    handler.close()


@pytest.fixture
def by_http(bolt: App, desk: Desk) -> Iterator[Site]:
    """Connect the app by a Request URL, as in production."""
    site = Site("app")
    handler = SlackRequestHandler(bolt)

    @site.app.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    site.start()
    desk.world.request_url = f"{site.url}/slack/events"
    yield site
    site.close()


@pytest.fixture(params=["by_socket", "by_http"])
def link(request: pytest.FixtureRequest) -> object:
    """Connect the app each way in turn."""
    found: object = request.getfixturevalue(request.param)
    return found
