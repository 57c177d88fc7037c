"""Periods of the city's own choice (`publisher.api.Periods`), in the words of policy, and whom they concern.

The packs' engine judges by them (`policy.periods`); a post that was approved before a period was set is judged again
before it is sent. Its people are told as soon as it is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.facts import Period, PeriodEffect
from policy.model import Category, Decision, Words
from policy.periods import PERIOD
from publisher.api import NoticeKind, Outcome, PeriodView
from publisher.errors import Refusal
from publisher.store import audit, deliveries, notices, posts
from publisher.store import periods as rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from publisher.api import Act, PeriodOrder
    from publisher.circulation import Circulation
    from publisher.desk import Desk
    from publisher.rejudging import Rejudger
    from publisher.reviewing import Look
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.periods import StoredPeriod
    from publisher.store.posts import Post, Version

_CALENDAR: Final = "timer"
"""Who acts where a period begins and no person does anything."""


def in_force(
    tx: Transaction, wanted: Collection[tuple[str, datetime]]
) -> Mapping[tuple[str, datetime], tuple[Period, ...]]:
    """Return the periods of cities that are in force at instants, and those to come, in the words of policy.

    Those to come say nothing yet of an action at that instant; but what waits for the end of one may run into the next.
    """
    since = min(at for _, at in wanted)
    stored = rows.ending_after(tx, {city for city, _ in wanted}, since)
    return {
        (city, at): tuple(period_of(one) for one in stored if one.city == city and one.is_ahead(at))
        for city, at in set(wanted)
    }


def period_of(stored: StoredPeriod) -> Period:
    """Return a period in the words of policy."""
    return Period(
        id=stored.id,
        name=Words(ja=stored.name, en=stored.name),
        starts_at=stored.starts_at,
        ends_at=stored.over_at,
        effect=PeriodEffect(stored.effect),
        categories=frozenset(Category(one) for one in stored.categories),
        words=tuple(stored.words),
        accounts=frozenset(stored.accounts),
    )


class PeriodDesk:
    """The periods.

    Args:
        desk: The shared collaborators.
        circulation_in: Returns the round of posts as it would be if there were one period and no other.
        rejudger: Would tell the same people a minute later.
    """

    def __init__(self, desk: Desk, circulation_in: Callable[[Period], Circulation], rejudger: Rejudger) -> None:
        self._desk = desk
        self._circulation_in = circulation_in
        self._rejudger = rejudger

    def add(self, act: Act, order: PeriodOrder) -> Outcome:
        """Set a period; the people of approved posts that it touches are told.

        Outcomes: `period_added` (params `name`, `starts_at`, `ends_at`, `numbers`: the posts that it touches, may be
        empty).

        Raises:
            Refusal: `manager_only` (param `who`), `name_missing`, `note_missing`, `period_empty` (it ends before it
                begins), `period_over` (it is over already), `period_name_taken` (param `name`: another of this name
                is not over), `effect_unknown` (params `name`, `known`), `category_unknown` (the same),
                `account_unknown` (the same).
        """
        return self._desk.once(act, lambda tx: self._add(tx, act, order))

    def _add(self, tx: Transaction, act: Act, order: PeriodOrder) -> Outcome:
        self._desk.require_manager(act)
        self._check(tx, act.city, order)
        period = rows.StoredPeriod(
            id=tx.new_id(),
            city=act.city,
            name=order.name.strip(),
            starts_at=order.starts_at,
            ends_at=order.ends_at,
            effect=order.effect,
            categories=order.categories,
            words=tuple(word.strip() for word in order.words if word.strip()),
            accounts=order.accounts,
            reason=order.reason.strip(),
            added_by=act.person,
            added_at=tx.now,
            ended_by=None,
            ended_at=None,
            end_reason="",
        )
        rows.add(tx, period)
        audit.append(tx, city=act.city, who=act.person, kind="period_added", facts=_facts(period), note=period.reason)
        touched = self._tell(tx, period, who=act.person)
        params = {"starts_at": period.starts_at.isoformat(), "ends_at": period.ends_at.isoformat()}
        params |= {"name": period.name, "numbers": _labels(touched)}
        return Outcome(code="period_added", params=params)

    def _check(self, tx: Transaction, city: str, order: PeriodOrder) -> None:
        if not order.name.strip():
            raise Refusal("name_missing")
        if not order.reason.strip():
            raise Refusal("note_missing")
        if order.ends_at <= order.starts_at:
            raise Refusal("period_empty")
        if order.ends_at <= tx.now:
            raise Refusal("period_over")
        _require_known("effect_unknown", [order.effect], list(PeriodEffect))
        _require_known("category_unknown", order.categories, list(Category))
        _require_known("account_unknown", order.accounts, list(self._desk.city(city).accounts))
        if any(one.name == order.name.strip() for one in rows.not_over(tx, city, at=tx.now)):
            raise Refusal("period_name_taken", name=order.name.strip())

    def end(self, act: Act, *, name: str, reason: str) -> Outcome:
        """End a period before its time, or before it begins.

        Outcomes: `period_ended` (param `name`).

        Raises:
            Refusal: `manager_only`, `note_missing`, `no_such_period` (param `name`).
        """
        return self._desk.once(act, lambda tx: self._end(tx, act, name.strip(), reason.strip()))

    def _end(self, tx: Transaction, act: Act, name: str, reason: str) -> Outcome:
        self._desk.require_manager(act)
        if not reason:
            raise Refusal("note_missing")
        found = [one for one in rows.not_over(tx, act.city, at=tx.now) if one.name == name]
        if not found or not rows.end(tx, found[0].id, who=act.person, reason=reason):
            raise Refusal("no_such_period", name=name)
        audit.append(tx, city=act.city, who=act.person, kind="period_ended", facts=_facts(found[0]), note=reason)
        rows.wake_waiting(tx, act.city, who=act.person)
        return Outcome(code="period_ended", params={"name": name})

    def listing(self, city: str, *, is_past_shown: bool = False) -> Sequence[PeriodView]:
        """Return the periods that are not over, soonest first; with *is_past_shown* every one there ever was."""
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            found = rows.every(tx, city) if is_past_shown else rows.not_over(tx, city, at=tx.now)
            return [self._view(one, now=tx.now) for one in found]

    def tell_begun(self) -> int:
        """Tell the people of posts that a period touches which has just begun; return how many began. A timer calls it.

        Those who were told when it was set are not told again.
        """
        return sum(self._tell_begun(city) for city in self._desk.cities)

    def _tell_begun(self, city: str) -> int:
        with self._desk.database.reading() as tx:
            begun = rows.begun(tx, city)
        for period in begun:
            with self._desk.database.transaction() as tx:
                if rows.mark_begun(tx, period.id):
                    self._tell(tx, period, who=_CALENDAR)
        return len(begun)

    def _tell(self, tx: Transaction, period: StoredPeriod, *, who: str) -> Sequence[Post]:
        """Tell the people of the posts that a period touches, each once with all of theirs; return those posts."""
        touched = self._touched(tx, period)
        by_person: dict[str, list[Post]] = {}
        for post, people in touched:
            facts = {"period": period.id, "name": period.name}
            audit.append(tx, city=period.city, who=who, kind=rows.TOUCHED, post_id=post.id, facts=facts)
            for person in people:
                by_person.setdefault(person, []).append(post)
        for person, theirs in by_person.items():
            params = {**_said(period), "numbers": _labels(theirs)}
            notices.add(tx, city=period.city, kind=NoticeKind.PERIOD, person=person, params=params)
        self._rejudger.keep_told_of_period(tx, [post for post, _ in touched])
        return [post for post, _ in touched]

    def _touched(self, tx: Transaction, period: StoredPeriod) -> Sequence[tuple[Post, Collection[str]]]:
        """Return the approved posts that would be held or wait because of a period, with their people."""
        told = rows.posts_told(tx, period)
        circulation = self._circulation_in(period_of(period))
        found: dict[str, tuple[Post, Collection[str]]] = {}
        since = max(period.starts_at, tx.now)
        for delivery in rows.deliveries_in(tx, period.city, since=period.starts_at, until=period.over_at):
            if delivery.post_id in told or delivery.account not in self._desk.city(period.city).accounts:
                continue
            post, version = posts.by_id(tx, delivery.post_id), posts.version_by_id(tx, delivery.version_id)
            look = _look(tx, circulation, post, version, delivery, at=max(delivery.due_at, since))
            if look is None or not any(one.rule == PERIOD for one in look.verdict.findings if _holds(one.effect)):
                continue
            given = posts.approvals_of(tx, version.id)
            people = dict.fromkeys([post.author, *(one.person for one in given if one.decision == "approve")])
            found.setdefault(post.id, (post, people))
        return list(found.values())

    def _view(self, period: StoredPeriod, *, now: datetime) -> PeriodView:
        return PeriodView(
            name=period.name,
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            effect=period.effect,
            categories=tuple(period.categories),
            words=tuple(period.words),
            accounts=tuple(self._desk.account_name(period.city, account) for account in period.accounts),
            reason=period.reason,
            is_in_force=period.starts_at <= now < period.over_at,
            added_by=self._desk.person_name(period.city, period.added_by),
            added_at=period.added_at,
            ended_by=None if period.ended_by is None else self._desk.person_name(period.city, period.ended_by),
            ended_at=period.ended_at,
            end_reason=period.end_reason,
        )


def _look(
    tx: Transaction, circulation: Circulation, post: Post, version: Version, delivery: Delivery, *, at: datetime
) -> Look | None:
    """Judge a delivery at the moment at which it is to go out."""
    if delivery.source_id is not None:
        source = deliveries.get(tx, delivery.source_id)
        return circulation.look_at_repost(tx, post, version, delivery.account, source.account, at=at)
    line = next(one for one in posts.lines_of(tx, version.id) if one.account == delivery.account)
    return circulation.look_with_consents(tx, post, version, line, at=at)


def _holds(effect: Decision) -> bool:
    """Tell whether a finding keeps a post back; one that a consent has lifted does not."""
    return effect in {Decision.ESCALATE, Decision.BLOCK}


def _require_known(code: str, given: Iterable[str], known: Sequence[str]) -> None:
    unknown = [one for one in given if one not in known]
    if unknown:
        raise Refusal(code, name="、".join(unknown), known=", ".join(known))


def _said(period: StoredPeriod) -> dict[str, str]:
    """Return what people are told of a period."""
    return {
        "name": period.name,
        "effect": period.effect,
        "starts_at": period.starts_at.isoformat(),
        "ends_at": period.over_at.isoformat(),
        "reason": period.reason,
    }


def _facts(period: StoredPeriod) -> dict[str, object]:
    """Return what the audit trail keeps of a period."""
    lists = {name: list(getattr(period, name)) for name in ("categories", "words", "accounts")}
    return {"period": period.id, **_said(period), **lists}


def _labels(several: Sequence[Post]) -> str:
    return "、".join(post.label for post in several)
