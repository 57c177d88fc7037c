from __future__ import annotations

from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from policy.likeness import is_repeat, likeness
from policy.repeats import read_notice

ENOUGH = 90
"""Percent; from here two notices are the same (A22)."""
PAIRS = YAML(typ="safe").load(Path(__file__).with_name("notice_pairs.yaml"))


def _pairs(kind: str) -> list[Any]:
    return [
        pytest.param(text, earlier, id=f"{group}-{number}")
        for group, pairs in PAIRS[kind].items()
        for number, (text, earlier) in enumerate(pairs, 1)
    ]


@pytest.mark.parametrize(("text", "earlier"), _pairs("repeats"))
def test_the_same_notice_is_seen_through_how_it_is_written(text: str, earlier: str) -> None:
    """A clerk calls the later text the earlier notice again."""
    assert likeness(text, earlier) >= ENOUGH
    assert is_repeat(read_notice(text), read_notice(earlier), ENOUGH)


@pytest.mark.parametrize(("text", "earlier"), _pairs("others"))
def test_a_notice_that_states_something_else_is_another_one(text: str, earlier: str) -> None:
    """A clerk calls the later text news, however few letters differ."""
    assert likeness(text, earlier) < ENOUGH
    assert not is_repeat(read_notice(text), read_notice(earlier), ENOUGH)


PLACES = ("中央公民館", "東部公民館", "さわやか千葉県民プラザ", "柏の葉公園", "市民体育館")
DAYS = ("12月5日(土)", "12月6日(日)", "1月5日(火)", "12月15日(火)", "明日", "本日")
STATES = ("開催します", "中止します", "延期します", "開催しました", "開催しません")
TIMES = ("10時", "10時30分", "午後2時", "9:00")


@pytest.mark.parametrize(
    "frame",
    [
        "{day}{time}から{place}で市民講座を{state}。お問い合わせは生涯学習課へ。",
        "【市民講座】{state}。日時：{day} {time}～　会場：{place}　お誘い合わせの上お越しください。",
        "市民講座は、{place}で{day}の{time}から{state}ので、参加を予定している方は会場への行き方などをご確認ください。",
    ],
)
def test_every_other_day_time_place_and_state_makes_another_notice(frame: str) -> None:
    """Of 600 notices that share everything but day, time, place and state, no two are repeats."""
    texts = [frame.format(day=d, time=t, place=p, state=s) for d, t, p, s in product(DAYS, TIMES, PLACES, STATES)]
    notices = [read_notice(text) for text in texts]

    assert len(notices) == 600
    assert [
        (a.letters, b.letters) for a, b in combinations(notices, 2) if a.facts == b.facts and is_repeat(a, b, ENOUGH)
    ] == []


def _full_width(text: str) -> str:
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


RESTYLED = st.sampled_from(
    [
        lambda text: f"【再掲】{text}",
        lambda text: f"{text} #柏市 #お知らせ",
        lambda text: f"{text}\nhttps://www.city.kashiwa.lg.jp/koho/12.html?utm_source=x",
        lambda text: text.replace("。", "！"),
        lambda text: text.replace("。", "。\n"),
        lambda text: text.replace("、", "　"),
        lambda text: f"📢{text}✨",
        lambda text: text.replace("申込み", "お申し込み").replace("受け付け", "受付け"),
        lambda text: text.replace("します。", "いたします。"),
        lambda text: text.replace("ください", "下さい"),
        lambda text: f"{text}ぜひご参加ください。",
        lambda text: f"皆さま、{text}",
        _full_width,
    ],
)
FRESH = st.sampled_from(
    [
        "12月5日(土)10時から中央公民館で市民講座を開催します。定員は30人です。",
        "市民農園の利用者を募集します。申込みは市役所の窓口で受け付けます。",
        "水道管の凍結にご注意ください。蛇口に布を巻くと、凍りにくくなります。",
        "粗大ごみの収集は12月28日までです。申込みは電話で受け付けます。",
    ],
)


@settings(deadline=None)
@given(text=FRESH, again=st.lists(RESTYLED, max_size=5), lead=st.sampled_from(["", "#柏市 ", "＃防災 ＃備え\n"]))
def test_any_mixture_of_styles_is_still_the_same_notice(text: str, again: list[Any], lead: str) -> None:
    """Marks of a repeat, hashtags, addresses, signs, politeness and stock phrases together hide no repeat."""
    restyled = text
    for restyle in again:
        restyled = restyle(restyled)

    assert likeness(lead + restyled, text) >= ENOUGH


LOOSE_WORDS = st.sampled_from(
    [
        "市民文化祭",
        "公民館",
        "図書館",
        "で",
        "を",
        "の",
        "開催",
        "中止",
        "します",
        "ません",
        "ください。",
        "12月5日",
        "10時",
        "第2回",
        "三丁目",
        "ひまわり",
        "コミュニティ",
        "bus",
        "環境課",
        "。",
        "、",
        "【再掲】",
        "#柏市",
        "https://a.example/1",
        "まで",
        "から",
        "受付",
        "詳しくはこちら",
        "水道",
        "管",
        "　",
        "\n",
    ],
)
LOOSE = st.lists(LOOSE_WORDS, max_size=14).map("".join) | st.text(max_size=40)


@settings(deadline=None)
@given(one=LOOSE, other=LOOSE)
def test_a_notice_is_as_like_another_as_that_is_like_it(one: str, other: str) -> None:
    """Likeness has no direction, lies between 0 and 100, and says the same as the question whether it is a repeat."""
    alike = likeness(one, other)

    assert likeness(other, one) == alike
    assert 0 <= alike <= 100
    for similarity in (1, 60, 90, 100):
        assert is_repeat(read_notice(one), read_notice(other), similarity) is (alike >= similarity - 1e-9)


@settings(deadline=None)
@given(text=LOOSE)
def test_a_text_that_says_something_is_itself(text: str) -> None:
    """Any text is like itself by 100 percent, unless nothing in it can be compared."""
    assert likeness(text, text) == (100 if read_notice(text).letters else 0)


@pytest.mark.parametrize("text", ["", "　\n", "🎉🎉", "#柏市 #お知らせ", "https://www.city.kashiwa.lg.jp/", "！！？"])
def test_what_has_no_words_is_no_repeat(text: str) -> None:
    """A hashtag, an address or an emoji under a picture says nothing that could be compared."""
    assert likeness(text, text) == 0


def test_a_remark_lowers_the_percentage_by_its_letters() -> None:
    """The percentage is the share of letters of the words that both have."""
    earlier = "火災予防運動を実施中です。空気が乾燥しています。"
    more = f"{earlier}家の周囲に枯草を積まない工夫も大切です。"
    said, added = len("火災予防運動行空気乾燥"), len("家周囲枯草積工夫大切")

    assert read_notice(earlier).letters == "火災予防運動行空気乾燥"
    assert read_notice("家の周囲の枯草を積み、工夫も大切です。").letters == "家周囲枯草積工夫大切"
    assert likeness(more.replace("積まない", "積み、"), earlier) == pytest.approx(100 * 2 * said / (2 * said + added))
    assert likeness(more, earlier) == 0


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["あ", "一", "1", "1,", "#a", "#a ", "12月", "には", "ア", "午後", "https://a", "(土", "。", "申", "から", "1-"],
)
def test_a_megabyte_of_anything_is_read(piece: str) -> None:
    """Reading a notice takes time in proportion to its length, whatever it is made of."""
    assert read_notice(piece * (500_000 // len(piece))) is not None
