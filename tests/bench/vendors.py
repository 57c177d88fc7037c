"""The vendors' stand-ins in a process of their own, without the vendors' limits: `python -m tests.bench.vendors AHEAD`.

Reads the accounts as JSON from standard input, and writes the address to standard output once it listens.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from platforms.sandbox import line_model, x_model, youtube_model
from platforms.sandbox.app import build_server
from platforms.sandbox.core import World
from publisher.clock import OffsetClock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WITHOUT_LIMIT = 1_000_000


@contextmanager
def stand_ins(accounts: Sequence[dict[str, Any]], offset_seconds: float) -> Iterator[str]:
    """Run the stand-ins with *accounts*, their clock *offset_seconds* ahead; gives their address."""
    command = [sys.executable, "-m", "tests.bench.vendors", str(offset_seconds)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(list(accounts)) + "\n")
        process.stdin.flush()
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def main() -> None:
    """Serve until killed."""
    x_model.POSTS_PER_WINDOW = line_model.BROADCASTS_PER_HOUR = youtube_model.INSERTS_A_DAY = _WITHOUT_LIMIT
    world = World(OffsetClock(float(sys.argv[1])).now)
    world.refuse_duplicates = False
    for account in json.loads(sys.stdin.readline()):
        vendor, handle = account.pop("vendor"), account.pop("handle")
        world.add_account(vendor, handle, **account)
    server = build_server(world)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
