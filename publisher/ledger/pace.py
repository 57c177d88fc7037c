"""The ledger's waits and sizes, each in one place, so that documents and tests can name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TURN_SECONDS: Final = 0.001
"""How long a thread computes while others wait for the interpreter. The process that starts a worker sets it.

Whoever hears from the database then goes on sooner, and frees sooner what it has locked: on PostgreSQL some 5 to 10 %
more deliveries a second than with the interpreter's own 5 ms, for the same processor time.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long the ledger waits for what. All in seconds, but for the counts."""

    lease_seconds: float = 30.0
    """A lease that is not renewed ends after this: a dead worker's deliveries are taken up again
    `lease_seconds + rescue_seconds` after its last sign at the latest."""
    renew_seconds: float = 8.0
    """How often the leases of calls under way are renewed."""
    rescue_seconds: float = 5.0
    """How often ended leases are looked for."""
    beat_seconds: float = 1.0
    """How often a worker says that it is there."""
    clock_tolerance_seconds: float = 5.0
    """A worker whose clock is further off the database's than this sends nothing but emergencies."""
    repair_seconds: float = 1.0
    """How often every lane looks again, in case a wake-up was missed or the clock was moved."""

    mark_seconds: float = 5.0
    """How often the ledger's generation is moved on, in the database and in the file beside it, and looked at for a
    copy: one that is put back in the place of a ledger that lived on for less than this may go unnoticed."""

    first_look_seconds: float = 2.0
    """How soon an unknown delivery is looked for."""
    look_again_seconds: float = 30.0
    """How far apart looks are where the platform's `Limits.absence` doesn't say."""
    undecidable_reads: int = 2
    """After how many reads that don't see it a person is asked, where not seeing proves nothing."""
    look_patience_seconds: float = 45.0
    """When somebody else may look, after one look was begun and not ended."""
    ask_after_seconds: float = 90.0
    """For how long looks that teach nothing go on before a person is asked; the wait between two that do is added."""
    processing_limit_seconds: float = 7200.0
    """For how long a platform may work on a video before a person is asked."""

    retry_base_seconds: float = 1.0
    retry_cap_seconds: float = 60.0
    max_attempts: int = 8
    """After how many calls that sent nothing a person is asked."""

    memory_seconds: float = 1.0
    """How old a worker's copy of what the lanes remember may be."""
    knock_again_seconds: float = 900.0
    """How long an account that waits for a person's repair is not called, where nobody says that it is mended."""
    breaker_failures: int = 5
    """After how many failures in a row, of two deliveries or more, a platform counts as sick."""
    breaker_base_seconds: float = 10.0
    breaker_cap_seconds: float = 300.0
    """For how long its routine deliveries then stay: half to the whole of a bound that doubles from base to cap."""
    breaker_probe_seconds: float = 15.0
    """When another probe goes, where nothing is heard from the last one."""

    watch_seconds: float = 5.0
    """How often the watchdog looks over all processes. What it sees it tells at the second look: a clock that jumped,
    or a process that has just started, is no alarm."""
    late_seconds: float = 55.0
    """How late a delivery is when the watchdog sees it; people hear of it by the next look, at 60 seconds."""
    emergency_late_seconds: float = 10.0
    """The same of an emergency: people must turn to other means at once."""
    removal_late_seconds: float = 5.0
    """The same of what must be deleted at once: people hear of it by the next look, at 10 seconds."""
    stuck_seconds: float = 60.0
    """How long what a repair loop should have done may be left undone before people hear of it."""
    worker_gone_seconds: float = 15.0
    """After how long without a beat a worker that did not leave counts as gone."""

    hold_look_seconds: float = 0.5
    """How often it is looked whether what was on its way when a hold began has ended."""

    lane_slots: int = 1024
    """Calls under way on one platform, from claimed to settled."""
    claimed_at_once: int = 400
    """How many deliveries are claimed, and then opened, in one transaction: the next are claimed while these are
    opened, and the first of a crowd don't wait for the last."""
    breath_seconds: float = 0.02
    """How long a lane rests after each look, so that what becomes free meanwhile is filled in one go."""
    emergency_slots: int = 2
    """Further calls, kept for emergencies alone."""
    look_slots: int = 2
    """Looks under way on one platform."""
    store_waits_seconds: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0, 5.0, 5.0, 5.0)
    """The waits between tries to write down a result while the database is away; the last one again and again.
    Who is to open a call waits each of them once."""
