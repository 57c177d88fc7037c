"""Earlier posts: what was said, and what is approved and still to be said, also by another process."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from pack_texts import kashiwa
from town import CHIEF, CLERK, OPEN_TUESDAY, PR_CHIEF, build_town, changed_cities

from publisher.api import Answer
from publisher.delivery import DeliveryEvent, DeliveryKind
from publisher.past_posts import EarlierPosts
from publisher.store import deliveries, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from town import Town

    from policy.model import PastPost
    from publisher.api import DeliveryLine

NINE_TEN = OPEN_TUESDAY + timedelta(minutes=10)
TEN = OPEN_TUESDAY + timedelta(hours=1)
ELEVEN = OPEN_TUESDAY + timedelta(hours=2)
X_ACCOUNTS = ["kashiwa_shi", "kashiwa_koen"]
TEXT = "手賀沼公園の紅葉が見頃です。"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A Kashiwa whose pack wants a consent for what is said again."""
    head, mark, rest = kashiwa().partition("      - id: repeats\n")
    assert "effect: warn" in rest, "the pack's rule on repeats has changed"
    cities = changed_cities(tmp_path, "accounts:\n", "accounts:\n")
    changed = head + mark + rest.replace("effect: warn", "effect: escalate\n        role: manager", 1)
    (cities / "kashiwa.pack.yaml").write_text(changed, "utf-8")
    town = build_town(tmp_path / "var", cities=cities)
    yield town
    town.heart.database.close()


def approved(town: Town, text: str = TEXT, note: str = "", **changes: object) -> str:
    """Submit and approve a post; return its number."""
    number = town.submit(form=town.form(text, **changes))
    town.decide(CHIEF, number, note=note)
    return number


def published(town: Town, number: str) -> DeliveryLine:
    """Return the post's own delivery, not its repost."""
    return next(one for one in town.card(number).deliveries if one.kind.value == "publish")


def objections(town: Town, text: str = TEXT, **changes: object) -> list[str]:
    """Return what the pack objects to in a new draft."""
    review = town.save(form=town.form(text, **changes))
    return [one.message.ja for pane in review.panes for one in pane.findings if one.effect == "escalate"]


def test_a_post_that_became_a_repeat_after_its_approval_is_asked_about(town: Town) -> None:
    """Approved for 11:00; the same, approved later, goes out at 10:00. At 11:00 somebody is asked, with the clause."""
    first = approved(town, publish_at=ELEVEN)
    second = approved(town, publish_at=TEN)
    town.move(TEN)
    town.send()
    town.move(ELEVEN)
    town.send()

    line = published(town, first)
    assert "sent" == published(town, second).state.value
    assert line.problem is not None
    assert ("asked", "policy_escalates", "repeats") == (
        line.state.value,
        line.problem.code,
        line.problem.params["rule"],
    )
    assert "同じ内容の投稿が12月1日" in str(line.problem.params["message_ja"])
    assert line.problem.params["section"]

    town.services.deciding.answer(town.act(CHIEF), delivery=line.id, answer=Answer.SEND)
    town.send()
    assert "sent" == published(town, first).state.value


def test_what_is_approved_for_an_earlier_time_is_an_earlier_post(town: Town) -> None:
    """A repeat approved for 10:00 and the same for 11:00: the second is one before either is out; the first is none."""
    approved(town, publish_at=TEN)

    assert 1 == len(objections(town, publish_at=ELEVEN))
    assert 1 == len(objections(town, publish_at=TEN))
    assert [] == objections(town, publish_at=NINE_TEN)


def test_two_that_wait_never_wait_for_each_other(town: Town) -> None:
    """Both came late: the one planned first goes out, and only the other is asked about."""
    later = approved(town, publish_at=ELEVEN)
    sooner = approved(town, publish_at=TEN)
    town.move(ELEVEN)
    town.send()

    assert ("sent", "asked") == (published(town, sooner).state.value, published(town, later).state.value)


def test_what_was_stopped_is_no_earlier_post(town: Town) -> None:
    """Cancelled before it went out, it was never said."""
    number = approved(town, publish_at=TEN)
    before = objections(town, publish_at=ELEVEN)
    town.services.deciding.cancel(town.act(CLERK), number=number)

    assert 1 == len(before)
    assert [] == objections(town, publish_at=ELEVEN)


