"""Compare the parts of a city with each other. Pure: returns mistakes as (place, sentence)."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from publisher.city.model import AUTHOR_SECTION, DECIDING, OWNER_SECTION, WRITING, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from publisher.city.model import Account, City, Person, Step

    Place: TypeAlias = tuple[str | int, ...]
    Wrong: TypeAlias = tuple[Place, str]


def check(city: City) -> Iterator[Wrong]:
    """Yield what does not fit together within one city."""
    yield from _keys(city)
    for key, position in city.positions.items():
        yield from _known(("positions", key, "section"), position.section, city.sections, "section")
    for key, person in city.people.items():
        yield from _person(city, key, person)
    for key, account in city.accounts.items():
        yield from _account(city, key, account)
    for index, route in enumerate(city.routes):
        for at, named in enumerate(route.accounts):
            yield from _known(("routes", index, "accounts", at), named, city.accounts, "account")
        for at, section in enumerate(route.sections):
            yield from _known(("routes", index, "sections", at), section, city.sections, "section")
        for at, step in enumerate(route.steps):
            yield from _step(city, ("routes", index, "steps", at), step)
        yield from _last_step(city, ("routes", index, "steps", len(route.steps) - 1), route.steps[-1])
    yield from _offices(city)


def check_together(cities: Mapping[str, City]) -> Iterator[tuple[str, Place, str]]:
    """Yield (city, place, sentence) where cities get in each other's way."""
    teams: dict[str, str] = {}
    for key, city in cities.items():
        other = teams.setdefault(city.slack.team, key)
        if other != key:
            yield key, ("slack", "team"), f"{city.slack.team} is the workspace of {other} already"


def _known(place: Place, key: str, keys: Collection[str], what: str) -> Iterator[Wrong]:
    if key in keys:
        return
    near = get_close_matches(key, list(keys), n=1)
    yield place, f"there is no {what} {key}" + (f"; did you mean {near[0]}?" if near else "")


def _keys(city: City) -> Iterator[Wrong]:
    for reserved in (AUTHOR_SECTION, OWNER_SECTION):
        if reserved in city.sections:
            yield ("sections", reserved), f"{reserved} has a meaning of its own in routes; give the section another key"
    slack_users = Counter(person.slack for person in city.people.values() if person.slack)
    for key, person in city.people.items():
        if person.slack and slack_users[person.slack] > 1:
            yield ("people", key, "slack"), f"{person.slack} is used by more than one person"


def _person(city: City, key: str, person: Person) -> Iterator[Wrong]:
    for index, held in enumerate(person.positions):
        yield from _known(("people", key, "positions", index, "position"), held.position, city.positions, "position")
    for (_, one), (index, other) in combinations(enumerate(person.positions), 2):
        if one.position == other.position and one.overlaps(other):
            place = ("people", key, "positions", index)
            yield place, f"holds {other.position} twice: the periods overlap"


def _account(city: City, key: str, account: Account) -> Iterator[Wrong]:
    place: Place = ("accounts", key)
    yield from _known((*place, "section"), account.section, city.sections, "section")
    if account.platform not in city.packs:
        named = ", ".join(city.packs)
        yield (*place, "platform"), f"no pack is named for {account.platform} (packs are named for {named})"
    for index, source in enumerate(account.mirrors):
        yield from _known((*place, "mirrors", index), source, city.accounts, "account")
        if source == key:
            yield (*place, "mirrors", index), "an account does not repost itself"
        elif source in city.accounts and city.accounts[source].platform != account.platform:
            yield (
                (*place, "mirrors", index),
                f"{source} is on {city.accounts[source].platform}: no repost across platforms",
            )
        elif source in city.accounts and key in city.accounts[source].mirrors:
            yield (*place, "mirrors", index), f"{source} reposts {key} too: they would go round in a circle"


def _step(city: City, place: Place, step: Step) -> Iterator[Wrong]:
    if step.position is not None:
        yield from _known((*place, "position"), step.position, city.positions, "position")
    elif step.section is not None and step.section not in {AUTHOR_SECTION, OWNER_SECTION}:
        yield from _known((*place, "section"), step.section, city.sections, "section")


def _last_step(city: City, place: Place, step: Step) -> Iterator[Wrong]:
    if step.position is None:
        if step.role not in DECIDING:
            yield (*place, "role"), f"the last step is the 決裁: {step.role} cannot give it"
        elif step.section not in {None, AUTHOR_SECTION, OWNER_SECTION} and not _holds(city, step):
            yield (*place, "section"), f"no position of {step.section} has the role {step.role}"
    elif step.position in city.positions and not city.positions[step.position].roles & DECIDING:
        yield (*place, "position"), f"the last step is the 決裁: {step.position} is neither approver nor manager"


def _holds(city: City, step: Step) -> bool:
    return any(step.section == one.section and step.role in one.roles for one in city.positions.values())


def _offices(city: City) -> Iterator[Wrong]:
    held = {holding.position for person in city.people.values() for holding in person.positions}
    roles = {role for key, position in city.positions.items() if key in held for role in position.roles}
    if Role.MANAGER not in roles:
        yield ("positions",), "nobody holds a position with the role manager: who answers for the accounts?"
    if not roles & WRITING:
        yield ("positions",), "nobody holds a position with the role author or operator: who writes?"
