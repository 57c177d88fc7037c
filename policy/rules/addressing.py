"""Rules on posts that speak to one person or firm instead of to everybody, and on answers that say a set text only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policy.model import Span
from policy.rules.kind import FOUND, TEXT, TEXTS, Hit, OnWording, Param, ParamType, RuleKind, quote_spans
from policy.rules.words import compile_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.pack import Check
    from policy.rules.kind import Params
    from policy.written import Written

_HANDLE = re.compile(r"[\s.]{0,20}(@([A-Za-z0-9_]{1,15}))(?![A-Za-z0-9_])", re.ASCII)
# No particle: 「講師は田中さん、司会は…」 tells of somebody, and speaks to nobody.
_NAME = r"[^\s、。,.!?「」『』()【】#@:はがをの]{1,20}?\s?"
_ENDS = r"(?=[、,:!\s]|へ[、,\s]|$)"
_SPACES = re.compile(r"\s+")


def build_addressed(params: Params) -> Check:
    """Build a rule that speaks where a post begins with another's @handle or with somebody's name and title.

    Params: `titles` are what is set behind a name (様, 御中), `everybody` the words with them that mean no one party
    (市民の皆様), `phrases` what is written to one party only, wherever it stands. The account's own name is no party.
    """
    titles = "|".join(map(re.escape, params["titles"])) or r"(?!)"
    opening = re.compile(rf"\s{{0,20}}(?:【[^】\n]{{0,20}}】\s{{0,5}})?({_NAME}(?:{titles})){_ENDS}")
    everybody = tuple(params.get("everybody", ()))
    phrases = compile_words(params["phrases"], []) if params.get("phrases") else None

    def find(written: Written) -> Iterator[re.Match[str]]:
        text = written.flat_text
        handle = _HANDLE.match(text)
        if handle is not None and handle[2].casefold() != written.account.casefold():
            yield handle
        named = opening.match(text)
        if named is not None and not named[1].endswith(everybody):
            yield named
        if phrases is not None:
            yield from phrases.finditer(text)

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        spans = tuple(Span(start=match.start(1), end=match.end(1)) for match in find(written))
        if spans:
            yield Hit(fill={"found": quote_spans(written.text, spans)}, spans=spans)

    return check


def build_set_answer(params: Params) -> Check:
    """Build a rule that tells an answer in the set text from one in words of one's own; spaces do not count.

    Params: `text` is the set text.
    """
    wanted = _SPACES.sub("", params["text"])

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        is_set = _SPACES.sub("", written.text) == wanted
        yield Hit(outcome="set" if is_set else "free", fill={"text": params["text"]})

    return check


KINDS = {
    "addressed": RuleKind(
        build=build_addressed,
        params={
            "titles": TEXTS,
            "everybody": Param(type=ParamType.TEXTS, is_required=False),
            "phrases": Param(type=ParamType.TEXTS, is_required=False),
        },
        placeholders=FOUND,
    ),
    "set_answer": RuleKind(
        build=build_set_answer,
        params={"text": TEXT},
        outcomes=("set", "free"),
        placeholders=frozenset({"text"}),
    ),
}
