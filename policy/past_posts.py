"""Earlier posts behind an index: what says the same as a new text is found without comparing it to every post.

The index leaves nothing out: it finds exactly the posts that `policy.likeness.is_repeat` would find one by one.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from rapidfuzz.distance import Indel
from rapidfuzz.process import extract_iter

from policy.likeness import ALIKE, is_repeat, is_slight
from policy.repeats import Notice, read_known_notice, read_notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from policy.model import PastPost

    _Pairs: TypeAlias = dict[str, array[int]]

SMALL_SHELF = 128
"""Up to as many notices are compared faster than pairs of letters are looked up."""
_KANJI = re.compile("[一-鿿㐀-䶿豈-﫿々〆]{2,}")
_FLOAT_ROOM = 1e-6
"""The scan compares shares, `is_repeat` whole letters; the scan must not be the stricter one."""


@dataclass(slots=True, eq=False)
class _Said:
    """One notice, and every post that said it."""

    notice: Notice
    number: int
    """Its place on its shelf."""
    posts: list[tuple[datetime, int, PastPost]] = field(default_factory=list)
    """By instant, then in the order in which they came."""
    known: _Known | None = None
    """What was found when it was last looked for."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What says the same as one notice of a shelf."""

    similarity: int
    came: int
    """How many had come to the shelf by then."""
    found: tuple[_Said, ...]


class _Shelf:
    """The notices that state the same facts; only these can be each other's repeats.

    A small shelf is looked through. On a large one every pair of neighbouring letters leads to the notices that have
    it, and a few pairs are selected of which a notice that is alike must have one: see `_anchors` and `_rare_pairs`.
    """

    def __init__(self, small: int) -> None:
        self._small = small
        self._all: dict[Notice, _Said] = {}
        self._places: list[_Said | None] = []
        self._letters: list[str | None] = []
        self._free: list[int] = []
        self._pairs: _Pairs | None = None
        self._came: list[_Said] = []
        """The notices in the order in which they came, since one went last."""

    def __len__(self) -> int:
        return len(self._all)

    def get(self, notice: Notice) -> _Said | None:
        return self._all.get(notice)

    def put(self, notice: Notice) -> _Said:
        """Return the place of a notice, and make one where there is none."""
        if said := self._all.get(notice):
            return said
        number = self._free.pop() if self._free else len(self._places)
        said = self._all[notice] = _Said(notice, number)
        self._came.append(said)
        if number == len(self._places):
            self._places.append(said)
            self._letters.append(notice.letters)
        else:
            self._places[number], self._letters[number] = said, notice.letters
        if self._pairs is not None:
            self._enter(said, self._pairs)
        elif len(self._all) > self._small:
            self._pairs = {}
            for one in self._all.values():
                self._enter(one, self._pairs)
        return said

    def drop(self, said: _Said) -> None:
        """Take a notice away that no post says any more."""
        del self._all[said.notice]
        self._came.clear()
        for one in self._all.values():  # nobody may hold on to it
            one.known = None
        self._places[said.number] = self._letters[said.number] = None
        self._free.append(said.number)
        if self._pairs is not None:
            for pair in set(_pairs_of(said.notice.letters)):
                numbers = self._pairs[pair]
                numbers.remove(said.number)
                if not numbers:
                    del self._pairs[pair]

    def alike(self, notice: Notice, similarity: int) -> Iterable[_Said]:
        """Return what says the same as *notice*.

        A post that waits is itself on the shelf, and asked about again and again: what was found for it once needs
        only be compared to what came since.
        """
        own = self._all.get(notice)
        if own is None:
            return self._search(notice, similarity)
        known = own.known
        if known is None or known.similarity != similarity or len(self._came) - known.came > self._small:
            found = tuple(self._search(notice, similarity))
        else:
            since = self._came[known.came :]
            if not since:
                return known.found
            found = (*known.found, *(said for said in since if is_repeat(notice, said.notice, similarity)))
        own.known = _Known(similarity, len(self._came), found)
        return found

    def _search(self, notice: Notice, similarity: int) -> Iterator[_Said]:
        if similarity > ALIKE:
            return
        for number in self._near(notice, similarity):
            said = self._places[number]
            if said is not None and is_repeat(notice, said.notice, similarity):
                yield said

    def _near(self, notice: Notice, similarity: int) -> Iterable[int]:
        """Return the places of all notices that can be alike, and of few others."""
        pairs = self._pairs
        if pairs is not None and similarity > 0:
            selected = _anchors(notice, similarity, pairs) or _rare_pairs(notice, similarity, pairs)
            if selected:
                return set().union(*(pairs[pair] for pair in selected if pair in pairs))
        share = similarity / ALIKE - _FLOAT_ROOM
        scorer = Indel.normalized_similarity
        found = extract_iter(notice.letters, self._letters, scorer=scorer, score_cutoff=max(share, 0.0))
        return (number for _, _, number in found)

    @staticmethod
    def _enter(said: _Said, pairs: _Pairs) -> None:
        for pair in set(_pairs_of(said.notice.letters)):
            pairs.setdefault(pair, array("I")).append(said.number)


