"""YouTube's numbers, and what it would make of a message. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from platforms.port import Capability, Length, Limits, MediaKind, Message, Per, Plan, Quota, Remark

if TYPE_CHECKING:
    from platforms.port import Media

NAME = "youtube"

MAX_TITLE_CHARS = 100
"""https://developers.google.com/youtube/v3/docs/videos#snippet.title (read 2026-11). We count UTF-16 units, the
strictest reading of "characters": an emoji is two."""

MAX_DESCRIPTION_BYTES = 5_000
"""https://developers.google.com/youtube/v3/docs/videos#snippet.description (read 2026-11): bytes of UTF-8."""

FORBIDDEN = "<>"
"""Neither title nor description may hold them: the same two places (read 2026-11)."""

MAX_VIDEO_BYTES = 274_877_906_944
"""256 GiB: `maxSize` of videos.insert in the discovery document, revision 20261104."""

VERIFIED_ONLY_SECONDS = 15 * 60
"""A channel that is not verified takes no longer video: https://support.google.com/youtube/answer/71673
(read 2026-11)."""

LIMITS = Limits(
    capabilities=frozenset({Capability.VIDEO, Capability.TITLE, Capability.DELETE}),
    # Every step is repeated safely: an upload session makes one video, and making it public is an update.
    absence=None,
    max_images=0,
    concurrency=2,
    timeout_seconds=60.0,
    # https://developers.google.com/youtube/v3/getting-started#quota (videos.insert), read 2026-11-21: of a project, so
    # channels that share one need smaller numbers in the city file.
    quotas=(Quota(calls=100, per=Per.DAY, zone="America/Los_Angeles"),),
)


def plan(message: Message) -> Plan:
    """Work out what would be sent to a channel for *message*."""
    title = unicodedata.normalize("NFC", " ".join(message.title.split()))
    text = unicodedata.normalize("NFC", message.text.replace("\r\n", "\n").strip())
    videos = tuple(media for media in message.media if media.kind is MediaKind.VIDEO)
    lengths = (
        Length(used=utf16_units(title), limit=MAX_TITLE_CHARS, unit="chars", field="title"),
        Length(used=len(text.encode()), limit=MAX_DESCRIPTION_BYTES, unit="bytes"),
    )
    return Plan(
        platform=NAME,
        text=text,
        title=title,
        media=videos,
        lengths=lengths,
        notes=tuple(_notes(message, videos)),
        refusals=tuple(_refusals(title, text, lengths, videos)),
    )


def utf16_units(text: str) -> int:
    """Count UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _notes(message: Message, videos: tuple[Media, ...]) -> list[Remark]:
    notes = []
    images = len(message.media) - len(videos)
    if images:
        notes.append(Remark(code="images_left_out", params={"count": images}))
    if any(video.alt for video in videos):
        notes.append(Remark(code="video_alt_left_out"))
    if any((video.duration_seconds or 0) > VERIFIED_ONLY_SECONDS for video in videos):
        notes.append(Remark(code="youtube_verified_only", params={"minutes": VERIFIED_ONLY_SECONDS // 60}))
    return notes


def _refusals(title: str, text: str, lengths: tuple[Length, ...], videos: tuple[Media, ...]) -> list[Remark]:
    refusals = []
    if not videos:
        refusals.append(Remark(code="youtube_needs_video"))
    if len(videos) > 1:
        refusals.append(Remark(code="too_many_videos", params={"count": len(videos), "limit": 1}))
    if not title:
        refusals.append(Remark(code="youtube_needs_title"))
    refusals += [
        Remark(
            code=f"{length.field}_too_long",
            params={"used": length.used, "limit": length.limit, "unit": length.unit},
        )
        for length in lengths
        if length.is_over
    ]
    refusals += [
        Remark(code="youtube_forbidden_characters", params={"field": field})
        for field, value in (("title", title), ("text", text))
        if any(character in value for character in FORBIDDEN)
    ]
    refusals += [
        Remark(
            code="video_too_large",
            params={"number": number, "bytes": video.size_bytes, "limit": MAX_VIDEO_BYTES},
        )
        for number, video in enumerate(videos, start=1)
        if video.size_bytes > MAX_VIDEO_BYTES
    ]
    return refusals
