"""What can go wrong before there is a verdict: a pack that cannot be read, a question that cannot be understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class PolicyError(Exception):
    """The policy cannot be asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class UnknownPackError(PolicyError):
    """There is no pack of this name, and no file at this path."""


class WireError(PolicyError):
    """The action cannot be understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackMistake:
    """One mistake in a pack, with its place; the sentence for people is made from the code by a face."""

    path: str
    line: int
    """Counted from 1."""
    key: str
    """Where in the pack, as keys joined by points: `clauses.kashiwa-2-4-ki-hours.rules.hours.params`."""
    code: str
    """`unknown_key`, `missing_key`, `wrong_type`, `unknown_value`, `duplicate`, `unknown_clause`, `syntax`, …"""
    params: Mapping[str, str] = field(default_factory=dict)
    meant: str | None = None
    """What was probably meant."""

    def __str__(self) -> str:
        """Write the mistake for a developer."""
        meant = f"; meant: {self.meant}" if self.meant else ""
        values = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.path}:{self.line}: {self.key}: {self.code}" + (f" ({values})" if values else "") + meant


class PackError(PolicyError):
    """The pack has mistakes."""

    def __init__(self, mistakes: tuple[PackMistake, ...]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes
