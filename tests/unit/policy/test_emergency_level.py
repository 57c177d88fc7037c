"""What a text says of an event: its alert level, 解除, and whether two kinds are one disaster."""

from __future__ import annotations

import pytest

from policy.emergency import can_be_one, guess_level, says_all_clear
from policy.model import EmergencyKind


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("【警戒レベル４】布施地区に避難指示を発令しました。", 4),
        ("警戒レベル3 高齢者等避難", 3),
        ("緊急安全確保を発令しました。命を守る行動をとってください。", 5),
        ("布施地区に避難指示を発令しました。", 4),
        ("高齢者等避難を発令しました。", 3),
        ("警戒レベル3を警戒レベル4に引き上げました。", 4),
        ("利根川の水位が上昇しています。", None),
    ],
)
def test_the_level_is_the_one_that_is_named_or_that_its_words_stand_for(text: str, level: int | None) -> None:
    """As the Cabinet Office's guideline of May 2021 has it: 高齢者等避難 is 3, 避難指示 4, 緊急安全確保 5."""
    assert level == guess_level(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("避難指示を解除しました。", True),
        ("大雨警報は解除されました。", True),
        ("避難指示の解除のお知らせ", True),
        ("警報が解除されるまで川に近づかないでください。", False),
        ("布施地区の避難指示を解除しました。手賀沼周辺は継続しています。", False),
        ("一部の地区を除き、避難指示を解除しました。", False),
        ("避難指示を発令しました。", False),
    ],
)
def test_all_clear_is_only_what_lifts_everything(text: str, says: bool) -> None:  # noqa: FBT001 - a test's parameter
    """A partial 解除, or a word of one to come, is none."""
    assert says is says_all_clear(text)


@pytest.mark.parametrize(
    ("kind", "other", "one"),
    [
        (EmergencyKind.STORM_FLOOD, EmergencyKind.STORM_FLOOD, True),
        (EmergencyKind.EVACUATION, EmergencyKind.STORM_FLOOD, True),
        (EmergencyKind.EARTHQUAKE, EmergencyKind.EVACUATION, True),
        (EmergencyKind.WEATHER_WARNING, EmergencyKind.STORM_FLOOD, True),
        (EmergencyKind.FIRE, EmergencyKind.STORM_FLOOD, False),
        (EmergencyKind.EPIDEMIC, EmergencyKind.EVACUATION, False),
    ],
)
def test_a_flood_and_its_evacuation_are_likely_one(kind: EmergencyKind, other: EmergencyKind, one: bool) -> None:  # noqa: FBT001 - the same
    """In either order."""
    assert one is can_be_one(kind, other) is can_be_one(other, kind)
