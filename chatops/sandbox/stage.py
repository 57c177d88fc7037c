"""The stage: every stand-in of one city in this process, its clock, and the settings that lead the product to them.

The product knows nothing of it: it is started with these settings as it would be with a real city's.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatops.sandbox.model import SlackWorld
from chatops.sandbox.page import build_page
from chatops.sandbox.socket_mode import start_socket_mode
from chatops.sandbox.web_api import build_blueprint
from platforms.sandbox.app import build_app, build_server, endpoints_at
from platforms.sandbox.core import World
from publisher.city import load_city
from publisher.city.model import day_in_japan
from publisher.clock import FileClock, RealClock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publisher.city import City

HOST: Final = "127.0.0.1"
KEPT_SETTINGS: Final = ("SNS_DATABASE_URL", "SNS_LOG_LEVEL")
"""What a person may set for the sandbox too: a PostgreSQL in place of the embedded database, more to read."""
CITY_FILE: Final = Path(__file__).parent / "cities" / "kashiwa.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The secrets of the sandbox: made once at random, good for nothing elsewhere."""

    bot_token: str
    app_token: str
    signing_secret: str
    accounts: Mapping[str, Mapping[str, str]]
    """By account key: the fields that `sns credentials set` takes."""


def make_secrets(platform: str, external_id: str) -> dict[str, str]:
    """Make an account's secrets in the shape that its vendor gives them.

    X's access tokens begin with the user's id, and its SDK reads it from there.
    """
    word = secrets.token_hex
    shapes: dict[str, dict[str, str]] = {
        "x": {
            "consumer_key": word(12),
            "consumer_secret": word(24),
            "access_token": f"{external_id}-{word(20)}",
            "access_token_secret": word(22),
        },
        "line": {"channel_access_token": word(60)},
        "facebook": {"page_token": f"EAA{word(60)}", "app_secret": word(16)},
        "youtube": {
            "client_id": f"{word(6)}.apps.example",
            "client_secret": word(12),
            "refresh_token": f"1//{word(30)}",
        },
    }
    return shapes[platform]


def load_keys(path: Path, city: City) -> Keys:
    """Read the sandbox's secrets, making what is missing."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    slack = kept.get("slack") or {
        "bot_token": f"xoxb-sandbox-{secrets.token_hex(12)}",
        "app_token": f"xapp-sandbox-{secrets.token_hex(12)}",
        "signing_secret": secrets.token_hex(16),
    }
    accounts = kept.get("accounts", {})
    for key, account in city.accounts.items():
        accounts.setdefault(key, make_secrets(account.platform, account.id))
    path.touch(mode=0o600)
    path.write_text(json.dumps({"slack": slack, "accounts": accounts}, indent=1), "utf-8")
    return Keys(accounts=accounts, **slack)


def lay_down_city(home: Path) -> Path:
    """Put the demo city's file under *home* unless it is there already, so that a person can change it."""
    folder = home / "cities"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / CITY_FILE.name
    if not target.exists():
        shutil.copyfile(CITY_FILE, target)
    return target


class ClockFile:
    """The file that moves every process's clock (`SNS_CLOCK=file:…`): the page writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._clock = FileClock(path)

    def now(self) -> datetime:
        """Return the sandbox's time, aware, in UTC."""
        return self._clock.now()

    def get_offset(self) -> timedelta:
        """Return how far the sandbox's clock is ahead of real time."""
        try:
            return timedelta(seconds=float(self.path.read_text("ascii")))
        except (OSError, ValueError):
            return timedelta(0)

    def set(self, offset: timedelta) -> None:
        """Set the sandbox's clock *offset* ahead of real time, in one step that no reader sees half."""
        draft = self.path.with_suffix(".new")
        draft.write_text(f"{offset.total_seconds()}\n", "ascii")
        draft.replace(self.path)

    def set_to(self, moment: datetime) -> None:
        """Set the sandbox's clock to *moment* (aware); it goes on from there."""
        self.set(moment - RealClock().now())


