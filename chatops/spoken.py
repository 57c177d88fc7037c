"""Reads what people write behind a sub-command: words, options, days and moments. Pure.

    add @chiba_pref --relation public_body --name 千葉県 広報課 --verified

An option's value goes on until the next option, so that names with spaces need no quotation marks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from chatops.clockface import JST
from chatops.messages.ja import rules as words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatops.messages import Voice

_PIECE: Final = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|(\S+)')
_OPTION: Final = re.compile(r"(?:--|—|–|－－|ーー)(?P<name>[^\s\d=-][^\s=]*)(?:=(?P<value>.*))?", re.DOTALL)
"""Keyboards make a dash of two hyphens."""
_LINK: Final = re.compile(r"<(https?://[^|>]+)(?:\|[^>]*)?>")
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOMENT: Final = re.compile(
    rf"{_DAY.pattern}(?:[T\s]?(?P<hour>\d{{1,2}})[:時](?P<minute>\d{{2}})?分?(?::00)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)


class UnreadableError(ValueError):
    """Something that a person wrote cannot be read; it says so in the person's language."""

    def __init__(self, speak: Callable[[Voice], str]) -> None:
        """Keep how it is said."""
        super().__init__("what was written cannot be read")
        self.speak = speak


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What stands behind a sub-command."""

    words: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return an option's last value, or an empty text."""
        return self.options.get(name, ("",))[-1]

    def several(self, name: str) -> tuple[str, ...]:
        """Return an option's values; commas part them too."""
        parts = (part.strip() for value in self.options.get(name, ()) for part in re.split(r"[,、，]", value))
        return tuple(part for part in parts if part)

    def has(self, name: str) -> bool:
        """Tell whether an option was given."""
        return name in self.options


def read_spoken(text: str, *, valued: Mapping[str, str], flags: Mapping[str, str]) -> Spoken:
    """Read words and options.

    Args:
        text: What was written.
        valued: Options with a value: what people write → its name.
        flags: Options without one, likewise.

    Raises:
        UnreadableError: An option is not known, or has no value.
    """
    found: list[str] = []
    options: dict[str, list[list[str]]] = {}
    into = found
    for match in _PIECE.finditer(_LINK.sub(r"\1", text).replace("&amp;", "&")):
        option = _OPTION.fullmatch(match[4]) if match[4] else None
        if option is None:
            into.append(next(group for group in match.groups() if group is not None))
            continue
        spelled = unicodedata.normalize("NFKC", option["name"]).lower()
        if spelled in flags:
            options.setdefault(flags[spelled], []).append([])
            into = found
        elif spelled in valued:
            into = [option["value"]] if option["value"] else []
            options.setdefault(valued[spelled], []).append(into)
        else:
            known = ", ".join(f"--{name}" for name in (*valued, *flags) if name.isascii())
            raise _unreadable(words.unknown_option, f"--{option['name']}", known)
    empty = [name for name, several in options.items() if name in valued.values() for one in several if not one]
    if empty:
        raise _unreadable(words.option_without_value, f"--{empty[0]}")
    joined = {name: tuple(" ".join(one) for one in several) for name, several in options.items()}
    return Spoken(words=tuple(found), options=joined)


def read_day(text: str) -> date:
    """Read a day: `2027-03-31`, `2027/3/31`, 2027年3月31日.

    Raises:
        UnreadableError: It is none.
    """
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # a day that no calendar has
    raise _unreadable(words.unreadable_day, text)


def read_instant(text: str, *, is_end: bool = False) -> datetime:
    """Read a day or a moment; Japan's time where no offset is given.

    A day means the whole day: as a beginning its first instant, as an end the first instant after it.

    Raises:
        UnreadableError: It is neither.
    """
    found = _MOMENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        raise _unreadable(words.unreadable_moment, text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found["hour"] is None:
            return datetime.combine(day + timedelta(days=1 if is_end else 0), time(), tzinfo=JST)
        # 24:00 is what the day's end is called in schedules.
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if (hour, minute) == (24, 0):
            return datetime.combine(day + timedelta(days=1), time(), tzinfo=JST)
        local = datetime.combine(day, time(hour, minute), tzinfo=JST)
    except ValueError:
        raise _unreadable(words.unreadable_moment, text) from None
    return local if found["zone"] is None else local.replace(tzinfo=datetime.strptime(found["zone"], "%z").tzinfo)


def _unreadable(sentence: Callable[..., str], *args: str) -> UnreadableError:
    return UnreadableError(lambda say: say(sentence, *args))
