"""A Slack workspace with one app installed: its state and its rules. It knows no HTTP.

Sources: docs.slack.dev, read on 2026-11-21, where a rule carries no other.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chatops.sandbox.conversations import Conversations
from chatops.sandbox.errors import SlackError
from chatops.sandbox.files import Files
from chatops.sandbox.records import Channel, ChannelKind, Person, SentRequest
from chatops.sandbox.responses import Responses
from chatops.sandbox.store import Store
from chatops.sandbox.views import Views
from publisher.clock import RealClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from chatops.sandbox.records import Json

SLACKBOT_ID = "USLACKBOT"
"""Who speaks when Slack itself has something to say."""
SENT_KEPT = 200


class EnvelopeLink(Protocol):
    """The way over Socket Mode to the app."""

    url: str

    def deliver(self, envelope: Json, *, timeout_seconds: float) -> Json | None:
        """Send *envelope* to one connection and return the payload of its acknowledgement.

        Raises:
            NotAcknowledged: Nobody is connected, or nobody answered in time.
        """
        ...

    def issue_ticket(self) -> str:
        """Return a ticket with which one connection can be opened."""
        ...


@dataclass(slots=True)
class OrderedFailure:
    """A failure of one method that was asked for, for as many calls as *times* says."""

    error: SlackError
    times: int
    after_accepting: bool
    """True: the call is carried out, and only then answered with the failure."""


class SlackWorld:
    """The workspace.

    Args:
        now: The sandbox's clock; messages carry its time. Expiry of triggers, response addresses and signatures
            goes by real time.
        team_id: As `T0KASHIWA`.
        team_name: What people call the workspace.
        bot_token: The `xoxb-` token that the Web API accepts.
        app_token: The `xapp-` token that opens Socket Mode.
        signing_secret: Signs what is sent to a Request URL.
        state_path: The SQLite file in which everything is kept; None keeps it in memory.
        base_url: The server's own address, without a trailing slash, as `http://127.0.0.1:8765`.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        team_id: str,
        team_name: str,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        state_path: Path | None,
        base_url: str,
    ) -> None:
        self.now = now
        self._real = RealClock()
        self.team_id = team_id
        self.team_name = team_name
        self.team_domain = "sandbox"
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.base_url = base_url.rstrip("/")
        self.app_id = "A0SANDBOX"
        self.bot_id = "B0SANDBOX"
        self.bot_user_id = "U0SANDBOX"
        self.bot_name = "Kairan"
        self.verification_token = "sandbox"  # noqa: S105 - deprecated by Slack, sent because Slack sends it
        self.commands: tuple[str, ...] = ("/sns",)
        self.sends_message_events = False
        """True where the app's manifest subscribes to `message.*` events."""
        self.request_url: str | None = None
        self.link: EnvelopeLink | None = None
        self.sent: deque[SentRequest] = deque(maxlen=SENT_KEPT)
        self.lock = threading.RLock()
        self.store = Store(state_path)
        self._people: dict[str, Person] = {}
        self._channels: dict[str, Channel] = {}
        self._failures: dict[str, OrderedFailure] = {}
        self._revision = secrets.randbelow(10**9) * 1000
        self.conversations = Conversations(self)
        self.views = Views(self)
        self.files = Files(self)
        self.responses = Responses(self)

    @property
    def api_url(self) -> str:
        """What the product is given as `SNS_SLACK_API_URL`."""
        return f"{self.base_url}/slack/api/"

    @property
    def revision(self) -> int:
        """A number that changes whenever anything in the workspace does."""
        return self._revision

    def real_seconds(self) -> float:
        """Return the real time as Unix seconds: signatures and response addresses go by it."""
        return self._real.now().timestamp()

    def changed(self) -> None:
        """Note that something in the workspace changed."""
        with self.lock:
            self._revision += 1

    def add_channel(self, channel_id: str, name: str, topic: str = "", *, has_bot: bool = True) -> Channel:
        """Make a public channel in which everybody is, or rename it."""
        channel = Channel(id=channel_id, name=name, topic=topic, has_bot=has_bot)
        with self.lock:
            self._channels[channel_id] = channel
        self.changed()
        return channel

    def add_person(
        self, user_id: str, name: str, real_name: str, title: str, locale: str = "ja-JP", email: str = ""
    ) -> Person:
        """Make a person, with their direct messages from the bot, or change them."""
        person = Person(id=user_id, name=name, real_name=real_name, title=title, locale=locale, email=email)
        with self.lock:
            self._people[user_id] = person
            im_id = f"D{user_id[1:]}"
            self._channels[im_id] = Channel(id=im_id, name=self.bot_name, kind=ChannelKind.IM, user_id=user_id)
        self.changed()
        return person

    @property
    def people(self) -> list[Person]:
        """Everybody but the bot."""
        return list(self._people.values())

    @property
    def channels(self) -> list[Channel]:
        """All conversations, direct messages too."""
        return list(self._channels.values())

    def person(self, user_id: str) -> Person:
        """Find a person.

        Raises:
            SlackError: `user_not_found`.
        """
        person = self._people.get(user_id)
        if person is None:
            raise SlackError("user_not_found")
        return person

    def channel(self, channel_id: str) -> Channel:
        """Find a conversation by its id, by `#name`, or by the person whose direct messages it is.

        Raises:
            SlackError: `channel_not_found`.
        """
        found = self._channels.get(channel_id)
        if found is None and channel_id in self._people:
            found = self._channels[f"D{channel_id[1:]}"]
        if found is None:
            named = [c for c in self._channels.values() if f"#{c.name}" == channel_id]
            found = named[0] if named else None
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def order_failure(
        self,
        method: str,
        code: str,
        *,
        times: int = 1,
        status: int = 200,
        retry_after_seconds: int | None = None,
        after_accepting: bool = False,
    ) -> None:
        """Let the next *times* calls of *method* fail with *code*; *times* 0 takes the order back."""
        error = SlackError(code, status=status, retry_after_seconds=retry_after_seconds)
        with self.lock:
            self._failures[method] = OrderedFailure(error, times, after_accepting)

    def take_failure(self, method: str, *, after_accepting: bool) -> SlackError | None:
        """Return the failure that was ordered for this call, and count it."""
        with self.lock:
            order = self._failures.get(method)
            if order is None or order.times <= 0 or order.after_accepting != after_accepting:
                return None
            order.times -= 1
            return order.error

    def say_privately(self, channel_id: str, user_id: str, text: str) -> None:
        """Show *user_id* a sentence of Slack's own in a channel: only they see it."""
        self.conversations.post(channel_id=channel_id, author_id=SLACKBOT_ID, text=text, ephemeral_to=user_id)

    def close(self) -> None:
        """Close the file in which the workspace is kept."""
        self.store.close()
