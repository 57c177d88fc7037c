"""Events (事案) and their numbered reports. Whoever adds a report locks the event first, before any post."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import sqlalchemy as sa

from publisher.store import audit, event_tables, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

MOST_OPEN: Final = 20
"""How many open events are listed."""
_E, _R = event_tables.events, event_tables.reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A disaster that posts belong to."""

    id: str
    city: str
    number: int
    """Counted per city."""
    kind: str
    """As `policy.model.EmergencyKind`."""
    areas: str
    """What its newest report says, as `level`."""
    level: int | None
    """警戒レベル, 1–5."""
    reports: int
    """How many it has."""
    reported_at: datetime
    """When the newest was sent."""
    opened_by: str
    opened_at: datetime
    closed_by: str | None
    closed_at: datetime | None

    @classmethod
    def from_row(cls, row: sa.Row[Any]) -> Self:
        """Return the event that a row holds."""
        return cls(**{name: getattr(row, name) for name in cls.__dataclass_fields__})

    @property
    def is_open(self) -> bool:
        """True until its 解除."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An emergency post's place in its event."""

    post_id: str
    event_id: str
    n: int
    """第n報."""
    is_closing: bool
    """解除."""
    level: int | None
    areas: str
    at: datetime


def open_ones(tx: Transaction, city: str) -> Sequence[Event]:
    """Return a city's open events, the one with the newest report first."""
    newest = sa.select(_E).where(_E.c.city == city, _E.c.closed_at.is_(None))
    rows = tx.execute(newest.order_by(_E.c.reported_at.desc(), _E.c.number.desc()).limit(MOST_OPEN))
    return [Event.from_row(row) for row in rows]


def lock(tx: Transaction, city: str, event_id: str) -> Event | None:
    """Return a city's event, locked until the transaction ends, or None where there is none."""
    one = sa.select(_E).where(_E.c.city == city, _E.c.id == event_id).with_for_update(key_share=True)
    row = tx.execute(one).one_or_none()
    return None if row is None else Event.from_row(row)


def begin(tx: Transaction, *, city: str, kind: str, who: str) -> Event:
    """Open an event without a report, under the city's next number for events; locks the city's row."""
    cities = tables.cities
    tx.execute(sa.select(cities.c.city).where(cities.c.city == city).with_for_update(key_share=True))
    last = tx.execute(sa.select(sa.func.max(_E.c.number)).where(_E.c.city == city)).scalar_one()
    row = {"id": tx.new_id(), "city": city, "number": (last or 0) + 1, "kind": kind, "areas": "", "level": None}
    row |= {"reports": 0, "reported_at": tx.now, "opened_by": who, "opened_at": tx.now}
    event = Event.from_row(tx.execute(sa.insert(_E).values(**row).returning(_E)).one())
    audit.append(tx, city=city, who=who, kind="event_opened", facts={"event": event.number, "kind": kind})
    return event


def add_report(
    tx: Transaction, event: Event, post_id: str, *, areas: str, level: int | None, is_closing: bool, who: str
) -> Report:
    """Give a post the next number in a locked event, and close the event where it is its 解除."""
    n = event.reports + 1
    report = Report(post_id=post_id, event_id=event.id, n=n, is_closing=is_closing, level=level, areas=areas, at=tx.now)
    tx.execute(sa.insert(_R).values(city=event.city, **asdict(report)))
    now = {"reports": n, "areas": areas, "level": level, "reported_at": tx.now}
    ends = is_closing and event.is_open
    tx.execute(
        sa.update(_E)
        .where(_E.c.id == event.id)
        .values(**now | ({"closed_by": who, "closed_at": tx.now} if ends else {}))
    )
    about = {"city": event.city, "who": who, "post_id": post_id}
    facts = {"event": event.number, "report": n, "level": level, "is_closing": is_closing}
    audit.append(tx, **about, kind="report_numbered", facts=facts, note=areas)
    if ends:
        audit.append(tx, **about, kind="event_closed", facts={"event": event.number, "report": n})
    return report


def posts_of(tx: Transaction, event_id: str) -> Sequence[str]:
    """Return the posts of an event's reports, the oldest first."""
    return tx.execute(sa.select(_R.c.post_id).where(_R.c.event_id == event_id).order_by(_R.c.n)).scalars().all()


def of_posts(tx: Transaction, post_ids: Collection[str]) -> Mapping[str, tuple[Event, Report]]:
    """Return the event and the report of those of these posts that are reports."""
    if not post_ids:
        return {}
    columns = [_R.c[name].label(f"report_{name}") for name in Report.__dataclass_fields__]
    query = sa.select(_E, *columns).join(_R, _R.c.event_id == _E.c.id).where(_R.c.post_id.in_(sorted(post_ids)))
    found = {}
    for row in tx.execute(query):
        report = Report(**{name: getattr(row, f"report_{name}") for name in Report.__dataclass_fields__})
        found[report.post_id] = (Event.from_row(row), report)
    return found
