"""Notices that the ledger is a copy, holds what the copy held, and finds out what was sent since.

The generation moves on in the database and in a file beside it; a database that is behind the file came back from a
backup, and a file that is missing or another's means that it was moved or runs twice. docs/decisions/0013 says why.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publisher.api import CopyKind, CopyView, NoticeKind, Outcome
from publisher.city.model import Role
from publisher.delivery import DeliveryEvent, DeliveryState, ForbiddenTransitionError
from publisher.errors import LeaseLostError, Refusal
from publisher.ledger import moves
from publisher.logs import build_logger
from publisher.store import attempts, audit, deliveries, marks, notices, workers
from publisher.store.deliveries import LEDGER, Change, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.api import Act
    from publisher.desk import Desk
    from publisher.ledger.pace import Pace
    from publisher.mark_file import Marker, MarkFile, Place
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.marks import Mark

_log = build_logger(__name__)

PAST_LOST: Final = "past_lost"
"""The code of what is told of a delivery that may have been sent since the copy was made."""
_BATCH: Final = 50
_BEAT_SECONDS: Final = 5.0


def find_out(mark: Mark | None, marker: Marker | None, here: Place, *, is_shared: bool) -> CopyKind | None:
    """Return what a ledger with a history is beside its mark, or None where it is the one that ran here last. Pure.

    Args:
        mark: What the database says.
        marker: What the file says.
        here: Where we are.
        is_shared: Another machine works on this very database right now.
    """
    if is_shared and (marker is None or marker.place.machine != here.machine):
        return None  # this machine joins the others
    if marker is None:
        return None if mark is None else CopyKind.UNMARKED
    if marker.place != here or (mark is not None and marker.ledger != mark.ledger):
        return CopyKind.MOVED
    if mark is None or mark.generation < marker.confirmed:
        return CopyKind.RESTORED
    return None


class RestoredLedger:
    """The hold of a restored or copied ledger (`publisher.api.Restoring`), and what notices it.

    Args:
        desk: The shared collaborators.
        file: The mark outside the database.
        pace: The ledger's waits.
    """

    def __init__(self, desk: Desk, file: MarkFile, pace: Pace) -> None:
        self._desk = desk
        self._database = desk.database
        self._file = file
        self._pace = pace

    # ── noticing ─────────────────────────────────────────────────────────────────────────────────

    def keep_up(self) -> None:
        """Move the generation on, hold the ledger where it is a copy, and look for what may have been sent.

        Called before the first delivery is claimed, every `Pace.mark_seconds`, and at the end.
        """
        self.move()
        self.look_back()

    def move(self) -> CopyKind | None:
        """Move the generation on; return what the ledger turned out to be, or None where it is the one it was."""
        with self._database.transaction() as tx:
            known = marks.lock(tx)
            mark = known or marks.make(tx)  # there is nothing to lock yet: who makes it at this moment is waited for
            if mark.generation:
                known = mark
            marker = self._file.read()  # behind the lock: it belongs to what the last holder wrote
            found = self._find_out(tx, known, marker)
            ahead = marker.intended if marker is not None else 0
            generation = max(mark.generation, ahead) + 1
            if found is None:
                # First the file says what it means to do: a crash before the commit is no alarm afterwards.
                self._file.intend(mark.ledger, generation)
            else:
                mark = self._hold(tx, mark, found)
            marks.move(tx, mark, generation)
        if found is None:
            self._file.confirm(mark.ledger, generation)
        else:
            # Only once the hold is durable: a crash before leaves the alarm as it was.
            self._file.adopt(mark.ledger, generation)
            _log.error("ledger_held", because=found, known_until=mark.moved_at.isoformat())
        return found

    def _find_out(self, tx: Transaction, mark: Mark | None, marker: Marker | None) -> CopyKind | None:
        if not marks.has_history(tx):
            return None
        is_shared = not self._database.is_sqlite and workers.is_beating(tx, within_seconds=_BEAT_SECONDS)
        return find_out(mark, marker, self._file.place, is_shared=is_shared)

    def _hold(self, tx: Transaction, mark: Mark, kind: CopyKind) -> Mark:
        held = marks.hold(tx, mark, kind)
        facts = {"because": kind, "known_until": mark.moved_at.isoformat(), "since": tx.now.isoformat()}
        for city in self._desk.cities:
            audit.append(tx, city=city, who=LEDGER, kind="ledger_held", facts=facts)
            for person in self._managers(city):
                notices.add(tx, city=city, kind=NoticeKind.LEDGER, person=person, params=facts)
        return held

    def _managers(self, city: str) -> Sequence[str]:
        return self._desk.cities[city].with_role(Role.MANAGER, self._desk.today())

    # ── finding out ──────────────────────────────────────────────────────────────────────────────

    def look_back(self) -> int:
        """Have what may have been sent since the copy looked for, and ask about what became too late; return how many.

        What was moved or has no mark may run elsewhere at this moment: it is looked for only after the release.
        """
        with self._database.reading() as tx:
            mark = marks.get(tx)
        if mark is None or mark.held_since is None:
            return 0
        count = 0
        while True:
            with self._database.transaction() as tx:
                moved = self._look_back(tx, mark)
            count += moved
            if moved < _BATCH:
                return count

    def _look_back(self, tx: Transaction, mark: Mark) -> int:
        since = mark.held_since
        current = marks.lock(tx)
        if since is None or current is None or current.held_since != since:
            return 0
        moved = 0
        if mark.held_because == CopyKind.RESTORED:
            for delivery in marks.not_clear(tx, since, due_until=since, limit=_BATCH):
                moved += self._doubt(tx, mark, delivery)
        for delivery in marks.past_use(tx, since, limit=_BATCH - moved):
            late = moves.late(delivery)
            moved += _apply(tx, delivery, late.event, late.change)
        return moved

    def _doubt(self, tx: Transaction, mark: Mark, delivery: Delivery) -> bool:
        """Bring a delivery to `unknown`, with an attempt that stands for what the lost days may have sent."""
        before = deliveries.lock(tx, delivery.id)
        at = max(tx.now, mark.held_since or tx.now)
        attempts.suppose(tx, before, DeliveryEvent.PAST_LOST, since=mark.moved_at, at=at)
        due_at = tx.now + timedelta(seconds=self._pace.first_look_seconds)
        return _apply(tx, before, DeliveryEvent.PAST_LOST, Change(due_at=due_at, problem=Problem(code=PAST_LOST)))

    # ── what people see and do ───────────────────────────────────────────────────────────────────

    def state(self) -> CopyView | None:
        """Return the hold, or None where there is none."""
        with self._database.reading() as tx:
            mark = marks.get(tx)
            if mark is None or mark.held_since is None:
                return None
            return CopyView(
                kind=CopyKind(mark.held_because),
                since=mark.held_since,
                known_until=mark.moved_at,
                waiting=marks.count_waiting(tx, mark.held_since),
                looking=marks.count_in(tx, DeliveryState.UNKNOWN),
                asked=marks.count_in(tx, DeliveryState.ASKED),
            )

    def release(self, act: Act, *, reason: str) -> Outcome:
        """End the hold: what is due is looked for first, what is due later goes at its time.

        Outcomes: `ledger_released` (param `count`: deliveries that are looked for now).

        Raises:
            Refusal: `manager_only` (param `who`), `note_missing`, `ledger_not_held`, `ledger_still_looking` (param
                `count`: the looks after a restore have not ended yet).
        """
        return self._desk.once(act, lambda tx: self._release(tx, act, reason.strip()))

    def _release(self, tx: Transaction, act: Act, reason: str) -> Outcome:
        self._desk.require_manager(act)
        if not reason:
            raise Refusal("note_missing")
        mark = marks.lock(tx)
        if mark is None or mark.held_since is None:
            raise Refusal("ledger_not_held")
        looking = marks.count_in(tx, DeliveryState.UNKNOWN)
        if looking and mark.held_because == CopyKind.RESTORED:
            raise Refusal("ledger_still_looking", count=looking)
        count = 0
        while found := marks.not_clear(tx, mark.held_since, due_until=tx.now, limit=_BATCH):
            count += sum(self._doubt(tx, mark, delivery) for delivery in found)
        marks.release(tx)
        facts = {"because": mark.held_because, "since": mark.held_since.isoformat(), "count": count}
        for city in self._desk.cities:
            who = act.person if city == act.city else LEDGER
            audit.append(tx, city=city, who=who, kind="ledger_released", facts=facts, note=reason)
        return Outcome(code="ledger_released", params={"count": count})


def _apply(tx: Transaction, delivery: Delivery, event: DeliveryEvent, change: Change) -> bool:
    try:
        deliveries.apply(tx, delivery.id, event, change=change)
    except (LeaseLostError, ForbiddenTransitionError):
        return False  # a person was faster
    return True
