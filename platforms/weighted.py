"""Count a text as X counts it: 280 units, Japanese two each, a link always 23, an emoji always two.

Source: twitter-text 3.1 with configuration v3 (https://docs.x.com/fundamentals/counting-characters, read
2026-11-21). Held to twitter-text's conformance files by `tests/unit/platforms/test_weighted.py`.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from platforms.emoji import emoji_pattern
from platforms.links import find_links

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_WEIGHTED_CHARS = 280
URL_UNITS = 23
_LIGHT_RANGES = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that weigh one unit; every other weighs two."""
_INVALID = frozenset("\ufffe\ufeff\uffff")


def weighted_length(text: str, *, is_emoji_one: bool = True) -> int:
    """Count *text* in X's units.

    Args:
        text: Any text; it is counted in Unicode's composed form (NFC).
        is_emoji_one: False counts by the configuration before emoji were joined (v2).
    """
    return sum(units for _, units in _pieces(_composed(text), is_emoji_one=is_emoji_one))


def remaining(text: str) -> int:
    """Tell how many units are left of 280; negative where *text* is too long."""
    return MAX_WEIGHTED_CHARS - weighted_length(text)


def truncate_point(text: str, limit: int = MAX_WEIGHTED_CHARS) -> int:
    """Find how many characters of *text* in NFC fit into *limit* units, cutting no link and no emoji."""
    used = point = 0
    for size, units in _pieces(_composed(text), is_emoji_one=True):
        used += units
        if used > limit:
            return point
        point += size
    return point


def has_invalid_characters(text: str) -> bool:
    """Tell whether X would refuse *text* for a character that is none (U+FEFF, U+FFFE, U+FFFF)."""
    return any(character in _INVALID for character in text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _pieces(text: str, *, is_emoji_one: bool) -> Iterator[tuple[int, int]]:
    """Cut *text* into links, emoji and characters: how many characters, how many units."""
    ends = {link.start: link.end for link in find_links(text)}
    emoji = emoji_pattern()
    at = 0
    while at < len(text):
        if at in ends:
            size, units = ends[at] - at, URL_UNITS
        elif is_emoji_one and (match := emoji.match(text, at)):
            size, units = match.end() - at, 2
        else:
            size, units = 1, _weight(text[at])
        yield size, units
        at += size


def _weight(character: str) -> int:
    code = ord(character)
    return 1 if any(low <= code <= high for low, high in _LIGHT_RANGES) else 2
