"""Compare the parts of a city with each other. Pure: returns mistakes as codes with params."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from publisher.city.model import AUTHOR_SECTION, DECIDING, OWNER_SECTION, WRITING, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from publisher.city.model import Account, City, Person, Step

    Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something that does not fit, where in the file, and what was probably meant."""

    place: Place
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    meant: str | None = None


def wrong(place: Place, code: str, meant: str | None = None, **params: str) -> Wrong:
    """Say shortly what is wrong at a *place*."""
    return Wrong(place=place, code=code, meant=meant, params=params)


def nearest(word: str, words: Collection[str]) -> str | None:
    """Return which of *words* was probably meant."""
    near = get_close_matches(word, list(words), n=1)
    return near[0] if near else None


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


def check_together(cities: Mapping[str, City]) -> Iterator[tuple[str, Wrong]]:
    """Yield (city, what is wrong in its file) where cities get in each other's way."""
    teams: dict[str, str] = {}
    for key, city in cities.items():
        other = teams.setdefault(city.slack.team, key)
        if other != key:
            yield key, wrong(("slack", "team"), "team_taken", team=city.slack.team, city=other)


def _known(place: Place, key: str, keys: Collection[str], what: str) -> Iterator[Wrong]:
    if key not in keys:
        yield wrong(place, f"unknown_{what}", nearest(key, keys), value=key, known=", ".join(keys))


def _keys(city: City) -> Iterator[Wrong]:
    for reserved in (AUTHOR_SECTION, OWNER_SECTION):
        if reserved in city.sections:
            yield wrong(("sections", reserved), "section_reserved", value=reserved)
    slack_users = Counter(person.slack for person in city.people.values() if person.slack)
    for key, person in city.people.items():
        if person.slack and slack_users[person.slack] > 1:
            sharing = ", ".join(other for other, one in city.people.items() if one.slack == person.slack)
            yield wrong(("people", key, "slack"), "slack_user_shared", value=person.slack, people=sharing)


def _person(city: City, key: str, person: Person) -> Iterator[Wrong]:
    for index, held in enumerate(person.positions):
        yield from _known(("people", key, "positions", index, "position"), held.position, city.positions, "position")
    for (_, one), (index, other) in combinations(enumerate(person.positions), 2):
        if one.position == other.position and one.overlaps(other):
            yield wrong(("people", key, "positions", index), "periods_overlap", value=other.position, person=key)


def _account(city: City, key: str, account: Account) -> Iterator[Wrong]:
    place: Place = ("accounts", key)
    yield from _known((*place, "section"), account.section, city.sections, "section")
    if account.platform not in city.packs:
        yield wrong((*place, "platform"), "no_pack", value=account.platform)
    yield from _budget(place, account)
    for index, source in enumerate(account.mirrors):
        yield from _known((*place, "mirrors", index), source, city.accounts, "account")
        if source == key:
            yield wrong((*place, "mirrors", index), "mirrors_itself", value=key)
        elif source in city.accounts and city.accounts[source].platform != account.platform:
            theirs = city.accounts[source].platform
            yield wrong((*place, "mirrors", index), "mirrors_elsewhere", value=source, platform=theirs)
        elif source in city.accounts and key in city.accounts[source].mirrors:
            yield wrong((*place, "mirrors", index), "mirrors_in_circle", value=source, account=key)


def _budget(place: Place, account: Account) -> Iterator[Wrong]:
    for index, limit in enumerate(account.budget.calls or ()):
        reserve = -(-limit.calls * account.budget.reserve_percent // 100)
        if reserve >= limit.calls:
            shown = {"calls": str(limit.calls), "reserve": str(reserve)}
            yield wrong((*place, "budget", "calls", index, "calls"), "reserve_takes_all", **shown)


def _step(city: City, place: Place, step: Step) -> Iterator[Wrong]:
    if step.position is not None:
        yield from _known((*place, "position"), step.position, city.positions, "position")
    elif step.section is not None and step.section not in {AUTHOR_SECTION, OWNER_SECTION}:
        yield from _known((*place, "section"), step.section, city.sections, "section")


def _last_step(city: City, place: Place, step: Step) -> Iterator[Wrong]:
    if step.position is None:
        if step.role not in DECIDING:
            yield wrong((*place, "role"), "last_step_role", value=step.role.value)
        elif step.section not in {None, AUTHOR_SECTION, OWNER_SECTION} and not _holds(city, step):
            yield wrong((*place, "section"), "last_step_section", value=step.section or "", role=step.role.value)
    elif step.position in city.positions and not city.positions[step.position].roles & DECIDING:
        yield wrong((*place, "position"), "last_step_position", value=step.position)


def _holds(city: City, step: Step) -> bool:
    return any(step.section == one.section and step.role in one.roles for one in city.positions.values())


def _offices(city: City) -> Iterator[Wrong]:
    held = {holding.position for person in city.people.values() for holding in person.positions}
    roles = {role for key, position in city.positions.items() if key in held for role in position.roles}
    if Role.MANAGER not in roles:
        yield wrong(("positions",), "nobody_manages")
    if not roles & WRITING:
        yield wrong(("positions",), "nobody_writes")
