"""What the internet may fetch of our media (`publisher.api.PublicMedia`)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from publisher.store import media as rows

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.media import MediaStore
    from publisher.store.engine import Database

_PREVIEW_ENDING: Final = "preview.jpg"


class TokenedMedia:
    """Files by their random token and their hash; nothing tells which part of an address was wrong.

    Args:
        database: Where the tokens are.
        store: Where the files are.
    """

    def __init__(self, database: Database, store: MediaStore) -> None:
        self._database = database
        self._store = store

    def find(self, token: str, name: str) -> tuple[Path, str] | None:
        """Return (file, MIME type) of a public media address, or None."""
        sha256, _, ending = name.partition(".")
        with self._database.reading() as tx:
            stored = rows.by_hash(tx, sha256)
        for row in stored:
            is_token = hmac.compare_digest(row.token.encode(), token.encode())
            if is_token and ending in {row.extension, _PREVIEW_ENDING}:
                path = self._store.open_public(token, name)
                mime = "image/jpeg" if ending == _PREVIEW_ENDING else row.mime
                return None if path is None else (path, mime)
        return None
