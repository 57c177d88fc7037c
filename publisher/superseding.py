"""A newer post takes an older one's place: what of the older one has not gone out on an account never goes there.

What a call may have published is found out all the same: it ends as `sent` where it is there, and is never repeated.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from publisher.api import NoticeKind
from publisher.delivery import FINAL, TRANSITIONS, DeliveryEvent, DeliveryState
from publisher.store import attempts, audit, deliveries, notices, posts, supersessions

if TYPE_CHECKING:
    from collections.abc import Collection

    from publisher.store.deliveries import Delivery
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post

SUPERSEDED: Final = "post_superseded"
"""The audit event of a post whose place was taken."""


class Because(StrEnum):
    """Why a post took another's place."""

    REPORT = "report"
    """A newer report of the same event."""
    CLOSING = "closing"
    """The report that closes the event (解除)."""
    CORRECTION = "correction"
    """It says in other words what the older one said wrongly."""


def lock(tx: Transaction, post_ids: Collection[str]) -> None:
    """Lock posts and those of their deliveries that have not ended, until the transaction ends.

    To be called before the newer post is made, since making it locks the city's row, which everybody takes last.
    """
    for post_id in sorted(post_ids):
        for one in deliveries.of_post(tx, post_id):
            if one.state not in FINAL:
                deliveries.lock(tx, one.id)


def supersede(
    tx: Transaction, *, older_post_id: str, by_post_id: str, accounts: Collection[str], because: str, who: str
) -> None:
    """Let a post take an older one's place on *accounts*: what of the older one has not gone out there ends.

    What nobody has taken up ends at once; what a worker holds ends at its last check before the call, or after a call
    that sent nothing. What may have been sent is looked for as before, and never repeated.

    Args:
        tx: The transaction; `lock` was called in it.
        older_post_id: The older post.
        by_post_id: The newer one.
        accounts: Keys of the accounts on which the newer one goes.
        because: Why, as `Because`.
        who: A person's key.
    """
    older, newer = posts.by_id(tx, older_post_id), posts.by_id(tx, by_post_id)
    open_ones = [
        one
        for one in deliveries.of_post(tx, older.id)
        if one.account in accounts and one.kind in supersessions.SUPERSEDABLE and one.state not in FINAL
    ]
    in_round = (line.account for line in posts.lines_of(tx, _version_id(tx, older)) if line.is_open)
    open_accounts = dict.fromkeys([*(one.account for one in open_ones), *(one for one in in_round if one in accounts)])
    replaced = [
        account
        for account in open_accounts
        if supersessions.add(
            tx,
            city=older.city,
            post_id=older.id,
            account=account,
            by_post_id=newer.id,
            because=because,
            who=who,
        )
    ]
    if not replaced:
        return
    facts = {"newer": newer.label, "accounts": replaced, "because": because}
    audit.append(tx, city=older.city, who=who, kind=SUPERSEDED, post_id=older.id, facts=facts)
    notices.add(tx, city=older.city, kind=NoticeKind.CARD, post_id=older.id)
    # Reposts first: one that waits for a superseded post ends by that word, and not by its source's end.
    for one in sorted(open_ones, key=lambda each: each.source_id is None):
        if one.account in replaced:
            _end(tx, deliveries.lock(tx, one.id), who=who, because=because, newer=newer.label)


def _version_id(tx: Transaction, post: Post) -> str:
    return posts.version(tx, post.id, post.version).id


def _end(tx: Transaction, one: Delivery, *, who: str, because: str, newer: str) -> None:
    if (one.state, DeliveryEvent.SUPERSEDED) not in TRANSITIONS or one.state is DeliveryState.LEASED:
        return  # it has ended, its own worker ends it, or it is being found out
    if attempts.are_doubtful(tx, {one.id}):
        if one.state is DeliveryState.ASKED:  # the question has changed: it is put anew
            notices.add(tx, city=one.city, kind=NoticeKind.ASK, post_id=one.post_id, delivery_id=one.id)
        return
    change = deliveries.Change(facts={"because": because, "newer": newer})
    deliveries.apply(tx, one.id, DeliveryEvent.SUPERSEDED, who=who, change=change)
