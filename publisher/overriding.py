"""`/sns now` (`publisher.api.Overriding`): one person with that authority, one confirmation, out at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policy.emergency import guess_kind
from policy.model import EmergencyKind
from publisher.api import EventOrder, NoticeKind, Outcome, OverrideForm
from publisher.city.model import Role
from publisher.desk import lock_post
from publisher.errors import Refusal
from publisher.events import EventDesk
from publisher.explaining import why_blocked, why_refused
from publisher.override_looks import Order, OverrideLooks, can_go
from publisher.post import PostEvent
from publisher.store import audit, notices, posts, sign_offs
from publisher.words import kind_choice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from publisher.api import Act, DraftForm, OverrideOrder, Pane
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.override_looks import Looked
    from publisher.reviewing import Look, Reviewer
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post, Version


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
        self._looks = OverrideLooks(desk, reviewer)
        self._events = EventDesk(desk)

    # ── the confirmation ─────────────────────────────────────────────────────────────────────────

    def open_form(
        self,
        city: str,
        person: str,
        text: str,
        variants: Mapping[str, str] | None = None,
        *,
        kind: str | None = None,
        declared: Collection[str] = (),
        event: EventOrder | None = None,
    ) -> OverrideForm:
        """Preview an emergency post, or what becomes of it where the kind is no disaster.

        Raises:
            Refusal: `not_emergency` (param `who`: names of those who can), `text_empty`, `no_emergency_account`.
        """
        section = self._require_authority(city, person)
        if not text.strip():
            raise Refusal("text_empty", field="text")
        chosen = EmergencyKind(kind) if kind in set(EmergencyKind) else guess_kind(text)
        order = Order(
            section=section,
            person=person,
            text=text,
            variants=variants or {},
            kind=chosen or EmergencyKind.STORM_FLOOD,
            declared=frozenset(declared),
        )
        with self._desk.database.reading() as tx:
            looked = self._looks.look(tx, city, order)
            reposting, silent = self._looks.others(city, looked.going, looked.form.accounts)
            if not order.kind.is_disaster:
                reposting, silent = [], []
            going = {*(look.account for look in looked.going), *(account for account, _ in reposting)}
            shown = self._events.form(tx, city, kind=order.kind, text=text, order=event or EventOrder(), going=going)
        return OverrideForm(
            text=text,
            kind=chosen,
            kinds=tuple(choice for each in EmergencyKind if (choice := kind_choice(each)) is not None),
            panes=tuple(self._pane(city, look, order) for look in looked.looks),
            silent=tuple(self._desk.account_name(city, account) for account in silent),
            reposting=tuple(self._desk.account_name(city, account) for account, _ in reposting),
            event=shown if order.kind.is_disaster else None,
            contacts=looked.contacts,
        )

    def _pane(self, city: str, look: Look, order: Order) -> Pane:
        """Show an account: in a disaster nobody is waited for, else the route lies ahead."""
        is_routed = can_go(look) and not order.kind.is_disaster
        route = self._reviewer.plan_route(city, look, section=order.section, author=order.person) if is_routed else ()
        return self._reviewer.pane(city, look, route)

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

    # ── sending ──────────────────────────────────────────────────────────────────────────────────

    def send(self, act: Act, order: OverrideOrder) -> Outcome:
        """Send at once on the emergency accounts; what no account can take is refused as a whole.

        Outcomes: `sent_now` (params `going`, `refused`: account names; those of `EventDesk.file`),
        `goes_the_ordinary_way` (the kind is no disaster: a draft was submitted; param `waiting_for`), `now_came_late`
        (it was confirmed longer ago than an emergency post is useful, and lay in the inbox: nothing is sent; param
        `minutes`), `left_as_draft` (no disaster, and confirmed longer ago than a post is useful: param `minutes`).

        Raises:
            Refusal: `not_emergency`, `text_empty`, `reason_missing`, `kind_missing`, `policy_blocks`,
                `contacts_unchecked` (param `contacts`), `plan_refused` (no account takes it).
        """
        section = self._require_authority(act.city, act.person)
        if not order.text.strip():
            raise Refusal("text_empty", field="text")
        if not order.reason.strip():
            raise Refusal("reason_missing", field="reason")
        if order.kind not in set(EmergencyKind):
            raise Refusal("kind_missing", field="kind")
        asked = Order(
            section=section,
            person=act.person,
            text=order.text,
            variants=order.variants,
            kind=EmergencyKind(order.kind),
            category=order.category,
            declared=order.declared,
        )
        way = self._send if asked.kind.is_disaster else self._submit
        return self._desk.once(act, lambda tx: way(tx, act, order, asked))

    def _send(self, tx: Transaction, act: Act, order: OverrideOrder, asked: Order) -> Outcome:
        if order.waited_seconds > 60 * self._desk.city(act.city).defaults.emergency_latest_minutes:
            return self._leave_late(tx, act, order)
        looked = self._looks.look(tx, act.city, asked)
        looks, going = looked.looks, looked.going
        if not going:
            self._refuse_all(act.city, looks)
        if looked.undeclared and not order.others_checked:
            raise Refusal("contacts_unchecked", field="contacts", contacts="、".join(looked.undeclared))
        taken = self._events.take(tx, act.city, order.event)
        post = self._create(tx, act, order, asked, is_emergency=True)
        post, version = self._add_version(tx, post, looked, looked.form)
        posts.mark_submitted(tx, version.id, who=act.person, publish_at=None)
        post = posts.move(tx, post, PostEvent.SUBMITTED, who=act.person, note=order.reason.strip())
        made = {}
        for line in posts.lines_of(tx, version.id):
            look = next(look for look in looks if look.account == line.account)
            if look in going:
                made[line.account] = self._circulation.approve_line(tx, post, version, line, look, who=act.person)
            else:
                posts.set_line(tx, line, state="rejected", verdict=look.as_json())
        reposting, _ = self._looks.others(act.city, going, looked.form.accounts)
        for account, source in reposting:
            delivery = made[source]
            if delivery is not None:
                self._circulation.repost(tx, post, version, delivery, account, who=act.person)
        facts = {"kind": asked.kind, "going": [look.account for look in going]}
        audit.append(tx, city=act.city, who=act.person, kind="sent_now", post_id=post.id, facts=facts, note=post.reason)
        filed = self._events.file(tx, taken, post, order.event, who=act.person)
        post = self._circulation.settle(tx, post, version, who=act.person, note=post.reason)
        self._open_sign_off(tx, post, looks)
        refused = [look.account for look in looks if look not in going]
        params = {
            "going": self._desk.account_names(act.city, [look.account for look in going]),
            "refused": self._desk.account_names(act.city, refused),
        }
        return Outcome(code="sent_now", number=post.label, params={**params, **filed})

    def _leave_late(self, tx: Transaction, act: Act, order: OverrideOrder) -> Outcome:
        """Send nothing of an order that a breakdown kept until it may not hold any more, and say so to people."""
        own, day = self._desk.city(act.city), self._desk.today()
        minutes = int(order.waited_seconds // 60)
        audit.append(
            tx, city=act.city, who=act.person, kind="now_came_late", facts={"kind": order.kind, "minutes": minutes}
        )
        params: dict[str, str | int] = {
            "code": "now_came_late",
            "minutes": minutes,
            "by": self._desk.person_name(act.city, act.person),
        }
        for person in dict.fromkeys([act.person, *own.with_role(Role.MANAGER, day)]):
            notices.add(
                tx,
                city=act.city,
                kind=NoticeKind.ANSWER,
                person=person,
                params=params,
                mail_after_seconds=notices.URGENT_MAIL_SECONDS,
            )
        return Outcome(code="now_came_late", params=params)

    def _refuse_all(self, city: str, looks: Sequence[Look]) -> None:
        for look in looks:
            if look.is_blocked:
                name = self._desk.account_name(city, look.account)
                raise Refusal("policy_blocks", account=name, **why_blocked(look))
        first = looks[0]
        name = self._desk.account_name(city, first.account)
        raise Refusal("plan_refused", field="text", **{**why_refused(first), "account": name})

    @staticmethod
    def _create(tx: Transaction, act: Act, order: OverrideOrder, asked: Order, *, is_emergency: bool) -> Post:
        return posts.create(
            tx,
            city=act.city,
            section=asked.section,
            author=act.person,
            emergency_kind=asked.kind,
            reason=order.reason.strip(),
            is_emergency=is_emergency,
        )

    @staticmethod
    def _add_version(tx: Transaction, post: Post, looked: Looked, form: DraftForm) -> tuple[Post, Version]:
        """Store what goes out, and what its sender answers for."""
        who = post.author
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
            publish_at=None,
            latest_at=None,
            accounts=form.accounts,
            declared=looked.declared,
        )
        facts: dict[str, Any] = {"version": version.version, "accounts": list(form.accounts)}
        audit.append(tx, city=post.city, who=who, kind="created", post_id=post.id, facts=facts)
        answered = {"declared_own": looked.declared, "contacts_checked": looked.undeclared if post.is_emergency else ()}
        for kind, contacts in answered.items():
            if contacts:
                facts, note = {"version": version.version}, "、".join(contacts)  # a note can be erased with the text
                audit.append(tx, city=post.city, who=who, kind=kind, post_id=post.id, facts=facts, note=note)
        return posts.by_id(tx, post.id), version

    def _open_sign_off(self, tx: Transaction, post: Post, looks: Sequence[Look]) -> None:
        clauses = [task.clause for look in looks for task in look.verdict.tasks if task.clause is not None]
        sign_offs.open_for(tx, city=post.city, post_id=post.id, clauses=list(dict.fromkeys(clauses)))
        notices.add(tx, city=post.city, kind=NoticeKind.SIGN_OFF, post_id=post.id)

    def _submit(self, tx: Transaction, act: Act, order: OverrideOrder, asked: Order) -> Outcome:
        """Put what is no disaster into the ordinary round, on the accounts that can take it."""
        looked = self._looks.look(tx, act.city, asked)
        if not looked.going:
            self._refuse_all(act.city, looked.looks)
        post = self._create(tx, act, order, asked, is_emergency=False)
        form = replace(looked.form, accounts=tuple(look.account for look in looked.going))
        post, version = self._add_version(tx, post, looked, form)
        if order.waited_seconds > 60 * self._desk.city(act.city).defaults.latest_minutes:
            # Where nobody signs it would go out at once.
            return Outcome(code="left_as_draft", number=post.label, params={"minutes": int(order.waited_seconds // 60)})
        post = self._circulation.submit(tx, post, version, who=act.person, publish_at=None)
        waiting = self._desk.person_names(act.city, self._circulation.waiting_for(tx, post))
        return Outcome(code="goes_the_ordinary_way", number=post.label, params={"waiting_for": waiting})

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
