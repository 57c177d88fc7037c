"""The turns that a round takes in practice, by hand on the sandbox's page: too early, sent back, called off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from page_hands import CARDS, CHIEF, CLERK, DRAFTS, answer, become, card, decide, type_line
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]

TEXT = "あけぼの山農業公園でシクラメン展を開きます。 #柏市"


def write(page: Page, text: str, day: str, hour: str) -> Locator:
    """Fill in a draft for the section's own account, up to its review; returns the modal."""
    become(page, CLERK, DRAFTS)
    type_line(page, f"/sns draft {text}")
    modal = page.get_by_test_id("modal")
    expect(modal.get_by_label("本文（全媒体共通）")).to_have_value(text)
    modal.get_by_role("checkbox", name=re.compile("公園緑地課X")).check()
    modal.get_by_label("分類").select_option(label="イベント")
    modal.get_by_label("投稿日").fill(day)
    modal.get_by_label("投稿時刻").fill(hour)
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal-title")).to_contain_text("内容の確認")
    return modal


def submit(page: Page) -> None:
    """Answer what the review asks, submit it, and close what it says."""
    answer(page.get_by_test_id("modal"))
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal-title")).to_contain_text("完了")
    page.get_by_test_id("modal-close").click()


def read_messages(page: Page) -> None:
    """Open the direct messages of whoever sits there."""
    page.locator('[data-testid^="channel-D"]').click()


def test_a_saturday_is_moved_to_the_next_opening(page: Page) -> None:
    """Saturday 10:00 is outside 2(4)キ; the review cites it and offers Monday 8:30, which the card then has."""
    modal = write(page, TEXT, "2026-12-05", "10:00")

    expect(modal).to_contain_text("2(4)キ「原則として、開庁日の8時30分から17時15分とする」")
    expect(modal.get_by_role("radio", name="次の開庁時刻 12月7日(月) 8:30 に変更する")).to_be_checked()
    submit(page)
    become(page, CHIEF, CARDS)
    expect(card(page, "K-1")).to_contain_text("投稿日時: 12月7日(月) 8:30")


def test_what_is_sent_back_is_mended_and_decided_as_a_new_version(page: Page) -> None:
    """差戻し brings the reason and a button to the clerk; the second version asks for every decision again."""
    write(page, TEXT, "2026-12-03", "10:00")
    submit(page)
    become(page, CHIEF, CARDS)
    card(page, "K-1").get_by_role("button", name="差戻し", exact=True).click()
    page.get_by_test_id("modal").get_by_label(re.compile("理由")).fill("場所を書いてください")
    page.get_by_test_id("modal-submit").click()
    expect(card(page, "K-1")).to_contain_text("✗ 公園緑地課長 差戻し: 公園緑地課長 佐藤 誠")

    become(page, CLERK, DRAFTS)
    read_messages(page)
    expect(page.get_by_test_id("messages")).to_contain_text("K-1 が差し戻されました（公園緑地課長 佐藤 誠）。")
    expect(page.get_by_test_id("messages")).to_contain_text("理由: 場所を書いてください")
    page.get_by_role("button", name="書き直す", exact=True).last.click()
    page.get_by_test_id("modal").get_by_label("本文（全媒体共通）").fill(f"布施の{TEXT}")
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal-title")).to_contain_text("内容の確認")
    submit(page)

    become(page, CHIEF, CARDS)
    expect(card(page, "K-1")).to_contain_text("第2版")
    expect(card(page, "K-1")).to_contain_text("□ 公園緑地課長: 公園緑地課長 佐藤 誠")
    decide(page, "K-1", "決裁")
    expect(page.get_by_test_id("messages")).to_contain_text("K-1 を決裁しました。12月3日(木) 10:00 に投稿します。")
    become(page, CLERK, DRAFTS)
    read_messages(page)
    expect(page.get_by_test_id("messages")).to_contain_text("K-1 が決裁されました（公園緑地課長 佐藤 誠）。")


def test_a_scheduled_post_is_called_off(page: Page) -> None:
    """/sns cancel names what stopped, and the card says who called it off and lets nobody decide any more."""
    write(page, TEXT, "2026-12-03", "10:00")
    submit(page)
    become(page, CHIEF, CARDS)
    decide(page, "K-1", "決裁")
    expect(card(page, "K-1")).to_contain_text("投稿予定")

    become(page, CLERK, DRAFTS)
    type_line(page, "/sns cancel K-1 天候のため")

    expect(page.get_by_test_id("messages")).to_contain_text("中止した投稿先: 公園緑地課X、柏市公式X")
    become(page, CLERK, CARDS)
    expect(card(page, "K-1")).to_contain_text("状態: 中止")
    expect(card(page, "K-1").get_by_role("button")).to_have_count(0)
