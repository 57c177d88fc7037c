"""The faces over a heart of paper, talking to the stand-in Slack over its real doors."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from paper_heart import CHANNEL, NOW, PEOPLE, TEAM, PaperHeart
from werkzeug.serving import WSGIRequestHandler, make_server

from chatops.faces import FaceOptions, Faces
from chatops.sandbox import SlackWorld, build_blueprint, start_socket_mode
from chatops.sandbox.hand import Hand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
DRAFTS = "C2"


class QuietHandler(WSGIRequestHandler):
    """Keeps the tests' output short."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Site:
    """A WSGI application on a free port of this machine."""

    def __init__(self, app: Flask) -> None:
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def heart(tmp_path: Path) -> PaperHeart:
    """The heart of paper."""
    return PaperHeart(media_folder=tmp_path)


@pytest.fixture
def world() -> Iterator[SlackWorld]:
    """The stand-in Slack with three people and two channels."""
    app = Flask("slack")
    site = Site(app)
    made = SlackWorld(
        lambda: NOW,
        team_id=TEAM,
        team_name="柏市",
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SIGNING_SECRET,
        state_path=None,
        base_url=site.url,
    )
    made.add_channel(CHANNEL, "sns-承認")
    made.add_channel(DRAFTS, "sns-下書き")
    for each in PEOPLE:
        made.add_person(each.slack_user or "", each.key, each.name, each.title)
    made.add_person("U9", "stranger", "よその 人", "")
    app.register_blueprint(build_blueprint(made))
    socket_mode = start_socket_mode(made, "127.0.0.1", 0)
    yield made
    socket_mode.close()
    site.close()
    made.close()


@pytest.fixture
def serve(world: SlackWorld, heart: PaperHeart, tmp_path: Path) -> Iterator[Callable[..., Faces]]:
    """Start the faces, by HTTP or by Socket Mode; ends what was started."""
    started: list[tuple[Faces, Site]] = []

    def start(*, is_socket_mode: bool = False) -> Faces:
        options = FaceOptions(
            home=tmp_path,
            slack_api_url=world.api_url,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN if is_socket_mode else "",
            signing_secret=SIGNING_SECRET,
        )
        faces = Faces(services=heart.services, options=options, now=lambda: NOW)
        site = Site(faces.web)
        started.append((faces, site))
        if not is_socket_mode:
            world.request_url = f"{site.url}/slack/events"
        faces.start()
        assert faces.wait_until_ready(10)
        return faces

    yield start
    for faces, site in started:
        faces.stop()
        site.close()


@pytest.fixture
def clerk(world: SlackWorld) -> Hand:
    """田中 花, who writes."""
    return Hand(world, "U1", DRAFTS)


@pytest.fixture
def chief(world: SlackWorld) -> Hand:
    """佐藤 誠, who approves."""
    return Hand(world, "U2", CHANNEL)


@pytest.fixture
def duty(world: SlackWorld) -> Hand:
    """伊藤 大輔, who sends in emergencies."""
    return Hand(world, "U3", DRAFTS)
