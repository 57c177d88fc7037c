"""The facts of a notice that a figure or an ending states: dates, times, quantities, negations, what is past.

With another one of them a notice is another notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

NOT = "not"
PAST = "past"
MUST = "must"
_NOON = 12
_DIGITS = {char: digit for digit, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "億": 10**8}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988, "s": 1925}
_UNITS = (
    "丁目|番地|箇月|箇所|時間|日間|週間|年間|年度|周年|回目|人目|号線|号車|世帯"
    "|キロメートル|センチメートル|ミリメートル|メートル|センチ|ミリ|キログラム|グラム|キロ|リットル|パーセント|ポイント|ページ"
    "|(?:km|cm|mm|kg|ml|ha|kw|hpa|mb|gb|m|g|l)(?![a-z])|°c|%"
    "|[人名回日月年分秒円件個枚台本冊歳才番号階組班戸軒棟校店割倍杯匹頭羽着足段次期級位巻話週泊度弱強点口枠株箱袋席便条項頁区つ]"
)
_SAME_UNIT = {
    "名": "人",
    "才": "歳",
    "キロメートル": "km",
    "キロ": "km",
    "センチメートル": "cm",
    "センチ": "cm",
    "ミリメートル": "mm",
    "ミリ": "mm",
    "メートル": "m",
    "キログラム": "kg",
    "グラム": "g",
    "リットル": "l",
    "パーセント": "%",
    "°c": "度",
    "頁": "ページ",
}
_NUMERALS = "〇零一二三四五六七八九十百千万億"
_WRITTEN_OUT = re.compile(
    rf"(?<![\d,.])\d[\d,]{{0,15}}(?:\.\d{{1,9}})?[十百千万億](?:\d{{1,9}}[十百千万億])*\d{{0,9}}"
    # 一時 is 「for a while」 unless an hour is meant.
    rf"|(?<![{_NUMERALS}])(?!一時(?!間|半|頃|ごろ|から|まで|に|[0-9{_NUMERALS}]))[{_NUMERALS}]{{1,16}}(?={_UNITS}|時)"
    rf"|(?<=第)[{_NUMERALS}]{{1,16}}"
)
_WEEK = "月火水木金土日"
_FACT = re.compile(
    # The letters with which one can begin, so that most places of a text are passed over.
    rf"(?=[0-9\-▲氷マ午正第ap令平昭rhs(まなでずた{_WEEK}])(?:"
    r"(?:(?P<era>令和|平成|昭和)?(?P<year>\d{1,4}|元)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    r"|(?P<short_year>\d{4}|(?<![a-z])[rhs]\d{1,2})[./\-](?P<short_month>\d{1,2})[./\-](?P<short_day>\d{1,2})(?!\d)"
    r"|(?<![\d/])(?P<slash_month>1[0-2]|0?[1-9])/(?P<slash_day>[12]\d|3[01]|0?[1-9])(?![\d/])"
    r"|(?P<only_era>令和|平成|昭和)(?P<only_year>\d{1,2}|元)年"
    r"|(?:(?P<half>午前|午後|(?<![a-z])[ap]m)\s{0,2})?(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d\d)(?!\d)|時(?!間)(?:(?P<minutes>\d{1,2})分|(?P<half_past>半))?)(?:\s?(?P<half_after>[ap]m)(?![a-z]))?"
    r"|(?P<noon>正午)"
    r"|第?(?P<sign>(?<![\w\-])[\-▲]|マイナス|氷点下)?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+(?:\.\d+)?)(?P<unit>{_UNITS})?"
    # A weekday in brackets stands beside a date.
    rf"|\((?P<weekday>[{_WEEK}])(?:曜日?)?(?:[・,、/]?(?:祝日|祝|振休|休))*\)"
    rf"|(?P<weekly>[{_WEEK}])曜日?(?:・?祝)?"
    r"|(?P<must>なければなり?(?:ません|ない|らない))"
    # Not 少ない, もったいない, 駐車場などはなしに, まもなく, なくす, 必ず.
    r"|(?P<negated>ません(?!か)|(?<![少危訳い])ない(?!ろ)|(?<![はもでき])なし(?![くと])|(?<![もれ])なく(?![りすしそせ])"
    r"|(?<![必ら])ず(?=に|[、。\s]|$))"
    r"|(?P<past>ました|でした|(?<=[しっいんきれ])た(?=[。!?\n]|$))"
    r")"
)
_BESIDE = re.compile(rf"\s*(?:\([{_WEEK}][^()]{{0,6}}\)|[{_WEEK}]曜日?)")
_TO_THE_NEXT = re.compile(r"\s*(?:から|より|~|-)\s*(?=(?:(?:午前|午後|[ap]m|翌|同|令和)?\s?\d|正午))")
_FROM = re.compile(r"\s*(?:から|より|~)")
_UNTIL = re.compile(r"\s*(?:まで|迄)")


@dataclass(slots=True)
class Facts:
    """The facts of one text."""

    stated: list[str] = field(default_factory=list)
    """In their order."""
    years: list[str] = field(default_factory=list)
    """Of dates; a text may leave them out."""
    weekdays: list[str] = field(default_factory=list)
    """Of dates; a text may leave them out."""
    rest: str = ""
    """The text with a bar in place of each fact."""


def arabic_numbers(text: str) -> str:
    """Write numbers in figures that stand in kanji before a counter: 三十名, 第三回, 五丁目, 1万5千円."""
    return _WRITTEN_OUT.sub(lambda found: _number(found[0]), text)


def read_facts(text: str) -> Facts:
    """Read the facts of a text that `arabic_numbers` wrote."""
    facts = Facts()
    pieces: list[str] = []
    at = 0
    range_end = -1
    """Where the figure begins that ends a range, as the second one of 10時から15時まで does."""
    for found in _FACT.finditer(text):
        start, end = found.span()
        if found["weekday"] or (found["weekly"] and start == at > 0):
            facts.weekdays.append(found["weekday"] or found["weekly"])
        elif ending := _ending(found):
            facts.stated.append(ending)
        else:
            role, next_end = _role(text, start, end, is_range_end=start == range_end)
            facts.stated.append(_figure(found, facts) + role)
            range_end = next_end
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    facts.rest = "|".join(pieces)
    return facts


@lru_cache(maxsize=4096)
def _number(written: str) -> str:
    total = section = Decimal(0)
    current: Decimal | None = None
    for piece in re.findall(r"[\d,.]+|\D", written):
        if piece in _DIGITS:
            current = (current or Decimal(0)) * 10 + _DIGITS[piece]
        elif piece in _TENS:
            section += (Decimal(1) if current is None else current) * _TENS[piece]
            current = None
        elif piece in _MYRIADS:
            section += current or Decimal(0)
            total += (section or Decimal(1)) * _MYRIADS[piece]
            section, current = Decimal(0), None
        else:
            current = Decimal(piece.replace(",", ""))
    return f"{(total + section + (current or Decimal(0))).normalize():f}"


def _ending(found: re.Match[str]) -> str:
    if found["negated"]:
        return NOT
    if found["past"]:
        return PAST
    return MUST if found["must"] else ""


def _figure(found: re.Match[str], facts: Facts) -> str:
    if found["number"]:
        unit = found["unit"] or ""
        return f"{'-' if found['sign'] else ''}{_plain_number(found['number'])}{_SAME_UNIT.get(unit, unit)}"
    if found["hour"]:
        return _clock(found)
    if found["noon"]:
        return f"{_NOON}:00"
    if found["only_year"]:
        return f"{_year(found['only_era'], found['only_year'])}年"
    if found["weekly"]:
        return f"{found['weekly']}曜"
    if found["year"]:
        facts.years.append(_year(found["era"], found["year"]))
    if found["short_year"]:
        era = found["short_year"][0] if not found["short_year"].isdigit() else None
        facts.years.append(_year(era, found["short_year"].lstrip("rhs")))
    prefix = next(one for one in ("", "short_", "slash_") if found[f"{one}day"])
    return f"{int(found[f'{prefix}month'])}月{int(found[f'{prefix}day'])}日"


def _role(text: str, start: int, end: int, *, is_range_end: bool) -> tuple[str, int]:
    """Return what a figure is the beginning or the end of, and where the figure begins that ends its range, or -1."""
    beside = _BESIDE.match(text, end)
    after = beside.end() if beside else end
    if following := _TO_THE_NEXT.match(text, after):
        return "", following.end()
    if is_range_end:
        return "", -1
    if _FROM.match(text, after):
        return " from", -1
    if _UNTIL.match(text, after) or text[start - 1 : start] == "~":
        return " until", -1
    return "", -1


def _clock(found: re.Match[str]) -> str:
    hour = int(found["hour"])
    minute = 30 if found["half_past"] else int(found["minute"] or found["minutes"] or 0)
    if (found["half"] or found["half_after"]) in {"午後", "pm"} and hour < _NOON:
        hour += _NOON
    return f"{hour}:{minute:02}"


def _year(era: str | None, year: str) -> str:
    number = 1 if year == "元" else int(year)
    return str(number + _ERAS[era] if era else number)


def _plain_number(written: str) -> str:
    digits = written.replace(",", "")
    if "." in digits:
        return digits.rstrip("0").rstrip(".")
    return digits.lstrip("0") or "0"
