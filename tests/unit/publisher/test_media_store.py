"""Media are kept whole, once, by their hash."""

from __future__ import annotations

import hashlib
import io
import os
from typing import TYPE_CHECKING, BinaryIO, cast

import av
import pytest
from PIL import Image, ImageOps

from publisher.media import MediaRefused, MediaStore, new_public_token

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "0123456789abcdef0123456789abcdef"


def photo(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    """Draw a photo."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


def files(root: Path) -> list[str]:
    """List what lies in the store."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_hash_and_nothing_else_stays(tmp_path: Path) -> None:
    """The place follows from the bytes, and the ending from what they are."""
    content = photo()
    sha256 = hashlib.sha256(content).hexdigest()
    kept = MediaStore(tmp_path).add(io.BytesIO(content), "../../etc/passwd.exe")
    assert (kept.sha256, kept.filename) == (sha256, "../../etc/passwd.exe")
    assert files(tmp_path) == [f"{sha256[:2]}/{sha256}.jpg"]
    assert kept.path.read_bytes() == content


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    """Two people hand in the same photo."""
    store = MediaStore(tmp_path)
    first, second = (store.add(io.BytesIO(photo()), name) for name in ("a.jpg", "b.jpg"))
    assert first.path == second.path
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize(
    "content", [b"", b"text", photo()[:400], photo() + bytes(40 * 1024 * 1024)], ids=["empty", "text", "half", "40 MB"]
)
def test_a_refused_file_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    """Nothing half-written, nothing left in a corner."""
    with pytest.raises(MediaRefused):
        MediaStore(tmp_path).add(io.BytesIO(content), "photo.jpg")
    assert files(tmp_path) == []


class _Breaking(io.RawIOBase):
    """A stream whose other end goes away."""

    def __init__(self) -> None:
        self.left = [photo()[:100]]

    def read(self, _size: int = -1) -> bytes:
        """Give a little, then break."""
        if not self.left:
            raise ConnectionResetError
        return self.left.pop()


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """The error reaches the caller, the bytes don't reach the store."""
    with pytest.raises(ConnectionResetError):
        MediaStore(tmp_path).add(cast("BinaryIO", _Breaking()), "photo.jpg")
    assert files(tmp_path) == []


class _Endless(io.RawIOBase):
    """A stream that never ends."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        """Give zeros."""
        self.given += size
        return bytes(size)


def test_a_stream_without_an_end_is_cut_off(tmp_path: Path) -> None:
    """512 MiB is the most that any type may have; nobody fills the disk."""
    endless = _Endless()
    with pytest.raises(MediaRefused) as caught:
        MediaStore(tmp_path).add(cast("BinaryIO", endless), "film.mp4")
    assert (caught.value.code, caught.value.params["limit"]) == ("media_too_large", 512)
    assert endless.given <= 514 * 1024 * 1024
    assert files(tmp_path) == []


def test_what_a_crash_left_behind_is_swept_after_a_day(tmp_path: Path) -> None:
    """A file on its way in is younger."""
    store = MediaStore(tmp_path)
    for name, age in (("old", 90_000), ("young", 60)):
        path = tmp_path / "incoming" / name
        path.write_bytes(b"x")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert store.sweep(now=1_000_000) == 1
    assert files(tmp_path) == ["incoming/young"]


def test_a_preview_is_small_upright_and_tells_nothing(tmp_path: Path) -> None:
    """At most 1,024 pixels a side and 1 MiB, without EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(buffer, "JPEG", exif=exif, quality=60)
    store = MediaStore(tmp_path)
    preview = store.preview_of(store.add(io.BytesIO(buffer.getvalue()), "photo.jpg").sha256)
    assert preview.stat().st_size <= 1024 * 1024
    with Image.open(preview) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (683, 1024), {})


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_preview_is_turned_as_every_viewer_turns_it(tmp_path: Path, orientation: int) -> None:
    """Eight ways to hold a phone; Pillow's own turning is the reference."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.new("RGB", (64, 32), "blue")
    image.paste("red", (0, 0, 32, 16))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", exif=exif)
    store = MediaStore(tmp_path)
    preview = store.preview_of(store.add(io.BytesIO(buffer.getvalue()), "photo.png").sha256)
    with Image.open(io.BytesIO(buffer.getvalue())) as given, Image.open(preview) as shown:
        expected = ImageOps.exif_transpose(given).convert("RGB")
        assert shown.size == expected.size
        corner = cast("tuple[int, int, int]", shown.getpixel((4, 4)))
        assert (corner[0] > corner[2]) == (expected.getpixel((4, 4)) == (255, 0, 0))


def test_a_preview_shows_transparency_as_white(tmp_path: Path) -> None:
    """JPEG has no transparency; black would hide dark lettering."""
    buffer = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(buffer, "PNG")
    store = MediaStore(tmp_path)
    with Image.open(store.preview_of(store.add(io.BytesIO(buffer.getvalue()), "logo.png").sha256)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


def test_a_films_preview_is_its_first_picture(tmp_path: Path) -> None:
    """A card can show what the film starts with."""
    with av.open(str(tmp_path / "film.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for colour in ("red", "blue"):
            container.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 48), colour))))
        container.mux(stream.encode())
    store = MediaStore(tmp_path / "media")
    preview = store.preview_of(store.add(tmp_path / "film.mp4", "film.mp4").sha256)
    with Image.open(preview) as image:
        red, _, blue = cast("tuple[int, int, int]", image.getpixel((30, 20)))
    assert red - blue > 150


def test_public_names_lead_to_the_file_and_to_its_preview(tmp_path: Path) -> None:
    """The two kinds of address that platforms are given."""
    store = MediaStore(tmp_path)
    kept = store.add(io.BytesIO(photo()), "photo.jpg")
    assert store.open_public(TOKEN, f"{kept.sha256}.jpg") == kept.path
    assert store.open_public(TOKEN, f"{kept.sha256}.preview.jpg") == store.preview_of(kept.sha256)


@pytest.mark.parametrize(
    ("token", "name"),
    [
        (TOKEN, "../kairan.db"),
        (TOKEN, "../../etc/passwd"),
        (TOKEN, "incoming/tmpabc"),
        (TOKEN, "SHA.png"),
        (TOKEN, "SHA.jpg/"),
        (TOKEN, "SHA.jpg\n"),
        (TOKEN, "SHA"),
        (TOKEN, "a" * 64 + ".jpg"),
        (TOKEN, "a" * 64 + ".preview.jpg"),
        ("short", "SHA.jpg"),
        ("../" + TOKEN, "SHA.jpg"),
        (TOKEN + "\n", "SHA.jpg"),
    ],
)
def test_every_other_name_leads_nowhere(tmp_path: Path, token: str, name: str) -> None:
    """No traversal, no other ending, no half a name, no file that isn't there."""
    (tmp_path / "kairan.db").write_bytes(b"secret")
    store = MediaStore(tmp_path / "media")
    kept = store.add(io.BytesIO(photo()), "photo.jpg")
    assert store.open_public(token, name.replace("SHA", kept.sha256)) is None


def test_an_unknown_hash_has_no_path_and_no_preview(tmp_path: Path) -> None:
    """Neither has what is no hash."""
    store = MediaStore(tmp_path)
    assert [store.path_of(given) for given in ("a" * 64, "../x", "")] == [None, None, None]
    with pytest.raises(FileNotFoundError):
        store.preview_of("a" * 64)


def test_public_tokens_are_128_random_bits() -> None:
    """32 hexadecimal digits, never the same."""
    tokens = {new_public_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(bytes.fromhex(token)) for token in tokens} == {16}
