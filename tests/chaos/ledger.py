"""What our own ledger says, read for the judge, who believes none of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from publisher.store import audit, tables
from tests.chaos.city import accounts, name_city
from tests.chaos.schedule import MARK

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.store.engine import Database
    from tests.chaos.journal import Stretch


_WENT_WRONG: Final = ("lease_ended", "perhaps_sent", "throttled", "not_sent", "person_says", "needs_person")
_WITH_PEOPLE: Final = frozenset({"asked", "held"})
_LOOKED_AT: Final = frozenset({"unknown", "processing", "held"})
"""States in which nothing is sent: the platform is asked now and then, or a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A delivery as the ledger has it."""

    id: str
    mark: str
    account: str
    handle: str
    platform: str
    kind: str
    state: str
    external_id: str | None
    planned_at: datetime
    state_at: datetime
    source_id: str | None
    code: str
    """Of its problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person was asked about a delivery."""

    code: str
    at: datetime
    is_for_a_hold: bool
    """The ledger says that a hold kept it from finding out by itself."""


@dataclass(slots=True)
class Ledger:
    """Every delivery, and what happened to each."""

    rows: dict[str, Row] = field(default_factory=dict)
    trails: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """Audit events by delivery: `at`, `kind`, and the facts."""
    questions: dict[str, list[Question]] = field(default_factory=lambda: defaultdict(list))
    """What was asked about a delivery."""

    def troubles_of(self, delivery_id: str) -> list[Stretch]:
        """Return when something went wrong on the way of this delivery, and from when until when people had it."""
        trail = self.trails[delivery_id]
        found = [(event["at"], event["at"]) for event in trail if any(word in event["kind"] for word in _WENT_WRONG)]
        for event, following in pairwise(trail):
            if event.get("to") in _WITH_PEOPLE:
                found.append((event["at"], following["at"]))
        return found

    def was_killed_at_work(self, delivery_id: str) -> bool:
        """Tell whether a worker was lost while a call for this delivery was open."""
        return any("lease_ended_open" in event["kind"] for event in self.trails[delivery_id])


def count_unsettled(database: Database) -> tuple[int, int]:
    """Return how many deliveries have neither a receipt nor a question, and how many of them want to be sent."""
    table = tables.deliveries
    settled = ("sent", "asked", "cancelled", "failed", "superseded")
    asked = sa.select(table.c.id).where(table.c.state == "asked")
    is_with_a_person = (table.c.state == "waiting") & table.c.source_id.in_(asked)  # as its source is
    is_open = table.c.state.not_in(settled) & ~is_with_a_person
    query = sa.select(table.c.state, sa.func.count()).where(is_open).group_by(table.c.state)
    with database.reading() as tx:
        found = {state: int(count) for state, count in tx.execute(query)}
    return sum(found.values()), sum(count for state, count in found.items() if state not in _LOOKED_AT)


def read_ledger(database: Database, cities: int) -> Ledger:
    """Read every delivery and its trail."""
    ledger, known = Ledger(), accounts(cities)
    table, versions = tables.deliveries, tables.versions
    with database.reading() as tx:
        for row in tx.execute(
            sa.select(table, versions.c.text).join(versions, versions.c.id == table.c.version_id)
        ).mappings():
            mark = MARK.search(row["text"])
            ledger.rows[row["id"]] = Row(
                id=row["id"],
                mark=mark.group() if mark else "",
                account=row["account"],
                handle=known[row["account"]]["handle"],
                platform=row["platform"],
                kind=row["kind"],
                state=row["state"],
                external_id=row["external_id"],
                planned_at=row["planned_at"],
                state_at=row["state_at"],
                source_id=row["source_id"],
                code=(row["problem"] or {}).get("code", ""),
            )
        for entry in chain.from_iterable(audit.of_city(tx, name_city(number)) for number in range(cities)):
            delivery_id, facts = entry.link.delivery_id, getattr(entry.content, "facts", {})
            if delivery_id is None:
                continue
            ledger.trails[delivery_id].append({**facts, "at": entry.link.at, "kind": entry.link.kind})
            if facts.get("to") == "asked" and facts.get("from") != "asked":
                question = Question(
                    code=str(facts.get("problem", "?")), at=entry.link.at, is_for_a_hold=bool(facts.get("holds"))
                )
                ledger.questions[delivery_id].append(question)
    return ledger
