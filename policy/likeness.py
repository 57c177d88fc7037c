"""Whether two texts are the same notice, as a careful clerk sees it."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import Indel

_HASHTAGS = re.compile(r"#\w+")
_SILENT = re.compile(r"[\W_]+")


def likeness(text: str, earlier: str) -> float:
    """Return how alike two texts are as notices, in percent; 0 where they say different things."""
    said, before = _letters(text), _letters(earlier)
    if not said or not before:
        return 0.0
    return Indel.normalized_similarity(said, before) * 100


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SILENT.sub("", _HASHTAGS.sub("", plain))
