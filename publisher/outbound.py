"""The last check before a call, and the way out (`publisher.ledger.outbound_port.Outbound`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.port import Remark
from policy.model import Decision
from policy.periods import PERIOD
from publisher import deletion_check, mapping
from publisher.delivery import TAKES_BACK, DeliveryKind, DeliveryState
from publisher.desk import answers_of, form_of
from publisher.errors import Refusal, UnknownSecretKeyError
from publisher.evidencing import EvidenceKeeper
from publisher.explaining import why_blocked, why_escalated, why_missed, why_refused
from publisher.ledger.outbound_port import AskPerson, Go, NotBefore, Prepared, one_by_one
from publisher.seal import seal
from publisher.store import corrections, deliveries, posts
from publisher.store.periods import WAITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from platforms.port import Limits, Plan, Session
    from policy.model import Finding
    from publisher.api import DraftForm
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.ledger.outbound_port import Check
    from publisher.reviewing import Look, Reviewer
    from publisher.secrets import CredentialStore
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.post_records import Line, Post, Version


class SealedOutbound:
    """Lets out what was approved, and nothing else.

    Args:
        desk: The shared collaborators.
        reviewer: Plans and judges.
        circulation: Knows the consents.
        credentials: The accounts' secrets.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, circulation: Circulation, credentials: CredentialStore) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._circulation = circulation
        self._credentials = credentials
        self._evidence = EvidenceKeeper(desk)

    def check_many(self, tx: Transaction, deliveries: Sequence[Delivery]) -> Mapping[str, Check | Exception]:
        """Say which of *deliveries* may still go out: their seals, and the policy with today's facts."""
        return one_by_one(lambda one: self.foresee(tx, one, at=tx.now), deliveries)

    def check_order(self, tx: Transaction, delivery: Delivery) -> Check:
        """Say whether the correction that ordered what takes a post back still stands."""
        return deletion_check.check(tx, delivery)

    def foresee(self, tx: Transaction, delivery: Delivery, *, at: datetime) -> Check:
        """Say what `check_many` would say of it at another moment, as far as it is known now."""
        if delivery.kind in TAKES_BACK:
            return Go()  # ruled when it was ordered
        own = self._desk.cities.get(delivery.city)
        if own is None or delivery.account not in own.accounts:
            return AskPerson(remark=Remark(code="account_gone", params={"account": delivery.account}))
        try:
            papers = _read(tx, delivery)
            look = self._look(tx, delivery, papers, at=at)
        except Refusal as refusal:
            return AskPerson(remark=Remark(code=refusal.code, params=dict(refusal.params)))
        if delivery.kind is DeliveryKind.PUBLISH and not papers.is_seal_of(look.plan, delivery):
            return AskPerson(remark=Remark(code="seal_broken"))
        return self._verdict(tx, delivery, papers, look, at=at)

    def prepare(self, delivery: Delivery) -> Prepared:
        """Bind the delivery's account and plan what it sends. Outside any transaction; nothing is sent.

        What is to be deleted is kept as evidence here, before any call is opened that could delete it.

        Raises:
            PlatformError: One of its five kinds.
        """
        session = self._connect(delivery)
        if delivery.source_id is not None:
            source = self._source(delivery)
            if delivery.kind is DeliveryKind.DELETE:
                self._evidence.keep(session, source)
            return Prepared(session=session, source_id=source.external_id)
        with self._desk.database.reading() as tx:
            try:
                plan = self._plan(tx, delivery, _read(tx, delivery))
            except Refusal as refusal:
                raise NeedsPerson(refusal.code, who=Who.AUTHOR, params=dict(refusal.params)) from None
        _require_same_bytes(plan)
        return Prepared(session=session, plan=plan)

    def prepare_many(
        self, deliveries: Sequence[Delivery], *, within_seconds: float
    ) -> Mapping[str, Prepared | Exception]:
        """Prepare many together; as good as `prepare` of each."""
        return one_by_one(self.prepare, deliveries, within_seconds=within_seconds)

    def _plan(self, tx: Transaction, delivery: Delivery, papers: _Papers) -> Plan:
        """Plan what was approved, and nothing that its seal does not fit: the very plan that is sent is compared.

        Where the policy completed the text, it is asked once more how. What it says today of the post is asked at the
        last check, in the transaction that opens the call.

        Raises:
            Refusal: A file is gone.
            NeedsPerson: `seal_broken`.
        """
        media = self._desk.files(tx, delivery.city, papers.form.media)
        plan = self._reviewer.plan(delivery.city, delivery.account, papers.form, media)
        if papers.is_seal_of(plan, delivery):
            return plan
        plan = self._look(tx, delivery, papers).plan
        if not papers.is_seal_of(plan, delivery):
            raise NeedsPerson("seal_broken", who=Who.IT)
        return plan

    def _source(self, delivery: Delivery) -> Delivery:
        """Return what was published that *delivery* reposts or deletes, or whose repost it undoes.

        Raises:
            NeedsPerson: `source_not_known`: its id is not known.
        """
        with self._desk.database.reading() as tx:
            source = deliveries.get(tx, delivery.source_id or "")
            if delivery.kind is DeliveryKind.UNDO_REPOST:
                source = deliveries.get(tx, source.source_id or "")
        if source.state is not DeliveryState.SENT or source.external_id is None or source.is_witnessed:
            raise NeedsPerson("source_not_known", who=Who.AUTHOR)
        return source

    def limits(self, platform: str) -> Limits:
        """Return a platform's numbers."""
        return self._desk.platforms[platform].limits

    def _verdict(self, tx: Transaction, delivery: Delivery, papers: _Papers, look: Look, *, at: datetime) -> Check:
        if look.plan.is_refused and not look.is_repost:
            return AskPerson(remark=Remark(code="plan_refused", params=why_refused(look)))
        if look.is_blocked:
            return AskPerson(remark=Remark(code="policy_blocks", params=why_blocked(look)))
        if delivery.is_emergency:
            return Go()
        opening = self._opening(tx, delivery, papers, look, at=at)
        if look.role_needed is None:
            return opening
        remark = Remark(code="policy_escalates", params=why_escalated(look))
        return AskPerson(remark=remark, is_waivable=True, then=opening)

    def _opening(self, tx: Transaction, delivery: Delivery, papers: _Papers, look: Look, *, at: datetime) -> Check:
        """Say what the hour means: a post that was to go out inside the hours is asked about once they are over.

        One that was always meant to wait for the opening waits, and so does a repost: it follows its post when it can.
        """
        if look.next_open is None:
            return Go()
        waits = NotBefore(at=look.next_open, remark=_why_wait(look))
        missed = _outside(look)
        if missed is None or look.is_repost or at <= delivery.planned_at:
            return waits
        if _outside(self._look(tx, delivery, papers, at=delivery.planned_at)) is not None:
            return waits
        params = why_missed(look, missed) | {
            "planned_at": delivery.planned_at.isoformat(),
            "opens_at": look.next_open.isoformat(),
        }
        remark = Remark(code="hours_missed", params=params)
        return AskPerson(remark=remark, is_waivable=True, opens_at=look.next_open)

    def _connect(self, delivery: Delivery) -> Session:
        own = self._desk.cities.get(delivery.city)
        account = None if own is None else own.accounts.get(delivery.account)
        if account is None:
            raise NeedsPerson("account_gone", who=Who.IT, params={"account": delivery.account})
        try:
            secrets = self._credentials.get(delivery.city, delivery.account)
        except UnknownSecretKeyError:
            raise NeedsPerson("secret_key_wrong", who=Who.IT) from None
        return self._desk.platforms[account.platform].connect(mapping.account_ref(delivery.account, account), secrets)

    def _look(self, tx: Transaction, delivery: Delivery, papers: _Papers, *, at: datetime | None = None) -> Look:
        """Plan and judge what *delivery* would send *at* a moment, or now.

        Raises:
            Refusal: A file is gone.
        """
        post, version = papers.post, papers.version
        if delivery.source_id is not None:
            source = deliveries.get(tx, delivery.source_id)
            return self._circulation.look_at_repost(tx, post, version, delivery.account, source.account, at=at)
        form, line = papers.form, papers.line
        given = [one for one in posts.approvals_of(tx, version.id) if line is not None and one.line_id == line.id]
        case = mapping.Case(
            at=at or tx.now,
            kind=corrections.action_of(tx, post.id),
            planned_at=delivery.planned_at,
            actor=mapping.actor_of_system(is_emergency=delivery.is_emergency),
            emergency=post.emergency_kind,
            answers=answers_of(version, given),
            grants=self._circulation.grants_of(post.city, delivery.account, given),
            written_at=version.created_at,
            declared=frozenset(version.declared),
        )
        media = self._desk.files(tx, post.city, form.media)
        return self._reviewer.look(tx, post.city, delivery.account, form, media, case, but_post=post.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Papers:
    """What was written and approved, read once."""

    post: Post
    version: Version
    form: DraftForm
    line: Line | None
    """The delivery's account's."""

    def is_seal_of(self, plan: Plan, delivery: Delivery) -> bool:
        """Tell whether *plan* is what was approved, and approved is what the delivery says."""
        now = seal(plan, account=delivery.account, planned_at=self.version.publish_at)
        return self.line is not None and now == delivery.seal == self.line.seal


def _read(tx: Transaction, delivery: Delivery) -> _Papers:
    post = posts.by_id(tx, delivery.post_id)
    version = posts.version_by_id(tx, delivery.version_id)
    lines = posts.lines_of(tx, delivery.version_id)
    line = next((line for line in lines if line.account == delivery.account), None)
    return _Papers(post=post, version=version, form=form_of(post, version, lines), line=line)


def _require_same_bytes(plan: Plan) -> None:
    """Read every file once more: the seal names the bytes that were approved, not a place on a disk.

    Raises:
        NeedsPerson: A file holds something else.
    """
    for media in plan.media:
        with media.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != media.sha256:
                raise NeedsPerson("media_changed", who=Who.IT)


def _outside(look: Look) -> Finding | None:
    """Return the finding that the hours are against it, or None; a period of the city's own has no hours."""
    return next(
        (
            one
            for one in look.verdict.findings
            if one.next_open is not None and one.rule != PERIOD and one.effect is not Decision.ALLOW
        ),
        None,
    )


def _why_wait(look: Look) -> Remark:
    """Say what it waits for: a period of the city's own is named, the opening hours are known to everybody."""
    period = next((one for one in look.verdict.findings if one.rule == PERIOD and one.next_open is not None), None)
    if period is None or period.effect is Decision.ALLOW:
        return Remark(code="waits_for_opening")
    return Remark(code=WAITS, params={"message_ja": period.message.ja, "message_en": period.message.en})
