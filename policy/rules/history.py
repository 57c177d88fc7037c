"""Rules on earlier posts: how many there were today, and whether this one was there already (A22, T16)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from policy.calendar import JST, say_time
from policy.likeness import is_repeat
from policy.repeats import read_known_notice
from policy.rules.kind import COUNT, Hit, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.case import Case
    from policy.model import PastPost
    from policy.pack import Check
    from policy.rules.kind import Params


def build_frequency(params: Params) -> Check:
    """Build a rule that speaks above a number of posts a day on one account."""
    per_day: int = params["per_day"]

    def check(case: Case) -> Iterator[Hit]:
        day = case.day
        today = sum(one.at.astimezone(JST).date() == day for one in own_posts(case)) + 1
        if today > per_day:
            yield Hit(fill={"count": str(today), "limit": str(per_day)})

    return check


def build_repeats(params: Params) -> Check:
    """Build a rule that speaks where the account said the same on this platform within a number of days."""
    days: int = params["days"]
    similarity: int = params["similarity"]

    def check(case: Case) -> Iterator[Hit]:
        earlier = [one for one in _said_before(case, days, similarity) if _is_own(one, case)]
        if earlier:
            last = max(one.at for one in earlier)
            outcome = "again" if len(earlier) == 1 else "more"
            yield Hit(outcome=outcome, fill={"count": str(len(earlier) + 1), "last": say_time(last)})

    return check


def build_cross_repeats(params: Params) -> Check:
    """Build a rule that speaks where another account of the platform said the same within a number of days."""
    days: int = params["days"]
    similarity: int = params["similarity"]

    def check(case: Case) -> Iterator[Hit]:
        earlier = [one for one in _said_before(case, days, similarity) if _is_anothers(one, case)]
        if earlier:
            accounts = "、".join(dict.fromkeys(one.account for one in earlier if one.account))
            yield Hit(fill={"account": accounts, "last": say_time(max(one.at for one in earlier))})

    return check


def _said_before(case: Case, days: int, similarity: int) -> Sequence[PastPost]:
    """Return what `_find_said_before` finds, looked for once a case."""
    found = case.said_before.get((days, similarity))
    if found is None:
        found = case.said_before[days, similarity] = _find_said_before(case, days, similarity)
    return found


def _find_said_before(case: Case, days: int, similarity: int) -> Sequence[PastPost]:
    """Return the posts that said the same from the start of the day *days* days before until the action.

    Days are counted as the Civil Code counts them (articles 140 and 141: the first is left out, the last ends at
    midnight) and as the readings do (A15: 30 days after 2 November is 2 December, whatever the hour).
    """
    text, until = case.action.text, case.action.at
    if not text or (case.facts.past is None and not case.action.history):
        return ()
    try:
        since = datetime.combine(case.day - timedelta(days=days), time.min, tzinfo=JST)
    except OverflowError:  # the calendar begins with year 1
        since = datetime.min.replace(tzinfo=JST)
    if case.facts.past is not None:
        return case.facts.past.like(text, since=since, until=until, similarity=similarity)
    new = read_known_notice(text)
    near = (one for one in case.action.history if since <= one.at <= until)
    return [one for one in near if is_repeat(new, read_known_notice(one.text), similarity)]


def own_posts(case: Case) -> Iterator[PastPost]:
    """Yield the earlier posts of the account itself on this platform."""
    return (one for one in case.action.history if _is_own(one, case))


def _is_own(one: PastPost, case: Case) -> bool:
    return one.account in {None, case.action.account.key} and one.platform in {None, case.action.platform}


def _is_anothers(one: PastPost, case: Case) -> bool:
    return one.account not in {None, case.action.account.key} and one.platform in {None, case.action.platform}


_WINDOW = {"days": COUNT, "similarity": COUNT}
"""`days`: calendar days before that of the action; `similarity`: percent of what is said, from which it is the same."""

KINDS = {
    "frequency": RuleKind(
        build=build_frequency,
        params={"per_day": COUNT},
        placeholders=frozenset({"count", "limit"}),
    ),
    "repeats": RuleKind(
        build=build_repeats,
        params=_WINDOW,
        # The text is there for the second time, or for the third and more.
        outcomes=("again", "more"),
        placeholders=frozenset({"count", "last"}),
    ),
    "cross_repeats": RuleKind(
        build=build_cross_repeats,
        params=_WINDOW,
        placeholders=frozenset({"account", "last"}),
    ),
}
