"""Puts the faces together: the web pages at once, Slack as soon as it can be reached, the courier, the inbox."""

from __future__ import annotations

import logging
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from slack_bolt.error import BoltError

from chatops.app import build_app
from chatops.courier.courier import Courier
from chatops.courier.postman import build_postman
from chatops.inbox import Inbox
from chatops.locales import Locales
from chatops.office import Office
from chatops.register import register_features
from chatops.slack_files import SlackFiles
from chatops.slack_link import SLACK_FAILURES, SlackLink, build_client, error_code
from chatops.socket_mode import SocketMode
from chatops.web.app import build_web
from publisher.api import HealthLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from flask import Flask
    from slack_bolt import App

    from chatops.courier.relay import Relay
    from publisher.api import Services

log = logging.getLogger(__name__)

CONNECT_SECONDS: Final = 5.0
INBOX_LOOK_SECONDS: Final = 30.0
INBOX_STUCK_SECONDS: Final = 180.0
"""After this an act that was accepted should long be applied, or given up and its person told."""
RETRY_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""How long to wait before Slack is tried again at the start; the last one again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceOptions:
    """What the faces need from the settings."""

    home: Path
    """`SNS_HOME`; the inbox lies in it."""
    slack_api_url: str
    bot_token: str
    app_token: str = ""
    """Empty: no Socket Mode."""
    signing_secret: str = ""
    """Empty: `/slack/events` stays shut."""
    ca_file: str | None = None
    relay: Relay | None = None
    """None: nothing goes by e-mail."""


class Faces:
    """Every way in and out, but the command line.

    Args:
        services: The heart.
        options: Tokens and places.
        now: The business's time.
    """

    def __init__(self, *, services: Services, options: FaceOptions, now: Callable[[], datetime]) -> None:
        self._services = services
        self._options = options
        client = build_client(token=options.bot_token, base_url=options.slack_api_url, ca_file=options.ca_file)
        locales = Locales(client)
        self.office = Office(
            services=services,
            link=SlackLink(client),
            locales=locales,
            files=SlackFiles(client, options.home / "inbox" / "files"),
            now=now,
        )
        register_features(None, self.office)
        self.courier = Courier(services=services, client=client, locales=locales, now=now)
        self.office.after_act = self.courier.wake
        self.postman = build_postman(services, options.relay, now)
        self.web: Flask = build_web(
            check_health=self.check_health, media=services.media, lanes=services.lanes, slack_app=self._http_app
        )
        self._client = client
        self._app: App | None = None
        self._socket_mode: SocketMode | None = None
        self._trouble = "starting"
        self._stopping = threading.Event()
        self._starter = threading.Thread(target=self._start_slack, name="slack-start", daemon=True)
        self._inbox: Inbox | None = None
        self._inbox_watch = threading.Thread(target=self._watch_inbox, name="inbox-watch", daemon=True)

    def start(self) -> None:
        """Begin; without a bot token Slack stays away, and `/healthz` says so."""
        self._inbox = Inbox(
            self._options.home / "inbox" / "inbox.sqlite3", apply=self.office.apply, give_up=self.office.give_up
        )
        self.office.inbox = self._inbox
        # Before Slack: what the duty officer confirmed goes out although nobody can be told yet.
        replayed = self._inbox.replay()
        log.info("the inbox was replayed", extra={"count": replayed})
        self._inbox_watch.start()
        if self.postman is not None:
            self.postman.start()
        if not self._options.bot_token:
            self._trouble = "SNS_SLACK_BOT_TOKEN is not set"
            return
        self._starter.start()

    def stop(self) -> None:
        """Take nothing more in, finish what is under way."""
        self._stopping.set()
        if self._socket_mode is not None:
            self._socket_mode.close()
        if self._starter.ident is not None:
            self._starter.join(10)
        if self._inbox_watch.ident is not None:
            self._inbox_watch.join(5)
        if self._inbox is not None:
            self._inbox.close()
        if self.postman is not None:
            self.postman.stop()
        if self._app is not None:
            self.courier.stop()

    def check_health(self) -> Sequence[HealthLine]:
        """Look at the heart, and at the way to Slack."""
        return [*self._services.health.check(), self._slack_line()]

    def wait_until_ready(self, timeout_seconds: float) -> bool:
        """Wait until Slack was reached; False where it was not."""
        self._starter.join(timeout_seconds)
        return self._app is not None and not self._starter.is_alive()

    def look_at_inbox(self) -> None:
        """Tell where accepted acts are not applied, and where they are again."""
        if self._inbox is not None:
            count = self._inbox.count_stuck(seconds=INBOX_STUCK_SECONDS)
            self._services.watching.report_inbox(socket.gethostname(), count=count)

    def _watch_inbox(self) -> None:
        while not self._stopping.wait(INBOX_LOOK_SECONDS):
            try:
                self.look_at_inbox()
            except Exception:
                log.exception("the inbox could not be looked at")

    def _slack_line(self) -> HealthLine:
        if self._trouble:
            return HealthLine(name="slack", is_well=False, detail=self._trouble)
        if self._socket_mode is not None:
            count = self._socket_mode.count_connected()
            return HealthLine(name="slack", is_well=count > 0, detail=f"Socket Mode, {count} connections")
        return HealthLine(name="slack", is_well=True, detail="HTTP")

    def _http_app(self) -> App | None:
        # Without a secret every signature could be forged.
        return self._app if self._options.signing_secret else None

    def _start_slack(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            try:
                self._connect()
            except (BoltError, *SLACK_FAILURES) as error:
                self._trouble = f"Slack was not reached: {error_code(error)}"
                log.warning("slack was not reached", extra={"error": error_code(error)})
                self._stopping.wait(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1
            else:
                return

    def _connect(self) -> None:
        if self._app is None:
            app = build_app(self.office, client=self._client, signing_secret=self._options.signing_secret)
            self.courier.start()
            self._app = app
        if self._options.app_token:
            if self._socket_mode is None:
                self._socket_mode = SocketMode(self._app, self._options.app_token, ca_file=self._options.ca_file)
            self._socket_mode.connect()
            self._socket_mode.wait_until_connected(CONNECT_SECONDS)
        elif not self._options.signing_secret:
            self._trouble = "neither SNS_SLACK_APP_TOKEN nor SNS_SLACK_SIGNING_SECRET is set"
            return
        self._trouble = ""