def _anchors(notice: Notice, similarity: int, known: _Pairs) -> list[str]:
    """Select a pair from each of some sentences that cannot all be remarks; empty where none can be selected.

    The words in kanji of a sentence that is no remark are in every notice that is alike, letter by letter. Only as many
    letters as the similarity leaves room for can be remarks, where the other notice is as long as it can be.
    """
    room = 2 * len(notice.letters) * (ALIKE - similarity) // similarity
    ends = (*notice.starts[1:], len(notice.words))
    sentences = []
    for start, end in zip(notice.starts, ends, strict=False):
        words = notice.words[start:end]
        inside = {pair for word in words if _KANJI.fullmatch(word) and not is_slight(word) for pair in _pairs_of(word)}
        if inside:
            rarest = min(inside, key=lambda pair: len(known.get(pair, ())))
            sentences.append((len(known.get(rarest, ())), rarest, sum(map(len, words))))
    selected = []
    for _, pair, letters in sorted(sentences):
        selected.append(pair)
        room -= letters
        if room < 0:
            return selected
    return []


def _rare_pairs(notice: Notice, similarity: int, known: _Pairs) -> list[str]:
    """Select more pairs than can be parted in a notice that is alike, the rarest; empty where there are too few.

    A letter that is gone parts two pairs of neighbours and one that is put in parts one. That is most where the other
    notice is as short as it can be, when nothing is put in, or as long as it can be, when nothing is gone.
    """
    length = len(notice.letters)
    shortest = 4 * length * (ALIKE - similarity) // (2 * ALIKE - similarity)
    longest = 2 * length * (ALIKE - similarity) // similarity
    room = max(shortest, longest)
    counts = Counter(_pairs_of(notice.letters))
    selected = []
    for pair in sorted(counts, key=lambda one: len(known.get(one, ()))):
        selected.append(pair)
        room -= counts[pair]
        if room < 0:
            return selected
    return []


def _pairs_of(letters: str) -> Iterator[str]:
    return map("".join, pairwise(letters))


class PastIndex:
    """The earlier posts of a city, all its accounts and platforms together.

    The caller builds it once and keeps it up: what is published is added (a repost is nothing said anew, and is not),
    what is forgotten is removed. Any number of threads may use it; they take turns.

    Args:
        posts: The posts to begin with.
        small_shelf: Up to how many notices that state the same facts are compared one by one.
    """

    def __init__(self, posts: Iterable[PastPost] = (), *, small_shelf: int = SMALL_SHELF) -> None:
        self._small_shelf = small_shelf
        self._lock = Lock()
        self._shelves: dict[tuple[str, ...], _Shelf] = {}
        self._came = 0
        self._size = 0
        for post in posts:
            self.add(post)

    def __len__(self) -> int:
        return self._size

    def add(self, post: PastPost) -> None:
        """Add a post; one that says nothing that can be compared is passed over."""
        notice = read_notice(post.text)
        with self._lock:
            self._came += 1
            if not notice.letters:
                return
            shelf = self._shelves.get(notice.facts)
            if shelf is None:
                shelf = self._shelves[notice.facts] = _Shelf(self._small_shelf)
            insort(shelf.put(notice).posts, (post.at, self._came, post))
            self._size += 1

    def remove(self, post: PastPost) -> None:
        """Remove a post as it was added; one that is not there is passed over."""
        notice = read_notice(post.text)
        with self._lock:
            shelf = self._shelves.get(notice.facts)
            said = shelf.get(notice) if shelf else None
            if shelf is None or said is None:
                return
            start = bisect_left(said.posts, (post.at,))
            place = next((n for n in range(start, len(said.posts)) if said.posts[n][2] == post), None)
            if place is None:
                return
            del said.posts[place]
            self._size -= 1
            if not said.posts:
                shelf.drop(said)
            if not len(shelf):
                del self._shelves[notice.facts]

    def like(self, text: str, *, since: datetime, until: datetime, similarity: int) -> Sequence[PastPost]:
        """Return the posts from *since* to *until* (both inside) that say the same as *text*, oldest first.

        Args:
            text: The new text.
            since: The earliest instant.
            until: The latest instant.
            similarity: How alike, in percent.
        """
        notice = read_known_notice(text)
        found: list[tuple[datetime, int, PastPost]] = []
        with self._lock:
            shelf = self._shelves.get(notice.facts)
            for said in shelf.alike(notice, similarity) if shelf else ():
                for one in said.posts[bisect_left(said.posts, (since,)) :]:
                    if one[0] > until:
                        break
                    found.append(one)
        return [post for _, _, post in sorted(found)]
