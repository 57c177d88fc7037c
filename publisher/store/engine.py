"""The database: its two engines, its transactions, and who is told after a commit.

SQLite runs with a write-ahead log and synchronous FULL, and a writing transaction takes the write lock at once; on
PostgreSQL a transaction is READ COMMITTED and locks the rows it means to change, always in the order
post, deliveries, city. Times of posts come from the `Clock`; leases end by a clock that cannot be moved:
the database's own on PostgreSQL, the machine's on SQLite.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from publisher.clock import RealClock, steady_seconds
from publisher.errors import PublisherError
from publisher.ids import new_id
from publisher.store import error_words, schema
from publisher.store.post_time import PostTime
from publisher.store.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime

    from sqlalchemy.engine import Connection, CursorResult, Engine

    from publisher.clock import Clock

_BUSY_SECONDS: Final = 30
_IDLE_SECONDS: Final = 30.0
"""Far longer than a transaction thinks between two statements: none is open across a network call."""
_KEPT_OPEN: Final = 10
_MORE_AT_NEED: Final = 30
_ONLY_READS: Final = "25006"
"""The SQLSTATE of a write in a transaction, or on a server, that may only read."""
_LOCK_NOT_AVAILABLE: Final = "55P03"
"""The SQLSTATE of a lock that was waited for as long as `Transaction.waiting_at_most` says."""
_CROSSED: Final = frozenset({"40P01", "40001"})
"""The SQLSTATEs of a transaction that was broken off so that others go on: a deadlock, a serialization failure."""
_WRITES: Final = "kairan_writes"
_CLOCK: Final = sa.select(sa.func.clock_timestamp())
_LIMITED_IDLING: Final = sa.select(
    sa.func.set_config("idle_in_transaction_session_timeout", sa.bindparam("milliseconds"), sa.true()),
    sa.func.clock_timestamp(),
)
"""Both in one round trip, at the beginning of each transaction that writes."""


class StoreUnavailableError(PublisherError):
    """The database did not answer, or was busy for too long; nothing is known to have been written."""


class RowLockedError(StoreUnavailableError):
    """Somebody else has it locked, for longer than this transaction would wait; nothing was written."""


class CrossedError(StoreUnavailableError):
    """It crossed another transaction and was broken off for it; nothing was written, and it can be done again."""


_BY_STATE: Final = {_LOCK_NOT_AVAILABLE: RowLockedError} | dict.fromkeys(_CROSSED, CrossedError)
STORE_ERRORS: Final = (StoreUnavailableError, SQLAlchemyError)
"""What the database itself raises inside a transaction, for those who catch everything else."""


class Topic(StrEnum):
    """What a commit may have given somebody to do."""

    DELIVERIES = "deliveries"
    NOTICES = "notices"


class Transaction:
    """One transaction: a connection, and one instant that everything in it happens at."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        lease_clock: Clock | None = None,
        *,
        seconds_off: float = 0.0,
        began_at: datetime | None = None,
    ) -> None:
        """Begin now; leases are measured by *lease_clock*, or by the database where it is None.

        *seconds_off* says how far the machine's clock is ahead of the database's. *began_at* is what
        the database's clock said a moment ago; None: it is asked when it is wanted.
        """
        self._seconds_off = seconds_off
        self._told_at = None if began_at is None else (began_at, steady_seconds())
        self._clock = clock
        self.connection = connection
        self.now = clock.now()
        self.scratch: dict[str, list[Any]] = {}
        """What the store's modules gather until the commit."""
        self.topics: set[Topic] = set()
        self.topics_elsewhere: set[Topic] = set()
        self._lease_clock = lease_clock
        self._before: list[Callable[[], None]] = []
        self._at_last: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []

    def execute(self, statement: sa.Executable, parameters: Any = None) -> CursorResult[Any]:  # noqa: ANN401 - rows are untyped
        """Run one statement."""
        return self.connection.execute(statement, parameters)

    def look_at_clock(self) -> None:
        """Let *now* be now: after a wait for a lock, before something is judged by the time."""
        self.now = self._clock.now()

    @contextmanager
    def waiting_at_most(self, seconds: float) -> Iterator[None]:
        """Wait no longer than this for what others have locked, while the block lasts; on SQLite one writes at a time.

        Raises:
            RowLockedError: From the transaction, which is over: it is still locked.
        """
        if self.connection.dialect.name == "sqlite":
            yield
            return
        self.connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(seconds * 1000)}")
        yield
        self.connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")

    def new_id(self) -> str:
        """Return a new time-ordered id."""
        return new_id(self.now)

    def lease_now(self) -> datetime:
        """Return the instant by which leases end: the database's clock on PostgreSQL, else the machine's.

        The database is asked once; what has passed since is measured here, and nobody can set that.
        """
        if self._lease_clock is not None:
            return self._lease_clock.now()
        if self._told_at is None:
            self._told_at = self.connection.execute(_CLOCK).scalar_one(), steady_seconds()
        moment, told_at = self._told_at
        return moment + timedelta(seconds=steady_seconds() - told_at)

    def seconds_off(self) -> float:
        """Return how far this machine's clock is ahead of the database's (below 0: behind).

        0 where there is nothing to compare: on SQLite, and where time was moved for practice.
        """
        return self._seconds_off

    def before_commit(self, action: Callable[[], None], *, is_last: bool = False) -> None:
        """Run *action* at the end of this transaction, after all others where it *is_last*."""
        (self._at_last if is_last else self._before).append(action)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run *action* once the commit is durable: to wake somebody, never to change something."""
        self._after.append(action)

    def announce(self, topic: Topic, *, is_work: bool = True) -> None:
        """Tell the topic's subscribers after the commit; other processes' only where it *is work* for them."""
        self.topics.add(topic)
        if is_work:
            self.topics_elsewhere.add(topic)

    def finish(self) -> None:
        """Run what was left for the end. The `Database` calls it before it commits."""
        while self._before or self._at_last:
            (self._before or self._at_last).pop(0)()

    def finished(self) -> None:
        """Run what was left for after the commit. The `Database` calls it."""
        for action in self._after:
            action()


class Database:
    """A ledger in one SQLite file or one PostgreSQL database."""

    def __init__(
        self, url: str, *, clock: Clock, lease_clock: Clock | None = None, idle_seconds: float = _IDLE_SECONDS
    ) -> None:
        """Open lazily.

        Args:
            url: `sqlite:///path`, or `postgresql://…`.
            clock: The time of posts.
            lease_clock: The time of leases, for tests; None: the database's own, or the machine's on SQLite.
            idle_seconds: For how long a writing transaction may ask nothing of PostgreSQL until it is broken off.
        """
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        host, port = parsed.host or parsed.query.get("host", ""), parsed.port or ""
        self.address = f"{parsed.get_backend_name()}://{host}:{port}/{parsed.database}"
        """Where it is, without names and secrets."""
        self._clock = PostTime(clock)
        self._lease_clock = lease_clock or (RealClock() if self.is_sqlite else None)
        self._idle = {"milliseconds": str(round(idle_seconds * 1000))}
        self._engine = _open(parsed, is_sqlite=self.is_sqlite)
        self._writer = threading.Lock()
        self._subscribers: dict[Topic, list[tuple[Callable[[], None], bool]]] = {topic: [] for topic in Topic}
        address = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        self._wire = None if self.is_sqlite else Wire(address, self._hear)

    def now(self) -> datetime:
        """Return the time of posts."""
        return self._clock.now()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write: everything inside is committed together, or not at all.

        Raises:
            StoreUnavailableError: The database did not answer.
        """
        with self._turn(), _translated(), self._engine.connect() as raw:
            connection = raw.execution_options(**{_WRITES: True})
            with connection.begin():
                began_at = None if self.is_sqlite else self._limit_idling(connection)
                tx = Transaction(
                    connection,
                    self._clock,
                    self._lease_clock,
                    seconds_off=self._compare(began_at),
                    began_at=began_at,
                )
                yield tx
                tx.finish()
        tx.finished()
        if self._wire is not None and tx.topics_elsewhere:
            self._wire.tell(tx.topics_elsewhere)
        self._wake(tx.topics, work=tx.topics_elsewhere)

    def _limit_idling(self, connection: Connection) -> datetime:
        """Let PostgreSQL free what a process that stands still, or is cut off, has locked; return what its clock says.

        Else all would wait.
        """
        moment: datetime = connection.execute(_LIMITED_IDLING, self._idle).one()[1]
        return moment

    def _compare(self, began_at: datetime | None) -> float:
        """Return how far the machine's clock is ahead of what the database's says; 0 where nothing can be compared."""
        if began_at is None or self._lease_clock is not None or not self._clock.is_real:
            return 0.0
        return self._clock.compare(began_at)

    def _wake(self, topics: Iterable[Topic], *, work: Collection[Topic]) -> None:
        for topic in topics:
            for wake, is_for_work in tuple(self._subscribers[topic]):
                if topic in work or not is_for_work:
                    wake()

    def _hear(self, word: str | None) -> None:
        """Wake whom another process's word concerns; everybody where words may have been missed."""
        self._wake([topic for topic in Topic if word in {None, topic}], work=tuple(Topic))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let the threads of this process write to SQLite one after the other.

        SQLite itself lets those who wait sleep longer and longer, so that the newest mostly wins and one may starve.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=_BUSY_SECONDS):
            raise StoreUnavailableError("another thread has been writing for too long")
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read one consistent state; nothing can be written.

        Raises:
            StoreUnavailableError: The database did not answer.
        """
        with _translated(), self._engine.connect() as raw:
            options: dict[str, Any] = {_WRITES: False}
            if not self.is_sqlite:
                options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            connection = raw.execution_options(**options)
            with connection.begin():
                yield Transaction(connection, self._clock, self._lease_clock)

    def subscribe(self, topic: Topic, wake: Callable[[], None], *, is_for_work: bool = False) -> Callable[[], None]:
        """Call *wake* after each commit that announces *topic*, in any process; return how to stop that.

        With *is_for_work*, only after those that give somebody something to do.
        It is called from several threads, and without a cause after the database was away.
        """
        one = (wake, is_for_work)
        self._subscribers[topic].append(one)
        if self._wire is not None:
            self._wire.listen()
        return lambda: self._subscribers[topic].remove(one)

    def migrate(self) -> None:
        """Bring the schema up to date; two processes may try at once."""
        with _translated(), self._engine.connect() as raw:
            connection = raw.execution_options(**{_WRITES: True})
            with _copying_allowed(connection, is_sqlite=self.is_sqlite), connection.begin():
                schema.upgrade(connection)

    def is_current(self) -> bool:
        """Return whether the schema is the newest this program knows.

        Raises:
            StoreUnavailableError: The database did not answer.
        """
        with self.reading() as tx:
            return schema.is_current(tx.connection)

    def is_newer(self) -> bool:
        """Return whether a later version of the program has migrated the schema.

        Raises:
            StoreUnavailableError: The database did not answer.
        """
        with self.reading() as tx:
            return schema.is_newer(tx.connection)

    @property
    def wire_trouble(self) -> str | None:
        """Why this process is not told by the others, or cannot tell them; None where it is well or not used."""
        return None if self._wire is None else self._wire.trouble

    @property
    def connections_in_use(self) -> int:
        """How many connections are out of the pool: 0 whenever nobody is inside a transaction."""
        return self._engine.pool.checkedout()  # type: ignore[attr-defined,no-any-return]  # QueuePool has it

    def close(self) -> None:
        """Give every connection back."""
        if self._wire is not None:
            self._wire.close()
        self._engine.dispose()


@contextmanager
def _copying_allowed(connection: Connection, *, is_sqlite: bool) -> Iterator[None]:
    """Turn SQLite's foreign keys off meanwhile: a migration that copies a table drops one to which others refer."""
    if not is_sqlite:
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON").close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        kind = _BY_STATE.get(getattr(error.orig, "sqlstate", None) or "", StoreUnavailableError)
        raise kind(str(error.orig)) from error
    except DBAPIError as error:
        # After a failover: the connection broke elsewhere, or it leads to a server that only reads for now.
        if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == _ONLY_READS:
            raise StoreUnavailableError(str(error.orig)) from error
        raise
    except PoolTimeoutError as error:
        raise StoreUnavailableError("every connection is in use") from error


def _from_json(text: str) -> Any:  # noqa: ANN401 - what a column of JSON holds
    """Read JSON; most columns of it are empty, and these are many in a batch."""
    if text == "{}":
        return {}
    return [] if text == "[]" else json.loads(text)


def _open(url: sa.URL, *, is_sqlite: bool) -> Engine:
    options: dict[str, Any] = {"pool_size": _KEPT_OPEN, "max_overflow": _MORE_AT_NEED}
    options["json_deserializer"] = _from_json
    options["hide_parameters"] = True  # errors are logged as they are, and what is written may be secret, or erased
    if not is_sqlite:
        engine = sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **options)
        event.listen(engine, "handle_error", error_words.leave_out_values)
        return engine
    engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"timeout": _BUSY_SECONDS}, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_SECONDS * 1000}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    if connection.info.get(_WRITES, True) is not writes:
        connection.exec_driver_sql(f"PRAGMA query_only = {0 if writes else 1}")
        connection.info[_WRITES] = writes
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
