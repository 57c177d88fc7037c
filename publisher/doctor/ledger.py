"""Looks into the database: can it be reached, who works on it, what is late, stuck, held or not told. Reads only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from publisher.api import WatchKind
from publisher.clock import RealClock
from publisher.doctor.check import Mark, guarded, note, well, wrong
from publisher.doctor.limits import look_at_limits
from publisher.doctor.places import is_foreign, look_at_disk
from publisher.errors import ConfigurationError, UnknownSecretKeyError
from publisher.ledger.pace import Pace
from publisher.secrets import CredentialStore, load_key
from publisher.store import breakers, holds, lane_memories, mails, marks, watching, workers
from publisher.store import credentials as rows
from publisher.store.engine import STORE_ERRORS, Database
from publisher.store.lane_memories import Kind
from publisher.surveying import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from platforms.port import Platform
    from publisher.api import Finding
    from publisher.city import City
    from publisher.doctor.check import Check
    from publisher.settings import Settings
    from publisher.store.engine import Transaction

CLOCK_SECONDS: Final = 2.0
"""How far the machine's clock may be from the database's."""
MAIL_SECONDS: Final = 60.0
"""For how long an e-mail may wait before somebody should know."""
MOST_NAMED: Final = 10
_MEGABYTE: Final = 1_000_000


class LedgerDoctor:
    """Looks at one database.

    Args:
        settings: What the environment says, as far as it could be read.
        cities: The cities that could be read.
        platforms: By name.
    """

    def __init__(self, settings: Settings, cities: Mapping[str, City], platforms: Mapping[str, Platform]) -> None:
        self._settings = settings
        self._cities = cities
        self._platforms = platforms

    def look(self) -> list[Check]:
        """Look at everything; where the database is away, that is all there is to say."""
        file = self._file()
        if file is not None and not file.exists():
            return [note("database", "database_new", path=str(file))]
        if file is not None and is_foreign(self._settings):
            return [note("database", "database_of_another")]
        database = Database(self._settings.database, clock=RealClock())
        try:
            first = self._first(database, file)
            if any(one.mark is Mark.WRONG for one in first):
                return first
            return [*first, *self._inside(database)]
        finally:
            database.close()

    def _first(self, database: Database, file: Path | None) -> list[Check]:
        try:
            return list(self._database(database, file))
        except STORE_ERRORS as error:
            lines = str(getattr(error, "orig", None) or error).strip().splitlines()
            return [wrong("database", "database_down", detail=(lines or [type(error).__name__])[0][:200])]

    def _file(self) -> Path | None:
        address = self._settings.database
        return Path(address.removeprefix("sqlite:///")) if address.startswith("sqlite:///") else None

    def _database(self, database: Database, file: Path | None) -> Iterator[Check]:
        if not database.is_current():
            yield wrong("database", "schema_other")
            return
        with database.reading() as tx:
            size = watching.size_bytes(tx)
        shown = f"{size / _MEGABYTE:.0f} MB"
        yield well("database", "database_well", engine="SQLite" if file else "PostgreSQL", size=shown)
        if file is not None and file.parent != self._settings.home.absolute():
            yield from look_at_disk(file.parent)

    def _inside(self, database: Database) -> list[Check]:
        looks: dict[str, Callable[[Transaction], Iterable[Check]]] = {
            "clock": self._clock,
            "ledger": _held_ledger,
            "workers": _workers,
            "watch": _findings,
            "holds": self._holds,
            "lanes": self._lanes,
            "limits": lambda tx: look_at_limits(tx, self._cities, self._platforms),
            "mail": _mails,
        }
        found = guarded("credentials", lambda: self._credentials(database))
        for area, look in looks.items():
            found += guarded(area, lambda look=look: _with(database, look))  # type: ignore[misc]  # bound at once
        return found

    def _clock(self, tx: Transaction) -> Iterator[Check]:
        if self._settings.database.startswith("sqlite:"):
            return  # the very same clock
        offset = (tx.lease_now() - RealClock().now()).total_seconds()
        if abs(offset) > CLOCK_SECONDS:
            yield wrong("clock", "clock_off", seconds=round(offset))
        else:
            yield well("clock", "clock_well")

    def _credentials(self, database: Database) -> Iterator[Check]:
        try:
            key = None if self._settings.secret_key is None else self._settings.secret_key.get_secret_value()
            if key is None and not self._settings.key_file.exists():
                return  # said already
            store = CredentialStore(database, load_key(key, self._settings.key_file))
            with database.reading() as tx:
                is_sealed = rows.get(tx, *rows.KEY_CHECK) is not None
            if is_sealed:
                store.check_key()
        except ConfigurationError:
            return  # said already
        except UnknownSecretKeyError as error:
            yield wrong("credentials", "key_wrong", origin=error.origin)
            return
        for city in self._cities:
            with database.reading() as tx:
                have = set(rows.accounts(tx, city))
            yield from self._of_city(city, have)

    def _of_city(self, city: str, have: set[str]) -> Iterator[Check]:
        accounts = self._cities[city].accounts
        needed = [key for key, one in accounts.items() if self._needs_secrets(one.platform)]
        missing = [key for key in needed if key not in have]
        if missing:
            names = ", ".join(f"{city}/{key}" for key in missing)
            yield wrong("credentials", "credentials_missing", names=names, first=f"{city}/{missing[0]}")
        else:
            yield well("credentials", "credentials_well", city=city, count=len(needed))

    def _needs_secrets(self, platform: str) -> bool:
        return platform in self._platforms and bool(self._platforms[platform].secret_fields)

    def _holds(self, tx: Transaction) -> Iterator[Check]:
        for city in self._cities:
            for one in holds.in_force(tx, city):
                where = one.target or self._cities[city].name.ja
                yield note("holds", "hold_in_force", where=where, at=one.started_at.isoformat(), reason=one.reason)

    def _lanes(self, tx: Transaction) -> Iterator[Check]:
        for one in breakers.read(tx).values():
            if one.open_until is not None:
                yield note("lanes", "breaker_open", platform=one.platform, at=one.open_until.isoformat())
        for memory in lane_memories.in_force(tx):
            account = f"{memory.city}/{memory.account}"
            if memory.kind is Kind.THROTTLED:
                yield note("lanes", "account_throttled", account=account, at=memory.until.isoformat())
            else:
                yield wrong("lanes", "account_needs_person", account=account)


def _with(database: Database, look: Callable[[Transaction], Iterable[Check]]) -> Sequence[Check]:
    with database.reading() as tx:
        return list(look(tx))


def _held_ledger(tx: Transaction) -> Iterator[Check]:
    mark = marks.get(tx)
    if mark is not None and mark.held_since is not None:
        yield wrong("ledger", "ledger_held", at=mark.held_since.isoformat())


def _workers(tx: Transaction) -> Iterator[Check]:
    there = workers.listed(tx)
    now, silent = tx.lease_now(), Pace().worker_gone_seconds
    alive = [one for one in there if one.is_alive(now, within_seconds=silent)]
    if not alive:
        last = there[0].beat_at.isoformat() if there else ""
        yield wrong("workers", "workers_gone" if there else "workers_none", at=last)
        return
    machines = ", ".join(sorted({one.machine or "?" for one in alive}))
    yield well("workers", "workers_well", count=len(alive), machines=machines)
    versions = sorted({one.version or "?" for one in alive})
    if len(versions) > 1:
        yield note("workers", "versions_mixed", versions=", ".join(versions))


def _findings(tx: Transaction) -> Iterator[Check]:
    """Say what the watchdog sees at this moment, kind by kind."""
    found: dict[WatchKind, list[Finding]] = {}
    for one in survey(tx, Pace()):
        if one.kind is not WatchKind.NOBODY_SENDS:  # said already
            found.setdefault(one.kind, []).append(one)
    if not found:
        yield well("watch", "watch_well")
    for kind, several in found.items():
        names = list(dict.fromkeys(one.number or str(one.facts.get("machine", "")) for one in several))
        count = int(several[0].facts.get("waiting", len(several)))
        facts: dict[str, str | int] = {"names": ", ".join(filter(None, names[:MOST_NAMED])), "count": count}
        if "error" in several[0].facts:
            facts["error"] = str(several[0].facts["error"]) or "–"
        yield wrong("watch", f"watch_{kind}", **facts)


def _mails(tx: Transaction) -> Iterator[Check]:
    state = mails.state(tx)
    if state.waiting and (state.error or state.oldest_seconds > MAIL_SECONDS):
        yield wrong("mail", "mails_waiting", count=state.waiting, error=state.error or "–")
