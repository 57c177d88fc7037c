"""Who is who, today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of staff as the city file describes him or her today."""

    key: str
    name: str
    title: str
    """The city's own title: 係長, 課長."""
    sections: tuple[str, ...]
    """Section keys, the main one first."""
    section_name: str
    roles: frozenset[str]
    """Every role held today, through any position: author, operator, approver, responsible, manager, emergency."""
    slack_user: str | None
    shown: str
    """The name with section and title: 広報広聴課長 高橋 健一."""


class People(Protocol):
    """Who is who, today."""

    def by_slack(self, team: str, user: str) -> tuple[str, Person] | None:
        """Return (city key, person) of a Slack user, or None for a stranger."""
        ...

    def get(self, city: str, person: str) -> Person:
        """Return a person by key.

        Raises:
            NotFoundError: Nobody has this key.
        """
        ...

    def with_role(self, city: str, role: str) -> Sequence[Person]:
        """Return those who hold *role* today."""
        ...
