"""A text as its numbers are read.

Without characters that nobody sees, with ordinary digits, and without addresses of pages, whose digits are no numbers
of anybody's. Every place in it leads back to the text itself.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, lru_cache

from policy.model import Span

_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u20e3"
)
"""Joiners, marks of direction, variation selectors and the frame of a keycap: what a number can be hidden behind."""
_UNSEEN_RUN = re.compile(f"[{_UNSEEN}]+")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_KANJI_ZERO = re.compile("[〇零]")
_KANJI_DIGITS = {ord(char): str(digit) for digit, char in enumerate("〇一二三四五六七八九")} | {ord("零"): "0"}
_PAGE = re.compile(r"(?:https?://|www\.)[!-~]+", re.IGNORECASE)
_OTHER_SPACES = dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F), " ")
_NOTHING = "\0"
"""Stands where an address of a page stood: no digit, no letter, no gap between digits."""


@cache
def _ordinary_digits() -> dict[int, str]:
    """Return the table from every script's decimal digits to ours."""
    every = map(chr, range(0x80, sys.maxunicode + 1))
    return {ord(char): str(unicodedata.decimal(char)) for char in every if unicodedata.decimal(char, None) is not None}


class PlainText:
    """A flat text as its numbers are read.

    Args:
        flat: The text with full-width signs made plain (`Written.flat_text`).
        written: The text as it was written, as long as the flat one; addresses of pages are looked for in it, since
            a full-width sign ends them.
    """

    def __init__(self, flat: str, written: str) -> None:
        text = _PAGE.sub(lambda page: _NOTHING * len(page[0]), written) if "://" in flat or "www." in flat else ""
        if text:
            flat = "".join(_NOTHING if masked == _NOTHING else char for masked, char in zip(text, flat, strict=True))
        if _OTHER_DIGIT.search(flat):
            flat = flat.translate(_ordinary_digits())
        if _KANJI_ZERO.search(flat):
            flat = flat.translate(_KANJI_DIGITS)
        if not flat.isascii():
            flat = flat.translate(_OTHER_SPACES)
        self._starts: list[int] = []
        """Where each piece of the text began before its unseen characters were taken out; empty: nothing was."""
        self.text = self._without_unseen(flat)

    def _without_unseen(self, flat: str) -> str:
        if not _UNSEEN_RUN.search(flat):
            return flat
        pieces = []
        at = 0
        for run in _UNSEEN_RUN.finditer(flat):
            pieces.append(flat[at : run.start()])
            self._starts.extend(range(at, run.start()))
            at = run.end()
        pieces.append(flat[at:])
        self._starts.extend(range(at, len(flat)))
        return "".join(pieces)

    def span(self, start: int, end: int) -> Span:
        """Return the place in the text itself of the characters from *start* up to, not including, *end*."""
        if not self._starts:
            return Span(start=start, end=end)
        return Span(start=self._starts[start], end=self._starts[end - 1] + 1)


@lru_cache(maxsize=8)
def read_plain(flat: str, written: str) -> PlainText:
    """Return a text as its numbers are read; the last few are kept, since one judgement asks for it several times."""
    return PlainText(flat, written)
