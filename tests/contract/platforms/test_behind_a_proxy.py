"""A city hall's server reaches the world through a proxy only."""

from __future__ import annotations

import base64
import socket
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from platforms.errors import NotSent
from platforms.facebook import FacebookPlatform
from platforms.line import LinePlatform
from platforms.port import AccountRef, Endpoints, Media, MediaKind, Message
from platforms.x import XPlatform
from platforms.youtube import YouTubePlatform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACCOUNT = AccountRef(key="kashiwa", handle="kashiwa", external_id="1")


class Proxy:
    """A proxy that writes down what it is asked for, and lets nobody through."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(65_536).decode("latin-1"))
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Run the proxy, and name it as an administrator does."""
    proxy = Proxy()
    monkeypatch.setenv("HTTPS_PROXY", f"http://city:p%40ss@{proxy.address}")
    yield proxy
    proxy.close()


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def publish_on_youtube(folder: Path) -> None:
    """Try to publish a video."""
    (folder / "film.mp4").write_bytes(b"film")
    film = Media(
        kind=MediaKind.VIDEO,
        path=folder / "film.mp4",
        sha256="a" * 64,
        mime="video/mp4",
        size_bytes=4,
        width_px=1,
        height_px=1,
    )
    youtube = YouTubePlatform(Endpoints(), now=now, timeout_seconds=2)
    secrets = {"client_id": "client", "client_secret": "hidden", "refresh_token": "1//refresh"}
    plan = youtube.plan(Message(text="説明", title="題", media=(film,)))
    youtube.connect(ACCOUNT, secrets).publish(plan, key="k", resume=None, checkpoint=lambda _: None)


def publish_on_facebook(_: Path) -> None:
    """Try to publish a text."""
    facebook = FacebookPlatform(Endpoints(), now=now, timeout_seconds=2)
    session = facebook.connect(ACCOUNT, {"page_token": "EAAB-token"})
    session.publish(facebook.plan(Message(text="本文")), key="k", resume=None, checkpoint=lambda _: None)


def publish_on_x(_: Path) -> None:
    """Try to publish a text."""
    x = XPlatform(Endpoints(), now=now, timeout_seconds=2)
    secrets = {name: f"{name}-hidden" for name in x.secret_fields}
    x.connect(ACCOUNT, secrets).publish(x.plan(Message(text="本文")), key="k", resume=None, checkpoint=lambda _: None)


def publish_on_line(_: Path) -> None:
    """Try to publish a text."""
    line = LinePlatform(Endpoints(), now=now, timeout_seconds=2)
    session = line.connect(ACCOUNT, {"channel_access_token": "hidden"})
    key = "01234567-89ab-4def-8123-456789abcdef"
    session.publish(line.plan(Message(text="本文")), key=key, resume=None, checkpoint=lambda _: None)


@pytest.mark.parametrize(
    ("publish", "host"),
    [
        (publish_on_youtube, "oauth2.googleapis.com:443"),
        (publish_on_facebook, "graph.facebook.com:443"),
        (publish_on_x, "api.x.com:443"),
        (publish_on_line, "api.line.me:443"),
    ],
)
def test_every_byte_goes_through_the_proxy(publish: object, host: str, proxy: Proxy, tmp_path: Path) -> None:
    """The proxy is asked for a tunnel, with its own password and none of ours; refused, nothing was sent."""
    assert callable(publish)
    with pytest.raises(NotSent):
        publish(tmp_path)
    assert proxy.asked[0].startswith(f"CONNECT {host} HTTP/1.")
    pair = base64.b64encode(b"city:p@ss").decode()
    assert f"proxy-authorization: basic {pair}".lower() in proxy.asked[0].lower()
    assert not [secret for secret in ("EAAB-token", "1//refresh", "hidden") if secret in "".join(proxy.asked)]
