"""Socket Mode over a real WebSocket: hello, envelopes, acknowledgements, orders to reconnect.

Source: docs.slack.dev/apis/events-api/using-socket-mode, read 2026-11-21: up to ten connections, each envelope
goes to one of them, and a connection that is about to end is warned with `disconnect`. Slack names the eleventh
connection's refusal `too_many_websockets`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import socket
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from chatops.sandbox.transport import NotAcknowledged

if TYPE_CHECKING:
    from websockets.http11 import Request, Response

    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json

CONNECTIONS_MAX = 10
_JOIN_SECONDS = 1.0
MESSAGE_BYTES_MAX = 2**22
_LOG = logging.getLogger(__name__)


class SocketModeServer:
    """A running WebSocket server, and the link over which the workspace reaches the app.

    Args:
        world: The workspace.
        host: The address to listen on.
        port: The port; 0 takes a free one.
    """

    def __init__(self, world: SlackWorld, host: str, port: int) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._tickets: set[str] = set()
        self._connections: list[ServerConnection] = []
        self._joining = 0
        self._joined = threading.Condition(self._lock)
        self._next = 0
        self._pending: dict[str, Future[Json | None]] = {}
        self._server = serve(
            self._serve_connection,
            host,
            port,
            process_request=self._admit,
            max_size=MESSAGE_BYTES_MAX,
            close_timeout=1,
            logger=_LOG,
        )
        bound = self._server.socket.getsockname()
        self.url = f"ws://{bound[0]}:{bound[1]}/link"
        self._thread = threading.Thread(target=self._server.serve_forever, name="sandbox-socket-mode", daemon=True)
        self._thread.start()

    @property
    def connection_count(self) -> int:
        """How many connections the app holds open."""
        with self._lock:
            return len(self._connections)

    def issue_ticket(self) -> str:
        """Return a ticket with which one connection can be opened."""
        ticket = secrets.token_urlsafe(18)
        with self._lock:
            self._tickets.add(ticket)
        return ticket

    def deliver(self, envelope: Json, *, timeout_seconds: float) -> Json | None:
        """Send *envelope* to one connection, each in its turn, and return its acknowledgement's payload.

        Raises:
            NotAcknowledged: `dispatch_failed` without a connection, `operation_timeout` without an answer.
        """
        answer: Future[Json | None] = Future()
        envelope_id = envelope["envelope_id"]
        with self._lock:
            self._pending[envelope_id] = answer
        try:
            self._send_to_one(envelope)
            return answer.result(timeout_seconds)
        except TimeoutError:
            raise NotAcknowledged("operation_timeout") from None
        finally:
            with self._lock:
                self._pending.pop(envelope_id, None)

    def order_reconnect(self, reason: str = "refresh_requested") -> int:
        """Tell every connection that it will end (`warning`, `refresh_requested`); return how many there are."""
        with self._lock:
            targets = list(self._connections)
        for connection in targets:
            _try_send(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        return len(targets)

    def cut(self) -> int:
        """Cut every connection without a word, as a broken line does; return how many there were."""
        with self._lock:
            targets = list(self._connections)
        for connection in targets:
            with contextlib.suppress(OSError):  # it ended by itself meanwhile
                connection.socket.shutdown(socket.SHUT_RDWR)
        return len(targets)

    def close(self) -> None:
        """Stop listening and close all connections."""
        self._server.shutdown()
        self._thread.join()
        self._world.link = None

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        ticket = request.path.partition("?ticket=")[2]
        with self._lock:
            is_known = ticket in self._tickets
            self._tickets.discard(ticket)
            self._joining += is_known
        return None if is_known else connection.respond(401, "unknown ticket\n")

    def _serve_connection(self, connection: ServerConnection) -> None:
        with self._lock:
            is_full = len(self._connections) >= CONNECTIONS_MAX
            if not is_full:
                self._connections.append(connection)
            count = len(self._connections)
            self._joining -= 1
            self._joined.notify_all()
        if is_full:
            _try_send(connection, {"type": "disconnect", "reason": "too_many_websockets"})
            return
        self._world.changed()
        try:
            self._greet(connection, count)
            for text in connection:
                self._take(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            with self._lock:
                self._connections.remove(connection)
            self._world.changed()

    def _greet(self, connection: ServerConnection, count: int) -> None:
        hello = {
            "type": "hello",
            "num_connections": count,
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._world.app_id},
        }
        connection.send(json.dumps(hello))

    def _take(self, acknowledgement: dict[str, Any]) -> None:
        with self._lock:
            answer = self._pending.pop(str(acknowledgement.get("envelope_id")), None)
        if answer is not None:
            answer.set_result(acknowledgement.get("payload"))

    def _send_to_one(self, envelope: Json) -> None:
        with self._joined:
            # Who was let in a moment ago holds a connection already, though its thread has not said so yet.
            self._joined.wait_for(lambda: self._connections or not self._joining, _JOIN_SECONDS)
            count = len(self._connections)
        for _ in range(count):
            with self._lock:
                if not self._connections:
                    break
                self._next = (self._next + 1) % len(self._connections)
                connection = self._connections[self._next]
            if _try_send(connection, envelope):
                return
        raise NotAcknowledged("dispatch_failed")


def start_socket_mode(world: SlackWorld, host: str, port: int) -> SocketModeServer:
    """Start Socket Mode for *world* on its own port (0 takes a free one).

    Raises:
        OSError: The port is taken.
    """
    server = SocketModeServer(world, host, port)
    world.link = server
    return server


def _try_send(connection: ServerConnection, message: Json) -> bool:
    try:
        connection.send(json.dumps(message, ensure_ascii=False))
    except ConnectionClosed:
        return False
    return True
