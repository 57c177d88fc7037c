"""What the heart refuses, as codes with parameters; the faces make sentences of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class PublisherError(Exception):
    """The base of everything that publisher raises on purpose."""


class Refusal(PublisherError):  # noqa: N818 - it is an answer to a person, not a fault
    """An act was refused; nothing changed.

    Attributes:
        code: A stable word, for which `chatops.messages` has a sentence in each language.
        params: What the sentence needs: names, times (ISO 8601), numbers. Never a secret.
        field: The form field it is about, or None.
    """

    def __init__(self, code: str, *, field: str | None = None, **params: str | int) -> None:
        """Refuse with *code*."""
        super().__init__(code)
        self.code = code
        self.field = field
        self.params: Mapping[str, str | int] = params


class LeaseLostError(PublisherError):
    """The lease ended, or somebody else moved the delivery: this worker's result is not written."""


class NotFoundError(PublisherError):
    """There is no such row in this city."""


class UnknownSecretKeyError(PublisherError):
    """The key at hand does not open the stored secrets.

    Attributes:
        origin: Where the key came from: `SNS_SECRET_KEY`, or the key file's path.
    """

    def __init__(self, origin: str) -> None:
        """Name the key by its *origin*; never the key."""
        super().__init__(f"the key of {origin} does not open the stored secrets")
        self.origin = origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationMistake:
    """One mistake in a setting, a city file or a pack; the faces make a sentence of it."""

    code: str
    """A stable word: `unknown_key`, `missing_key`, `unknown_setting`, …"""
    params: Mapping[str, str] = field(default_factory=dict)
    """What the sentence needs; never a secret."""
    meant: str | None = None
    """What was probably meant."""
    path: str = ""
    """The file; empty for a setting."""
    line: int = 0
    """Counted from 1; 0 where there is none."""
    column: int = 0
    """Counted from 1; 0 where the line says enough."""
    place: str = ""
    """Where in the file: `accounts.kashiwa_koen.section`."""

    @property
    def where(self) -> str:
        """Return the place as editors and terminals make a link of it: `file:line:column`."""
        numbers = (number for number in (self.line, self.column) if number)
        return ":".join([self.path, *map(str, numbers)]) if self.path else ""

    def __str__(self) -> str:
        """Write it for a log or a developer."""
        values = ", ".join(f"{name}={value}" for name, value in self.params.items())
        said = self.code + (f" ({values})" if values else "") + (f"; meant: {self.meant}" if self.meant else "")
        return ": ".join(part for part in (self.where, self.place, said) if part)


class ConfigurationError(PublisherError):
    """The settings or the city's files are wrong.

    Attributes:
        mistakes: All of them, in the order in which a person mends them.
    """

    def __init__(self, mistakes: Iterable[ConfigurationMistake]) -> None:
        """Name the *mistakes*."""
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))
