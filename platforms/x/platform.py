"""What X takes, worked out before anything is sent."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.http import CONNECT_TIMEOUT_SECONDS, proxy_for
from platforms.links import find_links
from platforms.port import (
    AbsenceRule,
    Capability,
    Endpoints,
    Length,
    Limits,
    Media,
    MediaKind,
    Message,
    Plan,
    Quota,
    Remark,
)
from platforms.weighted import MAX_WEIGHTED_CHARS, has_invalid_characters, weighted_length
from platforms.x.tokens import TRIED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from platforms.port import AccountRef
    from platforms.x.session import XSession
    from platforms.x.wire import XClients

# https://docs.x.com/x-api/media/quickstart/best-practices, read 2026-11-21
MAX_IMAGES = 4
MAX_IMAGE_BYTES = 5 * 1024 * 1024
MAX_GIF_BYTES = 15 * 1024 * 1024
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
MAX_VIDEO_BYTES = 512 * 1024 * 1024
MIN_VIDEO_SECONDS, MAX_VIDEO_SECONDS = 0.5, 140.0
VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime"})
MAX_ALT_CHARS = 1000

# https://docs.x.com/x-api/getting-started/pricing, read 2026-11-21 (in force since 2026-04-20)
COST_MICRO_USD = 15_000
COST_WITH_LINK_MICRO_USD = 200_000

LIMITS = Limits(
    capabilities=frozenset(
        {
            Capability.TEXT,
            Capability.IMAGES,
            Capability.VIDEO,
            Capability.ALT_TEXT,
            Capability.REPOST,
            Capability.DELETE,
        }
    ),
    absence=AbsenceRule(reads=2, seconds_apart=30.0),
    max_images=MAX_IMAGES,
    concurrency=4,
    timeout_seconds=30.0,
    # https://docs.x.com/x-api/fundamentals/rate-limits (posts, per user, per 15 minutes), read 2026-11-21; the three
    # hours, reposts counted in, from X's older page on limits. Where the pages differ, the smaller number.
    quotas=(Quota(calls=100, seconds=15 * 60), Quota(calls=300, seconds=3 * 60 * 60)),
)


class XPlatform:
    """X, reached at *endpoints*.

    Our accounts sign with OAuth 1.0a (four secrets that do not expire): an OAuth 2.0 user token lives two
    hours and its refresh token changes at each use, so a restored backup would lock the account out.

    Args:
        endpoints: Where the API is.
        now: The clock (aware UTC).
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    name = "x"
    limits = LIMITS
    secret_fields: tuple[str, ...] = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")

    def __init__(
        self,
        endpoints: Endpoints,
        *,
        now: Callable[[], datetime],
        ca_file: str | None = None,
        timeout_seconds: float = LIMITS.timeout_seconds,
    ) -> None:
        self._endpoints = endpoints
        self._now = now
        self._ca_file = ca_file
        self._clients: XClients | None = None
        self._timeout = (min(CONNECT_TIMEOUT_SECONDS, timeout_seconds), timeout_seconds)

    def plan(self, message: Message) -> Plan:
        """Work out the post: NFC text, its weighted length, its media, what X charges."""
        text = unicodedata.normalize("NFC", message.text.strip())
        length = Length(used=weighted_length(text), limit=MAX_WEIGHTED_CHARS, unit="weighted")
        return Plan(
            platform=self.name,
            text=text,
            media=message.media,
            lengths=(length,),
            notes=(Remark(code="title_left_out"),) if message.title else (),
            refusals=(*_text_refusals(text, length, has_media=bool(message.media)), *_media_refusals(message.media)),
            cost_micro_usd=COST_WITH_LINK_MICRO_USD if find_links(text) else COST_MICRO_USD,
            opening_token=None if message.media else TRIED,  # media are sent ahead of the post, and `find` reads anyway
        )

    def app_of(self, secrets: Mapping[str, str]) -> str | None:
        """Return a digest of the app's key: its day of 24 hours and its credits are counted over all its accounts."""
        key = secrets.get("consumer_key")
        return sha256(key.encode()).hexdigest() if key else None

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> XSession:
        """Bind *account* to its secrets.

        An OAuth 1.0a access token begins with the id of the user who gave it: one of another account is refused here,
        before anything goes out from there.

        Raises:
            NeedsPerson: A secret is missing, or the token is another account's.
        """
        from platforms.x.client import XClient  # noqa: PLC0415 - tweepy takes 0.1 s to import
        from platforms.x.session import XSession  # noqa: PLC0415 - the same
        from platforms.x.wire import KeptConnections, XClients  # noqa: PLC0415 - the same

        for name in self.secret_fields:
            if not secrets.get(name):
                raise NeedsPerson("secret_missing", who=Who.IT, params={"field": name, "platform": self.name})
        owner, hyphen, _ = secrets["access_token"].partition("-")
        if hyphen and owner.isdigit() and account.external_id and owner != account.external_id:
            params = {"platform": self.name, "expected": account.external_id, "found": owner}
            raise NeedsPerson("wrong_account", who=Who.IT, params=params)
        if self._clients is None:
            connections = KeptConnections(self._ca_file, proxy=proxy_for(self._endpoints.x))
            self._clients = XClients(self._endpoints.x, self._timeout, connections)
        client = XClient(self._clients, tuple(secrets[name] for name in self.secret_fields), now=self._now)
        is_real = self._endpoints.x == Endpoints().x
        web_url = "https://x.com" if is_real else self._endpoints.x
        return XSession(client, account, web_url=web_url, now=self._now)

    def close(self) -> None:
        """Close the connections that are kept; the next call opens new ones."""
        if self._clients is not None:
            self._clients.close()


