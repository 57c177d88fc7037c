"""The judge: holds the ledger against the stand-ins' journal, and believes the journal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tests.chaos.city import city_of
from tests.chaos.options import CALL_TIMEOUT_SECONDS, LOSS_SECONDS
from tests.chaos.people import NEEDS_RENEWAL
from tests.chaos.worker import PACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.duty import Held
    from tests.chaos.journal import Journal, Place, Stretch
    from tests.chaos.ledger import Ledger, Question, Row
    from tests.chaos.people import Logbook
    from tests.chaos.schedule import PlannedPost

ANSWERS_FOR_ITSELF: Final = frozenset({"x", "line", "youtube"})
"""Platforms that can always be asked, or told again, so that no person ever has to be."""
_TAKEN: Final = timedelta(seconds=LOSS_SECONDS)
_SETTLED: Final = frozenset({"sent", "asked", "cancelled", "superseded"})
_CALL: Final = timedelta(seconds=CALL_TIMEOUT_SECONDS + PACE.lease_seconds)
"""How long a call may be on its way: as long as it is waited for, after an attempt that was opened a lease before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One promise that was not kept."""

    what: str
    delivery: str | None
    place: Place | None


@dataclass(slots=True)
class Verdict:
    """What the judge found."""

    deliveries: int = 0
    states: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    losses: int = 0
    lies: int = 0
    arrived_held: int = 0
    """How many arrived after a hold's answer, before it was lifted."""
    named_held: int = 0
    """How many the holds' answers had named as on their way."""
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Questions by platform and why."""
    delays: list[float] = field(default_factory=list)
    """Seconds from due to accepted, of each publication."""
    settled: list[float] = field(default_factory=list)
    """Seconds from due to a receipt or a question, whatever was in the way, of each delivery."""
    idle: list[float] = field(default_factory=list)
    """The longest time in seconds that each stood still with nothing in its way: 120 and more is a loss."""
    breaches: list[Breach] = field(default_factory=list)

    def find(self, what: str, delivery: str | None = None, place: Place | None = None) -> None:
        """Write down a breach."""
        self.breaches.append(Breach(what=what, delivery=delivery, place=place))


def judge(posts: list[PlannedPost], logbook: Logbook, ledger: Ledger, journal: Journal) -> Verdict:
    """Look at everything that was handed in."""
    verdict = Verdict(deliveries=len(ledger.rows))
    _count_duplicates(verdict, journal)
    _find_missing(verdict, posts, logbook, ledger)
    for held in logbook.holds:
        _judge_hold(verdict, held, logbook, journal)
    for row in ledger.rows.values():
        verdict.states[row.state] += 1
        _judge_row(verdict, row, logbook, ledger, journal)
    return verdict


def _count_duplicates(verdict: Verdict, journal: Journal) -> None:
    for found in (journal.published, journal.reposted):
        for place, made in found.items():
            if len(made) > 1:
                verdict.duplicates += len(made) - 1
                verdict.find(f"{len(made)} times on {place[0]}", place=place)


def _find_missing(verdict: Verdict, posts: list[PlannedPost], logbook: Logbook, ledger: Ledger) -> None:
    """See that what the ledger said it took is still there."""
    there = {(row.mark, row.account) for row in ledger.rows.values() if row.kind == "publish"}
    for refused in logbook.refused:
        verdict.find(f"not taken: {refused}")
    for post in posts:
        if post.mark not in logbook.handed_in:
            verdict.losses += 1
            verdict.find(f"{post.mark} could not be handed in")
            continue
        for account in post.accounts:
            if (post.mark, account) not in there:
                verdict.losses += 1
                verdict.find(f"{post.mark} for {account} was taken, and is not in the ledger")


def _judge_row(verdict: Verdict, row: Row, logbook: Logbook, ledger: Ledger, journal: Journal) -> None:
    place = (row.handle, row.mark)
    accepted = (journal.reposted if row.kind == "repost" else journal.published).get(place, {})
    _judge_questions(verdict, row, logbook, ledger, journal)
    if row.mark in logbook.cancelled:
        _judge_cancelled(verdict, row, logbook, accepted)
    _judge_replaced(verdict, row, logbook, accepted)
    source = ledger.rows.get(row.source_id or "")
    is_with_a_person = row.state == "waiting" and source is not None and source.state == "asked"
    if row.state not in _SETTLED and not is_with_a_person:
        verdict.losses += 1
        verdict.find(f"ended as {row.state} ({row.code}): neither a receipt nor a question", row.id, place)
    elif row.state == "sent" and not _is_known(row, accepted):
        verdict.lies += 1
        verdict.find(f"the receipt {row.external_id} is not the platform's", row.id, place)
    if row.state in _SETTLED:
        _judge_time(verdict, row, ledger, journal)
    if row.kind == "publish" and accepted:
        verdict.delays.append((min(accepted.values()) - row.planned_at).total_seconds())


def _is_known(row: Row, accepted: dict[str, datetime]) -> bool:
    # A repost that was there already is known by its source's id.
    return row.external_id in accepted or (row.kind == "repost" and bool(accepted))


def _judge_cancelled(verdict: Verdict, row: Row, logbook: Logbook, accepted: dict[str, datetime]) -> None:
    is_late = any(at > logbook.cancelled[row.mark] for at in accepted.values())
    if is_late and row.account not in logbook.under_way[row.mark]:
        verdict.find("accepted after its cancellation was answered", row.id, (row.handle, row.mark))


def _judge_replaced(verdict: Verdict, row: Row, logbook: Logbook, accepted: dict[str, datetime]) -> None:
    at = logbook.replaced.get(row.mark)
    if at is None and row.state == "superseded":
        verdict.find("superseded, and nothing took its place", row.id, (row.handle, row.mark))
    elif at is not None and any(when > at + _CALL for when in accepted.values()):
        verdict.find("accepted after a newer report had taken its place", row.id, (row.handle, row.mark))
    elif row.state == "superseded" and accepted:
        verdict.find("ended as superseded, and is there", row.id, (row.handle, row.mark))


def _judge_hold(verdict: Verdict, held: Held, logbook: Logbook, journal: Journal) -> None:
    """See that no more routine arrived after a hold's answer than the answer named, until it was lifted."""
    arrived = 0
    for (handle, mark), made in [*journal.published.items(), *journal.reposted.items()]:
        if city_of(handle.removeprefix("h_")) == held.city and mark not in logbook.reports:
            end = held.lifted_at or datetime.max.replace(tzinfo=UTC)
            arrived += any(held.answered_at < at < end for at in made.values())
    verdict.arrived_held += arrived
    verdict.named_held += held.named
    if arrived > held.named:
        verdict.find(f"{arrived} arrived in {held.city} after a hold that had named {held.named}")


