"""What holds around an action at the moment it is judged: read fresh, in the transaction that asks."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from publisher.periods import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from policy.facts import Facts, LinkState, PastPosts, Period
    from policy.model import PastPost
    from publisher.desk import Desk
    from publisher.link_book import LinkBook
    from publisher.pack_shelf import Held
    from publisher.past_posts import EarlierPosts
    from publisher.store.engine import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What holds for one account, and what the city's records know of one action on it."""

    held: Held
    """The pack in force, and which text of it."""
    history: tuple[PastPost, ...] = ()
    """What is counted one by one: the account's posts of that day."""
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
        earlier: Knows the earlier posts.
        links: Knows what looking at addresses showed.
    """

    def __init__(self, desk: Desk, earlier: EarlierPosts, links: LinkBook) -> None:
        self._desk = desk
        self._earlier = earlier
        self._links = links
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
        text: str,
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
        platform = own.accounts[account].platform
        beside = [key for key, one in own.accounts.items() if one.platform == platform]
        earlier = self._earlier.before(tx, city, account, beside, at=at, but_post=but_post)
        return Surroundings(
            held=self._desk.shelf.held(tx, city, own.packs[platform], at),
            history=earlier.history,
            past=earlier.past,
            links=self._links.known(tx, text),
            periods=in_force(tx, city, at) if self._only_period is None else (self._only_period,),
            known_sites=own.known_sites,
            denied_sites=own.denied_sites,
        )
