"""The hash chain of the audit trail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audit_chain import Break, Link, canonical, digest_content, find_break, hash_link, rehash

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


def end_of(links: list[Link]) -> dict[str, Any]:
    """Return what is kept beside the chain."""
    return {"end_seq": len(links), "end_hash": links[-1].hash if links else ""}


@given(st.integers(min_value=0, max_value=20))
def test_an_unbroken_chain_holds(length: int) -> None:
    """A chain of any length, none included, proves itself."""
    links = chain(length)
    assert find_break(links, **end_of(links)) is None


@given(st.integers(min_value=2, max_value=12), st.data())
def test_a_link_that_was_taken_out_or_changed_places_is_found(length: int, data: st.DataObject) -> None:
    """Removing a link, or swapping it with its neighbour, breaks the chain at that place or before."""
    links = chain(length)
    place = data.draw(st.integers(min_value=0, max_value=length - 2))
    swapped = [*links[:place], links[place + 1], links[place], *links[place + 2 :]]
    assert find_break(swapped, **end_of(links)) == Break(seq=place + 1, reason="gap")
    assert find_break(links[:place] + links[place + 1 :], **end_of(links)) == Break(seq=place + 1, reason="gap")


def test_an_end_that_was_cut_off_is_found() -> None:
    """The newest link cannot vanish unseen, for its hash is kept beside the chain."""
    links = chain(3)
    assert find_break(links[:2], **end_of(links)) == Break(seq=2, reason="end")


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
    assert find_break([links[0], plain, links[2]], **end_of(links)) == Break(seq=2, reason="hash")
    forged = replace(plain, hash=rehash(plain))
    assert find_break([links[0], forged, links[2]], **end_of(links)) == Break(seq=3, reason="previous_hash")


def test_the_same_instant_has_one_hash_in_every_zone() -> None:
    """9:00 in Japan and 0:00 UTC are the same event."""
    japan = AT.astimezone(timezone(timedelta(hours=9)))
    link = chain(1)[0]
    assert rehash(replace(link, at=AT)) == rehash(replace(link, at=japan))


def test_canonical_json_has_one_form() -> None:
    """The order of keys doesn't matter, and Japanese text stays itself."""
    assert canonical({"b": 1, "a": "桜"}) == '{"a":"桜","b":1}'.encode()
    assert canonical({"a": "桜", "b": 1}) == canonical({"b": 1, "a": "桜"})


def test_a_salt_hides_a_short_note() -> None:
    """Equal contents have different digests, so that an erased note cannot be guessed from its digest."""
    assert digest_content({}, "よい", salt="a") != digest_content({}, "よい", salt="b")
