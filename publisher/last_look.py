"""Planning and judging what deliveries would send, many in as many statements as one."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from policy.model import ActionKind
from publisher import mapping
from publisher.delivery import DeliveryKind
from publisher.desk import answers_of, form_for
from publisher.errors import NotFoundError, Refusal
from publisher.ledger.outbound_port import one_by_one
from publisher.reviewing import Enquiry
from publisher.seal import seal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from platforms.port import Media, Plan
    from policy.model import Target
    from publisher.api import DraftForm
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.reviewing import Look, Reviewer
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.papers import Papers


MEDIA_NOT_HERE: Final = "media_not_here"
"""The code of a file that is attached and that this machine cannot read: the folder is not shared with it."""


@dataclass(frozen=True)
class Wanted:
    """A delivery with its papers, and the moment at which it would go out."""

    delivery: Delivery
    papers: Papers
    at: datetime

    @property
    def id(self) -> str:
        """The delivery's."""
        return self.delivery.id

    @cached_property
    def form(self) -> DraftForm:
        """What was written."""
        accounts = self.papers.accounts if self.delivery.kind is DeliveryKind.PUBLISH else ()
        return form_for(self.papers.post, self.papers.version, accounts)

    def is_seal_of(self, plan: Plan) -> bool:
        """Tell whether *plan* is what was approved, and approved is what the delivery says."""
        now = seal(plan, account=self.delivery.account, planned_at=self.papers.version.publish_at)
        return now == self.delivery.seal == self.papers.seal


class LastLook:
    """Looks at what deliveries would send.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges.
        circulation: Knows the consents, and how a repost is judged.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._circulation = circulation

    def look(self, tx: Transaction, several: Sequence[Wanted]) -> Mapping[str, Look | Exception]:
        """Plan and judge each at its moment, by the deliveries' ids; a file that is gone is that one's `Refusal`."""
        targets: dict[tuple[str, str, bool, datetime], Target] = {}
        made = one_by_one(lambda one: self._enquiry(tx, one, targets), several)
        enquiries = {name: one for name, one in made.items() if isinstance(one, Enquiry)}
        around = dict(zip(enquiries, self._reviewer.around(tx, list(enquiries.values())), strict=True))
        clear = [one for one in several if one.id in enquiries]
        looks = one_by_one(lambda one: self._reviewer.look_in(around[one.id], enquiries[one.id]), clear)
        return {name: one for name, one in made.items() if isinstance(one, Exception)} | looks

    def remembered(self, delivery: Delivery) -> Plan | None:
        """Return the plan that has a delivery's seal, where it is remembered and its files are here."""
        if delivery.kind is not DeliveryKind.PUBLISH or delivery.seal is None:
            return None
        plan = self._reviewer.sealed(delivery.version_id, delivery.account, delivery.seal)
        return None if plan is None or not all(media.path.exists() for media in plan.media) else plan

    def sealed_plan(self, one: Wanted) -> Plan | None:
        """Return the plan that was approved, where it can be told without judging, and remember it.

        Raises:
            Refusal: A file is gone.
        """
        return next((plan for plan in self.plans(one) if self.is_sealed(one, plan)), None)

    def is_sealed(self, one: Wanted, plan: Plan) -> bool:
        """Tell whether *plan* is what was approved, and remember it if it is."""
        is_same = one.is_seal_of(plan)
        if is_same and one.delivery.seal is not None:
            self._reviewer.keep_sealed(one.papers.version.id, one.delivery.account, one.delivery.seal, plan)
        return is_same

    def plans(self, one: Wanted) -> Iterator[Plan]:
        """Yield what is known without judging of what would be sent: one of them may be what was approved.

        Raises:
            Refusal: A file is gone.
        """
        delivery = one.delivery
        return self._reviewer.plans(delivery.city, delivery.account, one.form, self._files(one))

    def _files(self, one: Wanted) -> Sequence[Media]:
        """Return what is attached.

        Raises:
            Refusal: A file is gone; or this machine has none that the ledger knows, where others may have it.
        """
        known = one.papers.files
        for choice in one.form.media:
            if choice.sha256 in known and self._desk.media.path_of(choice.sha256) is None:
                raise Refusal(MEDIA_NOT_HERE, name=known[choice.sha256].name, machine=socket.gethostname())
        return self._desk.files_among(known, one.form.media)

    def _enquiry(self, tx: Transaction, one: Wanted, targets: dict[tuple[str, str, bool, datetime], Target]) -> Enquiry:
        delivery, papers = one.delivery, one.papers
        post, version = papers.post, papers.version
        media: Sequence[Media] = ()
        if delivery.source_id is not None:
            if papers.source is None:
                raise NotFoundError("there is no such delivery")
            key = (post.city, papers.source.account, post.is_emergency, one.at)
            if key not in targets:
                city, account, is_emergency, at = key
                targets[key] = self._circulation.repost_target(tx, city, account, is_emergency=is_emergency, at=at)
            case = mapping.repost_case(post, version, targets[key], at=one.at)
        else:
            media = self._files(one)
            case = mapping.Case(
                at=one.at,
                kind=ActionKind.CORRECT if papers.is_correction else ActionKind.PUBLISH,
                planned_at=delivery.planned_at,
                actor=mapping.actor_of_system(is_emergency=delivery.is_emergency),
                emergency=post.emergency_kind,
                answers=answers_of(version, papers.approvals),
                grants=self._circulation.grants_of(post.city, delivery.account, papers.approvals),
                written_at=version.created_at,
                declared=frozenset(version.declared),
            )
        return Enquiry(
            city=post.city, account=delivery.account, form=one.form, media=media, case=case, but_post=post.id
        )
