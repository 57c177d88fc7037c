"""Words that several answers share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence that comes from a pack or a city file, in both languages."""

    ja: str
    en: str

    def in_(self, locale: str) -> str:
        """Return the English words for an English locale, else the Japanese ones."""
        return self.en if locale.startswith("en") else self.ja
