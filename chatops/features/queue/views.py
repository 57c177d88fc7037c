"""The queue. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, context, escape, header, rich_text, sentence
from chatops.event_words import report_line
from chatops.messages.ja import board as words
from chatops.messages.ja import labels
from publisher.api import Outlook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import QueueLine

MAX_LINES: Final = 40


def build_queue(lines: Sequence[QueueLine], say: Voice, *, notes: Sequence[str] = ()) -> list[Block]:
    """Build the list; *notes* say above it what is held."""
    blocks = [header(say(words.queue_title)), *([sentence("\n".join(notes))] if notes else [])]
    if not lines:
        return [*blocks, sentence(say(words.queue_empty))]
    blocks += [rich_text(_line_parts(line, say)) for line in lines[:MAX_LINES]]
    hidden = len(lines) - MAX_LINES
    return [*blocks, context(escape(say(words.queue_more, hidden)))] if hidden > 0 else blocks


def line_state(line: QueueLine, say: Voice) -> str:
    """Say where a post of the queue is."""
    if line.outlook is Outlook.NOTHING_YET:
        return say(labels.state, line.state)
    return say(labels.outlook, line.outlook)


def _line_parts(line: QueueLine, say: Voice) -> list[tuple[str, bool]]:
    """Return a post in a few lines, its number bold; in rich text no sign of the excerpt is markup."""
    when = say.moment(line.publish_at) if line.publish_at else say(labels.as_soon_as_approved)
    lines = [
        f"　{when}　{line_state(line, say)}　{line.section_name}",
        line.excerpt[:100],
        say(labels.names, line.accounts)[:200],
    ]
    if line.report is not None:
        lines.insert(1, report_line(line.report, say)[:200])
    if line.waiting_for:
        lines.append(say(words.queue_waiting, say(labels.names, line.waiting_for))[:200])
    return [(line.number, True), ("\n".join(each for each in lines if each), False)]
