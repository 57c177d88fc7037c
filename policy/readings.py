"""What a pack's rules on the wording found, kept for the next time that the same is judged.

One version is judged when it is drafted, submitted and approved, whenever the city's record changes while it waits, and
once more at its call. Its wording is read once: what is found depends on the pack and on what is written, and what is
written is all that such a rule is handed. Whatever else a verdict rests on is looked at anew each time.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

from policy.repeats import read_known_notice
from policy.rules.kind import OnWording
from policy.rules.links import find_links
from policy.rules.personal import contact_key
from policy.texts.dating import find_dates
from policy.texts.plaintext import read_plain
from policy.texts.telephone import find_telephones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policy.case import Case
    from policy.pack import Pack, Rule
    from policy.rules.kind import Hit
    from policy.written import Written

MOST: Final = 4096
"""How many readings are kept: more posts than a city ever has waiting."""
MOST_CHARS: Final = 2_000_000
"""How many characters of text they have together, so that the longest texts of all are no more either."""
_KEEPING_TEXTS: Final = (
    *(read_plain, find_dates, find_telephones, find_links),
    *(contact_key, read_known_notice),
)
"""What in policy remembers whole texts, or contacts that stood in one."""


class Reading:
    """What the rules of one pack find in what is written; each rule on the wording is asked once."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self._found: dict[str, tuple[Hit, ...]] = {}

    def ask(self, rules: Iterable[Rule], case: Case) -> Iterator[tuple[Rule, Hit]]:
        """Yield what rules of the pack say of a case in which this is written."""
        written, found = self.written, self._found
        for rule in rules:
            check = rule.check
            if not isinstance(check, OnWording):
                for hit in check(case):
                    yield rule, hit
                continue
            hits = found.get(rule.id)
            if hits is None:
                hits = found[rule.id] = tuple(check.read(written))
            for hit in hits:
                yield rule, hit
        written.shrink()


class Readings:
    """The readings of late; any number of threads may use them.

    Args:
        most: How many are kept.
        most_chars: How many characters of text they have together.
    """

    def __init__(self, most: int = MOST, most_chars: int = MOST_CHARS) -> None:
        self._most = most
        self._most_chars = most_chars
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Pack, Written], Reading] = OrderedDict()
        self._chars = 0

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, case: Case) -> Reading:
        """Return the reading of what is written in a case by its pack: the one that is kept, or a new one."""
        key = case.pack, case.written
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
            reading = self._kept[key] = Reading(case.written)
            self._chars += len(case.written.text)
            while len(self._kept) > self._most or self._chars > self._most_chars:
                (_, oldest), _ = self._kept.popitem(last=False)
                self._chars -= len(oldest.text)
            return reading

    def forget(self) -> None:
        """Forget every reading, and what this process keeps of texts beside them."""
        with self._lock:
            self._kept.clear()
            self._chars = 0
        for function in _KEEPING_TEXTS:
            function.cache_clear()
