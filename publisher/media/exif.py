"""Read the two things of EXIF that matter here. Pillow's own reader warns where we only want to know."""

from __future__ import annotations

import struct
from typing import Any

ORIENTATION = 0x0112
GPS_POINTER = 0x8825

_HEADERS = {b"II*\0": "<", b"MM\0*": ">"}
_ENTRY_BYTES = 12


def orientation_in(image: Any) -> int:  # noqa: ANN401 - Pillow is imported late
    """Tell how a picture has to be turned to be shown: 1 (upright) to 8; 1 where it doesn't say."""
    orientation = (first_directory(image) or {}).get(ORIENTATION, 1)
    return orientation if orientation in range(1, 9) else 1


def may_tell_where(image: Any) -> bool:  # noqa: ANN401
    """Tell whether the EXIF of a loaded picture points to a place, or can't be read and so may."""
    has_packed = any(str(name).startswith("Raw profile type") for name in image.info)
    directory = first_directory(image)
    return has_packed or directory is None or GPS_POINTER in directory


def first_directory(image: Any) -> dict[int, int] | None:  # noqa: ANN401
    """Read the first directory: each tag with the first number in its value; None where it can't be read."""
    exif = bytes(image.info.get("exif", b"")).removeprefix(b"Exif\0\0")
    if not exif:
        return {}
    order = _HEADERS.get(exif[:4])
    if order is None:
        return None
    try:
        (begin,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, begin)
        entries = [struct.unpack_from(f"{order}HHIH", exif, begin + 2 + _ENTRY_BYTES * n) for n in range(count)]
    except struct.error:
        return None
    return {tag: value for tag, _, _, value in entries}
