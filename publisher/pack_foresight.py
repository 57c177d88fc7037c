"""Which approved posts a change of a pack would stop: each is asked what the last check would say, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.api import NoticeKind
from publisher.city.model import Role
from publisher.delivery import DeliveryState
from publisher.ledger.outbound_port import AskPerson
from publisher.store import notices, past_lines, posts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.api import Act
    from publisher.desk import Desk
    from publisher.outbound import SealedOutbound
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.pack_changes import PackChange
    from publisher.store.posts import Post

_AHEAD: Final = frozenset({DeliveryState.WAITING, DeliveryState.DUE, DeliveryState.RETRY, DeliveryState.HELD})
"""States of a delivery that the last check is still to see; of those in `asked` somebody hears anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A delivery that may go out now, and the moment at which it is going to."""

    delivery: Delivery
    at: datetime


class PackForesight:
    """Looks ahead.

    Args:
        desk: The shared collaborators.
        outbound: Knows what the last check says.
    """

    def __init__(self, desk: Desk, outbound: SealedOutbound) -> None:
        self._desk = desk
        self._outbound = outbound

    def look(self, tx: Transaction, city: str, pack: str, *, since: datetime) -> Sequence[Watched]:
        """Return what is to go out under a pack from an instant on, and is free to go as things are."""
        own = self._desk.city(city)
        ahead = [Watched(delivery=one, at=max(one.due_at, tx.now)) for one in past_lines.unsent(tx, city)]
        return [
            one
            for one in ahead
            if one.at >= since
            and one.delivery.state in _AHEAD
            and one.delivery.account in own.accounts
            and own.packs.get(own.accounts[one.delivery.account].platform) == pack
            and self._objection(tx, one) is None
        ]

    def tell_stopped(
        self, tx: Transaction, act: Act, change: PackChange, watched: Sequence[Watched], *, begins_at: datetime
    ) -> tuple[str, ...]:
        """Tell the people of each post that *change*, just confirmed, will stop; return the posts' numbers."""
        stopped: dict[str, None] = {}
        for one in watched:
            found = self._objection(tx, one)
            if found is None:
                continue
            post = posts.by_id(tx, one.delivery.post_id)
            stopped[post.label] = None
            params: dict[str, str | int] = {
                **found.remark.params,
                "code": "change_stops_post",
                "change": change.number,
                "begins_at": begins_at.isoformat(),
                "planned_at": one.at.isoformat(),
                "account": self._desk.account_name(act.city, one.delivery.account),
            }
            for person in self._people_of(tx, post, one.delivery):
                notices.add(tx, city=act.city, kind=NoticeKind.ANSWER, post_id=post.id, person=person, params=params)
        return tuple(stopped)

    def _objection(self, tx: Transaction, one: Watched) -> AskPerson | None:
        check = self._outbound.foresee(tx, one.delivery, at=one.at)
        return check if isinstance(check, AskPerson) else None

    def _people_of(self, tx: Transaction, post: Post, delivery: Delivery) -> Sequence[str]:
        """Return who wrote and who approved it, as far as they are still here; else the managers."""
        own, day = self._desk.city(post.city), self._desk.today()
        version = posts.version_by_id(tx, delivery.version_id)
        approvers = [one.person for one in posts.approvals_of(tx, version.id) if one.decision == "approve"]
        people = dict.fromkeys([post.author, version.editor, *approvers])
        here = [person for person in people if person in own.people and own.positions_of(person, day)]
        return here or own.with_role(Role.MANAGER, day)
