"""Erasing a post's content by two people (`publisher.api.Erasing`).

A manager proposes; another manager, or a 管理責任者, decides. Both have read the list of what goes, and hand its digest
back. The rows that hold content are emptied in one transaction with the decision and its events; files go right after
it, and are looked for again later, should the process die in between. What is public on the platforms is not touched.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from publisher.api import (
    DeliveryKind,
    DeliveryState,
    DuePost,
    ErasureItem,
    ErasureList,
    ErasureView,
    NoticeKind,
    Outcome,
)
from publisher.audit_chain import canonical
from publisher.auditing import erased_of
from publisher.city.model import Role
from publisher.delivery import FINAL as DELIVERY_FINAL
from publisher.desk import find_post, lock_post
from publisher.errors import Refusal
from publisher.link_book import LinkBook
from publisher.mapping import section_name
from publisher.post import FINAL
from publisher.store import audit, contents, deliveries, notices, posts
from publisher.store import erasures as rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publisher.api import Act
    from publisher.desk import Desk
    from publisher.reviewing import Reviewer
    from publisher.store.contents import Contents
    from publisher.store.engine import Transaction
    from publisher.store.erasures import Erasure
    from publisher.store.posts import Post

RETENTION: Final = "retention"
REASONS: Final = ("personal_data", RETENTION)
ERASERS: Final = (Role.MANAGER, Role.RESPONSIBLE)
"""Who may decide on a proposal."""


class ErasingDesk:
    """Erasures.

    Args:
        desk: The shared collaborators.
        reviewer: Keeps plans in memory, and texts with them.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._erased = -1
        """How many erasures there were when this process last looked; none was counted yet."""

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def listing(self, city: str, *, number: str) -> ErasureList:
        """Return what an erasure of a post would take.

        Raises:
            Refusal: `no_such_post`, `erased_already` (params `by`, `at`).
        """
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            post = find_post(tx, city, number)
            self._require_whole(tx, post)
            return _list(self._desk, tx, post, contents.survey(tx, post))

    def find(self, city: str, *, erasure: str) -> ErasureView:
        """Return an open proposal by its id or by its post's number.

        Raises:
            Refusal: `no_such_erasure` (param `name`).
        """
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            return self._view(tx, _find_open(tx, city, erasure))

    def open_ones(self, city: str) -> Sequence[ErasureView]:
        """Return the proposals on which nobody has decided, oldest first."""
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            return [self._view(tx, one) for one in rows.open_ones(tx, city)]

    def due(self, city: str) -> Sequence[DuePost]:
        """Return the posts whose time has ended, by the city file's `retention_days`, oldest first; none without it."""
        days = self._desk.city(city).retention_days
        if days is None:
            return []
        kept = timedelta(days=days)
        with self._desk.database.reading() as tx:
            ended = rows.ended_before(tx, city, tx.now - kept)
            proposed = {one.post_id for one in rows.open_ones(tx, city)}
            return [
                DuePost(
                    number=post.label,
                    section_name=section_name(self._desk.city(city), post.section),
                    finished_at=post.finished_at,
                    due_at=post.finished_at + kept,
                    is_proposed=post.id in proposed,
                )
                for post in ended
                if post.finished_at is not None
            ]

    def _view(self, tx: Transaction, one: Erasure) -> ErasureView:
        return ErasureView(
            id=one.id,
            number=posts.by_id(tx, one.post_id).label,
            reason=one.reason,
            note=one.note,
            proposed_by=self._desk.person_name(one.city, one.proposed_by),
            proposed_at=one.proposed_at,
        )

    # ── proposing ────────────────────────────────────────────────────────────────────────────────

    def propose(self, act: Act, *, number: str, reason: str, note: str, seen: str) -> Outcome:
        """Propose to erase a post's content; nothing goes yet. Whoever can decide hears of it.

        Outcomes: `erasure_proposed` (params `erasure`, `who`).

        Raises:
            Refusal: As `publisher.api.Erasing.propose` says.
        """
        return self._desk.once(act, lambda tx: self._propose(tx, act, number, reason, note.strip(), seen))

    def _propose(self, tx: Transaction, act: Act, number: str, reason: str, note: str, seen: str) -> Outcome:
        self._desk.require_manager(act)
        post = lock_post(tx, act.city, number)
        if not note:
            raise Refusal("note_missing")
        if reason not in REASONS:
            raise Refusal("reason_unknown", name=reason, known=", ".join(REASONS))
        self._require_whole(tx, post)
        if rows.live_of_post(tx, post.id) is not None:
            raise Refusal("erasure_open_already", number=post.label)
        _require_ended(self._desk, tx, post)
        if reason == RETENTION:
            self._require_over(post, now=tx.now)
        found = contents.survey(tx, post)
        _require_seen(_list(self._desk, tx, post, found), seen)
        erasure = rows.add(tx, post, reason=reason, note=note, who=act.person)
        self._record(tx, post, erasure, act.person, "erasure_proposed", note=note)
        others = self._others(erasure)
        told = {"number": post.label, "erasure": erasure.id, "by": self._desk.person_name(act.city, act.person)}
        self._tell(tx, act.city, others, {"code": "erasure_awaits", **told})
        params = {"erasure": erasure.id, "who": self._desk.person_names(act.city, others)}
        code = "erasure_proposed" if others else "erasure_proposed_alone"
        return Outcome(code=code, number=post.label, params=params)

    def _require_over(self, post: Post, *, now: datetime) -> None:
        days = self._desk.city(post.city).retention_days
        if days is None:
            raise Refusal("retention_not_set")
        until = (post.finished_at or now) + timedelta(days=days)
        if now < until:
            raise Refusal("retention_not_over", until=until.isoformat())

    # ── deciding ─────────────────────────────────────────────────────────────────────────────────

    def confirm(self, act: Act, *, erasure: str, seen: str) -> Outcome:
        """Erase: texts, words, files and what the record says of them go for good, and tombstones stay.

        Outcomes: `erasure_confirmed` (params `names`: files that went, may be empty).

        Raises:
            Refusal: As `publisher.api.Erasing.confirm` says.
        """
        outcome = self._desk.once(act, lambda tx: self._confirm(tx, act, erasure, seen))
        self._reviewer.forget_texts()
        self.remove_files(act.city)
        return outcome

    def _confirm(self, tx: Transaction, act: Act, name: str, seen: str) -> Outcome:
        post, erasure = self._open_for(tx, act, name)
        _require_ended(self._desk, tx, post)
        found = contents.survey(tx, post)
        _require_seen(_list(self._desk, tx, post, found), seen)
        erasure = rows.decide(tx, erasure, decision=rows.CONFIRMED, who=act.person)
        LinkBook.forget(tx, post)
        gone = contents.erase(tx, post, found, erasure_id=erasure.id)
        more: dict[str, Any] = {"proposed_by": erasure.proposed_by, "counts": dict(found.counts), "files": list(gone)}
        self._record(tx, post, erasure, act.person, audit.ERASURE_CONFIRMED, **more)
        for delivery in deliveries.of_post(tx, post.id):  # whoever keeps texts in memory hears by these which are gone
            facts = {"account": delivery.account}
            about = {"city": post.city, "post_id": post.id, "delivery_id": delivery.id}
            audit.append(tx, who=act.person, kind="delivery_content_erased", facts=facts, **about)
        notices.add(tx, city=post.city, kind=NoticeKind.CARD, post_id=post.id)
        by = self._desk.person_name(act.city, act.person)
        self._tell(
            tx, act.city, [erasure.proposed_by], {"code": "erasure_confirmed_told", "number": post.label, "by": by}
        )
        return Outcome(code="erasure_confirmed", number=post.label, params={"files": len(gone)})

    def refuse(self, act: Act, *, erasure: str, note: str) -> Outcome:
        """Let a proposal go. Outcomes: `erasure_refused`.

        Raises:
            Refusal: As `publisher.api.Erasing.refuse` says.
        """
        return self._desk.once(act, lambda tx: self._refuse(tx, act, erasure, note.strip()))

    def _refuse(self, tx: Transaction, act: Act, name: str, note: str) -> Outcome:
        post, erasure = self._open_for(tx, act, name)
        if not note:
            raise Refusal("note_missing")
        erasure = rows.decide(tx, erasure, decision=rows.REFUSED, who=act.person)
        self._record(tx, post, erasure, act.person, "erasure_refused", note=note)
        by = self._desk.person_name(act.city, act.person)
        told: dict[str, str | int] = {"code": "erasure_refused_told", "number": post.label, "by": by, "note": note}
        self._tell(tx, act.city, [erasure.proposed_by], told)
        return Outcome(code="erasure_refused", number=post.label)

    def forget_erased(self) -> None:
        """Forget the texts that this process remembers, where any process erased one since. A timer calls it."""
        with self._desk.database.reading() as tx:
            erased = rows.count_confirmed(tx)
        if erased != self._erased:
            self._reviewer.forget_texts()
            self._erased = erased

    def remove_files(self, city: str) -> int:
        """Remove files of erased posts that are still there, though no city knows them any more; return how many."""
        with self._desk.database.reading() as tx:
            recorded = audit.of_erasures(tx, city)
            hashes = {str(one) for event in recorded for one in event.facts.get("files", ())}
            unknown = contents.unknown_files(tx, hashes)
        return sum(1 for sha256 in sorted(unknown) if self._desk.media.remove(sha256))

    # ── who may, and what is recorded ────────────────────────────────────────────────────────────

    def _open_for(self, tx: Transaction, act: Act, name: str) -> tuple[Post, Erasure]:
        """Return a post, locked, and its open proposal, for somebody who may decide on it."""
        day, own = self._desk.today(), self._desk.city(act.city)
        if not own.roles_of(act.person, day).intersection(ERASERS):
            raise Refusal("not_eraser", who=self._desk.person_names(act.city, self._erasers(act.city)))
        label = posts.by_id(tx, _find_open(tx, act.city, name).post_id).label
        post = lock_post(tx, act.city, label)
        erasure = _find_open(tx, act.city, label)
        if act.person == erasure.proposed_by:
            others = self._others(erasure)
            if not others:
                raise Refusal("own_erasure_alone")
            raise Refusal("own_erasure", who=self._desk.person_names(act.city, others))
        return post, erasure

    def _erasers(self, city: str) -> Sequence[str]:
        own, day = self._desk.city(city), self._desk.today()
        return list(dict.fromkeys(person for role in ERASERS for person in own.with_role(role, day)))

    def _others(self, erasure: Erasure) -> Sequence[str]:
        return [person for person in self._erasers(erasure.city) if person != erasure.proposed_by]

    def _require_whole(self, tx: Transaction, post: Post) -> None:
        erasure = rows.confirmed_of_post(tx, post.id)
        if erasure is not None:
            erased = erased_of(self._desk, erasure)
            raise Refusal("erased_already", number=post.label, at=erased.at.isoformat(), by="、".join(erased.by))

    @staticmethod
    def _record(
        tx: Transaction, post: Post, erasure: Erasure, who: str, kind: str, *, note: str = "", **more: object
    ) -> None:
        facts = {"erasure": erasure.id, "reason": erasure.reason, **more}
        audit.append(tx, city=post.city, who=who, kind=kind, post_id=post.id, facts=facts, note=note)

    @staticmethod
    def _tell(tx: Transaction, city: str, people: Sequence[str], params: Mapping[str, str | int]) -> None:
        for person in people:
            notices.add(tx, city=city, kind=NoticeKind.ANSWER, person=person, params=params)


