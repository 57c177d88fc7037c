from __future__ import annotations

from typing import Any

import pytest

from policy.case import Case
from policy.packs import load_pack
from policy.rules.own_policy import build_any_consent, build_own_hours
from policy.wire import action_from_json

WEEKDAYS = {"days": "weekdays", "from": "09:00", "to": "17:00"}
EVERY_DAY = {**WEEKDAYS, "days": "all"}


def _hits(check: Any, hours: Any = None, **changes: Any) -> list[Any]:
    pack = load_pack("neutral")
    account = {"key": "shi", "kind": "official", "section": "広報課", "settings": {"hours": hours}}
    _, action, facts = action_from_json({**pack.example, "pack": "neutral", "account": account, **changes})
    return list(check(Case(pack=pack, action=action, facts=facts)))


@pytest.mark.parametrize(
    ("hours", "at", "speaks"),
    [
        (None, "2026-12-05T23:30:00+09:00", False),
        (WEEKDAYS, "2026-12-01T09:00:00+09:00", False),
        (WEEKDAYS, "2026-12-01T08:59:59+09:00", True),
        (WEEKDAYS, "2026-12-01T17:00:00+09:00", False),
        (WEEKDAYS, "2026-12-01T17:00:01+09:00", True),
        (WEEKDAYS, "2026-12-05T10:00:00+09:00", True),
        (WEEKDAYS, "2027-03-22T10:00:00+09:00", True),
        (WEEKDAYS, "2026-12-29T10:00:00+09:00", True),
        (EVERY_DAY, "2026-12-29T10:00:00+09:00", False),
        (EVERY_DAY, "2026-12-29T08:00:00+09:00", True),
        (WEEKDAYS, "2026-12-01T00:00:00Z", False),
    ],
)
def test_only_the_hours_that_the_account_discloses_count(hours: Any, at: Any, speaks: Any) -> None:
    """Both ends are inside to the second (A04); `weekdays` means open days (A01); without hours any time will do."""
    assert speaks is bool(_hits(build_own_hours({"lag_seconds": 60}), hours, at=at))


@pytest.mark.parametrize(("second", "speaks"), [("17:01:00", False), ("17:01:01", True)])
def test_a_post_planned_inside_may_lag(second: Any, speaks: Any) -> None:
    """Planned for 17:00:00, with a lag of sixty seconds."""
    times = {"planned_at": "2026-12-01T17:00:00+09:00", "at": f"2026-12-01T{second}+09:00"}

    assert speaks is bool(_hits(build_own_hours({"lag_seconds": 60}), WEEKDAYS, **times))


def test_the_next_opening_is_told_and_nothing_waits_for_it() -> None:
    """A disclosed time of work is no order to wait: the sentence names the next one, the finding sets none."""
    (hit,) = _hits(build_own_hours({"lag_seconds": 60}), WEEKDAYS, at="2026-12-05T10:00:00+09:00")

    assert ("12月7日(月) 9:00", None) == (hit.fill["next_open"].ja, hit.next_open)


@pytest.mark.parametrize(
    ("grants", "outcome"),
    [
        ([], "asked"),
        ([{"role": "approver", "reason": "個人情報のため"}], "given"),
        ([{"role": "manager", "reason": "個人情報のため"}], "given"),
        ([{"role": "manager", "reason": " "}], "asked"),
        ([{"role": "author", "reason": "個人情報のため"}], "asked"),
    ],
)
def test_the_consent_of_any_one_is_enough(grants: Any, outcome: Any) -> None:
    """One of the roles with a reason; a grant without a reason counts for nothing."""
    hits = _hits(build_any_consent({"roles": ["approver", "manager"]}), grants=grants)

    assert [outcome] == [hit.outcome for hit in hits]


@pytest.mark.parametrize(
    ("kind", "roles", "outcome"),
    [
        ("storm_flood", ["emergency"], "given"),
        ("storm_flood", ["operator"], "asked"),
        ("other", ["emergency"], "asked"),
    ],
)
def test_who_may_send_at_once_in_a_disaster_asks_nobody(kind: Any, roles: Any, outcome: Any) -> None:
    """The authority for emergencies is one for disasters only (A06)."""
    actor = {"roles": roles, "section": "危機管理課"}
    hits = _hits(build_any_consent({"roles": ["approver"]}), actor=actor, emergency={"kind": kind})

    assert [outcome] == [hit.outcome for hit in hits]
