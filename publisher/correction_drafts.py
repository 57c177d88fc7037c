"""The correcting post: opened as a draft for the ordinary round, and what its approval does to the old post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher import correction_text, superseding
from publisher.api import NoticeKind
from publisher.correction_ways import Way
from publisher.delivery import FINAL, DeliveryKind, DeliveryState
from publisher.store import audit, corrections, deliveries, notices, posts, taking_back
from publisher.store.corrections import Correction
from publisher.superseding import Because

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publisher.api import Act, CorrectionOrder
    from publisher.correction_looking import Target
    from publisher.store.engine import Transaction
    from publisher.store.posts import Post, Version


def open_draft(
    tx: Transaction, act: Act, old: Post, targets: Sequence[Target], ways: Mapping[str, Way], *, is_urgent: bool
) -> Post:
    """Open the draft that puts *old* right on the accounts of *targets*, with its first words.

    What had to go at once is not said again: its draft apologises, and carries neither the old words nor its files.
    """
    version = posts.version_by_id(tx, targets[0].delivery.version_id)
    sent_at = min((one.delivery.sent_at for one in targets if one.delivery.sent_at), default=tx.now)
    words = {
        one.delivery.platform: _words(one, version, ways[one.account], sent_at=sent_at, is_urgent=is_urgent)
        for one in reversed(targets)  # of two accounts on one platform the first gives the words
    }
    texts = list(words.values())
    common = max(texts, key=texts.count)
    who = act.person
    post = posts.create(tx, city=old.city, section=old.section, author=who)
    accounts = [one.account for one in targets]
    posts.add_version(
        tx,
        post,
        editor=who,
        section=old.section,
        text=common,
        category=version.category,
        variants={platform: text for platform, text in words.items() if text != common},
        titles={} if is_urgent else version.titles,
        media=[] if is_urgent else version.media,
        publish_at=None,
        latest_at=None,
        accounts=accounts,
    )
    facts: dict[str, Any] = {"version": 1, "accounts": accounts, "older": old.label}
    audit.append(tx, city=old.city, who=who, kind="created", post_id=post.id, facts=facts)
    return posts.by_id(tx, post.id)


def record(
    tx: Transaction,
    act: Act,
    order: CorrectionOrder,
    post: Post,
    target: Target,
    way: Way,
    *,
    by: Post | None,
    is_at_once: bool = False,
) -> None:
    """Keep what was decided about *post* on one account, and the draft that puts it right there."""
    made = Correction(
        post_id=post.id,
        by_post_id=None if by is None else by.id,
        account=target.account,
        way=way,
        reason=order.cause,
        note=order.note.strip(),
        made_by=act.person,
        made_at=tx.now,
        is_at_once=is_at_once,
    )
    corrections.add(tx, post.city, made)
    facts: dict[str, Any] = {"account": target.account, "way": way, "removal": order.cause}
    if by is not None:
        facts["newer"] = by.label
    kind = "deleted_at_once" if is_at_once else "correction_opened"
    audit.append(tx, city=post.city, who=act.person, kind=kind, post_id=post.id, facts=facts, note=made.note)
    notices.add(tx, city=post.city, kind=NoticeKind.CARD, post_id=post.id)


def tell_author(tx: Transaction, act: Act, post: Post, draft: Post, *, by: str) -> None:
    """Tell whoever wrote the old post that a draft waits to be finished; who opened it knows."""
    if act.person != post.author:
        params = {"code": "correction_waits", "draft": draft.label, "by": by}
        notices.add(tx, city=post.city, kind=NoticeKind.ANSWER, post_id=post.id, person=post.author, params=params)


def _words(target: Target, version: Version, way: Way, *, sent_at: datetime, is_urgent: bool) -> str:
    at = target.delivery.sent_at or sent_at
    if is_urgent:
        return correction_text.apology(sent_at=at)
    text = version.variants.get(target.delivery.platform) or version.text
    if not target.is_out and not target.delivery.attempts:
        return text  # nobody there has read the old words
    if way is Way.DELETE_AND_REPOST:
        return correction_text.in_place_of(text, sent_at=at)
    return correction_text.naming(text, sent_at=at, url=target.delivery.url)


def follow(tx: Transaction, post: Post, account: str, *, who: str, due_at: datetime) -> None:
    """Do to the posts that an approved correcting post puts right what its approval means on one account.

    What of them has not gone out there is superseded. Where the city deletes and posts anew, the deletion falls due at
    the correcting post's own time: the two go together, and neither waits for the other (decision 0018).
    """
    for one in corrections.by_post(tx, post.id):
        if one.account != account:
            continue
        superseding.lock(tx, [one.post_id])
        superseding.supersede(
            tx,
            older_post_id=one.post_id,
            by_post_id=post.id,
            accounts=[account],
            because=Because.CORRECTION,
            who=who,
        )
        if one.way == Way.DELETE_AND_REPOST:
            _delete(tx, one.post_id, account, who=who, due_at=due_at)
        notices.add(tx, city=post.city, kind=NoticeKind.CARD, post_id=one.post_id)


def _delete(tx: Transaction, post_id: str, account: str, *, who: str, due_at: datetime) -> None:
    for one in deliveries.of_post(tx, post_id):
        is_there = one.state is DeliveryState.SENT or one.state not in FINAL
        if one.account == account and one.kind is DeliveryKind.PUBLISH and is_there:
            taking_back.delete(tx, deliveries.lock(tx, one.id), who=who, due_at=due_at)
