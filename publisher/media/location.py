"""Where a picture was taken is nobody's business: find it, and take it out without touching a pixel.

A photo of a child-rearing consultation, or of an inspector at somebody's door, must not carry an address.
Image data is copied byte for byte. What goes is everything that can hold a place: EXIF, XMP, IPTC, comments,
and whatever follows the picture's end (phones put further pictures there, with data of their own). What stays
of EXIF is the orientation alone, without which a phone's photo would lie on its side.
In a video the boxes `udta` and `meta` are renamed to `free`, which players skip; a separate track of positions,
as action cameras record one, is not looked for.
"""

from __future__ import annotations

import shutil
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

from publisher.media.exif import ORIENTATION, may_tell_where, orientation_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_XMP_PLACES = (b"GPSLatitude", b"GPSLongitude", b"photoshop:City", b"Iptc4xmpCore:Location", b"LocationCreated")
_IPTC_PLACES = (b"\x1c\x02\x5a", b"\x1c\x02\x5c", b"\x1c\x02\x64", b"\x1c\x02\x65")
"""IIM records 2:90 City, 2:92 Sub-location, 2:100 and 2:101 Country (IPTC IIM 4.2, section 6)."""

_MARKER, _START_OF_SCAN, _END_OF_IMAGE, _APP13 = 0xFF, 0xDA, 0xD9, 0xED
_COLOUR = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""JPEG segments without which the colours are wrong: the profile in APP2, the transform in APP14."""
_JPEG_SEGMENTS_OUT = {*range(0xE1, 0xF0), 0xFE}
"""APP1 to APP15 and the comment."""
_RESTARTS = range(0xD0, 0xD8)

_PNG_CHUNKS_OUT = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_VIDEO_PLACES = ("location", "location-eng", "com.apple.quicktime.location.iso6709")
_VIDEO_BOXES = {b"moov", b"trak"}
_VIDEO_BOXES_OUT = {b"udta", b"meta", b"uuid"}

REMOVABLE = {"image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime"}
"""Types that `write_without_location` can free."""


def tells_where(path: Path, mime: str) -> bool:
    """Tell whether the file says where it was taken."""
    if mime.startswith("video/"):
        return _video_tells_where(path)
    from PIL import Image  # noqa: PLC0415 - as in `inspection`

    with Image.open(path) as image:
        image.load()  # a PNG may keep its EXIF behind the picture
        if may_tell_where(image):
            return True
    data = path.read_bytes()
    return any(mark in data for mark in _XMP_PLACES) or (
        mime == "image/jpeg" and any(b"8BIM\x04\x04" in part and _has_iptc(part) for part in _app13(data))
    )


def write_without_location(source: Path, target: Path, mime: str) -> bool:
    """Write *source* to *target* without what can tell a place; False (and no file) where we can't.

    Args:
        source: A file that was inspected.
        target: Where to write; must not exist.
        mime: The type found in the bytes.
    """
    if mime not in REMOVABLE:
        return False
    if mime.startswith("video/"):
        _write_video(source, target)
        return True
    orientation = _orientation(source)
    data = source.read_bytes()
    cleaners = {"image/jpeg": _clean_jpeg, "image/png": _clean_png, "image/webp": _clean_webp}
    target.write_bytes(cleaners[mime](data, orientation))
    return True


def _orientation(path: Path) -> int:
    from PIL import Image  # noqa: PLC0415 - as above

    with Image.open(path) as image:
        image.load()
        return orientation_in(image)


def _small_exif(orientation: int) -> bytes:
    """Build an EXIF block (TIFF header and one entry) with nothing but the orientation; empty for upright."""
    if orientation not in range(2, 9):
        return b""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Walk a JPEG's segments up to the image data: (marker, where it begins, where it ends)."""
    position = 2
    while position + 4 <= len(data) and data[position] == _MARKER:
        marker = data[position + 1]
        if marker == _MARKER:  # a fill byte
            position += 1
            continue
        end = position + 2 + struct.unpack(">H", data[position + 2 : position + 4])[0]
        yield marker, position, end
        position = end
        if marker == _START_OF_SCAN:
            return


