"""The manager's list of accounts that may be reposted and followed (`publisher.api.Whitelisting`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.model import ActionKind, Relation
from publisher import mapping
from publisher.api import DraftForm, NoticeKind, Outcome, WhitelistCheck, WhitelistEntry
from publisher.city.model import AccountKind, Role, day_in_japan
from publisher.errors import Refusal
from publisher.routes import role_holders
from publisher.store import audit, notices
from publisher.store import whitelist as rows
from publisher.targets import find_own, name_of_own, relation_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from publisher.api import Act, WhitelistOrder
    from publisher.city.model import City
    from publisher.desk import Desk
    from publisher.reviewing import Reviewer
    from publisher.store.engine import Transaction
    from publisher.store.whitelist import Entry
    from publisher.targets import Whitelists

ADDABLE: Final = tuple(one for one in Relation if one is not Relation.SECTION_ACCOUNT)
"""What a foreign account can be; the city's own are known from its file."""
ASKABLE: Final = (ActionKind.REPOST, ActionKind.FOLLOW)
"""What can be asked about an account."""


class WhitelistDesk:
    """The list.

    Args:
        desk: The shared collaborators.
        reviewer: Judges.
        whitelists: Says what an account is to the city.
    """

    def __init__(self, desk: Desk, reviewer: Reviewer, whitelists: Whitelists) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._whitelists = whitelists

    def add(self, act: Act, order: WhitelistOrder) -> Outcome:
        """Put an account on the list, or take an own one up again that was removed.

        Outcomes: `whitelist_added`, `mirror_resumed` (params `handle`, `name`, `platform`).

        Raises:
            Refusal: `manager_only` (param `who`), `platform_unknown` (params `name`, `known`), `handle_unclear`
                (params `handle`, `platform`), `own_account` (param `account`), `whitelisted_already` (params `handle`,
                `name`), `relation_unknown` (params `relation`, `known`), `name_missing`, `evidence_missing`,
                `review_missing`, `review_past`.
        """
        return self._desk.once(act, lambda tx: self._add(tx, act, order))

    def _add(self, tx: Transaction, act: Act, order: WhitelistOrder) -> Outcome:
        self._desk.require_manager(act)
        city = self._desk.city(act.city)
        platform, handle = self._whitelists.place_of(city, order.platform, order.handle)
        before = rows.newest(tx, act.city, platform, handle, at=tx.now)
        account = find_own(city, platform, handle)
        if account is not None:
            if before is None or before.is_live:
                raise Refusal("own_account", account=city.accounts[account].name)
            entry = _entry_of_own(tx, city, account, handle, who=act.person)
        else:
            entry = self._entry(tx, act, order, platform, handle)
        if not rows.add(tx, entry):
            listed = rows.newest(tx, act.city, platform, handle, at=tx.now)
            raise Refusal(
                "whitelisted_already", handle=f"@{handle}", name=entry.name if listed is None else listed.name
            )
        audit.append(tx, city=act.city, who=act.person, kind="whitelist_added", facts=_facts(entry))
        code = "whitelist_added" if account is None else "mirror_resumed"
        return _outcome(code, entry)

    def _entry(self, tx: Transaction, act: Act, order: WhitelistOrder, platform: str, handle: str) -> Entry:
        if order.relation not in set(ADDABLE):
            raise Refusal("relation_unknown", relation=order.relation, known=", ".join(ADDABLE))
        for field, value in (("name_missing", order.name), ("evidence_missing", order.evidence)):
            if not value.strip():
                raise Refusal(field)
        if order.review_on is None:
            raise Refusal("review_missing")
        if order.review_on <= self._desk.today():
            raise Refusal("review_past")
        return rows.Entry(
            id=tx.new_id(),
            city=act.city,
            platform=platform,
            handle=handle,
            name=order.name.strip(),
            relation=order.relation,
            evidence=order.evidence.strip(),
            is_verified_official=order.is_verified_official,
            aligned_policy=order.aligned_policy.strip(),
            added_by=act.person,
            added_at=tx.now,
            review_on=order.review_on,
            removed_by=None,
            removed_at=None,
            removal_reason="",
        )

    def remove(self, act: Act, *, platform: str | None, handle: str, reason: str) -> Outcome:
        """Take an account off the list; an account of the city itself is then mirrored no more.

        Outcomes: `whitelist_removed`, `mirror_stopped` (params `handle`, `name`, `platform`).

        Raises:
            Refusal: `manager_only`, `platform_unknown`, `handle_unclear`, `note_missing`, `not_whitelisted` (param
                `handle`), `mirror_stopped_already` (param `account`).
        """
        return self._desk.once(act, lambda tx: self._remove(tx, act, platform, handle, reason.strip()))

    def _remove(self, tx: Transaction, act: Act, platform: str | None, handle: str, reason: str) -> Outcome:
        self._desk.require_manager(act)
        city = self._desk.city(act.city)
        platform, name = self._whitelists.place_of(city, platform, handle)
        if not reason:
            raise Refusal("note_missing")
        entry = rows.newest(tx, act.city, platform, name, at=tx.now)
        account = find_own(city, platform, name)
        if account is not None and entry is None:
            # It needs no entry to be mirrored; what is written down is that it shall not be.
            entry = _entry_of_own(tx, city, account, name, who=act.person)
            rows.add(tx, entry)
        if entry is None or not rows.remove(tx, entry.id, who=act.person, reason=reason):
            if account is not None:
                raise Refusal("mirror_stopped_already", account=city.accounts[account].name)
            raise Refusal("not_whitelisted", handle=f"@{name}")
        audit.append(tx, city=act.city, who=act.person, kind="whitelist_removed", facts=_facts(entry), note=reason)
        code = "whitelist_removed" if account is None else "mirror_stopped"
        return _outcome(code, entry)

    def listing(self, city: str) -> Sequence[WhitelistEntry]:
        """Return what is in force, those due for review first, and the own accounts that were removed."""
        own = self._desk.city(city)
        with self._desk.database.reading() as tx:
            found = [self._view(own, entry) for entry in rows.live(tx, city)]
            stopped = [
                self._view(own, entry)
                for key, account in own.accounts.items()
                for entry in (rows.newest(tx, city, account.platform, name_of_own(own, key), at=tx.now),)
                if entry is not None and not entry.is_live
            ]
        return [*sorted(found, key=lambda entry: not entry.is_review_due), *stopped]

    def history(self, city: str, handle: str, platform: str | None = None) -> Sequence[WhitelistEntry]:
        """Return every entry there ever was of an account, oldest first.

        Raises:
            Refusal: `platform_unknown`, `handle_unclear`.
        """
        own = self._desk.city(city)
        place, name = self._whitelists.place_of(own, platform, handle)
        with self._desk.database.reading() as tx:
            return [self._view(own, entry) for entry in rows.of_account(tx, city, place, name)]

    def check(
        self,
        city: str,
        handle: str,
        *,
        platform: str | None = None,
        action: str = "repost",
        is_about_city: bool = False,
        account: str | None = None,
    ) -> WhitelistCheck:
        """Ask the pack what it says now of reposting or following an account.

        Args:
            city: The city.
            handle: Whose account, as people write it.
            platform: Where; None: the platform whose address *handle* is, or the city's first.
            action: `repost` or `follow`.
            is_about_city: Whether what is to be reposted is about the city.
            account: The city's account that would do it; None: the first official one.

        Raises:
            Refusal: `action_unknown` (params `name`, `known`), `platform_unknown`, `handle_unclear`,
                `no_account_there` (param `platform`).
        """
        own = self._desk.city(city)
        if action not in ASKABLE:
            raise Refusal("action_unknown", name=action, known=", ".join(ASKABLE))
        place, name = self._whitelists.place_of(own, platform, handle)
        doer = _doer(own, place, account)
        with self._desk.database.reading() as tx:
            target = self._whitelists.target_for(
                tx, city, place, name, about_city=is_about_city, is_disaster=False, at=tx.now
            )
            form = DraftForm(section=own.accounts[doer].section, text="", accounts=(doer,), category=None)
            case = mapping.Case(at=tx.now, kind=ActionKind(action), target=target)
            look = self._reviewer.look(tx, city, doer, form, (), case, but_post=None)
            entry = rows.newest(tx, city, place, name, at=tx.now)
        is_own = find_own(own, place, name)
        role = look.role_needed
        holders = () if role is None else role_holders(own, role, doer, self._desk.today())
        return WhitelistCheck(
            platform=place,
            handle=name,
            action=action,
            account_name=own.accounts[doer].name,
            entry=None if entry is None or not (entry.is_live or is_own) else self._view(own, entry),
            own_account=None if is_own is None else own.accounts[is_own].name,
            relation=target.relation.value,
            decision=look.verdict.decision.value,
            findings=tuple(mapping.finding_view(look.pack, finding) for finding in look.verdict.findings),
            who=tuple(self._desk.person_name(city, person) for person in holders),
            next_open=look.next_open,
        )

    def tell_reviews(self, now: datetime) -> int:
        """Tell the managers, once, of entries whose day of review has passed; return of how many. A timer calls it."""
        day = day_in_japan(now)
        return sum(self._tell_reviews(city, day) for city in self._desk.cities)

    def _tell_reviews(self, city: str, day: date) -> int:
        with self._desk.database.reading() as tx:
            if not rows.to_review(tx, city, day):
                return 0
        managers = self._desk.city(city).with_role(Role.MANAGER, day)
        with self._desk.database.transaction() as tx:
            due = rows.to_review(tx, city, day, is_locked=True)
            rows.mark_told(tx, due)
            names = "、".join(f"@{entry.handle}（{entry.name}）" for entry in due)
            for manager in managers if due else ():
                params: dict[str, str | int] = {"names": names, "count": len(due)}
                notices.add(tx, city=city, kind=NoticeKind.REVIEW, person=manager, params=params)
            return len(due)

    def _view(self, city: City, entry: Entry) -> WhitelistEntry:
        today = self._desk.today()
        return WhitelistEntry(
            platform=entry.platform,
            handle=entry.handle,
            name=entry.name,
            relation=entry.relation,
            evidence=entry.evidence,
            is_verified_official=entry.is_verified_official,
            aligned_policy=entry.aligned_policy,
            added_by=self._desk.person_name(city.city, entry.added_by),
            added_at=entry.added_at,
            review_on=entry.review_on,
            is_review_due=entry.is_live and entry.review_on is not None and entry.review_on < today,
            is_own=find_own(city, entry.platform, entry.handle) is not None,
            removed_by=None if entry.removed_by is None else self._desk.person_name(city.city, entry.removed_by),
            removed_at=entry.removed_at,
            removal_reason=entry.removal_reason,
        )


