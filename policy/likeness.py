"""Whether two texts are the same notice, as a careful clerk sees it (T16, A22).

The same notice may be written with other letters, punctuation, hashtags or politeness, say that it is said again, and
have a remark more or less. It is another one as soon as a date, a number, a place, a state or a negation is another.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel

from policy.repeats import Notice, read_known_notice

SAME = 100
_KANA = re.compile(r"[ぁ-ゖー]+")
_LONG_RUN = re.compile(r"[ァ-ヺー]{6,}|[a-z]{5,}")
_LONG_KANA = 5
_SLIGHT = re.compile("[一-鿿]{1,8}[課係]|[一-鿿]{1,6}担当|[本当]市|市|市内|各種|[広各主特]|幅広")
_NEWS = re.compile(
    "中止|延期|終了|締|満員|満席|定員|追加|変更|訂正|更新|続報|開始|再開|解除|復旧|解消|雨天|荒天|順延|休館|休園|休業|閉鎖|閉館"
    "|警報|注意報|避難|発生|発令|発表|無料|有料|予約|不要|必要|禁止|不可|可能"
    "|今日|明日|昨日|今週|来週|今月|来月|午前|午後"
    "|[都道府県市区町村駅橋川港園校館院場寺城島]$|地区|地域|地内|丁目|団地|会場|センタ|ホール|プール|広場|支所|市役所|役場|神社|公園"
    "|号線|国道|県道|街道|全域",
)
"""Words that make a sentence news: a state, a day, a place."""


def likeness(text: str, earlier: str) -> float:
    """Return how alike two texts are as notices, in percent.

    Returns:
        100 where they say the same but for how it is written; less by the letters of their words that one has more
        than the other; 0 where they state different things, however alike they look.
    """
    new, old = read_known_notice(text), read_known_notice(earlier)
    if not new.letters or not old.letters or not says_the_same(new, old):
        return 0.0
    return Indel.normalized_similarity(new.letters, old.letters) * SAME


def is_repeat(new: Notice, old: Notice, similarity: int) -> bool:
    """Tell whether two notices are the same one, alike by at least *similarity* percent."""
    room = most_edits(new.letters, old.letters, similarity)
    if room < 0 or not new.letters or not old.letters:
        return False
    return Indel.distance(new.letters, old.letters, score_cutoff=room) <= room and says_the_same(new, old)


def most_edits(new: str, old: str, similarity: int) -> int:
    """Return how many letters may be put in and taken out between two that are alike by *similarity* percent."""
    return (SAME - similarity) * (len(new) + len(old)) // SAME


def says_the_same(new: Notice, old: Notice) -> bool:
    """Tell whether nothing that one of the notices states is otherwise in the other, however alike they look."""
    if new.facts != old.facts:
        return False
    for mine, yours in ((new.years, old.years), (new.weekdays, old.weekdays), (new.links, old.links)):
        if mine and yours and mine != yours:
            return False
    # In one order, so that a notice is as like another as that is like it.
    return new.words == old.words or _are_words_alike(*sorted((new, old), key=lambda one: one.words))


def _are_words_alike(new: Notice, old: Notice) -> bool:
    """Tell whether the words differ by typing errors and by remarks of whole sentences only."""
    for (i, j), (k, m) in _blocks(new, old):
        mine, yours = new.words[i:j], old.words[k:m]
        if mine and yours:
            if not _is_typing_error("".join(mine), "".join(yours)):
                return False
        elif not (_is_remark(new, i, j) and _is_remark(old, k, m)):
            return False
    return True


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
    if all(map(_is_slight, words)):
        return True
    begins = start in notice.starts
    ends = end == len(notice.words) or end in notice.starts
    # One word alone is a heading, and a heading may say whom or where it is about.
    return begins and ends and len(words) > 1 and not any(map(_is_news, words))


def _is_slight(word: str) -> bool:
    """Tell whether a word more or less leaves a sentence what it was: an office that is named, 広く, 新しく."""
    return _SLIGHT.fullmatch(word) is not None


@lru_cache(maxsize=16384)
def _is_news(word: str) -> bool:
    return _NEWS.search(word) is not None


def _is_typing_error(mine: str, yours: str) -> bool:
    """Tell whether two words are one, mistyped or with an office named; kanji are never taken for each other."""
    if mine == yours:
        return True
    if _is_slight(_put_in(mine, yours)):
        return True
    if _KANA.fullmatch(mine) and _KANA.fullmatch(yours):
        room = 2 if min(len(mine), len(yours)) >= _LONG_KANA else 1
        return Indel.distance(mine, yours) <= room
    if _LONG_RUN.fullmatch(mine) and _LONG_RUN.fullmatch(yours):
        return OSA.distance(mine, yours) <= 1
    return False


def _put_in(mine: str, yours: str) -> str:
    """Return the one piece that the longer of two words has more than the other; empty where that is not all."""
    shorter, longer = sorted((mine, yours), key=len)
    size = len(longer) - len(shorter)
    start = next((i for i, (one, other) in enumerate(zip(shorter, longer, strict=False)) if one != other), len(shorter))
    return longer[start : start + size] if shorter[start:] == longer[start + size :] else ""
