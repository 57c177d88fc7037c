"""Times of day in a text, and spans of them: those that no clock shows, and those that end before they begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIME = (
    r"(?<![\d:.])(?P<half{0}>午前|午後|AM|PM)?\s?(?P<hour{0}>\d{{1,2}})"
    r"(?:時(?![間点限代期短給差効刻速計])(?:\s?(?P<minute{0}>\d{{1,2}})分|(?P<past{0}>半))?|:(?P<colon{0}>\d\d)(?![\d:]))"
)
_JOINED = r"\s?(?:から|[~〜–—-])\s?"
_ONE = re.compile(_TIME.format(""), re.ASCII | re.IGNORECASE)
_SPAN = re.compile(_TIME.format("") + _JOINED + _TIME.format("2"), re.ASCII | re.IGNORECASE)
_BEFORE_TIME = re.compile(r"(?:午前|午後|AM|PM|から|[~〜–—-])\s?$", re.IGNORECASE)
_AFTER_TIME = re.compile(r"\s?(?:から|まで|[~〜]|[開閉][始演会場館店園庁]|終[演了]|集合|出発|到着|発車|頃|ごろ|に)")
_NIGHT = re.compile(r"深夜|翌|終夜|夜間|夜通し|未明|放送|オールナイト|宿直|24時間|朝まで|夜勤")

_HOURS = 24
_LATEST_NIGHT_HOUR = 29
_HALF_DAY = 12
_MINUTES = 60
_FIRST_EVENING_HOUR = 16
"""From here on an end before its beginning is the next morning's."""
_LONGEST_SHORT_SPAN = 8 * _MINUTES
"""10時〜5時 is ten to five: on a clock of twelve hours no more than a working day."""
_NEAR_CHARS = 30


def find_impossible(text: str) -> Iterator[tuple[int, int]]:
    """Find times that no clock shows: 25時, 午後13時, 10時75分; 深夜25時 is a way of counting the night on."""
    for match in _ONE.finditer(text):
        hour = int(match["hour"])
        minute = int(match["minute"] or match["colon"] or 0)
        if match["colon"] and not match["half"] and not _is_told_as_time(text, match):
            continue
        is_wrong_half = match["half"] is not None and hour > _HALF_DAY
        is_late = hour > _HOURS or (hour == _HOURS and minute > 0)
        is_night = is_late and hour <= _LATEST_NIGHT_HOUR and minute < _MINUTES and _is_at_night(text, match)
        if is_wrong_half or minute >= _MINUTES or (is_late and not is_night):
            yield match.span()


def find_backward(text: str) -> Iterator[tuple[int, int]]:
    """Find spans of times that end before they begin, where the night between cannot be meant."""
    for match in _SPAN.finditer(text):
        begin, end = _minutes(match, "", None), _minutes(match, "2", match["half"])
        is_short = not (match["half2"] or _is_afternoon(match["half"])) and (
            0 < end + _HALF_DAY * _MINUTES - begin <= _LONGEST_SHORT_SPAN
        )
        if end < begin < _FIRST_EVENING_HOUR * _MINUTES and not is_short and not _is_at_night(text, match):
            yield match.span()


def _minutes(match: re.Match[str], which: str, half_before: str | None) -> int:
    """Return a time in minutes after midnight; 午後 holds for the end of a span too."""
    hour = int(match[f"hour{which}"])
    half = match[f"half{which}"]
    is_afternoon = _is_afternoon(half or half_before)
    minute = int(match[f"minute{which}"] or match[f"colon{which}"] or 0) + (30 if match[f"past{which}"] else 0)
    return (hour + (_HALF_DAY if is_afternoon and hour < _HALF_DAY else 0)) * _MINUTES + minute


def _is_afternoon(half: str | None) -> bool:
    return (half or "").upper() in {"午後", "PM"}


def _is_told_as_time(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _NEAR_CHARS) : match.start()]
    return bool(_BEFORE_TIME.search(before) or _AFTER_TIME.match(text, match.end()))


def _is_at_night(text: str, match: re.Match[str]) -> bool:
    near = text[max(0, match.start() - _NEAR_CHARS) : match.end() + _NEAR_CHARS]
    return _NIGHT.search(near) is not None
