"""The sandbox page in a real browser, over the real Bolt."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from chatops.sandbox import build_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from slack_bolt import App
    from slack_sdk import WebClient

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class StillClock:
    """An offset in memory."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def get_offset(self) -> timedelta:
        """Return the offset."""
        return self.offset

    def set(self, offset: timedelta) -> None:
        """Take a new offset."""
        self.offset = offset


@pytest.fixture
def clock() -> StillClock:
    """The clock that the page moves."""
    return StillClock()


@pytest.fixture
def page_site(pages: Flask, desk: Any, clock: StillClock) -> None:
    """Serve the page and two timelines."""
    pages.register_blueprint(build_page(desk.world, clock=clock, timelines_url="/timelines"))

    @pages.get("/timelines")
    def timelines() -> list[dict[str, Any]]:
        post = {"external_id": "1", "title": "", "media": [], "at": "2026-12-01T00:00:00+00:00"}
        first = {**post, "text": "<i>開花</i>", "is_repost_of": None, "url": "", "author_handle": "koen"}
        second = {**first, "external_id": "2", "is_repost_of": "1"}
        return [
            {"vendor": "x", "account": {"handle": "shi", "name": "柏市"}, "items": [second]},
            {"vendor": "x", "account": {"handle": "koen", "name": "公園緑地課"}, "items": [first]},
        ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of the page."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(page_site: None, by_socket: object, desk: Any, browser: Browser) -> Iterator[Page]:
    """The page, opened by the clerk; the test fails where the browser complains."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.goto(desk.url)
    yield opened
    context.close()
    assert complaints == []


def view(**changes: Any) -> dict[str, Any]:
    """Return a form with a text and a choice."""
    text = {"type": "plain_text_input", "action_id": "text", "initial_value": "はじめ"}
    blocks = [
        {
            "type": "input",
            "block_id": "text",
            "label": {"type": "plain_text", "text": "本文"},
            "element": text,
        },
        {"type": "section", "block_id": "note", "text": {"type": "mrkdwn", "text": "未確認"}},
    ]
    title = {"type": "plain_text", "text": "下書き"}
    submit = {"type": "plain_text", "text": "提出"}
    return {
        "type": "modal",
        "callback_id": "draft",
        "title": title,
        "submit": submit,
        "blocks": blocks,
        **changes,
    }


def test_a_person_types_a_command_fills_the_form_and_sees_the_answer(page: Page, bolt: App, desk: Any) -> None:
    """The keyboard alone is enough: Enter sends, the form has the focus, and what was typed survives an update."""

    @bolt.command("/sns")
    def open_form(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view())

    @bolt.view("draft")
    def take(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        text = body["view"]["state"]["values"]["text"]["text"]["value"]
        client.chat_postEphemeral(channel="C1", user="U1", text=f"*受け付けました* {text}")

    page.get_by_test_id("composer").fill("/sns draft")
    page.get_by_test_id("composer").press("Enter")
    expect(page.get_by_label("本文")).to_be_focused()
    page.get_by_label("本文").fill("<b>桜</b> &amp; 梅")
    changed = view()
    changed["blocks"][0]["element"]["initial_value"] = "アプリの言葉"
    changed["blocks"][1]["text"]["text"] = "確認済み"
    opened = desk.see()["views"][0]
    bolt.client.views_update(view_id=opened["id"], view=changed)
    expect(page.get_by_test_id("block-note")).to_have_text("確認済み")
    expect(page.get_by_label("本文")).to_have_value("<b>桜</b> &amp; 梅")
    page.get_by_label("本文").press("Enter")

    expect(page.get_by_test_id("modal")).to_have_count(0)
    private = page.get_by_text("あなただけに表示").locator("..")
    expect(private).to_contain_text("受け付けました <b>桜</b> & 梅")
    assert private.locator("b", has_text="桜").count() == 0


def test_escape_closes_the_form_and_the_other_person_never_saw_it(page: Page, desk: Any) -> None:
    """A form stands before one person; Escape takes it away."""
    desk.world.views.open(desk.world.views.issue_trigger("U1"), view())
    expect(page.get_by_test_id("modal")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_test_id("modal")).to_have_count(0)
    assert desk.see()["views"] == []


def test_a_confirmed_button_asks_first(page: Page, bolt: App) -> None:
    """A button with a confirmation sends nothing until the person says yes."""
    clicks: list[str] = []

    @bolt.action("approve")
    def approve(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        clicks.append(body["user"]["id"])
        client.chat_update(channel="C1", ts=body["message"]["ts"], text="決裁済み", blocks=[])

    def plain(text: str) -> dict[str, str]:
        return {"type": "plain_text", "text": text}

    ask = {
        "title": plain("決裁しますか"),
        "text": plain("発信されます"),
        "confirm": plain("する"),
        "deny": plain("しない"),
    }
    button = {"type": "button", "action_id": "approve", "text": plain("決裁"), "confirm": ask}
    bolt.client.chat_postMessage(channel="C1", text="カード", blocks=[{"type": "actions", "elements": [button]}])
    page.get_by_test_id("person-U2").click()
    page.get_by_role("button", name="決裁", exact=True).click()
    page.get_by_test_id("confirm-deny").click()
    assert clicks == []
    page.get_by_role("button", name="決裁", exact=True).click()
    page.get_by_test_id("confirm-ok").click()

    expect(page.get_by_test_id("messages")).to_contain_text("決裁済み")
    assert clicks == ["U2"]


def test_the_clock_is_moved_and_the_timelines_say_who_reposted(page: Page, clock: StillClock) -> None:
    """Ten minutes are ten minutes, and a post's text is never taken for markup."""
    page.get_by_test_id("clock-add-600").click()
    expect(page.get_by_test_id("clock-mode")).to_have_text("練習用の時刻")
    assert clock.offset == timedelta(minutes=10)
    page.get_by_test_id("clock-real").click()
    expect(page.get_by_test_id("clock-mode")).to_have_text("実時刻")

    line = page.get_by_test_id("timeline-x")
    expect(line).to_contain_text("↻ 柏市さんがリポスト")
    expect(line).to_contain_text("<i>開花</i>")


def test_the_page_loads_nothing_from_elsewhere(page: Page, desk: Any) -> None:
    """Every address the browser asked for is our own, and the page forbids others."""
    expect(page.get_by_test_id("person-U1")).to_be_visible()
    asked = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    policy = page.request.get(desk.url).headers["content-security-policy"]

    assert [address for address in asked if not address.startswith(desk.url)] == []
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