def _text_refusals(text: str, length: Length, *, has_media: bool) -> Iterator[Remark]:
    if not text and not has_media:
        yield Remark(code="text_empty")
    if length.is_over:
        yield Remark(code="text_too_long", params={"used": length.used, "limit": length.limit, "unit": length.unit})
    if has_invalid_characters(text):
        yield Remark(code="text_invalid_character")


def _media_refusals(media: tuple[Media, ...]) -> Iterator[Remark]:
    moving = [each for each in media if each.kind is MediaKind.VIDEO or each.mime == "image/gif"]
    if moving and len(media) > 1:
        yield Remark(code="media_mixed")
    elif len(media) > MAX_IMAGES:
        yield Remark(code="too_many_images", params={"count": len(media), "limit": MAX_IMAGES})
    for number, each in enumerate(media, start=1):
        yield from _video_refusals(each, number) if each.kind is MediaKind.VIDEO else _image_refusals(each, number)
        if len(each.alt) > MAX_ALT_CHARS:
            yield Remark(code="alt_too_long", params={"number": number, "used": len(each.alt), "limit": MAX_ALT_CHARS})


def _image_refusals(image: Media, number: int) -> Iterator[Remark]:
    limit = MAX_GIF_BYTES if image.mime == "image/gif" else MAX_IMAGE_BYTES
    if image.mime not in IMAGE_TYPES:
        yield Remark(code="image_type", params={"number": number, "mime": image.mime})
    if image.size_bytes > limit:
        yield Remark(code="image_too_large", params={"number": number, "bytes": image.size_bytes, "limit": limit})


def _video_refusals(video: Media, number: int) -> Iterator[Remark]:
    if video.mime not in VIDEO_TYPES:
        yield Remark(code="video_type", params={"number": number, "mime": video.mime})
    if video.size_bytes > MAX_VIDEO_BYTES:
        yield Remark(
            code="video_too_large", params={"number": number, "bytes": video.size_bytes, "limit": MAX_VIDEO_BYTES}
        )
    seconds = video.duration_seconds
    if seconds is not None and not MIN_VIDEO_SECONDS <= seconds <= MAX_VIDEO_SECONDS:
        yield Remark(
            code="video_duration",
            params={"number": number, "seconds": round(seconds), "limit": round(MAX_VIDEO_SECONDS)},
        )
