"""What the ledger asks of the rest of publisher before and while it sends: the last check, and the way out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from platforms.port import Limits, Plan, Remark, Session
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """It may go out now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBefore:
    """It may go out, but only from *at* on (the next opening)."""

    at: datetime
    remark: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPerson:
    """It is no longer allowed as it stands; a person is asked."""

    remark: Remark
    is_waivable: bool = False
    """True where a person's *send* sets this very remark aside. What was never approved (a broken seal), what cannot
    be sent, and what the policy blocks stay as they are whoever says what: the person is asked again."""
    opens_at: datetime | None = None
    """The opening for which it may wait instead, where nothing but the hour is against it."""
    then: Check = field(default_factory=Go)
    """What holds once it is set aside: a consent to the content is none to the hour."""


Check: TypeAlias = "Go | NotBefore | AskPerson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A session with what it is to send."""

    session: Session
    plan: Plan | None = None
    """What to publish; None for a repost."""
    source_id: str | None = None
    """The vendor's id of the post to repost; None for a publication."""


class Outbound(Protocol):
    """The rest of publisher, as the ledger sees it."""

    def check(self, tx: Transaction, delivery: Delivery) -> Check:
        """Say whether *delivery* may still go out: its seal, and the policy with today's facts.

        Runs inside the transaction that opens the attempt: pure and fast, no network. Lateness and the
        post's own state are the ledger's to check.
        """
        ...

    def check_order(self, tx: Transaction, delivery: Delivery) -> Check:
        """Say whether what takes a post back is still wanted now; in the same transaction, and as fast."""
        ...

    def prepare(self, delivery: Delivery) -> Prepared:
        """Bind the delivery's account and plan what it sends. Outside any transaction; nothing is sent.

        Raises:
            PlatformError: One of its five kinds.
        """
        ...

    def limits(self, platform: str) -> Limits:
        """Return a platform's numbers."""
        ...
