"""Reading: the queue, the card, one delivery (`publisher.api.Board`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from platforms.port import Remark
from publisher import mapping
from publisher.api import CardView, DeliveryLine, QueueLine, SignOffView
from publisher.auditing import erased_of
from publisher.city.model import WRITING
from publisher.correction_links import correction_links
from publisher.deciding import question_of
from publisher.delivery import DeliveryState
from publisher.desk import answers_of, find_post, form_of
from publisher.errors import NotFoundError, Refusal
from publisher.event_views import newer_of, replacing, report_views
from publisher.gone import kept_records, taken_back
from publisher.held import held_remarks
from publisher.outlooks import outlook_of
from publisher.post import PostState
from publisher.post_history import history_of
from publisher.questions import answered, asked_of_approver
from publisher.reviewing import stops_of
from publisher.store import (
    attempts,
    corrections,
    deliveries,
    erasures,
    overview,
    posts,
    sign_offs,
    supersessions,
)
from publisher.words import category_view, kind_choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.api import Newer, Pane, ReportView, TakenBack
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.reviewing import Look, Reviewer
    from publisher.store.deliveries import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.overview import Overview
    from publisher.store.posts import Line, Post, Version

EXCERPT_CHARS: Final = 40
_IN_THE_ROUND: Final = (PostState.SUBMITTED, PostState.APPROVED)
_WITH_THE_AUTHOR: Final = (PostState.DRAFT, PostState.RETURNED)


class ReadingBoard:
    """The board.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges.
        circulation: Knows who is waited for.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._circulation = circulation

    # ── /sns queue ───────────────────────────────────────────────────────────────────────────────

    def queue(self, city: str, person: str) -> Sequence[QueueLine]:
        """Return what is in the round or waiting to go out, soonest first; and drafts of the person's sections."""
        own, day = self._desk.city(city), self._desk.today()
        sections = own.sections_of(person, day) if person in own.people else ()
        mine = {section for section in sections if own.roles_of(person, day, section) & WRITING}
        with self._desk.database.reading() as tx:
            found = [
                *posts.in_states(tx, city, _IN_THE_ROUND),
                *posts.in_states(tx, city, _WITH_THE_AUTHOR, sections=mine),
            ]
            reports = report_views(tx, [post.id for post in found if post.is_emergency])
            lines = [self._queue_line(each, reports.get(each.post.id)) for each in overview.of_posts(tx, found)]
        return sorted(lines, key=lambda line: (line.publish_at is None, line.publish_at or 0, _count(line.number)))

    def _queue_line(self, found: Overview, report: ReportView | None) -> QueueLine:
        post, version, made = found.post, found.version, found.deliveries
        text = " ".join(version.text.split())
        ahead = [one.due_at for one in made if one.state in {DeliveryState.DUE, DeliveryState.RETRY}]
        is_submitted = post.state is PostState.SUBMITTED
        waiting = self._circulation.deciders_of(post, version, found.lines) if is_submitted else ()
        return QueueLine(
            number=post.label,
            state=post.state,
            outlook=outlook_of(made),
            publish_at=min(ahead, default=version.publish_at),
            section_name=self._section_name(post),
            excerpt=text if len(text) <= EXCERPT_CHARS else text[:EXCERPT_CHARS] + "…",
            accounts=tuple(self._desk.account_name(post.city, line.account) for line in found.lines),
            waiting_for=tuple(self._desk.person_name(post.city, person) for person in waiting),
            report=report,
        )

    # ── a card ───────────────────────────────────────────────────────────────────────────────────

    def card(self, city: str, number: str) -> CardView:
        """Return a post, whole.

        Raises:
            Refusal: `no_such_post`.
        """
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            post = find_post(tx, city, number)
            version = posts.version(tx, post.id, post.version)
            lines = posts.lines_of(tx, version.id)
            erasure = erasures.confirmed_of_post(tx, post.id)
            looks = self._looks(tx, post, version, lines) if erasure is None else {}
            open_stops = self._circulation.open_stops(tx, post) if post.state is PostState.SUBMITTED else ()
            waiting = self._circulation.waiting_for(tx, post) if open_stops else ()
            made = deliveries.of_post(tx, post.id)
            form = form_of(post, version, lines)
            sign_off = sign_offs.of_post(tx, post.id)
            open_looks = [looks[line.account] for line, _ in open_stops if line.account in looks]
            return CardView(
                post_id=post.id,
                number=post.label,
                version=post.version,
                state=post.state,
                outlook=outlook_of(
                    [one for one in made if one.version_id == version.id],
                    is_corrected=corrections.is_put_right(tx, post.id),
                ),
                is_emergency=post.is_emergency,
                emergency_kind=kind_choice(post.emergency_kind),
                reason=post.reason,
                author=self._desk.person_name(city, post.author),
                section_name=self._section_name(post),
                category=category_view(version.category),
                form=form,
                media=self._desk.media_views(tx, city, form.media),
                panes=self._panes(tx, post, version, lines, looks),
                questions=asked_of_approver(open_looks, version.answers),
                waiting_for=tuple(self._desk.person_name(city, person) for person in waiting),
                next_is_final=all(line.step == len(line.route) - 1 for line, _ in open_stops),
                deliveries=self._lines(tx, made),
                history=history_of(tx, self._desk, post, made),
                sign_off_open=sign_off is not None and sign_off.signed_by is None,
                sign_off=self._sign_off_view(city, sign_off),
                channel=self._desk.city(city).slack.channels.approvals,
                author_answers=answered(looks.values(), version.answers),
                report=report_views(tx, [post.id]).get(post.id),
                replaced=replacing(self._desk, tx, city, supersessions.by_post(tx, post.id)),
                erased=None if erasure is None else erased_of(self._desk, erasure),
                corrections=correction_links(tx, self._desk, post),
                kept=() if erasure is not None else kept_records(tx, self._desk, made),
            )

    def _looks(self, tx: Transaction, post: Post, version: Version, lines: Sequence[Line]) -> Mapping[str, Look]:
        try:
            if not post.is_emergency:
                return self._ordinary_looks(tx, post, version, lines)
            form = form_of(post, version, lines)
            actor = mapping.actor_of(self._desk.city(post.city), post.author, post.section, post.created_at)
            case = mapping.Case(
                at=post.created_at,
                actor=actor,
                emergency=post.emergency_kind,
                approved=False,
                written_at=version.created_at,
                declared=frozenset(version.declared),
            )
            found = self._reviewer.look_at_all(tx, post.city, form, case, but_post=post.id)
            return {look.account: look for look in found}
        except Refusal:  # a file is gone: the card is shown without its previews
            return {}

    def _ordinary_looks(
        self, tx: Transaction, post: Post, version: Version, lines: Sequence[Line]
    ) -> Mapping[str, Look]:
        """Return what is said now, or what was said of a post that has left its round: with the consents it got."""
        if post.state in _WITH_THE_AUTHOR:
            return self._circulation.looks(tx, post, version)
        if post.state is PostState.SUBMITTED:
            return self._looks_in_round(tx, post, version, lines)
        at = version.publish_at or version.submitted_at or version.created_at
        found = (self._circulation.look_with_consents(tx, post, version, line, at=at) for line in lines)
        return {look.account: look for look in found if look is not None}

    def _looks_in_round(
        self, tx: Transaction, post: Post, version: Version, lines: Sequence[Line]
    ) -> Mapping[str, Look]:
        """Return what is said now, with what approvers answered on each line so far."""
        given = posts.approvals_of(tx, version.id)
        found: dict[str, Look] = {}
        for line in lines:
            answers = answers_of(version, [one for one in given if one.line_id == line.id])
            found |= self._circulation.looks(tx, post, version, answers=answers, only=line.account)
        return found

    def _panes(
        self, tx: Transaction, post: Post, version: Version, lines: Sequence[Line], looks: Mapping[str, Look]
    ) -> tuple[Pane, ...]:
        approvals = posts.approvals_of(tx, version.id)
        panes = []
        for line in lines:
            if line.account not in looks:
                continue
            stops = stops_of(line)
            if post.state in _WITH_THE_AUTHOR:
                look = looks[line.account]
                stops = self._reviewer.plan_route(post.city, look, section=post.section, author=post.author)
            decided = {one.step: one for one in approvals if one.line_id == line.id}
            panes.append(self._reviewer.pane(post.city, looks[line.account], stops, decided))
        return tuple(panes)

    def _sign_off_view(self, city: str, found: sign_offs.SignOff | None) -> SignOffView | None:
        if found is None:
            return None
        signed_by = None if found.signed_by is None else self._desk.person_name(city, found.signed_by)
        return SignOffView(opened_at=found.opened_at, signed_by=signed_by, signed_at=found.signed_at)

    def _section_name(self, post: Post) -> str:
        return mapping.section_name(self._desk.city(post.city), post.section)

    # ── a delivery ───────────────────────────────────────────────────────────────────────────────

    def delivery(self, city: str, delivery: str) -> tuple[str, DeliveryLine]:
        """Return (post number, delivery).

        Raises:
            Refusal: `no_such_delivery`.
        """
        with self._desk.database.reading() as tx:
            try:
                found = deliveries.get(tx, delivery)
            except NotFoundError:
                raise Refusal("no_such_delivery") from None
            if found.city != city:
                raise Refusal("no_such_delivery")
            lines = self._lines(tx, deliveries.of_post(tx, found.post_id))
            return posts.by_id(tx, found.post_id).label, next(one for one in lines if one.id == found.id)

    def _lines(self, tx: Transaction, made: Sequence[Delivery]) -> tuple[DeliveryLine, ...]:
        doubtful = attempts.are_doubtful(tx, {one.id for one in made if one.state is DeliveryState.ASKED})
        newer, gone, held = newer_of(tx, made), taken_back(tx, self._desk, made), held_remarks(tx, made)
        lines = (self._line(one, newer.get(one.id), gone.get(one.id), is_doubtful=one.id in doubtful) for one in made)
        return tuple(replace(line, problem=held[line.id]) if line.id in held else line for line in lines)

    def _line(self, one: Delivery, newer: Newer | None, gone: TakenBack | None, *, is_doubtful: bool) -> DeliveryLine:
        account = self._desk.cities[one.city].accounts.get(one.account)
        late = None if one.sent_at is None else int((one.sent_at - one.planned_at).total_seconds())
        useful = None if one.latest_at is None else int((one.latest_at - one.planned_at).total_seconds()) // 60
        return DeliveryLine(
            id=one.id,
            account=one.account,
            account_name=self._desk.account_name(one.city, one.account),
            platform=one.platform,
            kind=one.kind,
            state=one.state,
            due_at=one.due_at,
            sent_at=one.sent_at,
            url=one.url,
            account_url=None if account is None else account.url,
            problem=None if one.problem is None else Remark(code=one.problem.code, params=one.problem.params),
            objection=None if one.problem is None else one.problem.objection,
            who=None if one.problem is None else one.problem.who,
            is_doubtful=is_doubtful,
            question=question_of(one) if one.state is DeliveryState.ASKED else "",
            late_seconds=late if late is not None and late > 0 else None,
            planned_at=one.planned_at,
            latest_minutes=useful,
            is_emergency=one.is_emergency,
            newer=newer,
            taken_back=gone,
        )


def _count(number: str) -> int:
    return int(number.removeprefix(posts.PREFIX))
