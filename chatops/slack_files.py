"""Fetches the files that people attach to a form: streamed, limited, and the token only goes to Slack's hosts."""

from __future__ import annotations

import logging
import shutil
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

log = logging.getLogger(__name__)

FILE_HOST: Final = "files.slack.com"
"""Where Slack keeps files (docs.slack.dev/reference/objects/file-object, read 2026-11-21)."""
MAX_IMAGE_BYTES: Final = 20 * 2**20
"""Above every platform's own limit for an image (Facebook 10 MB, X 5 MB, a GIF on X 15 MB)."""
MAX_VIDEO_BYTES: Final = 512 * 2**20
"""X's own limit, the smallest of those for long videos."""
MEGABYTE: Final = 2**20
_CHUNK_BYTES: Final = 256 * 1024
_TIMEOUT_SECONDS: Final = 30
_LOGIN_PAGE: Final = "text/html"


def max_bytes(mimetype: str) -> int:
    """Return how large a file of this declared type may be."""
    return MAX_VIDEO_BYTES if mimetype.startswith("video/") else MAX_IMAGE_BYTES


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token elsewhere."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Follow nothing."""


class SlackFiles:
    """Fetches files with the bot's token.

    Args:
        client: The Web API's client; its token, TLS context and base address are used.
        folder: Where a file lies while it is looked at.
    """

    def __init__(self, client: WebClient, folder: Path) -> None:
        self._client = client
        self._folder = folder
        base = urlsplit(client.base_url)
        self._base = (base.scheme, base.netloc)
        https = urllib.request.HTTPSHandler(context=client.ssl)
        self._opener = urllib.request.build_opener(_NoRedirect(), https)

    @contextmanager
    def fetched(self, file: dict[str, Any]) -> Iterator[Path]:
        """Fetch a file of Slack's, as a form or `files.info` shows it, for as long as the block runs.

        Raises:
            Refusal: `media_too_large`, `file_host_unknown`, `file_not_fetched`; nothing is kept.
        """
        file = self._complete(file)
        name = str(file.get("name") or file["id"])
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        self._check_host(address, name)
        limit = max_bytes(str(file.get("mimetype", "")))
        if int(file.get("size") or 0) > limit:
            raise Refusal("media_too_large", field="media", name=name, limit=limit // MEGABYTE)
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="slack-", dir=self._folder))
        try:
            path = folder / "file"
            self._stream(address, path, name=name, limit=limit)
            yield path
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _complete(self, file: dict[str, Any]) -> dict[str, Any]:
        if file.get("url_private_download") or file.get("url_private"):
            return file
        found: dict[str, Any] = self._client.files_info(file=file["id"])["file"]
        return found

    def _check_host(self, address: str, name: str) -> None:
        parts = urlsplit(address)
        is_slack = parts.scheme == "https" and parts.netloc == FILE_HOST
        if not is_slack and (parts.scheme, parts.netloc) != self._base:
            log.warning("a file lies on a host that gets no token", extra={"host": parts.hostname})
            raise Refusal("file_host_unknown", field="media", name=name)

    def _stream(self, address: str, path: Path, *, name: str, limit: int) -> None:
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            address, headers={"Authorization": f"Bearer {self._client.token}"}
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer, path.open("wb") as out:
                if answer.headers.get_content_type() == _LOGIN_PAGE and not name.endswith((".html", ".htm")):
                    # Slack answers its login page, with 200, where the token may not read the file.
                    raise Refusal("file_not_fetched", field="media", name=name)
                done = 0
                while chunk := answer.read(_CHUNK_BYTES):
                    done += len(chunk)
                    if done > limit:
                        raise Refusal("media_too_large", field="media", name=name, limit=limit // MEGABYTE)
                    out.write(chunk)
        except HTTPError as error:
            error.close()
            log.warning("a file could not be fetched", extra={"status": error.code})
            raise Refusal("file_not_fetched", field="media", name=name) from None
