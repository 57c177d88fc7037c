"""The port: what publisher asks of a platform, and in which words.

A `Platform` is a vendor (`x`, `line`, …): its limits and a pure `plan`. A `Session` is one account of ours on
it, bound to its secrets: it publishes and finds. What only some platforms can do is a small protocol of
its own (`Reposts`), asked with `isinstance`; `Limits.capabilities` says the same before a session exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta
    from pathlib import Path

LOST: Final = "lost"
"""A `resume` for `Session.find` alone: there may have been calls whose tokens nobody has any more."""


class MediaKind(StrEnum):
    """What a file shows."""

    IMAGE = "image"
    VIDEO = "video"


class Capability(StrEnum):
    """What an account can be asked to do on a platform."""

    TEXT = "text"
    """A post of text alone."""
    IMAGES = "images"
    VIDEO = "video"
    ALT_TEXT = "alt_text"
    REPOST = "repost"
    """Repost another account's post."""
    DELETE = "delete"
    TITLE = "title"
    """A title of its own beside the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file of ours, already looked into: nothing is guessed from its name."""

    kind: MediaKind
    path: Path
    sha256: str
    mime: str
    """The type found in the bytes: `image/jpeg`, `image/png`, `image/gif`, `image/webp`, `video/mp4`, …"""
    size_bytes: int
    width_px: int
    height_px: int
    duration_seconds: float | None = None
    alt: str = ""
    url: str | None = None
    """Where the platform can fetch the very bytes, or None where the product has no public address."""
    preview_url: str | None = None
    """A smaller JPEG of an image (or a frame of a video), for platforms that want one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person wants said on one account: its variant of a version."""

    text: str
    """The body; on YouTube the description."""
    title: str = ""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to tell the author about a plan: a code of ours with its parameters, no sentence."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How much of a platform's room a text takes, in the platform's own unit."""

    used: int
    limit: int
    unit: str
    """`weighted` (X), `utf16` (LINE), `chars` (Facebook, a YouTube title), `bytes` (a YouTube description)."""
    field: str = "text"
    """Which field is counted: `text` or `title`."""

    @property
    def is_over(self) -> bool:
        """True where the text does not fit."""
        return self.used > self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be sent, exactly, for one message: the preview shows it, `Session.publish` sends it."""

    platform: str
    text: str
    """The text as the platform will be given it."""
    title: str = ""
    media: tuple[Media, ...] = ()
    lengths: tuple[Length, ...] = ()
    notes: tuple[Remark, ...] = ()
    """What the reader will see differently from the draft (left out, cut, not carried)."""
    refusals: tuple[Remark, ...] = ()
    """Why it cannot be sent as it is. Not empty: nothing is sent."""
    cost_micro_usd: int = 0
    """What the vendor charges for this call, where it is known."""
    opening_token: str | None = None
    """What `Session.publish` gives to its `checkpoint` first of all, before anything that can fail or take time.

    Known beforehand, it can be kept in the very transaction that opens the attempt. None: it is not known, or `find`
    tells by it whether the call came so far."""

    @property
    def is_refused(self) -> bool:
        """True where the platform would not take it."""
        return bool(self.refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that the platform has it: an id that was returned, or read back."""

    external_id: str
    url: str | None
    """Where a citizen sees it; None where the platform gives posts no address (LINE)."""
    at: datetime
    """When the platform says it took it, else when we heard so. Aware UTC."""
    is_repeat: bool = False
    """True where the platform answered that it had it already, or where it was read back."""
    full_until: datetime | None = None
    """Until when the platform takes nothing more from this account, where it said so with this answer. Aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The platform has the bytes and is still working on them."""

    token: str
    """What `Session.poll` needs; opaque, storable, no secret."""
    check_after_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The post is there: its receipt was read back."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeToRepeat:
    """Calling `publish` again with the same key and resume token cannot make a second post."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSeen:
    """The post was not seen in this read. Whether that proves anything is `Limits.absence`'s to say."""


Finding = Found | SafeToRepeat | NotSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRule:
    """After how many reads, how far apart, a post that is not seen counts as proven absent."""

    reads: int
    seconds_apart: float


