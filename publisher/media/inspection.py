"""Look into a file's bytes. Its name is believed in nothing but the wording of a refusal."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from publisher.media.exif import orientation_in
from publisher.media.facts import MediaFacts, MediaKind, MediaRefused
from publisher.media.location import tells_where
from publisher.media.sniffing import VIDEO_FORMATS, sniff

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024
MAX_IMAGE_MIB = 10
"""LINE and Facebook take no more; X takes 5, which its plan says."""
MAX_VIDEO_MIB = 512
"""X takes no more (https://docs.x.com/x-api/media/quickstart/best-practices, read 2026-11)."""
MAX_MEGAPIXELS = 50
"""More than a camera's photo of 10 MiB has; less than a file made to fill our memory (200 MB here). Ours."""
MAX_MEGAPIXELS_OF_ALL_FRAMES = 300
"""The frames of an animated image together; X takes no more (assumed: the page that said so is gone)."""

_TURNED = {5, 6, 7, 8}
"""EXIF orientations by which width and height change places."""

VIDEO_ENDINGS = {".mp4", ".mov", ".m4v", ".webm", ".avi", ".mkv", ".mpg", ".wmv"}


def inspect(path: Path, *, filename: str = "") -> MediaFacts:
    """Look into the file at *path*, all of it: a file that can't be shown to its end is refused.

    Args:
        path: The file.
        filename: What it was called where it came from; only chooses between two refusals.

    Raises:
        MediaRefused: With one of its codes.
    """
    size = path.stat().st_size
    if size == 0:
        raise MediaRefused("media_empty")
    mime = sniff(path)
    if mime is None:
        is_meant_as_video = any(filename.lower().endswith(ending) for ending in VIDEO_ENDINGS)
        raise MediaRefused("media_not_a_video" if is_meant_as_video else "media_not_an_image")
    limit = MAX_VIDEO_MIB if mime in VIDEO_FORMATS else MAX_IMAGE_MIB
    if size > limit * MIB:
        raise MediaRefused("media_too_large", mib=-(-size // MIB), limit=limit)
    return _inspect_video(path, mime, size) if mime in VIDEO_FORMATS else _inspect_image(path, mime, size)


def _inspect_image(path: Path, mime: str, size: int) -> MediaFacts:
    from PIL import Image  # noqa: PLC0415 - 0.1 s that `sns --help` need not pay

    # Pillow warns of what it thinks big, and refuses what it thinks an attack; for us both are too much.
    too_big = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(path) as image:
            _check_pixels(image.width * image.height)
            image.verify()
        with Image.open(path) as image:
            frames = int(getattr(image, "n_frames", 1))
            _check_pixels(image.width * image.height * frames, limit=MAX_MEGAPIXELS_OF_ALL_FRAMES)
            for number in range(frames):
                image.seek(number)
                image.load()
            is_turned = orientation_in(image) in _TURNED
            width, height = image.size[::-1] if is_turned else image.size
    except MediaRefused:
        raise
    except too_big as error:
        raise MediaRefused("media_too_many_pixels", limit=MAX_MEGAPIXELS) from error
    except Exception as error:
        # Pillow's decoders raise whatever a damaged file leads them to.
        raise MediaRefused("media_damaged") from error
    return MediaFacts(
        kind=MediaKind.IMAGE,
        mime=mime,
        size_bytes=size,
        width_px=width,
        height_px=height,
        is_animated=frames > 1,
        has_location=tells_where(path, mime),
    )


def _check_pixels(pixels: int, limit: int = MAX_MEGAPIXELS) -> None:
    if pixels > limit * 1_000_000:
        raise MediaRefused("media_too_many_pixels", limit=limit)


def _inspect_video(path: Path, mime: str, size: int) -> MediaFacts:
    import av  # noqa: PLC0415 - FFmpeg's libraries: 0.1 s and 40 MB

    if mime != "video/webm":
        _check_boxes(path, size)
    try:
        # The format is named, so that a file can't pose as a playlist and have others opened.
        with av.open(str(path), format=VIDEO_FORMATS[mime]) as container:
            stream = container.streams.video[0]
            first = next(container.decode(stream))
            turned = abs(int(getattr(first, "rotation", 0))) % 180 == 90  # noqa: PLR2004 - degrees
            width, height = (first.height, first.width) if turned else (first.width, first.height)
            duration = _duration(container, stream)
            codec = stream.codec_context.name
    except (av.FFmpegError, IndexError, StopIteration, ValueError) as error:
        raise MediaRefused("media_damaged") from error
    return MediaFacts(
        kind=MediaKind.VIDEO,
        mime=mime,
        size_bytes=size,
        width_px=width,
        height_px=height,
        duration_seconds=duration,
        codec=codec,
        has_location=tells_where(path, mime),
    )


def _duration(container: Any, stream: Any) -> float:  # noqa: ANN401 - PyAV is imported late
    """Read how long it lasts, in seconds."""
    if container.duration is not None:
        return float(round(container.duration / 1_000_000, 3))
    if stream.duration is not None:
        return round(float(stream.duration * stream.time_base), 3)
    raise MediaRefused("media_damaged")


def _check_boxes(path: Path, size: int) -> None:
    """Walk the file's outermost boxes: one that ends behind the file's end was cut off."""
    position = 0
    with path.open("rb") as stream:
        while position < size:
            stream.seek(position)
            header = stream.read(16)
            if len(header) < 8:  # noqa: PLR2004 - a box's length and name
                raise MediaRefused("media_damaged")
            length = struct.unpack(">I", header[:4])[0]
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            if length == 0:
                return
            position += length
            if length < 8 or position > size:  # noqa: PLR2004
                raise MediaRefused("media_damaged")
