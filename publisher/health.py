"""Whether it can work (`publisher.api.Health`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from publisher.api import HealthLine, WatchKind
from publisher.store import credentials as rows
from publisher.store import mails, marks, watching, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publisher.desk import Desk
    from publisher.secrets import CredentialStore

BEAT_SECONDS: Final = 5.0
MAIL_SECONDS: Final = 60.0
"""For how long a mail may wait before it is no good sign."""
_SAID_BESIDE: Final = frozenset({WatchKind.RESTARTED, WatchKind.NOBODY_SENDS})
"""What is over already, and what `worker` says."""


class Checkup:
    """Looks at everything that sending needs.

    Args:
        desk: The shared collaborators.
        credentials: The accounts' secrets.
    """

    def __init__(self, desk: Desk, credentials: CredentialStore) -> None:
        self._desk = desk
        self._credentials = credentials

    def check(self) -> Sequence[HealthLine]:
        """Look at the database, the worker's beat, the secrets and the accounts. Never raises."""
        return [
            _line("database", self._database),
            _line("wire", self._wire),
            _line("worker", self._worker),
            _line("ledger", self._ledger),
            _line("late", self._late),
            _line("mail", self._mail),
            _line("secret_key", self._key),
            *(_line(f"credentials:{city}", partial(self._accounts, city)) for city in self._desk.cities),
            _line("cities", self._cities),
            *(self._packs(city) for city in self._desk.cities),
        ]

    def _database(self) -> str | None:
        return None if self._desk.database.is_current() else "the schema is not the newest: sns migrate"

    def _wire(self) -> str | None:
        """Say whether processes wake each other; without it they still find their work, about a second later."""
        trouble = self._desk.database.wire_trouble
        return trouble and f"processes do not wake each other, so posts may leave a second late ({trouble})"

    def _worker(self) -> str | None:
        with self._desk.database.reading() as tx:
            is_beating = workers.is_beating(tx, within_seconds=BEAT_SECONDS)
            wrong = [one for one in workers.listed(tx) if one.seconds_off]
        if wrong:
            names = ", ".join(f"{one.machine} by {one.seconds_off} s" for one in wrong)
            return f"clocks are off the database's, so nothing but emergencies is sent there: {names}"
        return None if is_beating else f"no worker beat in the last {BEAT_SECONDS:.0f} seconds"

    def _ledger(self) -> str | None:
        with self._desk.database.reading() as tx:
            mark = marks.get(tx)
        if mark is None or mark.held_since is None:
            return None
        return f"held since {mark.held_since.isoformat()}: it may be a copy ({mark.held_because}). sns ledger show"

    def _late(self) -> str | None:
        """Name what the watchdog has told of and is not over: late, stuck, gone."""
        with self._desk.database.reading() as tx:
            told = Counter(one.kind for one in watching.open_ones(tx) if one.told_at and one.kind not in _SAID_BESIDE)
        listed = ", ".join(f"{kind}: {count}" for kind, count in sorted(told.items()))
        return f"{listed}. sns doctor" if told else None

    def _mail(self) -> str | None:
        """Say whether the relay takes what Slack did not."""
        with self._desk.database.reading() as tx:
            state = mails.state(tx)
        is_stuck = state.waiting and (state.error or state.oldest_seconds > MAIL_SECONDS)
        return f"{state.waiting} mails wait ({state.error or 'not tried'}). sns doctor" if is_stuck else None

    def _key(self) -> str | None:
        self._credentials.check_key()
        return None

    def _accounts(self, city: str) -> str | None:
        with self._desk.database.reading() as tx:
            have = set(rows.accounts(tx, city))
        needed = [
            key
            for key, account in self._desk.cities[city].accounts.items()
            if self._desk.platforms[account.platform].secret_fields
        ]
        missing = [key for key in needed if key not in have]
        return f"no credentials for {', '.join(missing)}" if missing else None

    def _packs(self, city: str) -> HealthLine:
        """Say which files are not what is in force: it works, but somebody may believe that it follows the file."""
        shelf, notes = self._desk.shelf, list[str]()

        def read() -> None:
            with self._desk.database.reading() as tx:
                for pack in shelf.names(city):
                    shelf.at(tx, city, pack, tx.now)
                    if shelf.differs_from_file(tx, city, pack):
                        file = shelf.file_of(city, pack).path
                        notes.append(f"{file} is not in force: sns policy propose {file} --pack {pack}")

        line = _line(f"packs:{city}", read)
        return replace(line, detail="; ".join(notes)) if line.is_well else line

    def _cities(self) -> str | None:
        return None if self._desk.cities else "no city"


def _line(name: str, look: Callable[[], str | None]) -> HealthLine:
    try:
        trouble = look()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is what it is asked for
        trouble = f"{type(error).__name__}: {error}"
    return HealthLine(name=name, is_well=trouble is None, detail=trouble or "")
