"""Corrections of a post that an earlier order opened, and that nobody gave up: a second order opens no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.correction_ways import CAUSES, Way
from publisher.post import FINAL, PostState
from publisher.store import corrections, posts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.correction_ways import Cause
    from publisher.store.corrections import Correction
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post


def anew(tx: Transaction, post: Post) -> dict[str, Post]:
    """Return by account the correction that takes the post's place there, and was not given up."""
    return _not_given_up(tx, [one for one in corrections.of_post(tx, post.id) if one.way == Way.DELETE_AND_REPOST])


def said(tx: Transaction, post: Post, cause: Cause) -> dict[str, Post]:
    """Return by account the word that puts right what stays there: one order opens it, and the next finds it.

    The draft of an ordinary correction repeats the old words: it is no answer to an urgent cause.
    """
    made = [one for one in corrections.of_post(tx, post.id) if one.way == Way.NEW_POST]
    return _not_given_up(tx, [one for one in made if CAUSES[one.reason].is_urgent or not cause.is_urgent])


def _not_given_up(tx: Transaction, made: Sequence[Correction]) -> dict[str, Post]:
    newer = [(one.account, posts.by_id(tx, one.by_post_id)) for one in made if one.by_post_id is not None]
    return {account: one for account, one in newer if one.state not in FINAL - {PostState.CLOSED}}