def _judge_questions(verdict: Verdict, row: Row, logbook: Logbook, ledger: Ledger, journal: Journal) -> None:
    place = (row.handle, row.mark)
    for question in ledger.questions[row.id]:
        code = question.code
        is_renewal = code in NEEDS_RENEWAL
        verdict.asked[row.platform, code] += 1
        if is_renewal:
            if not journal.expired[row.platform]:
                verdict.find(f"a person was asked ({code}) although no token had expired", row.id, place)
            continue
        # What was cancelled is not sent again to find out: where it cannot be read back, only a person can see it.
        stopped = row.mark in logbook.cancelled or row.mark in logbook.replaced or _was_held(row, question, logbook)
        if row.platform in ANSWERS_FOR_ITSELF and not stopped:
            verdict.find(f"a person was asked ({code}) although {row.platform} can answer", row.id, place)
        elif not journal.has_ambiguous_fault(place, row.platform) and not ledger.was_killed_at_work(row.id):
            verdict.find(f"a person was asked ({code}) although nothing was in doubt", row.id, place)


def _was_held(row: Row, question: Question, logbook: Logbook) -> bool:
    """Tell whether a hold really stopped it: then nothing is repeated to find out, and a person is asked."""
    return question.is_for_a_hold and any(
        held.city == city_of(row.account)
        and held.answered_at - _CALL < question.at
        and (held.lifted_at is None or row.planned_at < held.lifted_at)
        for held in logbook.holds
    )


def _judge_time(verdict: Verdict, row: Row, ledger: Ledger, journal: Journal) -> None:
    """See that it never stood still for longer than a loss counts while nothing was in its way.

    In its way are: a spoilt request about its text, what the ledger's trail says went wrong (a worker that died, an
    answer that never came), a question or a hold that waits for a person, and its account's being closed: from each
    429 that the platform gave to the account until the time that this 429 itself named. Anything after that is ours.
    """
    due = row.planned_at
    source = ledger.rows.get(row.source_id or "")
    if source is not None:
        due = max(due, source.state_at)
    verdict.settled.append((row.state_at - due).total_seconds())
    place = (row.handle, row.mark)
    faults = journal.faults_about(place, row.platform)
    ways = [*((at, at) for at in faults), *ledger.troubles_of(row.id), *journal.closures.get(row.handle, ())]
    idle = longest_idle(due, row.state_at, ways)
    verdict.idle.append(idle.total_seconds())
    if idle > _TAKEN:
        verdict.losses += 1
        verdict.find(f"stood still for {idle.total_seconds():.0f} s with nothing in its way", row.id, place)


def longest_idle(start: datetime, end: datetime, ways: Sequence[Stretch]) -> timedelta:
    """Return the longest time between *start* and *end* in which nothing of *ways* went on or began."""
    idle, free_since = timedelta(), start
    for began, ended in sorted(ways):
        if began >= end:
            break
        idle = max(idle, began - free_since)
        free_since = max(free_since, ended)
    return max(idle, end - free_since)
