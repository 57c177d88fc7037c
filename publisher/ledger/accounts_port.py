"""What the ledger asks about the accounts: what each may use up, and which of them the vendor counts together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from platforms.port import Quota


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What an account may use up, and how much of it only emergencies may touch."""

    quotas: tuple[Quota, ...] = ()
    month_micro_usd: int | None = None
    """Money for a calendar month in Japan; None: nobody set a bound."""
    reserve_percent: int = 0

    @property
    def is_counted(self) -> bool:
        """True where there is anything to keep."""
        return bool(self.quotas) or self.month_micro_usd is not None

    def reserve_of(self, whole: int) -> int:
        """Return how much of *whole* is kept for emergencies, rounded up."""
        return -(-whole * self.reserve_percent // 100)

    def share_of(self, whole: int) -> int:
        """Return how much of *whole* routine deliveries may use up."""
        return whole - self.reserve_of(whole)


UNLIMITED: Final = Budget()


class AccountBook(Protocol):
    """The accounts, as the ledger sees them."""

    def budget(self, city: str, account: str) -> Budget:
        """Return what an account may use up. In memory, and quick: it is asked at each call."""
        ...

    def sharing_app(self, city: str, account: str) -> Collection[tuple[str, str]]:
        """Return the (city, account) of all that use the same app of the vendor's, this one among them."""
        ...


class NoBook:
    """Nothing is known of any account: nothing is counted, and each uses an app of its own."""

    def budget(self, city: str, account: str) -> Budget:
        """Return a budget without bounds."""
        del city, account
        return UNLIMITED

    def sharing_app(self, city: str, account: str) -> Collection[tuple[str, str]]:
        """Return the account alone."""
        return ((city, account),)
