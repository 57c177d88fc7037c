"""Events (事案): which one an emergency post belongs to, its number in it, and what it takes the place of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from policy.emergency import can_be_one, guess_level, says_all_clear
from policy.model import EmergencyKind
from publisher import superseding
from publisher.api import NEW_EVENT, EventChoice, EventForm
from publisher.event_views import kind_name, replacing
from publisher.store import deliveries, events, supersessions
from publisher.superseding import Because

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from publisher.api import EventOrder
    from publisher.desk import Desk
    from publisher.store.engine import Transaction
    from publisher.store.events import Event
    from publisher.store.posts import Post

FRESH: Final = timedelta(hours=24)
"""An event whose newest report is older is offered, and never chosen for a person."""
_LEVELS: Final = ("1", "2", "3", "4", "5")
_AREA_CHARS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An event that is locked with all its posts, until the report is filed in it."""

    event: Event | None
    """None: one is to be opened."""
    older: Sequence[str] = ()
    """The posts of its reports."""
    closed: Event | None = None
    """The event that was asked for, where it was closed meanwhile."""


class EventDesk:
    """Keeps a city's events.

    Args:
        desk: The shared collaborators.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def form(
        self, tx: Transaction, city: str, *, kind: str, text: str, order: EventOrder, going: Collection[str]
    ) -> EventForm:
        """Return what the confirmation shows: what was chosen, and for the rest what fits the text and the kind.

        Args:
            tx: The transaction.
            city: The city.
            kind: The kind of disaster.
            text: The text.
            order: What the person chose so far.
            going: The accounts that it goes to.
        """
        found = events.open_ones(tx, city)
        chosen = next((one for one in found if one.id == order.event), None)
        if chosen is None and order.event != NEW_EVENT:
            fresh = [one for one in found if tx.now - one.reported_at <= FRESH and _fits(one, kind)]
            chosen = min(fresh, key=lambda one: one.kind != kind, default=None)  # the newest, its own kind first
        is_closing = order.is_closing if order.is_closing is not None else chosen is not None and says_all_clear(text)
        level = _level_of(order)
        if order.level is None and not is_closing:
            level = guess_level(text) or (None if chosen is None else chosen.level)
        older = () if chosen is None else events.posts_of(tx, chosen.id)
        return EventForm(
            choices=tuple(_choice(one) for one in found),
            chosen=NEW_EVENT if chosen is None else chosen.id,
            n=1 if chosen is None else chosen.reports + 1,
            areas=_areas_of(order) if order.areas is not None or chosen is None else chosen.areas,
            level=level,
            is_closing=is_closing,
            replaces=replacing(
                self._desk,
                tx,
                city,
                (
                    (one.post_id, one.account)
                    for one in supersessions.open_deliveries(tx, older)
                    if is_closing or one.account in going
                ),
            ),
        )

    def take(self, tx: Transaction, city: str, order: EventOrder) -> Taken:
        """Lock the event that a report is for, with its older posts: before the newer post is made.

        A report for an event that was closed meanwhile opens another; another 解除 of it stays in it.
        """
        event = None if order.event in {None, NEW_EVENT} else events.lock(tx, city, str(order.event))
        if event is None:
            return Taken(event=None)
        if not event.is_open and not order.is_closing:
            return Taken(event=None, closed=event)
        older = events.posts_of(tx, event.id)
        superseding.lock(tx, older)
        return Taken(event=event, older=older)

    def file(
        self, tx: Transaction, taken: Taken, post: Post, order: EventOrder, *, who: str
    ) -> Mapping[str, str | int]:
        """Number a post that was just made in its event, and let it take the older ones' places where it goes.

        Returns: What is said of it: `event`, `report`, `is_closing` (1), `replaced` (numbers with accounts) and
        `closed_event` (the event that was asked for and is closed).
        """
        event = taken.event or events.begin(tx, city=post.city, kind=str(post.emergency_kind), who=who)
        is_closing = bool(order.is_closing)
        report = events.add_report(
            tx, event, post.id, areas=_areas_of(order), level=_level_of(order), is_closing=is_closing, who=who
        )
        going = {one.account for one in deliveries.of_post(tx, post.id)}
        because = Because.CLOSING if is_closing else Because.REPORT
        for older in taken.older:
            everywhere = {one.account for one in deliveries.of_post(tx, older)} if is_closing else set()
            superseding.supersede(
                tx, older_post_id=older, by_post_id=post.id, accounts=going | everywhere, because=because, who=who
            )
        replaced = replacing(self._desk, tx, post.city, supersessions.by_post(tx, post.id))
        said: dict[str, str | int] = {"event": event.number, "report": report.n}
        if is_closing:
            said["is_closing"] = 1
        if replaced:
            said["replaced"] = "、".join(f"{one.number}（{'、'.join(one.accounts)}）" for one in replaced)
        if taken.closed is not None:
            said["closed_event"] = taken.closed.number
        return said


def _fits(event: Event, kind: str) -> bool:
    known = set(EmergencyKind)
    return event.kind in known and kind in known and can_be_one(EmergencyKind(event.kind), EmergencyKind(kind))


def _choice(event: Event) -> EventChoice:
    return EventChoice(
        key=event.id,
        number=event.number,
        kind=kind_name(event.kind),
        areas=event.areas,
        level=event.level,
        reports=event.reports,
        reported_at=event.reported_at,
    )


def _level_of(order: EventOrder) -> int | None:
    return int(order.level) if order.level in _LEVELS else None


def _areas_of(order: EventOrder) -> str:
    return " ".join((order.areas or "").split())[:_AREA_CHARS]
