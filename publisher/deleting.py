"""Deleting at once: one authorised person's order, no sign-off before it, and what follows afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publisher import correction_standing
from publisher.api import NoticeKind, Outcome
from publisher.circulation import Stopped
from publisher.city.model import Role
from publisher.correction_drafts import open_draft, record, tell_author
from publisher.correction_ways import CAUSES, Ruling, Way, may_go_at_once
from publisher.delivery import FINAL as DELIVERY_ENDED
from publisher.delivery import DeliveryState
from publisher.errors import Refusal
from publisher.post import FINAL, PostEvent
from publisher.routes import role_holders
from publisher.store import deliveries, notices, posts, sign_offs, taking_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.api import Act, CorrectionOrder
    from publisher.circulation import Circulation
    from publisher.correction_looking import CorrectionLooker, Target
    from publisher.correction_ways import Cause
    from publisher.desk import Desk
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Which publications an order deletes, and why the others cannot be."""

    deleting: Sequence[Target]
    cannot_recall: Sequence[Target]
    forbidden: Sequence[Target]
    unconsented: Sequence[Target]
    others: Sequence[Target]
    """Those that only others may delete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an order led to; publications in which nothing had gone out are in none of the lists."""

    deleting: Sequence[Target]
    """The receipt is there: the deletion is due."""
    waiting: Sequence[Target]
    """It may be there: the deletion waits until that is known."""
    staying: Sequence[Target]
    """It is there, or may be, and cannot be deleted: only a word can put it right."""
    left: Sequence[Target]
    """It is there, or may be, and only others may delete it."""
    stopped: Stopped

    @property
    def gone(self) -> Sequence[Target]:
        """What is deleted."""
        return [*self.deleting, *self.waiting]