class Stage:
    """The stand-ins, running until `close`.

    Args:
        home: `SNS_HOME`; the stand-ins keep theirs in `sandbox/` below it.
        port: Where the page and every stand-in answer; 0 takes any free port.
    """

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        folder = home / "sandbox"
        folder.mkdir(parents=True, exist_ok=True)
        self.city = load_city(lay_down_city(home))
        self.keys = load_keys(folder / "keys.json", self.city)
        self.clock = ClockFile(folder / "clock")
        self.platforms = World(self.clock.now, folder)
        self._open_accounts()
        app = build_app(self.platforms)
        self._server = build_server(self.platforms, HOST, port, app=app)
        self.base_url = f"http://{HOST}:{self._server.server_port}"
        self.slack = SlackWorld(
            self.clock.now,
            team_id=self.city.slack.team,
            team_name=self.city.name.ja,
            bot_token=self.keys.bot_token,
            app_token=self.keys.app_token,
            signing_secret=self.keys.signing_secret,
            state_path=folder / "slack.db",
            base_url=self.base_url,
        )
        self._seat_people()
        app.register_blueprint(build_blueprint(self.slack))
        app.register_blueprint(build_page(self.slack, clock=self.clock))
        self.socket_mode = start_socket_mode(self.slack, HOST, 0)
        self._thread = threading.Thread(target=self._server.serve_forever, name="stand-ins", daemon=True)
        self._thread.start()

    def _open_accounts(self) -> None:
        for key, account in self.city.accounts.items():
            self.platforms.add_account(
                account.platform,
                account.handle,
                external_id=account.id,
                name=account.name,
                secrets=self.keys.accounts[key],
            )

    def _seat_people(self) -> None:
        channels = self.city.slack.channels
        self.slack.add_channel(channels.drafts, "sns-下書き", "投稿の下書き。 /sns draft で始めます")
        self.slack.add_channel(channels.approvals, "sns-承認", "承認のカードが届きます")
        for key, person in self.city.people.items():
            if person.slack:
                self.slack.add_person(
                    person.slack, person.name, person.name, self._title(key), locale="ja-JP", email=person.email or ""
                )

    def _title(self, person: str) -> str:
        held = self.city.positions_of(person, day_in_japan(self.clock.now()))
        offices = [self.city.positions[key] for key in held]
        return "・".join(f"{self.city.sections[office.section].name.ja} {office.title.ja}" for office in offices)

    def settings(self, serve_port: int) -> dict[str, str]:
        """Return the environment under which the product meets these stand-ins."""
        at = endpoints_at(self.base_url)
        return {
            "SNS_HOME": str(self.home),
            "SNS_CITIES": str(self.home / "cities"),
            "SNS_SLACK_BOT_TOKEN": self.keys.bot_token,
            "SNS_SLACK_APP_TOKEN": self.keys.app_token,
            "SNS_SLACK_SIGNING_SECRET": self.keys.signing_secret,
            "SNS_SLACK_API_URL": self.slack.api_url,
            "SNS_X_API_URL": at.x,
            "SNS_LINE_API_URL": at.line,
            "SNS_LINE_DATA_API_URL": at.line_data,
            "SNS_FACEBOOK_API_URL": at.facebook,
            "SNS_FACEBOOK_VIDEO_API_URL": at.facebook_video,
            "SNS_YOUTUBE_API_URL": at.youtube,
            "SNS_GOOGLE_TOKEN_URL": at.google_token,
            "SNS_MEDIA_BASE_URL": f"http://{HOST}:{serve_port}",
            "SNS_CLOCK": f"file:{self.home / 'sandbox' / 'clock'}",
        } | {name: os.environ[name] for name in KEPT_SETTINGS if os.environ.get(name)}

    def close(self) -> None:
        """Stop every stand-in; what they know is kept."""
        self.socket_mode.close()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
        self.platforms.close()


def seed_credentials(stage: Stage, settings: dict[str, str]) -> None:
    """Store the accounts' secrets as `sns credentials set` does."""
    from publisher.compose import build  # noqa: PLC0415 - heavy, and only needed here
    from publisher.settings import load_settings  # noqa: PLC0415

    heart = build(load_settings(settings))
    try:
        heart.database.migrate()
        for account, fields in stage.keys.accounts.items():
            if heart.credentials.get(stage.city.city, account) != fields:
                heart.credentials.set(stage.city.city, account, fields, who="sandbox")
    finally:
        heart.database.close()
