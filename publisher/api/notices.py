"""What a person must be told, and the box from which the courier takes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class NoticeKind(StrEnum):
    """What a person must be told. The courier renders each from the state at the moment of sending."""

    CARD = "card"
    """The card must be posted, or brought up to date. Coalesced by post."""
    DELIVERY = "delivery"
    """A delivery reached a state that people hear of (sent, failed, waiting for opening). In the card's thread.
    With the param `found` (an address, or the vendor's id) its post turned out to be there although it was given up: to
    the channel too."""
    ASK = "ask"
    """A delivery is in `asked`: the question with its buttons. In the card's thread, and to the channel."""
    HELD = "held"
    """A hold has stopped a delivery: the triage with its buttons once a person may decide. In the card's thread, and to
    the channel where it is related to the disaster."""
    DECIDED = "decided"
    """The author hears of a decision (params: decision, by, note; approved: publish_at). Direct message."""
    SIGN_OFF = "sign_off"
    """The managers hear that an emergency post awaits their 後閲. Channel."""
    ANSWER = "answer"
    """The outcome of an act, to the person who did it (params: code, number, …). Direct message."""
    REVIEW = "review"
    """Managers hear of whitelist entries whose day of review has passed (params: names, count). Direct message."""
    PERIOD = "period"
    """Authors and approvers hear which approved posts a period of the city's own touches (params: name, effect,
    starts_at, ends_at, reason, numbers). Direct message."""
    LEDGER = "ledger"
    """Managers hear that the ledger is held because it may be a copy (params: because, known_until, since). Direct
    message."""
    WATCH = "watch"
    """The watchdog tells what is late, stuck or gone (params: code, and what `chatops.messages.ja.watch` needs; of
    deliveries their ids). Direct message."""
    EXPIRED = "expired"
    """A post's latest useful time passed before it was approved. Thread and author."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that a person must be told, written in the transaction that caused it."""

    id: str
    city: str
    kind: NoticeKind
    number: str | None
    """The post it is about."""
    delivery: str | None
    person: str | None
    """To whom, where it is a person."""
    params: Mapping[str, str | int]
    attempts: int
    """How often it was tried before: more than 0 means that it may be there already."""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackRef:
    """A message in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A notice that Slack has not taken in time, on its way to one person by e-mail."""

    id: str
    notice: Notice
    person: str
    """Whose key; `ADMINS` for those who look after the machine."""
    address: str
    attempts: int
    """How often it was tried before."""


ADMINS: Final = "@admins"
"""Stands for those who look after the machine: `SNS_MAIL_ADMINS`. They are told by e-mail alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailState:
    """How it stands with what waits to go by e-mail."""

    waiting: int
    oldest_seconds: float
    """Since when the oldest waits; 0 where none does."""
    error: str
    """What the relay said last; empty where it was not tried, or is well."""


class MailBox(Protocol):
    """What the postman needs."""

    def plan(self, limit: int = 100) -> int:
        """Hand over to e-mail what Slack has not taken in time; return how many notices that were."""
        ...

    def take_over(self, notice: Notice) -> None:
        """Take a notice to somebody who has no Slack: by e-mail alone, where its kind goes by e-mail at all."""
        ...

    def claim(self, limit: int = 50) -> Sequence[Mail]:
        """Lease mails that are due, oldest first; what Slack has taken meanwhile is left out and ends."""
        ...

    def sent(self, mails: Sequence[Mail]) -> None:
        """Tick mails off that the relay has accepted."""
        ...

    def ended(self, mails: Sequence[Mail], outcome: str, error: str = "") -> None:
        """Tick mails off that will not be sent: `needless`, `refused`."""
        ...

    def failed(self, mails: Sequence[Mail], *, retry_after_seconds: float, error: str) -> None:
        """Put mails back for later; what was tried for a day is given up."""
        ...

    def state(self) -> MailState:
        """Return how many wait, for how long, and what the relay said last."""
        ...


class NoticeBox(Protocol):
    """What the courier needs: leases, and where the cards are."""

    def claim(self, limit: int = 20) -> Sequence[Notice]:
        """Lease up to *limit* notices that are due, oldest first; of one post's CARD notices only the newest."""
        ...

    def done(self, notice: Notice, ref: SlackRef | None = None) -> None:
        """Tick a notice off."""
        ...

    def failed(self, notice: Notice, *, retry_after_seconds: float, error: str) -> None:
        """Put a notice back for later."""
        ...

    def card_ref(self, city: str, number: str) -> SlackRef | None:
        """Return where a post's card is, or None."""
        ...

    def remember_card(self, city: str, number: str, ref: SlackRef) -> None:
        """Keep where a post's card is."""
        ...
