"""Rules on dates and times: wrong weekdays, days and times that are none, days gone by, words that move with a day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from policy.calendar import say_weekday
from policy.model import Span, Words
from policy.rules.kind import FOUND, TEXTS, Hit, OnWording, Param, ParamType, RuleKind, quote_spans
from policy.rules.words import compile_words
from policy.texts.clock_times import find_backward, find_impossible
from policy.texts.dating import ERAS, FAR_AHEAD, WEEKDAYS, day_or_none, years_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from policy.pack import Check
    from policy.rules.kind import Params
    from policy.texts.dating import DateInText
    from policy.texts.plaintext import PlainText
    from policy.written import Written

_PAST = re.compile(
    r"^\s?(?:から|以降|より|以来|付)|[いきしちみりえけせてねべめれっ]た(?![いしめらちくびだる])|だった|現在|施行|開始|生まれ|発生|未明|時点"
    r"|号|撮影|更新|決定|発表|発行|公布|可決|議決|制定|以前|当時|続き|続いて|様子|結果|報告|掲載|回答|済み|までの|分[のはを]|により"
    r"|による|に伴|影響|ちなみ|ちなんで|記念",
)
_COMING = re.compile(
    r"(?<!てい)(?<!でい)(?<!ており)(?<!でおり)(?<!てあり)ます|ください|下さい|予定|募集|締め?切|〆切|必着|期限|お待ち|お越し"
    r"|まで(?:に|です|受|お|[、\s)]|$)",
)
_HEADING = re.compile(
    r"(?:日時|期日|開催日時?|実施日|とき|日程|締め?切り?|〆切|期限|申込期限|申込期間|受付期間)[\s:\])】]{0,3}$"
)
_TOLD_PAST = re.compile(r"ました|でした")
_HEADING_CHARS = 12
_SENTENCE_CHARS = 80
_SENTENCE_END = re.compile(r"[。\n!?]")
_LEAP_DAY = (2, 29)
_LEAP_WORDS = re.compile(r"生まれ|うるう|閏|4年に|毎年|誕生")

_ERA_NAMES = r"(?<![A-Za-z])(?P<era{0}>令和|平成|昭和|[RHS])\s?(?P<year{0}>\d{{1,2}}|元)(?P<term{0}>年度?)?"
_WESTERN = r"(?<!\d)(?P<western{0}>(?:19|20|21)\d\d)(?P<wterm{0}>年度?)?"
_BOTH_YEARS = re.compile(
    rf"{_ERA_NAMES.format('1')}\s?[(/=・]\s?{_WESTERN.format('1')}(?=\s?[)・]|年)"
    rf"|{_WESTERN.format('2')}\s?[(/=・]\s?{_ERA_NAMES.format('2')}(?=\s?[)・]|年)",
    re.ASCII,
)
_BEYOND = re.compile(r"(?P<era>平成|昭和)\s?(?P<year>\d{2})(?=年)", re.ASCII)
_LAST_YEARS = {"平成": 31, "昭和": 64}
_NEXT_ERA = {"平成": "令和", "昭和": "平成"}
_ONE_YEAR = 1


def _place(text: PlainText, found: DateInText) -> Span:
    return text.span(found.start, found.end)


def _quoted(written: Written, span: Span) -> str:
    return written.text[span.start : span.end]


def build_weekdays(_params: Params) -> Check:
    """Build a rule that speaks where a date and its weekday disagree, or there is no such day."""

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        text, dates = written.plain, written.dates
        years = years_told(text.text) if dates else frozenset()
        wrong: dict[tuple[str, date | None], list[Span]] = {}
        for found in dates:
            if found.meant is None:
                is_wrong = _is_no_day(found, text.text)
            else:
                is_wrong = found.weekday is not None and not _fits(found, written.day, years, _rest(text.text, found))
            if is_wrong:
                span = _place(text, found)
                wrong.setdefault((_quoted(written, span), found.meant), []).append(span)
        for (quoted, meant), spans in wrong.items():
            if meant is None:
                yield Hit(outcome="no_such_day", fill={"found": quoted}, spans=tuple(spans))
            else:
                right = say_weekday(meant)
                yield Hit(outcome="mismatch", fill={"found": quoted, "right": right}, spans=tuple(spans))

    return check


def _is_no_day(found: DateInText, text: str) -> bool:
    """Tell whether a date is none: 29 February is one somewhere, unless a coming year is told that has none."""
    if found.year is not None or not found.is_in_some_year:
        return True
    near = _rest(text, found)
    return (found.month, found.day) == _LEAP_DAY and _COMING.search(near) is not None and not _LEAP_WORDS.search(near)


def _rest(text: str, found: DateInText) -> str:
    """Return what follows a date in its sentence; only what is near, so that a long text is not read once a date."""
    return _SENTENCE_END.split(text[found.end : found.end + _SENTENCE_CHARS], maxsplit=1)[0]


def _fits(found: DateInText, today: date, years: frozenset[int], rest: str) -> bool:
    """Tell whether the weekday is that of the day meant, or of another year that may be meant as well."""
    if found.meant is None:
        return True
    possible = [found.meant]
    if found.year is None:
        is_gone = found.meant - today > FAR_AHEAD or (found.meant > today and _PAST.search(rest) is not None)
        others = years | ({found.meant.year - 1} if is_gone else frozenset())
        possible += [one for year in others if (one := day_or_none(year, found.month, found.day)) is not None]
    return any(WEEKDAYS[one.weekday()] == found.weekday for one in possible)


def build_past(_params: Params) -> Check:
    """Build a rule that speaks where a date that is told as coming lies before the day of the post."""

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        text, dates = written.plain, written.dates
        going_on = {id(one.begun) for one in dates if one.begun is not None}
        past = [
            found
            for place, found in enumerate(dates)
            if found.meant is not None
            and found.meant < written.day
            and id(found) not in going_on
            and _is_told_as_coming(text.text, found, dates[place + 1 : place + 2], written.day)
        ]
        if past:
            spans = tuple(_place(text, one) for one in past)
            yield Hit(fill={"found": quote_spans(written.text, spans)}, spans=spans)

    return check


def _is_told_as_coming(text: str, found: DateInText, following: tuple[DateInText, ...], today: date) -> bool:
    rest = _rest(text, found)
    if _PAST.search(rest):
        return False
    end_of_rest = found.end + len(rest)
    if any(one.start < end_of_rest and one.meant is not None and one.meant >= today for one in following):
        return False  # what comes is told of the other day
    if _COMING.search(rest):
        return True
    heading = text[max(0, found.start - _HEADING_CHARS) : found.start]
    around = text[max(0, found.start - 2 * _SENTENCE_CHARS) : found.end + 2 * _SENTENCE_CHARS]
    return _HEADING.search(heading) is not None and not _TOLD_PAST.search(around)


def build_relative(params: Params) -> Check:
    """Build a rule that speaks where a text that was written or planned for another day says 「明日」.

    What names a month or a year is wrong only where that has changed.
    """
    pattern = compile_words(params["words"], params.get("harmless", []))

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        today, days = written.day, (written.written_on, written.planned_on)
        moved = [day for day in days if day is not None and day != today]
        if not moved:
            return
        matches = (one for one in pattern.finditer(written.flat_text) if one[1])
        spans = tuple(Span(start=one.start(), end=one.end()) for one in matches if _has_moved(one[1], moved, today))
        if spans:
            going_out = Words(ja=f"{today.month}月{today.day}日", en=today.isoformat())
            yield Hit(fill={"found": quote_spans(written.text, spans), "day": going_out}, spans=spans)

    return check


def _has_moved(word: str, moved: list[date], today: date) -> bool:
    if word.endswith("年"):
        return any(day.year != today.year for day in moved)
    if word.endswith("月"):
        return any((day.year, day.month) != (today.year, today.month) for day in moved)
    return True


def build_eras(_params: Params) -> Check:
    """Build a rule that speaks where an era's year and a western one beside it disagree, or an era had no such year."""

    @OnWording
    def check(written: Written) -> Iterator[Hit]:
        if not written.has_digits:
            return
        text = written.plain
        wrong: dict[tuple[str, str], list[Span]] = {}
        for start, end, right in (*_disagreeing(text.text), *_beyond(text.text)):
            span = text.span(start, end)
            wrong.setdefault((_quoted(written, span), right), []).append(span)
        for (quoted, right), spans in wrong.items():
            yield Hit(fill={"found": quoted, "right": right}, spans=tuple(spans))

    return check