def test_what_was_deleted_again_is_no_earlier_post(town: Town) -> None:
    """Sent, and taken back from the platform: nobody reads it any more."""
    number = approved(town)
    town.send()
    before = objections(town)
    with town.heart.database.transaction() as tx:
        said = deliveries.get(tx, published(town, number).id)
        post = tx.execute(sa.select(tables.posts.c.id).where(tables.posts.c.id == said.post_id)).scalar_one()
        gone = deliveries.create(
            tx,
            city=said.city,
            post_id=post,
            version_id=said.version_id,
            account=said.account,
            platform=said.platform,
            kind=DeliveryKind.DELETE,
            due_at=tx.now,
            planned_at=tx.now,
            latest_at=None,
            seal=said.seal,
            is_emergency=False,
            source_id=said.id,
        )
        for event in (DeliveryEvent.RELEASED, DeliveryEvent.CAME_TOO_LATE):
            deliveries.apply(tx, gone.id, event)
        deliveries.apply(tx, gone.id, DeliveryEvent.PERSON_SAYS_SENT, who=PR_CHIEF)

    assert 1 == len(before)
    assert [] == objections(town)


def test_a_post_is_no_repeat_of_itself(town: Town) -> None:
    """Out on the section's account, it is an earlier post to every other post, and none to itself."""
    approved(town)
    town.send()
    with town.heart.database.reading() as tx:
        post = tx.execute(sa.select(tables.posts.c.id)).scalar_one()
        found = [
            len(known.like(TEXT, since=tx.now - timedelta(days=1), until=tx.now, similarity=90))
            for but in (None, post)
            if (
                known := town.heart.earlier.before(
                    tx, "kashiwa", "kashiwa_koen", X_ACCOUNTS, at=tx.now, but_post=but
                ).past
            )
        ]

    assert [1, 0] == found


def test_two_processes_agree(town: Town) -> None:
    """What one process sends the other knows at its next question, from the database alone."""
    other = EarlierPosts(town.heart.database)

    def seen() -> list[PastPost]:
        with town.heart.database.reading() as tx:
            known = other.before(tx, "kashiwa", "kashiwa_koen", X_ACCOUNTS, at=tx.now, but_post=None).past
            assert known is not None
            since = tx.now - timedelta(days=30)
            return list(known.like(TEXT, since=since, until=tx.now, similarity=90))

    before = seen()
    approved(town)
    town.send()

    assert [] == before
    assert [("kashiwa_koen", "x", OPEN_TUESDAY)] == [(one.account, one.platform, one.at) for one in seen()]


def test_without_an_index_the_last_weeks_are_compared_one_by_one(town: Town) -> None:
    """As long as a large city's index is being built, nothing is missed."""
    slow = EarlierPosts(town.heart.database, few=-1)
    approved(town)
    town.send()
    approved(town, "菊花展を開きます。", publish_at=TEN)
    with town.heart.database.reading() as tx:
        now = slow.before(tx, "kashiwa", "kashiwa_koen", X_ACCOUNTS, at=tx.now, but_post=None)
        later = slow.before(tx, "kashiwa", "kashiwa_koen", X_ACCOUNTS, at=ELEVEN, but_post=None)
    slow.keep_up(["kashiwa"])
    with town.heart.database.reading() as tx:
        built = slow.before(tx, "kashiwa", "kashiwa_koen", X_ACCOUNTS, at=ELEVEN, but_post=None)

    assert (None, [TEXT]) == (now.past, [one.text for one in now.history])
    assert {TEXT, "菊花展を開きます。"} == {one.text for one in later.history}
    assert built.past is not None


def test_a_day_counts_what_is_to_go_out_before(town: Town) -> None:
    """The soft limit of a day counts the account's posts before this one, sent or approved, and not the later ones."""
    approved(town)
    town.send()
    approved(town, "菊花展を開きます。", publish_at=TEN)
    approved(town, "落ち葉を集めています。", publish_at=ELEVEN)
    with town.heart.database.reading() as tx:
        known = town.heart.earlier.before(
            tx, "kashiwa", "kashiwa_koen", X_ACCOUNTS, at=TEN + timedelta(minutes=30), but_post=None
        )

    assert {TEXT, "菊花展を開きます。"} == {one.text for one in known.history}
