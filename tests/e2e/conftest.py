"""Whole processes: the stand-ins here, the product beside them, and a real Chromium."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from chatops.sandbox.hand import Hand
from chatops.sandbox.product import Product, free_port
from chatops.sandbox.run import seed_credentials
from chatops.sandbox.script import START
from chatops.sandbox.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theatre:
    """The stage and the product on it."""

    stage: Stage
    product: Product

    def hand(self, person: str, channel: str = "drafts") -> Hand:
        """Return somebody's hands in one of the city's channels."""
        city = self.stage.city
        return Hand(self.stage.slack, city.people[person].slack or "", getattr(city.slack.channels, channel))


@contextmanager
def open_theatre(home: Path, *, over_http: bool = False) -> Iterator[Theatre]:
    """Start everything in *home*, one minute before nine on an open Tuesday."""
    stage = Stage(home)
    stage.clock.set_to(START)
    port = free_port()
    settings = stage.settings(port)
    if over_http:
        del settings["SNS_SLACK_APP_TOKEN"]
        stage.slack.request_url = f"http://127.0.0.1:{port}/slack/events"
    seed_credentials(stage, settings)
    log = home / "serve.log"
    product = Product(settings, port, log=log)
    try:
        assert product.wait_until_well(), log.read_text("utf-8")[-4000:]
        yield Theatre(stage=stage, product=product)
    finally:
        product.stop()
        stage.close()


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    """Return everything running, Slack over Socket Mode."""
    with open_theatre(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a real Chromium; without one the test is skipped loudly, and fails in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have a Chromium")
        pytest.skip("SKIPPED LOUDLY: there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, theatre: Theatre) -> Iterator[Page]:
    """Return the sandbox's page, as a person opens it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    opened.goto(f"{theatre.stage.base_url}/")
    yield opened
    context.close()
