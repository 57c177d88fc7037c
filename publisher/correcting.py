"""`/sns correct` (`publisher.api.Correcting`): following a post wherever it went.

An ordinary correction is a new post in the ordinary round. What must go at once is deleted by one person's order, and
its sign-off follows afterwards where the pack wants one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.api import CorrectionForm, CorrectionTarget, Outcome
from publisher.city.model import DECIDING, WRITING, Role
from publisher.correction_drafts import open_draft, record, tell_author
from publisher.correction_looking import CorrectionLooker
from publisher.correction_ways import CAUSES, ordinary_way
from publisher.deleting import AtOnce
from publisher.delivery import CLAIMABLE, DeliveryState
from publisher.desk import find_post, lock_post
from publisher.errors import Refusal
from publisher.post import FINAL, PostState
from publisher.store import corrections, erasures, posts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.api import Act, CorrectionOrder
    from publisher.circulation import Circulation
    from publisher.correction_looking import Target
    from publisher.desk import Desk
    from publisher.reviewing import Reviewer
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post

EXCERPT_CHARS: Final = 120
_ERROR: Final = CAUSES["wrong_content"]
_TIMED: Final = CLAIMABLE | {DeliveryState.WAITING}
"""States of a publication whose time lies ahead."""
_BEFORE: Final = {
    PostState.DRAFT: "correct_draft",
    PostState.RETURNED: "correct_returned",
    PostState.SUBMITTED: "correct_submitted",
    PostState.APPROVED: "correct_approved",
}
"""How to change a post of which nothing is out, by its state."""


class CorrectingDesk:
    """Correcting.

    Args:
        desk: The shared collaborators.
        reviewer: Asks the packs.
        circulation: Stops what has not gone out.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation) -> None:
        self._desk = desk
        self._looker = CorrectionLooker(desk, reviewer)
        self._at_once = AtOnce(desk, self._looker, circulation)

    # ── looking ──────────────────────────────────────────────────────────────────────────────────

    def look(self, city: str, person: str, number: str) -> CorrectionForm:
        """Return where a post went and what can be done there; nothing changes.

        Raises:
            Refusal: `no_such_post`, `nothing_to_correct`, `not_yours_to_correct` (param `who`), `erased_already`; where
                nothing of it is out `correct_draft`, `correct_returned`, `correct_submitted`, `correct_approved`,
                `never_out`.
        """
        with self._desk.database.reading() as tx:
            post = find_post(tx, city, number)
            targets = self._looker.targets(tx, post, _ERROR, person=person)
            self._require_say(post, person, targets)
            self._require_content(tx, post)
            deleters = self._deleters(post, targets)
            is_ahead = not any(one.is_there_or_may_be for one in targets)
            if is_ahead and (person not in deleters or not any(one.is_ahead for one in targets)):
                raise self._nothing_out(post, targets)
            if not any(one.is_left or one.can_go_sooner for one in targets):
                raise Refusal("nothing_to_correct", number=post.label)
            made = [one.by_post_id for one in corrections.of_post(tx, post.id) if one.by_post_id is not None]
            text = " ".join(posts.version(tx, post.id, post.version).text.split())
            return CorrectionForm(
                number=post.label,
                excerpt=text if len(text) <= EXCERPT_CHARS else text[:EXCERPT_CHARS] + "…",
                targets=tuple(self._target_view(city, one) for one in targets if one.is_out or one.is_left),
                causes=tuple(key for key, cause in CAUSES.items() if cause.is_urgent or not is_ahead),
                urgent=frozenset(key for key, cause in CAUSES.items() if cause.is_urgent),
                may_delete=person in deleters,
                delete_from=tuple(self._desk.person_name(city, one) for one in deleters),
                is_emergency=post.is_emergency,
                is_ahead=is_ahead,
                corrected_by=tuple(dict.fromkeys(corrections.numbers(tx, made).values())),
            )

    @staticmethod
    def _nothing_out(post: Post, targets: Sequence[Target]) -> Refusal:
        """Say what to do with a post of which nothing is out: that differs with where it is in its round."""
        if any(one.is_deleted for one in targets):
            return Refusal("nothing_to_correct", number=post.label)
        return Refusal(_BEFORE.get(post.state, "never_out"), number=post.label)

    def _target_view(self, city: str, target: Target) -> CorrectionTarget:
        message, citation = target.words
        is_gone = target.deletion is not None and target.deletion.state is DeliveryState.SENT
        return CorrectionTarget(
            account=target.account,
            account_name=self._desk.account_name(city, target.account),
            platform=target.delivery.platform,
            url=None if is_gone else target.delivery.url,
            sent_at=target.delivery.sent_at,
            is_deleted=target.is_deleted,
            can_recall=target.can_recall,
            way=ordinary_way(target.ruling, can_recall=target.can_recall),
            ruling=target.ruling,
            message=message,
            citation=citation,
            consent_from=tuple(self._desk.person_name(city, one) for one in self._looker.consent_from(city, target)),
            is_ahead=target.is_ahead,
            due_at=target.delivery.due_at if target.is_ahead and target.delivery.state in _TIMED else None,
            is_gone=is_gone,
            deletes_at=target.deletes_at,
            is_deletion_asked=target.can_go_sooner and target.deletes_at is None,
        )

    # ── who may ──────────────────────────────────────────────────────────────────────────────────

    def _with_roles(self, post: Post, targets: Sequence[Target], roles: frozenset[Role]) -> list[str]:
        """Return who holds one of *roles* in the drafting section, or where the accounts belong."""
        own, day = self._desk.city(post.city), self._desk.today()
        owners = sorted({own.accounts[one.account].section for one in targets})
        sections = dict.fromkeys([post.section, *owners])
        return [key for section in sections for role in sorted(roles) for key in own.with_role(role, day, section)]

    def _everywhere(self, post: Post) -> list[str]:
        own, day = self._desk.city(post.city), self._desk.today()
        return [key for role in (Role.MANAGER, Role.EMERGENCY) for key in own.with_role(role, day)]

    def _deleters(self, post: Post, targets: Sequence[Target]) -> tuple[str, ...]:
        """Return who may delete at once: whoever runs the accounts or decides there, managers, emergency senders."""
        here = self._with_roles(post, targets, DECIDING | {Role.OPERATOR})
        return tuple(dict.fromkeys([*here, *self._everywhere(post)]))

    def _require_say(self, post: Post, person: str, targets: Sequence[Target]) -> None:
        here = self._with_roles(post, targets, WRITING | DECIDING)
        allowed = tuple(dict.fromkeys([*here, *self._everywhere(post)]))
        if person not in allowed:
            raise Refusal("not_yours_to_correct", who=self._desk.person_names(post.city, allowed))

    def _require_content(self, tx: Transaction, post: Post) -> None:
        erasure = erasures.confirmed_of_post(tx, post.id)
        if erasure is not None:
            by = self._desk.person_name(post.city, erasure.decided_by or "")
            at = (erasure.decided_at or tx.now).isoformat()
            raise Refusal("erased_already", number=post.label, by=by, at=at)

    # ── acting ───────────────────────────────────────────────────────────────────────────────────

    def correct(self, act: Act, order: CorrectionOrder) -> Outcome:
        """Open the draft of a correcting post, or delete at once, or both, as the packs rule.

        Outcomes and refusals: `publisher.api.Correcting`.
        """
        if order.cause not in CAUSES:
            raise Refusal("cause_unknown", field="cause", name=order.cause)
        return self._desk.once(act, lambda tx: self._correct(tx, act, order))

    def _correct(self, tx: Transaction, act: Act, order: CorrectionOrder) -> Outcome:
        cause, note = CAUSES[order.cause], order.note.strip()
        post = lock_post(tx, act.city, order.number)
        targets = self._looker.targets(tx, post, cause, person=act.person, note=note)
        self._require_say(post, act.person, targets)
        self._require_content(tx, post)
        is_at_once = cause.is_urgent or order.is_at_once
        left = [one for one in targets if one.is_left or (one.can_go_sooner and is_at_once)]
        if not left:
            raise self._nothing_out(post, targets)
        if is_at_once:
            self._require_deleter(act, post, left, note)
            deleters = {one.account: self._deleters(post, [one]) for one in left}
            return self._at_once.delete(tx, act, order, post, left, deleters=deleters)
        ahead = [one for one in left if one.is_ahead]
        if len(ahead) == len(left):
            raise self._nothing_out(post, targets)
        self._refuse_second(tx, post, left)
        ways = {one.account: ordinary_way(one.ruling, can_recall=one.can_recall) for one in left}
        draft = open_draft(tx, act, post, left, ways, is_urgent=False)
        for one in left:
            record(tx, act, order, post, one, ways[one.account], by=draft)
        tell_author(tx, act, post, draft, by=self._desk.person_name(act.city, act.person))
        params = {"draft": draft.label, "ahead": self._desk.account_names(act.city, [one.account for one in ahead])}
        return Outcome(code="correction_opened", number=post.label, params=params)

    def _require_deleter(self, act: Act, post: Post, targets: Sequence[Target], note: str) -> None:
        deleters = self._deleters(post, targets)
        if act.person not in deleters:
            raise Refusal("not_yours_to_delete", who=self._desk.person_names(post.city, deleters))
        if not note:
            raise Refusal("note_missing", field="note")

    def _refuse_second(self, tx: Transaction, post: Post, targets: Sequence[Target]) -> None:
        """Refuse a second draft for the same accounts while the first is still in its round."""
        accounts = {one.account for one in targets}
        for one in corrections.of_post(tx, post.id):
            if one.by_post_id is None or one.account not in accounts:
                continue
            other = posts.by_id(tx, one.by_post_id)
            if other.state not in FINAL:
                raise Refusal("corrected_already", number=post.label, draft=other.label)
