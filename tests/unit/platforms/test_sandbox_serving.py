"""What the stand-ins' server says on the terminal."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from platforms.sandbox.serving import KeptHandler, KeptServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def answer(_environ: object, start: object) -> Iterable[bytes]:
    """Answer nothing: no request comes so far."""
    raise AssertionError(start)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptServer]:
    """A server that soon closes what is idle."""
    monkeypatch.setattr(KeptHandler, "timeout", 0.05)
    made = KeptServer("127.0.0.1", 0, answer)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def ask(server: KeptServer, words: bytes) -> bytes:
    """Write to a new connection, and read until the server closes it."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        connection.sendall(words)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_an_idle_connection_is_closed_without_a_word(
    server: KeptServer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever practises sees no time-outs of connections that nobody used."""
    assert b"" == ask(server, b"")
    assert ("", "") == (caplog.text, capfd.readouterr().err)


def test_a_request_that_is_none_is_told(
    server: KeptServer, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """What really went wrong is still said."""
    ask(server, b"nonsense\r\n\r\n")

    assert "nonsense" in caplog.text + capfd.readouterr().err
