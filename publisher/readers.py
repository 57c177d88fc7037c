"""Whom a post concerns: those who hear that it is late, asked about or stuck. Pure, but for the city's people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.city.model import DECIDING, WRITING, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from publisher.city.model import City
    from publisher.store.posts import Post


def managers(own: City, day: date) -> tuple[str, ...]:
    """Return the city's managers on *day*."""
    return own.with_role(Role.MANAGER, day)


def of_post(own: City, day: date, post: Post, accounts: Iterable[str]) -> tuple[str, ...]:
    """Return whom a post on *accounts* concerns: its author, the sections' people, the managers.

    Of an emergency also everybody who may send in one: whoever is on duty must hear of it.
    """
    owners = (own.accounts[key].section for key in accounts if key in own.accounts)
    sections = dict.fromkeys([post.section, *owners])
    return _each_once(
        [
            *([post.author] if post.author in own.people and own.positions_of(post.author, day) else []),
            *(own.with_role(Role.EMERGENCY, day) if post.is_emergency else ()),
            *in_sections(own, day, sections),
            *managers(own, day),
        ]
    )


def in_sections(own: City, day: date, sections: Collection[str]) -> tuple[str, ...]:
    """Return those who write or decide in *sections*."""
    return _each_once(
        key for section in sections for role in sorted(WRITING | DECIDING) for key in own.with_role(role, day, section)
    )


def _each_once(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))
