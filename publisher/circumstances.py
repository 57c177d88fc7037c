"""What holds around an action at the moment it is judged: read fresh, in the transaction that asks."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from publisher.periods import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from policy.facts import LinkState, PastPosts, Period
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where and when something is to be said."""

    city: str
    account: str
    """The account acted on."""
    at: datetime
    """The instant of the action: the pack and the periods of that instant hold."""
    text: str
    """What is to be said, for its addresses."""
    but_post: str | None
    """The post itself, which is no earlier post; None: there is none yet."""


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

    def around(self, tx: Transaction, spots: Sequence[Spot]) -> Sequence[Surroundings]:
        """Return what holds around each of some actions, read in as many statements as for one.

        Raises:
            ConfigurationError: A stored pack cannot be read by this program.
        """
        if not spots:
            return ()
        instants = {(spot.city, spot.at) for spot in spots}
        earlier = self._earlier.up_to_now(tx, {spot.city for spot in spots})
        held = self._desk.shelf.held_many(tx, {self._pack_of(spot) for spot in spots})
        links = self._links.known(tx, {spot.text for spot in spots})
        only = None if self._only_period is None else (self._only_period,)
        periods = in_force(tx, instants) if only is None else dict.fromkeys(instants, only)
        beside = cache(self._accounts_on)
        found = []
        for spot in spots:
            own = self._desk.city(spot.city)
            before = earlier.before(
                spot.city,
                spot.account,
                beside(spot.city, own.accounts[spot.account].platform),
                at=spot.at,
                but_post=spot.but_post,
            )
            found.append(
                Surroundings(
                    held=held[self._pack_of(spot)],
                    history=before.history,
                    past=before.past,
                    links=links[spot.text],
                    periods=periods[spot.city, spot.at],
                    known_sites=own.known_sites,
                    denied_sites=own.denied_sites,
                )
            )
        return found

    def _pack_of(self, spot: Spot) -> tuple[str, str, datetime]:
        own = self._desk.city(spot.city)
        return spot.city, own.packs[own.accounts[spot.account].platform], spot.at

    def _accounts_on(self, city: str, platform: str) -> Sequence[str]:
        return [key for key, one in self._desk.city(city).accounts.items() if one.platform == platform]
