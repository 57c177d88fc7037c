"""What the heart refuses, as codes with parameters; the faces make sentences of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """The key at hand does not open the stored secrets."""


class ConfigurationError(PublisherError):
    """The settings or the city's files are wrong; the message names each mistake with its place."""
