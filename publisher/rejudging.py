"""Judges what is approved and waits once more ahead of its time, and tells its people what the last check will say.

Nothing is stopped here: that is the last check's. Whoever hears it hours before can still mend the post.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from policy.periods import PERIOD
from publisher.api import NoticeKind
from publisher.audit_chain import canonical
from publisher.city.model import Role
from publisher.delivery import DeliveryState
from publisher.last_look import MEDIA_NOT_HERE
from publisher.ledger.gate import is_set_aside
from publisher.ledger.outbound_port import AskPerson, NotBefore
from publisher.store import audit, deliveries, judgements, notices, past_lines, past_texts, posts
from publisher.store.periods import WAITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from publisher.desk import Desk
    from publisher.ledger.outbound_port import Check
    from publisher.outbound import SealedOutbound
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post

AHEAD: Final = frozenset({DeliveryState.WAITING, DeliveryState.DUE, DeliveryState.RETRY, DeliveryState.HELD})
"""States of a delivery that the last check is still to see; of those in `asked` somebody hears anyway."""
_AT_A_TIME: Final = 200
"""How many are judged together: enough to make the statements few."""
_TIMER: Final = "timer"
_STRICTER: Final = "judged_stricter"
"""The audit event that tells of an approved delivery against which something speaks now."""
_WITH_OWN_WORDS: Final = frozenset({"policy_blocks", "policy_escalates", "plan_refused"})
"""Remarks whose params say why; the others are sentences of their own."""
_LASTING: Final = ("rule", "role", "reason", "section", "document_ja", "account")
"""Params that make an objection what it is; the pack's own sentence may name minutes and numbers, which pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A delivery, the moment at which it is to go out, and what the last check will say then."""

    delivery: Delivery
    at: datetime
    check: AskPerson | NotBefore

    @property
    def digest(self) -> str:
        """What makes two of them the same."""
        params = self.check.remark.params
        lasting = {name: str(params[name]) for name in _LASTING if name in params}
        return hashlib.sha256(canonical([self.check.remark.code, lasting])).hexdigest()


