from __future__ import annotations

from datetime import UTC, datetime

import pytest

from platforms.counting import count_texts
from platforms.port import Message
from platforms.registry import build_platforms

TEXTS = [
    "",
    "市民文化祭を開催します。",
    "  前後に空白 \n",
    "https://www.city.kashiwa.lg.jp/otoiawase.html をご覧ください",
    "👨‍👩‍👧‍👦 ｶﾞ",
]


@pytest.mark.parametrize("name", ["x", "line", "facebook", "youtube"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_platforms_count_is_its_plans(name: str, text: str) -> None:
    """What is counted without a post is what the platform's own plan counts, against the same limit."""
    platform = build_platforms({}, now=lambda: datetime(2026, 12, 1, tzinfo=UTC))[name]
    expected = next(one for one in platform.plan(Message(text=text)).lengths if one.field == "text")

    count = count_texts()[name]

    assert (expected.used, expected.limit) == (count.measure(text), count.limit)


@pytest.mark.parametrize("name", ["x", "line", "facebook", "youtube"])
def test_half_a_character_can_be_counted(name: str) -> None:
    """A lone surrogate, which JSON can carry, is counted as something and raises nothing."""
    assert count_texts()[name].measure("避難\ud83d") > 0
