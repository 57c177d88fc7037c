"""The one place that builds objects from settings. Everything else receives its collaborators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from platforms.registry import build_platforms
from policy.errors import PolicyError
from policy.packs import load_pack
from publisher.api import Services
from publisher.approving import ApprovingDesk
from publisher.board import ReadingBoard
from publisher.circulation import Circulation
from publisher.city import CityFileError, load_cities, place_mistake
from publisher.clock import parse_clock
from publisher.deciding import DecidingDesk
from publisher.desk import Desk
from publisher.drafting import DraftingDesk
from publisher.errors import ConfigurationError
from publisher.health import Checkup
from publisher.ledger.timers import Timers
from publisher.ledger.worker import Worker
from publisher.media import MediaStore
from publisher.outbound import SealedOutbound
from publisher.overriding import OverridingDesk
from publisher.people import Staff
from publisher.public_media import TokenedMedia
from publisher.reviewing import Reviewer
from publisher.secrets import CredentialStore, load_key
from publisher.store.engine import Database
from publisher.store.notices import StoredNotices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from platforms.port import Platform
    from policy.pack import Pack
    from publisher.city import City
    from publisher.clock import Clock
    from publisher.settings import Settings

EXPIRY_SECONDS: Final = 5.0
"""How often submissions that came too late are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heart:
    """Everything that one process is made of."""

    settings: Settings
    clock: Clock
    database: Database
    cities: Mapping[str, City]
    platforms: Mapping[str, Platform]
    credentials: CredentialStore
    media: MediaStore
    services: Services
    worker: Worker
    deciding: DecidingDesk
    timers: Timers

    def migrate(self) -> None:
        """Bring SQLite's schema up to date; PostgreSQL's is brought up by `sns migrate`, and must be the newest.

        Raises:
            ConfigurationError: The schema is not the newest.
        """
        if self.database.is_sqlite:
            self.database.migrate()
        elif not self.database.is_current():
            raise ConfigurationError("the database's schema is not the newest: call sns migrate first")

    def start(self) -> None:
        """Make ready and begin to send.

        Raises:
            ConfigurationError: The schema is not the newest.
            UnknownSecretKeyError: The key does not open the stored secrets.
        """
        self.migrate()
        self.credentials.check_key()
        self.worker.start()
        self.timers.start()
        self.timers.every(EXPIRY_SECONDS, "expire", lambda: self.deciding.expire_due(self.clock.now()))

    def stop(self, timeout_seconds: float = 10.0) -> bool:
        """Stop sending and give the database back; return whether every call under way ended."""
        self.timers.stop()
        is_idle = self.worker.stop(timeout_seconds)
        self.database.close()
        return is_idle


def build(settings: Settings, *, platforms: Mapping[str, Platform] | None = None, clock: Clock | None = None) -> Heart:
    """Build a process from its settings; nothing is started, and no file but the key is written.

    Args:
        settings: What the environment says.
        platforms: In place of the real ones, for drills and tests.
        clock: In place of the settings' own, for tests.

    Raises:
        ConfigurationError: The settings, a city file or a pack is wrong; all mistakes are named.
    """
    clock = clock or parse_clock(settings.clock)
    cities = load_cities(settings.cities_folder)
    packs = load_packs(cities, settings.cities_folder)
    if platforms is None:
        platforms = build_platforms(
            settings.endpoints, now=clock.now, ca_file=None if settings.ca_file is None else str(settings.ca_file)
        )
    _require_platforms(cities, platforms, settings.cities_folder)
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database, clock=clock)
    key = None if settings.secret_key is None else settings.secret_key.get_secret_value()
    credentials = CredentialStore(database, load_key(key, settings.key_file))
    media = MediaStore(settings.media_folder)
    desk = Desk(
        cities=cities,
        packs=packs,
        platforms=platforms,
        media=media,
        media_base_url=settings.media_base_url,
        clock=clock,
        database=database,
    )
    reviewer = Reviewer(desk)
    circulation = Circulation(desk, reviewer)
    deciding = DecidingDesk(desk, circulation)
    outbound = SealedOutbound(desk, reviewer, circulation, credentials)
    return Heart(
        settings=settings,
        clock=clock,
        database=database,
        cities=cities,
        platforms=platforms,
        credentials=credentials,
        media=media,
        services=Services(
            people=Staff(desk),
            drafting=DraftingDesk(desk, reviewer, circulation),
            approving=ApprovingDesk(desk, circulation),
            overriding=OverridingDesk(desk, reviewer, circulation),
            deciding=deciding,
            board=ReadingBoard(desk, reviewer, circulation),
            notices=StoredNotices(database),
            media=TokenedMedia(database, media),
            health=Checkup(desk, credentials),
        ),
        worker=Worker(database, outbound, platforms=list(platforms)),
        deciding=deciding,
        timers=Timers(),
    )


def load_packs(cities: Mapping[str, City], folder: Path) -> Mapping[tuple[str, str], Pack]:
    """Load the packs that cities name, by city and platform: a city's own beside its file goes first.

    Raises:
        ConfigurationError: A pack is missing or has mistakes; all are named.
    """
    packs: dict[tuple[str, str], Pack] = {}
    mistakes: dict[str, None] = {}
    for key, city in cities.items():
        for platform, name in city.packs.items():
            own = folder / f"{name}.pack.yaml"
            try:
                packs[key, platform] = load_pack(own if own.exists() else name)
            except PolicyError as error:
                mistakes[str(place_mistake(folder / f"{key}.yaml", ("packs", platform), str(error)))] = None
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))
    return packs


def _require_platforms(cities: Mapping[str, City], platforms: Mapping[str, Platform], folder: Path) -> None:
    known = ", ".join(platforms)
    mistakes = [
        place_mistake(
            folder / f"{key}.yaml",
            ("accounts", account, "platform"),
            f"there is no platform {own.platform}; there are {known}",
        )
        for key, city in cities.items()
        for account, own in city.accounts.items()
        if own.platform not in platforms
    ]
    if mistakes:
        raise CityFileError(mistakes)
