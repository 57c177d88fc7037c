from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import policy.packs
from policy.packs import PackError, load_pack, parse_pack

NEUTRAL = (Path(policy.packs.__file__).parent / "neutral.yaml").read_text(encoding="utf-8")
TERM = "- {term: 避難勧告, since: 2021-05-20, instead: 避難指示}"
NIGHT = {"at": "2026-12-06T03:00:00+09:00", "category": "disaster", "emergency": {"kind": "evacuation"}}


def _said(ask: Any, text: str, **changes: Any) -> list[tuple[str, str]]:
    kinds = {rule.id for rule in load_pack("kashiwa").rules if rule.kind == "abolished_terms"}
    return [(one.effect.value, one.message.ja) for one in ask(text=text, **changes).findings if one.rule in kinds]


@pytest.mark.clauses("kashiwa-3-5-accurate")
def test_an_abolished_term_is_told_with_its_day_and_what_to_say_instead(ask: Any) -> None:
    """The advisory to evacuate was abolished on 20 May 2021 (Act 30 of 2021); an ordinary post asks the head."""
    ((effect, said),) = _said(ask, "手賀沼周辺に避難勧告を発令しました。")

    assert effect == "escalate"
    assert "「避難勧告」は2021年5月20日から使われていない避難情報の名称です。「避難指示」と書いてください。" in said


def test_a_term_that_stands_twice_is_told_once(ask: Any) -> None:
    """One finding a term marks all of its places."""
    text = "避難勧告を発令しました。避難勧告の区域は次のとおりです。"
    (finding,) = [one for one in ask(text=text).findings if one.rule == "abolished_terms"]

    assert ["避難勧告", "避難勧告"] == [text[span.start : span.end] for span in finding.spans]


@pytest.mark.parametrize(("day", "count"), [("2021-05-19", 0), ("2021-05-20", 1)])
def test_a_term_counts_from_its_day_on(day: Any, count: Any, ask: Any) -> None:
    """On the day before it was still the law's own word."""
    assert count == len(_said(ask, "避難勧告を発令しました。", at=f"{day}T10:00:00+09:00"))


def test_an_entitled_emergency_post_does_not_wait_for_a_word(ask: Any) -> None:
    """With the authority of `/sns now` an old word warns: people must leave, whatever it is called."""
    duty = {"roles": ["operator", "emergency"], "section": "危機管理課"}
    said = _said(ask, "避難勧告を発令しました。（柏市災害対策本部）", actor=duty, **NIGHT)

    assert ["warn"] == [effect for effect, _ in said]


@pytest.mark.parametrize(
    "text",
    [
        "旧避難勧告の基準を見直しました。",
        "従来の「避難勧告」に代わるものです。",
        "「避難勧告」は令和3年5月に廃止されました。",
        "避難勧告（当時）を発令した経緯です。",
        "避難勧告は避難指示に一本化されています。",
        "看護婦は看護師に改称されました。",
        "避難指示を発令しました。",
        "高齢者等避難を発令しました。",
        "乳母車でどうぞ。確保母数は3台です。",
    ],
)
def test_telling_of_what_was_passes(text: Any, ask: Any) -> None:
    """Who writes of the past may use its words, and a longer word that holds one is another word."""
    assert _said(ask, text) == []


def test_one_sentences_past_does_not_excuse_the_next(ask: Any) -> None:
    """What was abolished in one sentence is used as if it were in force in the next."""
    assert len(_said(ask, "旧要綱は廃止しました。市内に避難勧告を発令します。")) == 1


@pytest.mark.parametrize(
    ("new", "code", "key"),
    [
        ("- {term: 避難勧告, instead: 避難指示}", "missing_key", "since"),
        ("- {term: 避難勧告, since: 2021-05-20}", "missing_key", "instead"),
        ("- {term: 避難勧告, since: 令和3年, instead: 避難指示}", "wrong_type", "since"),
        ("- {term: 避難勧告, sinse: 2021-05-20, instead: 避難指示}", "unknown_key", "sinse"),
        (f"{TERM}\n            {TERM}", "duplicate", "term"),
    ],
)
def test_a_mistake_in_the_list_is_told_by_its_line(new: Any, code: Any, key: Any) -> None:
    """Each line of the list is checked by itself."""
    assert TERM in NEUTRAL
    line = NEUTRAL[: NEUTRAL.index(TERM)].count("\n") + 1 + (code == "duplicate")
    with pytest.raises(PackError) as caught:
        parse_pack(NEUTRAL.replace(TERM, new, 1), "city.yaml")

    assert (code, line) in {(one.code, one.line) for one in caught.value.mistakes if one.key.endswith(key)}


def test_an_empty_list_is_a_mistake() -> None:
    """A rule that could never speak is none."""
    start, end = (
        NEUTRAL.index("          terms:\n"),
        NEUTRAL.index("        effect: escalate", NEUTRAL.index("          terms:\n")),
    )
    with pytest.raises(PackError) as caught:
        parse_pack(f"{NEUTRAL[:start]}          terms: []\n{NEUTRAL[end:]}", "city.yaml")

    assert ["missing_key"] == [one.code for one in caught.value.mistakes]
