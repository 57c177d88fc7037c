"""The job as a person does it: in a real Chromium, on the sandbox's page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from page_hands import CARDS, CHIEF, CLERK, DRAFTS, DUTY, PR_CHIEF, answer, become, card, decide, type_line
from playwright.sync_api import expect

from chatops.sandbox.footage import make_film, make_picture
from chatops.sandbox.script import START

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from theatre import Theatre

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]

TEXT = "あけぼの山農業公園でシクラメン展を開きます。12月5日(土) 10時から15時まで、入場は無料です。 #柏市"
URGENT = "【避難指示】手賀沼周辺の浸水想定区域に避難指示を発令しました。直ちに安全な場所へ避難してください。 #柏市"
SHELTER = "【避難所】柏第一小学校に避難所を開設しました。電話は04-7100-0000です。（柏市災害対策本部） #柏市"


def fill_in_the_draft(page: Page, folder: Path) -> None:
    """Fill in everything that the form asks for."""
    (folder / "cyclamen.jpg").write_bytes(make_picture())
    (folder / "cyclamen.mp4").write_bytes(make_film())
    modal = page.get_by_test_id("modal")
    expect(modal.get_by_label("本文（全媒体共通）")).to_have_value(TEXT)
    for account in ("公園緑地課X", "柏市公式LINE", "柏市公式Facebook", "柏市公式YouTube"):
        modal.get_by_role("checkbox", name=re.compile(account)).check()
    modal.get_by_label("分類").select_option(label="イベント")
    modal.get_by_label("YouTube のタイトル").fill("シクラメン展のご案内")
    modal.locator("input[type=file]").set_input_files([folder / "cyclamen.jpg", folder / "cyclamen.mp4"])
    modal.get_by_label(re.compile("画像の説明")).fill("花壇に並ぶ赤いシクラメン")
    modal.get_by_label("投稿日").fill("2026-12-01")
    modal.get_by_label("投稿時刻").fill("09:00")


def test_a_post_goes_from_a_clerk_to_four_platforms_and_is_reposted(
    page: Page, theatre: Theatre, tmp_path: Path
) -> None:
    """Draft, review, 承認, 決裁, the set time: each account has the post once, and the official one reposts it."""
    become(page, CLERK, DRAFTS)
    type_line(page, f"/sns draft {TEXT}")
    fill_in_the_draft(page, tmp_path)
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal-title")).to_contain_text("内容の確認")
    expect(page.get_by_test_id("modal")).to_contain_text("12月1日(火) 9:00")
    answer(page.get_by_test_id("modal"))
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_contain_text("K-1 を提出しました")
    page.get_by_test_id("modal-close").click()
    become(page, CHIEF, CARDS)
    decide(page, "K-1", "承認")
    become(page, PR_CHIEF, CARDS)
    decide(page, "K-1", "決裁")
    expect(card(page, "K-1")).to_contain_text("決裁済み")

    theatre.stage.clock.set_to(START + timedelta(minutes=1))

    for vendor in ("x", "line", "facebook", "youtube"):
        line = page.get_by_test_id(f"timeline-{vendor}")
        expect(line.get_by_role("article").filter(has_text="シクラメン展").first).to_be_visible()
    expect(page.get_by_test_id("timeline-x")).to_contain_text("リポスト")
    expect(page.get_by_test_id("messages")).to_contain_text("投稿しました")


def test_the_duty_officer_sends_at_once_at_night_and_nobody_else_can(page: Page, theatre: Theatre) -> None:
    """`/sns now` goes out outside hours without sign-off; a clerk is told who can."""
    theatre.stage.clock.set_to(START + timedelta(hours=18))
    become(page, CLERK, DRAFTS)
    type_line(page, f"/sns now {URGENT}")
    expect(page.get_by_test_id("messages")).to_contain_text("伊藤 大輔")
    become(page, DUTY, DRAFTS)

    type_line(page, f"/sns now {URGENT}")
    modal = page.get_by_test_id("modal")
    modal.get_by_label(re.compile("緊急発信の理由")).fill("手賀沼の水位が氾濫危険水位に達したため")
    page.get_by_test_id("modal-submit").click()

    for vendor in ("x", "line", "facebook"):
        line = page.get_by_test_id(f"timeline-{vendor}")
        expect(line.get_by_role("article").filter(has_text="避難指示").first).to_be_visible()


def test_at_night_a_shelters_number_takes_one_tick_and_another_kind_another_screen(
    page: Page, theatre: Theatre
) -> None:
    """The form asks of a landline, says at once what a kind that is no disaster leads to, and keeps what was typed."""
    theatre.stage.clock.set_to(START + timedelta(hours=18))
    become(page, DUTY, DRAFTS)
    type_line(page, f"/sns now {SHELTER}")
    modal = page.get_by_test_id("modal")
    modal.get_by_label(re.compile("緊急発信の理由")).fill("避難所を開設したため")

    modal.get_by_label("災害の種類").select_option(label="行事の中止")
    expect(page.get_by_test_id("modal-submit")).to_have_text("決裁に回す")
    expect(modal).to_contain_text("開庁時間外です")
    expect(modal).to_contain_text("広報広聴課長 高橋 健一")
    modal.get_by_label("災害の種類").select_option(label="避難情報")
    expect(page.get_by_test_id("modal-submit")).to_have_text("今すぐ発信")
    expect(modal.get_by_label(re.compile("緊急発信の理由"))).to_have_value("避難所を開設したため")
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_contain_text("印のない連絡先・住所があります")
    modal.get_by_role("checkbox", name=re.compile("「04-7100-0000」は市の連絡先・施設です")).check()
    expect(modal).to_contain_text("発信者が申告しました")
    page.get_by_test_id("modal-submit").click()

    for vendor in ("x", "line", "facebook"):
        line = page.get_by_test_id(f"timeline-{vendor}")
        expect(line.get_by_role("article").filter(has_text="柏第一小学校").first).to_be_visible()
