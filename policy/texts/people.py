"""Persons in a text: names that are told as somebody's, and the addresses where somebody lives.

A machine is sure of little here, so each finder asks for two signs at once: a frequent surname and an honorific, a name
and an age, an address and a person or a flat beside it. The address of a hall or an office is nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy.texts.surnames import PLACES, SURNAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

_KANJI = "一-龥々﨑"
_IS_KANJI = re.compile(f"[{_KANJI}]")
_NAME_CHARS = 12
_LONGEST_SURNAME = 3

_HONORIFIC = re.compile(r"さん|さま|様|氏(?!名|神|子|族|家)")
_FAMILIAR = re.compile(r"さん|さま|様|氏|くん|ちゃん|君")
_READING = re.compile(r"\([ぁ-んァ-ヶー ]{2,10}\) ?$")
"""How a name is read, between it and the honorific: 佐藤一(さとう はじめ)様."""
_GIVEN = re.compile(
    rf"(?P<space> ?)(?:(?P<kanji>[{_KANJI}]{{1,3}})|(?P<kana>[ァ-ヶー]{{2,5}})|(?P<hiragana>[ぁ-ん]{{2,4}})) ?",
)
_NO_GIVEN_END = frozenset(
    "市区町村県都府道店院社校園団組会部課室局館所業族者員師客屋隊係生民機設造工務菓薬油鋼材販輸協察防署品具器械寺宮堂庁場駅線号"
    "方達各位宅家皆のはがをに、。",
)
_NO_GIVEN = re.compile(
    r".*(?:銀行|大学|高校|中学|園児|児童|生徒|選手|監督|議員|市長|町長|村長|知事|会長|園長|校長|院長|館長|所長|課長|部長|局長|社長|店長"
    r"|先生|住職|夫妻|夫婦|家族|兄弟|姉妹|親子|地区|地域|方面|北部|南部|東部|西部|中央|支所|農家|消防|青年|女性|男性|皆)|[のはがをにでともへや](?!ぞ|り|ぶ|も|な|る|つ|じ|か|え)"
    r"|.*(?:さん|さま|くん|おばあ|おじい|おかあ|おとう|おねえ|おにい|こども|みな|ちゃん|たち|など|から|まで|より|では|には|とは|です|ます)",
)
_AGE = re.compile(
    r"[\s(、,・]{0,3}(?:当時)?\d{1,3}歳(?!以上|以下|未満|児|から|まで|代|前|ごろ|頃|の誕生)|\((?:[1-9]\d|1[01]\d)\)",
    re.ASCII,
)
_BIRTH = re.compile(
    r"[\s(、,・:]{0,3}(?:(?:明治|大正|昭和|平成|令和|[MTSHR])\s?(?:\d{1,2}|元)|(?:18|19|20)\d\d)[年./-]\s?\d{1,2}[月./-]\s?\d{1,2}日?\s?"
    r"(?:生|誕生)",
    re.ASCII,
)
_LABEL = re.compile(
    r"(?:氏名|名前|お名前|姓名)\s?[::]\s?(?P<name>[一-龥々﨑]{1,3} ?(?:[一-龥々]{1,3}|[ぁ-ん]{2,4}|[ァ-ヶー]{2,5}))"
)

_NUMERAL = r"[\d一二三四五六七八九十]"
_HOUSE = (
    rf"(?:{_NUMERAL}{{1,3}}丁目\s?(?:\d{{1,4}}(?:番地?(?:の\d{{1,4}}|\d{{1,4}}号?)?|(?:-\d{{1,4}}){{1,2}})|\d{{1,4}})"
    rf"|\d{{1,4}}番地?(?:の\d{{1,4}}|\d{{1,4}}号?|-\d{{1,4}})?|[1-9]\d{{0,4}}(?:-\d{{1,4}}){{1,3}})"
)
_HOUSE_NUMBER = re.compile(rf"(?<![\d-]){_HOUSE}", re.ASCII)
_PLACE_BEFORE = re.compile(rf"(?:〒?\d{{3}}-\d{{4}}\s{{0,2}})?[{_KANJI}ぁ-んァ-ヶー]{{1,20}}$", re.ASCII)
_LEAD = re.compile(r".*[はがをにで:](?=.*[市区町村郡字])")
_CERTAIN_PLACE = re.compile(r"[市区町村郡]|〒|字|丁目|番地")
_FACILITY = re.compile(
    r"館|センター|ホール|公園|学校|学園|大学|園(?!子)|庁舎|役所|役場|支所|出張所|病院|医院|クリニック|診療所|広場|会場|駅|店|ビル|プラザ|アリーナ|"
    r"スタジアム|体育|図書|公民|消防|警察|署|寺|神社|事務所|事業所|工場|会社|法人|協議会|組合|課|係|局|団体|ステーション|モール|老人|ホーム|保健|福祉"
)
_FLAT = re.compile(
    rf"[\s、,]{{0,2}}(?:[{_KANJI}ァ-ヶーA-Za-z]{{0,10}})(?:アパート|マンション|ハイツ|コーポ|メゾン|レジデンス|ハイム|パレス|ヴィラ|荘)"
    rf"[{_KANJI}ァ-ヶーA-Za-z]{{0,8}}[\s第-]{{0,2}}[A-Z]?\d{{1,4}}(?:号室|号|(?![\d年月日人円]))",
)
_RESIDENT = re.compile(
    rf"(?:[\s、,(]{{0,3}}|(?:に住む|に在住の|在住の|にお住まいの|に暮らす|居住の|の))"
    rf"(?P<flat>[{_KANJI}ァ-ヶーA-Za-z0-9]{{1,15}}(?:号室|号棟|号)\s{{0,2}})?[の\s]{{0,2}}"
    rf"(?P<name>(?:[{_KANJI}]{{1,6}}|[ァ-ヶー]{{2,6}})(?: ?(?:[{_KANJI}]{{1,3}}|[ぁ-ん]{{2,4}}|[ァ-ヶー]{{2,5}}))?)\s?"
    r"(?:(?:さん|さま|様)[方宅]?(?!々)|氏(?!名)|(?<![住自])宅|方(?![々法面向針がはにをでの]))",
)
_HOME_BEFORE = re.compile(
    r"(?:自宅|実家|居宅|[^在住自お帰]宅|下宿|住まい)(?:の?(?:住所|所在地))?(?:は|が|、|:|\(|\s){0,3}$"
)
_NAME_AND_ADDRESS = re.compile(r"氏名[^\n]{0,30}住所\s?[::]?\s?$")
_PERSON_BEFORE = re.compile(r"(?:さん|さま|様|氏|さん方|様方)(?:の?(?:住所|自宅)は?)?[\s(、:]{1,3}$")
_COMMON = re.compile(
    r".*(?:皆|客|者|員|師|学生|生徒|児童|園児|隊|業者|農家|家族|職人|大家|大工|会|社|店|課|部|役所|役場|施設|団体|先生|市民|町民|区民|住民|保護者|市長|町長|村長|区長|知事|議長|会長|校長)$|(?:お|ご)?(?:子|客|皆|母|父|兄|姉)$|[パ肉魚花八本薬酒米畳床茶質豆和弁]?屋$",
)
_NAME_AFTER = re.compile(rf"[\s、,(]{{1,3}}(?P<name>[{_KANJI}]{{2,6}}(?: [{_KANJI}ぁ-んァ-ヶー]{{1,5}})?)")
_OPENED = re.compile(r"[\s(、]{1,2}$")
_BEFORE_CHARS = 40
_PLACE_CHARS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """An address at which a text says that somebody lives."""

    start: int
    end: int
    address: str
    """The address alone."""


def name_before(text: str, end: int) -> int | None:
    """Return where the full name begins that ends at *end*, or None: a frequent surname, and a given name."""
    window = text[max(0, end - _NAME_CHARS) : end]
    if not window or window[-1] in _NO_GIVEN_END:
        return None
    for length in range(_LONGEST_SURNAME, 0, -1):
        for start in range(len(window) - length):
            surname = window[start : start + length]
            if surname not in SURNAMES:
                continue
            given = _GIVEN.fullmatch(window, start + length)
            begins_word = length > 1 or start == 0 or not _IS_KANJI.match(window, start - 1)
            if given is not None and begins_word and _is_given(surname, given):
                return end - len(window) + start
    return None


def _is_given(surname: str, given: re.Match[str]) -> bool:
    name = given["kanji"] or given["kana"] or given["hiragana"]
    if name[-1] in _NO_GIVEN_END or _NO_GIVEN.match(name):
        return False
    if given["kanji"]:
        # 東京電力様, 森林組合様: a surname of one character begins many other words.
        return len(surname) > 1 or bool(given["space"]) or len(name) == len("太郎")
    # 森のくまさん, 柏レイソルさん: only a longer surname that is no place's carries a name in kana.
    return (len(surname) > 1 or bool(given["space"])) and surname not in PLACES


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Find full names with an honorific, and names that a label announces."""
    for honorific in _HONORIFIC.finditer(text):
        reading = _READING.search(text, max(0, honorific.start() - _NAME_CHARS), honorific.start())
        start = name_before(text, reading.start() if reading else honorific.start())
        if start is not None:
            yield start, honorific.end()
    for match in _LABEL.finditer(text):
        if name_before(text, match.end("name")) is not None:
            yield match.span("name")


