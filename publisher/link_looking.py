"""Looks at the addresses of texts in the background, and tells whom it concerns when a page is gone."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Final

from publisher.api import NoticeKind
from publisher.store import audit, links, notices, posts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.circulation import Circulation
    from publisher.link_book import LinkBook, ToLookAt
    from publisher.page_probe import PageProbe
    from publisher.store.engine import Database, Transaction
    from publisher.store.links import Watched

LOOK_AROUND_SECONDS: Final = 15.0
"""How often it is asked which addresses to look at."""
_EYES: Final = 4
_A_ROUND: Final = 40
"""How many addresses are looked at in one round: at five seconds each it ends within a minute."""
_LOOKER: Final = "timer"
_TOLD: Final = "link_found_dead"
"""The audit event that tells of a post with a link that leads nowhere."""


class LinkLooker:
    """Looks at addresses.

    Args:
        database: The ledger.
        book: Knows which to look at.
        probe: Asks for the pages.
        circulation: Knows who decides a post.
    """

    def __init__(self, database: Database, book: LinkBook, probe: PageProbe, circulation: Circulation) -> None:
        self._database = database
        self._book = book
        self._probe = probe
        self._circulation = circulation
        self._stopped = Event()

    def stop(self) -> None:
        """Begin no further look."""
        self._stopped.set()

    def look_around(self) -> int:
        """Look at what should be looked at now; return how many addresses were. A timer calls it."""
        with self._database.reading() as tx:
            found = self._book.to_look_at(tx, limit=_A_ROUND)
        if not found:
            return 0
        with ThreadPoolExecutor(_EYES, thread_name_prefix="links") as eyes:
            return sum(eyes.map(self._look, found))

    def _look(self, one: ToLookAt) -> bool:
        if self._stopped.is_set():
            return False
        with self._database.transaction() as tx:
            if not links.claim(tx, one.url, one.seen):
                return False
        glance = self._probe.look(one.url)  # no transaction is open meanwhile
        with self._database.transaction() as tx:
            concerned = self._book.write_down(tx, one, glance.sight, detail=glance.detail)
            self._tell(tx, one.url, concerned)
        return True

    def _tell(self, tx: Transaction, url: str, concerned: Iterable[Watched]) -> None:
        """Tell author and approvers of each post, once for each address."""
        key = hashlib.sha256(url.encode()).hexdigest()  # the address itself is a part of the text
        for one in concerned:
            events = audit.of_post(tx, one.post_id)
            if any(event.kind == _TOLD and event.facts.get("url_sha256") == key for event in events):
                continue
            post = posts.by_id(tx, one.post_id)
            version = posts.version(tx, post.id, post.version)
            given = [each.person for each in posts.approvals_of(tx, version.id) if each.decision == "approve"]
            people = dict.fromkeys([post.author, *given, *self._circulation.waiting_for(tx, post)])
            audit.append(tx, city=post.city, who=_LOOKER, kind=_TOLD, post_id=post.id, facts={"url_sha256": key})
            for person in people:
                params = {"code": _TOLD, "url": url}
                notices.add(tx, city=post.city, kind=NoticeKind.ANSWER, post_id=post.id, person=person, params=params)
            notices.add(tx, city=post.city, kind=NoticeKind.CARD, post_id=post.id)
