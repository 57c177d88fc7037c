"""The one place that builds objects from settings. Everything else receives its collaborators."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from platforms.port import KeepsConnections
from platforms.registry import build_platforms
from publisher.account_book import CityBook
from publisher.api import Services
from publisher.approving import ApprovingDesk
from publisher.auditing import AuditDesk
from publisher.board import ReadingBoard
from publisher.circulation import Circulation
from publisher.circumstances import Circumstances
from publisher.city.folder import load_folder
from publisher.clock import parse_clock
from publisher.correcting import CorrectingDesk
from publisher.deciding import DecidingDesk
from publisher.desk import Desk
from publisher.drafting import DraftingDesk
from publisher.erasing import ErasingDesk
from publisher.errors import ConfigurationError, ConfigurationMistake
from publisher.health import Checkup
from publisher.holding import HoldingDesk
from publisher.lane_report import LaneReport
from publisher.ledger.pace import Pace
from publisher.ledger.timers import Timers
from publisher.ledger.worker import Worker, nowhere
from publisher.link_book import LinkBook
from publisher.link_looking import LOOK_AROUND_SECONDS, LinkLooker
from publisher.lone_sender import LoneSender
from publisher.mailing import MailRoom
from publisher.mark_file import MarkFile, Place, machine
from publisher.media import MediaStore
from publisher.outbound import SealedOutbound
from publisher.overriding import OverridingDesk
from publisher.pack_changing import PackChangeDesk
from publisher.pack_foresight import PackForesight
from publisher.pack_shelf import PackShelf
from publisher.page_probe import PageProbe
from publisher.passphrases import PassphraseDesk
from publisher.past_posts import EarlierPosts
from publisher.people import Staff
from publisher.periods import PeriodDesk
from publisher.plans import FORGET_SECONDS
from publisher.public_media import TokenedMedia
from publisher.recurring import Recurring
from publisher.rejudging import Rejudger
from publisher.replaying import Replayer
from publisher.restoring import RestoredLedger
from publisher.reviewing import Reviewer
from publisher.secrets import CredentialStore, load_key
from publisher.store import tidying
from publisher.store.engine import STORE_ERRORS, Database, Topic
from publisher.store.notices import StoredNotices
from publisher.targets import Whitelists
from publisher.watchdog import Watchdog
from publisher.whitelisting import WhitelistDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from platforms.port import Platform
    from publisher.city import City
    from publisher.clock import Clock
    from publisher.settings import Settings

EXPIRY_SECONDS: Final = 5.0
"""How often submissions that came too late are looked for."""
LOOK_SECONDS: Final = 60.0
"""How often it is looked for days that came: nothing is told twice, and the clock may be moved."""

TIDY_SECONDS: Final = 3600.0
"""How often rows that nobody needs any more are deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heart:
    """Everything that one process is made of."""

    settings: Settings
    database: Database
    cities: Mapping[str, City]
    shelf: PackShelf
    platforms: Mapping[str, Platform]
    credentials: CredentialStore
    passphrases: PassphraseDesk
    media: MediaStore
    services: Services
    worker: Worker
    lone: LoneSender
    deciding: DecidingDesk
    holding: HoldingDesk
    whitelisting: WhitelistDesk
    periods: PeriodDesk
    restoring: RestoredLedger
    auditing: AuditDesk
    erasing: ErasingDesk
    reviewer: Reviewer
    earlier: EarlierPosts
    links: LinkLooker
    rejudger: Rejudger
    timers: Timers
    recurring: Recurring

    def migrate(self) -> None:
        """Bring SQLite's schema up to date; PostgreSQL's is brought up by `sns migrate`, and must be the newest.

        Raises:
            ConfigurationError: The schema is not the newest.
        """
        if self.database.is_sqlite:
            self.database.migrate()
        elif not self.database.is_current():
            code = "schema_newer" if self.database.is_newer() else "schema_old"
            raise ConfigurationError([ConfigurationMistake(code=code)])

    def start(self, *, sends: bool = True) -> None:
        """Make ready and begin: what every process does, and to send unless only people are served here.

        Raises:
            ConfigurationError: The schema is not the newest, or a pack in force cannot be read.
            UnknownSecretKeyError: The key does not open the stored secrets.
        """
        self.migrate()
        self.shelf.open(self.database)
        self.credentials.check_key()
        for city in self.cities:
            self.erasing.remove_files(city)
        if sends:
            self._start_sending()
        self.timers.start()
        # Each process has an index of its own in memory.
        self.timers.every(LOOK_SECONDS, "earlier", lambda: self.earlier.keep_up(self.cities))
        self.timers.every(FORGET_SECONDS, "texts", self.erasing.forget_erased)  # the same
        # What all processes share goes on when those that send are down, so that people still hear.
        self.timers.every(Pace().hold_look_seconds, "holds", self.holding.settle)
        self.recurring.every(EXPIRY_SECONDS, "expire", lambda: self.deciding.expire_due(self.database.now()))
        self.recurring.every(LOOK_SECONDS, "reviews", lambda: self.whitelisting.tell_reviews(self.database.now()))
        self.recurring.every(LOOK_SECONDS, "periods", self.periods.tell_begun)
        self.recurring.every(LOOK_SECONDS, "ahead", self.rejudger.look_ahead)
        self.recurring.every(Pace().watch_seconds, "watch", self.services.watching.look)
        self.recurring.every(TIDY_SECONDS, "tidy", self.tidy)

    def tidy(self) -> int:
        """Delete rows that nobody needs any more; return how many."""
        with self.database.transaction() as tx:
            return tidying.tidy(tx)

    def _start_sending(self) -> None:
        self.restoring.keep_up()  # before the first claim: a copy must not send
        self.worker.start()
        self.timers.every(Pace().mark_seconds, "mark", self.restoring.keep_up)
        if self.settings.look_at_links == "on":
            self.timers.every(LOOK_AROUND_SECONDS, "links", self.links.look_around)

    def on_notices(self, wake: Callable[[], None]) -> None:
        """Call *wake* whenever there is something to tell people, whichever process left it."""
        self.database.subscribe(Topic.NOTICES, wake)

    def stop(self, timeout_seconds: float = 10.0) -> bool:
        """Stop sending and give the database back; return whether every call under way ended."""
        self.links.stop()
        self.timers.stop()
        is_idle = self.worker.stop(timeout_seconds)
        if self.worker.is_started:
            with suppress(*STORE_ERRORS, OSError):  # a mark that stays where it is makes no false alarm
                self.restoring.move()
        for platform in self.platforms.values():
            if isinstance(platform, KeepsConnections):
                platform.close()
        self.database.close()
        return is_idle


