"""Socket Mode: two connections, by the adapter that notices an abrupt cut at once.

slack_sdk's built-in client can stay deaf for a minute after an abrupt cut; the `websocket_client` one does not.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

if TYPE_CHECKING:
    from slack_bolt import App

log = logging.getLogger(__name__)

CONNECTIONS: Final = 2
"""Slack spreads envelopes over them; while one reconnects the other hears."""
PING_SECONDS: Final = 5.0
WORKERS: Final = 16
_GLANCE_SECONDS: Final = 0.02
_CLOSE_SECONDS: Final = 1.0


class SocketMode:
    """The connections over which Slack talks to the app.

    Args:
        app: The Bolt app.
        app_token: The `xapp-` token.
        ca_file: Certificates of the authority that signed the proxy's, or None.
    """

    def __init__(self, app: App, app_token: str, *, ca_file: str | None = None) -> None:
        if ca_file is not None:
            # websocket-client takes its authority from the environment alone.
            os.environ.setdefault("WEBSOCKET_CLIENT_CA_BUNDLE", ca_file)
        host, port = _proxy(app.client.base_url)
        self._handlers = [
            SocketModeHandler(
                app,
                app_token,
                ping_interval=PING_SECONDS,
                concurrency=WORKERS,
                http_proxy_host=host,
                http_proxy_port=port,
                proxy_type="http" if host else None,
            )
            for _ in range(CONNECTIONS)
        ]

    def connect(self) -> None:
        """Open the connections; each opens itself again where it is cut.

        Raises:
            slack_sdk.errors.SlackClientError: Slack refuses the token, or can't be reached.
        """
        for handler in self._handlers:
            handler.connect()  # type: ignore[no-untyped-call] # slack_bolt's

    def wait_until_connected(self, timeout_seconds: float) -> bool:
        """Wait until one connection is open: the adapter opens them in threads of its own."""
        pause = threading.Event()
        for _ in range(int(timeout_seconds / _GLANCE_SECONDS)):
            if self.count_connected():
                return True
            pause.wait(_GLANCE_SECONDS)
        return False

    def count_connected(self) -> int:
        """Count the connections that are open."""
        return sum(bool(handler.client.is_connected()) for handler in self._handlers)

    def close(self) -> None:
        """Close the connections; their watchers may sleep up to a ping's time longer, and need not be waited for."""
        closers = [threading.Thread(target=handler.close, daemon=True) for handler in self._handlers]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join(_CLOSE_SECONDS)


def _proxy(base_url: str) -> tuple[str | None, int | None]:
    host = urlsplit(base_url).hostname or ""
    address = getproxies().get("https")
    if not address or proxy_bypass(host):
        return None, None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    return parts.hostname, parts.port
