"""The watchdog: tells people once what is late, stuck or gone, and again when it is over (`publisher.api.Watching`).

It changes no delivery: it only tells. What it sees is kept at the first look and told at the second, so that a clock
that jumped or a process that has just started is no alarm; what was told is kept, so that nothing is told twice.
docs/decisions/0020 says why.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from publisher import readers
from publisher.api import ADMINS, Finding, NoticeKind, WatchKind
from publisher.city.model import Role
from publisher.delivery import FINAL, DeliveryState
from publisher.errors import NotFoundError
from publisher.logs import build_logger
from publisher.store import corrections, notices, posts, watching
from publisher.surveying import survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publisher.desk import Desk
    from publisher.ledger.pace import Pace
    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.watching import Warned

_log = build_logger(__name__)

MOST_NAMED: Final = 10
"""How many deliveries one notice names."""
QUIET_SECONDS: Final = 60.0
"""How far apart a city's people hear of ordinary posts that are late: in a breakdown they come together."""
RESTARTED_SECONDS: Final = 3600.0
"""How long one machine's breakdowns count as told, so that one that breaks down again and again is told of hourly."""
_SETTLE_SECONDS: Final = 4.0
_NOBODY_SETTLE_SECONDS: Final = 20.0
"""With nothing due, no worker for so long is an upgrade."""
_LATE: Final = frozenset({WatchKind.LATE, WatchKind.LATE_EMERGENCY, WatchKind.LATE_DELETION})
_OF_DELIVERIES: Final = frozenset({*_LATE, WatchKind.LEASE, WatchKind.UNKNOWN, WatchKind.PROCESSING, WatchKind.MIRROR})
_FOR_ADMINS: Final = frozenset(WatchKind) - _LATE
_SAID_OVER: Final = frozenset(WatchKind) - {WatchKind.RESTARTED, WatchKind.HOLD, WatchKind.EXPIRY}
_TAKEN_UP: Final = FINAL | {DeliveryState.ASKED, DeliveryState.HELD, DeliveryState.WAITING}


