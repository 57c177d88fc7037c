"""The round: what submitting, approving and stopping do to a locked post, its lines and its deliveries.

The services check who may; here is what follows. Everything happens in the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from policy.model import Grant, Role
from publisher import mapping, routes
from publisher.city.model import DECIDING, WRITING, day_in_japan
from publisher.city.model import Role as CityRole
from publisher.correction_drafts import follow
from publisher.correction_looking import CorrectionLooker
from publisher.delivery import FINAL, STOPPABLE, TAKES_BACK, DeliveryEvent, DeliveryKind, DeliveryState
from publisher.desk import answers_of, form_of
from publisher.errors import Refusal
from publisher.explaining import why_blocked, why_refused
from publisher.post import PostEvent
from publisher.seal import seal
from publisher.store import attempts, audit, corrections, deliveries, posts
from publisher.targets import name_of_own

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from policy.model import Target
    from publisher.desk import Desk
    from publisher.reviewing import Look, Reviewer
    from publisher.store.deliveries import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.posts import Approval, Line, Post, Version
    from publisher.targets import Whitelists

_NOT_OUT: Final = frozenset({DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.SUPERSEDED})
"""States of a delivery beside which the same post may go to the same account again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What stopping a post's deliveries led to, as account keys."""

    stopped: tuple[str, ...]
    gone: tuple[str, ...]
    under_way: tuple[str, ...]


