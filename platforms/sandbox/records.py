"""What the stand-ins keep and show, as plain records."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Document = dict[str, Any]


class FaultKind(StrEnum):
    """How a stand-in can be told to misbehave."""

    ERROR_BEFORE = "500_before"
    ERROR_AFTER = "500_after_accepting"
    THROTTLED = "429"
    QUOTA = "quota_used_up"
    """Nothing more this month (LINE) or today (YouTube)."""
    HANG_AFTER = "hang_after_accepting"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after_accepting"
    GARBAGE_AFTER = "garbage_after_accepting"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the name of a fault

    @property
    def is_after(self) -> bool:
        """True where the stand-in does its work first, and then spoils the answer."""
        return self.value.endswith("_after_accepting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An order to misbehave, *times* times, for one verb of a vendor (`*`: any)."""

    vendor: str
    verb: str
    kind: FaultKind
    times: int = 1
    seconds: float = 30.0
    """How long a hang lasts before the connection is closed."""
    reset_seconds: float | None = None
    """When a 429 says to come back, where the vendor says so at all; None: the vendor's usual."""
    about: str | None = None
    """The text that the journal gives for a request whose body nobody looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account on a stand-in."""

    vendor: str
    handle: str
    external_id: str
    name: str
    secrets: Mapping[str, str]

    @property
    def key(self) -> str:
        """What the account's documents are kept under."""
        return self.external_id or self.handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request that reached a stand-in."""

    at: datetime
    vendor: str
    account: str | None
    """The account's handle, where the token told whose request it was."""
    verb: str
    method: str
    path: str
    key: str | None
    """The vendor's idempotency key, where it has one."""
    text: str | None
    outcome: str
    """`accepted` or `refused`: what the model did, whatever the answer said."""
    status: int | None
    """The HTTP status answered; None where the connection was closed without an answer."""
    fault: str | None
    external_id: str | None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """One request as it came in, for observers: tests hold it against the vendor's specification."""

    vendor: str
    method: str
    path: str
    """Below the vendor's prefix: as on the vendor's own host."""
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a stand-in answered by itself, no fault having spoilt it, for observers."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A medium on a timeline; *url* is where the stand-in shows it, or None where it has no bytes."""

    kind: str
    url: str | None
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One post on a timeline, as a citizen sees it."""

    external_id: str
    text: str
    at: str
    """ISO 8601, UTC."""
    author_handle: str
    title: str = ""
    media: tuple[Picture, ...] = ()
    is_repost_of: str | None = None
    url: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What citizens see of one account, newest first."""

    vendor: str
    handle: str
    name: str
    items: tuple[Item, ...]

    def as_json(self) -> Document:
        """Shape it as `/_sandbox/timelines` answers it."""
        return {
            "vendor": self.vendor,
            "account": {"handle": self.handle, "name": self.name},
            "items": [asdict(item) for item in self.items],
        }
