"""Says whether Slack would take a message or a view, in Slack's words."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from chatops.sandbox.block_kit import (
    ACTION_ID_MAX,
    MESSAGE_BLOCKS,
    MESSAGE_BLOCKS_MAX,
    VIEW_BLOCKS,
    VIEW_BLOCKS_MAX,
)
from chatops.sandbox.checks import (
    Complaints,
    boolean,
    by_type,
    items,
    one_word_of,
    shape,
    string,
    text_object,
)
from chatops.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops.sandbox.records import Json

BLOCKS_TEXT_MAX = 13_200
"""All text of a message's blocks together; undocumented, measured in slackapi/bolt-js issue 2509."""
MESSAGE_TEXT_MAX = 40_000
"""Beyond it Slack truncates (docs.slack.dev/reference/methods/chat.postMessage, read 2026-11-21)."""
UPDATE_TEXT_BYTES_MAX = 4_000
"""`chat.update`'s text once escaped, in bytes; undocumented, measured in GitLab's merge request 258898."""
VIEW_BYTES_MAX = 250_000
TITLE_MAX = 24
PRIVATE_METADATA_MAX = 3000
CALLBACK_ID_MAX = 255

_message_blocks = items(by_type(MESSAGE_BLOCKS), most=MESSAGE_BLOCKS_MAX)
_short = text_object("plain_text", most=TITLE_MAX)
_view_optional = {
    "private_metadata": string(most=PRIVATE_METADATA_MAX),
    "callback_id": string(most=CALLBACK_ID_MAX),
    "external_id": string(most=ACTION_ID_MAX),
}
_view_required = {
    "type": one_word_of("modal", "home"),
    "blocks": items(by_type(VIEW_BLOCKS), most=VIEW_BLOCKS_MAX),
}
_modal = shape(
    required={**_view_required, "title": _short},
    optional={
        **_view_optional,
        "submit": _short,
        "close": _short,
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
_home = shape(required=_view_required, optional=_view_optional)


def check_message_blocks(blocks: object) -> list[Json]:
    """Return *blocks* if Slack would take them in a message.

    Raises:
        SlackError: `invalid_blocks_format`, `invalid_blocks` or `msg_blocks_too_long`.
    """
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    complaints = Complaints()
    _message_blocks(blocks, "/blocks", complaints)
    _check_unique_ids(blocks, "/blocks", complaints)
    if complaints.messages:
        raise SlackError("invalid_blocks", messages=tuple(complaints.messages))
    if sum(len(text) for text in _texts(blocks)) > BLOCKS_TEXT_MAX:
        raise SlackError("msg_blocks_too_long")
    return blocks


def check_view(view: object) -> Json:
    """Return *view* if Slack would open it.

    Raises:
        SlackError: `invalid_arguments` with what is wrong where, or `view_too_large`.
    """
    complaints = Complaints()
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", messages=("must be an object [json-pointer:/view]",))
    (_home if view.get("type") == "home" else _modal)(view, "/view", complaints)
    blocks = [block for block in view.get("blocks") or [] if isinstance(block, dict)]
    _check_unique_ids(blocks, "/view/blocks", complaints)
    has_input = any(block.get("type") == "input" for block in blocks)
    if view.get("type") == "modal" and has_input and "submit" not in view:
        complaints.add("missing required field: submit", "/view")
    if complaints.messages:
        first = "failed to match all allowed schemas [json-pointer:/view]"
        raise SlackError("invalid_arguments", messages=(first, *complaints.messages))
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES_MAX:
        raise SlackError("view_too_large")
    return view


def check_update_text(text: str) -> None:
    """Refuse a text that `chat.update` would refuse.

    Raises:
        SlackError: `msg_too_long`.
    """
    if len(escape(text, quote=False).encode()) > UPDATE_TEXT_BYTES_MAX:
        raise SlackError("msg_too_long")


def elements_of(block: Json) -> list[Json]:
    """List the interactive elements of a block."""
    found = [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]
    if block.get("type") not in {"actions", "input", "section"}:
        return []
    return [element for element in found if isinstance(element, dict) and element.get("type") != "image"]


def _check_unique_ids(blocks: list[Json], pointer: str, complaints: Complaints) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            complaints.add(f"block_id must be unique: {block_id}", f"{pointer}/{index}/block_id")
        elif isinstance(block_id, str):
            seen.add(block_id)
        ids = [element.get("action_id") for element in elements_of(block) if "action_id" in element]
        for action_id in sorted({str(one) for one in ids if ids.count(one) > 1}):
            complaints.add(f"action_id must be unique in a block: {action_id}", f"{pointer}/{index}")


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
