"""Files are believed for their bytes, not for their names."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import av
import pytest
from PIL import Image

from publisher.media import MediaFacts, MediaKind, MediaRefused, inspect

if TYPE_CHECKING:
    from pathlib import Path


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """Draw a picture."""
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()


def film(path: Path, *, seconds: int = 2, size: tuple[int, int] = (64, 48), form: str = "mp4") -> Path:
    """Encode a short video of ten pictures a second."""
    codec = "libvpx" if form == "webm" else "mpeg4"
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(seconds * 10):
            still = Image.new("RGB", size, (number * 10 % 256, 80, 80))
            container.mux(stream.encode(av.VideoFrame.from_image(still)))
        container.mux(stream.encode())
    return path


def looked_into(path: Path, content: bytes, name: str = "") -> MediaFacts:
    """Write and inspect."""
    path.write_bytes(content)
    return inspect(path, filename=name)


def refusal(path: Path, content: bytes, name: str = "photo.jpg") -> tuple[str, dict[str, str | int]]:
    """Say why a file is refused."""
    with pytest.raises(MediaRefused) as caught:
        looked_into(path, content, name)
    return caught.value.code, dict(caught.value.params)


@pytest.mark.parametrize(
    ("kind", "mime", "extension"),
    [
        ("JPEG", "image/jpeg", "jpg"),
        ("PNG", "image/png", "png"),
        ("GIF", "image/gif", "gif"),
        ("WEBP", "image/webp", "webp"),
    ],
)
def test_four_kinds_of_image_are_taken(tmp_path: Path, kind: str, mime: str, extension: str) -> None:
    """The type and the size are those in the bytes, whatever the name says."""
    facts = looked_into(tmp_path / "given", picture(kind), "something.txt")
    assert (facts.kind, facts.mime, facts.extension) == (MediaKind.IMAGE, mime, extension)
    assert (facts.width_px, facts.height_px, facts.is_animated) == (64, 48, False)


def test_an_upright_photo_is_higher_than_wide(tmp_path: Path) -> None:
    """Phones store an upright photo lying down, with EXIF orientation 6."""
    exif = Image.Exif()
    exif[0x0112] = 6
    facts = looked_into(tmp_path / "given", picture(exif=exif.tobytes()))
    assert (facts.width_px, facts.height_px) == (48, 64)


def test_an_animated_gif_is_known_as_one(tmp_path: Path) -> None:
    """X and LINE treat moving pictures differently."""
    stills = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    stills[0].save(tmp_path / "a.gif", save_all=True, append_images=stills[1:])
    assert inspect(tmp_path / "a.gif").is_animated


@pytest.mark.parametrize(
    ("form", "mime", "extension"),
    [("mp4", "video/mp4", "mp4"), ("mov", "video/quicktime", "mov"), ("webm", "video/webm", "webm")],
)
def test_three_kinds_of_video_are_taken(tmp_path: Path, form: str, mime: str, extension: str) -> None:
    """Duration, size and codec are read from the film itself."""
    facts = inspect(film(tmp_path / "given", form=form))
    assert (facts.kind, facts.mime, facts.extension) == (MediaKind.VIDEO, mime, extension)
    assert (facts.width_px, facts.height_px) == (64, 48)
    assert facts.duration_seconds == pytest.approx(2.0, abs=0.15)
    assert facts.codec == ("vp8" if form == "webm" else "mpeg4")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"", "photo.jpg", ("media_empty", {})),
        ("これは文章です。\n".encode(), "photo.jpg", ("media_not_an_image", {})),
        (b"x" * 11 * 1024 * 1024, "photo.jpg", ("media_not_an_image", {})),
        (b"plain text", "film.mp4", ("media_not_a_video", {})),
        (b"#EXTM3U\nhttp://127.0.0.1/secret\n", "film.mp4", ("media_not_a_video", {})),
        (b"%PDF-1.7 ...", "flyer.jpg", ("media_type_unsupported", {"mime": "application/pdf"})),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "IMG_0001.HEIC", ("media_type_unsupported", {"mime": "image/heic"})),
    ],
)
def test_what_is_no_image_is_told_apart(
    tmp_path: Path, content: bytes, name: str, expected: tuple[str, dict[str, str | int]]
) -> None:
    """A text named .jpg, an empty file, a PDF, a phone's HEIC: each has its own answer."""
    assert refusal(tmp_path / "given", content, name) == expected


def test_an_image_of_40_mb_is_refused_with_its_size(tmp_path: Path) -> None:
    """The limit is 10 MiB; the person reads both numbers."""
    content = picture() + bytes(40 * 1024 * 1024)
    assert refusal(tmp_path / "given", content) == ("media_too_large", {"mib": 41, "limit": 10})


def test_an_image_of_exactly_10_mib_is_taken(tmp_path: Path) -> None:
    """The limit itself is allowed."""
    drawn = picture()
    assert looked_into(tmp_path / "given", drawn + bytes(10 * 1024 * 1024 - len(drawn))).size_bytes == 10_485_760


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_an_image_cut_in_half_is_damaged(tmp_path: Path, kind: str) -> None:
    """It starts well, and can't be shown to its end."""
    drawn = picture(kind, (200, 200))
    assert refusal(tmp_path / "given", drawn[: len(drawn) // 2]) == ("media_damaged", {})


@pytest.mark.parametrize("form", ["mp4", "mov"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_video_cut_short_is_damaged(tmp_path: Path, form: str, share: float) -> None:
    """An upload that broke off is not a film."""
    content = film(tmp_path / "whole", form=form).read_bytes()
    assert refusal(tmp_path / "given", content[: int(len(content) * share)])[0] == "media_damaged"


def test_a_sound_without_a_picture_is_no_video(tmp_path: Path) -> None:
    """An MP4 can hold sound alone; there is nothing to show."""
    with av.open(str(tmp_path / "given"), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.planes[0].update(bytes(4096))
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(MediaRefused) as caught:
        inspect(tmp_path / "given")
    assert caught.value.code == "media_damaged"


@pytest.mark.parametrize("side", [7_100, 20_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(tmp_path: Path, side: int) -> None:
    """A PNG of a few kilobytes can say it is 400 megapixels; it is refused before it is unpacked."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    assert len(content) < 100_000
    assert refusal(tmp_path / "given", content) == ("media_too_many_pixels", {"limit": 50})
