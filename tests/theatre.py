"""Whole processes for tests: the stand-ins here, the product beside them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops.sandbox.hand import Hand, wait_until
from chatops.sandbox.product import Product, free_port
from chatops.sandbox.script import START
from chatops.sandbox.stage import Stage, seed_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
        if not over_http:  # the product sees its connection a moment before the stand-in does
            wait_until(lambda: stage.socket_mode.connection_count or None, "a connection")
        yield Theatre(stage=stage, product=product)
    finally:
        product.stop()
        stage.close()
