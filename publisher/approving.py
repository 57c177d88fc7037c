"""The round: decisions on a submitted version (`publisher.api.Approving`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher import mapping
from publisher.api import Decision, NoticeKind, Outcome, Weighing
from publisher.consents import added_by_no, look_ahead, strongest
from publisher.desk import find_post, lock_post
from publisher.errors import Refusal
from publisher.explaining import why_blocked, why_escalated, why_refused
from publisher.post import PostEvent, PostState
from publisher.questions import asked_of_approver
from publisher.reviewing import stops_of
from publisher.store import audit, notices, posts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publisher.api import Act, Question
    from publisher.circulation import Circulation
    from publisher.consents import Ahead
    from publisher.desk import Desk
    from publisher.reviewing import Look
    from publisher.routes import Stop
    from publisher.store.engine import Transaction
    from publisher.store.posts import Approval, Line, Post, Version

_DECIDED: Final = frozenset(
    {PostState.SUBMITTED, PostState.APPROVED, PostState.CLOSED, PostState.RETURNED, PostState.REJECTED}
)
"""States in which a decision may have been given already."""
_NEGATIVE: Final = {Decision.RETURN: PostEvent.RETURNED, Decision.REJECT: PostEvent.REJECTED}


class ApprovingDesk:
    """Approving.

    Args:
        desk: The shared collaborators.
        circulation: Moves posts through their round.
    """

    def __init__(self, desk: Desk, circulation: Circulation) -> None:
        self._desk = desk
        self._circulation = circulation

    def questions(self, city: str, person: str, *, number: str, version: int) -> Sequence[Question]:
        """Return what *person* must answer before approving; also says early that he or she can't.

        Raises:
            Refusal: As `decide`.
        """
        with self._desk.database.reading() as tx:
            post = find_post(tx, city, number)
            lines = self._open_lines(tx, post, person, version)
            if not lines:
                self._refuse_other(tx, post, person)
            return self._asked(tx, post, posts.version(tx, post.id, version), lines)

    def _asked(self, tx: Transaction, post: Post, version: Version, lines: Sequence[Line]) -> Sequence[Question]:
        looks = self._circulation.looks(tx, post, version)
        return asked_of_approver([looks[one.account] for one in lines if one.account in looks], version.answers)

    def weigh(
        self, city: str, person: str, *, number: str, version: int, answers: Mapping[str, bool] | None = None
    ) -> Weighing:
        """Say what would follow if *person* approved the open step with these answers; nothing is stored.

        Raises:
            Refusal: As `decide`.
        """
        with self._desk.database.reading() as tx:
            post = find_post(tx, city, number)
            lines = self._open_lines(tx, post, person, version)
            if not lines:
                self._refuse_other(tx, post, person)
            kept = posts.version(tx, post.id, post.version)
            found, consenting, is_own = [], [], False
            for line in lines:
                before, after = (self._look_again(tx, post, kept, line, more) for more in ({}, answers or {}))
                found += [(after, one) for one in added_by_no(before, after)]
                ahead = self._ahead(post, kept, line, after)
                is_own |= self._consents_now(ahead, person)
                consenting += list(ahead.consent_from)
        views = [mapping.finding_view(look.pack, one, look.text) for look, one in found]
        return Weighing(
            findings=tuple(dict.fromkeys(views)),
            effect=strongest(one for _, one in found),
            consent_from=tuple(self._desk.person_name(city, one) for one in dict.fromkeys(consenting)),
            needs_reason=is_own,
        )

    def decide(
        self,
        act: Act,
        *,
        number: str,
        version: int,
        decision: Decision,
        note: str = "",
        answers: Mapping[str, bool] | None = None,
        waited_seconds: float = 0.0,
    ) -> Outcome:
        """Decide every line whose open step this person can decide.

        *waited_seconds*: how long ago it was decided, where a breakdown kept it. What has no time of its own would go
        at once: an approval of hours ago does not say that it is still useful.

        Outcomes: `step_approved` (further steps are open; param `waiting_for`), `approved` (the last
        line is approved; param `publish_at`), `returned`, `rejected`, `decided_already` (params `by`, `decision`),
        `decision_came_late` (nothing is decided; param `minutes`).

        Raises:
            Refusal: `no_such_post`, `own_post` (author or last editor), `not_your_step` (param `who`),
                `version_changed`, `note_missing`, `answers_missing`, `not_submitted` (param `state`),
                `plan_refused`, `policy_blocks`, `policy_escalates` (params `role`, `who`), `too_late`.
        """

        def work(tx: Transaction) -> Outcome:
            post = lock_post(tx, act.city, number)
            lines = self._open_lines(tx, post, act.person, version)
            if not lines:
                return self._decided_already(tx, post, act.person)
            if decision is Decision.APPROVE:
                if self._is_old(posts.version(tx, post.id, version), waited_seconds):
                    minutes = int(waited_seconds // 60)
                    return Outcome(code="decision_came_late", number=post.label, params={"minutes": minutes})
                return self._approve(tx, act, post, lines, note=note.strip(), answers=answers or {})
            return self._send_back(tx, act, post, lines, decision=decision, note=note.strip())

        return self._desk.once(act, work)

    # ── who may ──────────────────────────────────────────────────────────────────────────────────

    def _open_lines(self, tx: Transaction, post: Post, person: str, version: int) -> Sequence[Line]:
        """Return the open lines that *person* can decide."""
        if post.version != version:
            raise Refusal("version_changed", version=post.version)
        if post.state not in _DECIDED:
            raise Refusal("not_submitted", state=post.state)
        if post.state is not PostState.SUBMITTED:
            return []
        if person in {post.author, posts.version(tx, post.id, version).editor}:
            raise Refusal("own_post")
        own, day = self._desk.city(post.city), self._desk.today()
        return [line for line, stop in self._circulation.open_stops(tx, post) if person in stop.deciders(own, day)]

    def _decided_already(self, tx: Transaction, post: Post, person: str) -> Outcome:
        version = posts.version(tx, post.id, post.version)
        last = self._last_decision(tx, version, person)
        if last is None:
            self._refuse_other(tx, post, person)
            raise Refusal("not_submitted", state=post.state)
        lengths = {line.id: len(line.route) for line in posts.lines_of(tx, version.id)}
        is_step = last.decision == Decision.APPROVE and last.step < lengths[last.line_id] - 1
        decision = "approve_step" if is_step else last.decision
        params = {"by": self._desk.person_name(post.city, last.person), "decision": decision}
        return Outcome(code="decided_already", number=post.label, params=params)

    def _last_decision(self, tx: Transaction, version: Version, person: str) -> Approval | None:
        """Return the last decision on a step that *person* could decide."""
        own, day = self._desk.city(version.city), self._desk.today()
        lines = {line.id: stops_of(line) for line in posts.lines_of(tx, version.id)}
        return next(
            (
                approval
                for approval in reversed(posts.approvals_of(tx, version.id))
                if person in lines[approval.line_id][approval.step].deciders(own, day)
            ),
            None,
        )

    def _refuse_other(self, tx: Transaction, post: Post, person: str) -> None:
        """Say whose step it is, or that nothing is open.

        Raises:
            Refusal: Always, but where the post is decided and *person* was one of those who could.
        """
        if post.state is not PostState.SUBMITTED:
            version = posts.version(tx, post.id, post.version)
            if self._last_decision(tx, version, person) is None:
                raise Refusal("not_submitted", state=post.state)
            return
        who = self._desk.person_names(post.city, self._circulation.waiting_for(tx, post))
        raise Refusal("not_your_step", who=who)

    # ── 承認・決裁 ────────────────────────────────────────────────────────────────────────────────

    def _is_old(self, version: Version, waited_seconds: float) -> bool:
        """Tell whether a post without a time was approved longer ago than it is useful from its approval on.

        One whose latest useful time somebody named is as useful as that says.
        """
        usual = self._desk.city(version.city).defaults
        is_open = version.publish_at is None and version.latest_at is None
        return is_open and waited_seconds > 60 * usual.latest_minutes

    def _approve(
        self, tx: Transaction, act: Act, post: Post, lines: Sequence[Line], *, note: str, answers: Mapping[str, bool]
    ) -> Outcome:
        version = posts.version(tx, post.id, post.version)
        if version.latest_at is not None and version.latest_at < tx.now:
            raise Refusal("too_late", latest_at=version.latest_at.isoformat())
        title = self._title(act)
        asked = self._circulation.looks(tx, post, version)
        missing = sum(question.key not in answers for question in self._asked(tx, post, version, lines))
        if missing:
            raise Refusal("answers_missing", count=missing)
        for line in lines:
            posts.add_approval(
                tx, line, person=act.person, title=title, decision=Decision.APPROVE, note=note, answers=answers
            )
        for line in lines:
            look = self._look_again(tx, post, version, line)
            rest = self._rest_of_round(act, post, version, line, look)
            if not rest:
                # A reason lifts the hours for a time that was asked for, as `/sns now` asks for this very moment (A06);
                # who asked for none waits for the opening.
                is_timed = version.publish_at is not None or post.emergency_kind is not None
                waiting = look if is_timed else asked[line.account]
                self._circulation.approve_line(
                    tx, post, version, line, look, who=act.person, opens_at=waiting.next_open
                )
            else:
                route = [*line.route[: line.step + 1], *(stop.as_json() for stop in rest)]
                posts.set_line(tx, line, step=line.step + 1, route=route, verdict=look.as_json())
        facts = {"accounts": [line.account for line in lines], "version": version.version}
        audit.append(tx, city=post.city, who=act.person, kind="step_approved", post_id=post.id, facts=facts, note=note)
        notices.add(tx, city=post.city, kind=NoticeKind.CARD, post_id=post.id)
        post = self._circulation.settle(tx, post, version, who=act.person)
        if post.state is PostState.SUBMITTED:
            names = self._desk.person_names(post.city, self._circulation.waiting_for(tx, post))
            return Outcome(code="step_approved", number=post.label, params={"waiting_for": names})
        when = self._goes_at(tx, version)
        self._tell_author(tx, post, act, Decision.APPROVE, note, publish_at=when.isoformat())
        return Outcome(code="approved", number=post.label, params={"publish_at": when.isoformat()})

    def _look_again(
        self, tx: Transaction, post: Post, version: Version, line: Line, more: Mapping[str, bool] | None = None
    ) -> Look:
        """Judge one line with every consent and every answer of its round so far, and *more*."""
        look = self._circulation.look_with_consents(tx, post, version, line, more=more)
        if look is None:
            raise Refusal("account_not_allowed", account=line.account)
        return look

    def _rest_of_round(self, act: Act, post: Post, version: Version, line: Line, look: Look) -> tuple[Stop, ...]:
        """Return the steps that follow; a consent that is missing and that no step asks for becomes one.

        Raises:
            Refusal: `plan_refused`, `policy_blocks`, `note_missing`, `policy_escalates`.
        """
        name = self._desk.account_name(act.city, look.account)
        if look.plan.is_refused:
            raise Refusal("plan_refused", **{**why_refused(look), "account": name})
        if look.is_blocked:
            raise Refusal("policy_blocks", account=name, **why_blocked(look))
        ahead = self._ahead(post, version, line, look)
        if self._consents_now(ahead, act.person):
            raise Refusal("note_missing", field="note")  # the consent counts only with a reason
        if ahead.is_missing and not ahead.consent_from:
            raise Refusal("policy_escalates", account=name, who="", **why_escalated(look))
        return ahead.stops

    def _ahead(self, post: Post, version: Version, line: Line, look: Look) -> Ahead:
        rest = stops_of(line)[line.step + 1 :]
        writers = {post.author, version.editor}
        return look_ahead(self._desk.city(post.city), rest, look, writers=writers, day=self._desk.today())

    @staticmethod
    def _consents_now(ahead: Ahead, person: str) -> bool:
        """Tell whether the consent that is missing is that of *person*, who decides now."""
        return person in ahead.consent_from and not ahead.is_asked_later

    def _goes_at(self, tx: Transaction, version: Version) -> datetime:
        planned = [one.planned_at for one in self._circulation.deliveries_of(tx, version)]
        return min(planned, default=version.publish_at or tx.now)

    # ── 差戻し・廃案 ──────────────────────────────────────────────────────────────────────────────

    def _send_back(
        self, tx: Transaction, act: Act, post: Post, lines: Sequence[Line], *, decision: Decision, note: str
    ) -> Outcome:
        if not note:
            raise Refusal("note_missing", field="note")
        event = _NEGATIVE[decision]
        for line in lines:
            posts.add_approval(
                tx, line, person=act.person, title=self._title(act), decision=decision, note=note, answers={}
            )
        posts.end_open_lines(tx, lines[0].version_id, event)
        post = posts.move(tx, post, event, who=act.person, note=note)
        self._circulation.stop(tx, post, who=act.person, note=note)
        self._tell_author(tx, post, act, decision, note)
        return Outcome(code=event, number=post.label)

    def _title(self, act: Act) -> str:
        own = self._desk.city(act.city)
        held = own.positions_of(act.person, self._desk.today())
        return own.positions[held[0]].title.ja if held else ""

    def _tell_author(self, tx: Transaction, post: Post, act: Act, decision: Decision, note: str, **more: str) -> None:
        by = self._desk.person_name(post.city, act.person)
        notices.add(
            tx,
            city=post.city,
            kind=NoticeKind.DECIDED,
            post_id=post.id,
            person=post.author,
            params={"decision": decision, "by": by, "note": note, **more},
        )
