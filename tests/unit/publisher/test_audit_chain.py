"""The hash chain of the audit trail."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audit_chain import (
    NOTHING,
    Break,
    Content,
    Entry,
    Link,
    Mark,
    Tombstone,
    canonical,
    digest_content,
    find_break,
    hash_link,
    rehash,
)

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)


def chain(length: int) -> list[Link]:
    """Return an unbroken chain."""
    links: list[Link] = []
    previous = ""
    for seq in range(1, length + 1):
        body: dict[str, Any] = {
            "city": "kashiwa",
            "seq": seq,
            "at": AT + timedelta(seconds=seq),
            "who": "hanako",
            "kind": "submitted",
            "post_id": "p",
            "delivery_id": None,
            "content_digest": digest_content({}, "", salt=str(seq)),
            "previous_hash": previous,
        }
        previous = hash_link(**body)
        links.append(Link(**body, hash=previous))
    return links


def mark_of(links: list[Link]) -> Mark:
    """Return the end of a chain, as it is kept beside it."""
    return Mark(seq=len(links), hash=links[-1].hash) if links else NOTHING


def beside(links: list[Link]) -> list[Entry]:
    """Lay beside each link what it says."""
    return [Entry(link=link, content=Content(facts={}, note="", salt=str(link.seq))) for link in links]


def told(links: list[Link], whole: list[Link], **more: Any) -> tuple[int, str] | None:
    """Return where the links break, and why, beside the end of the whole chain."""
    found = find_break(beside(links), end=mark_of(whole), **more)
    return None if found is None else (found.seq, found.reason)


@given(st.integers(min_value=0, max_value=20))
def test_an_unbroken_chain_holds(length: int) -> None:
    """A chain of any length, none included, proves itself."""
    links = chain(length)
    assert told(links, links) is None


@given(st.integers(min_value=2, max_value=12), st.data())
def test_a_link_that_was_taken_out_or_changed_places_is_found(length: int, data: st.DataObject) -> None:
    """Removing a link, or swapping it with its neighbour, breaks the chain at that place or before."""
    links = chain(length)
    place = data.draw(st.integers(min_value=0, max_value=length - 2))
    swapped = [*links[:place], links[place + 1], links[place], *links[place + 2 :]]
    assert told(swapped, links) == (place + 1, "gap")
    assert told(links[:place] + links[place + 1 :], links) == (place + 1, "gap")


def test_an_end_that_was_cut_off_is_found() -> None:
    """The newest link cannot vanish unseen, for its hash is kept beside the chain."""
    links = chain(3)
    assert told(links[:2], links) == (2, "end")


@pytest.mark.parametrize(
    "change",
    [
        {"who": "taro"},
        {"kind": "approved"},
        {"city": "komae"},
        {"post_id": None},
        {"delivery_id": "d"},
        {"at": AT},
        {"content_digest": "0" * 64},
    ],
)
def test_a_link_rewritten_with_a_fitting_hash_is_found_at_the_next(change: dict[str, Any]) -> None:
    """Whoever forges a link and its hash must forge all that follow, and the end kept beside them."""
    links = chain(3)
    plain = replace(links[1], **change)
    assert told([links[0], plain, links[2]], links) == (2, "hash")
    forged = replace(plain, hash=rehash(plain))
    expected = (2, "content") if "content_digest" in change else (3, "previous_hash")
    assert told([links[0], forged, links[2]], links) == expected


def test_a_mark_that_was_kept_outside_tells_of_a_trail_that_was_cut_off_or_made_anew() -> None:
    """A shortened chain with a fitting end proves itself, and another one too; neither goes through the mark."""
    links, other = chain(5), chain(5)
    body = {name: getattr(other[1], name) for name in Link.__dataclass_fields__ if name != "hash"} | {"who": "taro"}
    other[1] = Link(**body, hash=hash_link(**body))
    for place in range(2, 5):
        moved = replace(other[place], previous_hash=other[place - 1].hash)
        other[place] = replace(moved, hash=rehash(moved))
    assert told(links, links, expected=mark_of(links)) is None
    assert told(links, links, expected=mark_of(links[:3])) is None
    assert told(links[:3], links[:3]) is None
    assert told(links[:3], links[:3], expected=mark_of(links)) == (4, "cut_off")
    assert told(other, other) is None
    assert told(other, other, expected=mark_of(links)) == (5, "mark")


def test_content_is_missed_unless_the_chain_records_its_erasure() -> None:
    """A tombstone holds by a decision about the same post that the chain knows of; without one it is a gap in words."""
    links = chain(3)
    whole = beside(links)

    def with_second(content: Content | Tombstone | None, *erasures: tuple[str, str]) -> Break | None:
        changed = [whole[0], replace(whole[1], content=content), whole[2]]
        return find_break(changed, end=mark_of(links), erasures=erasures)

    missing = Break(seq=2, reason="content", at=links[1].at)
    assert with_second(None) == missing
    assert with_second(Tombstone(erasure="e")) == missing
    assert with_second(Tombstone(erasure="e"), ("e", "another post")) == missing
    assert with_second(Tombstone(erasure="e"), ("e", "p")) is None
    assert with_second(Content(facts={"x": object()}, note="", salt="2")) == missing


def test_the_same_instant_has_one_hash_in_every_zone() -> None:
    """9:00 in Japan and 0:00 UTC are the same event."""
    japan = AT.astimezone(timezone(timedelta(hours=9)))
    link = chain(1)[0]
    assert rehash(replace(link, at=AT)) == rehash(replace(link, at=japan))


@given(
    st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.lists(st.text()))),
    st.text(),
)
def test_the_digest_is_of_the_one_form_of_what_is_said(facts: dict[str, Any], note: str) -> None:
    """SHA-256 over salt, facts and note as the standard library writes them, their keys in order."""
    written = json.dumps(["salt", facts, note], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(written.encode()).hexdigest() == digest_content(facts, note, salt="salt")


def test_canonical_json_has_one_form() -> None:
    """The order of keys doesn't matter, and Japanese text stays itself."""
    assert canonical({"b": 1, "a": "桜"}) == '{"a":"桜","b":1}'.encode()
    assert canonical({"a": "桜", "b": 1}) == canonical({"b": 1, "a": "桜"})


PLAIN = st.none() | st.booleans() | st.integers() | st.text()
ANYTHING = st.recursive(
    PLAIN | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(st.lists(PLAIN) | ANYTHING)
def test_canonical_json_is_what_the_standard_library_writes(value: object) -> None:
    """Whatever way is taken for its speed, the bytes under a hash are those of `json.dumps` with these options."""
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert canonical(value) == written.encode()


@pytest.mark.parametrize("inside", ["\ud800", math.nan, math.inf, b"hanako", AT, Decimal(1)])
@pytest.mark.parametrize("around", [lambda one: ["kashiwa", one], lambda one: {"note": one}, lambda one: ["", [one]]])
def test_canonical_json_refuses_what_has_no_one_form(around: Callable[[object], object], inside: object) -> None:
    """Half of a character, what is no number, and what JSON has no word for are refused wherever they stand."""
    with pytest.raises((TypeError, ValueError)):
        canonical(around(inside))


def test_a_salt_hides_a_short_note() -> None:
    """Equal contents have different digests, so that an erased note cannot be guessed from its digest."""
    assert digest_content({}, "よい", salt="a") != digest_content({}, "よい", salt="b")
