"""Opens the heart for one command, and finds the city and the account that a person means."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatops.cli._errors import SaidError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops.messages import Voice
    from publisher.compose import Heart


@contextmanager
def opened_heart(*, is_migrated: bool = True) -> Iterator[Heart]:
    """Build the heart from the environment, with SQLite's schema brought up to date, for as long as a command runs."""
    from publisher.compose import build  # noqa: PLC0415 - heavy
    from publisher.settings import load_settings  # noqa: PLC0415 - heavy

    heart = build(load_settings())
    try:
        if is_migrated:
            heart.migrate()
        yield heart
    finally:
        heart.database.close()


def find_city(heart: Heart, city: str | None, say: Voice) -> str:
    """Return the city that is meant: the one named, or the only one.

    Raises:
        SaidError: There is no such city, or there are several.
    """
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    known = ", ".join(heart.cities)
    if city is None:
        if len(heart.cities) != 1:
            raise SaidError(say(words.which_city, known))
        return next(iter(heart.cities))
    if city not in heart.cities:
        raise SaidError(say(words.no_city, city, known))
    return city


def find_account(heart: Heart, account: str, city: str | None, say: Voice) -> tuple[str, str]:
    """Return (city, account) of `account` or `city/account`.

    Raises:
        SaidError: There is no such city or account.
    """
    from chatops.messages.ja import cli as words  # noqa: PLC0415 - `sns --help` needs no words

    named, slash, key = account.rpartition("/")
    found = find_city(heart, named if slash else city, say)
    accounts = heart.cities[found].accounts
    if key not in accounts:
        raise SaidError(say(words.no_account, key, ", ".join(accounts)))
    return found, key
