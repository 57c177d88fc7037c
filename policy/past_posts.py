"""Earlier posts behind an index: what says the same as a new text is found without comparing it to every post.

The index leaves nothing out: it finds exactly the posts that `policy.likeness.is_repeat` would find one by one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel
from rapidfuzz.process import extract_iter

from policy.likeness import SAME, is_repeat
from policy.repeats import Notice, read_known_notice, read_notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from policy.model import PastPost

SMALL_SHELF = 128
"""Up to as many notices are compared one by one, which is faster than looking at pairs of letters."""
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


class _Shelf:
    """The notices that state the same facts, in the order in which they came; only these can be each other's repeats.

    A notice of *n* letters has *n* - 1 pairs of neighbours. A letter that is missing in another notice parts two of
    them and one that is put in parts one, so that of the pairs of two notices that are alike most are in both. Of any
    selection of more pairs than can be parted at least one is in the other notice; the rarest are selected.
    """

    def __init__(self) -> None:
        self._all: dict[Notice, _Said] = {}
        self._places: list[_Said | None] = []
        self._letters: list[str | None] = []
        self._free: list[int] = []
        self._pairs: dict[str, array[int]] | None = None

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
        if number == len(self._places):
            self._places.append(said)
            self._letters.append(notice.letters)
        else:
            self._places[number], self._letters[number] = said, notice.letters
        if self._pairs is not None:
            self._enter(said, self._pairs)
        elif len(self._all) > SMALL_SHELF:
            self._pairs = {}
            for one in self._all.values():
                self._enter(one, self._pairs)
        return said

    def drop(self, said: _Said) -> None:
        """Take a notice away that no post says any more."""
        del self._all[said.notice]
        self._places[said.number] = self._letters[said.number] = None
        self._free.append(said.number)
        if self._pairs is not None:
            for pair in _pairs_of(said.notice.letters):
                numbers = self._pairs[pair]
                numbers.remove(said.number)
                if not numbers:
                    del self._pairs[pair]

    def alike(self, notice: Notice, similarity: int) -> Iterator[_Said]:
        """Yield what says the same as *notice*."""
        for number in self._near(notice.letters, similarity):
            said = self._places[number]
            if said is not None and is_repeat(notice, said.notice, similarity):
                yield said

    def _near(self, letters: str, similarity: int) -> Iterable[int]:
        """Return the places of all notices that can be alike, and of few others."""
        rarest = self._select(letters, similarity)
        if self._pairs is not None and rarest is not None:
            return set().union(*(self._pairs[pair] for pair in rarest if pair in self._pairs))
        share = similarity / SAME - _FLOAT_ROOM
        found = extract_iter(letters, self._letters, scorer=Indel.normalized_similarity, score_cutoff=max(share, 0.0))
        return (number for _, _, number in found)

    def _select(self, letters: str, similarity: int) -> list[str] | None:
        """Return pairs of which every notice that is alike has one; None where there are too few to tell."""
        if self._pairs is None or not 0 < similarity <= SAME:
            return None
        parted = most_parted(len(letters), similarity)
        selected: list[str] = []
        known = self._pairs
        counts = _pairs_of(letters)
        for pair in sorted(counts, key=lambda one: len(known.get(one, ()))):
            if parted < 0:
                break
            selected.append(pair)
            parted -= counts[pair]
        return selected if parted < 0 else None

    @staticmethod
    def _enter(said: _Said, pairs: dict[str, array[int]]) -> None:
        for pair in _pairs_of(said.notice.letters):
            pairs.setdefault(pair, array("I")).append(said.number)


def most_parted(length: int, similarity: int) -> int:
    """Return how many pairs of neighbours in *length* letters can be parted in a text that is alike.

    With *d* letters gone and *i* put in, 2*d* + *i* pairs are parted at most. That is most where the other text is as
    short as it can be, when nothing is put in, or as long as it can be, when nothing is gone.
    """
    shortest = 4 * length * (SAME - similarity) // (2 * SAME - similarity)
    longest = 2 * length * (SAME - similarity) // similarity
    return max(shortest, longest)


def _pairs_of(letters: str) -> Counter[str]:
    return Counter(map("".join, pairwise(letters)))


class PastIndex:
    """The earlier posts of a city, all its accounts and platforms together.

    The caller builds it once and keeps it up: what is published is added (a repost is nothing said anew, and is not),
    what is forgotten is removed. Any number of threads may use it; they take turns.

    Args:
        posts: The posts to begin with.
    """

    def __init__(self, posts: Iterable[PastPost] = ()) -> None:
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
                shelf = self._shelves[notice.facts] = _Shelf()
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
