"""One action under judgement: what the rules look at, each thing worked out at most once."""

from __future__ import annotations

import re
from functools import cached_property
from operator import add
from typing import TYPE_CHECKING

from policy.calendar import JST
from policy.model import UNSTATED, AccountKind, MediaKind, Role, Target

if TYPE_CHECKING:
    from datetime import date, datetime

    from policy.facts import Facts
    from policy.model import Action, Words
    from policy.pack import Pack

# Full-width letters, digits and signs, and the many dashes, one character for one character, so that a place
# found in the flat text is the same place in the text itself.
_FLAT = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0xFF70), 0x2D),
}
_UNFLAT = re.compile(f"[{re.escape(''.join(map(chr, _FLAT)))}]")
_LATIN = re.compile(r"[!-~]{4}")
_DIGIT = re.compile(r"\d")
_LINK = re.compile(r"https?://\S", re.ASCII | re.IGNORECASE)
_HASHTAG = re.compile(r"(?:^|[^\w&])#\w")
_NO_TARGET = Target()


def flatten(text: str) -> str:
    """Return a text with full-width signs made plain; as long as the text."""
    return text.translate(_FLAT) if _UNFLAT.search(text) else text


class Case:
    """An action with its facts and the pack that judges it."""

    def __init__(self, *, pack: Pack, action: Action, facts: Facts) -> None:
        self.pack = pack
        self.action = action
        self.facts = facts

    @property
    def target(self) -> Target:
        """The account of another; where none is given, one of which nothing is known."""
        return self.action.target or _NO_TARGET

    @cached_property
    def flat_text(self) -> str:
        """The text with full-width signs made plain; as long as the text."""
        return flatten(self.action.text)

    @cached_property
    def pairs(self) -> set[str]:
        """The text's characters and pairs of neighbours: a word none of whose beginnings is here is not in it."""
        text = self.flat_text
        return {*text, *map(add, text, text[1:])}

    @cached_property
    def may_link(self) -> bool:
        """False where no address can be in the text: every one has a point in it, or a scheme before it."""
        return "." in self.flat_text or "://" in self.flat_text

    @cached_property
    def has_latin(self) -> bool:
        """True where four printable ASCII characters stand in a row; without them there is no key and no machine."""
        return _LATIN.search(self.flat_text) is not None

    @cached_property
    def has_digits(self) -> bool:
        """True where the text has a digit; without one there is no number and no date in it."""
        return _DIGIT.search(self.flat_text) is not None

    @cached_property
    def contents(self) -> frozenset[str]:
        """What the post has: `image`, `video`, `hashtag`, `link`."""
        found = {"image" if media.kind is MediaKind.IMAGE else "video" for media in self.action.media}
        if _HASHTAG.search(self.flat_text):
            found.add("hashtag")
        if _LINK.search(self.flat_text):
            found.add("link")
        return frozenset(found)

    @cached_property
    def local(self) -> datetime:
        """The instant of the action in Japan Standard Time."""
        return self.action.at.astimezone(JST)

    @property
    def day(self) -> date:
        """The Japanese calendar day of the action."""
        return self.local.date()

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
