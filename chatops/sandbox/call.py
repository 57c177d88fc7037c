"""One call of the Web API: its arguments, whichever of Slack's ways they came."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops.sandbox.errors import SlackError

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Channel, Json


@dataclass(frozen=True, slots=True)
class Call:
    """The workspace and the arguments of one call."""

    world: SlackWorld
    arguments: Json

    def text(self, name: str) -> str:
        """Return a required argument.

        Raises:
            SlackError: `invalid_arguments`.
        """
        value = self.arguments.get(name)
        if value in (None, ""):
            raise SlackError("invalid_arguments", messages=(f"missing required field: {name}",))
        return str(value)

    def optional(self, name: str) -> str | None:
        """Return an argument, or None where it was left out or empty."""
        value = self.arguments.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str) -> bool:
        """Return whether an argument is true."""
        return str(self.arguments.get(name, "")).lower() in {"true", "1"}

    def number(self, name: str, *, default: int, most: int) -> int:
        """Return a whole number from 1 to *most*.

        Raises:
            SlackError: `invalid_limit`.
        """
        text = self.optional(name)
        if text is None:
            return default
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise SlackError("invalid_limit")
        return int(text)

    def structure(self, name: str, *, otherwise: str) -> object:
        """Return an argument that is JSON, whether it came as such or as text; None where it was left out.

        Raises:
            SlackError: *otherwise*, where it is no JSON.
        """
        value: object = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            found: object = json.loads(value) if value else None
        except ValueError:
            raise SlackError(otherwise) from None
        return found

    def channel(self, name: str = "channel") -> Channel:
        """Return the conversation an argument names; the bot must be in it.

        Raises:
            SlackError: `channel_not_found`, `not_in_channel`.
        """
        channel = self.world.channel(self.optional(name) or "")
        if not channel.has_bot:
            raise SlackError("not_in_channel")
        return channel