class Rejudger:
    """Looks ahead.

    Args:
        desk: The shared collaborators.
        outbound: Knows what the last check says.
    """

    def __init__(self, desk: Desk, outbound: SealedOutbound) -> None:
        self._desk = desk
        self._outbound = outbound
        self._seen: dict[str, int] = {}

    def look_ahead(self) -> int:
        """Judge what waits in every city where anything happened; tell what is new; return of how many deliveries."""
        return sum(map(self._look_ahead, self._desk.cities))

    def _look_ahead(self, city: str) -> int:
        with self._desk.database.reading() as tx:
            # Whatever a judgement rests on leaves its event in the trail: where none is new, nothing is judged anew.
            seq = past_texts.place(tx, city)
            if self._seen.get(city) == seq:
                return 0
            found = self.foresee(tx, list(self._waiting(tx, city)))
        told = 0
        if found:
            with self._desk.database.transaction() as tx:
                told = self._tell(tx, city, [one for one in found if self.keep(tx, one, because="ahead")])
        self._seen[city] = seq
        return told

    def _waiting(self, tx: Transaction, city: str) -> Iterable[Delivery]:
        known = self._desk.city(city).accounts
        for one in past_lines.unsent(tx, city):
            if one.state in AHEAD and one.due_at > tx.now and not one.is_emergency and one.account in known:
                yield one

    def foresee(self, tx: Transaction, waiting: Sequence[Delivery]) -> Sequence[Foreseen]:
        """Return what will speak against which of them at its time, but for what somebody set aside.

        A file that this machine cannot read says nothing of the post: another may have it, and may be the one that
        sends. What else speaks against such a post is for that one to foresee.
        """
        at = {one.id: max(one.due_at, tx.now) for one in waiting}
        found = []
        for start in range(0, len(waiting), _AT_A_TIME):
            few = waiting[start : start + _AT_A_TIME]
            checks = self._outbound.foresee(tx, few, at=at)
            for one in few:
                check = _against(one, checks[one.id])
                if check is not None and check.remark.code != MEDIA_NOT_HERE:
                    found.append(Foreseen(delivery=one, at=at[one.id], check=check))
        return found

    def keep(self, tx: Transaction, one: Foreseen, *, because: str) -> bool:
        """Keep what is foreseen and return True, or return False where its people know it already."""
        remark = one.check.remark
        verdict: dict[str, Any] = {"code": remark.code, "params": dict(remark.params), "at": one.at.isoformat()}
        return judgements.keep(tx, one.delivery, because=because, verdict=verdict, digest=one.digest)

    def keep_told_of_period(self, tx: Transaction, told: Iterable[Post]) -> None:
        """Keep that the people of these posts know of the period that holds them."""
        for post in told:
            ahead = [one for one in deliveries.of_post(tx, post.id) if one.state in AHEAD]
            for one in filter(_is_about_period, self.foresee(tx, ahead)):
                self.keep(tx, one, because="period")

    # ── telling ──────────────────────────────────────────────────────────────────────────────────

    def _tell(self, tx: Transaction, city: str, found: Sequence[Foreseen]) -> int:
        """Tell each person of all posts against which the same speaks at once."""
        alike: dict[tuple[str, str], list[tuple[Foreseen, Post]]] = {}
        for one in found:
            post = posts.by_id(tx, one.delivery.post_id)
            remark = one.check.remark
            facts = {"account": one.delivery.account, "code": remark.code, "rule": str(remark.params.get("rule", ""))}
            audit.append(tx, city=city, who=_TIMER, kind=_STRICTER, post_id=post.id, facts=facts)
            managers = self._desk.city(city).with_role(Role.MANAGER, self._desk.today())
            for person in dict.fromkeys([*self.people_of(tx, post, one.delivery), *managers]):
                alike.setdefault((person, one.digest), []).append((one, post))
        for (person, _), theirs in alike.items():
            several = dict.fromkeys(post.label for _, post in theirs)
            post_id = theirs[0][1].id if len(several) == 1 else None
            params = self._params(city, [one for one, _ in theirs]) | {"numbers": "、".join(several)}
            notices.add(tx, city=city, kind=NoticeKind.ANSWER, post_id=post_id, person=person, params=params)
        return len(found)

    def _params(self, city: str, alike: Sequence[Foreseen]) -> dict[str, str | int]:
        first = min(alike, key=lambda one: one.at)
        remark = first.check.remark
        params: dict[str, str | int] = {**remark.params, "planned_at": first.at.isoformat()}
        if remark.code not in _WITH_OWN_WORDS and "message_ja" not in params:
            params["reason"] = remark.code
        params["account"] = self._desk.account_names(city, [one.delivery.account for one in alike])
        if isinstance(first.check, NotBefore):
            return params | {"code": "will_wait", "opens_at": first.check.at.isoformat()}
        return params | {"code": "will_be_asked" if first.check.is_waivable else "will_be_stopped"}

    def people_of(self, tx: Transaction, post: Post, delivery: Delivery) -> Sequence[str]:
        """Return who wrote and who approved it, as far as they are still here; else the managers."""
        own, day = self._desk.city(post.city), self._desk.today()
        version = posts.version_by_id(tx, delivery.version_id)
        approvers = [one.person for one in posts.approvals_of(tx, version.id) if one.decision == "approve"]
        people = dict.fromkeys([post.author, version.editor, *approvers])
        here = [person for person in people if person in own.people and own.positions_of(person, day)]
        return here or own.with_role(Role.MANAGER, day)


def _against(delivery: Delivery, check: Check | Exception) -> AskPerson | NotBefore | None:
    """Return what of a check nobody set aside.

    Raises:
        Exception: What broke the check.
    """
    if isinstance(check, Exception):
        raise check
    while isinstance(check, AskPerson) and is_set_aside(delivery, check):
        check = check.then
    if isinstance(check, NotBefore) and delivery.source_id is not None:
        return None  # a repost follows its post when it can: that is no news
    return check if isinstance(check, AskPerson | NotBefore) else None


def _is_about_period(one: Foreseen) -> bool:
    return one.check.remark.code == WAITS or one.check.remark.params.get("rule") == PERIOD
