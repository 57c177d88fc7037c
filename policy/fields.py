"""One JSON object being read, field by field; what cannot be understood is a `WireError` that names its place."""

from __future__ import annotations

import difflib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

from policy.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    _Choice = TypeVar("_Choice", bound=StrEnum)

_YEARS = range(1950, 2100)
"""Years in which an action can lie: a calendar beyond them is a slip of the pen."""


class Fields:
    """One JSON object being read; what nobody asks for is a mistake. A null is as good as a missing field."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise WireError(f"{place or 'the line'}: not a JSON object")
        self._data: dict[str, Any] = data
        self._place = place
        self._asked: set[str] = set()

    def wrong(self, name: str, expected: str) -> WireError:
        """Return the error that a field is not what it should be."""
        return WireError(f"{self._at(name)}: expected {expected}, got {self._data.get(name)!r}"[:500])

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def _get(self, name: str) -> Any:  # noqa: ANN401 - any JSON
        self._asked.add(name)
        return self._data.get(name)

    def finish(self) -> None:
        """Raise WireError for a field that nobody asked for."""
        for name in self._data:
            if name not in self._asked:
                near = difflib.get_close_matches(str(name), sorted(self._asked), n=1)
                raise WireError(f"{self._at(name)}: unknown field" + (f"; meant: {near[0]}" if near else ""))

    def text(self, name: str, *, default: str | None = None) -> str:
        """Read a text; missing without *default* is an error."""
        value = self._get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.wrong(name, "a text")
        return value

    def texts(self, name: str) -> list[str]:
        """Read a list of texts; missing means none."""
        return self._list(name, lambda one: isinstance(one, str), "a list of texts")

    def _list(self, name: str, is_right: Callable[[Any], bool], expected: str) -> list[Any]:
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(map(is_right, value)):
            raise self.wrong(name, expected)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Read true or false; missing means *default*."""
        found = self.flag_or_none(name)
        return default if found is None else found

    def flag_or_none(self, name: str) -> bool | None:
        """Read true or false, or None where it is missing."""
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def flags(self, name: str) -> dict[str, bool]:
        """Read an object of true and false; missing means none."""
        value = self._get(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(one, bool) for one in value.values()):
            raise self.wrong(name, "an object of true and false")
        return dict(value)

    def choose(self, name: str, value: str, choices: type[_Choice]) -> _Choice:
        """Return the member of an enumeration that a value of this field names."""
        try:
            return choices(value)
        except ValueError:
            raise self.wrong(name, f"one of {', '.join(choices)}") from None

    def choice(self, name: str, choices: type[_Choice]) -> _Choice:
        """Read one of an enumeration's values."""
        return self.choose(name, self.text(name), choices)

    def choice_or_none(self, name: str, choices: type[_Choice]) -> _Choice | None:
        """Read one of an enumeration's values, or None where it is missing."""
        return None if self._get(name) is None else self.choice(name, choices)

    def instant(self, name: str) -> datetime | None:
        """Read an instant with its offset, or None where it is missing."""
        value = self.text(name, default="")
        if not value:
            return None
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None or at.year not in _YEARS:
            raise self.wrong(name, "an instant with its offset, like 2026-12-01T09:00:00+09:00")
        return at

    def days(self, name: str) -> frozenset[date]:
        """Read a list of calendar days; missing means none."""
        try:
            return frozenset(date.fromisoformat(one) for one in self.texts(name))
        except ValueError:
            raise self.wrong(name, "a list of days like 2026-12-01") from None

    def clock(self, name: str) -> time:
        """Read a time of day."""
        try:
            return time.fromisoformat(self.text(name))
        except ValueError:
            raise self.wrong(name, "a time of day like 08:30") from None

    def inner(self, name: str, *, is_required: bool = False) -> Fields | None:
        """Read an object inside this one, or None where it is missing."""
        value = self._get(name)
        if value is None and not is_required:
            return None
        return Fields(value, self._at(name))

    def inners(self, name: str) -> list[Fields]:
        """Read a list of objects; missing means none."""
        values = self._list(name, lambda one: isinstance(one, dict), "a list of objects")
        return [Fields(value, f"{self._at(name)}[{index}]") for index, value in enumerate(values)]
