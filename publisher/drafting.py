"""From a blank form to a submitted version (`publisher.api.Drafting`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publisher import marking, routes
from publisher.answering import Answering, opening
from publisher.api import DraftForm, FormModel, MediaView, Mistake, Outcome, Review
from publisher.city.model import WRITING, Role
from publisher.delivery import FINAL, STOPPABLE, DeliveryState
from publisher.desk import find_post, form_of, lock_post
from publisher.errors import Refusal
from publisher.form_check import find_mistakes
from publisher.form_model import build_form, offer_accounts
from publisher.media_intake import take_in
from publisher.post import PostEvent, PostState
from publisher.store import acts, attempts, audit, deliveries, posts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publisher.api import Act
    from publisher.circulation import Circulation
    from publisher.city.model import City
    from publisher.desk import Desk
    from publisher.reviewing import Reviewer
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post, Version

_EDITABLE: Final = frozenset({PostState.DRAFT, PostState.RETURNED, PostState.SUBMITTED, PostState.APPROVED})
_GRACE: Final = timedelta(seconds=60)
"""A time that passed while the form was being filled in is still meant as now."""


class DraftingDesk:
    """Drafting.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges.
        circulation: Moves posts through their round.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation) -> None:
        self._desk = desk
        self._circulation = circulation
        self._answering = Answering(desk, reviewer, circulation)

    # ── forms ────────────────────────────────────────────────────────────────────────────────────

    def open_form(self, city: str, person: str, text: str = "") -> FormModel:
        """Return a blank form for *person*, with *text* filled in.

        Raises:
            Refusal: `not_author`: the person may not write for any account.
        """
        section = self._writing_sections(city, person)[0]
        choices = offer_accounts(self._desk.city(city), self._writing_sections(city, person), section)
        chosen = tuple(choice.key for choice in choices if choice.is_preselected)
        form = DraftForm(section=section, text=text, accounts=chosen, category=None)
        return replace(build_form(self._desk.city(city), form, choices), may_mark=self._may_mark(city, person, section))

    def _may_mark(self, city: str, person: str, section: str) -> bool:
        return person in marking.markers(self._desk.city(city), self._desk.today(), section)

    def edit_form(self, city: str, person: str, number: str) -> FormModel:
        """Return the form of a draft, of a returned post, or of one not yet out, with its values.

        Raises:
            Refusal: `no_such_post`, `not_your_section`, `not_editable`.
        """
        with self._desk.database.reading() as tx:
            post = find_post(tx, city, number)
            self._require_section(city, person, post.section, post)
            self._require_editable(tx, post)
            version = posts.version(tx, post.id, post.version)
            form = form_of(post, version, posts.lines_of(tx, version.id))
            media = self._desk.media_views(tx, city, form.media)
            note = self._returned_note(tx, post)
        choices = offer_accounts(self._desk.city(city), self._writing_sections(city, person), form.section)
        model = build_form(self._desk.city(city), form, choices)
        may_mark = not post.is_disaster_related and self._may_mark(city, person, post.section)
        return replace(
            model, number=post.label, version=post.version, returned_note=note, media=media, may_mark=may_mark
        )

    def _returned_note(self, tx: Transaction, post: Post) -> str | None:
        if post.state is not PostState.RETURNED:
            return None
        returned = [event for event in audit.of_post(tx, post.id) if event.kind == PostEvent.RETURNED]
        if not returned:
            return None
        return f"{self._desk.person_name(post.city, returned[-1].who)}: {returned[-1].note}"

    # ── checks ───────────────────────────────────────────────────────────────────────────────────

    def mistakes(self, city: str, person: str, form: DraftForm) -> Sequence[Mistake]:
        """Check a form in memory: nothing is stored, no file is opened, a few milliseconds."""
        del person  # whose form it is makes no difference to what is wrong with it
        own = self._desk.city(city)
        return find_mistakes(own, self._desk.platforms, form, now=self._desk.database.now() - _GRACE)

    def _require_writing(self, city: City, person: str, section: str) -> None:
        if not city.roles_of(person, self._desk.today(), section) & WRITING:
            name = city.sections[section].name.ja if section in city.sections else section
            raise Refusal("not_your_section", section=name)

    def _require_section(self, city: str, person: str, section: str, post: Post | None = None) -> None:
        own = self._desk.city(city)
        if person not in own.people:
            raise Refusal("not_your_section", section=section)
        is_sender = post is not None and post.author == person and post.emergency_kind is not None
        if not is_sender:
            self._require_writing(own, person, section)

    @staticmethod
    def _require_editable(tx: Transaction, post: Post) -> None:
        if post.state not in _EDITABLE or post.is_emergency:
            raise Refusal("not_editable", state=post.state)
        made = deliveries.of_post(tx, post.id)
        # What a call may have published must be found out first: a new version beside it would be a second post.
        doubtful = attempts.are_doubtful(tx, {one.id for one in made if one.state not in FINAL})
        for one in made:
            is_out = one.state is DeliveryState.SENT and post.state is PostState.APPROVED
            if is_out or one.id in doubtful or one.state not in STOPPABLE | FINAL:
                raise Refusal("not_editable", state=post.state)

    def _writing_sections(self, city: str, person: str) -> tuple[str, ...]:
        own, day = self._desk.city(city), self._desk.today()
        sections = own.sections_of(person, day) if person in own.people else ()
        writing = tuple(section for section in sections if own.roles_of(person, day, section) & WRITING)
        if not writing:
            who = [key for role in (Role.AUTHOR, Role.OPERATOR) for key in own.with_role(role, day)]
            raise Refusal("not_author", who=self._desk.person_names(city, list(dict.fromkeys(who))))
        return writing

    # ── media ────────────────────────────────────────────────────────────────────────────────────

    def add_media(self, city: str, path: Path, name: str) -> MediaView:
        """Take a file into the media store after looking into it.

        Raises:
            Refusal: `media_…` codes of `publisher.media`, field `media`, param `name`.
        """
        return take_in(self._desk, city, path, name)

    # ── saving and submitting ────────────────────────────────────────────────────────────────────

    def save(self, act: Act, form: DraftForm, *, number: str | None, version: int | None) -> Review:
        """Store the form as a new version of a draft and judge it.

        Raises:
            Refusal: A code of `mistakes`; `edited_meanwhile` where *version* is not the newest;
                `not_your_section`, `not_editable`, `account_not_allowed`; `not_yours_to_mark` (param `who`).
        """
        self._refuse_mistakes(act.city, act.person, form)
        with self._desk.database.transaction() as tx:
            first = acts.once(tx, act)
            if first is None:
                post = self._save(tx, act, form, number=number, version=version)
                first = acts.keep(tx, act, Outcome(code="saved", number=post.label))
            return self._answering.review(tx, act.city, first.number or "")

    def _refuse_mistakes(self, city: str, person: str, form: DraftForm) -> None:
        for mistake in self.mistakes(city, person, form):
            raise Refusal(mistake.code, field=mistake.place, **mistake.params)
        own = self._desk.city(city)
        self._require_section(city, person, form.section)
        sections = self._writing_sections(city, person)
        for account in form.accounts:
            if not routes.may_draft_for(own, account, sections):
                raise Refusal("account_not_allowed", field="accounts", account=own.accounts[account].name)

    def _save(self, tx: Transaction, act: Act, form: DraftForm, *, number: str | None, version: int | None) -> Post:
        section = self._section_of(act, form)
        if number is None:
            post = posts.create(tx, city=act.city, section=section, author=act.person)
        else:
            post = lock_post(tx, act.city, number)
            self._require_section(act.city, act.person, post.section, post)
            if version != post.version:
                raise Refusal("edited_meanwhile", version=post.version)
            self._require_editable(tx, post)
            posts.end_open_lines(tx, posts.version(tx, post.id, post.version).id, "void")
        self._desk.files(tx, act.city, form.media)
        kept = posts.add_version(
            tx,
            post,
            editor=act.person,
            section=section,
            text=form.text,
            category=form.category,
            variants={platform: text for platform, text in form.variants.items() if text.strip()},
            titles={platform: title for platform, title in form.titles.items() if title.strip()},
            media=[{"sha256": one.sha256, "alt": one.alt, "source": one.source} for one in form.media],
            publish_at=form.publish_at,
            latest_at=form.latest_at,
            accounts=form.accounts,
        )
        if number is None:
            facts = {"version": 1, "accounts": list(form.accounts)}
            audit.append(tx, city=act.city, who=act.person, kind="created", post_id=post.id, facts=facts)
            if form.is_disaster_related:
                marking.mark(tx, self._desk, act, post)
            return posts.by_id(tx, post.id)
        facts = {"version": kept.version, "accounts": list(form.accounts)}
        post = posts.move(tx, replace(post, version=kept.version), PostEvent.EDITED, who=act.person, facts=facts)
        self._circulation.stop(tx, post, who=act.person, note="edited")
        if form.is_disaster_related and not post.is_disaster_related:
            marking.mark(tx, self._desk, act, post)
        return post

    def _section_of(self, act: Act, form: DraftForm) -> str:
        """Return the section that a person with several (兼務) writes for: the one whose account is chosen."""
        own = self._desk.city(act.city)
        owners = [own.accounts[account].section for account in form.accounts]
        mine = [owner for owner in owners if owner in self._writing_sections(act.city, act.person)]
        return form.section if form.section in owners or not mine else mine[0]

    def review(
        self,
        city: str,
        person: str,
        number: str,
        *,
        answers: Mapping[str, bool] | None = None,
        people: Mapping[str, str] | None = None,
    ) -> Review:
        """Judge the newest version again, as if the author had answered this; nothing is stored.

        Raises:
            Refusal: `no_such_post`, `not_your_section`.
        """
        with self._desk.database.reading() as tx:
            post = find_post(tx, city, number)
            self._require_section(city, person, post.section, post)
            return self._answering.review(tx, city, number, answers=answers, people=people)

    def submit(
        self,
        act: Act,
        *,
        number: str,
        version: int,
        at_opening: bool,
        answers: Mapping[str, bool] | None = None,
        people: Mapping[str, str] | None = None,
        waited_seconds: float = 0.0,
    ) -> Outcome:
        """Put a draft into its round; with *at_opening* its time is moved to the next opening first.

        *waited_seconds*: how long ago it was submitted, where a breakdown kept it. What nobody approves and what has no
        time of its own would go at once: of hours ago that does not say that it is still useful.

        Outcomes: `submitted` (param `waiting_for`), `approved_by_rule` (an empty route), `submitted_already`.

        Raises:
            Refusal: `plan_refused`, `policy_blocks`, `edited_meanwhile`, `not_your_section`, `time_past`,
                `questions_open`, `people_unsaid`, `submission_came_late` (param `minutes`).
        """

        def work(tx: Transaction) -> Outcome:
            post = lock_post(tx, act.city, number)
            self._require_section(act.city, act.person, post.section, post)
            if post.version != version:
                raise Refusal("edited_meanwhile", version=post.version)
            if post.state is not PostState.DRAFT:
                return Outcome(code="submitted_already", number=post.label)
            kept = posts.version(tx, post.id, version)
            kept = self._answering.keep(tx, act, post, kept, answers=answers or {}, people=people or {})
            outcome = self._submit(tx, act, post, kept, at_opening=at_opening)
            usual = self._desk.city(act.city).defaults.latest_minutes
            has_time = kept.latest_at is not None or kept.publish_at is not None
            goes_now = any(one.due_at <= tx.now for one in self._circulation.deliveries_of(tx, kept))
            if waited_seconds > 60 * usual and goes_now and not has_time:
                raise Refusal("submission_came_late", minutes=int(waited_seconds // 60))
            return outcome

        return self._desk.once(act, work)

    def _submit(self, tx: Transaction, act: Act, post: Post, kept: Version, *, at_opening: bool) -> Outcome:
        publish_at = kept.publish_at
        if at_opening:
            publish_at = opening(self._circulation.looks(tx, post, kept).values()) or publish_at
        if publish_at is not None and publish_at < tx.now - _GRACE:
            raise Refusal("time_past", field="publish_at", at=publish_at.isoformat())
        if kept.latest_at is not None and kept.latest_at <= (publish_at or tx.now):
            raise Refusal("latest_before_time", field="latest_at", at=kept.latest_at.isoformat())
        post = self._circulation.submit(tx, post, kept, who=act.person, publish_at=publish_at)
        if post.state is PostState.SUBMITTED:
            waiting = self._circulation.waiting_for(tx, post)
            params = {"waiting_for": self._desk.person_names(act.city, waiting)}
            return Outcome(code="submitted", number=post.label, params=params)
        return Outcome(code="approved_by_rule", number=post.label)

    def withdraw(self, act: Act, *, number: str) -> Outcome:
        """取下げ: the author's section takes a submitted post back. Outcome: `withdrawn`.

        Raises:
            Refusal: `no_such_post`, `not_your_section`, `not_submitted`.
        """
        return self._desk.once(act, lambda tx: self._withdraw(tx, act, number))

    def _withdraw(self, tx: Transaction, act: Act, number: str) -> Outcome:
        post = lock_post(tx, act.city, number)
        self._require_section(act.city, act.person, post.section, post)
        if post.state is not PostState.SUBMITTED:
            raise Refusal("not_submitted", state=post.state)
        posts.end_open_lines(tx, posts.version(tx, post.id, post.version).id, "void")
        post = posts.move(tx, post, PostEvent.WITHDRAWN, who=act.person)
        self._circulation.stop(tx, post, who=act.person)
        return Outcome(code="withdrawn", number=post.label)
