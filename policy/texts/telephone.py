"""Telephone numbers of Japan in a text, in the spellings that people use, apart from the numbers that are none.

The plan of numbers is that of the Ministry of Internal Affairs and Communications (電気通信番号計画, 2019 notice 6):
a nought and nine digits for a place, a nought and ten for mobiles (060, 070, 080, 090) and for telephones over the
internet (050). Three-digit numbers (110, 119, 171, 188), #7119, 0120, 0800, 0570 and 0180 are services for everybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP = r"[-ー~()\[\]\s.・/_]{0,3}"
_SEPARATOR = r"[-ー()\[\].・ \t]{1,3}"
_START = r"(?<![\d])(?<!\d[-.,ー])"
_EIGHT = "|".join(
    _GAP.join(rf"\d{{{digits}}}" for digits in groups)
    for groups in ((4, 4), (3, 5), (5, 3), (2, 6), (1, 3, 4), (1, 2, 5), (2, 2, 2, 2), (2, 3, 3), (3, 3, 2))
)
_COUNTRY = rf"(?:\+|(?<!\d)00|(?<!\d)010[- ])81{_GAP}(?:\(?0\)?{_GAP})?"

_ELEVEN = re.compile(rf"(?:{_COUNTRY}|{_START}\(?0)(?P<kind>[5-9])0{_GAP}(?:{_EIGHT})(?!\d)", re.ASCII)
_TEN = re.compile(
    rf"{_START}\(?(?P<area>0[1-9]\d{{0,3}}){_SEPARATOR}(?P<local>\d{{1,4}})(?P<last>{_GAP}\d{{4}})(?!\d)(?![-ー]\d)",
    re.ASCII,
)
_TEN_IN_TWO = re.compile(
    rf"{_START}\(?(?P<area>0[1-9]\d{{0,4}}){_SEPARATOR}(?P<rest>\d{{4,8}})(?!\d)(?![-ー]\d)", re.ASCII
)
_TEN_IN_ONE = re.compile(
    r"(?:(?<=TEL)|(?<=FAX)|(?<![\dA-Za-z_,-])(?<!\d\.))0[1-9]\d{8}(?![\dA-Za-z_])(?![-.,]\d)",
    re.ASCII | re.IGNORECASE,
)
_NINE_ABROAD = re.compile(rf"{_COUNTRY}[1-9]\d{{0,4}}(?:{_GAP}\d{{1,4}}){{1,2}}(?!\d)", re.ASCII)
_KINDS = {"5": "internet", "6": "mobile", "7": "mobile", "8": "mobile", "9": "mobile"}

_SERVICES = ("0120", "0800", "0570", "0990", "0180")
_AREAS_OF_TWO_DIGITS = frozenset({"03", "04", "06"})
"""Area codes of two digits; the others have three to five."""
_NO_PLACE = re.compile(r"0(?:0|[25-9]0)")
_PLACE_DIGITS = 10
_MARK_CHARS = 12
_OTHER_NUMBER = re.compile(
    r"(?:(?:受付|整理|申請|申込|登録|管理|契約|予約|注文|伝票|お客様|会員|利用者|文書|議案|事業|図書|資料|年金|製造|型"
    r"|回覧|発行|許可|指定|認定|証明書?|通し|法人|案件|事務|物件|地番|土地)(?:番号|No\.?)(?:は|が)?[\s:(「]{0,3}|第\s?)$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s?号(?![室館])")
_COUNTED_RUN = re.compile(r"\s?(?:号(?![室館])|円|件|世帯|枚|冊|人(?!事)|名(?![\w]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telephone:
    """A telephone number of somebody's in a text."""

    start: int
    end: int
    digits: str
    """As it is dialled inside Japan, without anything else."""
    kind: str
    """`mobile`, `internet` or `place`."""


@lru_cache(maxsize=8)
def find_telephones(text: str) -> tuple[Telephone, ...]:
    """Return the numbers that can be a person's, mobiles first; services for everybody are left out."""
    return tuple(_find(text))


def _find(text: str) -> Iterator[Telephone]:
    for match in _ELEVEN.finditer(text):
        digits = national_digits(match[0])
        if not digits.startswith(_SERVICES):
            yield _telephone(match, digits, _KINDS[match["kind"]])
    seen: set[int] = set()
    for pattern in (_TEN, _TEN_IN_TWO, _TEN_IN_ONE, _NINE_ABROAD):
        counted = _COUNTED_RUN if pattern is _TEN_IN_ONE else _COUNTED
        for match in pattern.finditer(text):
            digits = national_digits(match[0])
            is_place = _is_place(digits, match.groupdict().get("area"))
            if match.end() in seen or not is_place or _is_other_number(text, match, counted):
                continue
            seen.add(match.end())
            yield _telephone(match, digits, "place")


def _telephone(match: re.Match[str], digits: str, kind: str) -> Telephone:
    is_loose = match[0].startswith("(") and ")" not in match[0]
    return Telephone(start=match.start() + is_loose, end=match.end(), digits=digits, kind=kind)


def _is_place(digits: str, area: str | None) -> bool:
    """Tell whether the digits are a place's number: ten of them, and groups as the plan has them."""
    if len(digits) != _PLACE_DIGITS or digits.startswith(_SERVICES) or _NO_PLACE.match(digits):
        return False
    return area is None or len(area) != len("03") or area in _AREAS_OF_TWO_DIGITS


def _is_other_number(text: str, match: re.Match[str], counted: re.Pattern[str]) -> bool:
    before = text[max(0, match.start() - _MARK_CHARS) : match.start()]
    return bool(_OTHER_NUMBER.search(before) or counted.match(text, match.end()))


def national_digits(number: str) -> str:
    """Return a number's digits alone, as they are dialled inside Japan: +81 (0)4-7167-1111 is 0471671111."""
    digits = re.sub(r"[^0-9]", "", number)
    abroad = re.match(rf"\s*{_COUNTRY}", number, re.ASCII)
    if abroad is None:
        return digits
    return "0" + digits[len(re.sub(r"[^0-9]", "", abroad[0])) :]
