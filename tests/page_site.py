"""A small site on this machine, whose pages answer as a test says."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


class PageSite:
    """Pages by their path: a status, and headers. Every other page is not there."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.pages: dict[str, tuple[int, dict[str, str]]] = {"/": (200, {})}
        self.refuses_head = False
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self._answer()

            def do_GET(self) -> None:
                self._answer()

            def _answer(self) -> None:
                site.asked.append((self.command, self.path))
                site.headers.append(dict(self.headers.items()))
                status, headers = site.pages.get(self.path, (404, {}))
                if site.refuses_head and self.command == "HEAD":
                    status, headers = 405, {}
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://{host}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def name_hosts(monkeypatch: pytest.MonkeyPatch, names: dict[str, str]) -> None:
    """Stand in for the system's resolver: these names and numbers exist, and no others."""
    plain = socket.getaddrinfo

    def find(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        if host.replace(".", "").isdigit():
            return plain(host, port, *args, **more)
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return plain(names[host], port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", find)
