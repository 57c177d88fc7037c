"""What the stand-ins wrote down, read for the judge: who published what, how often, and what was spoilt."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from platforms.sandbox.core import FaultKind
from tests.chaos.faults import AMBIGUOUS
from tests.chaos.schedule import MARK

Place = tuple[str, str]
"""An account's handle, and the mark of a text or of the text that was reposted.

In place of the handle the vendor's name where a request was spoilt before anybody saw whose it is: a text is never for
two accounts of one vendor.
"""
Stretch = tuple[datetime, datetime]
"""From when until when something stood in the way."""
_AMBIGUOUS: Final = frozenset(kind.value for kind in AMBIGUOUS)


@dataclass(slots=True)
class Journal:
    """The journal, by text and account."""

    published: dict[Place, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    """When each publication was accepted, by its vendor's id: more than one is a duplicate."""
    reposted: dict[Place, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    entries: dict[Place, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """Every line about a text on an account."""
    faults: Counter[str] = field(default_factory=Counter)
    """How often each kind of fault happened."""
    faults_by_vendor: Counter[str] = field(default_factory=Counter)
    ambiguous: Counter[str] = field(default_factory=Counter)
    """Spoilt answers by vendor after which nobody can know."""
    expired: Counter[str] = field(default_factory=Counter)
    """Refused tokens by vendor."""
    requests: Counter[str] = field(default_factory=Counter)
    """By vendor."""
    closures: dict[str, list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    """By handle: when the account was answered 429, and until when that answer told it to wait."""

    def about(self, place: Place, vendor: str) -> list[dict[str, Any]]:
        """Return every line about a text on an account, oldest first."""
        return sorted(
            [*self.entries.get(place, ()), *self.entries.get((vendor, place[1]), ())], key=lambda line: line["at"]
        )

    def faults_about(self, place: Place, vendor: str) -> list[datetime]:
        """Return when requests about this text were spoilt."""
        return [datetime.fromisoformat(line["at"]) for line in self.about(place, vendor) if line["fault"]]

    def has_ambiguous_fault(self, place: Place, vendor: str) -> bool:
        """Tell whether a request about this text was spoilt so that nobody can know."""
        return any(line["fault"] in _AMBIGUOUS for line in self.about(place, vendor))


def read_journal(base_url: str) -> Journal:
    """Read everything from the stand-ins."""
    with urllib.request.urlopen(f"{base_url}/_sandbox/journal", timeout=120) as answer:
        lines = json.load(answer)
    return digest(lines)


def digest(lines: list[dict[str, Any]]) -> Journal:
    """Sort the lines of a journal by text and account."""
    journal = Journal()
    marks: dict[str, str] = {}  # by the vendor's id of a post, a video or an upload
    for line in lines:
        journal.requests[line["vendor"]] += 1
        if line["fault"]:
            journal.faults[line["fault"]] += 1
            journal.faults_by_vendor[line["vendor"]] += 1
            journal.ambiguous[line["vendor"]] += line["fault"] in _AMBIGUOUS
            journal.expired[line["vendor"]] += line["fault"] == FaultKind.EXPIRED_TOKEN
            if line["fault"] == FaultKind.THROTTLED and line["account"]:
                at = datetime.fromisoformat(line["at"])
                until = line["extra"].get("closed_until")
                journal.closures[line["account"]].append((at, datetime.fromisoformat(until) if until else at))
        own = MARK.search(line["text"] or "")
        mark = own.group() if own else marks.get(line["extra"].get("source") or line["external_id"] or "")
        if mark is None:
            continue
        place = (line["account"] or line["vendor"], mark)
        journal.entries[place].append(line)
        if line["outcome"] == "accepted" and line["external_id"]:
            marks[line["external_id"]] = mark
            _count(journal, line, place)
    return journal


def _count(journal: Journal, line: dict[str, Any], place: Place) -> None:
    at, made = datetime.fromisoformat(line["at"]), line["external_id"]
    if line["verb"] == "repost":
        journal.reposted[place].setdefault(made, at)
    elif line["vendor"] == "youtube":
        if line["verb"] == "update" and line["extra"].get("privacy") == "public":
            journal.published[place].setdefault(made, at)
    elif line["verb"] == "publish":
        journal.published[place].setdefault(made, at)
