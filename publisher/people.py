"""Who is who, today (`publisher.api.People`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import Person
from publisher.city.model import Role
from publisher.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.desk import Desk


class Staff:
    """The people of all cities, with the positions that they hold today.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._teams = {city.slack.team: key for key, city in desk.cities.items()}
        self._slack_users = {
            (city.slack.team, person.slack): key
            for city in desk.cities.values()
            for key, person in city.people.items()
            if person.slack
        }

    def by_slack(self, team: str, user: str) -> tuple[str, Person] | None:
        """Return (city key, person) of a Slack user, or None for a stranger, or one who holds no position today."""
        person = self._slack_users.get((team, user))
        if person is None:
            return None
        city = self._teams[team]
        found = self.get(city, person)
        return (city, found) if found.roles else None

    def get(self, city: str, person: str) -> Person:
        """Return a person by key.

        Raises:
            NotFoundError: Nobody has this key.
        """
        own, day = self._desk.city(city), self._desk.today()
        if person not in own.people:
            raise NotFoundError(f"{city} has no person {person}")
        held = own.positions_of(person, day)
        sections = own.sections_of(person, day)
        return Person(
            key=person,
            name=own.people[person].name,
            title=own.positions[held[0]].title.ja if held else "",
            sections=sections,
            section_name=own.sections[sections[0]].name.ja if sections else "",
            roles=frozenset(role.value for role in own.roles_of(person, day)),
            slack_user=own.people[person].slack,
            shown=self._desk.person_name(city, person),
        )

    def with_role(self, city: str, role: str) -> Sequence[Person]:
        """Return those who hold *role* today."""
        own = self._desk.city(city)
        if role not in set(Role):
            return []
        return [self.get(city, person) for person in own.with_role(Role(role), self._desk.today())]