class Per(StrEnum):
    """A window that begins by the calendar."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many calls that publish something an account may make in a window of time.

    The window is either the last so many seconds, or a day or month of the calendar in a time zone.
    """

    calls: int
    seconds: int | None = None
    per: Per | None = None
    """Needed where *seconds* is None."""
    zone: str = "Asia/Tokyo"
    """The time zone in which a day or month begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A platform's numbers, each with its source in the adapter's module."""

    capabilities: frozenset[Capability]
    absence: AbsenceRule | None
    """None: not seeing a post proves nothing, so a person is asked."""
    max_images: int
    concurrency: int
    """How many calls one account may have under way."""
    timeout_seconds: float
    key_life: timedelta | None = None
    """How long after the first call a repeat under the same key is guarded by the platform. Afterwards it could make a
    second post, whatever `Session.find` said before. None: no key, or one that does not end."""
    quotas: tuple[Quota, ...] = ()
    """What the vendor publishes; a city file may say otherwise for an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRef:
    """One account of ours on a platform, as the city file names it."""

    key: str
    """`kashiwa_shi`: the city's own key."""
    handle: str
    """The public name on the platform (X user name, page, channel)."""
    external_id: str
    """The vendor's id (X user id, page id, channel id); empty where the vendor needs none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Base addresses of the vendors, without a trailing slash. Secrets go to these and nowhere else."""

    x: str = "https://api.x.com"
    line: str = "https://api.line.me"
    line_data: str = "https://api-data.line.me"
    facebook: str = "https://graph.facebook.com"
    facebook_video: str = "https://graph-video.facebook.com"
    youtube: str = "https://youtube.googleapis.com"
    google_token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class Session(Protocol):
    """One account of ours, ready to be used from one thread at a time.

    It is made for one delivery; what is dear to make, its platform keeps.
    """

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Send *plan*.

        Args:
            plan: A plan without refusals.
            key: The delivery's id, a UUID: the same at every repeat.
            resume: What the last attempt gave to *checkpoint*, or None.
            checkpoint: Stores a resume token durably before the call goes on; called with what
                makes a repeat safe (an upload session, the id of an object that is not yet public), also with the
                plan's `opening_token`. What it raises goes up: nothing may be public by then.

        Raises:
            PlatformError: One of its five kinds.
        """
        ...

    def poll(self, token: str) -> Receipt | Pending:
        """Ask how far the platform is with what `publish` left *Pending*.

        Raises:
            PlatformError: One of its five kinds.
        """
        ...

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Finding:
        """Look whether an earlier, ambiguous `publish` went through. Never posts.

        Args:
            plan: What was sent.
            key: The delivery's id.
            resume: The last resume token, or None.
            since: When the first attempt was opened (aware UTC).

        Raises:
            PlatformError: One of its five kinds; nothing was learnt.
        """
        ...


@runtime_checkable
class Reposts(Protocol):
    """A session that can repost. Reposting is idempotent: it may be repeated freely."""

    def repost(self, source_id: str) -> Receipt:
        """Repost the post with the vendor's id *source_id*.

        Raises:
            PlatformError: One of its five kinds.
        """
        ...


@runtime_checkable
class Deletes(Protocol):
    """A session that can take a post of ours back. Deleting is idempotent: it may be repeated freely."""

    def delete(self, external_id: str) -> Receipt:
        """Delete the post with the vendor's id *external_id*; one that is gone already counts as deleted.

        Returns:
            A receipt with the same id and no address; `is_repeat` where it was gone before.

        Raises:
            PlatformError: One of its five kinds.
        """
        ...


@runtime_checkable
class UndoesReposts(Protocol):
    """A session that can take a repost back. Undoing is idempotent: it may be repeated freely."""

    def undo_repost(self, source_id: str) -> Receipt:
        """Take back the repost of the post with the vendor's id *source_id*; none being there counts as done.

        Raises:
            PlatformError: One of its five kinds.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the platform shows of a post of ours at a moment: kept as evidence before a deletion."""

    text: str | None
    """The text that the platform returns, as a reader sees it there; None where it returns none."""
    title: str = ""
    """The title, on a platform that has one beside the text."""
    figures: Mapping[str, int]
    """How far it went: `likes`, `reactions`, `reposts`, `shares`, `quotes`, `replies`, `comments`, `bookmarks`,
    `views`. Only what the platform told: one that is missing is not known, which is not 0."""
    at: datetime
    """When it was read. Aware UTC."""


@runtime_checkable
class Measures(Protocol):
    """A session that can read a post of ours back with its figures. Changes nothing."""

    def measure(self, external_id: str) -> Measured:
        """Read the post with the vendor's id *external_id*.

        Raises:
            PlatformError: One of its five kinds; `Rejected` with the code `post_gone` where it is there no more.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose account a vendor says that our secrets open."""

    external_id: str
    """The vendor's id, as `AccountRef.external_id` has it; empty where the city file needs none."""
    names: tuple[str, ...]
    """What it is called there, the public name first."""


@runtime_checkable
class Identifies(Protocol):
    """A session that can ask whose account its secrets open. Changes nothing."""

    def whoami(self) -> Identity:
        """Ask by a read call that leaves nothing behind.

        Raises:
            PlatformError: Any kind but `PerhapsSent`.
        """
        ...


@runtime_checkable
class SharesQuota(Protocol):
    """A platform that counts some calls of several accounts together, because they use one app of the vendor's."""

    def app_of(self, secrets: Mapping[str, str]) -> str | None:
        """Return what names the app that an account's *secrets* belong to (no secret itself), or None."""
        ...


@runtime_checkable
class KeepsConnections(Protocol):
    """A platform that keeps connections open from one session to the next."""

    def close(self) -> None:
        """Close those that are not in use; the next session opens new ones."""
        ...


class Platform(Protocol):
    """A vendor: its numbers, its pure plan, and the way to an account."""

    name: str
    """`x`, `line`, `facebook`, `youtube`."""
    limits: Limits
    secret_fields: tuple[str, ...]
    """The names of the secrets an account needs, as `sns credentials set` asks for them."""

    def plan(self, message: Message) -> Plan:
        """Work out what would be sent. Pure: no network, no clock, no file is opened."""
        ...

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> Session:
        """Bind an account to its secrets. Does no I/O.

        Raises:
            NeedsPerson: A secret is missing (`secret_missing`, param `field`).
        """
        ...
