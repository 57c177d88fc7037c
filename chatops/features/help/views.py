"""The help. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.block_kit import Block, escape, header, section, sentence
from chatops.messages.ja import board as words

if TYPE_CHECKING:
    from chatops.messages import Voice

_LINES = (
    words.help_draft,
    words.help_now,
    words.help_queue,
    words.help_show,
    words.help_cancel,
    words.help_correct,
    words.help_hold,
    words.help_mark,
    words.help_policy,
    words.help_whitelist,
    words.help_period,
    words.help_help,
    words.help_approval,
)


def build_help(say: Voice, *, unknown: str = "", meant: str = "") -> list[Block]:
    """Build the help; with *unknown*, say first that there is no such word, and which was *meant*."""
    blocks: list[Block] = []
    if unknown:
        lines = [say(words.unknown, unknown[:50])]
        blocks.append(sentence("\n".join([*lines, say(words.meant, meant)] if meant else lines)))
    listed = "\n".join(f"• {escape(say(line))}" for line in _LINES)
    return [*blocks, header(say(words.help_title)), section(listed)]
