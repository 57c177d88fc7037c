"""Keep media by the hash of their bytes: `<first two digits>/<sha256>.<ending>` under one folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from publisher.media.facts import EXTENSIONS, MediaFacts, MediaKind, MediaRefused
from publisher.media.inspection import MAX_VIDEO_MIB, MIB, inspect
from publisher.media.location import write_without_location
from publisher.media.preview import render_preview

if TYPE_CHECKING:
    from collections.abc import Iterator

_COPY_BYTES = 1024 * 1024
_INCOMING = "incoming"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TOKEN = re.compile(r"[0-9a-f]{32}")
_PUBLIC_NAME = re.compile(rf"([0-9a-f]{{64}})\.((?:{'|'.join(EXTENSIONS.values())})|preview\.jpg)")
_PREVIEW = "preview.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """A file in the store."""

    sha256: str
    """Of the bytes that are kept, and sent."""
    path: Path
    filename: str
    """What its owner called it; for people only."""
    facts: MediaFacts
    is_location_removed: bool = False
    """True where the file told where it was taken, and the kept one doesn't."""


class MediaStore:
    """Media under *root* (`SNS_HOME/media`). Safe to use from several processes: files appear whole or not at all.

    Args:
        root: The folder; made where it is missing.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)

    def add(self, source: BinaryIO | Path, filename: str) -> MediaFile:
        """Look into *source* and keep it. The same bytes are kept once.

        A place that the file tells is taken out first (see `publisher.media.location`); the original is not
        kept. Where a type gives no way to do that, `facts.has_location` stays True.

        Raises:
            MediaRefused: With one of its codes; nothing was kept.
        """
        with contextlib.ExitStack() as cleanup:
            given = self._new_incoming(cleanup)
            if isinstance(source, Path):
                with source.open("rb") as stream:
                    _copy(stream, given)
            else:
                _copy(source, given)
            facts, kept = inspect(given, filename=filename), given
            is_location_removed = False
            if facts.has_location:
                cleaned = self._new_incoming(cleanup)
                if write_without_location(given, cleaned, facts.mime):
                    kept, facts = cleaned, inspect(cleaned, filename=filename)
                    is_location_removed = not facts.has_location
            sha256 = _hash(kept)
            return MediaFile(
                sha256=sha256,
                path=self._settle(kept, f"{sha256}.{facts.extension}"),
                filename=filename,
                facts=facts,
                is_location_removed=is_location_removed,
            )

    def path_of(self, sha256: str) -> Path | None:
        """Find the file with that hash; None where there is none, or where it is no hash."""
        if not _SHA256.fullmatch(sha256):
            return None
        candidates = (self._path(f"{sha256}.{ending}") for ending in EXTENSIONS.values())
        return next((path for path in candidates if path.is_file()), None)

    def remove(self, sha256: str) -> bool:
        """Remove a kept file and its preview for good; return whether there was one."""
        path = self.path_of(sha256)
        if path is None:
            return False
        # The preview first: whoever comes back after a crash finds the file, and removes both.
        self._path(f"{sha256}.{_PREVIEW}").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return True

    def preview_of(self, sha256: str) -> Path:
        """Find or draw the preview of a kept file: a JPEG of at most 1 MiB and 1,024 pixels a side.

        Raises:
            FileNotFoundError: No such file is kept.
            MediaRefused: `media_damaged`, where the kept file no longer can be drawn.
        """
        source = self.path_of(sha256)
        if source is None:
            raise FileNotFoundError(sha256)
        name = f"{sha256}.{_PREVIEW}"
        if not self._path(name).is_file():
            is_video = mime_of(source.name).startswith(MediaKind.VIDEO.value)
            with contextlib.ExitStack() as cleanup:
                drawn = self._new_incoming(cleanup)
                drawn.write_bytes(render_preview(source, is_video=is_video))
                self._settle(drawn, name)
        return self._path(name)

    def open_public(self, token: str, name: str) -> Path | None:
        """Map the last two parts of a media address to a file; None for whatever isn't exactly one of ours.

        Whether *token* is the one that was given to this file is the caller's to check, with
        `hmac.compare_digest`: the store keeps no tokens.

        Args:
            token: 32 hexadecimal digits.
            name: `<sha256>.<ending>`, or `<sha256>.preview.jpg`.
        """
        found = _PUBLIC_NAME.fullmatch(name)
        if found is None or not _TOKEN.fullmatch(token):
            return None
        if found.group(2) == _PREVIEW:
            try:
                return self.preview_of(found.group(1))
            except (FileNotFoundError, MediaRefused):
                return None
        path = self._path(name)
        return path if path.is_file() else None

    def sweep(self, *, older_than_seconds: float = 86_400, now: float) -> int:
        """Remove what a crash left behind on the way in; gives how many files.

        Args:
            older_than_seconds: Younger ones may still be on their way.
            now: Seconds since the epoch, on the clock of the file system.
        """
        gone = 0
        for path in self._left_behind():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < now - older_than_seconds:
                    path.unlink()
                    gone += 1
        return gone

    def _left_behind(self) -> Iterator[Path]:
        return (path for path in self._incoming.iterdir() if path.is_file())

    def _path(self, name: str) -> Path:
        return self._root / name[:2] / name

    def _new_incoming(self, cleanup: contextlib.ExitStack) -> Path:
        handle, name = tempfile.mkstemp(dir=self._incoming)
        os.close(handle)
        path = Path(name)
        cleanup.callback(path.unlink, missing_ok=True)
        return path

    def _settle(self, path: Path, name: str) -> Path:
        """Give the file its place, durably: a name that exists always stands for whole bytes."""
        target = self._path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
        path.replace(target)
        _sync_folder(target.parent)
        return target


def new_public_token() -> str:
    """Make the 128 random bits of a media address, as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def mime_of(name: str) -> str:
    """Tell the type of a kept file from the ending that the store gave it."""
    endings = {ending: mime for mime, ending in EXTENSIONS.items()}
    return endings[name.rpartition(".")[2]]


def _copy(stream: BinaryIO, target: Path) -> None:
    """Copy, and stop at the first byte that is too much for any type."""
    left = MAX_VIDEO_MIB * MIB
    with target.open("wb") as out:
        while block := stream.read(_COPY_BYTES):
            left -= len(block)
            if left < 0:
                raise MediaRefused("media_too_large", mib=MAX_VIDEO_MIB + 1, limit=MAX_VIDEO_MIB)
            out.write(block)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
