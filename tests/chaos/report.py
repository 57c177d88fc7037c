"""The printout of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.ledger.pace import Pace
from tests.chaos.options import CALL_TIMEOUT_SECONDS, LOSS_SECONDS
from tests.chaos.worker import PACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.chaos.judge import Breach, Verdict
    from tests.chaos.options import Options
    from tests.chaos.stage import Played

_MOST_SHOWN = 10


def scaled(options: Options) -> str:
    """Say which waits are shorter than in production."""
    real = Pace()
    waits = (
        f"lease {PACE.lease_seconds:g} s (in production {real.lease_seconds:g})",
        f"ended leases looked for every {PACE.rescue_seconds:g} s ({real.rescue_seconds:g})",
        f"answers waited for {CALL_TIMEOUT_SECONDS:g} s (30 and more)",
        f"X read twice {options.absence_seconds:g} s apart (30)",
        f"Facebook read twice {PACE.look_again_seconds:g} s apart ({real.look_again_seconds:g})",
        f"questions after {PACE.ask_after_seconds:g} s of failing looks ({real.ask_after_seconds:g})",
        f"calls at a time on a platform {PACE.lane_slots} ({real.lane_slots})",
        f"looks at a time {PACE.look_slots} ({real.look_slots})",
        "the stand-ins' own quotas are off",
    )
    return f"scaled: {', '.join(waits)}"


def lines_of(options: Options, played: Played, verdict: Verdict) -> Iterator[str]:
    """Yield the printout, line by line."""
    journal, crew = played.journal, played.crew
    yield (
        f"engine      {options.engine}; worker processes {options.workers}, cities {options.cities}, "
        f"seed {options.seed}"
    )
    yield "            the seed repeats texts, faults (by a text and its turn), kills and restarts (by the post that"
    yield "            they follow); which delivery a kill meets is left to timing"
    yield f"            {scaled(options)}"
    yield f"deliveries  {verdict.deliveries}: {_shown(verdict.states)}; {sum(journal.requests.values())} requests"
    yield f"kills       {sum(crew.killed.values())}: {_shown(crew.killed)}"
    if played.restarts:
        yield f"            the database server was stopped in its tracks {played.restarts} times"
    yield f"faults      {sum(journal.faults.values())}: {_shown(journal.faults)}"
    duty = played.duty
    yield (
        f"duty        {len(duty.holds)} holds: {verdict.arrived_held} arrived after the answer, "
        f"which had named {verdict.named_held}; {duty.let_go} stopped and let go by a person"
    )
    yield f"            {len(duty.replaced)} reports replaced by a newer one right after they were sent"
    yield f"duplicates  {verdict.duplicates}"
    yield f"losses      {verdict.losses}"
    asked = {f"{platform} {code}": count for (platform, code), count in verdict.asked.items()}
    yield f"asked       {sum(verdict.asked.values())}: {_shown(asked) or '-'}"
    yield (
        f"            ambiguous on Facebook: {journal.ambiguous['facebook']} faults, and {_killed_at_work(played)} "
        f"deliveries whose worker died during the call; renewals {played.logbook.renewed}"
    )
    if verdict.delays:
        mean = sum(verdict.delays) / len(verdict.delays)
        ordered = sorted(verdict.delays)
        yield (
            f"delay       due to accepted: mean {mean:.2f} s, median {ordered[len(ordered) // 2]:.2f} s, "
            f"p99 {ordered[int(len(ordered) * 0.99)]:.1f} s, worst {ordered[-1]:.1f} s"
        )
    late = sum(seconds > LOSS_SECONDS for seconds in verdict.settled)
    yield (
        f"            due to a receipt or a question: worst {max(verdict.settled, default=0.0):.1f} s, "
        f"more than {LOSS_SECONDS:.0f} s {late}"
    )
    yield (
        f"            longest standing still with nothing in the way: {max(verdict.idle, default=0.0):.1f} s "
        f"(a loss from {LOSS_SECONDS:.0f} s; in the way are faults, dead workers, people's answers,"
    )
    yield "            and an account's 429 until the time that it named)"
    yield f"audit       {played.audit}"
    if played.seconds > options.minutes * 60:
        yield f"            LONGER than the {options.minutes * 60:.0f} s that were asked for"
    yield f"took        {played.seconds:.0f} s; {crew.starts} process starts, {crew.failed_starts} ended by themselves"


def _killed_at_work(played: Played) -> int:
    ledger = played.ledger
    return sum(one.platform == "facebook" and ledger.was_killed_at_work(one.id) for one in ledger.rows.values())


def breaches_of(played: Played, verdict: Verdict) -> Iterator[str]:
    """Yield each breach with the delivery's trail and the journal's lines about it."""
    for breach in verdict.breaches[:_MOST_SHOWN]:
        yield f"\nBREACH: {breach.what}"
        yield from _evidence(played, breach)
    if len(verdict.breaches) > _MOST_SHOWN:
        yield f"… and {len(verdict.breaches) - _MOST_SHOWN} more"


def _evidence(played: Played, breach: Breach) -> Iterator[str]:
    ids = [breach.delivery] if breach.delivery else []
    if breach.place is not None and not ids:
        handle, mark = breach.place
        ids = [row.id for row in played.ledger.rows.values() if (row.handle, row.mark) == (handle, mark)]
    for delivery_id in ids:
        yield f"  delivery {delivery_id}"
        for event in played.ledger.trails[delivery_id]:
            facts = {name: value for name, value in event.items() if name not in {"at", "kind", "seal", "account"}}
            yield f"    {event['at']:%H:%M:%S.%f} {event['kind']} {facts}"
    if breach.place is not None:
        yield f"  journal of {breach.place[0]}, {breach.place[1]}"
        vendor = next((row.platform for row in played.ledger.rows.values() if row.handle == breach.place[0]), "")
        for entry in played.journal.about(breach.place, vendor):
            yield (
                f"    {entry['at'][11:26]} {entry['verb']} {entry['outcome']} {entry['status']} "
                f"fault={entry['fault']} id={entry['external_id']} key={entry['key']}"
            )


def _shown(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
