"""`/sns now` (`publisher.api.Overriding`): one person with that authority, one confirmation, out at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from platforms.port import Capability
from policy.emergency import guess_kind
from policy.model import EmergencyKind
from publisher import mapping
from publisher.api import DraftForm, NoticeKind, Outcome, OverrideForm
from publisher.city.model import AccountKind, OnEmergency, Role
from publisher.desk import lock_post
from publisher.errors import Refusal
from publisher.explaining import why_blocked, why_refused
from publisher.post import PostEvent
from publisher.store import audit, notices, posts, sign_offs
from publisher.words import category_view, kind_choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publisher.api import Act, OverrideOrder
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.reviewing import Look, Reviewer
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post, Version

DISASTER: Final = "disaster"
"""The category of an emergency post that says no other."""


class OverridingDesk:
    """Overriding.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges.
        circulation: Moves posts through their round.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._circulation = circulation

    # ── the confirmation ─────────────────────────────────────────────────────────────────────────

    def open_form(self, city: str, person: str, text: str, variants: Mapping[str, str] | None = None) -> OverrideForm:
        """Preview an emergency post.

        Raises:
            Refusal: `not_emergency` (param `who`: names of those who can), `text_empty`, `no_emergency_account`.
        """
        section = self._require_authority(city, person)
        if not text.strip():
            raise Refusal("text_empty", field="text")
        accounts = self._accounts(city)
        guess = guess_kind(text)
        kind = guess or EmergencyKind.OTHER
        form = self._form(section, text, accounts, variants or {}, category=None)
        with self._desk.database.reading() as tx:
            looks = self._looks(tx, city, person, form, kind if kind.is_disaster else EmergencyKind.STORM_FLOOD)
        reposting, silent = self._others(city, [look for look in looks if _can_go(look)], accounts)
        choices = (kind_choice(each) for each in EmergencyKind)
        return OverrideForm(
            text=text,
            kind=guess,
            kinds=tuple(choice for choice in choices if choice is not None),
            panes=tuple(self._reviewer.pane(city, look, ()) for look in looks),
            silent=tuple(self._desk.account_name(city, account) for account in silent),
            reposting=tuple(self._desk.account_name(city, account) for account, _ in reposting),
        )

    def _require_authority(self, city: str, person: str) -> str:
        """Return the section that *person* acts for.

        Raises:
            Refusal: `not_emergency`.
        """
        own, day = self._desk.city(city), self._desk.today()
        roles = own.roles_of(person, day) if person in own.people else frozenset()
        if not roles & {Role.EMERGENCY, Role.MANAGER}:
            who = [key for role in (Role.EMERGENCY, Role.MANAGER) for key in own.with_role(role, day)]
            raise Refusal("not_emergency", who=self._desk.person_names(city, list(dict.fromkeys(who))))
        return own.sections_of(person, day)[0]

    def _accounts(self, city: str) -> tuple[str, ...]:
        """Return the emergency accounts: those that the file marks, else the official ones that take text."""
        own = self._desk.city(city)
        marked = tuple(key for key, account in own.accounts.items() if account.emergency)
        if marked:
            return marked
        official: dict[str, str] = {}
        for key, account in own.accounts.items():
            takes_text = Capability.TEXT in self._desk.platforms[account.platform].limits.capabilities
            if account.kind is AccountKind.OFFICIAL and takes_text:
                official.setdefault(account.platform, key)
        if not official:
            raise Refusal("no_emergency_account")
        return tuple(official.values())

    @staticmethod
    def _form(
        section: str, text: str, accounts: Sequence[str], variants: Mapping[str, str], *, category: str | None
    ) -> DraftForm:
        kept = {platform: variant for platform, variant in variants.items() if variant.strip()}
        return DraftForm(
            section=section, text=text, accounts=tuple(accounts), category=category or DISASTER, variants=kept
        )

    def _looks(self, tx: Transaction, city: str, person: str, form: DraftForm, kind: EmergencyKind) -> tuple[Look, ...]:
        actor = mapping.actor_of(self._desk.city(city), person, form.section, tx.now)
        case = mapping.Case(at=tx.now, actor=actor, emergency=kind, approved=False, written_at=tx.now)
        return self._reviewer.look_at_all(tx, city, form, case)

    def _others(
        self, city: str, going: Sequence[Look], accounts: Sequence[str]
    ) -> tuple[list[tuple[str, str]], list[str]]:
        """Return the accounts that repost, each with its source, and those that stay silent."""
        sources: dict[str, str] = {}
        for look in going:
            if Capability.REPOST in self._desk.platforms[look.platform].limits.capabilities:
                sources.setdefault(look.platform, look.account)
        reposting: list[tuple[str, str]] = []
        silent: list[str] = []
        for key, account in self._desk.city(city).accounts.items():
            if key in accounts:
                continue
            if account.on_emergency is OnEmergency.REPOST and account.platform in sources:
                reposting.append((key, sources[account.platform]))
            elif account.kind is not AccountKind.OFFICIAL:
                silent.append(key)
        return reposting, silent

    # ── sending ──────────────────────────────────────────────────────────────────────────────────

    def send(self, act: Act, order: OverrideOrder) -> Outcome:
        """Send at once on the emergency accounts; what no account can take is refused as a whole.

        Outcomes: `sent_now` (params `going`, `refused`: account names), `goes_the_ordinary_way` (the kind is no
        disaster: a draft was submitted; param `waiting_for`).

        Raises:
            Refusal: `not_emergency`, `text_empty`, `reason_missing`, `kind_missing`, `policy_blocks`,
                `plan_refused` (no account takes it).
        """
        section = self._require_authority(act.city, act.person)
        if not order.text.strip():
            raise Refusal("text_empty", field="text")
        if not order.reason.strip():
            raise Refusal("reason_missing", field="reason")
        if order.kind not in set(EmergencyKind):
            raise Refusal("kind_missing", field="kind")
        kind = EmergencyKind(order.kind)
        form = self._form(
            section, order.text, self._accounts(act.city), order.variants, category=_known(order.category)
        )
        if kind.is_disaster:
            return self._desk.once(act, lambda tx: self._send(tx, act, order, form, kind))
        return self._desk.once(act, lambda tx: self._submit(tx, act, order, form, kind))

    def _send(self, tx: Transaction, act: Act, order: OverrideOrder, form: DraftForm, kind: EmergencyKind) -> Outcome:
        looks = self._looks(tx, act.city, act.person, form, kind)
        going = [look for look in looks if _can_go(look)]
        if not going:
            self._refuse_all(act.city, looks)
        post = posts.create(
            tx,
            city=act.city,
            section=form.section,
            author=act.person,
            emergency_kind=kind,
            reason=order.reason.strip(),
            is_emergency=True,
        )
        post, version = self._add_version(tx, post, form, act.person, publish_at=None)
        posts.mark_submitted(tx, version.id, who=act.person, publish_at=None)
        post = posts.move(tx, post, PostEvent.SUBMITTED, who=act.person, note=order.reason.strip())
        made = {}
        for line in posts.lines_of(tx, version.id):
            look = next(look for look in looks if look.account == line.account)
            if look in going:
                made[line.account] = self._circulation.approve_line(tx, post, version, line, look, who=act.person)
            else:
                posts.set_line(tx, line, state="rejected", verdict=look.as_json())
        reposting, _ = self._others(act.city, going, form.accounts)
        for account, source in reposting:
            delivery = made[source]
            if delivery is not None:
                self._circulation.repost(tx, post, version, delivery, account, who=act.person)
        facts = {"kind": kind, "going": [look.account for look in going]}
        audit.append(tx, city=act.city, who=act.person, kind="sent_now", post_id=post.id, facts=facts, note=post.reason)
        post = self._circulation.settle(tx, post, version, who=act.person, note=post.reason)
        self._open_sign_off(tx, post, looks)
        refused = [look.account for look in looks if look not in going]
        params = {
            "going": self._desk.account_names(act.city, [look.account for look in going]),
            "refused": self._desk.account_names(act.city, refused),
        }
        return Outcome(code="sent_now", number=post.label, params=params)

    def _refuse_all(self, city: str, looks: Sequence[Look]) -> None:
        for look in looks:
            if look.is_blocked:
                name = self._desk.account_name(city, look.account)
                raise Refusal("policy_blocks", account=name, **why_blocked(look))
        first = looks[0]
        name = self._desk.account_name(city, first.account)
        raise Refusal("plan_refused", field="text", **{**why_refused(first), "account": name})

    def _add_version(
        self, tx: Transaction, post: Post, form: DraftForm, who: str, *, publish_at: datetime | None
    ) -> tuple[Post, Version]:
        version = posts.add_version(
            tx,
            post,
            editor=who,
            section=form.section,
            text=form.text,
            category=form.category,
            variants=form.variants,
            titles={},
            media=[],
            publish_at=publish_at,
            latest_at=None,
            accounts=form.accounts,
        )
        facts = {"version": version.version, "accounts": list(form.accounts)}
        audit.append(tx, city=post.city, who=who, kind="created", post_id=post.id, facts=facts)
        return posts.by_id(tx, post.id), version

    def _open_sign_off(self, tx: Transaction, post: Post, looks: Sequence[Look]) -> None:
        clauses = [task.clause for look in looks for task in look.verdict.tasks if task.clause is not None]
        sign_offs.open_for(tx, city=post.city, post_id=post.id, clauses=list(dict.fromkeys(clauses)))
        notices.add(tx, city=post.city, kind=NoticeKind.SIGN_OFF, post_id=post.id)

    def _submit(self, tx: Transaction, act: Act, order: OverrideOrder, form: DraftForm, kind: EmergencyKind) -> Outcome:
        """Put what is no disaster into the ordinary round, on the accounts that can take it."""
        post = posts.create(
            tx,
            city=act.city,
            section=form.section,
            author=act.person,
            emergency_kind=kind,
            reason=order.reason.strip(),
        )
        category = None if kind is EmergencyKind.OTHER else _CATEGORIES.get(kind)
        looks = self._ordinary_looks(tx, act, form)
        going = tuple(look.account for look in looks if _can_go(look))
        if not going:
            self._refuse_all(act.city, looks)
        plain = DraftForm(
            section=form.section,
            text=form.text,
            accounts=going,
            category=category or form.category,
            variants=form.variants,
        )
        post, version = self._add_version(tx, post, plain, act.person, publish_at=None)
        post = self._circulation.submit(tx, post, version, who=act.person, publish_at=None)
        waiting = self._desk.person_names(act.city, self._circulation.waiting_for(tx, post))
        return Outcome(code="goes_the_ordinary_way", number=post.label, params={"waiting_for": waiting})

    def _ordinary_looks(self, tx: Transaction, act: Act, form: DraftForm) -> tuple[Look, ...]:
        case = self._reviewer.case_of(
            act.city, form, author=act.person, now=tx.now, written_at=tx.now, is_for_owner=True
        )
        return self._reviewer.look_at_all(tx, act.city, form, case)

    # ── 後閲 ─────────────────────────────────────────────────────────────────────────────────────

    def sign_off(self, act: Act, *, number: str, note: str = "") -> Outcome:
        """後閲: the manager signs an emergency post after the fact. Outcomes: `signed_off`, `signed_already`.

        Who sent it does not sign it, unless the manager was the sender (A38 of the readings).

        Raises:
            Refusal: `no_such_post`, `not_manager`, `own_sign_off` (param `who`), `nothing_to_sign`.
        """
        return self._desk.once(act, lambda tx: self._sign_off(tx, act, number, note.strip()))

    def _sign_off(self, tx: Transaction, act: Act, number: str, note: str) -> Outcome:
        post = lock_post(tx, act.city, number)
        found = sign_offs.of_post(tx, post.id)
        if found is None:
            raise Refusal("nothing_to_sign")
        own, day = self._desk.city(act.city), self._desk.today()
        managers = own.with_role(Role.MANAGER, day)
        if act.person not in managers:
            if act.person == post.author:
                raise Refusal("own_sign_off", who=self._desk.person_names(act.city, managers))
            raise Refusal("not_manager", who=self._desk.person_names(act.city, managers))
        if not sign_offs.sign(tx, post.id, who=act.person, note=note):
            return Outcome(code="signed_already", number=post.label)
        audit.append(tx, city=act.city, who=act.person, kind="signed_off", post_id=post.id, note=note)
        notices.add(tx, city=act.city, kind=NoticeKind.CARD, post_id=post.id)
        return Outcome(code="signed_off", number=post.label)


_CATEGORIES = {
    EmergencyKind.EVENT_CANCELLATION: "event",
    EmergencyKind.WEBSITE_OUTAGE: "website",
    EmergencyKind.MISSING_PERSON: "living",
}
"""The category of what is no disaster, so that the ordinary rules judge it as what it is."""


def _known(category: str) -> str | None:
    return None if category_view(category) is None else category


def _can_go(look: Look) -> bool:
    return not look.plan.is_refused and not look.is_blocked
