"""Checkpoints of many calls at once: few commits, and each call by its own right; on both engines."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest
from ledger_stage import lay_delivery, lay_post, read
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DataError, DBAPIError

from publisher.errors import LeaseLostError
from publisher.ledger.checkpoints import Checkpoints
from publisher.store import deliveries, leases
from publisher.store.engine import RowLockedError, StoreUnavailableError
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from publisher.store.delivery_record import Delivery
    from publisher.store.engine import Database

CALLS = 8
WAIT = 20.0


@pytest.fixture
def taken(database: Database) -> Sequence[Delivery]:
    """Deliveries under a lease."""
    with database.transaction() as tx:
        for number in range(CALLS):
            lay_delivery(tx, lay_post(tx, number=number), f"account_{number}")
    with database.transaction() as tx:
        room = Room(platform="x", limit=CALLS, per_account=CALLS)
        return leases.claim(tx, room, owner="w1", lease_seconds=30.0)


class FirstToWait:
    """Whoever comes to some point first waits there until the others have come."""

    def __init__(self, checkpoints: Checkpoints, others: int) -> None:
        self.checkpoints = checkpoints
        self.others = others
        self.begun = 0
        """Transactions."""
        self.has_come = threading.Event()

    def count(self, _connection: object) -> None:
        """Count a transaction."""
        self.begun += 1

    def wait(self, *_: object) -> None:
        """Wait, once; on SQLite whoever waits here holds the write lock."""
        is_first = not self.has_come.is_set()
        self.has_come.set()
        ends_at = time.monotonic() + WAIT
        while is_first and len(self.checkpoints._waiting) < self.others:
            assert time.monotonic() < ends_at
            threading.Event().wait(0.001)

    def wait_to_write(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        """Wait before the first statement about a delivery."""
        if "deliveries" in statement:
            self.wait()


@pytest.fixture
def first(database: Database) -> Iterator[FirstToWait]:
    """Let the first who writes wait for the others, after it has taken what it writes."""
    made = FirstToWait(Checkpoints(database), CALLS - 1)
    event.listen(Engine, "begin", made.count)
    event.listen(Engine, "before_cursor_execute", made.wait_to_write)
    yield made
    event.remove(Engine, "before_cursor_execute", made.wait_to_write)
    event.remove(Engine, "begin", made.count)


def one_before_the_others(first: FirstToWait, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Let the first call begin to write before the others come; return what came of each."""
    with ThreadPoolExecutor(CALLS) as threads:
        leading = threads.submit(calls[0])
        assert first.has_come.wait(WAIT)
        return [one.result(WAIT) for one in (leading, *(threads.submit(call) for call in calls[1:]))]


def keep(checkpoints: Checkpoints, one: Delivery, token: str | None = None) -> Exception | None:
    """Keep something of a call; return why that was not possible."""
    try:
        checkpoints.keep(one.id, token=token or one.lease_token or "", resume=f"session of {one.account}")
    except (LeaseLostError, StoreUnavailableError) as error:
        return error
    return None


def test_who_comes_while_another_writes_is_written_together(
    database: Database, taken: Sequence[Delivery], first: FirstToWait
) -> None:
    """Eight calls, two commits; and each has its own token in its own row once it goes on."""
    errors = one_before_the_others(first, [partial(keep, first.checkpoints, one) for one in taken])
    begun = first.begun

    assert [None] * CALLS == errors
    assert begun == 2
    assert [f"session of {one.account}" for one in taken] == [read(database, one).resume for one in taken]


def test_who_comes_while_the_writer_waits_for_its_turn_is_in_its_commit(
    database: Database, taken: Sequence[Delivery]
) -> None:
    """Eight calls, one commit: what is written is taken up only once the transaction has begun."""
    turn = FirstToWait(Checkpoints(database), CALLS)
    event.listen(Engine, "begin", turn.count)
    event.listen(Engine, "begin", turn.wait)
    try:
        with ThreadPoolExecutor(CALLS) as threads:
            errors = list(threads.map(lambda one: keep(turn.checkpoints, one), taken))
    finally:
        event.remove(Engine, "begin", turn.wait)
        event.remove(Engine, "begin", turn.count)
    begun = turn.begun

    assert [None] * CALLS == errors
    assert begun == 1
    assert [f"session of {one.account}" for one in taken] == [read(database, one).resume for one in taken]


