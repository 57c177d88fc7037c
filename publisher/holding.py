"""Disaster mode (`publisher.api.Holding`): beginning and lifting holds, the two answers, and the triage afterwards."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publisher import late_holds, marking
from publisher.api import HeldView, HoldView, NoticeKind, Outcome, Triage
from publisher.city.model import DECIDING
from publisher.deciding import AT_ONCE_SECONDS, Seen, is_old, question_of
from publisher.delivery import DeliveryEvent, DeliveryState
from publisher.desk import lock_post
from publisher.errors import NotFoundError, Refusal
from publisher.late_holds import who_may_hold_all
from publisher.store import audit, deliveries, hold_words, holds, notices, posts
from publisher.store.deliveries import Change
from publisher.store.hold_words import Word
from publisher.store.holds import Hold, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publisher.api import Act
    from publisher.desk import Desk
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.holds import Held
    from publisher.store.posts import Post

EXCERPT_CHARS: Final = 40
WATCH: Final = "timer"
"""Who gives the second answer."""


class HoldingDesk:
    """The holds.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # ── beginning ────────────────────────────────────────────────────────────────────────────────

    def hold(self, act: Act, *, target: str = "", reason: str = "", waited_seconds: float = 0.0) -> Outcome:
        """Stop every routine delivery, of the city or of one account or section; from the commit on none is begun.

        Outcomes and refusals: `publisher.api.Holding`.
        """
        return self._desk.once(act, lambda tx: self._hold(tx, act, target.strip(), reason.strip(), waited_seconds))

    def _hold(self, tx: Transaction, act: Act, target: str, reason: str, waited_seconds: float) -> Outcome:
        scope, key = self._find_target(act.city, target)
        self._require_say(act, scope, key)
        holds.freeze(tx, act.city)
        accounts = self._accounts_of(act.city, scope, key)
        params: dict[str, str | int] = {"where": self._name(act.city, scope, key)}
        params |= {"platforms": self._platforms_of(act.city, accounts), "target": key}
        live = self._live(tx, act.city, scope, key)
        if live is not None:
            by = self._desk.person_name(act.city, live.started_by)
            return Outcome(code="held_already", params=params | {"by": by, "since": live.started_at.isoformat()})
        word = self._word(tx, act, scope, key, waited_seconds)
        if waited_seconds > AT_ONCE_SECONDS:
            where = str(params["where"])
            left = late_holds.leave(tx, self._desk, word, where=where, waited_seconds=waited_seconds, reason=reason)
            if left is not None:
                return left
        new = Hold(
            id=tx.new_id(),
            city=act.city,
            scope=scope,
            target=key,
            accounts=accounts,
            reason=reason,
            started_by=act.person,
            started_at=tx.now,
        )
        moving = holds.on_their_way(tx, new)
        holds.start(tx, new, under_way=[one.id for one in moving])
        facts = {"hold": new.id, "under_way": [one.id for one in moving]}
        hold_words.record(tx, hold_words.BEGAN, word, note=reason, facts=facts)
        told = {"where": params["where"], "by": self._desk.person_name(act.city, act.person), "reason": reason}
        self._tell(tx, new, "hold_told", told, but=act.person)
        if not moving:
            return Outcome(code="hold_began", params=params)
        names = self._desk.account_names(act.city, [one.account for one in moving])
        return Outcome(code="hold_began_moving", params=params | {"count": len(moving), "accounts": names})

    @staticmethod
    def _word(tx: Transaction, act: Act, scope: Scope, key: str, waited_seconds: float) -> Word:
        said_at = tx.now - timedelta(seconds=waited_seconds)
        return Word(city=act.city, who=act.person, scope=scope, target=key, said_at=said_at)

    def settle(self) -> int:
        """Give the second answer of each hold whose deliveries have all ended; return of how many. A timer calls it."""
        with self._desk.database.reading() as tx:
            ended = [one for one in holds.unsettled(tx) if not holds.still_moving(tx, one.under_way)]
        return sum(self._settle(one) for one in ended)

    def _settle(self, hold: Hold) -> bool:
        if hold.city not in self._desk.cities:
            return False
        with self._desk.database.transaction() as tx:
            if not holds.settle(tx, hold.id):
                return False
            count = len(hold.under_way)
            audit.append(tx, city=hold.city, who=WATCH, kind="hold_settled", facts={"hold": hold.id, "count": count})
            where = self._name(hold.city, hold.scope, hold.target)
            params: dict[str, str | int] = {"code": "hold_settled", "where": where, "count": count}
            notices.add(tx, city=hold.city, kind=NoticeKind.ANSWER, person=hold.started_by, params=params)
            return True

    # ── lifting ──────────────────────────────────────────────────────────────────────────────────

    def resume(self, act: Act, *, target: str = "", note: str = "", waited_seconds: float = 0.0) -> Outcome:
        """Lift a hold. What it stopped waits for a person's word; nothing goes by itself.

        Outcomes and refusals: `publisher.api.Holding`.
        """
        return self._desk.once(act, lambda tx: self._resume(tx, act, target.strip(), note.strip(), waited_seconds))

    def _resume(self, tx: Transaction, act: Act, target: str, note: str, waited_seconds: float) -> Outcome:
        scope, key = self._find_target(act.city, target)
        self._require_say(act, scope, key)
        where = self._name(act.city, scope, key)
        holds.freeze(tx, act.city)  # a hold that was ordered before and begins at this moment must hear of it
        live = self._live(tx, act.city, scope, key)
        word = self._word(tx, act, scope, key, waited_seconds)
        is_late = waited_seconds > AT_ONCE_SECONDS
        if live is not None and is_late and word.said_at < hold_words.said_at(tx, live):
            return Outcome(code="resume_came_late", params={"where": where, "since": live.started_at.isoformat()})
        if live is None or not holds.lift(tx, live.id, who=act.person, note=note):
            hold_words.record(tx, hold_words.FOUND_NONE, word, note=note)
            return Outcome(code="not_held", params={"where": where})
        hold_words.record(tx, hold_words.LIFTED, word, note=note, facts={"hold": live.id})
        held = holds.held(tx, act.city)
        for post in dict.fromkeys(
            one.delivery.post_id for one in held if live.covers(one.delivery.account, one.section)
        ):
            notices.add(tx, city=act.city, kind=NoticeKind.CARD, post_id=post)  # which says that a hold is in force
        params: dict[str, str | int] = {"where": where, "count": len(held)}
        by = self._desk.person_name(act.city, act.person)
        self._tell(tx, live, "resume_told", params | {"by": by}, but=act.person)
        return Outcome(code="hold_lifted", params=params)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def target_in(self, city: str, words: str) -> tuple[str, str]:
        """Return the key of the account or section that *words* begin with, or nothing, and the other words."""
        parts = words.split()
        for count in range(len(parts), 0, -1):
            found = self._named(city, " ".join(parts[:count]))
            if found is not None:
                return found[1], " ".join(parts[count:])
        return "", words

    def listing(self, city: str) -> Sequence[HoldView]:
        """Return the holds in force, oldest first."""
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            return [
                HoldView(
                    where=self._name(city, one.scope, one.target),
                    target=one.target,
                    reason=one.reason,
                    started_by=self._desk.person_name(city, one.started_by),
                    started_at=one.started_at,
                    under_way=len(holds.still_moving(tx, one.under_way)),
                )
                for one in holds.in_force(tx, city)
            ]

    def waiting(self, city: str) -> Sequence[HeldView]:
        """Return what holds have stopped and nobody decided yet, by its planned time."""
        self._desk.city(city)
        with self._desk.database.reading() as tx:
            live = holds.in_force(tx, city)
            return [self._view(tx, one, live) for one in holds.held(tx, city)]

    def find(self, city: str, delivery: str) -> HeldView | None:
        """Return one of `waiting`, or None where it waits no more."""
        return next((one for one in self.waiting(city) if one.delivery == delivery), None)

    def _view(self, tx: Transaction, one: Held, live: Sequence[Hold]) -> HeldView:
        delivery, text = one.delivery, " ".join(one.text.split())
        return HeldView(
            delivery=delivery.id,
            number=f"{posts.PREFIX}{one.number}",
            account_name=self._desk.account_name(delivery.city, delivery.account),
            excerpt=text if len(text) <= EXCERPT_CHARS else text[:EXCERPT_CHARS] + "…",
            planned_at=delivery.planned_at,
            latest_at=delivery.latest_at,
            is_late=delivery.is_late(tx.now),
            is_disaster_related=one.is_disaster_related,
            is_in_force=any(hold.covers(delivery.account, one.section) for hold in live),
            question=question_of(delivery),
            kind=delivery.kind,
        )

    # ── triage ───────────────────────────────────────────────────────────────────────────────────

    def decide(
        self,
        act: Act,
        *,
        delivery: str,
        answer: Triage,
        reason: str = "",
        question: str | None = None,
        waited_seconds: float = 0.0,
    ) -> Outcome:
        """Say what becomes of a delivery that a hold has stopped.

        Outcomes and refusals: `publisher.api.Holding`.
        """
        seen = Seen(question, waited_seconds)
        return self._desk.once(act, lambda tx: self._decide(tx, act, delivery, answer, reason.strip(), seen))

    def _decide(self, tx: Transaction, act: Act, delivery_id: str, answer: Triage, reason: str, seen: Seen) -> Outcome:
        try:
            stopped = deliveries.lock(tx, delivery_id)
        except NotFoundError:
            raise Refusal("no_such_delivery") from None
        if stopped.city != act.city:
            raise Refusal("no_such_delivery")
        post = posts.by_id(tx, stopped.post_id)
        done = {"account": self._desk.account_name(act.city, stopped.account)}
        if stopped.state is not DeliveryState.HELD:
            return Outcome(code="triage_already", number=post.label, params=done)
        self._require_triage(act, stopped, post)
        if seen.question not in {None, question_of(stopped)}:
            return Outcome(code="triage_stale", number=post.label, params=done)
        if answer is Triage.SEND and is_old(tx, self._desk, post, stopped, seen.waited_seconds):
            minutes = int(seen.waited_seconds // 60)
            return Outcome(code="triage_came_late", number=post.label, params={**done, "minutes": minutes})
        change = Change(note=reason)
        if answer is Triage.LATER:
            facts = {"account": stopped.account}
            about = {"post_id": post.id, "delivery_id": stopped.id}
            audit.append(tx, city=act.city, who=act.person, kind="triage_later", facts=facts, note=reason, **about)
            return Outcome(code="triage_later", number=post.label, params=done)
        if answer is Triage.DO_NOT_SEND:
            deliveries.apply(tx, stopped.id, DeliveryEvent.CANCELLED, who=act.person, change=change)
            return Outcome(code="triage_cancel", number=post.label, params=done)
        over, _ = holds.stopping(tx, stopped)  # also one that was lifted since: the word is said of all of them
        live = [one for one in over if one.lifted_at is None]
        if live:
            self._require_related(act, post, live)
        change = Change(note=reason, lets_go=[one.id for one in over], facts={"let_go": [one.id for one in over]})
        deliveries.apply(tx, stopped.id, DeliveryEvent.HOLD_LIFTED, who=act.person, change=change)
        return Outcome(code="triage_send", number=post.label, params=done)

    def _require_related(self, act: Act, post: Post, over: Sequence[Hold]) -> None:
        """Under a hold let go only what is related to the disaster, after the PR division's word."""
        if not post.is_disaster_related:
            names = "、".join(self._name(act.city, one.scope, one.target) for one in over)
            raise Refusal("hold_in_force", where=names, number=post.label)
        allowed = self._pr_division(act.city)
        if act.person not in allowed:
            raise Refusal("not_pr_division", who=self._desk.person_names(act.city, allowed))

    def mark(self, act: Act, *, number: str) -> Outcome:
        """Mark a post as related to the disaster (roads, water, schools).

        Outcomes and refusals: `publisher.api.Holding`.
        """
        return self._desk.once(act, lambda tx: self._mark(tx, act, number))

    def _mark(self, tx: Transaction, act: Act, number: str) -> Outcome:
        post = lock_post(tx, act.city, number)
        is_new = marking.mark(tx, self._desk, act, post)
        return Outcome(code="marked_related" if is_new else "marked_already", number=post.label)

    # ── who and where ────────────────────────────────────────────────────────────────────────────

    def _find_target(self, city: str, target: str) -> tuple[Scope, str]:
        if not target:
            return Scope.CITY, ""
        found = self._named(city, target)
        if found is None:
            own = self._desk.city(city)
            raise Refusal("hold_target_unknown", name=target, known=", ".join([*own.accounts, *own.sections]))
        return found

    def _named(self, city: str, target: str) -> tuple[Scope, str] | None:
        """Find the account or the section that is called so, by its key or its name, in any width and case."""
        own, called = self._desk.city(city), _comparable(target)
        for scope, known in ((Scope.ACCOUNT, own.accounts), (Scope.SECTION, own.sections)):
            for key in known:
                if called in {_comparable(key), _comparable(self._name(city, scope, key))}:
                    return scope, key
        return None

    def _name(self, city: str, scope: Scope, key: str) -> str:
        own = self._desk.city(city)
        if scope is Scope.CITY:
            return own.name.ja
        if scope is Scope.ACCOUNT:
            return self._desk.account_name(city, key)
        return own.sections[key].name.ja if key in own.sections else key

    def _accounts_of(self, city: str, scope: Scope, key: str) -> tuple[str, ...]:
        accounts = self._desk.city(city).accounts
        if scope is Scope.ACCOUNT:
            return (key,)
        return tuple(name for name, one in accounts.items() if scope is Scope.CITY or one.section == key)

    def _platforms_of(self, city: str, accounts: Iterable[str]) -> str:
        own = self._desk.city(city).accounts
        return ",".join(dict.fromkeys(own[key].platform for key in accounts))

    @staticmethod
    def _live(tx: Transaction, city: str, scope: Scope, key: str) -> Hold | None:
        found = (one for one in holds.in_force(tx, city) if (one.scope, one.target) == (scope, key))
        return next(found, None)

    def _require_say(self, act: Act, scope: Scope, key: str) -> None:
        own, day = self._desk.city(act.city), self._desk.today()
        allowed = list(who_may_hold_all(self._desk, act.city))
        if scope is not Scope.CITY:
            section = own.accounts[key].section if scope is Scope.ACCOUNT else key
            allowed += [one for role in sorted(DECIDING) for one in own.with_role(role, day, section)]
        if act.person not in allowed:
            raise Refusal("not_yours_to_hold", who=self._desk.person_names(act.city, list(dict.fromkeys(allowed))))

    def _require_triage(self, act: Act, stopped: Delivery, post: Post) -> None:
        own = self._desk.city(act.city)
        owner = own.accounts[stopped.account].section if stopped.account in own.accounts else post.section
        allowed = self._writers(act.city, [post.section, owner])
        if act.person not in allowed:
            raise Refusal("not_yours_to_answer", who=self._desk.person_names(act.city, allowed))

    def _writers(self, city: str, sections: Iterable[str]) -> list[str]:
        """Return those who write or decide in some sections, and the PR division."""
        return list(dict.fromkeys([*self._in_sections(city, sections), *self._pr_division(city)]))

    def _pr_division(self, city: str) -> list[str]:
        return marking.pr_division(self._desk.city(city), self._desk.today())

    def _in_sections(self, city: str, sections: Iterable[str]) -> list[str]:
        return marking.in_sections(self._desk.city(city), self._desk.today(), sections)

    def _tell(self, tx: Transaction, hold: Hold, code: str, params: dict[str, str | int], *, but: str) -> None:
        """Tell the others who answer for what is held."""
        own = self._desk.city(hold.city)
        people = list(who_may_hold_all(self._desk, hold.city))
        if hold.scope is not Scope.CITY:
            sections = {own.accounts[key].section for key in hold.accounts if key in own.accounts}
            people += self._in_sections(hold.city, sorted(sections))
        for person in dict.fromkeys(people):
            if person != but:
                notices.add(tx, city=hold.city, kind=NoticeKind.ANSWER, person=person, params={"code": code, **params})


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
