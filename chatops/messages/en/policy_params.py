"""Names of the parameters of packs, as `sns policy show` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.en.clause_params import clause_param

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
    "lag_seconds": "seconds of delay allowed",
    "opens": "from",
    "closes": "until",
    "entries": "entries",
    "words": "words",
    "harmless": "words let pass",
    "characters": "characters",
    "more": "further forms",
    "titles": "titles",
    "everybody": "words to everybody",
    "phrases": "phrases",
    "text": "text",
    "seek": "looks for",
    "shorteners": "shorteners",
    "hosts": "hosts",
    "owners": "owners",
    "source": "original post",
    "days": "days",
    "similarity": "similarity (%)",
    "per_day": "posts a day",
    "limit": "limit",
    "tags": "tags",
    "adds": "tag added",
    "terms": "terms",
    "clauses": "clauses",
    "relations": "party",
    "requires": "condition",
}


def param(name: str) -> str:
    """Name a parameter."""
    return PARAMS.get(name) or clause_param(name)
