"""Which approved posts a change of a pack would stop: each is asked what the last check would say, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.api import NoticeKind
from publisher.ledger.outbound_port import AskPerson
from publisher.rejudging import AHEAD
from publisher.store import notices, past_lines, posts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publisher.api import Act
    from publisher.desk import Desk
    from publisher.rejudging import Foreseen, Rejudger
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.pack_changes import PackChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A delivery that may go out now, and the moment at which it is going to."""

    delivery: Delivery
    at: datetime


class PackForesight:
    """Looks ahead.

    Args:
        desk: The shared collaborators.
        rejudger: Knows what the last check will say.
    """

    def __init__(self, desk: Desk, rejudger: Rejudger) -> None:
        self._desk = desk
        self._rejudger = rejudger

    def look(self, tx: Transaction, city: str, pack: str, *, since: datetime) -> Sequence[Watched]:
        """Return what is to go out under a pack from an instant on, and is free to go as things are."""
        own = self._desk.city(city)
        ahead = [Watched(delivery=one, at=max(one.due_at, tx.now)) for one in past_lines.unsent(tx, city)]
        under = [
            one
            for one in ahead
            if one.at >= since
            and one.delivery.state in AHEAD
            and one.delivery.account in own.accounts
            and own.packs.get(own.accounts[one.delivery.account].platform) == pack
        ]
        stopped = self._objections(tx, under)
        return [one for one in under if one.delivery.id not in stopped]

    def tell_stopped(
        self, tx: Transaction, act: Act, change: PackChange, watched: Sequence[Watched], *, begins_at: datetime
    ) -> tuple[str, ...]:
        """Tell the people of each post that *change*, just confirmed, will stop; return the posts' numbers."""
        stopped: dict[str, None] = {}
        objections = self._objections(tx, watched)
        for one in watched:
            found = objections.get(one.delivery.id)
            if found is None:
                continue
            post = posts.by_id(tx, one.delivery.post_id)
            stopped[post.label] = None
            params: dict[str, str | int] = {
                **found.check.remark.params,
                "code": "change_stops_post",
                "change": change.number,
                "begins_at": begins_at.isoformat(),
                "planned_at": one.at.isoformat(),
                "account": self._desk.account_name(act.city, one.delivery.account),
            }
            self._rejudger.keep(tx, found, because="pack_change")
            for person in self._rejudger.people_of(tx, post, one.delivery):
                notices.add(tx, city=act.city, kind=NoticeKind.ANSWER, post_id=post.id, person=person, params=params)
        return tuple(stopped)

    def _objections(self, tx: Transaction, watched: Sequence[Watched]) -> Mapping[str, Foreseen]:
        """Return why a person will be asked about which of them, by the deliveries' ids."""
        found = self._rejudger.foresee(tx, [one.delivery for one in watched])
        return {one.delivery.id: one for one in found if isinstance(one.check, AskPerson)}
