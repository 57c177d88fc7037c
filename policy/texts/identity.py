"""Numbers that lead to one person: the individual number, a bank account, a car's plate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GAP = r"[-ー\s.・/_]{0,3}"
_ALONE = r"(?<!\d)(?<!\d[-ー.,/_])(?<!\d )"
_ALONE_AFTER = r"(?!\d)(?![-ー.,/_ ]\d)"
_TWELVE = re.compile(
    rf"{_ALONE}(?:\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}|\d{{3}}(?:[-ー ]\d{{3}}){{3}}|\d{{6}}[-ー ]\d{{6}}){_ALONE_AFTER}",
    re.ASCII,
)
_INSTANT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d", re.ASCII)
_MY_NUMBER_WORDS = re.compile(r"(?:マイナンバー|個人番号)[^\d\n]{0,12}$")
_WORD_CHARS = 20
_MY_NUMBER_DIGITS = 12

_SEVEN = r"(\d{7}|\d{3}[- ]\d{4})"
_NO_AMOUNT = r"(?!\d)(?![-,.]\d)(?!\s?(?:千?円|万|人|件|名|台|世帯|戸|通|㎡|票|部|枚))"
_ACCOUNTS = (
    re.compile(
        rf"(?:(?:普通|当座|貯蓄|総合|定期)(?:預金|口座)?|(?:(?<![\w])[(\[]?[普当][)\]]|店\s?[普当](?=[\s:\d]))|口座(?:番号|No\.?)?)"
        rf"(?:口座|番号|は|が)?[\s::()\[\]「.]{{0,4}}{_SEVEN}{_NO_AMOUNT}",
        re.ASCII | re.IGNORECASE,
    ),
    # Japan Post Bank: a symbol (1…0), a digit that checks it or none, and a number of up to eight that ends in 1.
    re.compile(
        r"記号[\s::)「]{0,3}1\d{3}0(?:[-ー ]?\d)?[^\d\n]{1,8}(?:番号[\s::)「]{0,3})?\d{2,7}1(?!\d)",
        re.ASCII,
    ),
    re.compile(rf"{_ALONE}1\d{{3}}0(?:[-ー]\d)?[-ー]\d{{2,7}}1{_ALONE_AFTER}", re.ASCII),
    # Its transfer accounts: 00100-1-123456.
    re.compile(rf"{_ALONE}0\d{{4}}[-ー]\d[-ー]\d{{1,6}}{_ALONE_AFTER}", re.ASCII),
)

_OFFICES = """
札幌 函館 旭川 室蘭 苫小牧 釧路 知床 帯広 北見 青森 弘前 八戸 岩手 盛岡 平泉 宮城 仙台 秋田 山形 庄内 福島 会津
郡山 白河 いわき 水戸 土浦 つくば 宇都宮 那須 日光 とちぎ 群馬 前橋 高崎 大宮 川口 所沢 川越 熊谷 春日部 越谷
千葉 成田 習志野 市川 船橋 袖ケ浦 市原 袖ヶ浦 野田 柏 松戸 品川 世田谷 練馬 杉並 板橋 足立 江東 葛飾 八王子
多摩 横浜 川崎 湘南 相模 新潟 長岡 上越 富山 石川 金沢 福井 山梨 富士山 長野 松本 諏訪 安曇野 南信州 岐阜 飛騨
静岡 浜松 沼津 伊豆 名古屋 豊橋 三河 岡崎 豊田 尾張小牧 一宮 春日井 三重 鈴鹿 四日市 伊勢志摩 滋賀 京都 なにわ
大阪 和泉 堺 奈良 飛鳥 和歌山 神戸 姫路 鳥取 島根 出雲 岡山 倉敷 広島 福山 山口 下関 徳島 香川 高松 愛媛 高知
福岡 北九州 久留米 筑豊 佐賀 長崎 佐世保 熊本 大分 宮崎 鹿児島 奄美 沖縄
"""
"""What a plate can begin with (自動車登録規則 別表第一)."""
_PLATE = re.compile(
    rf"(?:{'|'.join(sorted(_OFFICES.split(), key=len, reverse=True))})\s?\d{{2}}[\dA-Z]?\s?"
    r"(?:[ぁ-んA-Z]\s?(?:\d\d-\d\d|[・.]\d-?\d\d|[・.]{2}-?\d\d|[・.]{3}\d)|(?![はがをにでともへの])[ぁ-ん]\d{4})(?!\d)",
    re.ASCII,
)


def is_my_number(digits: str) -> bool:
    """Tell whether twelve digits carry the check digit of an individual number.

    Order 85 of 2014 of the Ministry of Internal Affairs, article 5: weights 2 to 7 and 2 to 6 from the right;
    11 minus the remainder by 11, and 0 where the remainder is 0 or 1.
    """
    if len(digits) != _MY_NUMBER_DIGITS or not digits.isascii() or not digits.isdigit():
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[-1]) == (0 if remainder <= 1 else 11 - remainder)


def find_my_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Find individual numbers; a corporate number has thirteen digits, and an instant written in one is none."""
    for match in _TWELVE.finditer(text):
        digits = re.sub(r"[^0-9]", "", match[0])
        before = text[max(0, match.start() - _WORD_CHARS) : match.start()]
        is_instant = len(match[0]) == _MY_NUMBER_DIGITS and _INSTANT.fullmatch(digits) is not None
        if is_my_number(digits) and (not is_instant or _MY_NUMBER_WORDS.search(before)):
            yield match.span()


def find_bank_accounts(text: str) -> Iterator[tuple[int, int]]:
    """Find numbers of accounts at a bank and at Japan Post Bank."""
    for pattern in _ACCOUNTS:
        for match in pattern.finditer(text):
            yield match.span()


def find_plates(text: str) -> Iterator[tuple[int, int]]:
    """Find car plates: an office's name, a class, a letter and the number."""
    for match in _PLATE.finditer(text):
        yield match.span()
