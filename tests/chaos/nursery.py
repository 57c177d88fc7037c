"""The nursery: a process that has imported and read all that every worker reads, and forks a worker when told to.

It has one thread and has opened no connection, so that what it forks is a process of its own in every respect: its own
threads, its own connections to the database and the stand-ins, its own name in the ledger. It only begins without the
seconds that Python takes to import the vendors' SDKs and to read the cities' files.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final

from platforms.registry import build_platforms
from publisher import compose
from publisher.city.folder import load_folder
from publisher.clock import RealClock
from publisher.settings import load_settings
from tests.chaos.worker import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection

    from tests.chaos.worker import Chance, Orders

START: Final = "start"
KILL: Final = "kill"
_FORK: Final = multiprocessing.get_context("fork")


def serve(orders: Orders, chances: Sequence[Chance], pipe: Connection) -> None:
    """Do what *pipe* says until its other end is closed; then let every worker end as it does when it is told to stop.

    It hears `(START, slot)` and `(KILL, slot)`, and says `(slot, exit code)` of each process that has ended.
    """
    logging.basicConfig(filename=orders.log, level=logging.WARNING)
    _read_cities(orders.settings)
    gc.collect()
    gc.freeze()  # else every worker's first collection would copy all of this
    ends, our_end = os.pipe()  # closed when the workers are to end, or when this process dies
    workers: dict[int, Any] = {}

    def begin(slot: int) -> None:
        os.close(our_end)
        run(orders, chances[slot], ends)

    while _obey(pipe, workers, begin):
        for slot, worker in list(workers.items()):
            if not worker.is_alive():
                pipe.send((slot, worker.exitcode))
                worker.close()
                del workers[slot]
    os.close(our_end)
    for worker in workers.values():
        worker.join(20)


def _obey(pipe: Connection, workers: dict[int, Any], begin: Any) -> bool:
    """Wait for a word or for an end, and do what was said; return whether it goes on."""
    if pipe not in wait([pipe, *(worker.sentinel for worker in workers.values())]):
        return True
    try:
        word, slot = pipe.recv()
    except EOFError:
        return False
    if word == START:
        workers[slot] = _FORK.Process(target=begin, args=(slot,), daemon=True)
        workers[slot].start()
    elif slot in workers:
        workers[slot].kill()
    return True


def _read_cities(settings: Mapping[str, str]) -> None:
    """Read the cities and packs once for all: they are the same for every worker of a run."""
    read = load_settings(dict(settings))
    found = load_folder(read.cities_folder, build_platforms(read.endpoints, now=RealClock().now))
    setattr(compose, "load_folder", lambda *_: found)  # noqa: B010 - the name is not the module's to give away
