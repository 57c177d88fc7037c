from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from policy.rules.dates import say_era_year
from policy.texts.clock_times import find_backward, find_impossible
from policy.texts.dating import find_dates

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12月5日", [date(2026, 12, 5)]),
        ("令和8年12月5日", [date(2026, 12, 5)]),
        ("令和元年5月1日", [date(2019, 5, 1)]),
        ("平成31年4月30日", [date(2019, 4, 30)]),
        ("昭和64年1月7日", [date(1989, 1, 7)]),
        ("R8.12.5", [date(2026, 12, 5)]),
        ("H31.4.30", [date(2019, 4, 30)]),
        ("S64/1/7", [date(1989, 1, 7)]),
        ("2026/12/05", [date(2026, 12, 5)]),
        ("2026-12-05", [date(2026, 12, 5)]),
        ("2026.12.5", [date(2026, 12, 5)]),
        ("2026年（令和8年）12月5日".replace("（", "(").replace("）", ")"), [date(2026, 12, 5)]),
        ("令和8(2026)年12月5日", [date(2026, 12, 5)]),
        ("1月5日", [date(2027, 1, 5)]),
        ("9月5日", [date(2026, 9, 5)]),
        ("8月5日", [date(2027, 8, 5)]),
        ("12月5日(土)~7日(月)", [date(2026, 12, 5), date(2026, 12, 7)]),
        ("12/5(土)・6(日)", [date(2026, 12, 5), date(2026, 12, 6)]),
        ("12月5日(土)、12日(土)、19日(土)", [date(2026, 12, 5), date(2026, 12, 12), date(2026, 12, 19)]),
        ("12月28日(月)〜1月4日(月)", [date(2026, 12, 28), date(2027, 1, 4)]),
        ("令和8年12月7日から令和9年1月29日まで", [date(2026, 12, 7), date(2027, 1, 29)]),
        ("12月5日(土)10時〜6日(日)16時", [date(2026, 12, 5), date(2026, 12, 6)]),
        ("2月30日", [None]),
        ("13月1日", [None]),
        ("12/5", []),
        ("1/2の抽選", []),
        ("12月5日間", []),
        ("電話04-7167-1111", []),
        ("192.168.12.5", []),
    ],
)
def test_a_date_is_read_as_the_day_that_is_meant(text: Any, meant: Any) -> None:
    """Both eras, spans, lists and the turn of the year are read from 1 December 2026."""
    assert meant == [one.meant for one in find_dates(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("25時", ["25時"]),
        ("深夜25時", []),
        ("翌25時", []),
        ("深夜30時", ["30時"]),
        ("24時", []),
        ("24時30分", ["24時30分"]),
        ("放送は24時30分", []),
        ("午後13時", ["午後13時"]),
        ("午後12時", []),
        ("午前0時", []),
        ("10時60分", ["10時60分"]),
        ("24時間", []),
        ("36時間", []),
        ("第25時限", []),
        ("縮尺1:75", []),
    ],
)
def test_a_time_that_no_clock_shows_is_found(text: Any, found: Any) -> None:
    """Hours past 24 count the night on where the text speaks of it; lengths of time are no times of day."""
    assert found == [text[start:end] for start, end in find_impossible(text)]


@pytest.mark.parametrize(
    ("text", "is_backward"),
    [
        ("10時から9時まで", True),
        ("13:00~12:00", True),
        ("午後3時〜2時", True),
        ("午前10時半〜午前9時", True),
        ("10時〜12時", False),
        ("午前10時〜午後3時", False),
        ("午後1時〜3時", False),
        ("10時〜5時", False),
        ("12時〜1時", False),
        ("22時〜5時", False),
        ("20:00〜6:00", False),
        ("10時〜翌9時", False),
        ("10時〜9時(24時間)", False),
    ],
)
def test_a_span_that_ends_before_it_begins_is_found(text: Any, is_backward: Any) -> None:
    """Where the night lies between, or the clock has twelve hours, the end may well be the smaller number."""
    assert is_backward is (list(find_backward(text)) != [])


@pytest.mark.parametrize(
    ("western", "said"),
    [
        (2026, "令和8年"),
        (2019, "令和元年"),
        (2018, "平成30年"),
        (1989, "平成元年"),
        (1988, "昭和63年"),
        (1926, "昭和元年"),
    ],
)
def test_a_western_year_is_said_in_its_era(western: Any, said: Any) -> None:
    """A year that two eras share is the later one's first."""
    assert said == say_era_year(western)


@pytest.mark.clauses("kashiwa-3-5-accurate")
def test_the_right_weekday_is_said(ask: Any) -> None:
    """5 December 2026 is a Saturday, and 7 December a Monday."""
    said = [
        one.message.ja for one in ask(text="12月5日(日)〜7日(火)に開きます。 #柏市").findings if one.rule == "weekday"
    ]

    assert said == [
        "「12月5日(日)」の曜日が合っていません（正しくは土曜日）。日付と曜日を確認してください。",
        "「7日(火)」の曜日が合っていません（正しくは月曜日）。日付と曜日を確認してください。",
    ]


def test_the_same_mistake_is_told_once_and_marked_everywhere(ask: Any) -> None:
    """A date that stands twice with the wrong weekday is one finding with two places."""
    text = "12月5日(日)に開きます。受付も12月5日(日)です。 #柏市"
    (finding,) = [one for one in ask(text=text).findings if one.rule == "weekday"]

    assert ["12月5日(日)", "12月5日(日)"] == [text[span.start : span.end] for span in finding.spans]


def _relative(ask: Any, text: str, **changes: Any) -> list[str]:
    return [one.rule for one in ask(text=text, **changes).findings if one.rule == "relative_date"]


@pytest.mark.clauses("kashiwa-3-5-misleading")
@pytest.mark.parametrize(
    ("text", "changes", "warns"),
    [
        ("明日開催します。", {"facts": {"written_on": "2026-12-01"}}, False),
        ("明日開催します。", {"facts": {"written_on": "2026-11-30"}}, True),
        ("本日開催します。", {"planned_at": "2026-11-30T10:00:00+09:00"}, True),
        ("本日開催します。", {"planned_at": "2026-12-01T09:59:30+09:00"}, False),
        # Written today for tomorrow, and then sent today: 明日 may be counted from either day.
        ("明日開催します。", {"facts": {"written_on": "2026-12-01"}, "planned_at": "2026-12-02T10:00:00+09:00"}, True),
        ("今週の土曜に開きます。", {"facts": {"written_on": "2026-11-30"}}, True),
        ("今月の行事です。", {"facts": {"written_on": "2026-12-30"}}, False),
        ("今月の行事です。", {"facts": {"written_on": "2026-11-30"}}, True),
        ("来年もお楽しみに。", {"facts": {"written_on": "2026-11-30"}}, False),
        ("明日葉の天ぷらを配ります。", {"facts": {"written_on": "2026-11-30"}}, False),
    ],
)
def test_words_that_move_with_the_day_warn_where_the_day_has_moved(
    text: Any, changes: Any, warns: Any, ask: Any
) -> None:
    """The day of writing and the planned day both count; a month or a year only where it has changed."""
    assert warns is bool(_relative(ask, text, **changes))
