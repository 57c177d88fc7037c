"""What holds routine deliveries back, and how much is left (`publisher.api.Lanes`). Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import Allowance, ClosedAccount, SickPlatform, Unit
from publisher.ledger import reserve
from publisher.store import breakers, lane_memories
from publisher.store.lane_memories import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publisher.desk import Desk
    from publisher.ledger.accounts_port import AccountBook
    from publisher.store.engine import Transaction


class LaneReport:
    """Reads what the lanes remember and what was used up.

    Args:
        desk: The shared collaborators.
        book: What each account may use up.
    """

    def __init__(self, desk: Desk, book: AccountBook) -> None:
        self._desk = desk
        self._book = book

    def platforms(self) -> Sequence[str]:
        """Return the platforms that there are."""
        return tuple(self._desk.platforms)

    def sick(self) -> Sequence[SickPlatform]:
        """Return the platforms whose routine posts stay for now."""
        with self._desk.database.reading() as tx:
            found = breakers.read(tx)
        return [
            SickPlatform(platform=one.platform, code=one.code, until=one.open_until, rounds=one.rounds)
            for one in found.values()
            if one.open_until is not None
        ]

    def closed(self) -> Sequence[ClosedAccount]:
        """Return the accounts that are closed for now."""
        with self._desk.database.reading() as tx:
            found = lane_memories.in_force(tx, cities=self._desk.cities)
        return [
            ClosedAccount(
                city=one.city,
                account=one.account,
                is_for_person=one.kind is Kind.NEEDS_PERSON,
                code=one.problem.code,
                until=one.until,
            )
            for one in found
        ]

    def allowances(self, city: str) -> Sequence[Allowance]:
        """Return what is left of each bound of a city's accounts."""
        with self._desk.database.reading() as tx:
            return [one for account in self._desk.city(city).accounts for one in self._of(tx, city, account)]

    def _of(self, tx: Transaction, city: str, account: str) -> Iterator[Allowance]:
        budget = self._book.budget(city, account)
        if not budget.is_counted:
            return
        usage = reserve.count(tx, city, account, budget)
        for quota, used in zip(budget.quotas, usage.calls, strict=True):
            yield Allowance(
                city=city,
                account=account,
                unit=Unit.CALLS,
                minutes=None if quota.seconds is None else quota.seconds // 60,
                per=quota.per,
                limit=quota.calls,
                reserve=budget.reserve_of(quota.calls),
                used=used,
            )
        if budget.month_micro_usd is not None:
            yield Allowance(
                city=city,
                account=account,
                unit=Unit.MICRO_USD,
                minutes=None,
                per=reserve.MONTH.per,
                limit=budget.month_micro_usd,
                reserve=budget.reserve_of(budget.month_micro_usd),
                used=usage.micro_usd,
            )
