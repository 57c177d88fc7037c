"""The reserve: of each quota and of the month's money a part that only emergencies may touch.

Routine deliveries go as long as the room left after them is at least the reserve. Beyond that they wait until the
window frees room, or a person is asked where that would be too late or where the month's money is gone. Emergencies are
counted and never held up. Why: docs/decisions/0016.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from platforms.errors import Who
from platforms.port import Per, Quota
from publisher.delivery import DeliveryEvent
from publisher.ledger.moves import Move, wait_until
from publisher.store import account_locks, attempts, holds, spending
from publisher.store.account_locks import Purpose
from publisher.store.deliveries import Change, Problem

if TYPE_CHECKING:
    from collections.abc import Collection

    from publisher.ledger.accounts_port import AccountBook, Budget
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction

MONTH: Final = Quota(calls=0, per=Per.MONTH)
"""The month that money is counted by: the calendar's, in Japan."""


@dataclass(slots=True, kw_only=True)
class _Usage:
    """What an account has used up in each of its windows; goes on while one transaction opens several calls."""

    calls: list[int]
    micro_usd: int
    opening: int = 0
    """How many of the calls this transaction opens: they are counted, and not written yet."""

    def add(self, cost_micro_usd: int) -> None:
        self.opening += 1
        self.calls = [count + 1 for count in self.calls]
        self.micro_usd += cost_micro_usd


def begins(quota: Quota, now: datetime) -> datetime:
    """Return since when calls count at *now*: those at a later moment than this."""
    if quota.seconds is not None:
        return now - timedelta(seconds=quota.seconds)
    return _first_moment(quota, now) - timedelta(microseconds=1)


def resets(quota: Quota, now: datetime) -> datetime:
    """Return when the day or month of a quota that goes by the calendar is over."""
    local = now.astimezone(ZoneInfo(quota.zone))
    ahead = (
        local.date() + timedelta(days=1) if quota.per is Per.DAY else local.date().replace(day=1) + timedelta(days=32)
    )
    return _first_moment(quota, datetime(ahead.year, ahead.month, ahead.day, tzinfo=local.tzinfo))


def _first_moment(quota: Quota, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(quota.zone))
    day = local.day if quota.per is Per.DAY else 1
    return datetime(local.year, local.month, day, tzinfo=local.tzinfo).astimezone(UTC)


class Reserve:
    """Keeps the reserve. Asked inside the transaction that opens attempts, with the deliveries' locks held.

    Args:
        book: What each account may use up.
    """

    def __init__(self, book: AccountBook) -> None:
        self._book = book

    def is_counted(self, delivery: Delivery) -> bool:
        """Tell whether an attempt counts against something: it puts a post out on an account with a budget."""
        return holds.puts_out(delivery) and self._book.budget(delivery.city, delivery.account).is_counted

    def begin(self, tx: Transaction, deliveries: Collection[Delivery]) -> None:
        """Take the locks of all the accounts at once, for who opens several attempts in one transaction."""
        kept = {(one.city, one.account) for one in deliveries if self._is_kept_to(one)}
        account_locks.lock(tx, Purpose.QUOTA, kept)

    def objection(self, tx: Transaction, delivery: Delivery, *, cost_micro_usd: int) -> Move | None:
        """Return why a delivery may not be called now, or None: then the call is counted.

        What an earlier call may have published already is finished first: its call was counted.
        """
        if not self._is_kept_to(delivery):
            return None
        budget = self._book.budget(delivery.city, delivery.account)
        usage = self._usage(tx, delivery, budget)
        move = self._over_quota(tx, delivery, budget, usage) or _over_money(delivery, budget, usage, cost_micro_usd)
        if move is not None and not attempts.are_doubtful(tx, {delivery.id}):
            return move
        usage.add(cost_micro_usd)
        return None

    def _is_kept_to(self, delivery: Delivery) -> bool:
        return holds.is_stoppable(delivery) and self._book.budget(delivery.city, delivery.account).is_counted

    @staticmethod
    def _usage(tx: Transaction, delivery: Delivery, budget: Budget) -> _Usage:
        """Count once a transaction, behind the account's lock."""
        key = f"usage:{delivery.city}/{delivery.account}"
        if key not in tx.scratch:
            account_locks.lock(tx, Purpose.QUOTA, {(delivery.city, delivery.account)})
            tx.scratch[key] = [count(tx, delivery.city, delivery.account, budget)]
        usage: _Usage = tx.scratch[key][0]
        return usage

    @staticmethod
    def _over_quota(tx: Transaction, delivery: Delivery, budget: Budget, usage: _Usage) -> Move | None:
        waits = [
            (_frees_up(tx, delivery, quota, budget.share_of(quota.calls) - usage.opening), quota)
            for quota, calls in zip(budget.quotas, usage.calls, strict=True)
            if calls >= budget.share_of(quota.calls)
        ]
        if not waits:
            return None
        at, quota = max(waits, key=lambda wait: wait[0])
        params: dict[str, str | int] = {
            "share": budget.share_of(quota.calls),
            "reserve": budget.reserve_of(quota.calls),
            "free_at": at.isoformat(),
        }
        if quota.seconds is not None:
            params["minutes"] = max(quota.seconds // 60, 1)
        code = f"share_used_{quota.per or 'minutes'}"
        return wait_until(delivery, at, Problem(code=code, params=params, who=Who.AUTHOR))


def count(tx: Transaction, city: str, account: str, budget: Budget) -> _Usage:
    """Return what an account has used up by now."""
    calls, micro_usd = spending.used(
        tx,
        city,
        account,
        calls_since=[begins(quota, tx.now) for quota in budget.quotas],
        money_since=None if budget.month_micro_usd is None else begins(MONTH, tx.now),
    )
    return _Usage(calls=calls, micro_usd=micro_usd)


def _frees_up(tx: Transaction, delivery: Delivery, quota: Quota, left: int) -> datetime:
    """Return when there is room again beside the calls that this transaction opens; they leave *left* of the share."""
    if quota.seconds is None:
        return resets(quota, tx.now)
    window = timedelta(seconds=quota.seconds)
    if left < 1:  # a city file that leaves nothing is refused; an account that lost its share meanwhile waits
        return tx.now + window
    return spending.frees_up(tx, delivery.city, delivery.account, share=left, window=window)


def _over_money(delivery: Delivery, budget: Budget, usage: _Usage, cost_micro_usd: int) -> Move | None:
    whole = budget.month_micro_usd
    if whole is None or cost_micro_usd == 0 or usage.micro_usd + cost_micro_usd <= budget.share_of(whole):
        return None
    params = {
        "usd": in_usd(whole),
        "reserve_usd": in_usd(budget.reserve_of(whole)),
        "spent_usd": in_usd(usage.micro_usd),
        "account": delivery.account,
    }
    problem = Problem(code="money_used_up", params=params, who=Who.IT)
    return Move(event=DeliveryEvent.NEEDS_PERSON, change=Change(problem=problem))


def in_usd(micro_usd: int) -> str:
    """Return an amount for people: US dollars with two digits, rounded up."""
    cents = -(-micro_usd // 10_000)
    return f"{cents // 100}.{cents % 100:02d}"
