"""Asks each platform whose account our secrets open, by a read call that leaves nothing behind; only when wanted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLongError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from platforms.errors import NeedsPerson, PlatformError, Throttled
from platforms.port import AccountRef, Identifies
from publisher.clock import RealClock
from publisher.doctor.check import note, well, wrong
from publisher.doctor.places import is_foreign
from publisher.secrets import CredentialStore, load_key
from publisher.store.engine import Database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from platforms.port import Identity, Platform
    from publisher.city import City
    from publisher.city.model import Account
    from publisher.doctor.check import Check
    from publisher.settings import Settings

PATIENCE_SECONDS: Final = 20.0
"""How long an account's platform may take to answer."""
WRONG_ACCOUNT: Final = "wrong_account"
"""What an adapter says that sees by itself that a secret is another account's."""
AT_ONCE: Final = 8
"""How many accounts are asked about at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An account with its secrets."""

    key: str
    """`city/account`."""
    account: Account
    name: str
    secrets: Mapping[str, str]


def look_at_accounts(
    settings: Settings, cities: Mapping[str, City], platforms: Mapping[str, Platform]
) -> Iterator[Check]:
    """Say of each account whether its secrets are taken, and whether they open that very account.

    Accounts without secrets are left out: `credentials_missing` says so already.

    Raises:
        ConfigurationError: The key cannot be read.
        UnknownSecretKeyError: The key does not open the stored secrets.
        StoreUnavailableError: The database is away.
    """
    asked = _read(settings, cities)
    pool = ThreadPoolExecutor(AT_ONCE)
    waiting = [(one, pool.submit(_whoami, platforms[one.account.platform], one)) for one in asked]
    pool.shutdown(wait=False)
    for one, answer in waiting:
        about = {"account": one.key, "platform": one.account.platform}
        try:
            identity = answer.result(PATIENCE_SECONDS)
        except TookTooLongError:
            yield note("online", "online_no_answer", **about, seconds=int(PATIENCE_SECONDS))
        except PlatformError as error:
            yield _failed(error, about)
        else:
            yield note("online", "online_unasked", **about) if identity is None else _compare(one, identity, about)


def _read(settings: Settings, cities: Mapping[str, City]) -> list[_Asked]:
    key = None if settings.secret_key is None else settings.secret_key.get_secret_value()
    file = settings.database.removeprefix("sqlite:///") if settings.database.startswith("sqlite:///") else None
    if (key is None and not settings.key_file.exists()) or (file is not None and is_foreign(settings)):
        return []
    database = Database(settings.database, clock=RealClock())
    try:
        store = CredentialStore(database, load_key(key, settings.key_file))
        found = []
        for city, own in cities.items():
            for account, one in own.accounts.items():
                secrets = store.get(city, account)
                if secrets:
                    found.append(_Asked(key=f"{city}/{account}", account=one, name=account, secrets=secrets))
        return found
    finally:
        database.close()


def _whoami(platform: Platform, asked: _Asked) -> Identity | None:
    """Ask, or return None where the platform offers no such call."""
    one = asked.account
    ref = AccountRef(key=asked.name, handle=one.handle, external_id=one.id)
    session = platform.connect(ref, asked.secrets)
    return session.whoami() if isinstance(session, Identifies) else None


def _compare(asked: _Asked, identity: Identity, about: dict[str, str]) -> Check:
    """Say that it is the account of the city file, or whose else."""
    found = next((name for name in identity.names if name), identity.external_id)
    mine = asked.account
    if identity.external_id and mine.id:
        is_same = identity.external_id == mine.id
    else:
        is_same = not mine.handle or _plain(mine.handle) in {_plain(name) for name in identity.names}
    if is_same:
        return well("online", "online_well", **about, found=found)
    return wrong("online", "online_other", **about, found=found, id=identity.external_id or "-")


def _failed(error: PlatformError, about: dict[str, str]) -> Check:
    if error.code == WRONG_ACCOUNT:
        found = str(error.params.get("found", "")) or "-"
        return wrong("online", "online_other", **about, found=found, id=found)
    params = {name: value for name, value in error.params.items() if name not in {"account", "platform"}}
    told = {**params, **about, "why": error.code}
    if isinstance(error, NeedsPerson):
        return wrong("online", "online_refused", **told)
    return note("online", "online_later" if isinstance(error, Throttled) else "online_unknown", **told)


def _plain(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()
