"""The cities' earlier posts in memory, behind the index of `policy.past_posts`, kept up from the ledger.

An earlier post is one that was sent within a year and not deleted again, or one that is approved and planned before:
a repeat approved for 9:00 and the same for 9:05 are a post and its repeat before either is out. Of two that wait, the
one planned first is the earlier one (of two at the same time, the one approved first), so that they never both wait
for each other.

An index is built in the background when the process starts, a small city's at the first question. What happened
since is read in the asking transaction itself, from the audit trail (`past_texts.news`), so that several processes
agree. Until an index is there, the texts of the last 40 days are compared one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from policy.model import PastPost
from policy.past_posts import PastIndex
from publisher.city.model import day_in_japan
from publisher.store import audit, past_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from policy.facts import PastPosts
    from publisher.store.engine import Database, Transaction
    from publisher.store.past_texts import News, PastText

KEPT: Final = timedelta(days=366)
"""How far back the index goes."""
HISTORY_DAYS: Final = 40
"""How far back texts are compared one by one: longer than any shipped pack's window of repeats (30 days)."""
HISTORY_LIMIT: Final = 1000
"""At most so many of them, the newest."""
FEW: Final = 1000
"""Up to as many posts are put into an index while somebody waits for the answer: it takes a fraction of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPost(PastPost):
    """An earlier post that knows which delivery it is."""

    delivery_id: str
    post_id: str
    is_sent: bool

    @property
    def place(self) -> tuple[datetime, str]:
        """Its place among those that wait: ids are in the order in which deliveries were made."""
        return self.at, self.delivery_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What had been said, or is to be said, before one action."""

    history: tuple[PastPost, ...]
    """One by one: the account's posts of the action's day; with no index, all of the last 40 days on the platform."""
    past: PastPosts | None
    """Behind the index; None: there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """Whose earlier posts are asked for: a new post, or one of those that wait."""

    at: datetime
    but_post: str | None
    own: KeptPost | None
    """The asking post's own delivery to this account, where it is approved."""

    def is_after(self, one: KeptPost) -> bool:
        """Tell whether *one* is an earlier post."""
        if one.post_id == self.but_post:
            return False
        if one.is_sent:
            return True
        return one.at <= self.at if self.own is None else one.place < self.own.place

    def earlier_of(self, said: Iterable[KeptPost]) -> tuple[KeptPost, ...]:
        """Return which of these are earlier posts."""
        return tuple(one for one in said if self.is_after(one))


class _Shelf:
    """One city's index, and the place in its audit trail up to which it is kept up. Threads take turns."""

    def __init__(self, said: Iterable[PastText], seq: int) -> None:
        self._lock = Lock()
        self._seq = seq
        self._index = PastIndex()
        self._posts: dict[str, KeptPost] = {}
        self._unsent: dict[tuple[str, str | None], KeptPost] = {}
        self._days: dict[tuple[str | None, date], dict[str, KeptPost]] = {}
        self._swept_on: date | None = None
        self._put(said)

    @property
    def seq(self) -> int:
        return self._seq

    def hear(self, news: News, *, is_final: bool) -> None:
        """Take over what happened; somebody who asked later may have told it before.

        What is not final may be rolled back: whoever asks next hears of the same deliveries again.
        """
        with self._lock:
            if news.seq > self._seq:
                self._drop(news.gone)
                self._put(news.said)
                self._seq = news.seq if is_final else self._seq

    def sweep(self, now: datetime) -> None:
        """Forget, once a day, what is older than the index goes."""
        day = day_in_japan(now)
        with self._lock:
            if day == self._swept_on:
                return
            self._swept_on = day
            self._drop([one.delivery_id for one in self._posts.values() if one.is_sent and one.at < now - KEPT])

    def unsent_of(self, post: str | None, account: str) -> KeptPost | None:
        return None if post is None else self._unsent.get((post, account))

    def of_day(self, account: str, day: date) -> Sequence[KeptPost]:
        """Return what an account said, or is to say, on a Japanese calendar day."""
        with self._lock:
            return list(self._days.get((account, day), {}).values())

    def like(self, text: str, *, since: datetime, until: datetime, similarity: int) -> Iterator[KeptPost]:
        for one in self._index.like(text, since=since, until=until, similarity=similarity):
            if isinstance(one, KeptPost):
                yield one

    def _put(self, said: Iterable[PastText]) -> None:
        for one in map(_kept, said):
            if self._posts.get(one.delivery_id) != one:
                self._index.add(one)  # first, so that what it says is never gone in between
                self._drop([one.delivery_id])
                self._posts[one.delivery_id] = one
                self._days.setdefault((one.account, day_in_japan(one.at)), {})[one.delivery_id] = one
                if not one.is_sent:
                    self._unsent[one.post_id, one.account] = one

    def _drop(self, deliveries: Collection[str]) -> None:
        for delivery in deliveries:
            known = self._posts.pop(delivery, None)
            if known is not None:
                self._index.remove(known)
                place = known.account, day_in_japan(known.at)
                del self._days[place][delivery]
                if not self._days[place]:
                    del self._days[place]
                if self._unsent.get((known.post_id, known.account)) == known:
                    del self._unsent[known.post_id, known.account]