class AtOnce:
    """Deletes at once.

    Args:
        desk: The shared collaborators.
        looker: Asks the packs.
        circulation: Stops what has not gone out.
    """

    def __init__(self, desk: Desk, looker: CorrectionLooker, circulation: Circulation) -> None:
        self._desk = desk
        self._looker = looker
        self._circulation = circulation

    def delete(
        self,
        tx: Transaction,
        act: Act,
        order: CorrectionOrder,
        post: Post,
        left: Sequence[Target],
        *,
        deleters: Mapping[str, Sequence[str]],
    ) -> Outcome:
        """Delete a locked post wherever it went and the person may; where that cannot be, open the correction at once.

        Where only others may, nothing is deleted: they are told, and so is the person. *deleters* says who may, by the
        accounts' keys. The post's newest version is stopped by those alone who may stop it.

        Raises:
            Refusal: `deletion_needs_consent` (param `who`): nothing can be deleted without somebody's consent.
        """
        cause = CAUSES[order.cause]
        split = self._split(post, left, cause, act.person, deleters)
        self._refuse_unconsented(post, split)
        stop_from = () if post.state in FINAL else self._only_others_may_stop(tx, post, act.person)
        done = self._carry_out(tx, act, order, post, split, is_urgent=cause.is_urgent, is_stopping=not stop_from)
        standing = {} if cause.is_urgent else correction_standing.anew(tx, post)
        said = correction_standing.said(tx, post, cause)
        silent = [one for one in done.staying if one.account not in said]
        anew = [] if cause.is_urgent else [one for one in done.gone if one.is_out and one.account not in standing]
        ways = {one.account: Way.NEW_POST for one in done.staying}
        ways |= {one.account: Way.DELETE for one in done.gone}
        ways |= {one.account: Way.DELETE_AND_REPOST for one in done.gone if one in anew or one.account in standing}
        draft = None
        if wanted := [*silent, *anew]:
            draft = open_draft(tx, act, post, wanted, ways, is_urgent=cause.is_urgent)
            tell_author(tx, act, post, draft, by=self._desk.person_name(act.city, act.person))
        for one in done.gone:
            by = draft if one in anew else standing.get(one.account)
            record(tx, act, order, post, one, ways[one.account], by=by, is_at_once=True)
        for one in silent:
            record(tx, act, order, post, one, Way.NEW_POST, by=draft)
        asked = {one.account: one for one in self._looker.targets(tx, post, cause, person=act.person)}
        if done.gone:
            self._follow_up(tx, act, order, post, [asked[one.account] for one in done.gone])
        waiting_for = list(dict.fromkeys(who for one in done.left for who in deleters[one.account]))
        self._tell_others(tx, act, order, post, done.left, waiting_for)
        if stop_from:
            self._tell_of_rest(tx, act, order, post)
        goes_on = {standing[one.account].label: None for one in done.gone if one.account in standing}
        stands = dict.fromkeys(said[one.account].label for one in done.staying if one.account in said)
        outcome = self._outcome(act.city, post, split, done, draft, list(asked.values()), stands=list(stands))
        more = {
            "goes_on": "、".join(goes_on),
            "left": self._names(act.city, done.left),
            "left_to": self._desk.person_names(act.city, waiting_for),
            "stop_from": self._desk.person_names(act.city, stop_from),
        }
        return replace(outcome, params={**outcome.params, **more})

    def _split(
        self,
        post: Post,
        left: Sequence[Target],
        cause: Cause,
        person: str,
        deleters: Mapping[str, Sequence[str]],
    ) -> Split:
        own, day = self._desk.city(post.city), self._desk.today()

        def goes(one: Target) -> bool:
            is_manager = person in role_holders(own, Role.MANAGER, one.account, day)
            return may_go_at_once(one.ruling, cause, is_manager=is_manager)

        can = [one for one in left if one.can_recall]
        allowed = [one for one in can if one.ruling is not Ruling.FORBIDDEN]
        theirs = [one for one in allowed if person in deleters[one.account]]
        return Split(
            deleting=[one for one in theirs if goes(one)],
            cannot_recall=[one for one in left if not one.can_recall],
            forbidden=[one for one in can if one.ruling is Ruling.FORBIDDEN],
            unconsented=[one for one in theirs if not goes(one)],
            others=[one for one in allowed if person not in deleters[one.account]],
        )

    def _refuse_unconsented(self, post: Post, split: Split) -> None:
        if split.deleting or not split.unconsented:
            return
        own, day = self._desk.city(post.city), self._desk.today()
        people = [
            key
            for one in split.unconsented
            for key in self._looker.consent_from(post.city, one) or role_holders(own, Role.MANAGER, one.account, day)
        ]
        raise Refusal("deletion_needs_consent", who=self._desk.person_names(post.city, list(dict.fromkeys(people))))

    def _only_others_may_stop(self, tx: Transaction, post: Post, person: str) -> Sequence[str]:
        """Return who may stop the newest version, where *person* may not; empty where *person* may.

        It can go elsewhere than what is deleted. Emergency senders may take back, and so stop, on every account.
        """
        allowed = self._circulation.with_a_say(tx, post)
        everywhere = self._desk.city(post.city).with_role(Role.EMERGENCY, self._desk.today())
        return () if person in {*allowed, *everywhere} else allowed

    # ── doing it ─────────────────────────────────────────────────────────────────────────────────

    def _carry_out(
        self,
        tx: Transaction,
        act: Act,
        order: CorrectionOrder,
        post: Post,
        split: Split,
        *,
        is_urgent: bool,
        is_stopping: bool,
    ) -> Done:
        """Stop what has not gone out, then take back what went out or may have; everything of the old post is locked.

        A worker that is about to send sees at its last check that the post was stopped.
        """
        note = order.note.strip()
        stopped = Stopped(stopped=(), gone=(), under_way=())
        if is_stopping:
            if post.state not in FINAL:
                posts.end_open_lines(tx, posts.version(tx, post.id, post.version).id, "void")
                post = posts.move(tx, post, PostEvent.CANCELLED, who=act.person, note=note)
            stopped = self._circulation.stop(tx, post, who=act.person, note=note)
        deleting: list[Target] = []
        waiting: list[Target] = []
        for one in split.deleting:
            now = deliveries.lock(tx, one.delivery.id)
            if taking_back.delete(tx, now, who=act.person, is_urgent=is_urgent) is not None:
                (deleting if now.state is DeliveryState.SENT else waiting).append(one)
        others = [*split.cannot_recall, *split.forbidden, *split.unconsented]
        staying, left = (
            [one for one in some if _may_be_there(deliveries.get(tx, one.delivery.id))]
            for some in (others, split.others)
        )
        return Done(deleting=deleting, waiting=waiting, staying=staying, left=left, stopped=stopped)

    # ── afterwards ───────────────────────────────────────────────────────────────────────────────

    def _follow_up(self, tx: Transaction, act: Act, order: CorrectionOrder, post: Post, gone: Sequence[Target]) -> None:
        """Report to the managers; where the pack wants a consent that nobody gave, 後閲 is opened."""
        own, day = self._desk.city(post.city), self._desk.today()
        asking = [one for one in gone if one.ruling is Ruling.CONSENT]
        lacking = [one for one in asking if act.person not in self._looker.consent_from(post.city, one)]
        if lacking and sign_offs.of_post(tx, post.id) is None:
            clauses = list(dict.fromkeys(clause for one in lacking for clause in one.clauses))
            sign_offs.open_for(tx, city=post.city, post_id=post.id, clauses=clauses)
        told = {
            "code": "deletion_told_sign" if lacking else "deletion_told",
            "by": self._desk.person_name(act.city, act.person),
            "accounts": self._names(act.city, gone),
            "cause": order.cause,
            "note": order.note.strip(),
        }
        for person in own.with_role(Role.MANAGER, day):
            if person != act.person:
                notices.add(tx, city=post.city, kind=NoticeKind.ANSWER, post_id=post.id, person=person, params=told)

    def _tell_others(
        self,
        tx: Transaction,
        act: Act,
        order: CorrectionOrder,
        post: Post,
        left: Sequence[Target],
        people: Sequence[str],
    ) -> None:
        """Tell those who may delete where the person may not: nobody else can."""
        told = {
            "code": "deletion_wanted",
            "by": self._desk.person_name(act.city, act.person),
            "accounts": self._names(act.city, left),
            "cause": order.cause,
            "note": order.note.strip(),
        }
        for person in people:
            notices.add(tx, city=post.city, kind=NoticeKind.ANSWER, post_id=post.id, person=person, params=told)

    def _tell_of_rest(self, tx: Transaction, act: Act, order: CorrectionOrder, post: Post) -> None:
        """Tell the author that the newest version was not stopped: the same fault may be in it."""
        told = {
            "code": "deletion_not_stopped",
            "by": self._desk.person_name(act.city, act.person),
            "cause": order.cause,
            "note": order.note.strip(),
        }
        notices.add(tx, city=post.city, kind=NoticeKind.ANSWER, post_id=post.id, person=post.author, params=told)

    def _outcome(
        self,
        city: str,
        post: Post,
        split: Split,
        done: Done,
        draft: Post | None,
        asked: Sequence[Target],
        *,
        stands: Sequence[str],
    ) -> Outcome:
        staying = {one.account for one in done.staying}
        gone = {one.account for one in done.gone}
        tasks = [said for one in asked if one.account in gone for said in one.tasks]
        params = {
            "deleting": self._names(city, done.deleting),
            "waiting": self._names(city, done.waiting),
            "stopped": self._desk.account_names(city, done.stopped.stopped),
            "cannot_recall": self._names(city, [one for one in split.cannot_recall if one.account in staying]),
            "forbidden": self._names(city, [one for one in split.forbidden if one.account in staying]),
            "unconsented": self._names(city, [one for one in split.unconsented if one.account in staying]),
            "stands": "、".join(stands),
            "tasks_ja": "\n".join(dict.fromkeys(said.ja for said in tasks)),
            "tasks_en": "\n".join(dict.fromkeys(said.en for said in tasks)),
        }
        if draft is None and not gone and stands:
            return Outcome(code="correction_stands", number=post.label, params=params)
        if draft is None and not gone and done.left:
            return Outcome(code="deletion_left", number=post.label, params=params)
        if draft is None:
            return Outcome(code="deletion_ordered" if gone else "stopped_in_time", number=post.label, params=params)
        code = "deletion_ordered_draft" if gone else "correction_forced"
        return Outcome(code=code, number=post.label, params={**params, "draft": draft.label})

    def _names(self, city: str, targets: Sequence[Target]) -> str:
        return self._desk.account_names(city, [one.account for one in targets])


def _may_be_there(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.SENT or delivery.state not in DELIVERY_ENDED