def _find_open(tx: Transaction, city: str, name: str) -> Erasure:
    wanted = name.strip()
    for one in rows.open_ones(tx, city):
        if wanted.lower() == one.id or wanted.upper() == posts.by_id(tx, one.post_id).label:
            return one
    raise Refusal("no_such_erasure", name=wanted)


def _require_ended(desk: Desk, tx: Transaction, post: Post) -> None:
    under_way = [one.account for one in deliveries.of_post(tx, post.id) if one.state not in DELIVERY_FINAL]
    if under_way:
        raise Refusal("deliveries_not_ended", number=post.label, names=desk.account_names(post.city, under_way))
    if post.state not in FINAL:
        raise Refusal("post_not_ended", number=post.label, state=post.state)


def _require_seen(listed: ErasureList, seen: str) -> None:
    if listed.digest != seen:
        raise Refusal("erasure_not_seen", number=listed.number)


def _list(desk: Desk, tx: Transaction, post: Post, found: Contents) -> ErasureList:
    names = {kind: tuple(name for _, name in those) for kind, those in _files_of(found).items()}
    items = tuple(
        ErasureItem(kind=kind, count=count, names=names.get(kind, ())) for kind, count in found.counts.items() if count
    )
    made = deliveries.of_post(tx, post.id)
    taken_back = {one.source_id for one in made if one.kind is DeliveryKind.DELETE and one.state is DeliveryState.SENT}
    public = tuple(
        (desk.account_name(post.city, one.account), one.url or "")
        for one in made
        if one.kind is DeliveryKind.PUBLISH and one.state is DeliveryState.SENT and one.id not in taken_back
    )
    hashes = [sha256 for those in _files_of(found).values() for sha256, _ in those]
    body = [post.id, dict(found.counts), hashes, list(found.events), [list(each) for each in public]]
    digest = hashlib.sha256(canonical(body)).hexdigest()
    return ErasureList(number=post.label, items=items, public=public, digest=digest)


def _files_of(found: Contents) -> Mapping[str, Sequence[tuple[str, str]]]:
    return {"files": found.files, "shared_files": found.shared_files}
