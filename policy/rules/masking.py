"""Rules on letters that are masked (伏せ字): marks such as ○ and ×, or a blank, where letters of a word would stand.

What a mark means only a person can tell, so this finds what looks like masking: two or more marks that touch a word
(○○スーパー), one mark in the place of a number or a name (第○回, 田○さん), a blank that a word goes round. Marks that
stand alone, bullets, ornaments on both sides of a heading, crosses between two names and 〇 as a numeral are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy.model import Span
from policy.rules.kind import FOUND, TEXTS, Hit, OnWording, Param, ParamType, RuleKind, quote_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.pack import Check
    from policy.rules.kind import Params
    from policy.written import Written

_CIRCLES = frozenset("○〇◯")
_BULLETS = frozenset("■□◆◇★☆▲△▼▽*\uff0a")
"""Marks that open a line in ones and twos, and so mask only before what could not begin a line otherwise."""
_ORNAMENTS = _BULLETS | {"●"}
_JOINTS = frozenset("-－‐@＠_")
"""Signs inside numbers, addresses and account names: 03-○○○○-1111."""

_KANJI_ZERO = "〇"
_NUMERALS = frozenset("一二三四五六七八九十百千")
_COUNTERS = frozenset("年月日時分円人名周回歳番丁号件点個冊本枚台度割%％")
_ZERO_COUNTERS = frozenset("歳円分点度件割%％")
"""What is often none at all (〇歳児, 〇円); with others 〇 stands for a number that is left out."""
_NIGHT = frozenset("前後夜翌")
"""How the hour 〇時 is told: 午前〇時, 深夜〇時."""

_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_NO_KANJI = r"(?![一-龥々ァ-ヶー])"
_TITLE = re.compile(r"さん(?![まかぽす])|ちゃん|くん|氏(?![名子])|様(?![式子々相])|先生")
_NUMBERED = re.compile(
    r"(?:[月日時分年名人円回号番歳才件個枚][末付度半頃旬連目生室]?|日間|週間|[かカヶケ]月|丁目|[上中下]旬)" + _NO_KANJI
)
_OFFICE = re.compile(r"(?:[課部係局室区市町村県社店校駅園館]|病院|学校|公園|商店|会社|スーパー)" + _NO_KANJI)
_LISTED = re.compile(r"[月日時年課](?=$|[\n\s、,，。・/／~〜～\-－(（○〇◯×●■□△▲\uff0a*])")
"""What is a place for a number or a name even where a bullet could stand: ○月×日."""
_LABEL = re.compile(
    r"日時|日程|日にち|期[間日]|時間|会場|場所|定員|対象|費用|料金|参加|入場|受講|内容|講師|出演|持ち?物|申し?込|お申|問い?合|お問"
    r"|連絡|電話|締め?切|受付|開[場演]|集合|主催|[共協]催|後援|協力|備考|注意|住所|交通|アクセス|駐車|詳[細し]|雨天|予約|要予約|定休|休[館業]"
    r"|営業|メール|ホームページ|先着|無料|有料|不要|事前|当日|前売|記[入載]|印|[^\s:：]{1,8}[:：]"
)
_WORD_SIGNS = frozenset("々ー〆")
_WORDY = re.compile(r"[A-Za-z\uff21-\uff3a\uff41-\uff5a一-龥々ァ-ヶー]")
_WEEKDAYS = frozenset("月火水木金土日祝")
_DATE_LEFT = frozenset("年月日時和成第員約")
"""What a number follows: 令和×年, ○月×日, 第×回, 定員×名."""

_BLANKS = (
    re.compile(r"(?:年[ \u3000]{1,6}月|\d月)(?P<at>[ \u3000]{1,6})日" + _NO_KANJI),
    re.compile(r"の(?P<at>[ \u3000]{2,20})(?=[一-龥ァ-ヶ])"),
    re.compile(r"(?<=[一-龥ァ-ヶ])(?P<at>[ \u3000]{2,20})(?=さん|氏(?!名)|様(?![式子])|[課店社][はがのをにで、。])"),
)
_FRAMES = re.compile(r"[（(［\[【「『][ \u3000]{1,20}[）)］\]】」』]|(?<![_＿])[_＿]{2,20}(?![_＿])")
_CJK = re.compile(r"[ぁ-んァ-ヶ一-龥々ー]")
_QUOTES = {"「": "」", "『": "』", "（": "）", "(": ")", "【": "】", "“": "”"}
_SHORT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Marks that follow each other, and the signs beside them; empty at the ends of a line."""

    text: str
    """The text that has the run."""
    start: int
    end: int
    before: str
    after: str

    @property
    def marks(self) -> str:
        """The marks themselves."""
        return self.text[self.start : self.end]

    @property
    def mark(self) -> str:
        """The first of the marks."""
        return self.text[self.start]

    def is_followed_by(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether what stands behind the run begins so."""
        return pattern.match(self.text, self.end) is not None


def build_masked(params: Params) -> Check:
    """Build a rule that speaks where marks or a blank stand where letters would.

    Params: `characters` are the marks that the document names, `more` those that the city adds.
    """
    marks = "".join(params["characters"]) + "".join(params.get("more", []))
    runs = re.compile(f"[{re.escape(marks)}]+" if marks else r"(?!)")

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        spans = find_masked(written.text, runs)
        if spans:
            yield Hit(fill={"found": quote_spans(written.text, spans)}, spans=spans)

    return check


def find_masked(text: str, runs: re.Pattern[str]) -> tuple[Span, ...]:
    """Find what looks masked, in the order of the text; takes time in proportion to the text's length.

    Args:
        text: Any text.
        runs: Matches marks that follow each other.
    """
    unlinked = _LINK.sub(lambda link: "/" * len(link[0]), text)
    found = [Span(start=run.start, end=run.end) for run in _runs(unlinked, runs) if _is_masked(run)]
    found += _blanks(unlinked)
    return tuple(sorted(found, key=lambda span: span.start))


def _runs(text: str, pattern: re.Pattern[str]) -> Iterator[Run]:
    """Yield the runs of marks but those that only adorn what stands between them."""
    waiting: Run | None = None
    for match in pattern.finditer(text):
        start, end = match.span()
        run = Run(
            text=text, start=start, end=end, before=text[start - 1 : start].strip("\n"), after=text[end : end + 1]
        )
        if waiting is not None:
            if _adorn(waiting, run):
                waiting = None
                continue
            yield waiting
        waiting = run
    if waiting is not None:
        yield waiting


def _adorn(first: Run, second: Run) -> bool:
    """Tell whether two runs stand on both sides of a heading: ■■お知らせ■■, **重要**."""
    return (
        second.end - second.start == first.end - first.start >= _SHORT
        and set(first.marks + second.marks) <= _ORNAMENTS
        and not _is_word(first.before)
        and not _is_word(second.after)
        and first.text.find("\n", first.end, min(second.start, first.end + 60)) < 0
        and second.start - first.end <= 60  # noqa: PLR2004 - a heading is shorter
    )


def _is_masked(run: Run) -> bool:
    if _is_number(run):
        return False
    return _is_row_masked(run) if run.end - run.start >= _SHORT else _is_mark_masked(run)


def _is_number(run: Run) -> bool:
    """Tell whether circles are zeros of a number in kanji: 二〇二六年, 一〇〇周年, 〇歳."""
    if not _CIRCLES.issuperset(run.marks):
        return False
    if run.before in _NUMERALS and (run.after in _NUMERALS or run.after in _COUNTERS or run.mark == _KANJI_ZERO):
        return True
    if run.marks != _KANJI_ZERO:
        return False
    return run.after in _NUMERALS or run.after in _ZERO_COUNTERS or (run.after == "時" and run.before in _NIGHT)


def _is_row_masked(run: Run) -> bool:
    """Tell whether two or more marks stand in a word, or alone in quotes."""
    if run.mark in _BULLETS and not _is_touched(run.before):
        return run.after in _JOINTS or any(run.is_followed_by(one) for one in (_TITLE, _NUMBERED, _OFFICE))
    if _is_touched(run.before) or _is_touched(run.after):
        return True
    return len(set(run.marks)) == 1 and _QUOTES.get(run.before) == run.after


def _is_mark_masked(run: Run) -> bool:
    """Tell whether one mark stands for a number or for a letter of a name."""
    if not _is_word(run.before):
        return run.is_followed_by(_LISTED)
    if run.is_followed_by(_TITLE):
        return True
    if run.mark not in _CIRCLES:
        # Crosses stand between two names, the others before the next point of a list: 市民×大学, 無料●申込不要.
        return run.before in _DATE_LEFT and run.is_followed_by(_NUMBERED)
    if run.is_followed_by(_NUMBERED) or (run.before == "の" and run.is_followed_by(_OFFICE)):
        return True
    is_timetable = run.before in _WEEKDAYS and run.after in _WEEKDAYS
    is_inside = all(_WORDY.match(sign) for sign in (run.before, run.after))
    return is_inside and not is_timetable and not run.is_followed_by(_LABEL)


def _blanks(text: str) -> Iterator[Span]:
    """Yield the blanks that a word goes round, and the empty brackets and lines to fill in."""
    for pattern in _BLANKS:
        for match in pattern.finditer(text):
            yield Span(start=match.start("at"), end=match.end("at"))
    for match in _FRAMES.finditer(text):
        if any(
            _CJK.match(sign)
            for sign in (text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1])
        ):
            yield Span(start=match.start(), end=match.end())


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign in _WORD_SIGNS


def _is_touched(sign: str) -> bool:
    """Tell whether a run goes on into a word or a number on that side."""
    return sign != "" and (_is_word(sign) or sign in _JOINTS)


KINDS = {
    "masked": RuleKind(
        build=build_masked,
        params={"characters": TEXTS, "more": Param(type=ParamType.TEXTS, is_required=False)},
        placeholders=FOUND,
    ),
}
