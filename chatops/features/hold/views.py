"""Disaster mode in words, and the triage afterwards. Pure."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chatops.block_kit import Block, actions, button, escape, header, section, sentence
from chatops.features.hold.ids import HoldId
from chatops.messages.ja import copied
from chatops.messages.ja import hold as words
from chatops.panes import account_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import CopyView, HeldView, HoldView, Outcome

MAX_LINES: Final = 20
"""How many posts are shown at once: each takes two blocks, and a message holds fifty."""


def outcome_text(outcome: Outcome, say: Voice) -> str:
    """Say what beginning or lifting a hold led to, and what can't be stopped from here."""
    command = f"/sns resume {outcome.params.get('target', '')}".rstrip()
    lines = [say.outcome(replace(outcome, params={**outcome.params, "command": command}))]
    platforms = [one for one in str(outcome.params.get("platforms", "")).split(",") if one]
    if platforms:
        lines.append(say(words.not_ours, [say(words.console, one) for one in platforms]))
    return "\n".join(lines)


def hold_line(one: HoldView, say: Voice) -> str:
    """Say in one line what is held, since when, by whom and why."""
    line = say(words.in_force, one.where, one.started_by, say.moment(one.started_at))
    if one.reason:
        line += say(words.because, one.reason)
    return line + say(words.moving, one.under_way) if one.under_way else line


def hold_notes(holds: Sequence[HoldView], waiting: int, say: Voice, *, slack: bool = True) -> list[str]:
    """Say what is held and how to lift it, and how many wait for a word; nothing where nothing is."""
    command, listing = ("/sns", "/sns hold list") if slack else ("sns", "sns held")
    lines = [f"{hold_line(one, say)}　{say(words.how_to_resume, command, one.target)}" for one in holds]
    return [*lines, say(words.waiting, waiting, listing)] if waiting else lines


def copy_notes(copy: CopyView | None, say: Voice) -> list[str]:
    """Say that a restored or copied ledger holds what was written before; nothing where none does."""
    return [] if copy is None else [say(copied.in_force, say.moment(copy.since))]


def held_line(one: HeldView, say: Voice) -> str:
    """Say in one line what waits."""
    line = say(words.waits, one.number, account_name(one, say), say.moment(one.planned_at))
    if one.is_late and one.latest_at is not None:
        line += say(words.late, say.moment(one.latest_at))
    return line + say(words.related) if one.is_disaster_related else line


def build_triage(holds: Sequence[HoldView], waiting: Sequence[HeldView], say: Voice) -> list[Block]:
    """Build the list: the holds in force, and each post that waits, with its buttons."""
    blocks = [header(say(words.title))]
    blocks += [sentence(hold_line(one, say)) for one in holds] or [sentence(say(words.no_hold))]
    if not waiting:
        return [*blocks, sentence(say(words.nothing_waits))]
    for one in waiting[:MAX_LINES]:
        blocks.append(_shown(one, say))
        if (buttons := _buttons(one, say)) is not None:
            blocks.append(buttons)
    if len(waiting) > MAX_LINES:
        blocks.append(sentence(say(words.more, len(waiting) - MAX_LINES)))
    return blocks


def build_held(one: HeldView, say: Voice) -> tuple[str, list[Block]]:
    """Tell of one post that a hold has stopped; with buttons where somebody may decide now."""
    if one.is_in_force:
        text = say(
            words.ask_related if one.is_disaster_related else words.told_held, one.number, account_name(one, say)
        )
    else:
        text = held_line(one, say)
    blocks: list[Block] = [section(f"{escape(text)}\n{escape(one.excerpt)}")]
    buttons = _buttons(one, say)
    return text, blocks if buttons is None else [*blocks, buttons]


def _shown(one: HeldView, say: Voice) -> Block:
    return section(f"*{escape(held_line(one, say))}*\n{escape(one.excerpt)}")


def _buttons(one: HeldView, say: Voice) -> Block | None:
    """Return the answers that are open: under a hold, only what is related to the disaster can go."""
    value = json.dumps({"d": one.delivery, "q": one.question})
    stop = button(say(words.do_not_send), HoldId.DO_NOT_SEND, value, style="danger")
    later = button(say(words.later), HoldId.LATER, value)
    if one.is_in_force and not one.is_disaster_related:
        return None
    label = words.send_related if one.is_in_force else words.send
    return actions(button(say(label), HoldId.SEND, value, style="primary"), stop, later)
