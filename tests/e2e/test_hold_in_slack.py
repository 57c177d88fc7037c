"""Disaster mode in Slack, against the whole product: hold, queue, one click for 災害関連, resume, and the triage."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chatops.sandbox.hand import wait_until, words_of
from chatops.sandbox.script import START, Play, read_timelines

if TYPE_CHECKING:
    from theatre import Theatre

    from chatops.sandbox.hand import Hand
    from chatops.sandbox.records import Message

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process, pytest.mark.timeout(180)]

FLOWERS = "あけぼの山農業公園でシクラメン展を開きます。 #柏市"
ROADS = "手賀沼公園へ渡る歩道橋は、冠水のため通れません。 #柏市"


def said(message: Message) -> str:
    """Return everything that a message says."""
    return f"{message.text}\n{words_of(message.blocks or [])}"


def wait(hand: Hand, *expected: str, channel: str | None = None) -> Message:
    """Wait for a message that says all this."""
    return hand.wait_for_message(lambda one: all(each in said(one) for each in expected), f"{expected}", channel)


def written(theatre: Theatre, play: Play, text: str) -> str:
    """Have a post for nine o'clock written and decided; return its number."""
    clerk = theatre.hand("koen_tanaka")
    clerk.type(f"/sns draft {text}")
    form = clerk.wait_for_form("投稿の下書き")
    values = {"投稿するアカウント": ["kashiwa_koen"], "分類": "living", "投稿日": "2026-12-01", "投稿時刻": "09:00"}
    assert {} == clerk.submit(form, values).errors
    review = clerk.wait_for_form("内容の確認")
    number = str(review.payload["title"]["text"]).split()[0]
    assert {} == clerk.submit(review, clerk.tick_everything(review)).errors
    play.approve(theatre.hand("koen_sato", "approvals"), number)
    return number


def is_out(theatre: Theatre, text: str) -> bool | None:
    """Tell whether citizens see a post of the section; None where they don't."""
    items = [one for line in read_timelines(theatre.stage) for one in line["items"]]
    return any(text in one["text"] and not one["is_repost_of"] for one in items) or None


def test_a_hold_is_seen_and_after_it_every_post_goes_by_a_click_and_none_by_itself(theatre: Theatre) -> None:
    """The queue says who holds and how to resume; 災害関連 goes by the PR division's click, the rest by the list."""
    play = Play(theatre.stage)
    flowers, roads = written(theatre, play, FLOWERS), written(theatre, play, ROADS)
    clerk, duty, head = theatre.hand("koen_tanaka"), theatre.hand("bosai_ito"), theatre.hand("koho_takahashi")
    cards = theatre.stage.city.slack.channels.approvals
    clerk.type(f"/sns mark {roads} 災害関連")
    wait(clerk, roads, "災害関連")

    duty.type("/sns hold 大雨警報")
    began = said(wait(duty, "一時停止しました"))
    for console in (
        "X（公式画面の予約投稿）",
        "LINE Official Account Manager",
        "Meta Business Suite",
        "YouTube Studio",
    ):
        assert console in began
    clerk.type("/sns queue")
    queue = said(wait(clerk, "⏸ 柏市: 一時停止中"))
    for told in ("伊藤 大輔", "理由: 大雨警報", "/sns resume", flowers, roads):
        assert told in queue

    theatre.stage.clock.set_to(START + timedelta(minutes=1))
    wait(head, f"⏸ {flowers}", "一時停止中のため送っていません", channel=cards)
    asked = wait(head, f"❓ {roads}", "災害関連の投稿です", channel=cards)
    clerk.press(asked, "災害関連として送る")
    wait(clerk, "一時停止中に災害関連の投稿を送れるのは", channel=cards)
    assert not is_out(theatre, ROADS)
    head.press(asked, "災害関連として送る")
    wait_until(lambda: is_out(theatre, ROADS), "the post on the road")
    answered = wait(head, f"❓ {roads}", "高橋 健一 が回答しました: 災害関連として送る", channel=cards)
    assert asked.ts == answered.ts
    assert "送らない" not in said(answered), "an answered question has no buttons"
    assert not is_out(theatre, FLOWERS)

    duty.type("/sns resume")
    wait(duty, "一時停止を終えました")
    wait(duty, "一時停止で止まった投稿", flowers, FLOWERS[:10])
    clerk.type("/sns hold list")
    triage = wait(clerk, "一時停止で止まった投稿", flowers, FLOWERS[:10])
    assert not is_out(theatre, FLOWERS)
    clerk.press(triage, "送る")
    wait_until(lambda: is_out(theatre, FLOWERS), "the post that was held")


def test_a_section_is_held_and_resumed_by_its_name(theatre: Theatre) -> None:
    """Its head names it as everybody calls it: the section stands still, and not the whole city, which is not his."""
    head = theatre.hand("koen_sato")
    head.type("/sns hold 公園緑地課 誤投稿の確認")
    wait(head, "公園緑地課の通常の投稿を一時停止しました")
    head.type("/sns queue")
    wait(head, "⏸ 公園緑地課: 一時停止中", "理由: 誤投稿の確認")
    head.type("/sns resume 公園緑地課")
    wait(head, "公園緑地課の一時停止を終えました")
