"""The small forms behind the card's buttons. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chatops import block_kit
from chatops.block_kit import Block, actions, button, escape, modal, section, text_element
from chatops.checklist import question_fields
from chatops.features.approve.ids import ApproveId
from chatops.messages.ja import card as words
from chatops.messages.ja import checklist, labels
from chatops.panes import plain_finding_blocks
from publisher.api import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops.messages import Voice
    from publisher.api import Question, Weighing

BLOCK: Final = "block"
MAX_POINTS_CHARS: Final = 900
"""How much of the points answered with no the button 「差戻し」 carries into its form."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What follows from the answers, and what the person had filled in: for the form as it is shown again."""

    weighing: Weighing
    note: str = ""
    points: Mapping[str, str] = field(default_factory=dict)
    """The words of what was answered with no, by the question's key; empty where nothing was."""


def build_checklist(
    number: str,
    questions: Sequence[Question],
    say: Voice,
    *,
    metadata: str,
    is_final: bool = True,
    weighed: Weighed | None = None,
) -> Block:
    """Build the checklist before 承認 or 決裁: the points of each document together, and room for a note.

    Args:
        number: The post's number.
        questions: The points, with what was answered already.
        say: The reader's language.
        metadata: What the form keeps.
        is_final: 決裁, else 承認.
        weighed: What follows from the answers so far.
    """
    blocks = [] if weighed is None else _what_follows(number, weighed, say)
    blocks += question_fields(questions, ApproveId.QUESTION, say)
    blocks.append(_note_field(weighed, say))
    return modal(
        ApproveId.CHECKLIST,
        say(words.title_final if is_final else words.title_step, number),
        blocks,
        submit=say(words.approve_final if is_final else words.approve_step),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def _what_follows(number: str, weighed: Weighed, say: Voice) -> list[Block]:
    if not weighed.points:
        return []
    weighing = weighed.weighing
    if weighing.effect == BLOCK:
        said = say(checklist.approver_no_blocks)
    elif weighing.needs_reason:
        said = say(checklist.approver_no_needs_reason)
    elif weighing.consent_from:
        said = say(checklist.approver_no_escalates, say(labels.names, weighing.consent_from))
    else:
        said = say(checklist.approver_no_stays)
    blocks = [
        section(f"⚠️ *{escape(said)}*"),
        *plain_finding_blocks(weighing.findings, say),
    ]
    reason = say(checklist.return_reason, list(weighed.points.values()))[:MAX_POINTS_CHARS]
    value = json.dumps({"n": number, "why": reason}, ensure_ascii=False)
    style = "danger" if weighing.effect == BLOCK else None
    return [*blocks, actions(button(say(words.send_back), ApproveId.RETURN_NO, value, style=style))]


def _note_field(weighed: Weighed | None, say: Voice) -> Block:
    note = text_element("" if weighed is None else weighed.note, is_multiline=True)
    if weighed is None or not weighed.weighing.needs_reason:
        return block_kit.field(ApproveId.NOTE, say(words.note), note, is_optional=True)
    hint = say(checklist.consent_reason_hint)
    return block_kit.field(ApproveId.NOTE, say(checklist.consent_reason), note, hint=hint)


def build_reason_form(number: str, decision: Decision, say: Voice, *, metadata: str, reason: str = "") -> Block:
    """Build the form of 差戻し or 廃案, with its reason."""
    is_return = decision is Decision.RETURN
    return modal(
        ApproveId.REASON_FORM,
        say(words.title_return if is_return else words.title_reject, number),
        [block_kit.field(ApproveId.REASON, say(words.reason), text_element(reason, is_multiline=True))],
        submit=say(words.send_back if is_return else words.reject),
        close=say(labels.cancel_form),
        metadata=metadata,
    )
