"""Stopping posts, answering the ledger's questions, letting old submissions end (`publisher.api.Deciding`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from publisher.api import Answer, NoticeKind, Outcome
from publisher.city.model import Role
from publisher.delivery import TAKES_BACK, DeliveryEvent, DeliveryState
from publisher.desk import lock_post
from publisher.errors import NotFoundError, Refusal
from publisher.post import FINAL, PostEvent, PostState
from publisher.routes import role_holders
from publisher.store import attempts, deliveries, lane_memories, notices, posts, supersessions
from publisher.store.deliveries import Objection, Problem

if TYPE_CHECKING:
    from publisher.api import Act
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.store.deliveries import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post
    from publisher.store.supersessions import Supersession

_EVENTS: Final = {
    Answer.IT_IS_THERE: (DeliveryEvent.PERSON_SAYS_SENT, "answered_sent"),
    Answer.SEND: (DeliveryEvent.PERSON_SAYS_SEND, "answered_send"),
    Answer.DO_NOT_SEND: (DeliveryEvent.CANCELLED, "answered_cancel"),
}
_LETS_GO: Final = frozenset({Answer.SEND, Answer.WAIT})
_BACK_CODES: Final = {
    "answered_sent": "answered_gone",
    "answered_send": "answered_delete",
    "answered_cancel": "answered_keep",
}
"""The same answers to a question about a deletion."""
AT_ONCE_SECONDS: Final = 60.0
"""An act that waited for less was not kept by a breakdown."""
TIMER: Final = "timer"
"""Who lets a submission end, where no person does."""


class Seen(NamedTuple):
    """What a person who answers saw, and when."""

    question: str | None
    waited_seconds: float


def question_of(asked: Delivery) -> str:
    """Return what names the question that is open about a delivery: the moment at which it was put."""
    return asked.state_at.isoformat()


def is_old(tx: Transaction, desk: Desk, post: Post, one: Delivery, waited_seconds: float) -> bool:
    """Tell whether what lets a delivery go on was said too long ago to hold now.

    Said while it was useful, it holds as long as that: whoever said it did not say that it may go out late. Said when
    it was late already, or of what may be there already, it holds for as long as such a post is useful where nobody
    says otherwise: who looked before that does not know what is there now.
    """
    if waited_seconds <= AT_ONCE_SECONDS:
        return False
    said_at = tx.now - timedelta(seconds=waited_seconds)
    is_useful_yet = one.latest_at is not None and said_at <= one.latest_at
    if is_useful_yet and one.is_late(tx.now):
        return True
    if is_useful_yet and not attempts.are_doubtful(tx, {one.id}):
        return False
    usual = desk.city(post.city).defaults
    minutes = usual.emergency_latest_minutes if post.is_emergency else usual.latest_minutes
    return waited_seconds > 60 * minutes


class DecidingDesk:
    """Deciding.

    Args:
        desk: The shared collaborators.
        circulation: Moves posts through their round.
    """

    def __init__(self, desk: Desk, circulation: Circulation) -> None:
        self._desk = desk
        self._circulation = circulation

    def cancel(self, act: Act, *, number: str, reason: str = "") -> Outcome:
        """Stop what has not gone out.

        Outcomes: `cancelled` (params `stopped`, `gone`, `under_way`: account names, may be empty),
        `cancelled_already`, `all_gone` (nothing was left to stop).

        Raises:
            Refusal: `no_such_post`, `not_yours_to_cancel` (param `who`).
        """
        return self._desk.once(act, lambda tx: self._cancel(tx, act, number, reason.strip()))

    def _cancel(self, tx: Transaction, act: Act, number: str, reason: str) -> Outcome:
        post = lock_post(tx, act.city, number)
        self._require_say(tx, post, act.person, "not_yours_to_cancel")
        if post.state is PostState.CLOSED:
            gone = [one.account for one in deliveries.of_post(tx, post.id) if one.state is DeliveryState.SENT]
            params = {"gone": self._desk.account_names(act.city, gone)}
            return Outcome(code="all_gone", number=post.label, params=params)
        if post.state in FINAL:
            return Outcome(code="cancelled_already", number=post.label)
        posts.end_open_lines(tx, posts.version(tx, post.id, post.version).id, "void")
        post = posts.move(tx, post, PostEvent.CANCELLED, who=act.person, note=reason)
        done = self._circulation.stop(tx, post, who=act.person, note=reason)
        params = {
            "stopped": self._desk.account_names(act.city, done.stopped),
            "gone": self._desk.account_names(act.city, done.gone),
            "under_way": self._desk.account_names(act.city, done.under_way),
        }
        return Outcome(code="cancelled", number=post.label, params=params)

    def answer(
        self,
        act: Act,
        *,
        delivery: str,
        answer: Answer,
        reason: str = "",
        question: str | None = None,
        waited_seconds: float = 0.0,
    ) -> Outcome:
        """Answer a question about a delivery; who lets it go outside the hours and is no manager says why.

        *question* is the one that the person saw (`DeliveryLine.question`): who looked before the last call has not
        seen what that may have left. None: the one that is open now. *waited_seconds*: how long ago it was said, where
        a breakdown kept it; a *send* of hours ago is none to what holds now.

        Outcomes: `answered_sent`, `answered_send`, `answered_wait` (param `publish_at`), `answered_cancel`,
        `answered_replaced` (it is not there, and a newer post took its place; param `newer`), `answered_already` (also
        where another question is open by now), `answer_came_late` (the question stays open; param `minutes`).

        Raises:
            Refusal: `no_such_delivery`, `not_yours_to_answer` (param `who`), `note_missing`, `nothing_to_wait_for`,
                `replaced_meanwhile` (params `number`, `account`, `newer`).
        """
        seen = Seen(question, waited_seconds)
        return self._desk.once(act, lambda tx: self._answer(tx, act, delivery, answer, reason.strip(), seen))

    def _answer(self, tx: Transaction, act: Act, delivery: str, answer: Answer, reason: str, seen: Seen) -> Outcome:
        try:
            asked = deliveries.lock(tx, delivery)
        except NotFoundError:
            raise Refusal("no_such_delivery") from None
        if asked.city != act.city:
            raise Refusal("no_such_delivery")
        post = posts.by_id(tx, asked.post_id)
        self._require_say(tx, post, act.person, "not_yours_to_answer")
        params = {"account": self._desk.account_name(act.city, asked.account)}
        if asked.state is not DeliveryState.ASKED or seen.question not in {None, question_of(asked)}:
            return Outcome(code="answered_already", number=post.label, params=params)
        lets_go = answer in _LETS_GO and asked.kind not in TAKES_BACK
        if lets_go and is_old(tx, self._desk, post, asked, seen.waited_seconds):
            return Outcome(
                code="answer_came_late", number=post.label, params={**params, "minutes": int(seen.waited_seconds // 60)}
            )
        newer = supersessions.of_delivery(tx, asked)
        if newer is not None and answer is not Answer.IT_IS_THERE:
            return self._end_replaced(tx, act, asked, post, newer, answer)
        if answer is Answer.WAIT:
            return self._wait(tx, act, asked, post, reason)
        if answer is Answer.SEND:
            self._require_consent(asked, act.person, reason)
        event, code = _EVENTS[answer]
        deliveries.apply(tx, asked.id, event, who=act.person, change=deliveries.Change(note=reason))
        if answer is Answer.SEND:
            # Who says "send" says that it is mended: the account is called again.
            lane_memories.forget(tx, asked.city, asked.account, kind=lane_memories.Kind.NEEDS_PERSON)
            attempts.end_doubt(tx, asked.id, event)  # who says "send" has looked, and did not see it
        code = _BACK_CODES.get(code, code) if asked.kind in TAKES_BACK else code
        return Outcome(code=code, number=post.label, params=params)

    def _end_replaced(
        self, tx: Transaction, act: Act, asked: Delivery, post: Post, newer: Supersession, answer: Answer
    ) -> Outcome:
        """End what a newer post took the place of: it was not there, and nobody can send it any more."""
        params = {"account": self._desk.account_name(act.city, asked.account), "newer": newer.newer}
        if answer is not Answer.DO_NOT_SEND:
            raise Refusal("replaced_meanwhile", number=post.label, **params)
        deliveries.apply(tx, asked.id, DeliveryEvent.SUPERSEDED, who=act.person)
        return Outcome(code="answered_replaced", number=post.label, params=params)

    def _wait(self, tx: Transaction, act: Act, asked: Delivery, post: Post, reason: str) -> Outcome:
        """Let a delivery wait for the opening that it was asked about; what is late by then is wanted late."""
        problem = asked.problem
        if problem is None or problem.objection is not Objection.HOURS:
            raise Refusal("nothing_to_wait_for")
        opens_at = max(datetime.fromisoformat(str(problem.params["opens_at"])), tx.now)
        waits = deliveries.Change(due_at=opens_at, problem=Problem(code="waits_for_opening"), note=reason)
        deliveries.apply(tx, asked.id, DeliveryEvent.PERSON_SAYS_WAIT, who=act.person, change=waits)
        params = {"account": self._desk.account_name(act.city, asked.account), "publish_at": opens_at.isoformat()}
        return Outcome(code="answered_wait", number=post.label, params=params)

    def _require_consent(self, asked: Delivery, person: str, reason: str) -> None:
        """Let nobody but the role that the policy names set its objection aside; outside the hours, for a reason.

        The city's own managers may always let a post go outside the hours, and need not say why.
        """
        problem = asked.problem
        if problem is None or problem.objection not in {Objection.POLICY, Objection.HOURS}:
            return
        own, day = self._desk.city(asked.city), self._desk.today()
        role = str(problem.params.get("role", Role.MANAGER))
        holders = role_holders(own, role, asked.account, day) if asked.account in own.accounts else ()
        if problem.objection is Objection.HOURS:
            managers = own.with_role(Role.MANAGER, day)
            if person in managers:
                return
            holders = tuple(dict.fromkeys([*holders, *managers]))
        if person not in holders:
            raise Refusal("not_yours_to_answer", who=self._desk.person_names(asked.city, holders))
        if problem.objection is Objection.HOURS and not reason:
            raise Refusal("note_missing", field="note")

    def _require_say(self, tx: Transaction, post: Post, person: str, code: str) -> None:
        allowed = self._circulation.with_a_say(tx, post)
        if person not in allowed:
            raise Refusal(code, who=self._desk.person_names(post.city, allowed))

    def expire_due(self, now: datetime) -> int:
        """End submitted posts whose latest useful time passed before *now*; return how many. A timer calls it."""
        with self._desk.database.reading() as tx:
            late = posts.submitted_too_late(tx, now)
        return sum(self._expire(city, number, now) for city, number in late)

    def _expire(self, city: str, number: str, now: datetime) -> bool:
        with self._desk.database.transaction() as tx:
            post = posts.lock(tx, city, number)
            version = posts.version(tx, post.id, post.version)
            if post.state is not PostState.SUBMITTED or version.latest_at is None or version.latest_at >= now:
                return False
            posts.end_open_lines(tx, version.id, "void")
            post = posts.move(tx, post, PostEvent.EXPIRED, who=TIMER)
            self._circulation.stop(tx, post, who=TIMER, note="expired")
            notices.add(tx, city=city, kind=NoticeKind.EXPIRED, post_id=post.id, person=post.author)
            return True
