"""One action under judgement: what the rules look at, each thing worked out at most once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from policy.model import UNSTATED, AccountKind, MediaKind, Role, Target
from policy.written import written_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from policy.facts import Facts
    from policy.model import Action, PastPost, Words
    from policy.pack import Pack

_NO_TARGET = Target()


class Case:
    """An action with its facts and the pack that judges it."""

    def __init__(self, *, pack: Pack, action: Action, facts: Facts) -> None:
        self.pack = pack
        self.action = action
        self.facts = facts
        self.written = written_in(pack, action, facts)
        """What a rule on the wording may look at."""
        self.said_before: dict[tuple[int, int], Sequence[PastPost]] = {}
        """The earlier posts that said the same, by (days, similarity): two rules ask (`policy.rules.history`)."""

    @property
    def target(self) -> Target:
        """The account of another; where none is given, one of which nothing is known."""
        return self.action.target or _NO_TARGET

    @property
    def flat_text(self) -> str:
        """The text with full-width signs made plain; as long as the text."""
        return self.written.flat_text

    @property
    def contents(self) -> frozenset[str]:
        """What the post has: `image`, `video`, `hashtag`, `link`."""
        found = self.written.contents
        if not self.action.media:
            return found
        return found | {"image" if media.kind is MediaKind.IMAGE else "video" for media in self.action.media}

    @property
    def day(self) -> date:
        """The Japanese calendar day of the action."""
        return self.written.day

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of whoever acts."""
        return self.action.actor.roles if self.action.actor else frozenset()

    @property
    def is_official(self) -> bool:
        """True for the city's official account."""
        return self.action.account.kind is AccountKind.OFFICIAL

    @property
    def is_disaster_now(self) -> bool:
        """True for `/sns now` with a kind of disaster (A06)."""
        return self.action.emergency is not None and self.action.emergency.is_disaster

    @property
    def urgency(self) -> str:
        """What it was sent as: `none`, `disaster`, or `other` for `/sns now` with a kind that is no disaster."""
        if self.action.emergency is None:
            return "none"
        return "disaster" if self.is_disaster_now else "other"

    @property
    def own_approval(self) -> str:
        """What the account's own policy says of the sign-off."""
        return self.action.account.settings.approval or UNSTATED

    @property
    def own_answers(self) -> str:
        """What the account's own policy says of answering comments."""
        answers = self.action.account.settings.answers_comments
        return UNSTATED if answers is None else ("yes" if answers else "no")

    @property
    def own_hours(self) -> str:
        """Whether the account's own policy sets hours."""
        return UNSTATED if self.action.account.settings.hours is None else "stated"

    @cached_property
    def has_authority_now(self) -> bool:
        """True where a disaster may go at once: the actor holds the authority, or the manager consented."""
        if not self.is_disaster_now:
            return False
        return bool(self.roles & {Role.EMERGENCY, Role.MANAGER}) or self.reason_of(Role.MANAGER) is not None

    def reason_of(self, role: Role) -> str | None:
        """Return the reason with which a role has consented, or None: a grant without a reason counts for nothing."""
        for grant in self.action.grants:
            if grant.role is role and grant.reason.strip():
                return grant.reason
        return None

    def title(self, role: Role) -> Words:
        """Return what the city calls a role beside this account."""
        return self.pack.title(role, self.action.account.kind)