class Watchdog:
    """Watching.

    Args:
        desk: The shared collaborators.
        pace: The ledger's waits.
        has_admins: Whether those who look after the machine can be told by e-mail.
    """

    def __init__(self, desk: Desk, pace: Pace, *, has_admins: bool = False) -> None:
        self._desk = desk
        self._pace = pace
        self._has_admins = has_admins

    def survey(self) -> Sequence[Finding]:
        """Return what is late, stuck or gone at this moment; tells nobody."""
        with self._desk.database.reading() as tx:
            return survey(tx, self._pace)

    def look(self) -> int:
        """Tell what was seen at the look before and is still there, and what is over; return how many were told."""
        with self._desk.database.reading() as tx:
            found = {_key(one): one for one in survey(tx, self._pace)}
            known = {_key(one): one for one in watching.open_ones(tx) if one.kind != WatchKind.INBOX}
            fresh = [one for key, one in found.items() if key not in known]
            ripe = [known[key] for key in found if key in known and self._is_ripe(tx, known[key], found[key])]
            ripe = self._not_too_often(tx, ripe, known.values())
            kinds = {one.kind for one in found.values()}
            seen = {key for key in known if key in found or (key[1] == WatchKind.NOBODY_SENDS and key[1] in kinds)}
            over = [one for key, one in known.items() if self._is_over(tx, one, is_seen=key in seen)]
            silent = [found[key] for key, one in known.items() if key in found and one.told_at and one not in over]
            silent = [one for one in silent if one.kind is WatchKind.RESTARTED]
        if not fresh and not ripe and not over and not silent:
            return 0
        with self._desk.database.transaction() as tx:
            for one in fresh:
                watching.see(tx, one)
            self._forget(tx, silent)
            return self._tell(tx, ripe, found) + self._tell_over(tx, over)

    def report_inbox(self, machine: str, *, count: int) -> None:
        """Tell once that *count* accepted acts are not applied on a machine, and again when they are (0)."""
        facts: dict[str, str | int] = {"machine": machine, "waiting": count}
        finding = Finding(kind=WatchKind.INBOX, city="", subject=machine, facts=facts)
        with self._desk.database.reading() as tx:
            known = {_key(one): one for one in watching.open_ones(tx)}.get(_key(finding))
        if (known is None) == (count == 0):
            return
        with self._desk.database.transaction() as tx:
            if known is not None:
                self._tell_over(tx, [known])
                return
            watching.see(tx, finding)
            mine = [one for one in watching.open_ones(tx) if _key(one) == _key(finding)]
            self._tell(tx, mine, {_key(finding): finding})

    # ── when ─────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _is_ripe(tx: Transaction, known: Warned, now: Finding) -> bool:
        is_idle = known.kind == WatchKind.NOBODY_SENDS and not now.facts["due"]
        seconds = _NOBODY_SETTLE_SECONDS if is_idle else _SETTLE_SECONDS
        return known.told_at is None and tx.lease_now() - known.began_at >= timedelta(seconds=seconds)

    @staticmethod
    def _not_too_often(tx: Transaction, ripe: Sequence[Warned], known: Iterable[Warned]) -> list[Warned]:
        """Leave ordinary posts for later where the city's people heard of others less than a minute ago."""
        since = tx.lease_now() - timedelta(seconds=QUIET_SECONDS)
        told = {one.city for one in known if one.kind == WatchKind.LATE and one.told_at and one.told_at > since}
        return [one for one in ripe if one.kind != WatchKind.LATE or one.city not in told]

    @staticmethod
    def _is_over(tx: Transaction, one: Warned, *, is_seen: bool) -> bool:
        """Tell whether something is over: a late delivery only once it went out, or is asked about."""
        if one.kind == WatchKind.RESTARTED:
            return tx.lease_now() - (one.told_at or one.began_at) > timedelta(seconds=RESTARTED_SECONDS)
        if is_seen:
            return False
        if one.kind not in _LATE or one.told_at is None:
            return True
        delivery = watching.states(tx, [one.subject]).get(one.subject)
        return delivery is None or delivery.state in _TAKEN_UP or _is_ahead(delivery, tx.now)

    # ── whom ─────────────────────────────────────────────────────────────────────────────────────

    def _people(self, tx: Transaction, one: Warned, found: Mapping[tuple[str, str, str], Finding]) -> Sequence[str]:
        """Return who hears of it, each as `city/person`."""
        if not one.city:
            return self._of_installation(one, found)
        own, day = self._desk.cities.get(one.city), self._desk.today()
        if own is None:
            return ()
        managers = readers.managers(own, day)
        if one.kind in _OF_DELIVERIES:
            return self._in_city(one, self._of_delivery(tx, one))
        if one.kind == WatchKind.EXPIRY:
            author = posts.get(tx, one.city, one.subject).author
            return self._in_city(one, [author, *managers])
        if one.kind == WatchKind.HOLD:
            return self._in_city(one, [str(one.facts["by"]), *managers])
        return self._in_city(one, managers)

    def _of_delivery(self, tx: Transaction, one: Warned) -> Sequence[str]:
        delivery = watching.states(tx, [one.subject]).get(one.subject)
        if delivery is None:
            return ()
        post = posts.by_id(tx, delivery.post_id)
        people = readers.of_post(self._desk.cities[one.city], self._desk.today(), post, [delivery.account])
        if one.kind != WatchKind.LATE_DELETION:
            return people
        ordered = [each.made_by for each in corrections.of_post(tx, post.id) if each.is_at_once]
        return [*people, *ordered]  # the duty officer who ordered it at night waits for its end

    def _of_installation(self, one: Warned, found: Mapping[tuple[str, str, str], Finding]) -> Sequence[str]:
        """Return the managers of all cities and those who look after the machine.

        Where others go on, those who look after it are enough, if there is a way to reach them.
        """
        cities, day = self._desk.cities, self._desk.today()
        admins = [f"{next(iter(cities))}/{ADMINS}"] if self._has_admins else []
        if admins and one.kind != WatchKind.NOBODY_SENDS:
            return admins
        roles = [Role.MANAGER]
        if one.kind == WatchKind.NOBODY_SENDS and found[_key(one)].facts["due"]:
            roles.append(Role.EMERGENCY)
        people = [f"{key}/{who}" for key, own in cities.items() for role in roles for who in own.with_role(role, day)]
        return list(dict.fromkeys([*admins, *people]))

    def _in_city(self, one: Warned, people: Iterable[str]) -> Sequence[str]:
        admins = [ADMINS] if self._has_admins and one.kind in _FOR_ADMINS else []
        known = self._desk.cities[one.city].people
        return [f"{one.city}/{who}" for who in dict.fromkeys([*people, *admins]) if who in known or who == ADMINS]

    # ── telling ──────────────────────────────────────────────────────────────────────────────────

    def _tell(self, tx: Transaction, ripe: Sequence[Warned], found: Mapping[tuple[str, str, str], Finding]) -> int:
        told: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        count = 0
        for one in ripe:
            finding = found[_key(one)]
            try:
                people = self._people(tx, one, found)
            except NotFoundError:
                people = ()
            if not watching.tell(tx, one.id, people=people):
                continue
            count += 1
            _log.error("watchdog", kind=finding.kind, subject=finding.subject, **_loggable(finding.facts))
            if finding.kind == WatchKind.RESTARTED:
                self._forget(tx, [finding])
            for person in people:
                told[finding.kind, person].append(finding)
        self._leave(tx, told, over=False)
        return count

    def _forget(self, tx: Transaction, found: Sequence[Finding]) -> None:
        """Take broken-down workers off the list: another took their place, and people heard of it."""
        before = tx.lease_now() - timedelta(seconds=self._pace.worker_gone_seconds)
        watching.forget_workers(tx, [str(one.facts["worker"]) for one in found], beat_before=before)

    def _tell_over(self, tx: Transaction, over: Sequence[Warned]) -> int:
        told: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        count = 0
        for one in over:
            if not watching.end(tx, one) or one.kind not in _SAID_OVER:
                continue
            count += 1
            kind = WatchKind(one.kind)
            if kind is WatchKind.WORKER:
                watching.forget_workers(tx, [one.subject], beat_before=tx.lease_now() - timedelta(seconds=60))
            facts = {**one.facts, "told_at": (one.told_at or one.began_at).isoformat()}
            finding = Finding(kind=kind, city=one.city, subject=one.subject, facts=facts, delivery=one.delivery_id)
            for person in one.people:
                told[kind, person].append(finding)
        self._leave(tx, told, over=True)
        return count

    @staticmethod
    def _leave(tx: Transaction, told: Mapping[tuple[str, str], Sequence[Finding]], *, over: bool) -> None:
        """Leave one notice for each kind and person, however many deliveries it is about."""
        for (kind, reader), several in told.items():
            city, _, person = reader.partition("/")
            params: dict[str, str | int] = {"code": f"{kind}_over" if over else kind, "count": len(several)}
            if kind in _OF_DELIVERIES:
                named = several[:MOST_NAMED]
                params["deliveries"] = ",".join(_named(one) for one in named)
            else:
                params |= {name: value for name, value in several[0].facts.items() if name != "worker"}
                params["subjects"] = ",".join(one.number or "" for one in several[:MOST_NAMED])
            is_urgent = kind in {WatchKind.LATE_EMERGENCY, WatchKind.NOBODY_SENDS}
            notices.add(
                tx,
                city=city,
                kind=NoticeKind.WATCH,
                person=person,
                params=params,
                mail_after_seconds=notices.URGENT_MAIL_SECONDS if is_urgent else notices.MAIL_AFTER_SECONDS,
            )


def _key(one: Finding | Warned) -> tuple[str, str, str]:
    return one.city, str(one.kind), one.subject


def _named(one: Finding) -> str:
    return ":".join([one.subject, str(one.facts.get("why", "")), str(one.facts.get("until", ""))])


def _is_ahead(delivery: Delivery, now: datetime) -> bool:
    """Tell whether it is to go out at a later time after all: it waits for an opening, or a person said so."""
    return delivery.state is DeliveryState.DUE and delivery.due_at > now


def _loggable(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {f"of_{name}": value for name, value in facts.items()}
