"""Packs in force, their changes, and the last look before a confirmation. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from chatops.block_kit import (
    Block,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    quotation,
    section,
    sentence,
)
from chatops.features.policy.ids import PolicyId
from chatops.messages.ja import pack_changes as words
from chatops.pack_words import change_lines, difference_lines, pack_lines, replay_line, text_diff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import ChangeView, PackView

MAX_CHANGES: Final = 10
"""How many open changes the list names."""
MAX_DIFFERENCES: Final = 20
MAX_REASON_CHARS: Final = 500
"""So that a button can carry the reason: Slack takes 2,000 characters of value."""
_MAX_LINE_CHARS: Final = 300
_MAX_LIST_CHARS: Final = 2900
_MAX_DIFF_CHARS: Final = 2500


def build_list(packs: Sequence[PackView], changes: Sequence[ChangeView], say: Voice) -> list[Block]:
    """Build the packs in force, and what waits for a confirmation."""
    blocks = [header(say(words.title)), *(_lines(pack_lines(view, say)) for view in packs)]
    waiting = [view for view in changes if view.decision is None]
    blocks += [divider(), sentence(say(words.changes_title if waiting else words.no_changes))]
    for view in waiting[:MAX_CHANGES]:
        lines = [*change_lines(view, say), replay_line(view.replay, say), say(words.how_to_decide, view.number)]
        blocks.append(_lines([clip(line, _MAX_LINE_CHARS) for line in lines]))
    hidden = len(waiting) - MAX_CHANGES
    return [*blocks, context(escape(say(words.more, hidden)))] if hidden > 0 else blocks


def build_change(view: ChangeView, texts: tuple[str, str], say: Voice) -> list[Block]:
    """Build a change, whole: what it is, where past posts would have fared otherwise, and how the text differs."""
    blocks = [_lines(change_lines(view, say)), *_replay_blocks(view, say)]
    diff = "\n".join(text_diff(*texts))
    if diff:
        blocks += [sentence(say(words.text_changes)), quotation(diff, _MAX_DIFF_CHARS)]
    if view.decision is None:
        blocks.append(sentence(say(words.how_to_decide, view.number)))
    return blocks


def build_last_look(view: ChangeView, reason: str, say: Voice) -> list[Block]:
    """Build the replay with the button that confirms: what the button carries says which replay was shown."""
    value = json.dumps({"n": view.number, "r": reason, "d": view.replay_sha256}, ensure_ascii=False)
    return [
        _lines(change_lines(view, say)),
        *_replay_blocks(view, say),
        sentence(say(words.confirm_reason, reason)),
        sentence(say(words.confirm_asked, view.number)),
        actions(button(say(words.confirm_button), PolicyId.CONFIRM, value, style="primary")),
    ]


def _replay_blocks(view: ChangeView, say: Voice) -> list[Block]:
    summary = sentence(replay_line(view.replay, say))
    told = difference_lines(view.replay, say, limit=MAX_DIFFERENCES)
    return [summary, sentence(clip("\n".join(told), _MAX_LIST_CHARS))] if told else [summary]


def _lines(lines: Sequence[str]) -> Block:
    head, *rest = lines
    return section(clip("\n".join([f"*{escape(head)}*", *map(escape, rest)]), _MAX_LIST_CHARS))
