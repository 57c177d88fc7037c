"""What LINE takes, worked out before anything is sent. Pure."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from platforms.http import is_loopback
from platforms.port import Capability, Length, Limits, Media, MediaKind, Message, Plan, Quota, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "line"

# https://developers.line.biz/en/reference/messaging-api/ (message objects), read 2026-11-21
MAX_TEXT_UTF16 = 5000
MAX_MESSAGES = 5
IMAGE_TYPES = frozenset({"image/jpeg", "image/png"})
MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_PREVIEW_BYTES = 1024 * 1024
VIDEO_TYPES = frozenset({"video/mp4"})
MAX_VIDEO_BYTES = 200 * 1024 * 1024
MAX_URL_CHARS = 2000
MAX_ALT_CHARS = 400

# https://developers.line.biz/en/docs/messaging-api/retrying-api-request/, read 2026-11-21
RETRY_KEY_LIFE: Final = timedelta(hours=24)
KEY_MARGIN: Final = timedelta(minutes=10)
"""Taken off the key's life, for clocks that differ and a call under way."""

LIMITS = Limits(
    capabilities=frozenset({Capability.TEXT, Capability.IMAGES, Capability.VIDEO, Capability.ALT_TEXT}),
    absence=None,
    max_images=MAX_MESSAGES - 1,
    concurrency=2,
    timeout_seconds=30.0,
    # https://developers.line.biz/en/reference/messaging-api/#rate-limits (broadcast), read 2026-11-21
    quotas=(Quota(calls=60, seconds=60 * 60),),
    key_life=RETRY_KEY_LIFE - KEY_MARGIN,
)


def plan(message: Message) -> Plan:
    """Work out the broadcast: its text in UTF-16 units, and whether LINE can fetch its media."""
    text = unicodedata.normalize("NFC", message.text.strip())
    length = Length(used=_utf16_length(text), limit=MAX_TEXT_UTF16, unit="utf16")
    return Plan(
        platform=NAME,
        text=text,
        media=message.media,
        lengths=(length,),
        notes=tuple(_notes(message)),
        refusals=tuple(_refusals(text, length, message.media)),
    )


def _utf16_length(text: str) -> int:
    """Count as LINE counts: UTF-16 code units, so an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def _notes(message: Message) -> Iterator[Remark]:
    if message.title:
        yield Remark(code="title_left_out")
    for number, each in enumerate(message.media, start=1):
        if len(each.alt) > MAX_ALT_CHARS:
            yield Remark(code="alt_cut", params={"number": number, "limit": MAX_ALT_CHARS})


def _refusals(text: str, length: Length, media: tuple[Media, ...]) -> Iterator[Remark]:
    if not text and not media:
        yield Remark(code="text_empty")
    if length.is_over:
        yield Remark(code="text_too_long", params={"used": length.used, "limit": length.limit, "unit": length.unit})
    room = MAX_MESSAGES - bool(text)
    if len(media) > room:
        yield Remark(code="too_many_images", params={"count": len(media), "limit": room})
    if any(each.url is None for each in media):
        yield Remark(code="line_needs_media_address")
    for number, each in enumerate(media, start=1):
        yield from _video_refusals(each, number) if each.kind is MediaKind.VIDEO else _image_refusals(each, number)
        yield from _address_refusals(each, number)


def _image_refusals(image: Media, number: int) -> Iterator[Remark]:
    if image.mime not in IMAGE_TYPES:
        yield Remark(code="image_type", params={"number": number, "mime": image.mime})
    if image.size_bytes > MAX_IMAGE_BYTES:
        yield Remark(
            code="image_too_large", params={"number": number, "bytes": image.size_bytes, "limit": MAX_IMAGE_BYTES}
        )
    elif image.url and not image.preview_url and image.size_bytes > MAX_PREVIEW_BYTES:
        yield Remark(code="line_needs_preview", params={"number": number})


def _video_refusals(video: Media, number: int) -> Iterator[Remark]:
    if video.mime not in VIDEO_TYPES:
        yield Remark(code="video_type", params={"number": number, "mime": video.mime})
    if video.size_bytes > MAX_VIDEO_BYTES:
        yield Remark(
            code="video_too_large", params={"number": number, "bytes": video.size_bytes, "limit": MAX_VIDEO_BYTES}
        )
    if video.url and not video.preview_url:
        yield Remark(code="line_needs_preview", params={"number": number})


def _address_refusals(medium: Media, number: int) -> Iterator[Remark]:
    """LINE fetches over HTTPS only; on loopback (the stand-in) plain HTTP does."""
    for url in filter(None, (medium.url, medium.preview_url)):
        if not url.startswith("https://") and not is_loopback(url):
            yield Remark(code="line_needs_https", params={"number": number})
        if len(url) > MAX_URL_CHARS:
            yield Remark(code="line_address_too_long", params={"number": number, "limit": MAX_URL_CHARS})
