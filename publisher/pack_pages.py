"""The packs of a city and their changes, as people read them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from publisher.api import ChangeView, PackView
from publisher.audit_chain import canonical
from publisher.differing import replay_from_json
from publisher.errors import NotFoundError, Refusal
from publisher.mapping import said
from publisher.pack_shelf import begins_at, in_force, start_of
from publisher.store import pack_changes as rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.desk import Desk
    from publisher.store.engine import Transaction
    from publisher.store.pack_changes import PackChange

_MOST: Final = 1_000_000_000
"""More than any count reaches; PostgreSQL's integers end a little above it."""


class PackPages:
    """Reading.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def packs(self, city: str) -> Sequence[PackView]:
        """Return the packs in force."""
        own = self._desk.city(city)
        with self._desk.database.reading() as tx:
            return [
                self._pack_view(tx, city, name, tuple(one for one, pack in own.packs.items() if pack == name))
                for name in self._desk.shelf.names(city)
            ]

    def _pack_view(self, tx: Transaction, city: str, name: str, platforms: tuple[str, ...]) -> PackView:
        shelf = self._desk.shelf
        held = shelf.held(tx, city, name, tx.now)
        ahead = [one for one in rows.editions(tx, city, name) if begins_at(one) > tx.now]
        return PackView(
            name=name,
            platforms=platforms,
            document=said(held.pack.document),
            edition=held.pack.edition,
            sha256=held.sha256,
            number=None if held.edition is None else held.edition.number,
            in_force_on=None if held.edition is None else held.edition.in_force_on,
            ahead=tuple((one.number, begins_at(one)) for one in sorted(ahead, key=begins_at)),
            file=str(shelf.file_of(city, name).path),
            differs_from_file=shelf.differs_from_file(tx, city, name),
        )

    def text(self, city: str, pack: str) -> str:
        """Return the text in force.

        Raises:
            Refusal: `pack_unknown` (params pack, known).
        """
        known = self._desk.shelf.names(self._desk.city(city).city)
        if pack not in known:
            raise Refusal("pack_unknown", pack=pack, known=", ".join(known))
        with self._desk.database.reading() as tx:
            edition = in_force(rows.editions(tx, city, pack), tx.now)
            if edition is None:
                return self._desk.shelf.file_of(city, pack).text
            return rows.text_of(tx, city, edition.sha256)

    def changes(self, city: str) -> Sequence[ChangeView]:
        """Return every proposal, newest first."""
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            return [self._change_view(tx, change) for change in rows.of_city(tx, city)]

    def change(self, city: str, number: int) -> ChangeView:
        """Return a proposal.

        Raises:
            Refusal: `no_such_change`.
        """
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            return self._change_view(tx, find_change(tx, city, number))

    def texts(self, city: str, number: int) -> tuple[str, str]:
        """Return (text in force on its 施行日 when it was proposed, proposed text).

        Raises:
            Refusal: `no_such_change`.
        """
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            change = find_change(tx, city, number)
            base = "" if change.base_sha256 is None else rows.text_of(tx, city, change.base_sha256)
            return base, rows.text_of(tx, city, change.sha256)

    def _change_view(self, tx: Transaction, change: PackChange) -> ChangeView:
        stored = rows.editions(tx, change.city, change.pack)
        day = change.in_force_on or self._desk.today()  # the first texts, which nobody proposed, are never shown
        begins = max(start_of(day), change.decided_at or tx.now)
        later = [begins_at(one) for one in stored if begins_at(one) > begins and one.number != change.number]
        return ChangeView(
            number=change.number,
            pack=change.pack,
            in_force_on=day,
            begins_at=begins,
            ends_at=min(later, default=None),
            reason=change.reason,
            proposed_by=self._desk.person_name(change.city, change.proposed_by),
            proposed_at=change.proposed_at,
            decision=change.decision,
            decided_by=None if change.decided_by is None else self._desk.person_name(change.city, change.decided_by),
            decided_at=change.decided_at,
            note=change.note,
            replay=replay_from_json(change.replay or {}),
            replay_sha256=digest_replay(change),
        )


def find_change(tx: Transaction, city: str, number: int, *, is_locked: bool = False) -> PackChange:
    """Return a proposal; the first texts, which nobody proposed, are none.

    Raises:
        Refusal: `no_such_change`.
    """
    find = rows.lock if is_locked else rows.get
    try:
        change = find(tx, city, number if 0 < number < _MOST else 0)
    except NotFoundError:
        raise Refusal("no_such_change", change=number) from None
    if change.proposed_by == rows.SYSTEM:
        raise Refusal("no_such_change", change=number)
    return change


def digest_replay(change: PackChange) -> str:
    """Return the digest of a proposal's replay, as stored."""
    return hashlib.sha256(canonical(dict(change.replay or {}))).hexdigest()
