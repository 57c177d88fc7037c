"""Fills a sentence with a code's params: what is missing stays out of the sentence, never breaks it."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Filler(string.Formatter):
    """Knows names only; a missing one is an ellipsis."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:  # noqa: ARG002 - narrower than the library's, which knows positions
        """Return the value of a name."""
        return kwargs.get(str(key), "…")


_FILLER = _Filler()


def fill(template: str, params: Mapping[str, str]) -> str:
    """Put *params* into *template*; both are ours, the values are people's and are never read as templates."""
    return _FILLER.vformat(template, (), params)
