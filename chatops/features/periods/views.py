"""The city's periods in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, escape, header, section, sentence
from chatops.messages.ja import labels
from chatops.messages.ja import rules as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import Outcome, PeriodView

MAX_LINES: Final = 30


def period_lines(period: PeriodView, say: Voice) -> list[str]:
    """Say what is known of a period; the first line names it."""
    span = say(words.period_span, say.moment(period.starts_at), say.moment(period.ends_at))
    named = f"{period.name}　{span}" + (f"　{say(words.period_now)}" if period.is_in_force else "")
    about = [*period.categories, *(f"「{word}」" for word in period.words), *period.accounts]
    lines = [
        named,
        say(words.effect, period.effect),
        say(words.period_about, say(labels.names, about)) if about else say(words.period_about_all),
        say(words.period_reason, period.reason),
        say(words.added, period.added_by, say.moment(period.added_at)),
    ]
    if period.ended_by is not None and period.ended_at is not None:
        lines.append(say(words.period_ended, period.ended_by, say.moment(period.ended_at), period.end_reason))
    return lines


def build_periods(periods: Sequence[PeriodView], say: Voice) -> list[Block]:
    """Build the list."""
    blocks = [header(say(words.period_title))]
    if not periods:
        return [*blocks, sentence(say(words.period_empty))]
    for period in periods[:MAX_LINES]:
        first, *rest = period_lines(period, say)
        blocks.append(section(f"*{escape(first)}*\n{escape(chr(10).join(rest))}"))
    return blocks


def outcome_text(outcome: Outcome, say: Voice) -> str:
    """Say what setting or ending a period led to, and which approved posts it touches."""
    lines = [say.outcome(outcome)]
    if "numbers" in outcome.params:
        numbers = str(outcome.params["numbers"])
        lines.append(say(words.period_numbers, numbers) if numbers else say(words.period_no_numbers))
    return "\n".join(lines)
