from __future__ import annotations

import re
from typing import Any

import pytest

from policy.rules.masking import find_masked

RUNS = re.compile("[○×〇◯✕✖●■□△▲*\uff0a]+")


def _masked(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_masked(text, RUNS)]


@pytest.mark.clauses("komae-4-4-i-masked", "komae-gloss-masked")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("市内の○○スーパーで食中毒が発生しました。", ["○○"]),
        ("市内の●●店で食中毒が発生しました。", ["●●"]),
        ("××病院の件", ["××"]),
        ("田中○○さんが受賞しました。", ["○○"]),
        ("田○さんが受賞しました。", ["○"]),
        ("山田○郎さんが受賞しました。", ["○"]),
        ("Y○社との協定", ["○"]),
        ("市内の○店で", ["○"]),
        ("電話03-○○○○-1111", ["○○○○"]),
        ("koma***_tokyo", ["***"]),
        ("****@city.komae.lg.jp", ["****"]),
        ("■■病院で", ["■■"]),
        ("\uff0a\uff0a市で", ["\uff0a\uff0a"]),
        ("市内の□□店", ["□□"]),
        ("〇〇の秋、狛江の秋", ["〇〇"]),
        ("合言葉は「○○」です", ["○○"]),
        ("一○○さん", ["○○"]),
    ],
)
def test_marks_in_a_word_are_masked_letters(text: Any, marked: Any) -> None:
    """伏せ字 shows a part by ○ or × to avoid stating it; the finding marks these very characters."""
    assert marked == _masked(text)


@pytest.mark.clauses("komae-4-4-i-masked")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("○月×日に開催します", ["○", "×"]),
        ("○○課からのお知らせ", ["○○"]),
        ("△△部○○課へ", ["△△", "○○"]),
        ("12月○日(土)に開催します", ["○"]),
        ("〇月〇日は休館です", ["〇", "〇"]),
        ("令和○年度の募集", ["○"]),
        ("令和〇年の募集", ["〇"]),
        ("第○回狛江まつり", ["○"]),
        ("定員×名です", ["×"]),
        ("●月●日", ["●", "●"]),
        ("○課、×課", ["○", "×"]),
    ],
)
def test_a_place_left_for_a_number_or_a_name_is_found_too(text: Any, marked: Any) -> None:
    """○月 and ○○課 are forgotten places to fill in, and are sent back (A23)."""
    assert marked == _masked(text)


@pytest.mark.clauses("komae-4-4-i-masked", "komae-gloss-masked")
@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("市内の\u3000\u3000スーパーで", ["\u3000\u3000"]),
        ("田\u3000\u3000さんが受賞しました。", ["\u3000\u3000"]),
        ("令和\u3000年\u3000月\u3000日", ["\u3000"]),
        ("12月\u3000日(土)に開催します", ["\u3000"]),
        ("（\u3000\u3000）さんの作品", ["（\u3000\u3000）"]),
        ("＿＿スーパーで", ["＿＿"]),
    ],
)
def test_a_blank_in_a_word_is_found(text: Any, marked: Any) -> None:
    """伏せ字 is also a part left blank (用語の解説11)."""
    assert marked == _masked(text)


@pytest.mark.clauses("komae-4-4-i-masked")
def test_a_quiz_mark_is_for_a_person_to_tell() -> None:
    """○× have honest uses; what stands in a word is found, and the approver says that it is none (A23)."""
    assert _masked("○×クイズ大会を開きます") == ["○×"]


@pytest.mark.parametrize(
    "text",
    [
        "○日時：12月5日(土) ○会場：市民ホール ○定員：20名",
        "○参加費無料\n○要予約",
        "○月曜日は休館です",
        "○市からのお知らせです",
        "○市の人口は8万人です",
        "○年に一度の祭りです",
        "○名称\n○課題図書",
        "●日時：12月5日(土)●会場：市民ホール●定員：20名",
        "12月5日開催●申込不要●入場無料●先着順",
        "12月5日○会場：市民ホール○定員：20名",
        "\uff0a要予約\n*小学生以下は無料",
        "□申込書 □印鑑",
        "・○\u3000・×",
        "",
    ],
)
def test_a_bullet_is_no_masked_letter(text: Any) -> None:
    """A mark before a point of a list stands for nothing that is hidden."""
    assert _masked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A館○ B館× C館○",
        "月○火×水○木○金×",
        "○…空きあり △…残りわずか ×…満席",
        "（○：空き、×：満席）",
        "水泳(○)、自転車(×)",
        "番号に○を付けてください",
        "○印の日は休館です",
        "○か×でお答えください",
        "正解は○です",
        "空き状況\n○ ○ × △",
        "○○○",
    ],
)
def test_a_mark_alone_is_no_masked_letter(text: Any) -> None:
    """○ and × as answers, in tables and on forms say what they are."""
    assert _masked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "二〇二六年十二月五日",
        "二○二六年十二月五日",
        "一〇〇周年記念",
        "市制施行五〇周年",
        "三〇〇円",
        "〇歳児健診のご案内",
        "自己負担は〇円です",
        "午前〇時から断水します",
        "〇三-三四三〇-一一一一",
    ],
)
def test_a_zero_in_kanji_is_no_masked_letter(text: Any) -> None:
    """〇 among numerals is a digit."""
    assert _masked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "狛江市×慈恵医大のコラボ講座",
        "音楽×アートの夕べ",
        "3×3バスケットボール",
        "縦10cm×横20cm",
        "食料品×日用品",
        "朝食×時短レシピ",
        "前年比△3.2％、▲2.3％",
        "■■防災情報■■",
        "■□■お知らせ■□■",
        "**重要** 明日は休館です",
        "\uff0a\uff0a\uff0aお知らせ\uff0a\uff0a\uff0a",
        "★★★特集★★★",
        "日\u3000時：12月5日\n会\u3000場：市民ホール",
        "日時\u3000\u300012月5日",
        "月\u3000火\u3000水\u3000木",
        "休館日：月\u3000日\u3000祝",
        "5月 日光への旅",
        "氏名：＿＿＿＿",
        "@komae__tokyo",
        "https://www.example.lg.jp/a**b.html",
        "詳しくは市の https://www.example.lg.jp/ 案内へ",
    ],
)
def test_an_ordinary_use_of_a_sign_is_no_masked_letter(text: Any) -> None:
    """Crosses between names, minus signs, ornaments, spaced headings and addresses hide nothing."""
    assert _masked(text) == []


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece", ["○", "○a", "○○a", "の\u3000\u3000", "年\u3000", "＿", "○\n", "**a**", "（\u3000", "■■", "一〇", "○a:"]
)
def test_a_megabyte_is_looked_through_in_one_go(piece: Any) -> None:
    """A text of a million characters takes seconds and not hours, whatever it is made of."""
    text = piece * (1_000_000 // len(piece))

    assert all(0 <= span.start < span.end <= len(text) for span in find_masked(text, RUNS))
