"""Facebook's numbers, and what it would make of a message. Pure.

Numbers marked *assumed* stand on no page of the vendor that we could read; each is only ever used to say no
earlier than the vendor would.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from platforms.port import Capability, Length, Limits, MediaKind, Message, Plan, Remark

if TYPE_CHECKING:
    from platforms.port import Media

NAME = "facebook"

MAX_CHARS = 63_206
"""Characters of a post. Assumed: no page of the vendor says it; publishing tools agree on it (read 2026-11)."""

MAX_IMAGES = 10
"""Photos of a post. Assumed: no page of the vendor says it; publishing tools agree on it (read 2026-11)."""

MAX_IMAGE_BYTES = 10 * 1024 * 1024
"""https://developers.facebook.com/docs/graph-api/reference/page/photos (read 2026-11)."""

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"})
"""https://developers.facebook.com/docs/graph-api/reference/page/photos (read 2026-11). WebP is not among them."""

MAX_VIDEO_BYTES = 10_000_000_000
"""10 GB. https://developers.facebook.com/docs/graph-api/video-uploads (read 2026-11)."""

MAX_VIDEO_SECONDS = 4 * 60 * 60
"""4 hours. https://developers.facebook.com/docs/graph-api/video-uploads (read 2026-11)."""

MAX_TITLE_CHARS = 255
"""A video's title. Assumed: no page of the vendor says it; publishing tools agree on it (read 2026-11)."""

LIMITS = Limits(
    capabilities=frozenset(
        {
            Capability.TEXT,
            Capability.IMAGES,
            Capability.VIDEO,
            Capability.ALT_TEXT,
            Capability.DELETE,
            Capability.TITLE,
        }
    ),
    # Graph has no idempotency key, and a post may show up late in `published_posts`: not seeing it proves nothing.
    absence=None,
    max_images=MAX_IMAGES,
    # 506 looks at the post before this one, so two at once would blur it.
    concurrency=1,
    timeout_seconds=30.0,
)


def plan(message: Message) -> Plan:
    """Work out what would be sent to a Page for *message*."""
    text = unicodedata.normalize("NFC", message.text.replace("\r\n", "\n").strip())
    videos = [media for media in message.media if media.kind is MediaKind.VIDEO]
    title = unicodedata.normalize("NFC", " ".join(message.title.split())) if videos else ""
    lengths = [Length(used=len(text), limit=MAX_CHARS, unit="chars")]
    if title:
        lengths.append(Length(used=len(title), limit=MAX_TITLE_CHARS, unit="chars", field="title"))
    return Plan(
        platform=NAME,
        text=text,
        title=title,
        media=message.media,
        lengths=tuple(lengths),
        notes=tuple(_notes(message, videos)),
        refusals=tuple(_refusals(text, lengths, message.media, videos)),
    )


def _notes(message: Message, videos: list[Media]) -> list[Remark]:
    notes = []
    if message.title.strip() and not videos:
        notes.append(Remark(code="title_left_out"))
    if any(video.alt for video in videos):
        notes.append(Remark(code="video_alt_left_out"))
    return notes


def _refusals(text: str, lengths: list[Length], media: tuple[Media, ...], videos: list[Media]) -> list[Remark]:
    refusals = []
    if not text and not media:
        refusals.append(Remark(code="text_empty"))
    refusals += [too_long(length) for length in lengths if length.is_over]
    images = [each for each in media if each.kind is MediaKind.IMAGE]
    if videos and images:
        refusals.append(Remark(code="media_mixed"))
    if len(videos) > 1:
        refusals.append(Remark(code="too_many_videos", params={"count": len(videos), "limit": 1}))
    if len(images) > MAX_IMAGES:
        refusals.append(Remark(code="too_many_images", params={"count": len(images), "limit": MAX_IMAGES}))
    for number, each in enumerate(media, start=1):
        refusals += _refusals_of_file(each, number)
    return refusals


def too_long(length: Length) -> Remark:
    """Say that a text doesn't fit."""
    params: dict[str, str | int] = {"used": length.used, "limit": length.limit, "unit": length.unit}
    return Remark(code=f"{length.field}_too_long", params=params)


def _refusals_of_file(media: Media, number: int) -> list[Remark]:
    """Look at one file; *number* counts from 1, as people do."""
    refusals = []
    is_image = media.kind is MediaKind.IMAGE
    if is_image and media.mime not in IMAGE_TYPES:
        refusals.append(Remark(code="image_type", params={"number": number, "mime": media.mime}))
    limit = MAX_IMAGE_BYTES if is_image else MAX_VIDEO_BYTES
    if media.size_bytes > limit:
        params = {"number": number, "bytes": media.size_bytes, "limit": limit}
        refusals.append(Remark(code=f"{media.kind}_too_large", params=params))
    if (media.duration_seconds or 0) > MAX_VIDEO_SECONDS:
        seconds = round(media.duration_seconds or 0)
        params = {"number": number, "seconds": seconds, "limit": MAX_VIDEO_SECONDS}
        refusals.append(Remark(code="video_duration", params=params))
    return refusals
