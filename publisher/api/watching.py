"""What the watchdog looks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class WatchKind(StrEnum):
    """What is late, stuck or gone."""

    LATE = "late"
    """A delivery has not gone out, and waits for nobody's word."""
    LATE_EMERGENCY = "late_emergency"
    """The same of an emergency."""
    LATE_DELETION = "late_deletion"
    """A deletion, or the undoing of a repost, is not done yet."""
    LEASE = "lease"
    """A lease ended and nobody took the delivery up again."""
    UNKNOWN = "unknown"
    """Nobody looks any more what became of a call."""
    PROCESSING = "processing"
    """Nobody asks any more how far the platform is with a video."""
    MIRROR = "mirror"
    """A repost waits although its source has ended."""
    EXPIRY = "expiry"
    """A submitted post has outlived its latest useful time and did not expire."""
    HOLD = "hold"
    """What was on its way when a hold began has ended, and nobody was told."""
    NOTICES = "notices"
    """Notices that Slack has not taken for ten minutes."""
    INBOX = "inbox"
    """Acts from Slack that were accepted and are not applied."""
    WORKER = "worker"
    """A worker stopped beating; others go on."""
    RESTARTED = "restarted"
    """A worker broke down, and another took its place."""
    CLOCK = "clock"
    """A worker's clock is wrong, so it sends nothing but emergencies."""
    NOBODY_SENDS = "nobody_sends"
    """No worker beats."""


class Why(StrEnum):
    """What a late delivery waits for."""

    NO_WORKER = "no_worker"
    QUEUE = "queue"
    """It is due, and a worker is there."""
    SENDING = "sending"
    RETRYING = "retrying"
    THROTTLED = "throttled"
    CHECKING = "checking"
    """A call was opened and its end is not known."""
    PROCESSING = "processing"
    REPAIR = "repair"
    """Its account waits for a person, who is asked: new credentials, say."""
    LANE_CLOSED = "lane_closed"
    """Nothing is sent on the account or the platform for now: its limit, or its trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that the watchdog sees now."""

    kind: WatchKind
    city: str
    """Empty: of the whole installation."""
    subject: str
    """What it is about: a delivery, a post, a worker, a machine."""
    facts: Mapping[str, str | int]
    """Codes, numbers, names of machines, times; never a post's text."""
    delivery: str | None = None
    number: str | None = None
    """The post, as people call it."""
    since: datetime | None = None


class Watching(Protocol):
    """The watchdog."""

    def survey(self) -> Sequence[Finding]:
        """Return what is late, stuck or gone at this moment; tells nobody."""
        ...

    def look(self) -> int:
        """Tell what was seen at the look before and is still there, and what is over; return how many were told."""
        ...

    def report_inbox(self, machine: str, *, count: int) -> None:
        """Tell once that *count* accepted acts are not applied on a machine, and again when they are (0)."""
        ...
