"""The stand-ins' HTTP server: connections are kept open as the vendors keep them, and really closed on order."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Iterable

IDLE_SECONDS = 75.0
"""How long a connection may be idle: what nginx has by default, since no vendor says."""


class KeptHandler(WSGIRequestHandler):
    """Handles one request after the other on a connection, without a line on the terminal: the journal has them.

    Werkzeug's own closes the connection after each, since it can't know whether an application has read the body.
    Here the body is read before the application is asked.
    """

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1  # status, headers and body leave in one piece
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        if "100-continue" in environ.get("HTTP_EXPECT", ""):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        environ["wsgi.input"] = io.BytesIO(_body_of(environ))
        said: list[Any] = []
        answer: Iterable[bytes] = ()
        try:
            answer = self.server.app(environ, lambda *args: said.append(args))  # type: ignore[arg-type]
            content = b"".join(answer)
        except ConnectionAbortedError:  # a fault has closed it
            self.close_connection = True
            return
        finally:
            with contextlib.suppress(AttributeError):
                answer.close()  # type: ignore[attr-defined]
        status, headers = said[0][:2]
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers) and code not in {"204", "304"}:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's signature
        """Say nothing of a connection that nobody used any more; the end of it is no error."""
        if not any(isinstance(one, TimeoutError) for one in args):
            super().log_error(format, *args)


class KeptServer(ThreadedWSGIServer):
    """A thread a connection; closing the server closes them all, as the end of a process would."""

    def __init__(self, host: str, port: int, app: Any) -> None:  # noqa: ANN401 - a WSGI application
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(host, port, app, KeptHandler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's types
        """Remember the connection."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - the same
        """Forget the connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Close every connection, idle or not, without a word."""
        with self._lock:
            found = list(self._open)
        for connection in found:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def server_close(self) -> None:
        """Stop listening, and close what is open."""
        super().server_close()
        self.close_connections()


def _body_of(environ: dict[str, Any]) -> bytes:
    source = environ["wsgi.input"]
    length = int(environ.get("CONTENT_LENGTH") or 0)
    read: bytes = source.read() if environ.get("wsgi.input_terminated") else source.read(length)
    return read