def _entry_of_own(tx: Transaction, city: City, account: str, handle: str, *, who: str) -> Entry:
    return rows.Entry(
        id=tx.new_id(),
        city=city.city,
        platform=city.accounts[account].platform,
        handle=handle,
        name=city.accounts[account].name,
        relation=relation_of(city, account),
        evidence=account,
        is_verified_official=True,
        aligned_policy="",
        added_by=who,
        added_at=tx.now,
        review_on=None,
        removed_by=None,
        removed_at=None,
        removal_reason="",
    )


def _facts(entry: Entry) -> dict[str, object]:
    """Return what the audit trail keeps of an entry."""
    return {
        "entry": entry.id,
        "platform": entry.platform,
        "handle": entry.handle,
        "name": entry.name,
        "relation": entry.relation,
        "evidence": entry.evidence,
        "is_verified_official": entry.is_verified_official,
        "aligned_policy": entry.aligned_policy,
        "review_on": None if entry.review_on is None else entry.review_on.isoformat(),
    }


def _outcome(code: str, entry: Entry) -> Outcome:
    return Outcome(code=code, params={"handle": f"@{entry.handle}", "name": entry.name, "platform": entry.platform})


def _doer(city: City, platform: str, account: str | None) -> str:
    """Return the city's account that would repost or follow.

    Raises:
        Refusal: `no_account_there` (param `platform`).
    """
    there = [key for key, one in city.accounts.items() if one.platform == platform and account in {None, key}]
    if not there:
        raise Refusal("no_account_there", platform=platform)
    return next((key for key in there if city.accounts[key].kind is AccountKind.OFFICIAL), there[0])
