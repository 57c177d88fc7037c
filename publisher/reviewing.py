"""Looking at a version before it goes anywhere: each account's plan, and what its pack says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from policy import judge
from policy.model import ActionKind, Decision, Role
from policy.readings import Readings
from publisher import mapping, routes
from publisher.api import FindingView, Pane, Said, StepView
from publisher.circumstances import Spot
from publisher.plans import PlanBook
from publisher.questions import answers_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from platforms.port import Media, Message, Plan
    from policy.facts import Facts
    from policy.model import Action, Verdict
    from policy.pack import Pack
    from publisher.api import DraftForm
    from publisher.circumstances import Circumstances, Surroundings
    from publisher.city import City
    from publisher.desk import Desk
    from publisher.pack_shelf import Held
    from publisher.routes import Stop
    from publisher.store.engine import Transaction
    from publisher.store.posts import Approval, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One account's version: what would be sent, and what its pack says."""

    account: str
    platform: str
    held: Held
    """The pack that judged it, and which text of it."""
    plan: Plan
    """What would be sent; for a repost nothing is, and only the verdict counts."""
    verdict: Verdict
    text: str = ""
    """What was judged: its places are those of the findings."""
    is_repost: bool = False

    @property
    def pack(self) -> Pack:
        """The pack that judged it."""
        return self.held.pack

    @property
    def is_blocked(self) -> bool:
        """True where the pack forbids it and nobody can lift that."""
        return self.verdict.decision is Decision.BLOCK

    @property
    def next_open(self) -> datetime | None:
        """The opening that hours make it wait for, in UTC, or None."""
        opening = self.verdict.next_open
        return None if opening is None else opening.astimezone(UTC)

    @property
    def role_needed(self) -> str | None:
        """The role whose consent something other than hours needs, or None."""
        for finding in self.verdict.findings:
            if finding.effect is Decision.ESCALATE and finding.next_open is None:
                return (finding.role or Role.MANAGER).value
        return None

    def as_json(self) -> dict[str, Any]:
        """Return what the line keeps of it: the decision, the rules and clauses behind it, the completed text."""
        return {
            "decision": self.verdict.decision,
            "findings": [
                {"rule": one.rule, "effect": one.effect, "clauses": list(one.clauses)} for one in self.verdict.findings
            ],
            "pack": self.pack.name,
            "edition": self.pack.edition,
            "pack_sha256": self.held.sha256,
            "text": self.plan.text,
            "refusals": [remark.code for remark in self.plan.refusals],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One account's version, about which somebody asks."""

    city: str
    account: str
    form: DraftForm
    media: Sequence[Media]
    """The form's files."""
    case: mapping.Case
    but_post: str | None
    """The post itself, which is no earlier post; None: there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a pack is asked about one account's version, and the pack that is asked."""

    message: Message
    plan: Plan
    """As the author wrote it, without what the policy completes."""
    action: Action
    facts: Facts
    held: Held


class Reviewer:
    """Plans and judges.

    Args:
        desk: The shared collaborators.
        circumstances: Looks around.
    """

    def __init__(self, desk: Desk, circumstances: Circumstances) -> None:
        self._desk = desk
        self._circumstances = circumstances
        self._book = PlanBook(desk.platforms)
        self._readings = Readings()

    def look(
        self,
        tx: Transaction,
        city: str,
        account: str,
        form: DraftForm,
        media: Sequence[Media],
        case: mapping.Case,
        *,
        but_post: str | None,
    ) -> Look:
        """Plan and judge one account's version; a text that the policy completes is taken where it still fits."""
        enquiry = Enquiry(city=city, account=account, form=form, media=media, case=case, but_post=but_post)
        (around,) = self.around(tx, [enquiry])
        return self.look_in(around, enquiry)

    def around(self, tx: Transaction, enquiries: Sequence[Enquiry]) -> Sequence[Surroundings]:
        """Return what holds around each enquiry, in their order, read in as many statements as for one.

        Raises:
            ConfigurationError: A stored pack cannot be read by this program.
        """
        return self._circumstances.around(tx, [self._spot_of(one) for one in enquiries])

    def look_in(self, around: Surroundings, enquiry: Enquiry) -> Look:
        """Do as `look`, with what `around` returned; nothing is read."""
        asked = self._asked(around, enquiry)
        plan, verdict = asked.plan, judge(asked.held.pack, asked.action, asked.facts, self._readings)
        if verdict.text is not None and not plan.is_refused:
            completed = self._book.plan(plan.platform, replace(asked.message, text=verdict.text))
            if not completed.is_refused:
                plan = completed
                self._book.keep_completed(enquiry.city, plan.platform, asked.message, plan)
        return Look(
            account=enquiry.account,
            platform=plan.platform,
            held=asked.held,
            plan=plan,
            verdict=verdict,
            text=asked.action.text,
            is_repost=enquiry.case.kind is ActionKind.REPOST,
        )

    def plans(self, city: str, account: str, form: DraftForm, media: Sequence[Media]) -> Iterator[Plan]:
        """Plan one account's version as a pack was last seen to complete it, then as it was written; nothing is judged.

        Which of them was approved, if any, only the seal can say.
        """
        own = self._desk.city(city)
        name = own.accounts[account].platform
        message = self._message(own, name, form, media)
        completed = self._book.completed(city, name, message)
        if completed is not None:
            yield completed
        yield self._book.plan(name, message)

    def keep_sealed(self, version_id: str, account: str, seal: str, plan: Plan) -> None:
        """Remember what was approved of a version on an account, or proved to be that: *seal* is its seal."""
        self._book.keep_sealed(version_id, account, seal, plan)

    def sealed(self, version_id: str, account: str, seal: str) -> Plan | None:
        """Return the plan that has that seal, where it is remembered."""
        return self._book.sealed(version_id, account, seal)

    def forget_texts(self) -> None:
        """Forget the texts that were planned and judged before."""
        self._book.forget()
        self._readings.forget()

    def _message(self, own: City, platform: str, form: DraftForm, media: Sequence[Media]) -> Message:
        chosen = [self._desk.platforms[own.accounts[key].platform] for key in form.accounts if key in own.accounts]
        return mapping.message_for(form, platform, mapping.share_of(media, self._desk.platforms[platform], chosen))

    def ask(
        self,
        tx: Transaction,
        city: str,
        account: str,
        form: DraftForm,
        media: Sequence[Media],
        case: mapping.Case,
        *,
        but_post: str | None,
    ) -> Asked:
        """Put together what a pack is asked about one account's version."""
        enquiry = Enquiry(city=city, account=account, form=form, media=media, case=case, but_post=but_post)
        (around,) = self.around(tx, [enquiry])
        return self._asked(around, enquiry)

    def _spot_of(self, enquiry: Enquiry) -> Spot:
        platform = self._desk.city(enquiry.city).accounts[enquiry.account].platform
        return Spot(
            city=enquiry.city,
            account=enquiry.account,
            at=enquiry.case.at,
            text=mapping.text_for(enquiry.form, platform),
            but_post=enquiry.but_post,
        )

    def _asked(self, around: Surroundings, enquiry: Enquiry) -> Asked:
        own, case = self._desk.city(enquiry.city), enquiry.case
        name = own.accounts[enquiry.account].platform
        message = self._message(own, name, enquiry.form, enquiry.media)
        plan = self._book.plan(name, message)
        action = mapping.action_of(
            own,
            enquiry.account,
            enquiry.form,
            message.media,
            case,
            answers=answers_for(around.held.pack, case.answers),
            history=around.history,
        )
        planned = partial(self._book.plan, name)
        facts = mapping.facts_of(own, planned, plan, case.written_at, around)
        return Asked(message=message, plan=plan, action=action, facts=facts, held=around.held)

    def look_at_all(
        self,
        tx: Transaction,
        city: str,
        form: DraftForm,
        case: mapping.Case,
        *,
        but_post: str | None = None,
        only: str | None = None,
    ) -> tuple[Look, ...]:
        """Plan and judge the accounts of a form (or *only* one) in their order, but for those that left the file."""
        media = self._desk.files(tx, city, form.media)
        wanted = form.accounts if only is None else (only,)
        known = (account for account in wanted if account in self._desk.city(city).accounts)
        return tuple(
            self.look(tx, city, account, form, media, self.case_for(city, account, case), but_post=but_post)
            for account in known
        )

    def case_for(self, city: str, account: str, case: mapping.Case) -> mapping.Case:
        """Return *case* as one account has it: its own section acts where it takes drafts of others."""
        own = self._desk.city(city)
        if case.actor is None or not (case.is_for_owner or routes.takes_drafts(own, account)):
            return case
        section = mapping.section_name(own, own.accounts[account].section)
        return replace(case, actor=replace(case.actor, section=section))

    def case_of(
        self, city: str, form: DraftForm, *, author: str, now: datetime, written_at: datetime, is_for_owner: bool
    ) -> mapping.Case:
        """Return what is asked of the packs about an ordinary post of *author* at the time it would go out."""
        at = form.publish_at if form.publish_at is not None and form.publish_at > now else now
        actor = mapping.actor_of(self._desk.city(city), author, form.section, now)
        return mapping.Case(
            at=at, planned_at=form.publish_at, actor=actor, written_at=written_at, is_for_owner=is_for_owner
        )

    def plan_route(self, city: str, look: Look, *, section: str, author: str) -> tuple[Stop, ...]:
        """Return the steps for one line today."""
        own, day = self._desk.city(city), self._desk.today()
        stops = routes.plan_route(own, look.account, look.verdict.route, section=section, author=author, day=day)
        if look.role_needed is None:
            return stops
        return routes.with_consent(own, look.account, stops, look.role_needed, day)

    def pane(self, city: str, look: Look, stops: Sequence[Stop], decided: Mapping[int, Approval] | None = None) -> Pane:
        """Return one account's version for showing."""
        own, day = self._desk.city(city), self._desk.today()
        account = own.accounts[look.account]
        mirrors = own.mirrors_of(look.account)
        return Pane(
            account=look.account,
            name=account.name,
            platform=look.platform,
            kind=account.kind,
            plan=look.plan,
            decision=look.verdict.decision,
            findings=tuple(_views(look)),
            next_open=look.next_open,
            steps=tuple(
                self._step(city, stop, (decided or {}).get(index), is_final=index == len(stops) - 1, day=day)
                for index, stop in enumerate(stops)
            ),
            mirrored_by=self._desk.account_names(city, mirrors) if mirrors else None,
        )

    def _step(self, city: str, stop: Stop, approval: Approval | None, *, is_final: bool, day: date) -> StepView:
        deciders = stop.deciders(self._desk.city(city), day)
        return StepView(
            name=Said(ja=stop.name.ja, en=stop.name.en),
            is_final=is_final,
            deciders=tuple(self._desk.person_name(city, person) for person in deciders),
            decided_by=None if approval is None else self._desk.person_name(city, approval.person),
            decided_at=None if approval is None else approval.decided_at,
            decision=None if approval is None else approval.decision,
        )


def stops_of(line: Line) -> tuple[Stop, ...]:
    """Return a line's stored route."""
    return tuple(routes.Stop.from_json(step) for step in line.route)


def _views(look: Look) -> Sequence[FindingView]:
    """Return what is worth showing: every objection, and each allowance that rests on a clause (the disaster's)."""
    return [
        mapping.finding_view(look.pack, finding, look.text)
        for finding in look.verdict.findings
        if finding.effect is not Decision.ALLOW or finding.clauses
    ]
