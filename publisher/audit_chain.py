"""The hash chain of the audit trail. Pure: no database, no clock.

Each link holds the digest of what was recorded (facts and note, with a salt of its own) and the hash of the link
before it. The content lies beside the chain, so that it can be erased one day by a recorded decision without
breaking the chain: the digest stays, and without its salt it tells nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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
class Break:
    """The first place where the chain does not hold."""

    seq: int
    reason: str
    """`gap`, `previous_hash`, `hash`, `content` or `end`."""


def canonical(value: object) -> bytes:
    """Return *value* as JSON that has only one form: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_content(facts: Mapping[str, Any], note: str, *, salt: str) -> str:
    """Return the digest of what an event says; *salt* keeps short contents from being guessed."""
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


def find_break(links: Iterable[Link], *, end_seq: int, end_hash: str) -> Break | None:
    """Return the first place where a city's chain does not hold, or None.

    Args:
        links: The city's links in the order of `seq`.
        end_seq: The number of the last link, as kept beside the chain.
        end_hash: Its hash: without it nobody would notice that the newest links are gone.
    """
    seq, previous = 0, ""
    for link in links:
        seq += 1
        if link.seq != seq:
            return Break(seq=seq, reason="gap")
        if link.previous_hash != previous:
            return Break(seq=seq, reason="previous_hash")
        if link.hash != rehash(link):
            return Break(seq=seq, reason="hash")
        previous = link.hash
    return None if (seq, previous) == (end_seq, end_hash) else Break(seq=seq, reason="end")
