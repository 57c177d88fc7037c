"""Earlier texts, known links and kept judgements, on each engine."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger_stage import CITY, lay_delivery, lay_one, lay_post

from platforms.port import Receipt
from publisher.delivery import DeliveryEvent, DeliveryKind
from publisher.errors import NotFoundError
from publisher.past_posts import EarlierPosts
from publisher.store import deliveries, judgements, links, past_texts
from publisher.store.links import LinkSight

if TYPE_CHECKING:
    from store_fixtures import MovedClock

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database, Transaction

TEXT = "桜が咲きました"
"""What the stage's posts say."""
URL = "https://www.city.kashiwa.lg.jp/"


def send(tx: Transaction, delivery: Delivery) -> None:
    """Let a delivery be out, as a person says who saw it after an answer that never came."""
    deliveries.apply(tx, delivery.id, DeliveryEvent.CAME_TOO_LATE)
    receipt = Receipt(external_id="1", url=None, at=tx.now)
    deliveries.apply(tx, delivery.id, DeliveryEvent.RECEIPT_CAME_LATE, change=deliveries.Change(receipt=receipt))


def said(database: Database, earlier: EarlierPosts) -> list[bool]:
    """Return of each earlier post on the official account whether it is out."""
    with database.reading() as tx:
        known = earlier.before(tx, CITY, "kashiwa_shi", ["kashiwa_shi"], at=tx.now, but_post=None).past
        assert known is not None
        since = tx.now - timedelta(days=30)
        found = known.like(TEXT, since=since, until=tx.now, similarity=100)
        return [getattr(one, "is_sent", None) is True for one in found]


def test_what_happens_to_a_delivery_is_news_to_every_index(database: Database, clock: MovedClock) -> None:
    """Made, sent, stopped: each is known at the next question, whichever way the clock went meanwhile."""
    earlier = EarlierPosts(database)
    seen = [said(database, earlier)]
    first, second = lay_one(database), lay_one(database, number=2)
    seen.append(said(database, earlier))
    clock.move(-1)
    with database.transaction() as tx:
        send(tx, first)
    clock.move(1)
    seen.append(said(database, earlier))
    with database.transaction() as tx:
        deliveries.apply(tx, second.id, DeliveryEvent.CANCELLED)
    seen.append(said(database, earlier))

    assert [[], [False, False], [True, False], [True]] == seen


def test_what_was_rolled_back_was_never_said(database: Database) -> None:
    """A question inside a transaction that fails leaves nothing in the index."""
    earlier = EarlierPosts(database)
    said(database, earlier)
    with suppress(NotFoundError), database.transaction() as tx:
        lay_delivery(tx, lay_post(tx))
        earlier.before(tx, CITY, "kashiwa_shi", ["kashiwa_shi"], at=tx.now, but_post=None)
        deliveries.get(tx, "none")
    lay_one(database, number=2)

    assert [False] == said(database, earlier)


def test_a_stop_that_was_rolled_back_stops_nothing(database: Database) -> None:
    """A post that was approved is heard of first by who stops it and fails: the next question still finds it."""
    earlier = EarlierPosts(database)
    said(database, earlier)
    one = lay_one(database)
    with suppress(NotFoundError), database.transaction() as tx:
        deliveries.apply(tx, one.id, DeliveryEvent.CANCELLED)
        earlier.before(tx, CITY, "kashiwa_shi", ["kashiwa_shi"], at=tx.now, but_post=None)
        deliveries.get(tx, "none")

    assert [False] == said(database, earlier)


def test_an_index_that_is_built_by_who_fails_holds_nothing_of_it(database: Database) -> None:
    """The first question of all comes from inside a transaction that fails."""
    earlier = EarlierPosts(database)
    with suppress(NotFoundError), database.transaction() as tx:
        lay_delivery(tx, lay_post(tx))
        earlier.before(tx, CITY, "kashiwa_shi", ["kashiwa_shi"], at=tx.now, but_post=None)
        deliveries.get(tx, "none")

    assert [] == said(database, earlier)


def test_the_text_is_that_of_the_platform(database: Database) -> None:
    """The variant where there is one that says something; the last year's, and what is still to go out."""
    one = lay_one(database)
    with database.transaction() as tx:
        tx.connection.exec_driver_sql('UPDATE versions SET variants = \'{"x": "梅が咲きました", "line": " "}\'')
        found = past_texts.every(tx, CITY, since=tx.now)
        few = [past_texts.are_few(tx, CITY, since=tx.now, few=few) for few in (0, 1)]

    assert [("梅が咲きました", one.id, False)] == [(each.text, each.delivery_id, each.is_sent) for each in found]
    assert [False, True] == few


def test_a_deleted_post_leaves(database: Database) -> None:
    """Its deletion is news, and names what it deleted."""
    with database.transaction() as tx:
        post = lay_post(tx)
        one = lay_delivery(tx, post)
        send(tx, one)
    with database.reading() as tx:
        before = past_texts.every(tx, CITY, since=tx.now)
        place = past_texts.place(tx, CITY)
    with database.transaction() as tx:
        gone = lay_delivery(tx, post, kind=DeliveryKind.DELETE, source_id=one.id)
        deliveries.apply(tx, gone.id, DeliveryEvent.RELEASED)
        send(tx, gone)
    with database.reading() as tx:
        after = past_texts.every(tx, CITY, since=tx.now)
        news = past_texts.news(tx, {CITY: place}).get(CITY)
        nothing = past_texts.news(tx, {CITY: past_texts.place(tx, CITY)}).get(CITY)

    assert ([one.id], []) == ([each.delivery_id for each in before], after)
    assert news is not None
    assert one.id in news.gone
    assert nothing is None


def test_one_process_looks_at_an_address_at_a_time(database: Database, clock: MovedClock) -> None:
    """The second claim of the same look fails; the next look is free again."""
    with database.transaction() as tx:
        claims = [links.claim(tx, URL, None) for _ in range(2)]
        links.write(tx, URL, LinkSight.MISSING, detail="404")
    clock.move(60)
    with database.transaction() as tx:
        seen = links.known(tx, [URL, "https://example.com/"])[URL]
        claims += [links.claim(tx, URL, seen) for _ in range(2)]

    assert [True, False, True, False] == claims
    assert (LinkSight.MISSING, "404") == (seen.sight, seen.detail)


def test_a_judgement_is_kept_once(database: Database) -> None:
    """The same of the same delivery is not kept again; another one is."""
    delivery = lay_one(database)
    with database.transaction() as tx:
        kept = [
            judgements.keep(tx, delivery, because="ahead", verdict={"code": "policy_blocks"}, digest=digest)
            for digest in ("a" * 64, "a" * 64, "b" * 64)
        ]

    assert [True, False, True] == kept
