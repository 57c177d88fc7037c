"""The packs in force: which text holds at an instant is the ledger's to say; a file only brings the first one.

The shelf asks the database each time, so that two processes never judge by different rules; what it keeps in memory
are parsed texts, by their hash.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from publisher.city.folder import read_pack_text
from publisher.city.model import JST
from publisher.errors import ConfigurationError, ConfigurationMistake
from publisher.logs import build_logger
from publisher.store import audit
from publisher.store import pack_changes as rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from policy.pack import Pack
    from publisher.city.folder import PackFile
    from publisher.store.engine import Database, Transaction
    from publisher.store.pack_changes import Edition

_log = build_logger(__name__)
_KEPT: Final = 64
"""How many parsed texts are kept; a city has one or two, and replays look at a few older ones."""
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A pack in force at some instant, and which text it was made from."""

    pack: Pack
    sha256: str
    edition: Edition | None
    """None: nothing is stored yet, and the file's text holds until the first start."""


class PackShelf:
    """The packs of all cities.

    Args:
        files: What the folder of city files holds, by city and the pack's name.
    """

    def __init__(self, files: Mapping[tuple[str, str], PackFile]) -> None:
        self._files = files
        self._parsed: dict[str, Pack] = {}
        self._lock = threading.Lock()

    def at(self, tx: Transaction, city: str, pack: str, instant: datetime) -> Pack:
        """Return the pack in force at *instant*.

        Raises:
            ConfigurationError: The stored text cannot be read by this program.
        """
        return self.held(tx, city, pack, instant).pack

    def held(self, tx: Transaction, city: str, pack: str, instant: datetime) -> Held:
        """Return the pack in force at *instant*, with the text that it was made from.

        Raises:
            ConfigurationError: The stored text cannot be read by this program.
        """
        return self.held_many(tx, [(city, pack, instant)])[city, pack, instant]

    def held_many(
        self, tx: Transaction, wanted: Collection[tuple[str, str, datetime]]
    ) -> Mapping[tuple[str, str, datetime], Held]:
        """Return what `held` returns, for each of these (city, pack, instant).

        Raises:
            ConfigurationError: A stored text cannot be read by this program.
        """
        stored = rows.editions_of(tx, {city for city, _, _ in wanted})
        return {key: self._of(tx, *key, stored.get(key[:2], ())) for key in set(wanted)}

    def _of(self, tx: Transaction, city: str, pack: str, instant: datetime, stored: Sequence[Edition]) -> Held:
        edition = in_force(stored, instant)
        if edition is None:
            file = self._files[city, pack]
            return Held(pack=file.pack, sha256=rows.digest_of(file.text), edition=None)
        return Held(pack=self.read(tx, city, pack, edition.sha256), sha256=edition.sha256, edition=edition)

    def read(self, tx: Transaction, city: str, pack: str, sha256: str) -> Pack:
        """Return the pack of a stored text.

        Raises:
            ConfigurationError: The text cannot be read by this program.
        """
        with self._lock:
            known = self._parsed.get(sha256)
        if known is not None:
            return known
        parsed = read_pack_text(rows.text_of(tx, city, sha256), f"{city}/{pack}")
        with self._lock:
            while len(self._parsed) >= _KEPT:
                del self._parsed[next(iter(self._parsed))]
            self._parsed[sha256] = parsed
        return parsed

    def file_of(self, city: str, pack: str) -> PackFile:
        """Return what lies on the disk."""
        return self._files[city, pack]

    def names(self, city: str) -> tuple[str, ...]:
        """Return the names of the packs that a city uses."""
        return tuple(name for key, name in self._files if key == city)

    def differs_from_file(self, tx: Transaction, city: str, pack: str) -> bool:
        """Tell whether the file says something else than what holds, or will hold, by the ledger."""
        stored = rows.editions(tx, city, pack)
        digest = rows.digest_of(self._files[city, pack].text)
        ahead = {one.sha256 for one in stored if begins_at(one) > tx.now}
        now = in_force(stored, tx.now)
        return now is not None and digest not in {now.sha256, *ahead}

    # ── at the start ─────────────────────────────────────────────────────────────────────────────

    def open(self, database: Database) -> None:
        """Take over the first text of each pack, and see that every stored text that counts can be read.

        Raises:
            ConfigurationError: One cannot; each is named with its mistakes.
        """
        with database.transaction() as tx:
            for city, pack in self._files:
                self.adopt(tx, city, pack)
        with database.reading() as tx:
            mistakes = [mistake for key in self._files for mistake in self._mistakes(tx, *key)]
            differing = [key for key in self._files if self.differs_from_file(tx, *key)]
        if mistakes:
            raise ConfigurationError(mistakes)
        for city, pack in differing:
            advice = f"sns policy propose {self._files[city, pack].path} --pack {pack}"
            _log.warning("pack_file_not_in_force", city=city, pack=pack, to_change_it=advice)

    def adopt(self, tx: Transaction, city: str, pack: str) -> None:
        """Store the file's text as the first one, where the ledger has none of this pack."""
        file = self._files[city, pack]
        if rows.editions(tx, city, pack) or not rows.add_first(tx, city=city, pack=pack, text=file.text):
            return
        facts = {"pack": pack, "sha256": rows.digest_of(file.text), "edition": file.pack.edition}
        audit.append(tx, city=city, who=rows.SYSTEM, kind="pack_adopted", facts=facts)

    def _mistakes(self, tx: Transaction, city: str, pack: str) -> Sequence[ConfigurationMistake]:
        """Return what this program cannot read of the texts in force now or later, headed by what to do."""
        stored = rows.editions(tx, city, pack)
        now = in_force(stored, tx.now)
        counting = [one for one in stored if one == now or begins_at(one) > tx.now]
        found: list[ConfigurationMistake] = []
        for one in counting:
            try:
                self.read(tx, city, pack, one.sha256)
            except ConfigurationError as error:
                params = {"pack": pack, "number": str(one.number), "city": city}
                found += [ConfigurationMistake(code="stored_pack_unreadable", params=params), *error.mistakes]
        return found


def begins_at(edition: Edition) -> datetime:
    """Return from when on a text holds: 0:00 in Japan on its 施行日, or its confirmation where that came later."""
    if edition.in_force_on is None:
        return _ALWAYS
    return max(start_of(edition.in_force_on), edition.decided_at)


def start_of(day: date) -> datetime:
    """Return the first instant of a Japanese calendar day, in UTC."""
    return datetime.combine(day, time(), JST).astimezone(UTC)


def in_force(editions: Sequence[Edition], instant: datetime) -> Edition | None:
    """Return which of a pack's texts holds at *instant*; None where nothing is stored.

    The one that began last holds; of two that begin together, the one confirmed last.
    """
    begun = [one for one in editions if begins_at(one) <= instant]
    return max(begun, key=lambda one: (begins_at(one), one.decided_at, one.number), default=None)