class Circulation:
    """Moves posts through their round.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges.
        whitelists: Says what an account is to the city.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, whitelists: Whitelists) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._whitelists = whitelists
        self._corrections = CorrectionLooker(desk, reviewer)

    def looks(
        self,
        tx: Transaction,
        post: Post,
        version: Version,
        *,
        grants: tuple[Grant, ...] = (),
        answers: Mapping[str, bool] | None = None,
        at: datetime | None = None,
        only: str | None = None,
    ) -> dict[str, Look]:
        """Plan and judge a version's accounts (or *only* one) as an ordinary post, by account, *at* a moment or now."""
        form = form_of(post, version, posts.lines_of(tx, version.id))
        case = self._reviewer.case_of(
            post.city,
            form,
            author=post.author,
            now=at or tx.now,
            written_at=version.created_at,
            is_for_owner=post.emergency_kind is not None,
        )
        answers = version.answers if answers is None else answers
        case = replace(
            case,
            kind=corrections.action_of(tx, post.id),
            emergency=post.emergency_kind,
            grants=grants,
            answers=answers,
            declared=frozenset(version.declared),
        )
        found = self._reviewer.look_at_all(tx, post.city, form, case, but_post=post.id, only=only)
        return {look.account: look for look in found}

    def submit(self, tx: Transaction, post: Post, version: Version, *, who: str, publish_at: datetime | None) -> Post:
        """Put a version into its round; lines without a step are approved at once.

        A version with a time and no latest useful time gets the city's default after its time, and ends with it.
        One with neither does not run out in its round, since nobody named a time that could pass, and a chief who is
        away for a day must not cost a post: whoever approves it says that it is still useful, and from then
        (or from the opening that it waits for) its deliveries have the city's default.

        Raises:
            Refusal: `plan_refused`, `policy_blocks`.
        """
        posts.mark_submitted(tx, version.id, who=who, publish_at=publish_at)
        if version.latest_at is None and publish_at is not None:
            posts.set_latest(tx, version.id, publish_at + self._default_latest(post))
        version = posts.version(tx, post.id, version.version)
        looks = self.looks(tx, post, version)
        for look in looks.values():
            self._refuse_what_cannot_go(post.city, look)
        post = posts.move(tx, post, PostEvent.SUBMITTED, who=who)
        for line in posts.lines_of(tx, version.id):
            found = looks.get(line.account)
            if found is None:
                raise Refusal("account_not_allowed", account=line.account)
            stops = self._reviewer.plan_route(post.city, found, section=post.section, author=post.author)
            posts.set_line(tx, line, route=[stop.as_json() for stop in stops], verdict=found.as_json())
            if not stops:
                self.approve_line(tx, post, version, line, found, who=who, opens_at=found.next_open)
        return self.settle(tx, post, version, who=who, note="empty_route")

    def _refuse_what_cannot_go(self, city: str, look: Look) -> None:
        name = self._desk.account_name(city, look.account)
        if look.plan.is_refused:
            raise Refusal("plan_refused", **{**why_refused(look), "account": name})
        if look.is_blocked:
            raise Refusal("policy_blocks", account=name, **why_blocked(look))

    def approve_line(
        self,
        tx: Transaction,
        post: Post,
        version: Version,
        line: Line,
        look: Look,
        *,
        who: str,
        opens_at: datetime | None = None,
    ) -> Delivery | None:
        """Seal an open line and make its deliveries; None where this post is out on the account already.

        Args:
            tx: The transaction.
            post: The locked post.
            version: Its newest version.
            line: The line.
            look: What goes out.
            who: Who approved.
            opens_at: The opening it waits for; None: it goes at its time, or at once.

        Raises:
            Refusal: `correction_way_changed`.
        """
        self._corrections.require_way(tx, post, line.account)
        sealed = seal(look.plan, account=line.account, planned_at=version.publish_at)
        posts.set_line(tx, line, state="approved", seal=sealed, verdict=look.as_json())
        self._reviewer.keep_sealed(version.id, line.account, sealed, look.plan)
        facts = {"account": line.account, "seal": sealed, "decision": look.verdict.decision}
        if self._is_out(tx, post, line.account, DeliveryKind.PUBLISH):
            audit.append(
                tx, city=post.city, who=who, kind="line_out_already", post_id=post.id, facts={"account": line.account}
            )
            return None
        audit.append(tx, city=post.city, who=who, kind="line_approved", post_id=post.id, facts=facts)
        planned_at = _due_at(version, tx.now, opens_at)
        latest_at = version.latest_at or planned_at + self._default_latest(post)
        delivery = deliveries.create(
            tx,
            city=post.city,
            post_id=post.id,
            version_id=version.id,
            account=line.account,
            platform=look.platform,
            kind=DeliveryKind.PUBLISH,
            # What would come too late at the opening is taken up at once: the last check then asks a person.
            due_at=planned_at if planned_at <= latest_at else tx.now,
            planned_at=planned_at,
            latest_at=latest_at,
            seal=sealed,
            is_emergency=post.is_emergency,
            who=who,
        )
        follow(tx, post, line.account, who=who, due_at=delivery.due_at)
        for mirror in self._desk.city(post.city).mirrors_of(line.account):
            self.repost(tx, post, version, delivery, mirror, who=who)
        return delivery

    def repost(
        self, tx: Transaction, post: Post, version: Version, source: Delivery, account: str, *, who: str
    ) -> None:
        """Make the repost of *source* by *account*, unless the post goes there anyway, or a pack forbids it."""
        lines = {line.account for line in posts.lines_of(tx, version.id) if line.state in {"open", "approved"}}
        if account in lines or self._is_out(tx, post, account, None):
            return
        look = self.look_at_repost(tx, post, version, account, source.account)
        if look.is_blocked:
            facts = {"account": account, "rule": look.verdict.findings[0].rule}
            audit.append(tx, city=post.city, who=who, kind="repost_left_out", post_id=post.id, facts=facts)
            return
        deliveries.create(
            tx,
            city=post.city,
            post_id=post.id,
            version_id=version.id,
            account=account,
            platform=look.platform,
            kind=DeliveryKind.REPOST,
            due_at=source.due_at,
            planned_at=source.planned_at,
            latest_at=source.latest_at,
            seal=source.seal,
            is_emergency=post.is_emergency,
            source_id=source.id,
            who=who,
        )

    def look_at_repost(
        self, tx: Transaction, post: Post, version: Version, account: str, source: str, *, at: datetime | None = None
    ) -> Look:
        """Judge the repost of *source*'s post by *account*, done by the system itself (A11); *at* a moment, or now."""
        case = self.repost_case(tx, post, version, source, at=at or tx.now)
        return self._reviewer.look(tx, post.city, account, form_of(post, version, []), (), case, but_post=post.id)

    def repost_case(self, tx: Transaction, post: Post, version: Version, source: str, *, at: datetime) -> mapping.Case:
        """Return what is asked of a pack about the repost of *source*'s post at an instant."""
        target = self.repost_target(tx, post.city, source, is_emergency=post.is_emergency, at=at)
        return mapping.repost_case(post, version, target, at=at)

    def repost_target(self, tx: Transaction, city: str, source: str, *, is_emergency: bool, at: datetime) -> Target:
        """Return what the account *source* is to whoever reposts it, at an instant."""
        own = self._desk.city(city)
        return self._whitelists.target_for(
            tx,
            city,
            own.accounts[source].platform,
            name_of_own(own, source),
            about_city=True,
            is_disaster=is_emergency,
            at=at,
        )

    def settle(self, tx: Transaction, post: Post, version: Version, *, who: str, note: str = "") -> Post:
        """Approve the post once no line is open, and close it where nothing is left to go out."""
        if any(line.is_open for line in posts.lines_of(tx, version.id)):
            return post
        post = posts.move(tx, post, PostEvent.APPROVED, who=who, note=note)
        if all(delivery.state in FINAL for delivery in deliveries.of_post(tx, post.id)):
            post = posts.move(tx, post, PostEvent.CLOSED, who=deliveries.LEDGER)
        return post

    def stop(self, tx: Transaction, post: Post, *, who: str, note: str = "") -> Stopped:
        """Stop what has not gone out. The post's own state was changed before, so that workers see it.

        What an earlier call may have published stays as it is: it is found out, or a person says, whether it is there.
        """
        stopped: list[str] = []
        gone: list[str] = []
        under_way: list[str] = []
        for one in deliveries.of_post(tx, post.id):
            if one.kind in TAKES_BACK:
                continue  # who stops a post wants it away: nothing that takes it back stops
            now = deliveries.lock(tx, one.id)  # stopping a source ends its reposts, and a worker may just claim it
            if now.state not in FINAL and attempts.are_doubtful(tx, {now.id}):
                under_way.append(one.account)
            elif now.state in STOPPABLE:
                change = deliveries.Change(note=note)
                deliveries.apply(tx, one.id, DeliveryEvent.CANCELLED, who=who, change=change)
                stopped.append(one.account)
            elif now.state is DeliveryState.SENT:
                gone.append(one.account)
            elif now.state not in FINAL:
                under_way.append(one.account)
            elif one.state is not now.state:
                stopped.append(one.account)
        return Stopped(stopped=tuple(stopped), gone=tuple(gone), under_way=tuple(under_way))

    def with_a_say(self, tx: Transaction, post: Post) -> Sequence[str]:
        """Return who may stop a post: the drafting section, the owners of its accounts, the managers, its author.

        Of a post of `/sns now` also those who may send one.
        """
        own, day = self._desk.city(post.city), self._desk.today()
        lines = posts.lines_of(tx, posts.version(tx, post.id, post.version).id)
        owners = {own.accounts[line.account].section for line in lines if line.account in own.accounts}
        found = [
            *(key for key in (post.author,) if key in own.people and own.positions_of(key, day)),
            *(
                key
                for section in (post.section, *sorted(owners))
                for role in sorted(WRITING | DECIDING)
                for key in own.with_role(role, day, section)
            ),
            *own.with_role(CityRole.MANAGER, day),
            *(own.with_role(CityRole.EMERGENCY, day) if post.is_emergency else ()),
        ]
        return list(dict.fromkeys(found))

    def look_with_consents(
        self,
        tx: Transaction,
        post: Post,
        version: Version,
        line: Line,
        *,
        at: datetime | None = None,
        more: Mapping[str, bool] | None = None,
    ) -> Look | None:
        """Judge one line with every consent and every answer of its round so far; None for an account that is gone.

        Args:
            tx: The transaction.
            post: The post.
            version: Its version.
            line: The line.
            at: A moment; None: now.
            more: Answers as if they had been given too.
        """
        given = [approval for approval in posts.approvals_of(tx, version.id) if approval.line_id == line.id]
        answers = answers_of(version, given) | dict(more or {})
        grants = self.grants_of(post.city, line.account, given)
        found = self.looks(tx, post, version, grants=grants, answers=answers, at=at, only=line.account)
        return found.get(line.account)

    def open_stops(self, tx: Transaction, post: Post) -> Sequence[tuple[Line, routes.Stop]]:
        """Return the open lines of the newest version with the step that each waits for."""
        return routes.open_stops(posts.lines_of(tx, posts.version(tx, post.id, post.version).id))

    def waiting_for(self, tx: Transaction, post: Post) -> tuple[str, ...]:
        """Return those who can decide what is open now; nobody who wrote it."""
        version = posts.version(tx, post.id, post.version)
        return self.deciders_of(post, version, posts.lines_of(tx, version.id))

    def deciders_of(self, post: Post, version: Version, lines: Sequence[Line]) -> tuple[str, ...]:
        """Return those who can decide the open ones of *lines* now; nobody who wrote the post or its last version."""
        own, day = self._desk.city(post.city), self._desk.today()
        people = (person for _, stop in routes.open_stops(lines) for person in stop.deciders(own, day))
        return tuple(dict.fromkeys(person for person in people if person not in {post.author, version.editor}))

    def deliveries_of(self, tx: Transaction, version: Version) -> Sequence[Delivery]:
        """Return a version's deliveries that have not ended."""
        return [one for one in deliveries.of_version(tx, version.id) if one.state not in FINAL]

    def grants_of(self, city: str, account: str, approvals: Sequence[Approval]) -> tuple[Grant, ...]:
        """Return the consents that approvals with a reason give, by the roles their people held then."""
        own = self._desk.city(city)
        return tuple(
            Grant(role=role, reason=approval.note)
            for approval in approvals
            if approval.decision == "approve" and approval.note.strip()
            for role in Role
            if approval.person in routes.role_holders(own, role, account, day_in_japan(approval.decided_at))
        )

    def _default_latest(self, post: Post) -> timedelta:
        own = self._desk.city(post.city).defaults
        return timedelta(minutes=own.emergency_latest_minutes if post.is_emergency else own.latest_minutes)

    @staticmethod
    def _is_out(tx: Transaction, post: Post, account: str, kind: DeliveryKind | None) -> bool:
        return any(
            one.account == account and kind in {None, one.kind} and one.state not in _NOT_OUT
            for one in deliveries.of_post(tx, post.id)
        )


def _due_at(version: Version, now: datetime, opens_at: datetime | None) -> datetime:
    if version.publish_at is not None and version.publish_at > now:
        return version.publish_at
    return opens_at or now
