"""The scribe: writes down together what many threads have to say.

Whoever ended a call hands it over and goes on. The scribe takes whatever is there, emergencies first; what comes
meanwhile is the next batch. Where more calls are under way it waits for a moment until some of them have ended too:
each batch costs a transaction, and calls that end one after the other would each have one of their own. A crew's last
calls wait for as many as its first ones did: else the batches of a burst would become smaller and smaller.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from publisher.logs import build_logger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publisher.ledger.dispatcher import Dispatcher, Ended
    from publisher.store.delivery_record import Delivery

    _WhenWritten: TypeAlias = Callable[[Sequence[Delivery]], None]

_log = build_logger(__name__)
_BATCH: Final = 500
_GATHERING_SECONDS: Final = 0.1
"""For how long an end waits for others."""
_ENOUGH: Final = 0.25
"""What part of the calls that are, or lately were, under way it waits for."""
_FADES: Final = 0.9
"""What is left, with each batch, of the number that were under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    ended: Ended
    when_written: _WhenWritten


@dataclass(slots=True)
class _Tide:
    """How many calls a crew has and had under way."""

    handed: int = 0
    """Calls of its own that have ended and are not written yet."""
    most: float = 0.0
    """How many were under way at most, fading."""

    def enough(self, under_way: int) -> float:
        """Count one more that has ended; return how many are to wait here, or 0 where no other is to be waited for."""
        self.handed += 1
        self.most = max(self.most, under_way)
        return _ENOUGH * self.most if under_way > self.handed else 0.0


class Scribe:
    """One thread that settles calls in batches, one transaction each."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        """Settle by *dispatcher*."""
        self._dispatcher = dispatcher
        self._changed = threading.Condition()
        self._waiting: list[_Entry] = []
        self._tides: defaultdict[_WhenWritten, _Tide] = defaultdict(_Tide)
        self._enough = math.inf
        """So many wait for no more."""
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="scribe", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()

    def hand(self, ended: Ended, when_written: _WhenWritten, *, under_way: int) -> None:
        """Settle a call soon, and call *when_written*, its crew's own, when that is done or cannot be, once for many.

        So many are *under way* in its crew, itself and those that wait here included.
        """
        with self._changed:
            self._waiting.append(_Entry(ended=ended, when_written=when_written))
            enough = self._tides[when_written].enough(under_way)
            self._enough = 0.0 if ended.delivery.is_emergency else min(enough, self._enough)
            if len(self._waiting) == 1 or self._is_enough():
                self._changed.notify()

    def _run(self) -> None:
        while batch := self._take():
            alone = self._write(batch)
            self._say_written([entry for entry in batch if entry.ended.delivery.id not in alone])
            for entry in batch:
                if entry.ended.delivery.id in alone:
                    self._write_aside(entry)

    def _take(self) -> Sequence[_Entry]:
        """Wait until something is there and take up to a batch of it; nothing once all is written and it ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping)
            self._changed.wait_for(self._is_enough, _GATHERING_SECONDS)
            self._waiting.sort(key=lambda entry: not entry.ended.delivery.is_emergency)
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            self._enough = 0.0 if self._waiting else math.inf
            for when_written in {entry.when_written for entry in batch}:
                self._tides[when_written].most *= _FADES
            return batch

    def _is_enough(self) -> bool:
        return self._is_stopping or len(self._waiting) >= self._enough

    def _write(self, batch: Sequence[_Entry]) -> frozenset[str]:
        """Settle a batch; return the ids of what must be settled alone."""
        try:
            alone = self._dispatcher.settle([entry.ended for entry in batch])
        except Exception:  # noqa: BLE001 - their leases end and they are found out; the scribe goes on
            _log.exception("deliveries_dropped", count=len(batch))
            return frozenset()
        return frozenset(one.delivery.id for one in alone)

    def _write_aside(self, entry: _Entry) -> None:
        """Settle alone, in a thread of its own, since it may have to wait for whoever has it locked."""
        try:
            threading.Thread(target=self._write_alone, args=(entry,), name="scribe-aside", daemon=True).start()
        except RuntimeError:  # the machine has no room for another thread
            self._write_alone(entry)

    def _write_alone(self, entry: _Entry) -> None:
        try:
            self._dispatcher.settle_alone(entry.ended)
        except Exception:  # noqa: BLE001 - its lease ends and it is found out
            _log.exception("delivery_dropped", delivery=entry.ended.delivery.id)
        finally:
            self._say_written([entry])

    def _say_written(self, entries: Sequence[_Entry]) -> None:
        """Say that entries are done with; whatever goes wrong there, the scribe must go on for all the others."""
        told: dict[_WhenWritten, list[Delivery]] = {}
        for entry in entries:
            told.setdefault(entry.when_written, []).append(entry.ended.delivery)
        for when_written, written in told.items():
            try:
                when_written(written)
            except Exception:  # noqa: BLE001 - at worst slots stay taken
                _log.exception("slots_lost", count=len(written))
            with self._changed:  # after the crew let go: counted once too often, an end is written too early, not late
                self._tides[when_written].handed -= len(written)
