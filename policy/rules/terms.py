"""Rules on terms that were abolished or renamed, from dated lists."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from policy.model import Span, Words
from policy.rules.kind import TERMS, Hit, OnWording, Param, ParamType, RuleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.pack import Check
    from policy.rules.kind import Params, Term
    from policy.written import Written

# Who writes of what was says so: 旧避難勧告, 「避難勧告」は廃止され, 避難勧告(当時).
_ONCE_BEFORE = re.compile(
    r"(?:旧|元|かつての|従来の|当時の|以前の|これまでの|改正前の|廃止された|なくなった|という)[「『]?$"
)
_ONCE = re.compile(
    r"廃止|一本化|改称|呼称|言い?換え|置き換|読み替え|\(当時\)|\(旧|改めら|改めまし|統合され|なくなりました|移行しました"
    r"|名称[がを]?変|(?:に|へ)(?:名称)?変わ(?:り|っ)",
)
_BEFORE_CHARS = 10
_SENTENCE_CHARS = 40
_SENTENCE_END = re.compile(r"[。\n!?]")


def _plain(term: str) -> str:
    """Return a term as it stands in a flat text: 避難指示（緊急） is 避難指示(緊急)."""
    return unicodedata.normalize("NFKC", term)


def build_terms(params: Params) -> Check:
    """Build a rule that speaks of each term of its list that was abolished or renamed by the day of the action.

    Longer words that only hold one (`harmless`) and sentences that tell of the past pass.
    """
    terms: dict[str, Term] = {_plain(one.term): one for one in params["terms"]}
    harmless = [_plain(one) for one in params.get("harmless", [])]
    passed = [re.escape(one) for one in sorted(harmless, key=len, reverse=True)]
    sought = [re.escape(one) for one in sorted(terms, key=len, reverse=True)]
    pattern = re.compile("|".join([*passed, f"({'|'.join(sought)})"]))

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        text, today = written.flat_text, written.day
        places: dict[str, list[Span]] = {}
        for match in pattern.finditer(text):
            found = match[1]
            if found and terms[found].since <= today and not _is_told_of_the_past(text, match.start(), match.end()):
                places.setdefault(found, []).append(Span(start=match.start(), end=match.end()))
        for found, spans in places.items():
            term = terms[found]
            since = Words(ja=f"{term.since.year}年{term.since.month}月{term.since.day}日", en=term.since.isoformat())
            fill: dict[str, str | Words] = {"found": term.term, "since": since, "instead": term.instead}
            yield Hit(fill=fill, spans=tuple(spans))

    return check


def _is_told_of_the_past(text: str, start: int, end: int) -> bool:
    if _ONCE_BEFORE.search(text, max(0, start - _BEFORE_CHARS), start):
        return True
    before = _SENTENCE_END.split(text[max(0, start - _SENTENCE_CHARS) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + _SENTENCE_CHARS], maxsplit=1)[0]
    return _ONCE.search(f"{before}\0{after}") is not None


KINDS = {
    "abolished_terms": RuleKind(
        build=build_terms,
        params={"terms": TERMS, "harmless": Param(type=ParamType.TEXTS, is_required=False)},
        placeholders=frozenset({"found", "since", "instead"}),
    ),
}
