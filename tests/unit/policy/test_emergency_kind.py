from __future__ import annotations

from typing import Any

import pytest

from policy.emergency import guess_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("手賀沼周辺に避難指示を発令しました", "evacuation"),
        ("大雨のため教室を中止し、避難指示を発令しました", "evacuation"),
        ("震度5強の地震がありました", "earthquake"),
        ("大堀川が氾濫するおそれがあります", "storm_flood"),
        ("大雨特別警報が発表されました", "weather_warning"),
        ("Jアラートが発信されました", "j_alert"),
        ("弾道ミサイルが発射されたものとみられます", "j_alert"),
        ("市内で大規模な火災が発生しています", "fire"),
        ("北部地域で断水しています", "lifeline"),
        ("市内全域で停電しています", "lifeline"),
        ("感染症の集団発生がありました", "epidemic"),
        ("本日の花火大会は大雨のため中止します", "event_cancellation"),
        ("明日の講座は延期します", "event_cancellation"),
        ("行方不明の方を捜しています", "missing_person"),
        ("市ホームページが閲覧できません", "website_outage"),
        ("図書館からのお知らせです", None),
        ("", None),
    ],
)
def test_the_kind_is_pre_chosen_from_the_text(text: Any, kind: Any) -> None:
    """The words of a text suggest what it is about; the sender confirms it."""
    assert kind == guess_kind(text)