def _disagreeing(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _BOTH_YEARS.finditer(text):
        which = "1" if match["era1"] else "2"
        era, year = match[f"era{which}"], match[f"year{which}"]
        western = int(match[f"western{which}"])
        apart = abs(ERAS[era] + (1 if year == "元" else int(year)) - western)
        # 2026年(令和7年度): January to March belong to the fiscal year before.
        is_mixed = {match[f"term{which}"] or "年", match[f"wterm{which}"] or "年"} == {"年", "年度"}
        if apart > (_ONE_YEAR if is_mixed else 0):
            yield match.start(), match.end(), say_era_year(western)


def _beyond(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _BEYOND.finditer(text):
        era, year = match["era"], int(match["year"])
        if year > _LAST_YEARS[era]:
            yield match.start(), match.end(), say_era_year(ERAS[era] + year)


def say_era_year(western: int) -> str:
    """Write a western year as that of its era, of the later one where two share it: 令和8年, 平成元年."""
    era = next(name for name in ("令和", "平成", "昭和") if western > ERAS[name] or name == "昭和")
    year = western - ERAS[era]
    return f"{era}{'元' if year == 1 else year}年"


def _build_places(find: Callable[[str], Iterable[tuple[int, int]]], *, with_dates: bool) -> Callable[[Params], Check]:
    def build(_params: Params) -> Check:
        @OnWording
        def check(written: Written) -> Iterator[Hit]:
            if not written.has_digits:
                return
            text, dates = written.plain, written.dates if with_dates else ()
            spans = [text.span(*place) for place in find(text.text)]
            spans += [text.span(one.begun.start, one.end) for one in dates if one.begun and one.is_backward]
            if spans:
                spans.sort(key=lambda span: span.start)
                yield Hit(fill={"found": quote_spans(written.text, spans)}, spans=tuple(spans))

        return check

    return build


KINDS = {
    "weekdays": RuleKind(
        build=build_weekdays,
        outcomes=("mismatch", "no_such_day"),
        placeholders=frozenset({"found", "right"}),
    ),
    "past_dates": RuleKind(build=build_past, placeholders=FOUND),
    "relative_dates": RuleKind(
        build=build_relative,
        params={"words": TEXTS, "harmless": Param(type=ParamType.TEXTS, is_required=False)},
        placeholders=frozenset({"found", "day"}),
    ),
    "era_years": RuleKind(build=build_eras, placeholders=frozenset({"found", "right"})),
    "impossible_times": RuleKind(build=_build_places(find_impossible, with_dates=False), placeholders=FOUND),
    "backward_spans": RuleKind(build=_build_places(find_backward, with_dates=True), placeholders=FOUND),
}
