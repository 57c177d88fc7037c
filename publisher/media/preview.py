"""Make the small JPEG that stands for an image or a video: in cards, and where a platform wants one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from publisher.media.exif import orientation_in
from publisher.media.facts import MediaRefused

if TYPE_CHECKING:
    from pathlib import Path

MAX_SIDE_PX = 1024
MAX_BYTES = 1024 * 1024
"""LINE takes previews of up to 1 MB: https://developers.line.biz/en/reference/messaging-api/#image-message."""

_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""EXIF orientations, and what shows them upright (CIPA DC-008, 4.6.5)."""
_QUALITIES = (85, 75, 60, 40)


def render_preview(source: Path, *, is_video: bool) -> bytes:
    """Draw the first picture of *source*, upright, at most 1,024 pixels a side and 1 MiB, as a JPEG.

    It carries no metadata, so it tells no place and no time.

    Raises:
        MediaRefused: `media_damaged` where there is no picture to draw.
    """
    from PIL import Image  # noqa: PLC0415 - as in `inspection`

    if is_video:
        return _jpeg(_first_frame(source))
    with Image.open(source) as image:
        image.load()
        turn = _TURNS.get(orientation_in(image))
        return _jpeg(image if turn is None else image.transpose(Image.Transpose[turn]))


def _first_frame(source: Path) -> Any:  # noqa: ANN401 - Pillow is imported late
    import av  # noqa: PLC0415 - as in `inspection`

    try:
        with av.open(str(source)) as container:
            frame = next(container.decode(video=0))
            turn = int(getattr(frame, "rotation", 0))
            # PyAV gives no types for it.
            return frame.to_image().rotate(turn, expand=True)  # type: ignore[no-untyped-call]
    except (av.FFmpegError, IndexError, StopIteration) as error:
        raise MediaRefused("media_damaged") from error


def _jpeg(image: Any) -> bytes:  # noqa: ANN401 - Pillow is imported late
    from PIL import Image  # noqa: PLC0415 - as in `inspection`

    image = image.convert("RGBA")
    image.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX))
    # What is see-through is shown on white: JPEG has no transparency.
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    drawn = b""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        flat.save(buffer, "JPEG", quality=quality, optimize=True)
        drawn = buffer.getvalue()
        if len(drawn) <= MAX_BYTES:
            break
    return drawn
