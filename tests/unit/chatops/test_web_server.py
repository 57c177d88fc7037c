"""The web server ends as quietly as it begins."""

from __future__ import annotations

import logging
import socket
from urllib.request import urlopen

import pytest
from flask import Flask

from chatops.web.server import CannotListenError, WebServer


def page() -> Flask:
    """Return an application of one page."""
    app = Flask("page")

    @app.get("/")
    def root() -> str:
        return "here"

    return app


def test_it_answers_and_ends_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    """A server that was asked a moment ago ends without a traceback, and its port is free again."""
    server = WebServer(page(), host="127.0.0.1", port=0)
    server.start()
    with urlopen(f"http://127.0.0.1:{server.port}/", timeout=5) as answer:
        said = answer.read()
    port = server.port
    with caplog.at_level(logging.INFO):
        server.stop()

    assert b"here" == said
    assert [] == [record for record in caplog.records if record.exc_info or record.levelno >= logging.WARNING]
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_a_taken_port_is_said_at_once() -> None:
    """Nothing begins to send behind a port that somebody else holds."""
    first = WebServer(page(), host="127.0.0.1", port=0)
    try:
        with pytest.raises(CannotListenError):
            WebServer(page(), host="127.0.0.1", port=first.port)
    finally:
        first.stop()
