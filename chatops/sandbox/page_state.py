"""What the sandbox page shows one person: their conversations, their forms, their notices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chatops.sandbox.model import SLACKBOT_ID
from chatops.sandbox.records import ChannelKind

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Channel, Json, Message, OpenView, Person

MESSAGES_SHOWN = 300


def show_state(world: SlackWorld, user_id: str) -> Json:
    """Return everything *user_id* sees.

    Raises:
        SlackError: `user_not_found`.
    """
    person = world.person(user_id)
    with world.lock:
        mine = [channel for channel in world.channels if channel.user_id in (None, user_id)]
        stack = world.views.stack(user_id)
        home = world.views.home(user_id)
        return {
            "revision": world.revision,
            "team": {"id": world.team_id, "name": world.team_name},
            "bot": {"id": world.bot_user_id, "name": world.bot_name},
            "me": show_person(person),
            "people": [show_person(one) for one in world.people],
            "channels": [_show_channel(channel) for channel in mine],
            "messages": {channel.id: _show_messages(world, user_id, channel) for channel in mine},
            "views": [_show_view(view) for view in stack],
            "home": _show_view(home) if home else None,
            "now": world.now().astimezone(UTC).isoformat(),
        }


def show_person(person: Person) -> Json:
    """Return what the page shows of a person."""
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "locale": person.locale,
    }


def _show_channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": channel.topic,
        "kind": "im" if channel.kind is ChannelKind.IM else "channel",
    }


def _show_messages(world: SlackWorld, user_id: str, channel: Channel) -> list[Json]:
    seen = world.conversations.seen_by(user_id, channel)[-MESSAGES_SHOWN:]
    return [_show_message(world, message) for message in seen]


def _show_message(world: SlackWorld, message: Message) -> Json:
    return {
        "ts": message.ts,
        "channel": message.channel_id,
        "author": _show_author(world, message.user_id),
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "is_ephemeral": message.ephemeral_to is not None,
        "is_edited": message.edited_ts is not None,
        "at": datetime.fromtimestamp(float(message.ts), tz=UTC).isoformat(),
        "files": [show_file(world, one) for one in message.file_ids],
        "reactions": {name: len(users) for name, users in message.reactions.items()},
        "metadata": message.metadata,
    }


def show_file(world: SlackWorld, file_id: str) -> Json:
    """Return what the page shows of a file.

    Raises:
        SlackError: `file_not_found`.
    """
    file = world.files.find(file_id)
    return {
        "id": file.id,
        "name": file.name,
        "mimetype": file.mimetype,
        "size_bytes": file.size_bytes,
        "alt": file.alt_text,
        "url": f"/slack/page/files/{file.id}",
    }


def _show_author(world: SlackWorld, user_id: str) -> Json:
    if user_id == world.bot_user_id:
        return {"id": user_id, "name": world.bot_name, "title": "", "is_app": True}
    if user_id == SLACKBOT_ID:
        return {"id": user_id, "name": "Slack（練習用）", "title": "", "is_app": True}
    person = world.person(user_id)
    return {"id": user_id, "name": person.real_name, "title": person.title, "is_app": False}


def _show_view(view: OpenView) -> Json:
    return {
        "id": view.id,
        "hash": view.hash,
        **{name: view.payload[name] for name in ("type", "title", "submit", "close", "blocks", "callback_id")},
        "private_metadata": view.payload["private_metadata"],
        "values": view.values,
        "errors": view.errors,
        "trouble": view.trouble,
    }