def _clean_jpeg(data: bytes, orientation: int) -> bytes:
    out = [data[:2]]
    exif = _small_exif(orientation)
    if exif:
        body = b"Exif\0\0" + exif
        out.append(b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body)
    read = 2
    for marker, begin, end in _segments(data):
        segment, read = data[begin:end], end
        is_colour = segment[4:].startswith(_COLOUR.get(marker, b"\0no"))
        if is_colour or marker not in _JPEG_SEGMENTS_OUT:
            out.append(segment)
    return b"".join(out) + data[read : _end_of_picture(data, read)]


def _end_of_picture(data: bytes, position: int) -> int:
    """Find where the first picture ends: at its EOI. Scans of a progressive JPEG have markers between them."""
    while (position := data.find(b"\xff", position)) != -1 and position + 4 <= len(data):
        marker = data[position + 1]
        if marker == _END_OF_IMAGE:
            return position + 2
        if marker == _MARKER:
            position += 1
        elif marker == 0 or marker in _RESTARTS:  # a stuffed byte, or a restart: both within a scan
            position += 2
        else:
            position += 2 + struct.unpack(">H", data[position + 2 : position + 4])[0]
    return len(data)


def _app13(data: bytes) -> list[bytes]:
    return [data[begin:end] for marker, begin, end in _segments(data) if marker == _APP13]


def _has_iptc(segment: bytes) -> bool:
    return any(mark in segment for mark in _IPTC_PLACES)


def _clean_png(data: bytes, orientation: int) -> bytes:
    out, position = [data[:8]], 8
    while position + 12 <= len(data):
        length = struct.unpack(">I", data[position : position + 4])[0]
        name = data[position + 4 : position + 8]
        if name not in _PNG_CHUNKS_OUT:
            out.append(data[position : position + 12 + length])
        position += 12 + length
        exif = _small_exif(orientation) if name == b"IHDR" else b""
        if exif:
            body = b"eXIf" + exif
            out.append(struct.pack(">I", len(exif)) + body + struct.pack(">I", zlib.crc32(body)))
        if name == b"IEND":
            break
    return b"".join(out)


def _clean_webp(data: bytes, orientation: int) -> bytes:
    exif = _small_exif(orientation)
    chunks, position = [], 12
    while position + 8 <= len(data):
        name = data[position : position + 4]
        length = struct.unpack("<I", data[position + 4 : position + 8])[0]
        chunk = data[position : position + 8 + length + length % 2]
        position += len(chunk)
        if name == b"VP8X":
            # Flags of the extended header: 0x08 EXIF, 0x04 XMP.
            flags = (chunk[8] & ~0x0C) | (0x08 if exif else 0)
            chunk = chunk[:8] + bytes([flags]) + chunk[9:]
        if name not in {b"EXIF", b"XMP "}:
            chunks.append(chunk)
    if exif:
        chunks.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _video_tells_where(path: Path) -> bool:
    import av  # noqa: PLC0415 - as in `inspection`

    try:
        with av.open(str(path)) as container:
            tables = [container.metadata, *(stream.metadata for stream in container.streams)]
    except av.FFmpegError:
        return False
    return any(name.lower() in _VIDEO_PLACES for table in tables for name in table)


def _write_video(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    with target.open("r+b") as stream:
        stream.seek(0, 2)
        for position, name in list(_boxes(stream, 0, stream.tell())):
            if name in _VIDEO_BOXES_OUT:
                stream.seek(position + 4)
                stream.write(b"free")


def _boxes(stream: BinaryIO, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Walk a video's boxes, into those that hold others: (where it begins, its name)."""
    position = begin
    while position + 8 <= end:
        stream.seek(position)
        length, name = struct.unpack(">I4s", stream.read(8))
        header = 8
        if length == 1:
            length, header = struct.unpack(">Q", stream.read(8))[0], 16
        length = length or end - position
        if length < header:
            return
        yield position, name
        if name in _VIDEO_BOXES:
            yield from _boxes(stream, position + header, min(position + length, end))
        position += length
