"""Block Kit's pieces as plain dicts, each clipped to what Slack takes. Pure.

Limits: docs.slack.dev/reference/block-kit (read 2026-11-21). `msg_blocks_too_long` is undocumented; it was measured
at about 13,200 characters of text (slackapi/bolt-js issue 2509), so we stay below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Block = dict[str, Any]

MAX_SECTION_CHARS: Final = 3000
MAX_HEADER_CHARS: Final = 150
MAX_CONTEXT_ELEMENTS: Final = 10
MAX_BUTTON_CHARS: Final = 75
MAX_OPTION_CHARS: Final = 75
MAX_CHECKBOXES: Final = 10
MAX_OPTIONS: Final = 100
MAX_TITLE_CHARS: Final = 24
MAX_INPUT_CHARS: Final = 3000
MAX_LABEL_CHARS: Final = 2000
MAX_PLACEHOLDER_CHARS: Final = 150
MAX_ALT_CHARS: Final = 2000
MAX_ERROR_CHARS: Final = 2000
MAX_METADATA_CHARS: Final = 3000
MAX_MESSAGE_BLOCKS: Final = 50
MAX_VIEW_BLOCKS: Final = 100
MAX_MESSAGE_CHARS: Final = 12_500
"""Ours: below the measured 13,200."""


def escape(text: str) -> str:
    """Escape the three characters that mean something in mrkdwn, so that no text can mention or link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, most: int, more: str = "…") -> str:
    """Return *text*, or its beginning with *more* behind it, in at most *most* characters."""
    return text if len(text) <= most else text[: most - len(more)] + more


def plain(text: str, most: int = MAX_SECTION_CHARS) -> Block:
    """Build a text object in which nothing is markup."""
    return {"type": "plain_text", "text": clip(text, most) or " ", "emoji": True}


def markup(text: str, most: int = MAX_SECTION_CHARS) -> Block:
    """Build a mrkdwn text object; what comes from people must have been escaped."""
    return {"type": "mrkdwn", "text": clip(text, most) or " ", "verbatim": True}


def header(text: str) -> Block:
    """Build a header."""
    return {"type": "header", "text": plain(text, MAX_HEADER_CHARS)}


def section(text: str, *, block_id: str | None = None) -> Block:
    """Build a section of mrkdwn."""
    return _with_id({"type": "section", "text": markup(text)}, block_id)


def quotation(text: str, most: int = 2500, more: str = "…", *, title: str = "") -> Block:
    """Quote people's words as they are: in rich text no sign is markup, and nothing can mention or link."""
    parts: list[Block] = []
    if title:
        parts.append({"type": "text", "text": f"{title}\n", "style": {"bold": True}})
    parts.append({"type": "text", "text": clip(text, most, more) or " "})
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": parts}]}


