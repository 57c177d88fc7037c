"""Whether two texts are the same notice, as a careful clerk sees it (T16, A22).

The same notice may be written with other letters, punctuation, hashtags or politeness, say that it is said again, and
have a remark more or less. It is another one as soon as a date, a number, a place, a state or a negation is another.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA, Indel

from policy.repeats import Notice, is_news, read_known_notice

ALIKE = 100
"""Percent: the likeness of two notices that say the same."""
_KANA = re.compile(r"[ぁ-ゖー]+")
_LONG_RUN = re.compile(r"[ァ-ヺー]{6,}|[a-z]{5,}")
_LONG_KANA = 5
_SLIGHT = re.compile("[一-鿿]{1,8}[課係]|[一-鿿]{1,6}担当|[本当]市|市|市内|各種|[広各主特]|幅広")


def likeness(text: str, earlier: str) -> float:
    """Return how alike two texts are as notices, in percent.

    Returns:
        100 where they say the same but for how it is written; less by the letters of their words that one has more
        than the other; 0 where they state different things, however alike they look.
    """
    new, old = read_known_notice(text), read_known_notice(earlier)
    apart = count_edits(new, old)
    return 0.0 if apart is None else ALIKE - ALIKE * apart / (len(new.letters) + len(old.letters))


def is_repeat(new: Notice, old: Notice, similarity: int) -> bool:
    """Tell whether two notices are the same one, alike by at least *similarity* percent."""
    room = (ALIKE - similarity) * (len(new.letters) + len(old.letters)) // ALIKE
    # Most pairs are told apart here, which is the cheapest.
    if room < 0 or Indel.distance(new.letters, old.letters, score_cutoff=room) > room:
        return False
    apart = count_edits(new, old)
    return apart is not None and apart <= room


def count_edits(new: Notice, old: Notice) -> int | None:
    """Return how many letters of their words must be put in and taken out between two notices.

    Returns:
        The number, all letters of a remark among them; None where the notices state different things, and where one
        of them says nothing that can be compared.
    """
    if new.facts != old.facts or not new.letters or not old.letters:
        return None
    for mine, yours in ((new.years, old.years), (new.weekdays, old.weekdays), (new.links, old.links)):
        if mine and yours and mine != yours:
            return None
    # In one order, so that a notice is as like another as that is like it.
    remarks = 0 if new.words == old.words else _count_remarks(*sorted((new, old), key=lambda one: one.words))
    return None if remarks is None else max(remarks, Indel.distance(new.letters, old.letters))


def _count_remarks(new: Notice, old: Notice) -> int | None:
    """Return the letters of the remarks that one notice has more; None where they differ by more than remarks.

    Beside remarks of whole sentences, which state nothing new, there may be errors of typing.
    """
    letters = 0
    for (i, j), (k, m) in _blocks(new, old):
        mine, yours = new.words[i:j], old.words[k:m]
        if mine and yours:
            if not _is_typing_error("".join(mine), "".join(yours)):
                return None
        elif _is_remark(new, i, j) and _is_remark(old, k, m):
            letters += sum(map(len, mine or yours))
        else:
            return None
    return letters


def _blocks(new: Notice, old: Notice) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the places where the words differ, in both."""
    blocks: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for step in Indel.opcodes(new.words, old.words):
        if step.tag == "equal":
            continue
        if blocks and (blocks[-1][0][1], blocks[-1][1][1]) == (step.src_start, step.dest_start):
            (i, _), (k, _) = blocks.pop()
            blocks.append(((i, step.src_end), (k, step.dest_end)))
        else:
            blocks.append(((step.src_start, step.src_end), (step.dest_start, step.dest_end)))
    return blocks


def _is_remark(notice: Notice, start: int, end: int) -> bool:
    """Tell whether the words from *start* to *end* add nothing: whole sentences without news, slight words, a kana."""
    if start == end:
        return True
    words = notice.words[start:end]
    if len(words) == 1 and len(words[0]) == 1 and _KANA.fullmatch(words[0]):
        return True
    if all(map(is_slight, words)):
        return True
    begins = start in notice.starts
    ends = end == len(notice.words) or end in notice.starts
    # One word alone is a heading, and a heading may say whom or where it is about.
    return begins and ends and len(words) > 1 and not any(map(is_news, words))


def is_slight(word: str) -> bool:
    """Tell whether a word more or less leaves a sentence what it was: an office that is named, 広く, 新しく."""
    return _SLIGHT.fullmatch(word) is not None


def _is_typing_error(mine: str, yours: str) -> bool:
    """Tell whether two words are one, mistyped; kanji are never taken for each other."""
    if mine == yours:
        return True
    if _KANA.fullmatch(mine) and _KANA.fullmatch(yours):
        room = 2 if min(len(mine), len(yours)) >= _LONG_KANA else 1
        return Indel.distance(mine, yours) <= room
    if _LONG_RUN.fullmatch(mine) and _LONG_RUN.fullmatch(yours):
        return OSA.distance(mine, yours) <= 1
    return False
