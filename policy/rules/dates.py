"""Rules on dates in the text: a weekday that is not the date's, a day that is past, words that move with the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from policy.calendar import JST, say_weekday
from policy.model import Span, Words
from policy.rules.kind import FOUND, TEXTS, Hit, RuleKind, quote_spans
from policy.rules.words import compile_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.case import Case
    from policy.pack import Check
    from policy.rules.kind import Params

_DATE = re.compile(
    r"(?<![\d/])(?:(?:(?P<western>\d{4})[年/]|(?P<era>令和|平成|R|H)\s?(?P<era_year>\d{1,2}|元)[年.])\s?)?"
    r"(?:(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日|(?P<m>\d{1,2})/(?P<d>\d{1,2})(?=\s?\([日月火水木金土]))"
    r"(?:\s?\(?(?P<weekday>[日月火水木金土])(?:曜日?|[・,、]?祝|[・,、]?休)?(?:\)|(?<=曜)|(?<=曜日)))?",
)
_WEEKDAYS = "月火水木金土日"
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}
_LONGEST_PAST = timedelta(days=90)
"""A day without a year lies at most this long before the post, else it is next year's."""
_TOLD_AS_PAST = re.compile(r"[まで]した|だった|現在|付け|施行|から|以降|より|以来|開始|生まれ|発生|未明|時点")
_SENTENCE_CHARS = 80
_SENTENCE_END = re.compile(r"[。\n!?]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateInText:
    """A date that a text names."""

    span: Span
    year: int | None
    month: int
    day: int
    weekday: str | None

    def written_in(self, case: Case) -> str:
        """Return the date as the author wrote it."""
        return case.action.text[self.span.start : self.span.end]

    def near(self, today: date) -> date | None:
        """Return the day meant, seen from *today*; None where there is no such day."""
        if self.year is not None:
            return _day(self.year, self.month, self.day)
        candidates = [_day(today.year + shift, self.month, self.day) for shift in (-1, 0, 1)]
        coming = [one for one in candidates if one is not None and one >= today - _LONGEST_PAST]
        return min(coming, default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_dates(text: str) -> Iterator[DateInText]:
    """Find the dates in a flat text, in both eras, with or without year and weekday."""
    for match in _DATE.finditer(text):
        year = int(match["western"]) if match["western"] else None
        if match["era"]:
            year = _ERAS[match["era"]] + (1 if match["era_year"] == "元" else int(match["era_year"]))
        yield DateInText(
            span=Span(start=match.start(), end=match.end()),
            year=year,
            month=int(match["month"] or match["m"]),
            day=int(match["day"] or match["d"]),
            weekday=match["weekday"],
        )


def case_dates(case: Case) -> Iterator[DateInText]:
    """Find the dates in a case's text."""
    return find_dates(case.flat_text) if case.has_digits else iter(())


def build_weekdays(_params: Params) -> Check:
    """Build a rule that speaks where a date and its weekday disagree, or there is no such day."""

    def check(case: Case) -> Iterator[Hit]:
        for found in case_dates(case):
            meant = found.near(case.day)
            if meant is None:
                if found.year is not None or not _exists_in_some_year(found):
                    yield Hit(outcome="no_such_day", fill={"found": found.written_in(case)}, spans=(found.span,))
            elif found.weekday is not None and _WEEKDAYS[meant.weekday()] != found.weekday:
                fill: dict[str, str | Words] = {"found": found.written_in(case), "right": say_weekday(meant)}
                yield Hit(outcome="mismatch", fill=fill, spans=(found.span,))

    return check


def _exists_in_some_year(found: DateInText) -> bool:
    leap_year = 2028
    return _day(leap_year, found.month, found.day) is not None


def build_past(_params: Params) -> Check:
    """Build a rule that speaks where a date that is told as coming lies before the day of the post."""

    def check(case: Case) -> Iterator[Hit]:
        text = case.flat_text
        past = []
        for found in case_dates(case):
            meant = found.near(case.day)
            if meant is None or meant >= case.day:
                continue
            # Only what is near is read, so that a long text of dates is not read once a date.
            near = _SENTENCE_END.split(text[found.span.end : found.span.end + _SENTENCE_CHARS], maxsplit=1)[0]
            if not _TOLD_AS_PAST.search(near):
                past.append(found)
        if past:
            spans = tuple(one.span for one in past)
            yield Hit(fill={"found": quote_spans(case, spans)}, spans=spans)

    return check


def build_relative(params: Params) -> Check:
    """Build a rule that speaks where a text written on another day says 「明日」."""
    pattern = compile_words(params["words"], [])

    def check(case: Case) -> Iterator[Hit]:
        written_on = case.facts.written_on
        if written_on is None and case.action.planned_at is not None:
            written_on = case.action.planned_at.astimezone(JST).date()
        if written_on is None or written_on == case.day:
            return
        spans = tuple(Span(start=one.start(), end=one.end()) for one in pattern.finditer(case.flat_text))
        if spans:
            going_out = Words(ja=f"{case.day.month}月{case.day.day}日", en=case.day.isoformat())
            yield Hit(fill={"found": quote_spans(case, spans), "day": going_out}, spans=spans)

    return check


KINDS = {
    "weekdays": RuleKind(
        build=build_weekdays,
        outcomes=("mismatch", "no_such_day"),
        placeholders=frozenset({"found", "right"}),
    ),
    "past_dates": RuleKind(build=build_past, placeholders=FOUND),
    "relative_dates": RuleKind(
        build=build_relative,
        params={"words": TEXTS},
        placeholders=frozenset({"found", "day"}),
    ),
}
