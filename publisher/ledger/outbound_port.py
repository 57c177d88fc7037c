"""What the ledger asks of the rest of publisher before and while it sends: the last check, and the way out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from platforms.errors import Who
from publisher.logs import build_logger
from publisher.store.engine import STORE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
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
    who: Who = Who.AUTHOR
    """Who must act."""
    is_waivable: bool = False
    """True where a person's *send* sets this very remark aside. What was never approved (a broken seal), what cannot
    be sent, and what the policy blocks stay as they are whoever says what: the person is asked again."""
    opens_at: datetime | None = None
    """The opening for which it may wait instead, where nothing but the hour is against it."""
    then: Check = field(default_factory=Go)
    """What holds once it is set aside: a consent to the content is none to the hour."""


Check: TypeAlias = "Go | NotBefore | AskPerson"


class Named(Protocol):
    """What is known by a delivery's id."""

    @property
    def id(self) -> str:
        """The delivery's."""
        ...


_Made = TypeVar("_Made")
_One = TypeVar("_One", bound=Named)
_log = build_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A session with what it is to send."""

    session: Session
    plan: Plan | None = None
    """What to publish; None for a repost."""
    source_id: str | None = None
    """The vendor's id of the post to repost; None for a publication."""


def one_by_one(
    work: Callable[[_One], _Made], several: Iterable[_One], *, within_seconds: float | None = None
) -> dict[str, _Made | Exception]:
    """Do *work* on each, by its id; what breaks for one breaks for no other.

    Args:
        work: What is done.
        several: Deliveries, or what is known by a delivery's id.
        within_seconds: After so long no other is begun, and it is left out.

    Raises:
        STORE_ERRORS: The database's own trouble says nothing of a delivery.
    """
    ends_at = None if within_seconds is None else time.monotonic() + within_seconds
    made: dict[str, _Made | Exception] = {}
    for one in several:
        if ends_at is not None and time.monotonic() > ends_at:
            break
        try:
            made[one.id] = work(one)
        except STORE_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this one's
            made[one.id] = error
    return made


def all_at_once(
    work: Callable[[Sequence[_One]], Mapping[str, _Made | Exception]], several: Sequence[_One]
) -> Mapping[str, _Made | Exception]:
    """Do *work* on all together; where that breaks, on one after the other, so that the one shows that breaks it.

    Raises:
        STORE_ERRORS: As `one_by_one`.
    """
    try:
        return work(several)
    except STORE_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it shows where each is asked alone
        if len(several) == 1:
            return {several[0].id: error}
        _log.warning("asked_apart", count=len(several), error=type(error).__name__)
        return {name: made for one in several for name, made in all_at_once(work, [one]).items()}


class Outbound(Protocol):
    """The rest of publisher, as the ledger sees it."""

    def check_many(self, tx: Transaction, deliveries: Sequence[Delivery]) -> Mapping[str, Check | Exception]:
        """Say which of *deliveries* may still go out: their seals, and the policy with today's facts.

        Runs inside the transaction that opens the attempts: pure and fast, no network. Lateness and the posts' own
        states are the ledger's to check.

        Returns:
            By the deliveries' ids what is to be done with each, or what broke its check and no other's.
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

    def prepare_many(
        self, deliveries: Sequence[Delivery], *, within_seconds: float
    ) -> Mapping[str, Prepared | Exception]:
        """Prepare many together; as good as `prepare` of each.

        Args:
            deliveries: Which.
            within_seconds: After so long no other is begun: whoever takes long must not keep the rest waiting.

        Returns:
            By the deliveries' ids what was prepared, or why one could not be; one that was not begun is left out.
        """
        ...

    def limits(self, platform: str) -> Limits:
        """Return a platform's numbers."""
        ...
