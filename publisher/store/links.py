"""What looking at addresses showed, and which texts have addresses to look at."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from publisher.delivery import FINAL
from publisher.post import PostState
from publisher.store import inserts, rule_tables, tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from publisher.store.engine import Transaction

_LINKS: Final = rule_tables.links
_IN_ROUND: Final = (PostState.SUBMITTED, PostState.APPROVED)
_BATCH: Final = 200


class LinkSight(StrEnum):
    """What is known of an address."""

    UNSEEN = "unseen"
    """Somebody is looking for the first time."""
    OK = "ok"
    MISSING = "missing"
    """It was not there; one look proves nothing yet."""
    DEAD = "dead"
    """It was not there twice in a row."""
    UNCLEAR = "unclear"
    """It could not be found out: no answer, a server in trouble, an address that is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLink:
    """One address as it was last looked at."""

    url: str
    sight: LinkSight
    detail: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A text of a post that may go out, or is being written."""

    city: str
    post_id: str
    state: PostState
    saved_at: datetime
    due_at: datetime | None
    """When the next of its deliveries is due; None: there is none."""
    texts: tuple[str, ...]
    """The common text and the variants."""


def known(tx: Transaction, urls: Collection[str]) -> Mapping[str, SeenLink]:
    """Return what is known of addresses, by address."""
    found = {}
    for some in _batches(urls):
        rows = tx.execute(sa.select(_LINKS).where(_LINKS.c.url_sha256.in_([_key(url) for url in some])))
        for row in rows:
            found[row.url] = SeenLink(
                url=row.url, sight=LinkSight(row.state), detail=row.detail, checked_at=row.checked_at
            )
    return found


def claim(tx: Transaction, url: str, before: SeenLink | None) -> bool:
    """Keep that somebody looks now and return True, or return False where another process was quicker."""
    if before is None:
        row = {"url_sha256": _key(url), "url": url, "state": LinkSight.UNSEEN, "detail": "", "checked_at": tx.now}
        return inserts.insert_missing(tx, _LINKS, row)
    mine = sa.update(_LINKS).where(_LINKS.c.url_sha256 == _key(url), _LINKS.c.checked_at == before.checked_at)
    return tx.execute(mine.values(checked_at=tx.now)).rowcount == 1


def write(tx: Transaction, url: str, sight: LinkSight, *, detail: str) -> None:
    """Keep what a claimed look showed."""
    values = {"state": sight, "detail": detail, "checked_at": tx.now}
    tx.execute(sa.update(_LINKS).where(_LINKS.c.url_sha256 == _key(url)).values(**values))


def forget(tx: Transaction, urls: Collection[str]) -> int:
    """Delete what is known of addresses; return of how many. One that another text holds is looked at anew."""
    deletions = (
        sa.delete(_LINKS).where(_LINKS.c.url_sha256.in_([_key(url) for url in some])) for some in _batches(urls)
    )
    return sum(tx.execute(deletion).rowcount for deletion in deletions)


def watched(tx: Transaction, *, drafts_since: datetime) -> Sequence[Watched]:
    """Return the newest texts in their round or approved and the drafts saved since an instant, the soonest first."""
    posts, versions, deliveries = tables.posts, tables.versions, tables.deliveries
    due_at = (
        sa.select(sa.func.min(deliveries.c.due_at))
        .where(deliveries.c.post_id == posts.c.id, deliveries.c.state.not_in(sorted(FINAL)))
        .scalar_subquery()
        .label("due_at")
    )
    columns = (posts.c.city, posts.c.id, posts.c.state, versions.c.created_at, versions.c.text, versions.c.variants)
    query = (
        sa.select(*columns, due_at)
        .join(versions, sa.and_(versions.c.post_id == posts.c.id, versions.c.version == posts.c.version))
        .where(posts.c.state.in_([*_IN_ROUND, PostState.DRAFT]))
        .where(sa.or_(posts.c.state != PostState.DRAFT, versions.c.created_at >= drafts_since))
    )
    found = [
        Watched(
            city=row.city,
            post_id=row.id,
            state=PostState(row.state),
            saved_at=row.created_at,
            due_at=row.due_at,
            texts=(row.text, *map(str, row.variants.values())),
        )
        for row in tx.execute(query)
    ]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.saved_at))


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _batches(urls: Collection[str]) -> Iterator[list[str]]:
    several = sorted(set(urls))
    for start in range(0, len(several), _BATCH):
        yield several[start : start + _BATCH]
