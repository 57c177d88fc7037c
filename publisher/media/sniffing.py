"""Tell a file's type from its first bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.media.facts import MediaRefused

if TYPE_CHECKING:
    from pathlib import Path

VIDEO_FORMATS = {"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "matroska"}
"""The videos we take, with the name of FFmpeg's reader."""

_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RECOGNISED = (
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF", "application/pdf"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
)
"""Types that we know and don't take: the refusal can name them."""

_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}
_QUICKTIME_BRAND = b"qt  "


def sniff(path: Path) -> str | None:
    """Tell the type of the file at *path*; None where it is neither an image nor a video.

    Raises:
        MediaRefused: `media_type_unsupported` where it is one that we don't take (`mime`).
    """
    with path.open("rb") as stream:
        head = stream.read(64)
    for signature, mime in _SIGNATURES:
        if head.startswith(signature):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _HEIF_BRANDS:
            raise MediaRefused("media_type_unsupported", mime="image/avif" if brand == b"avif" else "image/heic")
        return "video/quicktime" if brand == _QUICKTIME_BRAND else "video/mp4"
    if head[4:8] in {b"moov", b"mdat", b"wide", b"free"}:
        return "video/quicktime"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        raise MediaRefused("media_type_unsupported", mime="video/x-msvideo")
    for signature, mime in _RECOGNISED:
        if head.startswith(signature):
            raise MediaRefused("media_type_unsupported", mime=mime)
    return None
