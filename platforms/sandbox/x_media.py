"""The stand-in X's uploads without HTTP: images in one piece, videos in many. And how X refuses."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, Document, World

MAX_IMAGE_BYTES = 5 * 1024 * 1024
MAX_ALT_CHARS = 1000


@dataclass
class XRefusal(Exception):  # noqa: N818 - a refusal is an answer, no error
    """X says no, as problem+json."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> Document:
        """The refusal as X words it."""
        said = {"title": self.title, "detail": self.detail, "type": self.type, "status": self.status}
        return said | self.extra


def invalid(detail: str) -> XRefusal:
    """Refuse a request as X does one that it cannot read."""
    return XRefusal(400, "Invalid Request", detail, "https://api.x.com/2/problems/invalid-request")


def not_found(parameter: str, post_id: str) -> XRefusal:
    """Refuse a request for a post that is not there."""
    return XRefusal(
        404,
        "Not Found Error",
        f"Could not find tweet with {parameter}: [{post_id}].",
        "https://api.x.com/2/problems/resource-not-found",
        {"resource_type": "tweet", "parameter": parameter, "value": post_id, "resource_id": post_id},
    )


class XMedia:
    """What was uploaded, and how far it is."""

    def __init__(self, world: World) -> None:
        self._world = world

    def upload(self, account: Account, body: Document) -> Document:
        """Take an image in one piece, base64 in JSON."""
        content = _decoded(body.get("media"))
        if len(content) > MAX_IMAGE_BYTES:
            raise invalid("File size exceeds 5242880 bytes.")
        mime = _image_type(content)
        if mime is None:
            raise invalid("media type unrecognized.")
        return self._keep_media(account, kind="image", mime=mime, content=content, state="succeeded")

    def initialize(self, account: Account, body: Document) -> Document:
        """Open an upload in pieces."""
        if not body.get("total_bytes") or not body.get("media_type"):
            raise invalid("media_type and total_bytes are required.")
        medium = self._keep_media(account, kind="video", mime=str(body["media_type"]), content=b"", state="open")
        return self._change(medium, total=int(body["total_bytes"]))

    def append(self, account: Account, media_id: str, body: Document) -> None:
        """Take one piece."""
        medium = self.medium(account, media_id)
        content = _decoded(body.get("media"))
        self._world.put_blob(f"x-{media_id}-{int(body['segment_index']):03}", medium["mime"], content)
        self._change(medium, segments=max(medium.get("segments", 0), int(body["segment_index"]) + 1))

    def finalize(self, account: Account, media_id: str) -> Document:
        """Join the pieces; X then looks at the video for a while."""
        medium = self.medium(account, media_id)
        pieces = [self._world.get_blob(f"x-{media_id}-{n:03}") for n in range(medium.get("segments", 0))]
        content = b"".join(piece[1] for piece in pieces if piece)
        if len(content) != medium.get("total"):
            raise invalid("Segments do not add up to provided total file size.")
        self._world.put_blob(f"x-{media_id}", medium["mime"], content)
        return self._change(medium, state="pending")

    def status(self, account: Account, media_id: str) -> Document:
        """Tell how far the processing is: done, the first time somebody asks."""
        medium = self.medium(account, media_id)
        return self._change(medium, state="succeeded") if medium["state"] == "pending" else medium

    def describe(self, account: Account, media_id: str, alt: str) -> None:
        """Keep an alternative text."""
        if len(alt) > MAX_ALT_CHARS:
            raise invalid(f"alt_text must be at most {MAX_ALT_CHARS} characters.")
        self._change(self.medium(account, media_id), alt=alt)

    def medium(self, account: Account, media_id: str) -> Document:
        """Find an upload of this account."""
        medium = self._world.get("x", "media", media_id)
        if medium is None or medium["author"] != account.key:
            raise invalid("Invalid MediaId")
        return medium

    def _keep_media(self, account: Account, *, kind: str, mime: str, content: bytes, state: str) -> Document:
        media_id = self._world.next_id()
        medium = {"id": media_id, "author": account.key, "kind": kind, "mime": mime, "alt": "", "state": state}
        self._world.put_blob(f"x-{media_id}", mime, content)
        self._world.put("x", "media", media_id, medium)
        return medium

    def _change(self, medium: Document, **changes: object) -> Document:
        medium = medium | changes
        self._world.put("x", "media", medium["id"], medium)
        return medium


def _decoded(media: object) -> bytes:
    try:
        return base64.b64decode(str(media), validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("media is not base64") from error


def _image_type(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n"):
        return "image/png"
    if content[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
