"""What is known of a file from its bytes, and the way to say no to one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class MediaKind(StrEnum):
    """What a file shows."""

    IMAGE = "image"
    VIDEO = "video"


EXTENSIONS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}
"""Every type we take, and the ending its files get, whatever they were called before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What was found in a file's bytes."""

    kind: MediaKind
    mime: str
    size_bytes: int
    width_px: int
    """As it is shown: an upright photo from a phone is higher than wide."""
    height_px: int
    duration_seconds: float | None = None
    codec: str = ""
    """A video's codec, as FFmpeg names it: `h264`, `vp9`."""
    is_animated: bool = False
    has_location: bool = False
    """True where the file tells where it was taken."""

    @property
    def extension(self) -> str:
        """The ending for such a file, without a dot."""
        return EXTENSIONS[self.mime]


class MediaRefused(Exception):  # noqa: N818 - an outcome, named for what happened
    """The file is refused; nothing of it was kept.

    Codes: `media_empty`, `media_too_large` (`mib`, `limit`), `media_not_an_image`, `media_not_a_video`,
    `media_type_unsupported` (`mime`), `media_damaged`, `media_too_many_pixels` (`limit`, in megapixels).
    """

    def __init__(self, code: str, **params: str | int) -> None:
        """Keep the *code* and its *params*; the faces make the sentence."""
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, str | int] = params
