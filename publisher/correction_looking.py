"""Where a post went, and what each account's pack says of taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from platforms.port import Capability
from policy.model import ActionKind, Decision, Grant, Role
from publisher import mapping, routes
from publisher.correction_ways import CAUSES, Ruling, Way, ordinary_way, ruling_of
from publisher.delivery import FINAL, DeliveryKind, DeliveryState
from publisher.desk import form_of
from publisher.errors import Refusal
from publisher.store import corrections, deliveries, posts, taking_back

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publisher.api import Citation, Said
    from publisher.correction_ways import Cause
    from publisher.desk import Desk
    from publisher.reviewing import Look, Reviewer
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post

_ENDED_INSIDE = FINAL - {DeliveryState.SENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A publication of a post on one account, and what its pack says of deleting it."""

    delivery: Delivery
    look: Look
    ruling: Ruling
    can_recall: bool
    """The platform lets posts be deleted."""
    deletion: Delivery | None
    """What deletes it, or has deleted it; None where nobody ordered that, or the order was called off."""
    at: datetime
    """When this was looked at."""

    @property
    def account(self) -> str:
        """The account's key."""
        return self.delivery.account

    @property
    def is_out(self) -> bool:
        """True where the platform's receipt is there."""
        return self.delivery.state is DeliveryState.SENT

    @property
    def is_deleted(self) -> bool:
        """True where it was deleted, or its deletion is ordered."""
        return self.deletion is not None

    @property
    def deletes_at(self) -> datetime | None:
        """When it is to be deleted, where that lies ahead and nobody has begun it."""
        ordered = self.deletion
        is_ahead = ordered is not None and ordered.state in taking_back.AHEAD and ordered.due_at > self.at
        return ordered.due_at if ordered is not None and is_ahead else None

    @property
    def can_go_sooner(self) -> bool:
        """True where its deletion is ordered for later, or asked about: who may delete at once need not wait."""
        is_asked = self.deletion is not None and self.deletion.state is DeliveryState.ASKED
        return is_asked or self.deletes_at is not None

    @property
    def is_ahead(self) -> bool:
        """True where it has yet to go out: no call was ever made."""
        return self.delivery.state not in FINAL and not self.delivery.attempts

    @property
    def is_there_or_may_be(self) -> bool:
        """True where it went out, or a call was made whose end is not known, and nobody has deleted it."""
        is_gone = self.deletion is not None and self.deletion.state is DeliveryState.SENT
        return self.delivery.state not in _ENDED_INSIDE and not self.is_ahead and not is_gone

    @property
    def is_left(self) -> bool:
        """True where it can be put right: it is out or may yet be, and it is not being taken back."""
        return self.delivery.state not in _ENDED_INSIDE and not self.is_deleted

    @property
    def words(self) -> tuple[Said | None, Citation | None]:
        """The pack's own words on the deletion with their clause, where it has any."""
        finding = next((one for one in self.look.verdict.findings if one.next_open is None), None)
        if finding is None:
            return None, None
        cited = mapping.citation_of(self.look.pack, finding.clauses[0]) if finding.clauses else None
        return mapping.said(finding.message), cited

    @property
    def tasks(self) -> Sequence[Said]:
        """What the pack wants done besides a deletion."""
        return [mapping.said(task.title) for task in self.look.verdict.tasks]

    @property
    def clauses(self) -> Sequence[str]:
        """The clauses that want a consent."""
        asking = [one for one in self.look.verdict.findings if one.effect is Decision.ESCALATE]
        return [clause for one in asking for clause in one.clauses]


class CorrectionLooker:
    """Looks.

    Args:
        desk: The shared collaborators.
        reviewer: Asks the packs.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer) -> None:
        self._desk = desk
        self._reviewer = reviewer

    def targets(self, tx: Transaction, post: Post, cause: Cause, *, person: str, note: str = "") -> Sequence[Target]:
        """Return the publications of *post* with what the packs say if *person* deletes them for *cause* now.

        A *note* is the reason with which the person's own consent counts. Accounts that left the city's file are left
        out: nothing reaches them.
        """
        own = self._desk.city(post.city)
        return [
            self._target(tx, post, one, cause, person=person, note=note)
            for one in deliveries.of_post(tx, post.id)
            if one.kind is DeliveryKind.PUBLISH and one.account in own.accounts
        ]

    def require_way(self, tx: Transaction, by: Post, account: str) -> None:
        """Ask the pack again whether what a post puts right on an account may be deleted and posted anew.

        Its words say that the old post is gone; the pack may have changed since they were written.

        Raises:
            Refusal: `correction_way_changed` (params `number`, `account`).
        """
        for one in corrections.by_post(tx, by.id):
            if one.account != account or one.way != Way.DELETE_AND_REPOST:
                continue
            old, cause = posts.by_id(tx, one.post_id), CAUSES[one.reason]
            targets = self.targets(tx, old, cause, person=one.made_by, note=one.note)
            staying = [each for each in targets if each.account == account and each.is_left and not each.is_ahead]
            ways = {ordinary_way(each.ruling, can_recall=each.can_recall) for each in staying}
            if ways - {Way.DELETE_AND_REPOST}:
                name = self._desk.account_name(by.city, account)
                raise Refusal("correction_way_changed", number=old.label, account=name)

    def consent_from(self, city: str, target: Target) -> tuple[str, ...]:
        """Return those whose consent the pack wants for the deletion."""
        role, own = target.look.role_needed, self._desk.city(city)
        return () if role is None else routes.role_holders(own, role, target.account, self._desk.today())

    def _target(
        self, tx: Transaction, post: Post, delivery: Delivery, cause: Cause, *, person: str, note: str
    ) -> Target:
        own, day = self._desk.city(post.city), self._desk.today()
        account = delivery.account
        held = (role for role in Role if person in routes.role_holders(own, role, account, day))
        case = (
            mapping.Case(  # of nobody: who may is the service's to say, and a pack's rules on officers are for posting
                at=tx.now,
                kind=ActionKind.DELETE,
                grants=tuple(Grant(role=role, reason=note) for role in held) if note else (),
                removal=cause.removal,
            )
        )
        form = form_of(post, posts.version_by_id(tx, delivery.version_id), ())
        look = self._reviewer.look(tx, post.city, account, form, (), case, but_post=post.id)
        capabilities = self._desk.platforms[delivery.platform].limits.capabilities
        return Target(
            delivery=delivery,
            look=look,
            ruling=ruling_of(look),
            can_recall=Capability.DELETE in capabilities,
            deletion=taking_back.deletion_of(tx, delivery.id),
            at=tx.now,
        )
