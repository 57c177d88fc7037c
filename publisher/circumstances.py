"""What holds around an action at the moment it is judged: read fresh, in the transaction that asks."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from policy.model import PastPost
from publisher.periods import in_force
from publisher.store import posts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from policy.facts import Facts, LinkState, PastPosts, Period
    from publisher.city.model import City
    from publisher.desk import Desk
    from publisher.pack_shelf import Held
    from publisher.store.engine import Transaction

HISTORY_DAYS: Final = 40
"""How far back earlier texts are shown to the packs: longer than any pack's window of repeats (30 days)."""
HISTORY_LIMIT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What holds for one account, and what the city's records know of one action on it."""

    held: Held
    """The pack in force, and which text of it."""
    history: tuple[PastPost, ...] = ()
    """What the account said lately."""
    past: PastPosts | None = None
    periods: tuple[Period, ...] = ()
    links: Mapping[str, LinkState] = field(default_factory=dict)
    known_sites: frozenset[str] = frozenset()
    denied_sites: frozenset[str] = frozenset()

    def add_to(self, facts: Facts) -> Facts:
        """Return *facts* with what is known here."""
        return replace(
            facts,
            past=self.past,
            periods=self.periods,
            links=self.links,
            known_sites=self.known_sites,
            denied_sites=self.denied_sites,
        )


class Circumstances:
    """Looks around.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._only_period: Period | None = None

    def as_if(self, period: Period) -> Circumstances:
        """Return circumstances in which there is this period and no other, and all else is as it is."""
        other = copy(self)
        other._only_period = period  # noqa: SLF001 - its own
        return other

    def around(
        self,
        tx: Transaction,
        city: str,
        account: str,
        *,
        at: datetime,
        text: str,  # noqa: ARG002 - links are looked up by it as soon as they are kept
        but_post: str | None,
    ) -> Surroundings:
        """Return what holds around an action.

        Args:
            tx: The transaction of the question.
            city: The city.
            account: The account acted on.
            at: The instant of the action: the pack and the periods of that instant hold.
            text: What is to be said, for its addresses.
            but_post: The post itself, which is no earlier post; None: there is none yet.
        """
        own = self._desk.city(city)
        return Surroundings(
            held=self._desk.shelf.held(tx, city, own.packs[own.accounts[account].platform], at),
            history=self._history(tx, own, account, but_post=but_post),
            periods=in_force(tx, city, at) if self._only_period is None else (self._only_period,),
            known_sites=own.known_sites,
            denied_sites=own.denied_sites,
        )

    @staticmethod
    def _history(tx: Transaction, city: City, account: str, *, but_post: str | None) -> tuple[PastPost, ...]:
        platform = city.accounts[account].platform
        since = tx.now - timedelta(days=HISTORY_DAYS)
        earlier = posts.past_texts(tx, city.city, account, since=since, but_post=but_post, limit=HISTORY_LIMIT)
        return tuple(
            PastPost(at=one.at, text=one.variants.get(platform) or one.text, account=account, platform=platform)
            for one in earlier
        )
