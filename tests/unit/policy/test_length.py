from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policy.case import Case
from policy.facts import Facts, TextRoom
from policy.packs import load_pack
from policy.rules.length import build_length
from policy.wire import action_from_json


def _said(params: Any, facts: Facts, text: str = "あ" * 141) -> list[dict[str, Any]]:
    pack = load_pack("neutral")
    _, action, _ = action_from_json({**pack.example, "pack": "neutral"})
    case = Case(pack=pack, action=replace(action, text=text), facts=facts)
    return [dict(hit.fill) for hit in build_length(params)(case)]


@pytest.mark.parametrize(("used", "speaks"), [(0, False), (280, False), (281, True)])
def test_a_text_may_take_the_whole_room_and_no_unit_more(used: Any, speaks: Any) -> None:
    """What the platform counted is held against the platform's own limit."""
    assert speaks is bool(_said({}, Facts(room=TextRoom(used=used, limit=280))))


@pytest.mark.parametrize(("length", "speaks"), [(140, False), (141, True)])
def test_the_packs_limit_holds_where_only_the_count_is_known(length: Any, speaks: Any) -> None:
    """140 full-width characters are 280 weighted units (A39)."""
    facts = Facts(measure=lambda text: 2 * len(text))

    assert speaks is bool(_said({"limit": 280}, facts, "あ" * length))


@pytest.mark.parametrize(
    ("limit", "room", "told"),
    [
        (280, TextRoom(used=300, limit=25_000), {"used": "300", "limit": "280"}),
        (280, TextRoom(used=300, limit=200), {"used": "300", "limit": "200"}),
    ],
)
def test_the_smaller_of_two_limits_holds_and_is_told(limit: Any, room: Any, told: Any) -> None:
    """An account that may write more on the platform is bound by its document, and the other way round."""
    assert _said({"limit": limit}, Facts(room=room)) == [told]


@pytest.mark.parametrize(
    ("params", "facts"),
    [({"limit": 280}, Facts()), ({}, Facts()), ({}, Facts(measure=len))],
)
def test_nothing_is_guessed_without_a_count_or_a_limit(params: Any, facts: Any) -> None:
    """Where nobody counts, or nothing is the limit, the rule is silent."""
    assert _said(params, facts) == []
