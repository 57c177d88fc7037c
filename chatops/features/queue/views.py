"""The queue. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, context, escape, header, section, sentence
from chatops.messages.ja import board as words
from chatops.messages.ja import labels
from publisher.api import Outlook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import QueueLine

MAX_LINES: Final = 40


def build_queue(lines: Sequence[QueueLine], say: Voice) -> list[Block]:
    """Build the list."""
    blocks = [header(say(words.queue_title))]
    if not lines:
        return [*blocks, sentence(say(words.queue_empty))]
    blocks += [section(_line_text(line, say)) for line in lines[:MAX_LINES]]
    hidden = len(lines) - MAX_LINES
    return [*blocks, context(escape(say(words.queue_more, hidden)))] if hidden > 0 else blocks


def line_state(line: QueueLine, say: Voice) -> str:
    """Say where a post of the queue is."""
    if line.outlook is Outlook.NOTHING_YET:
        return say(labels.state, line.state)
    return say(labels.outlook, line.outlook)


def _line_text(line: QueueLine, say: Voice) -> str:
    when = say.moment(line.publish_at) if line.publish_at else say(labels.as_soon_as_approved)
    head = f"*{line.number}*　{escape(when)}　{escape(line_state(line, say))}　{escape(line.section_name)}"
    lines = [head, escape(line.excerpt[:100]), escape(say(labels.names, line.accounts))[:200]]
    if line.waiting_for:
        lines.append(escape(say(words.queue_waiting, say(labels.names, line.waiting_for)))[:200])
    return "\n".join(each for each in lines if each)
