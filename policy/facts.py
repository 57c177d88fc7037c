"""What the city's configuration, its records and the platform know; the caller gives it, fresh, with every action."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from policy.model import Category, PastPost, Words

Measure: TypeAlias = "Callable[[str], int]"
"""The platform's own count of a text, in its own unit; pure and total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRoom:
    """How much of a platform's room the text takes, in the platform's own unit."""

    used: int
    limit: int


class LinkState(StrEnum):
    """What looking at an address showed."""

    OK = "ok"
    DEAD = "dead"
    """There is no such page or host (404, 410, unknown name); a server in trouble for the moment is not dead."""


class PeriodEffect(StrEnum):
    """What a period asks of the posts that it is about."""

    HEAD = "head"
    """The manager must consent, with a reason."""
    WAIT = "wait"
    """They wait until it is over; the manager can let one go before, with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time of the city's own choice in which some posts need more care (an election, the turn of the year).

    No guideline has them. It is about a post that has one of its categories or one of its words; with neither
    categories nor words, about every post.
    """

    id: str
    name: Words
    starts_at: datetime
    """The first instant inside."""
    ends_at: datetime
    """The first instant outside again."""
    effect: PeriodEffect
    categories: frozenset[Category] = frozenset()
    words: tuple[str, ...] = ()
    accounts: frozenset[str] = frozenset()
    """Account keys; empty: every account of the city."""


class PastPosts(Protocol):
    """Earlier posts of a city behind an index that the caller builds once and keeps up (`policy.past_posts`)."""

    def like(self, text: str, *, since: datetime, until: datetime, similarity: int) -> Sequence[PastPost]:
        """Return the posts from *since* to *until* (both inside) that say the same as *text*, oldest first.

        Each names its account and platform. What counts as the same is `policy.likeness`'s to say; the post
        itself, where it is sent already, is no earlier post and must not be among them.

        Args:
            text: The new text.
            since: The earliest instant.
            until: The latest instant.
            similarity: How alike, in percent.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the city's configuration and the platform know, given by the caller."""

    open_days: frozenset[date] = frozenset()
    """Days the city hall is open although the calendar says closed."""
    closed_days: frozenset[date] = frozenset()
    published_contacts: frozenset[str] = frozenset()
    """Telephone numbers and addresses that the city publishes, beside the pack's own."""
    room: TextRoom | None = None
    measure: Measure | None = None
    """Counts a text as the platform does; None: nothing is completed."""
    written_on: date | None = None
    """The Japanese calendar day on which the text was last written; None: not known."""
    periods: tuple[Period, ...] = ()
    """The city's periods; those over or not yet begun at the action's instant say nothing."""
    past: PastPosts | None = None
    """Earlier posts behind an index; None: the action's own history is all there is."""
    links: Mapping[str, LinkState] = field(default_factory=dict)
    """What looking at the text's addresses showed; an address that is not there was not looked at."""
    known_sites: frozenset[str] = frozenset()
    """Domains that the city knows, beside the pack's own (`sites`); their subdomains are known too."""
    denied_sites: frozenset[str] = frozenset()
    """Domains to which nothing may link, their subdomains included."""
