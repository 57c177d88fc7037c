"""Rules on earlier posts: how many there were today, and whether this one was there already."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from policy.calendar import JST, say_time
from policy.rules.kind import COUNT, Hit, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.model import PastPost
    from policy.pack import Check
    from policy.rules.kind import Params

_HASHTAGS = re.compile(r"#\w+")
_SILENT = re.compile(r"[\W_]+")


def build_frequency(params: Params) -> Check:
    """Build a rule that speaks above a number of posts a day on one account."""
    per_day: int = params["per_day"]

    def check(case: Case) -> Iterator[Hit]:
        today = sum(one.at.astimezone(JST).date() == case.day for one in own_posts(case)) + 1
        if today > per_day:
            yield Hit(fill={"count": str(today), "limit": str(per_day)})

    return check


def build_repeats(params: Params) -> Check:
    """Build a rule that speaks where the account said the same within a number of days."""
    window = timedelta(days=params["days"])

    def check(case: Case) -> Iterator[Hit]:
        said = essence(case.action.text)
        if not said or not case.action.history:
            return
        earlier = [
            one
            for one in own_posts(case)
            if timedelta(0) <= case.action.at - one.at <= window and essence(one.text) == said
        ]
        if earlier:
            last = max(one.at for one in earlier)
            yield Hit(fill={"count": str(len(earlier) + 1), "last": say_time(last)})

    return check


def own_posts(case: Case) -> Iterator[PastPost]:
    """Yield the earlier posts of the account itself on this platform."""
    for one in case.action.history:
        if one.account in {None, case.action.account.key} and one.platform in {None, case.action.platform}:
            yield one


def essence(text: str) -> str:
    """Return what a text says without hashtags, spaces, signs and forms of letters; numbers stay."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SILENT.sub("", _HASHTAGS.sub("", plain))


KINDS = {
    "frequency": RuleKind(
        build=build_frequency,
        params={"per_day": COUNT},
        placeholders=frozenset({"count", "limit"}),
    ),
    "repeats": RuleKind(
        build=build_repeats,
        params={"days": COUNT},
        placeholders=frozenset({"count", "last"}),
    ),
}
