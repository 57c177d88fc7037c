"""Rules that an account's own registered policy sets: the hours that it discloses, and the people whom it names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from policy.calendar import Hours, next_opening
from policy.model import Role
from policy.rules.hours import OPENING, is_in_time, say_opening
from policy.rules.kind import COUNT, TEXTS, Hit, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params


def build_own_hours(params: Params) -> Check:
    """Build a rule that speaks outside the hours that the account discloses, and never where it discloses none.

    The document has no hours, so nothing waits for an opening: the next one is only told.
    """
    lag = timedelta(seconds=params["lag_seconds"])

    def check(case: Case) -> Iterator[Hit]:
        own = case.action.account.settings.hours
        if own is None:
            return
        hours = Hours(opens=own.opens, closes=own.closes, is_every_day=own.every_day)
        if not is_in_time(case, hours, lag):
            yield Hit(fill=say_opening(case, next_opening(case.action.at, hours, case.facts)))

    return check


def build_any_consent(params: Params) -> Check:
    """Build a rule that asks for the consent of any one of several roles: `asked` until one gave it, then `given`.

    Who may send at once in a disaster need not ask (A06).
    """
    roles = [Role(one) for one in params["roles"]]

    def check(case: Case) -> Iterator[Hit]:
        has_consent = case.has_authority_now or any(case.reason_of(role) is not None for role in roles)
        yield Hit(outcome="given" if has_consent else "asked")

    return check


KINDS = {
    "own_hours": RuleKind(build=build_own_hours, params={"lag_seconds": COUNT}, placeholders=OPENING),
    "any_consent": RuleKind(build=build_any_consent, params={"roles": TEXTS}, outcomes=("asked", "given")),
}
