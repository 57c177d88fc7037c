"""What the city files and the vendors' numbers say each account may use up (`publisher.ledger.accounts_port`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from platforms.port import Quota, SharesQuota
from publisher.errors import UnknownSecretKeyError
from publisher.ledger.accounts_port import UNLIMITED, Budget

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from platforms.port import Platform
    from publisher.city import City
    from publisher.city.model import Account, CallLimit
    from publisher.secrets import CredentialStore

_MICRO: Final = 1_000_000


class CityBook:
    """The accounts of all cities.

    Args:
        cities: By key.
        platforms: By name.
        credentials: The accounts' secrets, which name the vendors' apps.
    """

    def __init__(
        self, cities: Mapping[str, City], platforms: Mapping[str, Platform], credentials: CredentialStore
    ) -> None:
        self._platforms = platforms
        self._credentials = credentials
        self._platform_of = {
            (key, name): one.platform for key, city in cities.items() for name, one in city.accounts.items()
        }
        self._budgets = {
            (key, name): budget_of(one, platforms[one.platform].limits.quotas)
            for key, city in cities.items()
            for name, one in city.accounts.items()
        }

    def budget(self, city: str, account: str) -> Budget:
        """Return what an account may use up; one that left the city file is not counted."""
        return self._budgets.get((city, account), UNLIMITED)

    def sharing_app(self, city: str, account: str) -> Collection[tuple[str, str]]:
        """Return the (city, account) of all that use the same app of the vendor's, this one among them."""
        own = (city, account)
        platform = self._platform_of.get(own)
        if platform is None or (app := self._app_of(platform, own)) is None:
            return (own,)
        same = [key for key, name in self._platform_of.items() if name == platform]
        return [key for key in same if key == own or self._app_of(platform, key) == app]

    def _app_of(self, platform: str, key: tuple[str, str]) -> str | None:
        vendor = self._platforms[platform]
        if not isinstance(vendor, SharesQuota):
            return None
        try:
            return vendor.app_of(self._credentials.get(*key))
        except UnknownSecretKeyError:
            return None


def budget_of(account: Account, published: Sequence[Quota]) -> Budget:
    """Return an account's budget: its city file's word, else what the vendor has published."""
    own = account.budget
    return Budget(
        quotas=tuple(published) if own.calls is None else tuple(_quota(limit) for limit in own.calls),
        month_micro_usd=None if own.month_usd is None else int(own.month_usd * _MICRO),
        reserve_percent=own.reserve_percent,
    )


def _quota(limit: CallLimit) -> Quota:
    seconds = None if limit.minutes is None else limit.minutes * 60
    return Quota(calls=limit.calls, seconds=seconds, per=limit.per, zone=limit.zone)
