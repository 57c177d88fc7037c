"""Taking a file in: looked into, kept, and given the token of its public address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import MediaView
from publisher.errors import Refusal
from publisher.media import MediaRefused, new_public_token
from publisher.store.media import StoredMedia, put

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.desk import Desk


def take_in(desk: Desk, city: str, path: Path, name: str) -> MediaView:
    """Take a file into a city's media.

    Raises:
        Refusal: `media_…` codes of `publisher.media`, field `media`, param `name`.
    """
    desk.city(city)
    try:
        kept = desk.media.add(path, name)
    except MediaRefused as refused:
        raise Refusal(refused.code, field="media", **dict(refused.params) | {"name": name}) from None
    facts = kept.facts
    seconds = facts.duration_seconds
    stored = StoredMedia(
        city=city,
        sha256=kept.sha256,
        token=new_public_token(),
        kind=facts.kind,
        mime=facts.mime,
        extension=facts.extension,
        name=name,
        size_bytes=facts.size_bytes,
        width_px=facts.width_px,
        height_px=facts.height_px,
        duration_ms=None if seconds is None else round(seconds * 1000),
    )
    with desk.database.transaction() as tx:
        put(tx, stored)
    return MediaView(sha256=kept.sha256, kind=facts.kind, name=name, alt="", path=kept.path, mime=facts.mime, source="")
