"""Sends one emergency post from a process that serves nobody: a command at the shell, where no worker is there.

It takes nothing but that post's deliveries, so it can neither send what a copied ledger holds nor what waits its turn.
Leases and the last check are the ledger's own: a worker that comes back meanwhile takes its part, and nothing goes
twice.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from publisher.desk import find_post
from publisher.ledger.stumbles import Stumbles
from publisher.store import workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.desk import Desk
    from publisher.ledger import Worker

BEAT_SECONDS: Final = 2.0
"""A worker beats every second; one that did not for so long is not there."""
LOOK_SECONDS: Final = 0.2
"""How often it is looked whether something of the post is due."""


class LoneSender:
    """Sends one post.

    Args:
        desk: The shared collaborators.
        worker: This process's own worker, which was not started.
    """

    def __init__(self, desk: Desk, worker: Worker) -> None:
        self._desk = desk
        self._worker = worker

    def is_needed(self) -> bool:
        """Tell whether no worker is there to send anything."""
        with self._desk.database.reading() as tx:
            return not workers.is_beating(tx, within_seconds=BEAT_SECONDS)

    @contextmanager
    def sending(self, city: str, number: str) -> Iterator[None]:
        """Send what is due of an emergency post until the block ends, to all its accounts at the same time.

        An account that does not answer costs the others nothing; its call is not waited for at the end of the block.

        Raises:
            Refusal: `no_such_post`.
        """
        with self._desk.database.reading() as tx:
            post_id = find_post(tx, city, number).id
        ended = threading.Event()
        platforms = dict.fromkeys(one.platform for one in self._desk.city(city).accounts.values())
        threads = [
            threading.Thread(target=self._keep_sending, args=(post_id, platform, ended), name=platform, daemon=True)
            for platform in platforms
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            for thread in threads:
                thread.join(LOOK_SECONDS)

    def _keep_sending(self, post_id: str, platform: str, ended: threading.Event) -> None:
        tries = Stumbles(lone_sender=platform)  # whatever goes wrong, nobody else is there who would look again
        post = self._worker.one_post(post_id, platform)
        with post.sending():
            while not ended.is_set():
                tries.attempt(post.take_due)
                ended.wait(LOOK_SECONDS)
