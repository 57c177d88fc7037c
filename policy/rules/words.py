"""Rules on words in the text: marks of secrecy, words that are not settled, hearsay, words that hurt."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policy.model import Span
from policy.rules.kind import FOUND, TEXTS, Hit, OnWording, Param, ParamType, RuleKind, quote_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.pack import Check
    from policy.rules.kind import Params
    from policy.written import Written


_KATAKANA = re.compile(r"[ァ-ヶー]+")


def _whole(word: str) -> str:
    escaped = re.escape(word)
    return f"(?<![ァ-ヶー]){escaped}(?![ァ-ヶー])" if _KATAKANA.fullmatch(word) else escaped


def compile_words(words: list[str], harmless: list[str]) -> re.Pattern[str]:
    """Compile words to a pattern whose group 1 is a hit; *harmless* longer words are passed over (案内 for 案).

    A word in katakana is a hit only by itself: エタノール has no エタ in it.
    """

    def either(group: list[str]) -> str:
        return "|".join(_whole(word) for word in sorted(group, key=len, reverse=True))

    return re.compile(f"(?:{either(harmless)})|({either(words)})" if harmless else f"({either(words)})", re.IGNORECASE)


def beginnings(words: list[str]) -> frozenset[str] | None:
    """Return how the words begin, two characters of each; None where a letter has a case, which the text may change."""
    if any(word.lower() != word.upper() for word in words):
        return None
    return frozenset(word[:2] for word in words)


def build_words(params: Params) -> Check:
    """Build a rule that speaks where the text has one of the words."""
    pattern = compile_words(params["words"], params.get("harmless", []))
    starts = beginnings(params["words"])

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        if starts is not None and starts.isdisjoint(written.pairs):
            return
        matches = (match for match in pattern.finditer(written.flat_text) if match[1])
        spans = tuple(Span(start=match.start(), end=match.end()) for match in matches)
        if spans:
            yield Hit(fill={"found": quote_spans(written.text, spans)}, spans=spans)

    return check


def build_source(params: Params) -> Check:
    """Build a rule that speaks where the text has no word that names where the news comes from."""
    pattern = compile_words(params["words"], [])

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        if written.text and not pattern.search(written.flat_text):
            yield Hit()

    return check


KINDS = {
    "words": RuleKind(
        build=build_words,
        params={"words": TEXTS, "harmless": Param(type=ParamType.TEXTS, is_required=False)},
        placeholders=FOUND,
    ),
    "source": RuleKind(build=build_source, params={"words": TEXTS}),
}
