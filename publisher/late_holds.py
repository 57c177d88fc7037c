"""A hold that was ordered long ago and lay in the inbox: whether it still begins, and who hears that it doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import NoticeKind, Outcome
from publisher.city.model import Role
from publisher.store import hold_words, notices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.desk import Desk
    from publisher.store.engine import Transaction
    from publisher.store.hold_words import Word


def who_may_hold_all(desk: Desk, city: str) -> Sequence[str]:
    """Return the managers and those who may send in an emergency: the whole city's hold is theirs."""
    own, day = desk.city(city), desk.today()
    return tuple(dict.fromkeys([*own.with_role(Role.MANAGER, day), *own.with_role(Role.EMERGENCY, day)]))


def leave(tx: Transaction, desk: Desk, word: Word, *, where: str, waited_seconds: float, reason: str) -> Outcome | None:
    """Begin nothing that was ordered too long ago, or that somebody decided on since; None where it still holds.

    One that waited for less begins: to stop for nothing does less harm than to send into a disaster.
    """
    newer = hold_words.later_than(tx, word)
    if newer is None and waited_seconds <= 60 * desk.city(word.city).defaults.latest_minutes:
        return None
    hold_words.record(tx, hold_words.LATE, word, note=reason)
    params: dict[str, str | int] = {"where": where, "minutes": int(waited_seconds // 60)}
    if newer is not None:
        who, at = newer
        since = {"by": desk.person_name(word.city, who), "since": at.isoformat()}
        return Outcome(code="hold_overtaken", params=params | since)
    told = params | {"code": "hold_late_told", "by": desk.person_name(word.city, word.who)}
    urgent = notices.URGENT_MAIL_SECONDS
    for person in who_may_hold_all(desk, word.city):
        if person != word.who:
            kind = NoticeKind.ANSWER
            notices.add(tx, city=word.city, kind=kind, person=person, params=told, mail_after_seconds=urgent)
    return Outcome(code="hold_came_late", params=params)
