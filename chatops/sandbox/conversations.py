"""Messages: posting, changing, reading, and who sees which."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from chatops.sandbox.errors import SlackError
from chatops.sandbox.limits import elements_of
from chatops.sandbox.records import ChannelKind, Message, to_json

if TYPE_CHECKING:
    from datetime import datetime

    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Channel, Json

_KIND = "message"


def complete_blocks(blocks: list[Json]) -> list[Json]:
    """Return *blocks* as Slack stores them: with an id for each block and element, and `emoji` set."""
    done: list[Json] = [_with_emoji(block) for block in blocks]
    for block in done:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return done


def _with_emoji(part: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(part, list):
        return [_with_emoji(item) for item in part]
    if not isinstance(part, dict):
        return part
    copy = {name: _with_emoji(value) for name, value in part.items()}
    if copy.get("type") == "plain_text" and "text" in copy:
        copy.setdefault("emoji", True)
    elif copy.get("type") == "mrkdwn" and "text" in copy:
        copy.setdefault("verbatim", False)
    return copy


class Conversations:
    """All messages of the workspace."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._messages: dict[str, Message] = {}
        for body in world.store.load(_KIND):
            message = Message(**body)
            self._messages[message.key] = message
        self._sequence = max((m.sequence for m in self._messages.values()), default=0)

    def post(
        self,
        *,
        channel_id: str,
        author_id: str,
        text: str,
        blocks: list[Json] | None = None,
        thread_ts: str | None = None,
        metadata: Json | None = None,
        ephemeral_to: str | None = None,
        file_ids: list[str] | None = None,
    ) -> Message:
        """Add a message. *blocks* must have been checked.

        Raises:
            SlackError: `thread_not_found`.
        """
        with self._world.lock:
            if thread_ts is not None and f"{channel_id}/{thread_ts}" not in self._messages:
                raise SlackError("thread_not_found")
            self._sequence += 1
            message = Message(
                channel_id=channel_id,
                ts=self._free_ts(channel_id, self._world.now()),
                sequence=self._sequence,
                user_id=author_id,
                text=text,
                blocks=complete_blocks(blocks or []),
                thread_ts=thread_ts,
                metadata=metadata,
                ephemeral_to=ephemeral_to,
                file_ids=file_ids or [],
            )
            self._messages[message.key] = message
            self.keep(message)
        return message

    def change(self, message: Message, *, text: str, blocks: list[Json] | None, metadata: Json | None = None) -> None:
        """Replace what a message says. *blocks* None takes the blocks away; metadata stays unless given."""
        with self._world.lock:
            message.text = text
            message.blocks = complete_blocks(blocks or [])
            if metadata is not None:
                message.metadata = metadata
            message.edited_ts = _to_ts(self._world.now())
            self.keep(message)

    def drop(self, message: Message) -> None:
        """Delete a message."""
        with self._world.lock:
            self._messages.pop(message.key, None)
            self._world.store.drop(_KIND, message.key)
        self._world.changed()

    def keep(self, message: Message) -> None:
        """Write a message's present state to the store."""
        self._world.store.put(_KIND, message.key, to_json(message))
        self._world.changed()

    def find(self, channel_id: str, ts: str) -> Message:
        """Find a message.

        Raises:
            SlackError: `message_not_found`.
        """
        message = self._messages.get(f"{channel_id}/{ts}")
        if message is None:
            raise SlackError("message_not_found")
        return message

    def history(self, channel_id: str) -> list[Message]:
        """List what everybody sees in a channel outside threads, newest first by time stamp."""
        found = [m for m in self._in(channel_id) if m.thread_ts is None and m.ephemeral_to is None]
        return sorted(found, key=lambda m: m.ts, reverse=True)

    def replies(self, channel_id: str, thread_ts: str) -> list[Message]:
        """List a thread's answers that everybody sees, oldest first, without the first message."""
        found = [m for m in self._in(channel_id) if m.thread_ts == thread_ts and m.ephemeral_to is None]
        return sorted(found, key=lambda m: m.ts)

    def seen_by(self, user_id: str, channel: Channel) -> list[Message]:
        """List what a person sees in a conversation, in the order in which it was written."""
        if channel.kind is ChannelKind.IM and channel.user_id != user_id:
            return []
        found = [m for m in self._in(channel.id) if m.ephemeral_to in (None, user_id)]
        return sorted(found, key=lambda m: m.sequence)

    def to_slack(self, message: Message, *, with_metadata: bool = False) -> Json:
        """Return a message as the Web API shows it."""
        world = self._world
        shown: Json = {
            "type": "message",
            "user": message.user_id,
            "text": message.text,
            "ts": message.ts,
            "team": world.team_id,
        }
        if message.user_id == world.bot_user_id:
            shown |= {"bot_id": world.bot_id, "app_id": world.app_id, "bot_profile": bot_profile(world)}
        if message.blocks:
            shown["blocks"] = message.blocks
        if message.file_ids:
            shown["files"] = [world.files.to_slack(world.files.find(one)) for one in message.file_ids]
        if message.edited_ts is not None:
            shown["edited"] = {"user": message.user_id, "ts": message.edited_ts}
        if message.reactions:
            shown["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
            ]
        if with_metadata and message.metadata is not None:
            shown["metadata"] = message.metadata
        return shown | self._thread_fields(message)

    def _thread_fields(self, message: Message) -> Json:
        if message.thread_ts is not None:
            return {"thread_ts": message.thread_ts}
        answers = self.replies(message.channel_id, message.ts)
        if not answers:
            return {}
        return {
            "thread_ts": message.ts,
            "reply_count": len(answers),
            "reply_users": sorted({answer.user_id for answer in answers}),
            "latest_reply": answers[-1].ts,
        }

    def _in(self, channel_id: str) -> list[Message]:
        with self._world.lock:
            return [m for m in self._messages.values() if m.channel_id == channel_id]

    def _free_ts(self, channel_id: str, at: datetime) -> str:
        micros = round(at.timestamp() * 1_000_000)
        while f"{channel_id}/{micros // 1_000_000}.{micros % 1_000_000:06d}" in self._messages:
            micros += 1
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def _to_ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"


def bot_profile(world: SlackWorld) -> Json:
    """Return how Slack describes the bot beside each of its messages."""
    return {
        "id": world.bot_id,
        "app_id": world.app_id,
        "name": world.bot_name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": world.team_id,
    }
