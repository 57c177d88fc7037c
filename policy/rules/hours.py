"""Rules on the hours of posting (A01 to A08)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from policy.calendar import Hours, is_inside, next_opening, say_time
from policy.model import AccountKind, Category, Words
from policy.rules.kind import CLOCK, COUNT, Hit, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params

_NO_OPENING = Words(ja="（当面ありません）", en="(none in sight)")


def hours_of(case: Case, city: Hours) -> Hours:
    """Return the hours that bind an account: its own policy's where that goes first (A10), else the city's."""
    own = case.action.account.settings.hours
    kind = case.action.account.kind
    if own is None or kind is AccountKind.OFFICIAL or not case.pack.follows_own_policy(kind):
        return city
    return Hours(opens=own.opens, closes=own.closes, is_every_day=own.every_day)


def is_in_time(case: Case, hours: Hours, lag: timedelta) -> bool:
    """Tell whether the action lies inside the hours, or was planned inside them and lags no longer than *lag* (A04)."""
    action = case.action
    if is_inside(action.at, hours, case.facts):
        return True
    planned = action.planned_at
    if planned is None or not timedelta(0) <= action.at - planned <= lag:
        return False
    return is_inside(planned, hours, case.facts)


def say_opening(case: Case, opening: datetime | None) -> dict[str, str | Words]:
    """Return what a message about the hours may use: `at` and `next_open`."""
    return {"at": say_time(case.action.at), "next_open": say_time(opening) if opening else _NO_OPENING}


def build_hours(params: Params) -> Check:
    """Build the rule of opening hours: outside them a disaster may go, anything else asks or waits."""
    city = Hours(opens=params["opens"], closes=params["closes"])
    lag = timedelta(seconds=params["lag_seconds"])

    def check(case: Case) -> Iterator[Hit]:
        hours = hours_of(case, city)
        if is_in_time(case, hours, lag):
            return
        if is_disaster(case):
            yield Hit(outcome="disaster", fill={"at": say_time(case.action.at)})
            return
        opening = next_opening(case.action.at, hours, case.facts)
        yield Hit(outcome="outside", fill=say_opening(case, opening), next_open=opening)

    return check


def is_disaster(case: Case) -> bool:
    """Tell whether the hours' disaster exception holds: the kind given with `/sns now` goes before the category."""
    action = case.action
    if action.emergency is not None:
        return action.emergency.is_disaster
    return action.category is Category.DISASTER or case.target.is_disaster


OPENING = frozenset({"at", "next_open"})
KINDS = {
    "hours": RuleKind(
        build=build_hours,
        params={"opens": CLOCK, "closes": CLOCK, "lag_seconds": COUNT},
        outcomes=("outside", "disaster"),
        placeholders=OPENING,
    ),
}
