"""A mapping of a pack being read: every key is asked for by name, and what nobody asked for is a mistake."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from policy.errors import PackMistake
from policy.model import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from enum import StrEnum

_Choice = TypeVar("_Choice", bound="StrEnum")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(slots=True)
class Report:
    """Collects the mistakes of one file, so that all are told at once."""

    path: str
    mistakes: list[PackMistake] = field(default_factory=list)


class Node:
    """One mapping of the file, with its lines."""

    def __init__(self, data: Any, *, key: str, line: int, report: Report) -> None:  # noqa: ANN401 - as YAML has it
        self.key = key
        self.line = line
        self.report = report
        self._asked: set[str] = set()
        if not isinstance(data, dict):
            self.mistake("wrong_type", line=line, expected="mapping")
            data = {}
        self._data: dict[str, Any] = data

    def __contains__(self, name: str) -> bool:
        self._asked.add(name)
        return name in self._data

    def mistake(
        self,
        code: str,
        *,
        line: int | None = None,
        name: str = "",
        meant: str | None = None,
        **params: str,
    ) -> None:
        """Record a mistake at a key of this mapping."""
        place = ".".join(part for part in (self.key, name) if part)
        self.report.mistakes.append(
            PackMistake(
                path=self.report.path,
                line=self.line_of(name) if line is None else line,
                key=place,
                code=code,
                params=params,
                meant=meant,
            ),
        )

    def line_of(self, name: str) -> int:
        """Return the line of a key, counted from 1; of the mapping where it has no such key."""
        try:
            return int(self._data.lc.key(name)[0]) + 1  # type: ignore[attr-defined]  # ruamel's own mapping
        except (AttributeError, KeyError, TypeError):
            return self.line

    def finish(self) -> None:
        """Record every key that nobody asked for, with the one that was probably meant."""
        for name in self._data:
            if name not in self._asked:
                near = difflib.get_close_matches(str(name), sorted(self._asked), n=1)
                self.mistake("unknown_key", name=str(name), meant=near[0] if near else None)

    def _get(self, name: str, kind: type | tuple[type, ...], expected: str, *, is_required: bool) -> Any:  # noqa: ANN401
        self._asked.add(name)
        if name not in self._data or self._data[name] is None:
            if is_required:
                self.mistake("missing_key", name=name)
            return None
        value = self._data[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.mistake("wrong_type", name=name, expected=expected)
            return None
        return value

    def text(self, name: str, *, default: str | None = None) -> str:
        """Read a text; a missing one without *default* is a mistake."""
        value = self._get(name, str, "text", is_required=default is None)
        if value is None:
            return default or ""
        return str(value).strip()

    def flag(self, name: str) -> bool:
        """Read true or false; missing means false."""
        return bool(self._get(name, bool, "true or false", is_required=False))

    def count(self, name: str) -> int:
        """Read a whole number that is not negative."""
        value = self._get(name, int, "a whole number", is_required=True)
        if value is not None and value < 0:
            self.mistake("unknown_value", name=name, value=str(value))
        return int(value or 0)

    def clock(self, name: str) -> dt.time:
        """Read a time of day: `08:30`."""
        value = self._get(name, str, "a time of day like 08:30", is_required=True)
        match = _CLOCK.fullmatch(value) if value is not None else None
        if value is not None and match is None:
            self.mistake("unknown_value", name=name, value=str(value), meant="08:30")
        return dt.time(int(match[1]), int(match[2])) if match else dt.time(0)

    def day(self, name: str) -> str:
        """Read a calendar day, or nothing."""
        value = self._get(name, dt.date, "a day like 2023-01-04", is_required=False)
        return value.isoformat() if value else ""

    def texts(self, name: str, *, is_required: bool = True) -> list[str]:
        """Read a list of texts."""
        values = self._get(name, list, "a list", is_required=is_required) or []
        wrong = [value for value in values if not isinstance(value, str)]
        if wrong:
            self.mistake("wrong_type", name=name, expected="a list of texts")
        return [str(value) for value in values]

    def choice(self, name: str, choices: type[_Choice], default: _Choice) -> _Choice:
        """Read one of an enumeration's values; a mistake reads as *default*, so that reading goes on."""
        value = self.text(name)
        found = self._choose(name, [value] if value else [], [one.value for one in choices])
        return choices(found[0]) if found else default

    def choices(self, name: str, known: Iterable[str], *, is_required: bool = False) -> frozenset[str]:
        """Read a list of known values."""
        return frozenset(self._choose(name, self.texts(name, is_required=is_required), list(known)))

    def _choose(self, name: str, values: list[str], known: list[str]) -> list[str]:
        for value in values:
            if value not in known:
                self.unknown(name, value, known)
        return [value for value in values if value in known]

    def unknown(self, name: str, value: str, known: Iterable[str]) -> None:
        """Record a value that is none of the known ones, with the one that was probably meant."""
        near = difflib.get_close_matches(value, list(known), n=1)
        self.mistake("unknown_value", name=name, value=value, meant=near[0] if near else None)

    def words(self, name: str, placeholders: frozenset[str] = frozenset()) -> Words:
        """Read a sentence in both languages; a placeholder that nothing fills is a mistake."""
        child = self.child(name)
        if child is None:
            self.mistake("missing_key", name=name)
            return Words(ja="", en="")
        words = Words(ja=child.text("ja"), en=child.text("en"))
        for language, sentence in (("ja", words.ja), ("en", words.en)):
            child.check_placeholders(language, sentence, placeholders)
        child.finish()
        return words

    def check_placeholders(self, name: str, sentence: str, known: frozenset[str]) -> None:
        """Record a brace that does not close and a placeholder that nothing fills."""
        try:
            parts = list(string.Formatter().parse(sentence))
        except ValueError:
            self.mistake("unknown_value", name=name, value=sentence)
            return
        for _, field_name, spec, conversion in parts:
            if field_name is not None and (field_name not in known or spec or conversion):
                near = difflib.get_close_matches(field_name, sorted(known), n=1)
                self.mistake("unknown_placeholder", name=name, value=field_name, meant=near[0] if near else None)

    def keys(self) -> list[str]:
        """Return the names of all that stands in this mapping."""
        return [str(key) for key in self._data]

    def child(self, name: str) -> Node | None:
        """Read a mapping inside this one, or None where there is none."""
        self._asked.add(name)
        if self._data.get(name) is None:
            return None
        place = ".".join(part for part in (self.key, name) if part)
        return Node(self._data[name], key=place, line=self.line_of(name), report=self.report)

    def children(self, name: str) -> Iterator[Node]:
        """Read a list of mappings; each is called by its `id` where it has one."""
        values = self._get(name, list, "a list", is_required=False) or []
        for index, value in enumerate(values):
            label = str(value["id"]) if isinstance(value, dict) and "id" in value else str(index + 1)
            place = ".".join(part for part in (self.key, name, label) if part)
            yield Node(value, key=place, line=_line(values, index, self.line_of(name)), report=self.report)

    def named(self, name: str) -> Iterator[tuple[str, Node]]:
        """Read a mapping of mappings."""
        child = self.child(name)
        if child is None:
            return
        for key in child.keys():  # noqa: SIM118 - a node is no mapping
            inner = child.child(key)
            if inner is not None:
                yield key, inner

    def values(self, name: str) -> dict[str, object]:
        """Read a mapping of plain values; missing means none."""
        value = self._get(name, dict, "names with their values", is_required=False)
        return {str(key): _plain(inner) for key, inner in (value or {}).items()}

    def raw(self, name: str) -> Any:  # noqa: ANN401 - what an example varies is checked by whoever runs it
        """Return what stands at a key as plain data."""
        self._asked.add(name)
        return _plain(self._data.get(name))


def _line(values: Any, index: int, otherwise: int) -> int:  # noqa: ANN401 - ruamel's own list
    try:
        return int(values.lc.item(index)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return otherwise


def _plain(value: Any) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return str(value)
    return value