@dataclass(frozen=True, slots=True, kw_only=True)
class _BehindIndex:
    """`policy.facts.PastPosts` as one post sees it."""

    shelf: _Shelf
    asker: _Asker

    def like(self, text: str, *, since: datetime, until: datetime, similarity: int) -> Sequence[PastPost]:
        """Return the earlier posts from *since* to *until* that say the same as *text*, oldest first."""
        found = self.shelf.like(text, since=since, until=until, similarity=similarity)
        return [one for one in found if self.asker.is_after(one)]


class KeptUp:
    """The earlier posts of some cities as one transaction finds them.

    Args:
        tx: The transaction.
        shelves: The cities' indexes, kept up in it; None: there is none yet.
    """

    def __init__(self, tx: Transaction, shelves: Mapping[str, _Shelf | None]) -> None:
        self._tx = tx
        self._shelves = shelves
        self._listed: dict[tuple[str, tuple[str, ...]], Sequence[KeptPost]] = {}

    def before(
        self, city: str, account: str, beside: Collection[str], *, at: datetime, but_post: str | None
    ) -> Earlier:
        """Return the earlier posts of an action: see `EarlierPosts.before`."""
        shelf = self._shelves[city]
        if shelf is None:
            found = self._list(city, tuple(sorted(beside)))
            waiting = (one for one in found if not one.is_sent and (one.post_id, one.account) == (but_post, account))
            asker = _Asker(at=at, but_post=but_post, own=next(waiting, None))
            return Earlier(history=asker.earlier_of(found), past=None)
        asker = _Asker(at=at, but_post=but_post, own=shelf.unsent_of(but_post, account))
        said = shelf.of_day(account, day_in_japan(at))
        return Earlier(history=asker.earlier_of(said), past=_BehindIndex(shelf=shelf, asker=asker))

    def _list(self, city: str, accounts: tuple[str, ...]) -> Sequence[KeptPost]:
        key = city, accounts
        if key not in self._listed:
            since = self._tx.now - timedelta(days=HISTORY_DAYS)
            said = past_texts.every(self._tx, city, since=since, accounts=accounts, limit=HISTORY_LIMIT)
            self._listed[key] = list(map(_kept, said))
        return self._listed[key]


class EarlierPosts:
    """Knows the cities' earlier posts.

    Args:
        database: The ledger.
        few: Up to how many posts an index is built while somebody waits.
    """

    def __init__(self, database: Database, *, few: int = FEW) -> None:
        self._database = database
        self._few = few
        self._shelves: dict[str, _Shelf] = {}
        self._builders = Lock()

    def keep_up(self, cities: Iterable[str]) -> None:
        """Build what indexes are missing, and bring the others up to date. A timer calls it."""
        for city in cities:
            with self._database.reading() as tx:
                shelf = self._shelves.get(city) or self._build(tx, city)
                self.up_to_now(tx, [city])
                shelf.sweep(tx.now)

    def before(
        self, tx: Transaction, city: str, account: str, beside: Collection[str], *, at: datetime, but_post: str | None
    ) -> Earlier:
        """Return the earlier posts of an action.

        Args:
            tx: The asking transaction.
            city: The city.
            account: The account acted on.
            beside: The accounts of its platform, itself among them.
            at: The instant of the action.
            but_post: The post itself, which is no earlier post; None: there is none yet.
        """
        earlier = self.up_to_now(tx, [city])
        return earlier.before(city, account, beside, at=at, but_post=but_post)

    def up_to_now(self, tx: Transaction, cities: Iterable[str]) -> KeptUp:
        """Bring the indexes of *cities* up to date, for any number of questions of this transaction."""
        shelves: dict[str, _Shelf | None] = {
            city: self._shelves.get(city) or self._build_if_small(tx, city) for city in cities
        }
        built = {city: shelf for city, shelf in shelves.items() if shelf is not None}
        for city, news in past_texts.news(tx, {city: shelf.seq for city, shelf in built.items()}).items():
            built[city].hear(news, is_final=not audit.has_recorded(tx))
        return KeptUp(tx, shelves)

    def _build_if_small(self, tx: Transaction, city: str) -> _Shelf | None:
        if not past_texts.are_few(tx, city, since=tx.now - KEPT, few=self._few):
            return None
        return self._build(tx, city)

    def _build(self, tx: Transaction, city: str) -> _Shelf:
        # The place is read first: what happens in between is read once more, and changes nothing.
        seq = past_texts.place(tx, city)
        shelf = _Shelf(past_texts.every(tx, city, since=tx.now - KEPT), seq)
        if audit.has_recorded(tx):  # it holds what may be rolled back: it is for this transaction alone
            return shelf
        with self._builders:
            return self._shelves.setdefault(city, shelf)


def _kept(said: PastText) -> KeptPost:
    return KeptPost(
        at=said.at,
        text=said.text,
        account=said.account,
        platform=said.platform,
        delivery_id=said.delivery_id,
        post_id=said.post_id,
        is_sent=said.is_sent,
    )
