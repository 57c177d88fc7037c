"""A person's hands on the sandbox's page, in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from chatops.sandbox.hand import SAYS_NO

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CLERK, CHIEF, PR_CHIEF, DUTY = "U01KOENTAN", "U01KOENSAT", "U01KOHOTAK", "U01BOSAIITO"
DRAFTS, CARDS = "C0DRAFTS", "C0APPROVE"


def become(page: Page, person: str, channel: str) -> None:
    """Sit down as *person* before *channel*."""
    page.get_by_test_id(f"person-{person}").click()
    page.get_by_test_id(f"channel-{channel}").click()


def type_line(page: Page, line: str) -> None:
    """Type a line and send it."""
    page.get_by_test_id("composer").fill(line)
    page.get_by_test_id("send").click()


def card(page: Page, number: str) -> Locator:
    """Return the card of a post in the channel that is open."""
    return page.get_by_role("article").filter(has_text=re.compile(rf"{number}\b")).first


def decide(page: Page, number: str, button: str) -> None:
    """Press a card's button and tick the checklist."""
    card(page, number).get_by_role("button", name=button, exact=True).click()
    modal = page.get_by_test_id("modal")
    expect(modal).to_be_visible()
    answer(modal)
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_be_hidden()


def answer(modal: Locator) -> None:
    """Tick every point of a checklist, and say of each picture and video that nobody is in it."""
    for choice in modal.locator("label.choice").filter(has=modal.page.get_by_role("checkbox")).all():
        if not choice.inner_text().startswith(SAYS_NO):
            choice.get_by_role("checkbox").check()
    for nobody in modal.get_by_role("radio", name="人は写っていない").all():
        nobody.check()
