"""What people read of a post that was taken back: that it is gone, since when, by whose order, and where it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from town import CHIEF, DUTY, NIGHT, PR_CHIEF, build_town

from chatops.cli.posts import card_data, card_text
from chatops.features.approve.card import build_card, delivery_text
from chatops.features.cancel.views import build_answer
from chatops.features.show.views import build_pages
from chatops.messages import Voice
from chatops.sandbox.hand import words_of
from platforms.drill import DrillPlatform, RepostingDrillSession
from publisher.api import CorrectionOrder, DeliveryKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from town import Town

    from platforms.port import AccountRef, Pending, Plan, Platform, Receipt
    from publisher.api import DeliveryLine

SAY, ENGLISH = Voice(now=NIGHT), Voice(locale="en-US", now=NIGHT)


class LinkedSession(RepostingDrillSession):
    """An account of X in a drill whose posts have an address."""

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Publish, and say where it is, in the form that X gives its posts."""
        receipt = cast("Receipt", super().publish(plan, key=key, resume=resume, checkpoint=checkpoint))
        return replace(receipt, url=f"https://x.com/koen_kashiwa/status/{receipt.external_id}")


class LinkedX(DrillPlatform):
    """X in a drill, with addresses."""

    def __init__(self, drill: Platform, *, now: Callable[[], Any]) -> None:
        super().__init__(drill, now=now)
        self.now = now

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> LinkedSession:
        """Bind the account."""
        del secrets
        return LinkedSession(self.name, account, now=self.now)


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    town = build_town(tmp_path / "var")
    platforms = cast("dict[str, Platform]", town.heart.platforms)
    platforms["x"] = LinkedX(platforms["x"], now=town.clock.now)
    yield town
    town.heart.database.close()


@pytest.fixture(name="number")
def _number(town: Town) -> str:
    """Bring a post out on X and on Facebook, with its repost."""
    number = town.submit(form=town.form(accounts=("kashiwa_koen", "kashiwa_facebook")))
    for person in (CHIEF, PR_CHIEF):
        if town.card(number).waiting_for:
            town.decide(person, number)
    town.send()
    return number


def delete(town: Town, number: str, person: str = CHIEF) -> None:
    """Have it deleted everywhere, five minutes later."""
    town.wait(minutes=5)
    order = CorrectionOrder(number=number, cause="personal_data", note="氏名が写っていました")
    town.services.correcting.correct(town.act(person), order)
    town.send()


def line_of(town: Town, number: str, kind: DeliveryKind) -> DeliveryLine:
    """Return the line of what the section's X account did, or what was done with it."""
    return next(one for one in town.card(number).deliveries if one.kind is kind and one.platform == "x")


def links_of(blocks: Any) -> list[str]:
    """Return the markup texts that hold a link."""
    if isinstance(blocks, dict):
        here = [blocks["text"]] if blocks.get("type") == "mrkdwn" and "<http" in blocks["text"] else []
        return here + [found for value in blocks.values() for found in links_of(value)]
    return [found for one in blocks for found in links_of(one)] if isinstance(blocks, list) else []


def test_a_deleted_post_says_when_and_by_whose_order(town: Town, number: str) -> None:
    """Its own line says 削除済み with moment and name, in both languages, and has no link any more."""
    assert "<https://x.com/" in delivery_text(line_of(town, number, DeliveryKind.PUBLISH), SAY)
    delete(town, number)
    line = line_of(town, number, DeliveryKind.PUBLISH)

    assert "🗑 公園緑地課X: 削除済み（12月1日(火) 9:05、公園緑地課長 佐藤 誠の指示）" == delivery_text(line, SAY)
    assert "deleted" in delivery_text(line, ENGLISH)
    assert "ordered by 公園緑地課長 佐藤 誠" in delivery_text(line, ENGLISH)
    assert "取消し済み（12月1日(火) 9:05" in delivery_text(line_of(town, number, DeliveryKind.REPOST), SAY)


def test_neither_card_nor_show_has_a_dead_link(town: Town, number: str) -> None:
    """Nothing that leads nowhere can be clicked, and nothing says 投稿済み of what is gone."""
    delete(town, number)
    view = town.card(number)
    for page in (build_card(view, SAY), *build_pages(view, SAY)):
        assert [] == links_of(page)
        assert "投稿済み" not in words_of(page)


def test_the_address_is_kept_where_the_record_is_shown(town: Town, number: str) -> None:
    """`/sns show` tells what was kept before the deletion: where it was, when it was posted and when it was kept."""
    url = line_of(town, number, DeliveryKind.PUBLISH).url
    assert "削除前の記録" not in "".join(map(words_of, build_pages(town.card(number), SAY)))
    delete(town, number)
    shown = "".join(map(words_of, build_pages(town.card(number), SAY)))

    assert "削除前の記録" in shown
    assert f"投稿されていたアドレス: {url}" in shown
    assert "公園緑地課X（12月1日(火) 9:00 投稿、12月1日(火) 9:05 記録）" in shown


def test_who_had_it_brought_forward_gave_the_order(town: Town, number: str) -> None:
    """What is named is who ordered it, also where others decide on the post: here the duty officer."""
    delete(town, number, DUTY)
    line = line_of(town, number, DeliveryKind.PUBLISH)
    assert line.taken_back is not None
    assert line.taken_back.by.endswith(town.heart.cities["kashiwa"].people[DUTY].name)


def test_stopping_a_post_lists_nothing_that_is_gone(town: Town, number: str) -> None:
    """The answer of `/sns cancel` names what is still out there, and neither what was deleted nor its deletion."""
    delete(town, number)
    outcome = Outcome(code="cancelled", number=number, params={})
    _, blocks = build_answer(outcome, town.card(number), SAY)
    assert [] == links_of(blocks)
    assert "公園緑地課X" not in words_of(blocks)


def test_the_shell_shows_the_same(town: Town, number: str) -> None:
    """`sns show` says that it is deleted and where it was; its JSON has the moment, for scripts."""
    url = line_of(town, number, DeliveryKind.PUBLISH).url
    delete(town, number)
    view = town.card(number)
    text = card_text(view, SAY)

    assert "公園緑地課X: 削除済み（12月1日(火) 9:05、公園緑地課長 佐藤 誠の指示）" in text.splitlines()
    assert 1 == text.count(str(url)), "the address stands in the record alone"
    published = next(
        one for one in card_data(view)["deliveries"] if (one["kind"], one["account"]) == ("publish", "kashiwa_koen")
    )
    assert "2026-12-01T00:05:00+00:00" == published["taken_back_at"]
