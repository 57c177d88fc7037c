"""The last check before a call, and the way out (`publisher.ledger.outbound_port.Outbound`)."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from platforms.errors import NeedsPerson, Who
from platforms.port import Plan, Remark
from publisher import deletion_check, mapping
from publisher.delivery import TAKES_BACK, DeliveryKind, DeliveryState
from publisher.errors import NotFoundError, Refusal, UnknownSecretKeyError
from publisher.evidencing import EvidenceKeeper
from publisher.last_check import check_of, is_after_hours, who_mends
from publisher.last_look import LastLook, Wanted
from publisher.ledger.outbound_port import AskPerson, Go, Prepared, all_at_once, one_by_one
from publisher.store import deliveries as rows
from publisher.store import papers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from platforms.port import Limits, Session
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.ledger.outbound_port import Check
    from publisher.reviewing import Look, Reviewer
    from publisher.secrets import CredentialStore
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What is sent, before the account is bound."""

    secrets: Mapping[str, str] | Exception
    plan: Plan | None = None
    source_id: str | None = None
    objection: Exception | None = None
    """Why it cannot be sent."""


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
        self._last_look = LastLook(desk, reviewer, circulation)
        self._credentials = credentials
        self._evidence = EvidenceKeeper(desk)

    # ── the last check ───────────────────────────────────────────────────────────────────────────

    def check_many(self, tx: Transaction, deliveries: Sequence[Delivery]) -> Mapping[str, Check | Exception]:
        """Say which of *deliveries* may still go out: their seals, and the policy with today's facts."""
        return self.foresee(tx, deliveries, at=dict.fromkeys((one.id for one in deliveries), tx.now))

    def check_order(self, tx: Transaction, delivery: Delivery) -> Check:
        """Say whether the correction that ordered what takes a post back still stands."""
        return deletion_check.check(tx, delivery)

    def foresee(
        self, tx: Transaction, deliveries: Sequence[Delivery], *, at: Mapping[str, datetime]
    ) -> Mapping[str, Check | Exception]:
        """Say what `check_many` would say of each at a moment of its own, by its id, as far as it is known now."""
        return all_at_once(lambda several: self._checks(tx, several, at), deliveries)

    def _checks(
        self, tx: Transaction, deliveries: Sequence[Delivery], at: Mapping[str, datetime]
    ) -> Mapping[str, Check | Exception]:
        checks: dict[str, Check | Exception] = {}
        for one in deliveries:
            own = self._desk.cities.get(one.city)
            if one.kind in TAKES_BACK:
                checks[one.id] = Go()  # ruled when it was ordered
            elif own is None or one.account not in own.accounts:
                checks[one.id] = AskPerson(remark=Remark(code="account_gone", params={"account": one.account}))
        known = papers.read(tx, [one for one in deliveries if one.id not in checks])
        asked = [one for one in deliveries if one.id not in checks]
        checks |= {one.id: NotFoundError("its post is gone") for one in asked if one.id not in known}
        wanted = [Wanted(one, known[one.id], at[one.id]) for one in asked if one.id in known]
        looks = self._last_look.look(tx, wanted)
        in_time = self._looks_in_time(tx, wanted, looks)
        return checks | one_by_one(lambda one: check_of(one, looks[one.id], in_time.get(one.id)), wanted)

    def _looks_in_time(
        self, tx: Transaction, wanted: Sequence[Wanted], looks: Mapping[str, Look | Exception]
    ) -> Mapping[str, Look | Exception]:
        """Look at what the hours are over for as it would have been at its own time."""
        over = [one for one in wanted if is_after_hours(one, looks[one.id])]
        return self._last_look.look(tx, [replace(one, at=one.delivery.planned_at) for one in over])

    # ── preparing ────────────────────────────────────────────────────────────────────────────────

    def prepare(self, delivery: Delivery) -> Prepared:
        """Bind the delivery's account and plan what it sends. Outside any transaction; nothing is sent.

        What is to be deleted is kept as evidence here, before any call is opened that could delete it.

        Raises:
            PlatformError: One of its five kinds.
        """
        prepared = self.prepare_many([delivery], within_seconds=math.inf)[delivery.id]
        if isinstance(prepared, Exception):
            raise prepared
        return prepared

    def prepare_many(
        self, deliveries: Sequence[Delivery], *, within_seconds: float
    ) -> Mapping[str, Prepared | Exception]:
        """Prepare many together; as good as `prepare` of each.

        The time is that of the files: reading and planning is done for all at once, and cheaper so than for each alone.
        """
        drafts = all_at_once(self._drafts, deliveries)
        same: set[tuple[Path, str]] = set()
        return one_by_one(
            lambda one: self._bound(one, drafts[one.id], same),
            deliveries,
            within_seconds=within_seconds,
        )

    def _drafts(self, deliveries: Sequence[Delivery]) -> Mapping[str, _Draft | Exception]:
        """Read what is sent, and by which secrets."""
        with self._desk.database.reading() as tx:
            sealed = self._credentials.sealed(tx, {(one.city, one.account) for one in deliveries})
            # The seal says what is sent: where its plan is remembered, the last check alone reads what was written.
            sealed_plans = {one.id: plan for one in deliveries if (plan := self._last_look.remembered(one)) is not None}
            unread = [one for one in deliveries if one.kind not in TAKES_BACK and one.id not in sealed_plans]
            known = papers.read(tx, unread, is_for_judging=False)
            wanted = [Wanted(one, known[one.id], tx.now) for one in unread if one.id in known]
            plans = sealed_plans | dict(self._plans(tx, [one for one in wanted if one.delivery.source_id is None]))
        opened = cache(lambda city, account: self._credentials.open(city, account, sealed))
        secrets = one_by_one(lambda one: opened(one.city, one.account), deliveries)
        drafts: dict[str, _Draft] = {}
        for one in deliveries:
            found: Plan | str | Exception | None = plans.get(one.id)
            if one.id in known and one.source_id is not None:
                found = _source_id(known[one.id].source)
            elif found is None and one.kind not in TAKES_BACK and one.id not in known:
                found = NotFoundError("its post is gone")
            drafts[one.id] = _Draft(
                secrets=secrets[one.id],
                plan=found if isinstance(found, Plan) else None,
                source_id=found if isinstance(found, str) else None,
                objection=found if isinstance(found, Exception) else None,
            )
        return drafts

    def _plans(self, tx: Transaction, wanted: Sequence[Wanted]) -> Mapping[str, Plan | Exception]:
        """Plan what was approved, and nothing that its seal does not fit: the very plan that is sent is compared.

        Where the policy completed the text, it is asked once more how. What it says today of the post is asked at the
        last check, in the transaction that opens the call.
        """
        made = one_by_one(self._last_look.sealed_plan, wanted)
        again = [one.delivery for one in wanted if made[one.id] is None]
        whole = papers.read(tx, again)
        unknown = [Wanted(one, whole[one.id], tx.now) for one in again]
        looks = self._last_look.look(tx, unknown)
        made |= one_by_one(lambda one: self._require_sealed(one, looks[one.id]), unknown)
        return {name: _as_objection(plan) for name, plan in made.items() if plan is not None}

    def _require_sealed(self, one: Wanted, look: Look | Exception) -> Plan:
        """Return the plan that a pack completed anew.

        Raises:
            NeedsPerson: `seal_broken`: it is not what was approved.
        """
        if isinstance(look, Exception):
            raise look
        if not self._last_look.is_sealed(one, look.plan):
            raise NeedsPerson("seal_broken", who=Who.IT)
        return look.plan

    def _bound(self, delivery: Delivery, draft: _Draft | Exception, same: set[tuple[Path, str]]) -> Prepared:
        """Bind the account to what is sent; *same* are the files that were read again already."""
        if isinstance(draft, Exception):
            raise draft
        session = self._connect(delivery, draft.secrets)
        if delivery.kind in TAKES_BACK:
            source = self._source(delivery)
            if delivery.kind is DeliveryKind.DELETE:
                self._evidence.keep(session, source)
            return Prepared(session=session, source_id=source.external_id)
        if draft.objection is not None:
            raise draft.objection
        if draft.plan is not None:
            _require_same_bytes(draft.plan, same)
        return Prepared(session=session, plan=draft.plan, source_id=draft.source_id)

    def _source(self, delivery: Delivery) -> Delivery:
        """Return what was published that *delivery* deletes, or whose repost it undoes.

        Raises:
            NeedsPerson: `source_not_known`: its id is not known.
        """
        with self._desk.database.reading() as tx:
            source = rows.get(tx, delivery.source_id or "")
            if delivery.kind is DeliveryKind.UNDO_REPOST:
                source = rows.get(tx, source.source_id or "")
        known = _source_id(source)
        if isinstance(known, Exception):
            raise known
        return source

    def _connect(self, delivery: Delivery, secrets: Mapping[str, str] | Exception) -> Session:
        own = self._desk.cities.get(delivery.city)
        account = None if own is None else own.accounts.get(delivery.account)
        if account is None:
            raise NeedsPerson("account_gone", who=Who.IT, params={"account": delivery.account})
        if isinstance(secrets, UnknownSecretKeyError):
            raise NeedsPerson("secret_key_wrong", who=Who.IT)
        if isinstance(secrets, Exception):
            raise secrets
        return self._desk.platforms[account.platform].connect(mapping.account_ref(delivery.account, account), secrets)

    def limits(self, platform: str) -> Limits:
        """Return a platform's numbers."""
        return self._desk.platforms[platform].limits


def _as_objection(plan: Plan | Exception) -> Plan | Exception:
    if isinstance(plan, Refusal):
        return NeedsPerson(plan.code, who=who_mends(plan), params=dict(plan.params))
    return plan


def _source_id(source: Delivery | None) -> str | NeedsPerson:
    """Return the vendor's id of what was published; where it is not known, why that must be a person's to see."""
    if source is None or source.state is not DeliveryState.SENT or source.external_id is None or source.is_witnessed:
        return NeedsPerson("source_not_known", who=Who.AUTHOR)
    return source.external_id


def _require_same_bytes(plan: Plan, same: set[tuple[Path, str]]) -> None:
    """Read every file once more: the seal names the bytes that were approved, not a place on a disk.

    Raises:
        NeedsPerson: A file holds something else.
    """
    for media in plan.media:
        if (media.path, media.sha256) in same:
            continue
        with media.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != media.sha256:
                raise NeedsPerson("media_changed", who=Who.IT)
        same.add((media.path, media.sha256))
