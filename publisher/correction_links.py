"""The link between a post and the one that puts it right, as the cards of both show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.api import CorrectionLink
from publisher.store import corrections

if TYPE_CHECKING:
    from publisher.desk import Desk
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post


def correction_links(tx: Transaction, desk: Desk, post: Post) -> tuple[CorrectionLink, ...]:
    """Return the posts that put *post* right, and those that it puts right, oldest first."""
    newer = [(one.by_post_id, one) for one in corrections.of_post(tx, post.id) if one.by_post_id is not None]
    older = [(one.post_id, one) for one in corrections.by_post(tx, post.id)]
    labels = corrections.numbers(tx, [other for other, _ in (*newer, *older)])
    groups: dict[tuple[str, bool, str], list[str]] = {}
    for found, is_newer in ((newer, True), (older, False)):
        for other, one in found:
            groups.setdefault((labels[other], is_newer, one.reason), []).append(one.account)
    return tuple(
        CorrectionLink(
            number=number,
            is_newer=is_newer,
            cause=cause,
            accounts=tuple(desk.account_name(post.city, account) for account in dict.fromkeys(accounts)),
        )
        for (number, is_newer, cause), accounts in groups.items()
    )
