"""The hash chain of the audit trail. Pure: no database, no clock.

Each link holds the digest of what was recorded (facts and note, with a salt of its own) and the hash of the link
before it. The content lies beside the chain, so that it can be erased by a recorded decision without breaking the
chain: the digest stays, and without its salt it tells nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One event of the trail, as the chain sees it."""

    city: str
    seq: int
    """Counted from 1 in each city, without a gap."""
    at: datetime
    who: str
    kind: str
    post_id: str | None
    delivery_id: str | None
    content_digest: str
    previous_hash: str
    """Empty for the first link."""
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an event says; it lies beside the chain."""

    facts: Mapping[str, Any]
    note: str
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is left of a content that two people had erased."""

    erasure: str
    """The id of their decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A link with what lies beside it."""

    link: Link
    content: Content | Tombstone | None
    """None: nothing that could be read lies there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A link's number and hash, kept outside the database: who rewrites the whole trail cannot rewrite it."""

    seq: int
    hash: str


NOTHING: Final = Mark(seq=0, hash="")
"""The end of a chain in which nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first place where the chain does not hold."""

    seq: int
    reason: str
    """`gap`, `previous_hash`, `hash`, `content`, `end`, `mark` or `cut_off`."""
    at: datetime | None = None
    """When the event there happened, as far as it says so."""


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_PLAIN: Final = frozenset({str, int, bool, type(None)})
"""What `to_json` writes in a list byte for byte as `_ENCODER` does: not so floats, and what JSON has no word for."""
_KEYS: Final = frozenset({str})
"""Of an object: another key `_ENCODER` turns into one."""


def canonical(value: object) -> bytes:
    """Return *value* as JSON that has only one form: sorted keys, no spaces, UTF-8.

    Raises:
        TypeError: JSON has no word for something in it.
        ValueError: It holds half of a character, or what is no finite number.
    """
    if isinstance(value, list) and _PLAIN.issuperset(map(type, value)):
        return to_json(value)  # every link of the chain is such a list, and is written in a fifth of the time
    return _ENCODER.encode(value).encode()


def digest_content(facts: Mapping[str, Any], note: str, *, salt: str) -> str:
    """Return the digest of what an event says; *salt* keeps short contents from being guessed."""
    if isinstance(facts, dict) and _KEYS.issuperset(map(type, facts)):
        values = (salt, note, *facts.values())
        # As almost all are: written as `canonical` does, in a third of the time.
        if _PLAIN.issuperset(map(type, values)):
            return hashlib.sha256(to_json([salt, dict(sorted(facts.items())), note])).hexdigest()
    return hashlib.sha256(canonical([salt, facts, note])).hexdigest()


def hash_link(
    *,
    city: str,
    seq: int,
    at: datetime,
    who: str,
    kind: str,
    post_id: str | None,
    delivery_id: str | None,
    content_digest: str,
    previous_hash: str,
) -> str:
    """Return the hash of a link over everything it holds, the hash before it included."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    body = [city, seq, moment, who, kind, post_id, delivery_id, content_digest, previous_hash]
    return hashlib.sha256(canonical(body)).hexdigest()


def rehash(link: Link) -> str:
    """Return the hash that *link* should have."""
    return hash_link(
        city=link.city,
        seq=link.seq,
        at=link.at,
        who=link.who,
        kind=link.kind,
        post_id=link.post_id,
        delivery_id=link.delivery_id,
        content_digest=link.content_digest,
        previous_hash=link.previous_hash,
    )


def find_break(
    entries: Iterable[Entry], *, end: Mark, erasures: Collection[tuple[str, str]] = (), expected: Mark | None = None
) -> Break | None:
    """Return the first place where a city's chain does not hold, or None. Each entry is looked at once.

    Args:
        entries: The city's links in the order of `seq`.
        end: The last link, as kept beside the chain: without it nobody would notice that the newest links are gone.
        erasures: (id, post id) of each decision to erase that the chain itself records; any other tombstone is a lie.
        expected: A mark kept outside, which the chain must go through.
    """
    last = NOTHING
    for entry in entries:
        link, seq = entry.link, last.seq + 1
        reason = _what_is_wrong(entry, after=last, erasures=erasures)
        if reason is None and expected is not None and seq == expected.seq and link.hash != expected.hash:
            reason = "mark"
        if reason is not None:
            return Break(seq=seq, reason=reason, at=None if reason == "gap" else link.at)
        last = Mark(seq=seq, hash=link.hash)
    if last != end:
        return Break(seq=last.seq, reason="end")
    if expected is not None and expected.seq > last.seq:
        return Break(seq=last.seq + 1, reason="cut_off")
    return None


def _what_is_wrong(entry: Entry, *, after: Mark, erasures: Collection[tuple[str, str]]) -> str | None:
    link = entry.link
    if link.seq != after.seq + 1:
        return "gap"
    if link.previous_hash != after.hash:
        return "previous_hash"
    try:
        if link.hash != rehash(link):
            return "hash"
    except (TypeError, ValueError):  # somebody put there what no event holds
        return "hash"
    return None if _is_whole(entry, erasures) else "content"


def _is_whole(entry: Entry, erasures: Collection[tuple[str, str]]) -> bool:
    content, link = entry.content, entry.link
    if content is None:
        return False
    if isinstance(content, Tombstone):
        return link.post_id is not None and (content.erasure, link.post_id) in erasures
    try:
        return digest_content(content.facts, content.note, salt=content.salt) == link.content_digest
    except (TypeError, ValueError):
        return False
