"""Looks at settings, city files, folders, the key and the disk. Makes nothing that is not there."""

from __future__ import annotations

import os
import shutil
import ssl
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from platforms.registry import build_platforms
from publisher.city.folder import load_folder
from publisher.city.loader import survey_cities
from publisher.clock import RealClock
from publisher.doctor.check import note, well, wrong
from publisher.errors import ConfigurationError
from publisher.secrets import load_key
from publisher.settings import PREFIX, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publisher.city import City
    from publisher.doctor.check import Check
    from publisher.errors import ConfigurationMistake
    from publisher.settings import Settings

GIGABYTE: Final = 1_000_000_000
LOW_BYTES: Final = 2 * GIGABYTE
FULL_BYTES: Final = GIGABYTE // 5
_SHARED: Final = 0o077
"""What nobody but the owner should have."""


def read_settings(environ: Mapping[str, str]) -> tuple[Settings, Sequence[ConfigurationMistake]]:
    """Return the settings as far as they can be read, without those that are wrong, and all mistakes."""
    left = dict(environ)
    mistakes: list[ConfigurationMistake] = []
    for _ in environ:
        try:
            return load_settings(left), mistakes
        except ConfigurationError as error:
            mistakes += error.mistakes
            named = {str(one.params.get("name", "")) for one in error.mistakes}
            both = {f"{PREFIX}SMTP_USER", f"{PREFIX}SMTP_PASSWORD", f"{PREFIX}SMTP_URL"}
            gone = named | (both if any(not one.params for one in error.mistakes) else set())
            gone |= {f"{PREFIX}CLOCK"} if any(one.code.startswith("clock") for one in error.mistakes) else set()
            left = {name: value for name, value in left.items() if name not in gone}
    return load_settings({}), mistakes


def read_cities(settings: Settings) -> tuple[Mapping[str, City], Sequence[ConfigurationMistake]]:
    """Return the cities that can be read, and all mistakes of all files and packs."""
    platforms = build_platforms(settings.endpoints, now=RealClock().now)
    try:
        return load_folder(settings.cities_folder, platforms).cities, ()
    except ConfigurationError as error:
        cities: Mapping[str, City] = {}
        with suppress(ConfigurationError):
            cities, _ = survey_cities(settings.cities_folder)
        return cities, error.mistakes


def look_at_home(settings: Settings) -> Iterator[Check]:
    """Look at `SNS_HOME`: is it there, ours, and closed to others; and at the room on its disk."""
    home = settings.home.absolute()
    if not home.exists():
        yield note("home", "home_missing", folder=str(home))
        return
    facts = home.stat()
    if not os.access(home, os.W_OK | os.X_OK):
        yield wrong("home", "home_unwritable", folder=str(home))
    elif facts.st_uid != os.geteuid():
        yield note("home", "home_of_another", folder=str(home), owner=_owner(home))
    elif stat.S_IMODE(facts.st_mode) & _SHARED:
        yield note("home", "home_open", folder=str(home))
    else:
        yield well("home", "home_well", folder=str(home))
    yield from look_at_disk(home)


def look_at_disk(folder: Path) -> Iterator[Check]:
    """Look at the room on a folder's disk."""
    free = shutil.disk_usage(folder).free
    shown = {"folder": str(folder), "free": f"{free / GIGABYTE:.1f} GB"}
    if free < FULL_BYTES:
        yield wrong("disk", "disk_full", **shown)
    elif free < LOW_BYTES:
        yield note("disk", "disk_low", **shown)
    else:
        yield well("disk", "disk_well", **shown)


def look_at_authorities(settings: Settings) -> Iterator[Check]:
    """See that the authorities to trust can be read: else no connection over TLS comes about, wherever it goes."""
    if settings.ca_file is None:
        return
    try:
        ssl.create_default_context(cafile=str(settings.ca_file))
    except OSError:  # ssl.SSLError is one
        yield wrong("settings", "ca_unreadable", path=str(settings.ca_file))


def look_at_key(settings: Settings) -> Iterator[Check]:
    """Look at the key's form and its file's mode; makes none."""
    if settings.secret_key is None and not settings.key_file.exists():
        yield note("key", "key_missing", path=str(settings.key_file))
        return
    try:
        load_key(None if settings.secret_key is None else settings.secret_key.get_secret_value(), settings.key_file)
    except ConfigurationError as error:
        one = error.mistakes[0]
        yield wrong("key", one.code, **one.params)
        return
    origin = "SNS_SECRET_KEY" if settings.secret_key is not None else str(settings.key_file)
    yield well("key", "key_well", origin=origin)


def is_foreign(settings: Settings) -> bool:
    """Tell whether the ledger's folder is another user's: opening SQLite would leave files there that he cannot use."""
    return settings.home.exists() and settings.home.stat().st_uid != os.geteuid()


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return str(path.stat().st_uid)
