"""Looks at the accounts' limits and at the reserve: whose share for routine posts is used up. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.account_book import budget_of
from publisher.doctor.check import note, well
from publisher.ledger import reserve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from platforms.port import Platform
    from publisher.city import City
    from publisher.doctor.check import Check
    from publisher.ledger.accounts_port import Budget
    from publisher.store.engine import Transaction


def look_at_limits(tx: Transaction, cities: Mapping[str, City], platforms: Mapping[str, Platform]) -> Iterator[Check]:
    """Say of which accounts routine posts wait for room or money, or that there is some on all of them."""
    found: list[Check] = []
    for city, own in cities.items():
        for account, one in own.accounts.items():
            if one.platform in platforms:
                budget = budget_of(one, platforms[one.platform].limits.quotas)
                found += _used_up(tx, city, account, budget)
    yield from found or [well("limits", "limits_well")]


def _used_up(tx: Transaction, city: str, account: str, budget: Budget) -> Iterator[Check]:
    if not budget.is_counted:
        return
    name, usage = f"{city}/{account}", reserve.count(tx, city, account, budget)
    for quota, calls in zip(budget.quotas, usage.calls, strict=True):
        if calls >= budget.share_of(quota.calls):
            kept = budget.reserve_of(quota.calls)
            yield note("limits", "share_used", account=name, used=calls, limit=quota.calls, reserve=kept)
    whole = budget.month_micro_usd
    if whole is not None and usage.micro_usd >= budget.share_of(whole):
        shown = {"used": usage.micro_usd, "limit": whole, "reserve": budget.reserve_of(whole)}
        yield note("limits", "money_used", account=name, **{key: reserve.in_usd(value) for key, value in shown.items()})
