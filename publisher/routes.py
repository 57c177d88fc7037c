"""Routes: which steps a line goes through, and who can decide a step on a given day. Pure.

The pack says whether a sign-off is needed and by which role; the city file says by whom. A route is kept with
its line as plain data, and names positions or roles, never people: a successor finds the open card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from publisher.api import Said
from publisher.city.model import AUTHOR_SECTION, DECIDING, OWNER_SECTION, AccountKind, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from policy.model import RouteStep
    from publisher.city.model import City, Step
    from publisher.store.post_records import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One step of a line's route: a position, or a role in a section (anywhere, where the section is None)."""

    name: Said
    position: str | None = None
    section: str | None = None
    role: Role = Role.APPROVER

    def as_json(self) -> dict[str, Any]:
        """Return what the line's column holds."""
        return {
            "name": {"ja": self.name.ja, "en": self.name.en},
            "position": self.position,
            "section": self.section,
            "role": self.role,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Stop:
        """Return the step that the column holds."""
        return cls(
            name=Said(**body["name"]), position=body["position"], section=body["section"], role=Role(body["role"])
        )

    def deciders(self, city: City, day: date) -> tuple[str, ...]:
        """Return those who can decide it on *day*."""
        if self.position is not None:
            return city.holders(self.position, day) if self.position in city.positions else ()
        return city.with_role(self.role, day, self.section)


def open_stops(lines: Sequence[Line]) -> Sequence[tuple[Line, Stop]]:
    """Return the open ones of *lines* with the step that each waits for."""
    return [(line, Stop.from_json(line.route[line.step])) for line in lines if line.is_open and line.route]


def plan_route(
    city: City, account: str, asked: Sequence[RouteStep], *, section: str, author: str, day: date
) -> tuple[Stop, ...]:
    """Return the steps for one line; none where neither the pack nor the city asks for any.

    Args:
        city: The city.
        account: The account's key.
        asked: The sign-off that the verdict asks for.
        section: The drafting section.
        author: Who drafted; a step before the last that nobody else could decide is left out.
        day: The day in Japan.
    """
    route = city.route_for(account)
    if route is not None and (asked or route.always):
        stops = [_stop_of_city(city, account, step, section) for step in route.steps]
    else:
        stops = [_stop_of_pack(city, account, step) for step in asked]
    return _shorten(city, stops, author=author, day=day)


def with_consent(city: City, account: str, stops: Sequence[Stop], role: str, day: date) -> tuple[Stop, ...]:
    """Return the route with a step for *role* before the last, where nobody on the route holds it."""
    holders = set(role_holders(city, role, account, day))
    if not stops or any(holders & set(stop.deciders(city, day)) for stop in stops):
        return tuple(stops)
    return (*stops[:-1], consent_stop(city, account, role, day), stops[-1])


def consent_stop(city: City, account: str, role: str, day: date) -> Stop:
    """Return the step of whoever consents for *role* beside an account."""
    owner = None if city.accounts[account].kind is AccountKind.OFFICIAL else city.accounts[account].section
    titles = [city.positions[key].title for key in city.positions if Role(role) in city.positions[key].roles]
    name = Said(ja=titles[0].ja, en=titles[0].en) if titles else Said(ja=role, en=role)
    in_section = owner if city.with_role(Role(role), day, owner) else None
    return Stop(name=name, section=in_section, role=Role(role))


def role_holders(city: City, role: str, account: str, day: date) -> tuple[str, ...]:
    """Return those who hold a role beside an account on *day*.

    Beside an account that is not official the manager is the head of the section that owns it (A10 of the readings).
    """
    owner = city.accounts[account]
    if role == Role.MANAGER and owner.kind is not AccountKind.OFFICIAL:
        heads = {key for deciding in DECIDING for key in city.with_role(deciding, day, owner.section)}
        if heads:
            return tuple(key for key in city.people if key in heads)
    return city.with_role(Role(role), day) if role in set(Role) else ()


def takes_drafts(city: City, account: str) -> bool:
    """Tell whether an account takes drafts of other sections: its route has a step of the drafting section.

    Whoever drafts then only asks; it is the owner who posts, and whose people decide last.
    """
    route = city.route_for(account)
    return route is not None and any(step.section == AUTHOR_SECTION for step in route.steps)


def may_draft_for(city: City, account: str, sections: Collection[str]) -> bool:
    """Tell whether people of *sections* may draft for an account."""
    return city.accounts[account].section in sections or takes_drafts(city, account)


def _stop_of_city(city: City, account: str, step: Step, section: str) -> Stop:
    if step.position is not None:
        title = step.name or city.positions[step.position].title
        return Stop(name=Said(ja=title.ja, en=title.en), position=step.position)
    where = {AUTHOR_SECTION: section, OWNER_SECTION: city.accounts[account].section}
    office = where.get(step.section or "", step.section)
    name = step.name or city.sections[office or section].name
    return Stop(name=Said(ja=name.ja, en=name.en), section=office, role=step.role)


def _stop_of_pack(city: City, account: str, step: RouteStep) -> Stop:
    """Return a step that the pack asks for; a section that the city does not have is the account's own, never any."""
    named = {section.name.ja: key for key, section in city.sections.items()}
    # Of two sections of one name it is the account's own, where that is one of them.
    owner = city.accounts[account].section
    named[city.sections[owner].name.ja] = owner
    section = named.get(step.section, step.section if step.section in city.sections else owner)
    role = Role(step.role.value) if step.role.value in set(Role) else Role.APPROVER
    return Stop(name=Said(ja=step.name.ja, en=step.name.en), section=section, role=role)


def _shorten(city: City, stops: Sequence[Stop], *, author: str, day: date) -> tuple[Stop, ...]:
    """Leave out a step whose people decide the next one too (A21), and one that only the author could decide."""
    kept: list[Stop] = []
    for index, stop in enumerate(stops):
        deciders = set(stop.deciders(city, day))
        is_last = index == len(stops) - 1
        if not is_last and deciders:
            following = set(stops[index + 1].deciders(city, day))
            if deciders in ({author}, following):
                continue
        kept.append(stop)
    return tuple(kept)
