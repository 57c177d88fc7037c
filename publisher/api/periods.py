"""Periods of the city's own choice in which some posts need more care: an election, the turn of the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.api.acts import Act, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodOrder:
    """What a manager says of a period. With neither categories nor words it is about every post."""

    name: str
    starts_at: datetime
    """The first instant inside."""
    ends_at: datetime
    """The first instant outside again."""
    effect: str
    """`head`: the manager must consent, with a reason; `wait`: posts wait until it is over."""
    reason: str
    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    """Account keys; empty: every account of the city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodView:
    """One period, to come, in force or over."""

    name: str
    starts_at: datetime
    ends_at: datetime
    """As it was set, whether or not somebody ended it before."""
    effect: str
    categories: tuple[str, ...]
    words: tuple[str, ...]
    accounts: tuple[str, ...]
    """The accounts' names."""
    reason: str
    is_in_force: bool
    added_by: str
    """A person's name."""
    added_at: datetime
    ended_by: str | None = None
    """Who ended it before its time: a person's name."""
    ended_at: datetime | None = None
    end_reason: str = ""


class Periods(Protocol):
    """The city's periods."""

    def add(self, act: Act, order: PeriodOrder) -> Outcome:
        """Set a period; the people of approved posts that it touches are told.

        Outcomes: `period_added` (params `name`, `numbers`: the posts that it touches, may be empty; its beginning and
        end).

        Raises:
            Refusal: `manager_only` (param `who`), `name_missing`, `note_missing`, `period_empty` (it ends before it
                begins), `period_over` (it is over already), `period_name_taken` (param `name`: another of this name
                is not over), `effect_unknown` (params `name`, `known`), `category_unknown` (the same),
                `account_unknown` (the same).
        """
        ...

    def end(self, act: Act, *, name: str, reason: str) -> Outcome:
        """End a period before its time, or before it begins.

        Outcomes: `period_ended` (param `name`).

        Raises:
            Refusal: `manager_only`, `note_missing`, `no_such_period` (param `name`).
        """
        ...

    def listing(self, city: str, *, is_past_shown: bool = False) -> Sequence[PeriodView]:
        """Return the periods that are not over, soonest first; with *is_past_shown* every one there ever was."""
        ...