def test_a_lost_lease_stops_its_own_call_alone(
    database: Database, taken: Sequence[Delivery], first: FirstToWait
) -> None:
    """Among those that are written together one is leased to somebody else by now: its call must not go on."""
    tokens: dict[str, str | None] = {taken[3].id: "another"}
    calls = [partial(keep, first.checkpoints, one, tokens.get(one.id)) for one in taken]
    errors = one_before_the_others(first, calls)

    assert [False, False, False, True, False, False, False, False] == [
        isinstance(error, LeaseLostError) for error in errors
    ]
    assert read(database, taken[3]).resume is None
    assert read(database, taken[4]).resume == f"session of {taken[4].account}"


def test_a_database_that_is_away_is_heard_by_every_call(database: Database, taken: Sequence[Delivery]) -> None:
    """None of them goes on as if it had been written; and what comes later is written again."""
    first = FirstToWait(Checkpoints(database), CALLS)

    def away(*_: Any) -> None:
        first.wait()
        raise StoreUnavailableError("gone for a moment")

    event.listen(Engine, "before_cursor_execute", away)
    try:
        with ThreadPoolExecutor(CALLS) as threads:
            errors = list(threads.map(lambda one: keep(first.checkpoints, one), taken))
    finally:
        event.remove(Engine, "before_cursor_execute", away)

    assert [StoreUnavailableError] * CALLS == [type(error) for error in errors]
    assert keep(first.checkpoints, taken[0]) is None


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_what_the_database_cannot_hold_is_its_own_calls_trouble_alone(
    database: Database, engine_name: str, taken: Sequence[Delivery], first: FirstToWait
) -> None:
    """PostgreSQL keeps no NUL in a text: the call whose platform gave one breaks off, the others' go on."""
    assert engine_name == "postgres"

    def keep_as_given(number: int) -> type[Exception] | None:
        one, given = taken[number], "\0" if number == 3 else "session"
        try:
            first.checkpoints.keep(one.id, token=one.lease_token or "", resume=given)
        except DBAPIError as error:
            return type(error)
        return None

    errors = one_before_the_others(first, [partial(keep_as_given, number) for number in range(CALLS)])

    assert [None, None, None, DataError, None, None, None, None] == errors
    assert read(database, taken[4]).resume == "session"


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_delivery_that_somebody_has_locked_holds_up_no_other_call(
    database: Database, engine_name: str, taken: Sequence[Delivery]
) -> None:
    """A person's long transaction about one post: its call waits for it, the others' calls go on."""
    assert engine_name == "postgres"
    checkpoints = Checkpoints(database)
    with ThreadPoolExecutor(CALLS) as threads:
        with database.transaction() as tx:
            deliveries.lock(tx, taken[0].id)
            waiting = [threads.submit(keep, checkpoints, one) for one in taken]
            done = [one.result(WAIT) for one in waiting[1:]]
            is_locked_done = waiting[0].done()
        last = waiting[0].result(WAIT)

    assert [None] * (CALLS - 1) == done
    assert (False, None) == (is_locked_done, last)


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_a_delivery_that_stays_locked_is_waited_for_only_so_long(
    database: Database, engine_name: str, taken: Sequence[Delivery]
) -> None:
    """Its call hears that nothing was kept, while the row is locked still, and its connection is free again."""
    assert engine_name == "postgres"
    checkpoints = Checkpoints(database, patience_seconds=0.05)
    with ThreadPoolExecutor(1) as threads, database.transaction() as tx:
        deliveries.lock(tx, taken[0].id)
        error = threads.submit(keep, checkpoints, taken[0]).result(WAIT)
        in_use = database.connections_in_use

    assert isinstance(error, RowLockedError)
    assert 1 == in_use
    assert read(database, taken[0]).resume is None
    assert keep(checkpoints, taken[0]) is None
