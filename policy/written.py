"""What is written, and all that a rule on the wording may look at, each thing worked out at most once.

The rest of an action (who acts, at which hour, what was posted before, whose consent is there) is no part of it. So two
actions of which this is equal get the same from every rule on the wording, whatever else is different.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from operator import add
from typing import TYPE_CHECKING

from policy.calendar import JST
from policy.texts.dating import find_dates
from policy.texts.plaintext import read_plain

if TYPE_CHECKING:
    from datetime import date, datetime

    from policy.facts import Facts
    from policy.model import Action
    from policy.pack import Pack
    from policy.texts.dating import DateInText
    from policy.texts.plaintext import PlainText

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
_NOTHING: frozenset[str] = frozenset()


def flatten(text: str) -> str:
    """Return a text with full-width signs made plain; as long as the text."""
    return text.translate(_FLAT) if _UNFLAT.search(text) else text


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text, the day on which it is read, and what of it is known to be public."""

    text: str
    account: str
    """The key of the account acted on."""
    day: date
    """The Japanese calendar day of the action."""
    written_on: date | None
    """The day on which the text was last written; None: not known."""
    planned_on: date | None
    """The day for which it was planned, where that was stated."""
    pack_contacts: frozenset[str]
    """Numbers and addresses that the pack has published."""
    city_contacts: frozenset[str]
    """The same, of the city."""
    declared_contacts: frozenset[str]
    """What the sender of `/sns now` declared to be the city's own; outside it nothing is."""

    @cached_property
    def flat_text(self) -> str:
        """The text with full-width signs made plain; as long as the text."""
        return flatten(self.text)

    @cached_property
    def pairs(self) -> set[str]:
        """The text's characters and pairs of neighbours: a word none of whose beginnings is here is not in it."""
        text = self.flat_text
        return {*text, *map(add, text, text[1:])}

    def shrink(self) -> None:
        """Drop what is many times as large as the text; it is worked out again where it is wanted."""
        self.__dict__.pop("pairs", None)

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
        """What the text has: `hashtag`, `link` (an address with its scheme)."""
        text = self.flat_text
        found = ("hashtag", _HASHTAG), ("link", _LINK)
        return frozenset(name for name, pattern in found if pattern.search(text))

    @property
    def plain(self) -> PlainText:
        """The text as its numbers are read."""
        return read_plain(self.flat_text, self.text)

    @property
    def dates(self) -> tuple[DateInText, ...]:
        """The dates in the plain text."""
        return find_dates(self.plain.text, self.day) if self.has_digits else ()


def written_in(pack: Pack, action: Action, facts: Facts) -> Written:
    """Return what is written in an action that *pack* judges."""
    return Written(
        text=action.text,
        account=action.account.key,
        day=_day_of(action.at),
        written_on=facts.written_on,
        planned_on=None if action.planned_at is None else _day_of(action.planned_at),
        pack_contacts=pack.contacts,
        city_contacts=facts.published_contacts,
        declared_contacts=_NOTHING if action.emergency is None else action.declared_contacts,
    )


def _day_of(instant: datetime) -> date:
    return instant.astimezone(JST).date()
