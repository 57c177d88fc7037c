"""Whose posts may be reposted, and which accounts may be followed: the manager's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from publisher.api.acts import Act, Outcome
    from publisher.api.reviews import FindingView


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitelistOrder:
    """What a manager says of an account when it is added."""

    platform: str | None
    """None: the platform whose address `handle` is, or the only one on which the city posts."""
    handle: str
    """As people write it: with or without `@`, or the address of its page."""
    relation: str
    """What it is to the city: a value of `policy.model.Relation`."""
    name: str
    evidence: str
    """Where it shows that the account is what it is taken for: an address, or a document."""
    review_on: date | None
    """The day on which somebody looks again; None for an account of the city itself that is taken up again."""
    is_verified_official: bool = False
    aligned_policy: str = ""
    """The policy of the city with which the head has recognised that it agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitelistEntry:
    """One entry, in force or removed."""

    platform: str
    handle: str
    name: str
    relation: str
    evidence: str
    is_verified_official: bool
    aligned_policy: str
    added_by: str
    """A person's name."""
    added_at: datetime
    review_on: date | None
    is_review_due: bool
    """In force, and its day of review has passed. It still holds."""
    is_own: bool
    """An account of the city itself; one that was removed is not mirrored."""
    removed_by: str | None = None
    """A person's name."""
    removed_at: datetime | None = None
    removal_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhitelistCheck:
    """What a pack says now of reposting or following an account."""

    platform: str
    handle: str
    action: str
    """`repost` or `follow`."""
    account_name: str
    """The city's account that would do it."""
    entry: WhitelistEntry | None
    """The entry in force, or the removed one of an own account; None: not listed."""
    own_account: str | None
    """The name of the city's account that it is."""
    relation: str
    decision: str
    """`allow`, `warn`, `escalate` or `block`."""
    findings: tuple[FindingView, ...]
    who: tuple[str, ...]
    """The names of those whose consent is missing."""
    next_open: datetime | None


class Whitelisting(Protocol):
    """The manager's list."""

    def add(self, act: Act, order: WhitelistOrder) -> Outcome:
        """Put an account on the list, or take an own one up again that was removed.

        Outcomes: `whitelist_added`, `mirror_resumed` (params `handle`, `name`, `platform`).

        Raises:
            Refusal: `manager_only` (param `who`), `platform_unknown` (params `name`, `known`), `handle_unclear`
                (params `handle`, `platform`), `own_account` (param `account`), `whitelisted_already` (params `handle`,
                `name`), `relation_unknown` (params `relation`, `known`), `name_missing`, `evidence_missing`,
                `review_missing`, `review_past`.
        """
        ...

    def remove(self, act: Act, *, platform: str | None, handle: str, reason: str) -> Outcome:
        """Take an account off the list; an account of the city itself is then mirrored no more.

        Outcomes: `whitelist_removed`, `mirror_stopped` (params `handle`, `name`, `platform`).

        Raises:
            Refusal: `manager_only`, `platform_unknown`, `handle_unclear`, `note_missing`, `not_whitelisted` (param
                `handle`), `mirror_stopped_already` (param `account`).
        """
        ...

    def listing(self, city: str) -> Sequence[WhitelistEntry]:
        """Return what is in force, those due for review first, and the own accounts that were removed."""
        ...

    def history(self, city: str, handle: str, platform: str | None = None) -> Sequence[WhitelistEntry]:
        """Return every entry there ever was of an account, oldest first.

        Raises:
            Refusal: `platform_unknown`, `handle_unclear`.
        """
        ...

    def check(
        self,
        city: str,
        handle: str,
        *,
        platform: str | None = None,
        action: str = "repost",
        is_about_city: bool = False,
        account: str | None = None,
    ) -> WhitelistCheck:
        """Ask the pack what it says now of reposting or following an account.

        Args:
            city: The city.
            handle: Whose account, as people write it.
            platform: Where; None: see `WhitelistOrder.platform`.
            action: `repost` or `follow`.
            is_about_city: Whether what is to be reposted is about the city.
            account: The city's account that would do it; None: the first official one.

        Raises:
            Refusal: `action_unknown` (params `name`, `known`), `platform_unknown`, `handle_unclear`,
                `no_account_there` (param `platform`).
        """
        ...
