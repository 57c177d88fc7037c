"""What an account is to the city, in the words of policy: the manager's list, and the city's own accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from platforms.handles import find_platform, normalise_handle
from policy.model import Relation, Target
from publisher.errors import Refusal
from publisher.store import whitelist as rows

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.city.model import City
    from publisher.desk import Desk
    from publisher.store.engine import Transaction

_OFFICIAL: Final = "official"


class Whitelists:
    """Knows whose posts may be reposted and which accounts may be followed.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def target_for(
        self,
        tx: Transaction,
        city: str,
        platform: str,
        handle: str,
        *,
        about_city: bool,
        is_disaster: bool,
        at: datetime,
    ) -> Target:
        """Return what an account is to the city at an instant.

        An entry in force says it. An account of the city itself needs none; once its entry was removed it is to be
        mirrored no more, and is as any other. An entry whose day of review has passed still holds.

        Args:
            tx: The transaction of the question.
            city: The city.
            platform: Where the account is.
            handle: Its name, as people write it, or the key of an own account.
            about_city: Whether the post in question is about the city.
            is_disaster: Whether it is about a disaster.
            at: The instant: the list as it was, or is, then.

        Raises:
            Refusal: `handle_unclear` (params `handle`, `platform`).
        """
        own = self._desk.city(city)
        name = self.name_of(own, platform, handle)
        entry = rows.newest(tx, city, platform, name, at=at)
        is_removed = entry is not None and entry.removed_at is not None and entry.removed_at <= at
        account = find_own(own, platform, name)
        if account is not None and not is_removed:
            relation, is_official, is_aligned = relation_of(own, account), True, True
        elif entry is not None and not is_removed:
            relation, is_official = Relation(entry.relation), entry.is_verified_official
            is_aligned = bool(entry.aligned_policy)
        else:
            relation, is_official, is_aligned = Relation.OTHER, False, False
        return Target(
            relation=relation,
            is_about_city=about_city,
            is_policy_aligned=is_aligned,
            is_verified_official=is_official,
            source_platform=platform,
            is_disaster=is_disaster,
        )

    def place_of(self, city: City, platform: str | None, handle: str) -> tuple[str, str]:
        """Return (platform, the one form of the name) of what people wrote; an address says its platform itself.

        Raises:
            Refusal: `platform_unknown` (params `name`, `known`), `handle_unclear` (params `handle`, `platform`).
        """
        found = (platform or "").strip().lower() or find_platform(handle) or next(iter(city.packs))
        if found not in self._desk.platforms:
            raise Refusal("platform_unknown", name=found, known=", ".join(self._desk.platforms))
        return found, self.name_of(city, found, handle)

    @staticmethod
    def name_of(city: City, platform: str, handle: str) -> str:
        """Return the one form of a name on a platform; an own account without a name goes by its key.

        Raises:
            Refusal: `handle_unclear` (params `handle`, `platform`).
        """
        keys = {key for key, one in city.accounts.items() if one.platform == platform and not one.handle}
        if handle in keys:
            return handle
        try:
            return normalise_handle(platform, handle)
        except ValueError:
            raise Refusal("handle_unclear", handle=handle, platform=platform) from None


def name_of_own(city: City, account: str) -> str:
    """Return the one form of an own account's name, or its key where its file gives it none."""
    own = city.accounts[account]
    return Whitelists.name_of(city, own.platform, own.handle or account)


def find_own(city: City, platform: str, name: str) -> str | None:
    """Return the key of the city's account that has a name on a platform, or None."""
    accounts = (key for key, one in city.accounts.items() if one.platform == platform)
    return next((key for key in accounts if name_of_own(city, key) == name), None)


def relation_of(city: City, account: str) -> Relation:
    """Return what an account of the city itself is to its other accounts."""
    return Relation.PUBLIC_BODY if city.accounts[account].kind == _OFFICIAL else Relation.SECTION_ACCOUNT
