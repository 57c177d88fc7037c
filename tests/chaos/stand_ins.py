"""The stand-ins in a process of their own: nobody kills them, and their journal is the judge."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from typing import TYPE_CHECKING

from platforms.sandbox.app import build_server
from platforms.sandbox.core import World
from publisher.clock import RealClock
from tests.chaos.city import accounts, make_secrets
from tests.chaos.faults import SeededFaults

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def serve(pipe: Connection, seed: int, cities: int) -> None:
    """Serve until the other end of *pipe* is closed; sends the port first."""
    logging.basicConfig(handlers=[logging.NullHandler()])  # the journal says it all
    world = World(RealClock().now)
    world.refuse_duplicates = False
    world.has_own_limits = False
    secrets = make_secrets(seed, cities)
    for key, account in accounts(cities).items():
        world.add_account(
            account["platform"],
            account["handle"],
            external_id=account["id"],
            name=account["name"],
            secrets=secrets[key],
        )
    world.misbehave = SeededFaults(seed)
    server = build_server(world)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(server.server_port)
    with contextlib.suppress(EOFError):
        pipe.recv()
    os._exit(0)
