"""Where a picture was taken does not leave the city hall."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import av
import hypothesis
import pytest
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from publisher.media import MediaRefused, MediaStore, inspect

LATITUDE = ((35, 1), (52, 1), (3, 1))
"""Kashiwa's city hall lies at 35°52′ north."""
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>35,52N</exif:GPSLatitude></x:xmpmeta>'


def drawn() -> Image.Image:
    """Draw something with no two equal corners."""
    image = Image.effect_noise((96, 64), 50).convert("RGB")
    image.paste("red", (0, 0, 32, 32))
    return image


def with_place(kind: str, *, orientation: int = 6, **options: Any) -> bytes:
    """Save a picture as a phone does: with the place, the camera and the orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "Camera of a section chief"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 52.0, 3.0), 3: "E", 4: (139.0, 58.0, 32.0)})
    buffer = io.BytesIO()
    drawn().save(buffer, kind, exif=exif, **options)
    return buffer.getvalue()


def pixels(content: bytes) -> bytes:
    """Decode, as stored."""
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


KINDS = [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {"lossless": True})]


SEEDS = [with_place(kind, **options) for kind, options in KINDS]


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_photo_with_a_place_is_kept_without_it_and_without_a_changed_pixel(
    tmp_path: Path, kind: str, options: dict[str, Any]
) -> None:
    """The place and the camera go; every pixel and the orientation stay."""
    given = with_place(kind, **options)
    (tmp_path / "given").write_bytes(given)
    assert inspect(tmp_path / "given").has_location
    kept = MediaStore(tmp_path / "media").add(tmp_path / "given", "photo")
    content = kept.path.read_bytes()
    assert (kept.is_location_removed, kept.facts.has_location) == (True, False)
    assert pixels(content) == pixels(given)
    assert b"section chief" not in content
    with Image.open(kept.path) as image:
        assert dict(image.getexif()) == {0x0112: 6}


def test_an_exif_block_that_cannot_be_read_is_not_trusted(tmp_path: Path) -> None:
    """What can't be read may hold a place: it is taken out too."""
    given = with_place("JPEG").replace(b"Exif\0\0MM\0*", b"Exif\0\0MM\0+").replace(b"Exif\0\0II*\0", b"Exif\0\0II+\0")
    kept = MediaStore(tmp_path).add(io.BytesIO(given), "photo.jpg")
    assert b"section chief" not in kept.path.read_bytes()


@hypothesis.given(data=st.data())
@hypothesis.settings(max_examples=150, deadline=None)
def test_whatever_is_broken_in_a_file_it_is_kept_or_refused(data: st.DataObject) -> None:
    """No damage leads to any other error, and none to a warning."""
    content = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 5))):
        position = data.draw(st.integers(0, min(len(content), 2_000) - 1))
        content[position] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        store = MediaStore(Path(folder))
        try:
            kept = store.add(io.BytesIO(bytes(content)), "photo.jpg")
        except MediaRefused:
            return
        assert store.preview_of(kept.sha256).is_file()


def test_an_upright_photo_stays_upright(tmp_path: Path) -> None:
    """Shown after cleaning, it is what was shown before."""
    given = with_place("JPEG")
    kept = MediaStore(tmp_path / "media").add(io.BytesIO(given), "photo.jpg")
    with Image.open(io.BytesIO(given)) as before, Image.open(kept.path) as after:
        shown = [ImageOps.exif_transpose(image).tobytes() for image in (before, after)]
    assert shown[0] == shown[1]
    assert (kept.facts.width_px, kept.facts.height_px) == (64, 96)


def test_a_place_in_xmp_is_found_and_removed(tmp_path: Path) -> None:
    """Photo software writes places there; EXIF knows nothing of it."""
    buffer = io.BytesIO()
    drawn().save(buffer, "JPEG", xmp=XMP)
    kept = MediaStore(tmp_path).add(io.BytesIO(buffer.getvalue()), "photo.jpg")
    assert kept.is_location_removed
    assert b"GPSLatitude" not in kept.path.read_bytes()


def test_a_place_in_a_pngs_text_is_found_and_removed(tmp_path: Path) -> None:
    """A PNG keeps XMP in a text chunk."""
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    buffer = io.BytesIO()
    drawn().save(buffer, "PNG", pnginfo=info)
    kept = MediaStore(tmp_path).add(io.BytesIO(buffer.getvalue()), "picture.png")
    assert kept.is_location_removed
    assert b"GPSLatitude" not in kept.path.read_bytes()


def test_what_a_phone_hides_behind_the_picture_goes_too(tmp_path: Path) -> None:
    """Some phones append further pictures, each with a place of its own."""
    kept = MediaStore(tmp_path).add(io.BytesIO(with_place("JPEG") + with_place("JPEG")), "photo.jpg")
    content = kept.path.read_bytes()
    assert content.count(b"\xff\xd8\xff") == 1
    assert content.endswith(b"\xff\xd9")


def test_the_colour_profile_stays(tmp_path: Path) -> None:
    """Without it a photo's colours change."""
    profile = bytes(range(256))
    kept = MediaStore(tmp_path).add(io.BytesIO(with_place("JPEG", icc_profile=profile)), "photo.jpg")
    with Image.open(kept.path) as image:
        assert image.info["icc_profile"] == profile


def test_a_photo_without_a_place_is_kept_byte_for_byte(tmp_path: Path) -> None:
    """Nothing is rewritten without need."""
    buffer = io.BytesIO()
    drawn().save(buffer, "JPEG")
    kept = MediaStore(tmp_path).add(io.BytesIO(buffer.getvalue()), "photo.jpg")
    assert not kept.is_location_removed
    assert kept.path.read_bytes() == buffer.getvalue()


def film(path: Path, tags: dict[str, str]) -> bytes:
    """Encode a short film with *tags*."""
    options = {"movflags": "use_metadata_tags"} if any("apple" in tag for tag in tags) else {}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        container.metadata.update(tags)
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 48), "blue"))))
        container.mux(stream.encode())
    return path.read_bytes()


@pytest.mark.parametrize("tag", ["location", "com.apple.quicktime.location.ISO6709"])
def test_a_film_with_a_place_is_kept_without_it_and_plays_on(tmp_path: Path, tag: str) -> None:
    """Android and Apple write it in different boxes; the film itself is not touched."""
    given = film(tmp_path / "given.mp4", {tag: "+35.8676+139.9757/"})
    assert inspect(tmp_path / "given.mp4").has_location
    kept = MediaStore(tmp_path / "media").add(tmp_path / "given.mp4", "film.mp4")
    assert (kept.is_location_removed, kept.facts.has_location) == (True, False)
    assert kept.facts.duration_seconds == inspect(tmp_path / "given.mp4").duration_seconds
    assert kept.path.stat().st_size == len(given)
    with av.open(str(kept.path)) as container:
        assert not [name for name in container.metadata if "location" in name.lower()]
        assert len(list(container.decode(video=0))) == 5
