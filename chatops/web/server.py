"""Serves the web pages from a thread, and ends without cutting an answer short."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from waitress import wasyncore
from waitress.server import create_server

if TYPE_CHECKING:
    from flask import Flask

WEB_THREADS: Final = 16
"""A slash command holds one until it is acknowledged; health and media take one each."""
LOOK_SECONDS: Final = 0.5
"""How often the loop looks whether it should end, where nothing comes in."""
ENDING_SECONDS: Final = 5.0


class CannotListenError(Exception):
    """The address is taken, or is not this machine's."""


class WebServer:
    """Listens from the moment it is made; answers from `start` on.

    Waitress's own way to stop (`close` from another thread) pulls the sockets away from under its loop, so the
    loop is ours.

    Args:
        app: The pages.
        host: The interface.
        port: 0 takes any free port.

    Raises:
        CannotListenError: The port is taken, or the interface is not this machine's.
    """

    def __init__(self, app: Flask, *, host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
        try:
            self._server = create_server(
                app,
                map=self._sockets,
                host=host,
                port=port,
                threads=WEB_THREADS,
                ident=None,
                clear_untrusted_proxy_headers=True,
            )
        except (OSError, ValueError) as error:
            wasyncore.close_all(self._sockets, ignore_all=True)  # what was opened before it failed
            raise CannotListenError(getattr(error, "strerror", None) or str(error)) from None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="web", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens; a name with several addresses has the first one's."""
        several = getattr(self._server, "effective_listen", None)
        return int(several[0][1] if several else self._server.effective_port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more in, let what is under way end, and give the port back."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(ENDING_SECONDS)
        self._server.task_dispatcher.shutdown(timeout=ENDING_SECONDS)
        wasyncore.close_all(self._sockets, ignore_all=True)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=LOOK_SECONDS, map=self._sockets, count=1)
