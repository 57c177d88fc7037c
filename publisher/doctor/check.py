"""One thing that was looked at, and what was found: a code with its parameters; the face makes sentences of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Mark(StrEnum):
    """How it is."""

    WELL = "well"
    WRONG = "wrong"
    """Somebody must mend something."""
    NOTE = "note"
    """It works, or could not be looked at: somebody should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found."""

    area: str
    """What was looked at: `settings`, `database`, `slack`, …"""
    mark: Mark
    code: str
    """A stable word, for which `chatops.messages` has two sentences: what is, and what to do."""
    params: Mapping[str, str | int] = field(default_factory=dict)
    """What the sentences need; times in ISO 8601. Never a secret."""


def well(area: str, code: str, **params: str | int) -> Check:
    """Say that something is as it should be."""
    return Check(area=area, mark=Mark.WELL, code=code, params=params)


def wrong(area: str, code: str, **params: str | int) -> Check:
    """Say that somebody must mend something."""
    return Check(area=area, mark=Mark.WRONG, code=code, params=params)


def note(area: str, code: str, **params: str | int) -> Check:
    """Say what somebody should know."""
    return Check(area=area, mark=Mark.NOTE, code=code, params=params)


def guarded(area: str, look: Callable[[], Iterable[Check]]) -> list[Check]:
    """Look; whatever breaks meanwhile is what was found."""
    try:
        return list(look())
    except PublisherError as error:
        return [wrong(area, "unavailable", of=area, detail=_first_line(error))]
    except Exception as error:  # noqa: BLE001 - a check that breaks must not hide the others
        return [wrong(area, "broke", of=area, type=type(error).__name__)]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