def find_ages(text: str) -> Iterator[tuple[int, int]]:
    """Find names with an age or a day of birth beside them: 柏太郎さん(82歳), 柏太郎（昭和20年5月3日生）."""
    for pattern in (_AGE, _BIRTH):
        for match in pattern.finditer(text):
            end = match.start()
            familiar = re.search(rf"(?:{_FAMILIAR.pattern})$", text[max(0, end - 3) : end])
            start = name_before(text, end - len(familiar[0]) if familiar else end)
            if start is not None:
                yield start, match.end() + text.startswith(")", match.end())


def find_residences(text: str) -> Iterator[Residence]:
    """Find addresses that are somebody's home by the words beside them."""
    for house in _HOUSE_NUMBER.finditer(text):
        place = _PLACE_BEFORE.search(text, max(0, house.start() - _PLACE_CHARS), house.start())
        if place is None or not _CERTAIN_PLACE.search(place[0] + house[0]):
            continue
        lead = _LEAD.match(place[0])
        start = place.start() + (lead.end() if lead else 0)
        end = _home_end(text, start, house.end())
        if end is not None:
            yield Residence(start=start, end=end, address=text[start : house.end()])


def _home_end(text: str, start: int, end: int) -> int | None:
    """Return where the telling of somebody's home ends whose address is given, or None where it is nobody's."""
    flat = _FLAT.match(text, end)
    if flat is not None and not _FACILITY.search(flat[0]):
        return flat.end()
    resident = _RESIDENT.match(text, end)
    if resident is not None and not _FACILITY.search(resident[0]) and not _COMMON.match(resident["name"]):
        return resident.end()
    named = _NAME_AFTER.match(text, end)
    if named is not None and name_before(text, named.end()) == named.start("name"):
        return named.end()
    before = text[max(0, start - _BEFORE_CHARS) : start]
    after = text[end : end + _NAME_CHARS].split("\n", maxsplit=1)[0]
    opened = _OPENED.search(before)
    is_named = opened is not None and name_before(text, start - len(opened[0])) is not None
    is_home = (
        is_named or _HOME_BEFORE.search(before) or _NAME_AND_ADDRESS.search(before) or _PERSON_BEFORE.search(before)
    )
    return end if is_home and not _FACILITY.search(after) else None