def build(
    settings: Settings,
    *,
    platforms: Mapping[str, Platform] | None = None,
    clock: Clock | None = None,
    lease_clock: Clock | None = None,
    pace: Pace | None = None,
    at: Callable[[str], None] | None = None,
) -> Heart:
    """Build a process from its settings; nothing is started, and no file but the key is written.

    Args:
        settings: What the environment says.
        platforms: In place of the real ones, for drills and tests.
        clock: In place of the settings' own, for tests.
        lease_clock: In place of the database's own time, by which leases and waits of notices are measured, for tests.
        pace: In place of the ledger's own waits and sizes, for tests.
        at: Called at each labelled point of a delivery's way (`publisher.ledger.Worker`), for tests that kill.

    Raises:
        ConfigurationError: The settings, a city file or a pack is wrong; all mistakes are named.
    """
    clock = clock or parse_clock(settings.clock)
    database = Database(settings.database, clock=clock, lease_clock=lease_clock)
    platforms = platforms or _real_platforms(settings, database)  # what they date has the time of posts
    found = load_folder(settings.cities_folder, platforms)
    cities, shelf = found.cities, PackShelf(found.packs)
    _make_home(settings)
    key = None if settings.secret_key is None else settings.secret_key.get_secret_value()
    credentials = CredentialStore(database, load_key(key, settings.key_file))
    media = MediaStore(settings.media_folder)
    desk = Desk(
        cities=cities,
        shelf=shelf,
        platforms=platforms,
        media=media,
        media_base_url=settings.media_base_url,
        database=database,
    )
    earlier, book = EarlierPosts(database), LinkBook()
    circumstances = Circumstances(desk, earlier, book)
    reviewer = Reviewer(desk, circumstances)
    whitelists = Whitelists(desk)
    circulation = Circulation(desk, reviewer, whitelists)
    whitelisting = WhitelistDesk(desk, reviewer, whitelists)
    holding = HoldingDesk(desk)
    outbound = SealedOutbound(desk, reviewer, circulation, credentials)
    home = settings.home.absolute()
    place = Place(machine=machine(), home=str(home), database=database.address)
    restoring = RestoredLedger(desk, MarkFile(home, place), pace or Pace())
    rejudger = Rejudger(desk, outbound)
    periods = PeriodDesk(
        desk, lambda one: Circulation(desk, Reviewer(desk, circumstances.as_if(one)), whitelists), rejudger
    )
    deciding = DecidingDesk(desk, circulation)
    replayer = Replayer(desk, reviewer, circulation)
    accounts = CityBook(cities, platforms, credentials)
    timers = Timers()
    worker = Worker(database, outbound, platforms=list(platforms), pace=pace, book=accounts, at=at or nowhere)
    has_admins = settings.smtp_url is not None and settings.mail_admins is not None
    watchdog = Watchdog(desk, pace or Pace(), has_admins=has_admins)
    probe = PageProbe(is_stand_in_world=settings.is_stand_in_world, ca_file=_ca_file(settings))
    return Heart(
        settings=settings,
        database=database,
        cities=cities,
        shelf=shelf,
        platforms=platforms,
        credentials=credentials,
        passphrases=PassphraseDesk(desk),
        media=media,
        services=Services(
            people=Staff(desk),
            drafting=DraftingDesk(desk, reviewer, circulation),
            approving=ApprovingDesk(desk, circulation),
            overriding=OverridingDesk(desk, reviewer, circulation),
            deciding=deciding,
            holding=holding,
            board=ReadingBoard(desk, reviewer, circulation),
            notices=StoredNotices(database),
            mails=MailRoom(desk, is_set=settings.smtp_url is not None, admins=settings.mail_admins or ""),
            media=TokenedMedia(database, media),
            health=Checkup(desk, credentials),
            pack_changes=PackChangeDesk(desk, replayer, PackForesight(desk, rejudger)),
            whitelisting=whitelisting,
            periods=periods,
            watching=watchdog,
            lanes=LaneReport(desk, accounts),
            correcting=CorrectingDesk(desk, reviewer, circulation),
            restoring=restoring,
        ),
        restoring=restoring,
        auditing=AuditDesk(desk),
        erasing=ErasingDesk(desk, reviewer),
        reviewer=reviewer,
        worker=worker,
        lone=LoneSender(desk, worker),
        deciding=deciding,
        holding=holding,
        whitelisting=whitelisting,
        periods=periods,
        earlier=earlier,
        links=LinkLooker(database, book, probe, circulation),
        rejudger=rejudger,
        timers=timers,
        recurring=Recurring(database, timers, owner=worker.owner),
    )


def check_cities(settings: Settings) -> Mapping[str, City]:
    """Read every city file and pack as `build` does, and return the cities; nothing is written.

    Raises:
        ConfigurationError: A city file or a pack is wrong; all mistakes are named.
    """
    return load_folder(settings.cities_folder, _real_platforms(settings, parse_clock(settings.clock))).cities


def _real_platforms(settings: Settings, clock: Clock | Database) -> Mapping[str, Platform]:
    return build_platforms(settings.endpoints, now=clock.now, ca_file=_ca_file(settings))


def _ca_file(settings: Settings) -> str | None:
    return None if settings.ca_file is None else str(settings.ca_file)


def _make_home(settings: Settings) -> None:
    """Make the home folder, and see that files can be made in it before anything is half-written."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        params = {"folder": str(settings.home), "reason": error.strerror or str(error)}
        raise ConfigurationError([ConfigurationMistake(code="home_unwritable", params=params)]) from None
