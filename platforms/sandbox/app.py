"""Serve the stand-ins: all of them in one process, on one port, under a path each."""

from __future__ import annotations

import contextlib
import functools
import socket
import threading
from typing import TYPE_CHECKING, Any

from flask import Flask

from platforms.port import Endpoints
from platforms.sandbox import facebook, line, x, youtube
from platforms.sandbox.control import build_control
from platforms.sandbox.door import DROP_FLAG
from platforms.sandbox.serving import KeptServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from platforms.sandbox.core import World
    from platforms.sandbox.door import Vendor


class Dropper:
    """WSGI middleware that really closes the TCP connection where a fault asks for it."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - a WSGI application
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        """Answer, or hang up."""
        held: list[tuple[Any, ...]] = []
        body: Iterable[bytes] = self._app(environ, lambda *args: held.append(args))
        if environ.get(DROP_FLAG):
            with contextlib.suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        start_response(*held[0])
        return body


def build_vendors(world: World) -> list[Vendor]:
    """Build every stand-in over one world."""
    return [each.build_vendor(world) for each in (x, line, facebook, youtube)]


def build_app(world: World) -> Flask:
    """Build the WSGI application with every stand-in and the controls under `/_sandbox`."""
    app = Flask("platforms.sandbox", static_folder=None)
    vendors = build_vendors(world)
    for vendor in vendors:
        for blueprint in vendor.blueprints:
            app.register_blueprint(blueprint)
    app.register_blueprint(build_control(world, vendors))
    return app


def build_server(world: World, host: str = "127.0.0.1", port: int = 0, *, app: Flask | None = None) -> KeptServer:
    """Bind the stand-ins' server (port 0: any free one, see `server_port`); `serve_forever` runs it.

    It is built on Werkzeug's, which hands us the socket that a fault closes. *app* is an application from `build_app`
    to which others have added their pages.
    """
    return KeptServer(host, port, Dropper(app or build_app(world)))


def endpoints_at(base: str) -> Endpoints:
    """Name the stand-ins' addresses below *base* (`http://127.0.0.1:8090`)."""
    return Endpoints(
        x=f"{base}/x",
        line=f"{base}/line",
        line_data=f"{base}/line-data",
        facebook=f"{base}/facebook",
        facebook_video=f"{base}/facebook-video",
        youtube=f"{base}/youtube",
        google_token=f"{base}/google/token",
    )


@contextlib.contextmanager
def serving(world: World, host: str = "127.0.0.1", port: int = 0) -> Iterator[Endpoints]:
    """Serve *world* from a thread as long as the block runs; gives the addresses to use."""
    server = build_server(world, host, port)
    serve = functools.partial(server.serve_forever, poll_interval=0.02)
    thread = threading.Thread(target=serve, name="platform-stand-ins", daemon=True)
    thread.start()
    try:
        yield endpoints_at(f"http://{host}:{server.server_port}")
    finally:
        world.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
