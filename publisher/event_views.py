"""What people see of events: a post's place in one, what it took the place of, and what took its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import Newer, Replacing, ReportView, Said
from publisher.delivery import DeliveryState
from publisher.store import events, supersessions
from publisher.words import kind_choice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from publisher.desk import Desk
    from publisher.store.deliveries import Delivery
    from publisher.store.engine import Transaction

_GONE = frozenset({DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED})
"""Ends of a delivery to which no newer post made a difference."""


def kind_name(kind: str) -> Said:
    """Name an event's kind, also one that is known no more."""
    choice = kind_choice(kind)
    return Said(ja=kind, en=kind) if choice is None else choice.name


def report_views(tx: Transaction, post_ids: Collection[str]) -> Mapping[str, ReportView]:
    """Return the place in its event of each of these posts that is a report."""
    return {
        post_id: ReportView(
            event_key=event.id,
            event=event.number,
            kind=kind_name(event.kind),
            n=report.n,
            is_closing=report.is_closing,
            level=report.level,
            areas=report.areas,
            is_open=event.is_open,
        )
        for post_id, (event, report) in events.of_posts(tx, post_ids).items()
    }


def replacing(desk: Desk, tx: Transaction, city: str, places: Iterable[tuple[str, str]]) -> tuple[Replacing, ...]:
    """Gather (post, account) by post, the oldest first."""
    by_post: dict[str, list[str]] = {}
    for post_id, account in places:
        by_post.setdefault(post_id, []).append(account)
    order = {key: place for place, key in enumerate(desk.city(city).accounts)}
    numbers, known = supersessions.numbers(tx, by_post), events.of_posts(tx, by_post)
    return tuple(
        Replacing(
            number=numbers[post_id],
            n=known[post_id][1].n if post_id in known else None,
            accounts=tuple(
                desk.account_name(city, one)
                for one in sorted(set(by_post[post_id]), key=lambda one: order.get(one, len(order)))
            ),
        )
        for post_id in sorted(by_post)  # ids are ordered by time
    )


def newer_of(tx: Transaction, made: Iterable[Delivery]) -> Mapping[str, Newer]:
    """Return what took the place of each of these deliveries, by their ids, where it made or makes a difference."""
    of_post: dict[str, Mapping[str, supersessions.Supersession]] = {}
    found: dict[str, supersessions.Supersession] = {}
    for one in made:
        if one.kind not in supersessions.SUPERSEDABLE or one.state in _GONE:
            continue
        if one.post_id not in of_post:
            of_post[one.post_id] = supersessions.of_post(tx, one.post_id)
        if one.account in of_post[one.post_id]:
            found[one.id] = of_post[one.post_id][one.account]
    known = events.of_posts(tx, {one.by_post_id for one in found.values()})
    return {
        key: Newer(
            number=one.newer,
            because=one.because,
            n=known[one.by_post_id][1].n if one.by_post_id in known else None,
        )
        for key, one in found.items()
    }