def rich_text(parts: Iterable[tuple[str, bool]]) -> Block:
    """Build a paragraph of (text, is it bold), in which no sign of people's words is markup."""
    elements: list[Block] = [
        {"type": "text", "text": text} | ({"style": {"bold": True}} if is_bold else {})
        for text, is_bold in parts
        if text
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def sentence(text: str) -> Block:
    """Build a section in which nothing is markup."""
    return {"type": "section", "text": plain(text)}


def context(*texts: str) -> Block:
    """Build a line of small mrkdwn texts."""
    return {"type": "context", "elements": [markup(text) for text in texts[:MAX_CONTEXT_ELEMENTS]]}


def divider() -> Block:
    """Build a rule."""
    return {"type": "divider"}


def image(file_id: str, alt: str) -> Block:
    """Build an image that lies in Slack."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": clip(alt, MAX_ALT_CHARS) or " "}


def button(text: str, action_id: str, value: str, *, style: str | None = None) -> Block:
    """Build a button; *style* is `primary` or `danger`."""
    built: Block = {
        "type": "button",
        "text": plain(text, MAX_BUTTON_CHARS),
        "action_id": str(action_id),
        "value": value,
    }
    return built | {"style": style} if style else built


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """Build a row of buttons."""
    return _with_id({"type": "actions", "elements": list(elements)}, block_id)


def option(text: str, value: str, description: str = "") -> Block:
    """Build an option of a menu, of checkboxes or of radio buttons, with a smaller line below it."""
    built: Block = {"text": plain(text, MAX_OPTION_CHARS), "value": value}
    return built | {"description": plain(description, MAX_OPTION_CHARS)} if description else built


def field(block_id: str, label: str, element: Block, *, is_optional: bool = False, hint: str | None = None) -> Block:
    """Build an input; its element carries the block's id as its own."""
    built: Block = {
        "type": "input",
        "block_id": str(block_id),
        "label": plain(label, MAX_LABEL_CHARS),
        "element": {**element, "action_id": str(block_id)},
        "optional": is_optional,
    }
    return built | {"hint": plain(hint, MAX_LABEL_CHARS)} if hint else built


def text_element(initial: str = "", *, is_multiline: bool = False, placeholder: str | None = None) -> Block:
    """Build a text input's element."""
    built: Block = {"type": "plain_text_input", "multiline": is_multiline, "max_length": MAX_INPUT_CHARS}
    if initial:
        built["initial_value"] = initial[:MAX_INPUT_CHARS]
    if placeholder:
        built["placeholder"] = plain(placeholder, MAX_PLACEHOLDER_CHARS)
    return built


def choice_element(kind: str, options: Sequence[Block], initial: str | None = None) -> Block:
    """Build a `static_select` or `radio_buttons` element with one option chosen."""
    built: Block = {"type": kind, "options": list(options)}
    chosen = [each for each in options if each["value"] == initial]
    return built | {"initial_option": chosen[0]} if chosen else built


def choices_element(options: Sequence[Block], initial: Iterable[str]) -> Block:
    """Build checkboxes, or a menu for several where there are more options than checkboxes take."""
    kind = "checkboxes" if len(options) <= MAX_CHECKBOXES else "multi_static_select"
    wanted = set(initial)
    built: Block = {"type": kind, "options": list(options[:MAX_OPTIONS])}
    chosen = [each for each in built["options"] if each["value"] in wanted]
    return built | {"initial_options": chosen} if chosen else built


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str | None = None,
    metadata: str = "",
    notify_on_close: bool = False,
) -> Block:
    """Build a modal.

    Raises:
        ValueError: The metadata is longer than Slack keeps; cutting it would lose its meaning.
    """
    if len(metadata) > MAX_METADATA_CHARS:
        raise ValueError("the form's metadata is too long")
    built: Block = {
        "type": "modal",
        "callback_id": str(callback_id),
        "title": plain(title, MAX_TITLE_CHARS),
        "blocks": list(blocks[:MAX_VIEW_BLOCKS]),
        "private_metadata": metadata,
    }
    if submit:
        built["submit"] = plain(submit, MAX_TITLE_CHARS)
    if close:
        built["close"] = plain(close, MAX_TITLE_CHARS)
    return built | {"notify_on_close": True} if notify_on_close else built


def texts_of(blocks: Iterable[Block]) -> list[str]:
    """Return every text of a message's blocks."""
    return list(_texts(list(blocks)))


def count_chars(blocks: Iterable[Block]) -> int:
    """Count all text of a message's blocks, as `msg_blocks_too_long` does."""
    return sum(len(text) for text in texts_of(blocks))


def fits_message(blocks: Sequence[Block]) -> bool:
    """Tell whether Slack takes *blocks* as one message."""
    return len(blocks) <= MAX_MESSAGE_BLOCKS and count_chars(blocks) <= MAX_MESSAGE_CHARS


def without_images(blocks: Iterable[Block]) -> list[Block]:
    """Return *blocks* with each image's description in its place: for when Slack cannot show the file."""
    return [context(escape(f"🖼 {block['alt_text']}")) if block["type"] == "image" else block for block in blocks]


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in ("text", "alt_text") and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


def _with_id(block: Block, block_id: str | None) -> Block:
    return block | {"block_id": str(block_id)} if block_id else block
