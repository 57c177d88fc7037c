"""A worker process: the real heart from real settings, of which only the worker is started, and which dies on order."""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from platforms.facebook.session import FacebookSession
from platforms.port import AbsenceRule, Limits, SafeToRepeat
from platforms.registry import build_platforms, import_sdks
from platforms.x.session import XSession
from publisher.clock import RealClock
from publisher.compose import build
from publisher.ledger.pace import Pace
from publisher.settings import load_settings
from tests.chaos.options import CALL_TIMEOUT_SECONDS, GUESS, POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from platforms.port import Platform
    from publisher.compose import Heart

PACE = Pace(
    lease_seconds=3.0,
    renew_seconds=0.8,
    rescue_seconds=1.0,
    breath_seconds=0.1,
    first_look_seconds=0.5,
    look_again_seconds=8.0,
    look_patience_seconds=10.0,
    ask_after_seconds=60.0,
    retry_base_seconds=0.5,
    retry_cap_seconds=5.0,
    lane_slots=4,
    look_slots=4,
)
"""Short waits, so that half an hour shows what would take days, and no more calls at a time than a process that lives
for seconds can end; the rules themselves are the product's."""

import_sdks()  # once, in the process from which the workers are forked


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a worker process is told."""

    settings: Mapping[str, str]
    log: str
    absence_seconds: float
    breaks: str


class Chance:
    """What may befall one worker process: shared with the process that plans it."""

    def __init__(self, deaths: Sequence[Any], met: Any) -> None:
        """Die where one of *deaths* can be had; write into *met* which it was."""
        self._deaths = deaths
        self._lock = threading.Lock()
        self._met = met

    def __getstate__(self) -> tuple[Sequence[Any], Any]:
        """Give what is shared to the process that is started with it."""
        return self._deaths, self._met

    def __setstate__(self, state: tuple[Sequence[Any], Any]) -> None:
        """Take what is shared."""
        self.__init__(*state)  # type: ignore[misc]

    @property
    def met(self) -> str | None:
        """At which labelled point the last process died; None where it did not come to that."""
        return POINTS[self._met.value - 1] if self._met.value else None

    def renew(self) -> None:
        """Begin with a new process."""
        self._met.value = 0

    def at(self, point: str) -> None:
        """Die here if a death at this point waits for somebody."""
        place = POINTS.index(point)
        with self._lock:  # one process dies one death
            if self._deaths[place].acquire(block=False):
                self._met.value = 1 + place
                os.kill(os.getpid(), signal.SIGKILL)


def run(orders: Orders, chance: Chance, ends: int) -> None:
    """Work until killed, or until the other end of the pipe *ends* is closed."""
    if orders.breaks == GUESS:
        _guess()
    try:
        heart = start(orders, chance.at)
    except Exception:
        logging.getLogger(__name__).exception("could not start")
        os._exit(1)  # the parent starts another
    os.read(ends, 1)
    threading.Timer(15.0, os._exit, [2]).start()
    heart.stop(timeout_seconds=10.0)
    os._exit(0)


def start(orders: Orders, at: Any) -> Heart:
    """Build the heart and start its worker."""
    settings, clock = load_settings(dict(orders.settings)), RealClock()
    platforms = build_platforms(settings.endpoints, now=clock.now, timeout_seconds=CALL_TIMEOUT_SECONDS)
    _scale(platforms, orders.absence_seconds)
    heart = build(settings, platforms=platforms, clock=clock, pace=PACE, at=at)
    heart.shelf.open(heart.database)
    heart.credentials.check_key()
    heart.restoring.keep_up()
    heart.worker.start()
    heart.timers.start()
    heart.timers.every(PACE.mark_seconds, "mark", heart.restoring.keep_up)
    return heart


def _scale(platforms: Mapping[str, Platform], absence_seconds: float) -> None:
    """Set how far apart the reads are by which a post is proven absent; how many stays what it is."""
    for platform in platforms.values():
        limits = platform.limits
        if limits.absence is not None and limits.absence.seconds_apart != absence_seconds:
            rule = AbsenceRule(reads=limits.absence.reads, seconds_apart=absence_seconds)
            shown = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
            platform.limits = Limits(**shown | {"absence": rule})


def _guess() -> None:
    """Break the promise: whatever is not known is held to be absent, and sent again."""

    def find(*_: object, **__: object) -> SafeToRepeat:
        return SafeToRepeat(reason="a guess")

    XSession.find = find  # type: ignore[method-assign]
    FacebookSession.find = find  # type: ignore[method-assign]
