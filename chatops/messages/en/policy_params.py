"""Names of the parameters of packs, as `sns policy show` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMS: Final[Mapping[str, str]] = {
    "platforms": "platforms",
    "section": "section",
    "categories": "categories",
    "accounts": "accounts",
    "except_accounts": "except accounts",
    "content": "content",
    "roles": "roles",
    "lag_seconds": "lag seconds",
    "opens": "opens",
    "closes": "closes",
    "entries": "entries",
    "words": "words",
    "harmless": "harmless",
    "characters": "characters",
    "more": "more",
    "titles": "titles",
    "everybody": "everybody",
    "phrases": "phrases",
    "text": "text",
    "seek": "seek",
    "shorteners": "shorteners",
    "hosts": "hosts",
    "owners": "owners",
    "source": "source",
    "days": "days",
    "similarity": "similarity",
    "per_day": "per day",
    "limit": "limit",
    "tags": "tags",
    "adds": "adds",
    "terms": "terms",
    "clauses": "clauses",
    "relations": "relations",
    "requires": "requires",
}


def param(name: str) -> str:
    """Name a parameter."""
    return PARAMS.get(name, name)
