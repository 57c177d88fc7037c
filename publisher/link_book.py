"""The addresses in texts, and what is known of them; a judgement uses what is known and waits for nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from policy.facts import LinkState
from policy.rules.links import find_links
from policy.written import flatten
from publisher.post import PostState
from publisher.store import links, posts
from publisher.store.links import LinkSight

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction
    from publisher.store.links import SeenLink, Watched
    from publisher.store.posts import Post

AT_MOST_EVERY: Final = timedelta(minutes=10)
"""How often an address is looked at, at most."""
SECOND_LOOK_AFTER: Final = timedelta(minutes=1)
"""When it is looked again whether a page that was not there is really not there."""
SOON: Final = timedelta(minutes=30)
"""So long before a post is due its addresses are looked at again."""
IN_ROUND_EVERY: Final = timedelta(hours=1)
"""How often the addresses of posts that are in their round, or wait, are looked at."""
DRAFTS_FOR: Final = timedelta(days=1)
"""So long after it was saved a draft's addresses are looked at."""
_MAX_LINKS: Final = 20
"""Of one text; nobody reads more."""
_STATES: Final = {LinkSight.OK: LinkState.OK, LinkSight.DEAD: LinkState.DEAD}


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the addresses of a text as they are looked at: whole, without a user's name and without a fragment."""
    flat = flatten(text)
    found = (f"{_scheme(flat[link.span.start : link.span.end])}://{link.host}{link.path}" for link in find_links(flat))
    return tuple(dict.fromkeys(found))[:_MAX_LINKS]


def _scheme(written: str) -> str:
    # A bare domain is a link too, and leads where http:// leads.
    return "https" if written[:8].lower() == "https://" else "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLookAt:
    """An address that should be looked at now, and what is known of it."""

    url: str
    seen: SeenLink | None


class LinkBook:
    """Knows what looking at addresses showed, and which to look at."""

    def known(self, tx: Transaction, texts: Collection[str]) -> Mapping[str, Mapping[str, LinkState]]:
        """Return what is known of each text's addresses, by text; of whatever is not clear, nothing."""
        urls = {text: addresses_in(text) for text in texts}
        wanted = {url for several in urls.values() for url in several}
        seen = links.known(tx, wanted) if wanted else {}
        clear = {url: _STATES[one.sight] for url, one in seen.items() if one.sight in _STATES}
        return {text: {url: clear[url] for url in several if url in clear} for text, several in urls.items()}

    @staticmethod
    def forget(tx: Transaction, post: Post) -> None:
        """Forget the addresses of a post whose content is about to be erased: they are part of what it said."""
        versions = [posts.version(tx, post.id, number) for number in range(1, post.version + 1)]
        texts = {text for version in versions for text in (version.text, *version.variants.values())}
        links.forget(tx, {url for text in texts for url in addresses_in(text)})

    def to_look_at(self, tx: Transaction, *, limit: int) -> Sequence[ToLookAt]:
        """Return the addresses that should be looked at now, those of the next posts first; at most *limit*."""
        wanted: dict[str, list[Watched]] = {}
        for one in links.watched(tx, drafts_since=tx.now - DRAFTS_FOR):
            for url in _addresses_of(one):
                wanted.setdefault(url, []).append(one)
        known = links.known(tx, wanted)
        found = [
            ToLookAt(url=url, seen=known.get(url))
            for url, several in wanted.items()
            if _is_due(known.get(url), several, tx.now)
        ]
        return found[:limit]

    def write_down(self, tx: Transaction, looked: ToLookAt, sight: LinkSight, *, detail: str) -> Sequence[Watched]:
        """Keep what a look showed; return the posts in their round, or approved, that learn now that a page is gone."""
        was = None if looked.seen is None else looked.seen.sight
        if sight is LinkSight.MISSING and was in {LinkSight.MISSING, LinkSight.DEAD}:
            sight = LinkSight.DEAD
        links.write(tx, looked.url, sight, detail=detail)
        if sight is not LinkSight.DEAD or was is LinkSight.DEAD:
            return ()
        several = links.watched(tx, drafts_since=tx.now)
        return [one for one in several if one.state is not PostState.DRAFT and looked.url in _addresses_of(one)]


def _addresses_of(one: Watched) -> Iterable[str]:
    return dict.fromkeys(url for text in one.texts for url in addresses_in(text))


def _is_due(seen: SeenLink | None, several: Sequence[Watched], now: datetime) -> bool:
    if seen is None:
        return True
    age = now - seen.checked_at
    if seen.sight is LinkSight.MISSING:
        return age >= SECOND_LOOK_AFTER
    if age < AT_MOST_EVERY:
        return False
    if seen.sight is LinkSight.DEAD:
        return True  # whoever waits for the page to be published wants to know
    return any(_asks_again(seen, one, now) for one in several)


def _asks_again(seen: SeenLink, one: Watched, now: datetime) -> bool:
    if seen.checked_at < one.saved_at or (one.due_at is not None and one.due_at - now <= SOON):
        return True
    return one.state is not PostState.DRAFT and now - seen.checked_at >= IN_ROUND_EVERY
