"""The Web API's `chat.*`, `reactions.*` and what reads messages."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from chatops.sandbox.errors import SlackError
from chatops.sandbox.limits import MESSAGE_TEXT_MAX, check_message_blocks, check_update_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.sandbox.call import Call
    from chatops.sandbox.records import Json, Message

HISTORY_LIMIT = 100
HISTORY_LIMIT_MAX = 999


def post_message(call: Call) -> Json:
    """Answer `chat.postMessage`."""
    channel = call.channel()
    text, blocks = _content(call)
    message = call.world.conversations.post(
        channel_id=channel.id,
        author_id=call.world.bot_user_id,
        text=text[:MESSAGE_TEXT_MAX],
        blocks=blocks,
        thread_ts=call.optional("thread_ts"),
        metadata=_metadata(call),
    )
    shown = call.world.conversations.to_slack(message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> Json:
    """Answer `chat.postEphemeral`."""
    channel = call.channel()
    text, blocks = _content(call)
    try:
        person = call.world.person(call.text("user"))
    except SlackError:
        raise SlackError("user_not_in_channel") from None
    message = call.world.conversations.post(
        channel_id=channel.id,
        author_id=call.world.bot_user_id,
        text=text,
        blocks=blocks,
        thread_ts=call.optional("thread_ts"),
        ephemeral_to=person.id,
    )
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Answer `chat.update`: text left out is cleared, blocks left out stay."""
    message = _own_message(call, refusal="cant_update_message")
    text, blocks = _content(call, kept=message.blocks)
    check_update_text(text)
    call.world.conversations.change(message, text=text, blocks=blocks, metadata=_metadata(call))
    shown = call.world.conversations.to_slack(message, with_metadata=True)
    return {"channel": message.channel_id, "ts": message.ts, "text": text, "message": shown}


def delete(call: Call) -> Json:
    """Answer `chat.delete`."""
    message = _own_message(call, refusal="cant_delete_message")
    call.world.conversations.drop(message)
    return {"channel": message.channel_id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """Answer `chat.getPermalink`: the address leads to the sandbox's page."""
    channel = call.channel()
    message = call.world.conversations.find(channel.id, call.text("message_ts"))
    anchor = f"{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": f"{call.world.base_url}/#/archives/{anchor}"}


def history(call: Call) -> Json:
    """Answer `conversations.history`."""
    channel = call.channel()
    return _page(call, call.world.conversations.history(channel.id))


def replies(call: Call) -> Json:
    """Answer `conversations.replies`: the first message, then the answers, oldest first."""
    channel = call.channel()
    conversations = call.world.conversations
    try:
        first = conversations.find(channel.id, call.text("ts"))
    except SlackError:
        raise SlackError("thread_not_found") from None
    return _page(call, [first, *conversations.replies(channel.id, first.ts)])


def add_reaction(call: Call) -> Json:
    """Answer `reactions.add`."""
    message = call.world.conversations.find(call.channel().id, call.text("timestamp"))
    users = message.reactions.setdefault(call.text("name"), [])
    if call.world.bot_user_id in users:
        raise SlackError("already_reacted")
    users.append(call.world.bot_user_id)
    call.world.conversations.keep(message)
    return {}


def _content(call: Call, *, kept: list[Json] | None = None) -> tuple[str, list[Json] | None]:
    text = call.optional("text") or ""
    given = call.structure("blocks", otherwise="invalid_blocks_format")
    blocks = kept if given is None else check_message_blocks(given)
    if not text and not blocks:
        raise SlackError("no_text")
    return text, blocks


def _metadata(call: Call) -> Json | None:
    metadata = call.structure("metadata", otherwise="invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return metadata


def _own_message(call: Call, *, refusal: str) -> Message:
    message = call.world.conversations.find(call.channel().id, call.text("ts"))
    if message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if message.user_id != call.world.bot_user_id:
        raise SlackError(refusal)
    return message


def _page(call: Call, messages: list[Message]) -> Json:
    oldest, latest = call.optional("oldest"), call.optional("latest")
    is_inclusive = call.flag("inclusive")
    in_range = [
        message
        for message in messages
        if (oldest is None or _is_after(message.ts, oldest, is_inclusive=is_inclusive))
        and (latest is None or _is_after(latest, message.ts, is_inclusive=is_inclusive))
    ]
    limit = call.number("limit", default=HISTORY_LIMIT, most=HISTORY_LIMIT_MAX)
    start = _read_cursor(call.optional("cursor"))
    page, rest = in_range[start : start + limit], in_range[start + limit :]
    with_metadata = call.flag("include_all_metadata")
    show = call.world.conversations.to_slack
    return {
        "messages": [show(message, with_metadata=with_metadata) for message in page],
        "has_more": bool(rest),
        "pin_count": 0,
        "response_metadata": {"next_cursor": _write_cursor(start + limit) if rest else ""},
    }


def _is_after(ts: str, bound: str, *, is_inclusive: bool) -> bool:
    try:
        return float(ts) >= float(bound) if is_inclusive else float(ts) > float(bound)
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None


def _write_cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _read_cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("next:"))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise SlackError("invalid_cursor") from None


CHAT_METHODS: dict[str, Callable[[Call], Json]] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "conversations.history": history,
    "conversations.replies": replies,
    "reactions.add": add_reaction,
}
