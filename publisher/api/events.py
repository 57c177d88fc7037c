"""Events (事案) and their reports, as people see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.api.words import Said

NEW_EVENT: Final = "new"
"""Stands for an event that is to be opened, where the key of one is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChoice:
    """An open event that a report may belong to."""

    key: str
    number: int
    kind: Said
    areas: str
    level: int | None
    reports: int
    """How many it has."""
    reported_at: datetime
    """When the newest was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacing:
    """What of an older report a newer one takes the place of."""

    number: str
    """The older post."""
    n: int | None
    """第n報, where it is a report."""
    accounts: tuple[str, ...]
    """Where it has not gone out, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventForm:
    """The part of `/sns now`'s confirmation that says to which event the post belongs."""

    choices: Sequence[EventChoice]
    """The open events, the newest first."""
    chosen: str
    """The key of the chosen one, or `NEW_EVENT`."""
    n: int
    """The number that the report will have, unless somebody else sends one before."""
    areas: str
    level: int | None
    is_closing: bool
    replaces: Sequence[Replacing] = ()
    """What sending it now stops."""

    @property
    def choice(self) -> EventChoice | None:
        """The chosen event; None where one is to be opened."""
        return next((one for one in self.choices if one.key == self.chosen), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrder:
    """To which event an emergency post belongs. What is None is chosen for the person, and shown."""

    event: str | None = None
    """An event's key, or `NEW_EVENT`."""
    areas: str | None = None
    level: str | None = None
    """`1`–`5`; empty: none."""
    is_closing: bool | None = None
    """解除: with it the event ends."""


NOTHING_CHOSEN: Final = EventOrder()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A post's place in its event, for showing."""

    event_key: str
    event: int
    """The event's number."""
    kind: Said
    n: int
    """第n報."""
    is_closing: bool
    level: int | None
    areas: str
    is_open: bool
    """The event goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """The post that took another's place on an account."""

    number: str
    because: str
    """`report`, `closing` or `correction`."""
    n: int | None
    """第n報, where it is a report."""
