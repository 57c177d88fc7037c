"""Many posts due at once: asked about together, and each by its own right; on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from store_fixtures import empty_url, engine_name, postgres_server, sqlite_template, store_url
from town import CHIEF, DUTY, OPEN_TUESDAY, build_town

from publisher.delivery import DeliveryKind
from publisher.ledger.dispatcher import _PREPARING_SECONDS
from publisher.store import tables
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from town import Town

    from publisher.ledger.dispatcher import Dispatcher
    from publisher.store.delivery_record import Delivery

__all__ = ["empty_url", "engine_name", "postgres_server", "sqlite_template", "store_url"]  # fixtures

TEN = OPEN_TUESDAY + timedelta(hours=1)
FEW, MANY = 1, 20


@pytest.fixture(name="town")
def _town(tmp_path: Path, store_url: str) -> Iterator[Town]:
    town = build_town(tmp_path / "var", SNS_DATABASE_URL=store_url)
    yield town
    town.heart.database.close()


def approve(town: Town, texts: Sequence[str]) -> list[str]:
    """Approve a post of each text for ten o'clock, and return their numbers."""
    numbers = [town.submit(form=town.form(text, publish_at=TEN)) for text in texts]
    for number in numbers:
        town.decide(CHIEF, number)
    return numbers


def claim_all(town: Town) -> Sequence[Delivery]:
    """Claim what is due on X."""
    return dispatcher_of(town).claim(Room(platform="x", limit=100, per_account=100))


def dispatcher_of(town: Town) -> Dispatcher:
    """Return the worker's dispatcher, to be taken step by step."""
    return town.heart.worker._dispatcher


def texts(count: int, what: str) -> list[str]:
    """Write so many posts that say different things."""
    places = "河川敷 図書館 公園 体育館 窓口 講座 広報 水道 道路 保育".split()  # noqa: SIM905
    return [f"{what}のお知らせ。{places[n % 10]}を{n + 2}日に{places[n // 10]}で開きます。" for n in range(count)]


def of_posts(numbers: Sequence[str]) -> sa.Select[Any]:
    """Return the query for the ids of posts."""
    posts = tables.posts
    return sa.select(posts.c.id).where(posts.c.number.in_([int(one.removeprefix("K-")) for one in numbers]))


def states(town: Town, numbers: Sequence[str]) -> list[tuple[str, str | None]]:
    """Return the state and the problem of the posts' own deliveries."""
    table = tables.deliveries
    query = sa.select(table).where(table.c.post_id.in_(of_posts(numbers)), table.c.kind == DeliveryKind.PUBLISH)
    with town.heart.database.reading() as tx:
        return [(row.state, row.problem and row.problem["code"]) for row in tx.execute(query)]


def change(town: Town, number: str, **values: Any) -> None:
    """Change the version of a post behind everybody's back."""
    versions = tables.versions
    with town.heart.database.transaction() as tx:
        tx.execute(sa.update(versions).where(versions.c.post_id.in_(of_posts([number]))).values(**values))


def test_a_batch_of_twenty_asks_the_database_no_more_often_than_one_post(town: Town) -> None:
    """Prepared, checked and opened: as many statements, and as many transactions, for twenty posts as for one."""
    counts = []
    for hour, count in enumerate((FEW, FEW, MANY)):  # the first one warms what is kept from one batch to the next
        moment = TEN + timedelta(minutes=hour)
        town.move(moment - timedelta(minutes=30))
        for text in texts(count, ("朝市", "昼市", "夕市")[hour]):
            town.decide(CHIEF, town.submit(form=town.form(text, publish_at=moment)))
        town.move(moment)
        taken = claim_all(town)
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)  # noqa: B023 - it is taken away in the same round

        event.listen(Engine, "before_cursor_execute", note)
        opening = dispatcher_of(town).open(taken)
        event.remove(Engine, "before_cursor_execute", note)
        assert (len(opening.opened), len(opening.alone)) == (count, 0)
        counts.append(len(seen))

    assert counts[1] == counts[2]


def test_a_batch_that_takes_long_to_read_stays_together(town: Town) -> None:
    """The database is slow for a moment, as under load: reading each post anew, alone, would only make it worse."""
    approve(town, texts(3, "朝市"))
    town.move(TEN)
    taken = claim_all(town)
    slow = [_PREPARING_SECONDS + 0.1]

    def wait(*_: object) -> None:
        if slow:
            threading.Event().wait(slow.pop())

    event.listen(Engine, "before_cursor_execute", wait)
    opening = dispatcher_of(town).open(taken)
    event.remove(Engine, "before_cursor_execute", wait)

    assert (len(opening.opened), len(opening.alone)) == (3, 0)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"text": "改ざんされた文です。"}, "seal_broken"), ({"media": [{"unheard_of": "1"}]}, "adapter_fault")],
)
def test_what_breaks_for_one_breaks_for_no_other(town: Town, changes: dict[str, Any], problem: str) -> None:
    """A text changed behind its approval, a row in no form that the program knows: the others of the batch go out."""
    numbers = approve(town, texts(4, "朝市"))
    town.heart.reviewer.forget_texts()  # as in a process in which nobody approved them
    change(town, numbers[1], **changes)
    town.move(TEN)
    opening = dispatcher_of(town).open(claim_all(town))
    for one in opening.alone:
        dispatcher_of(town).send(one)

    assert (len(opening.opened), len(opening.alone)) == (3, 1)
    assert [("asked", problem)] == states(town, [numbers[1]])
    assert [("leased", None)] * 3 == states(town, [numbers[0], *numbers[2:]])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"text": "改ざんされた文です。"}, "seal_broken"), ({"media": [{"unheard_of": "1"}]}, "adapter_fault")],
)
def test_the_last_check_of_one_spoils_no_other(town: Town, changes: dict[str, Any], problem: str) -> None:
    """The same, changed after the batch was prepared: only the transaction that opens the calls can see it."""
    numbers = approve(town, texts(4, "朝市"))
    town.move(TEN)
    ready, _ = dispatcher_of(town)._prepare(claim_all(town))
    change(town, numbers[1], **changes)
    opened, _ = dispatcher_of(town)._open(ready)

    assert (len(ready), len(opened)) == (4, 3)
    assert [("asked", problem)] == states(town, [numbers[1]])


def test_a_hold_between_preparing_and_opening_stops_the_whole_batch(town: Town) -> None:
    """Whatever was read to prepare them, the last check sees the hold that was committed before it."""
    numbers = approve(town, texts(5, "朝市"))
    town.move(TEN)
    ready, _ = dispatcher_of(town)._prepare(claim_all(town))
    town.services.holding.hold(town.act(DUTY), reason="避難指示のため")
    opened, _ = dispatcher_of(town)._open(ready)

    assert len(ready) == 5
    assert opened == []
    assert [("held", "held")] * 5 == states(town, numbers)
