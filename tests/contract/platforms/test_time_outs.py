"""No adapter waits for ever: neither to be let in, nor for an answer."""

from __future__ import annotations

import socket
import threading
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from platforms.errors import NotSent, PerhapsSent
from platforms.port import AccountRef, Endpoints, Message
from platforms.registry import build_platforms

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PATIENCE = 20.0
SECRETS = {
    "x": dict.fromkeys(("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "1001-word"),
    "line": {"channel_access_token": "word"},
    "facebook": {"page_token": "EAAword", "app_secret": "word"},
    "youtube": {"client_id": "1-word", "client_secret": "word", "refresh_token": "1//word"},
}


@pytest.fixture
def full_house() -> Iterator[str]:
    """An address where somebody listens and lets nobody in: its queue is full."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        for one in waiting:
            one.close()


@pytest.fixture
def mute() -> Iterator[str]:
    """An address where everybody is let in and nobody is answered."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def ended(base: str, name: str) -> Any:
    """Look for a post, with a second's patience, and return what was raised."""
    places = ("x", "line", "line_data", "facebook", "facebook_video", "youtube", "google_token")
    platform = build_platforms(Endpoints(**dict.fromkeys(places, base)), now=lambda: NOW, timeout_seconds=1.0)[name]
    session = platform.connect(AccountRef(key="shi", handle="shi", external_id="1001"), SECRETS[name])
    plan = platform.plan(Message(text="桜が咲きました", title="桜"))
    raised: list[BaseException] = []

    def call() -> None:
        try:
            if name == "youtube":
                session.poll("video")
            else:
                session.publish(plan, key=str(uuid.uuid4()), resume=None, checkpoint=lambda _: None)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test looks at it
            raised.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), f"{name} still waits after {PATIENCE:.0f} s"
    return raised[0]


@pytest.mark.parametrize("name", SECRETS)
def test_who_is_not_let_in_gives_up(full_house: str, name: str) -> None:
    """Connecting has a time-out, and nothing was sent."""
    error = ended(full_house, name)
    assert (NotSent, "unreachable") == (type(error), error.code)


@pytest.mark.parametrize("name", SECRETS)
def test_who_gets_no_answer_gives_up(mute: str, name: str) -> None:
    """Reading has a time-out; whether the post is there is then to be found out."""
    error = ended(mute, name)
    assert isinstance(error, (PerhapsSent, NotSent))
    assert error.code in {"no_answer", "unreachable"}
