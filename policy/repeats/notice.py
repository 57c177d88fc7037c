"""A notice: what a text says, apart from how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from policy.repeats.figures import arabic_numbers, read_facts
from policy.repeats.plain import plain_text
from policy.repeats.wording import hiragana_word, is_stock, kanji_word, katakana_word, same_spelling

_RUN = re.compile(
    # Runs are cut at 64 letters: no word is as long.
    r"(?P<kanji>[一-鿿㐀-䶿豈-﫿々〆]{1,64})|(?P<katakana>[ァ-ヺー]{1,64})|(?P<hiragana>[ぁ-ゖー]{1,64})"
    r"|(?P<other>[^\W_ぁ-ヿ㐀-鿿豈-﫿]{1,64})"
    r"|(?P<stop>[。!?\n()【】\[\]{}<>■□◆◇●○★☆▼▽▲△♪…※]|\.(?=\s|$)|[\U0001f000-\U0001faff\u2600-\u27bf])"
    r"|(?P<bar>.)",
    re.DOTALL,
)
_SQUEEZED = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a text says."""

    facts: tuple[str, ...]
    """What figures and endings state, in order: dates, times, quantities, negations, what is past."""
    words: tuple[str, ...]
    """The words that carry content, in order."""
    starts: tuple[int, ...]
    """Which words begin a sentence, by their places."""
    years: tuple[str, ...]
    """Years of dates, which a text may leave out; so with the weekdays of dates and the pages linked to."""
    weekdays: tuple[str, ...]
    links: frozenset[str]
    letters: str
    """The words without gaps; a likeness is counted in them. Empty: the text says nothing that can be compared."""


def read_notice(text: str) -> Notice:
    """Read what a text says; any text can be read."""
    plain, links = plain_text(text)
    facts = read_facts(arabic_numbers(same_spelling(plain)))
    words: list[str] = []
    starts: list[int] = []
    for sentence in _sentences(facts.rest):
        if not all(map(is_stock, sentence)):
            starts.append(len(words))
            words += sentence
    if not words and not facts.stated:
        # Nothing but greetings, or nothing but kana: what is written is what is said.
        words = [squeezed] if (squeezed := _SQUEEZED.sub("", plain)) else []
        starts = [0] if words else []
    letters = "".join(words)
    return Notice(
        facts=tuple(map(intern, facts.stated)),
        words=tuple(map(intern, words)),
        starts=tuple(starts),
        years=tuple(facts.years),
        weekdays=tuple(facts.weekdays),
        links=links,
        letters=letters or "".join(facts.stated),
    )


@lru_cache(maxsize=2048)
def read_known_notice(text: str) -> Notice:
    """Read a text that is likely to be asked about again."""
    return read_notice(text)


def _sentences(text: str) -> list[list[str]]:
    sentences: list[list[str]] = [[]]
    follows_kanji = False
    for found in _RUN.finditer(text):
        kind, run = found.lastgroup, found[0]
        if kind == "stop":
            sentences.append([])
        elif kind == "hiragana":
            if word := hiragana_word(run, follows_kanji=follows_kanji):
                sentences[-1].append(word)
        elif kind == "kanji":
            sentences[-1].append(kanji_word(run))
        elif kind == "katakana":
            sentences[-1].append(katakana_word(run))
        elif kind == "other":
            sentences[-1].append(run)
        follows_kanji = kind == "kanji"
    return [sentence for sentence in sentences if sentence]
