"""災害関連: who may say of a post that it is about the disaster, and saying so: `/sns mark` and the draft form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import NoticeKind
from publisher.city.model import DECIDING, WRITING, Role
from publisher.delivery import DeliveryState
from publisher.errors import Refusal
from publisher.store import audit, deliveries, holds, notices

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from publisher.api import Act
    from publisher.city.model import City
    from publisher.desk import Desk
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post


def in_sections(own: City, day: date, sections: Iterable[str]) -> list[str]:
    """Return those who write or decide in some sections."""
    roles = sorted(WRITING | DECIDING)
    return list(
        dict.fromkeys(
            key for section in dict.fromkeys(sections) for role in roles for key in own.with_role(role, day, section)
        )
    )


def pr_division(own: City, day: date) -> list[str]:
    """Return the managers, and those who write or decide in their sections."""
    of_managers = [one.section for one in own.positions.values() if Role.MANAGER in one.roles]
    return in_sections(own, day, of_managers)


def markers(own: City, day: date, section: str) -> list[str]:
    """Return who may mark a post of *section*: those who write or decide there, and the PR division."""
    return list(dict.fromkeys([*in_sections(own, day, [section]), *pr_division(own, day)]))


def mark(tx: Transaction, desk: Desk, act: Act, post: Post) -> bool:
    """Mark a locked post and return True, or return False where it is marked already.

    What a hold has stopped of it is asked about once more, now of the PR division.

    Raises:
        Refusal: `not_yours_to_mark` (param `who`).
    """
    allowed = markers(desk.city(act.city), desk.today(), post.section)
    if act.person not in allowed:
        raise Refusal("not_yours_to_mark", who=desk.person_names(act.city, allowed))
    if post.is_disaster_related:
        return False
    holds.mark_disaster_related(tx, post.id)
    audit.append(tx, city=act.city, who=act.person, kind="marked_related", post_id=post.id)
    notices.add(tx, city=act.city, kind=NoticeKind.CARD, post_id=post.id)
    for one in deliveries.of_post(tx, post.id):
        if one.state is DeliveryState.HELD:
            notices.add(tx, city=act.city, kind=NoticeKind.HELD, post_id=post.id, delivery_id=one.id)
    return True
