"""The product in a process of its own, and a real Chromium."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from store_fixtures import empty_url, engine_name, postgres_server  # noqa: F401 - fixtures are used by name
from theatre import Theatre, open_theatre

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
