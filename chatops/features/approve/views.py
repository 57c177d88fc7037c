"""The small forms behind the card's buttons. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops.block_kit import Block, choices_element, field, modal, option, text_element
from chatops.features.approve.ids import ApproveId
from chatops.messages.ja import card as words
from chatops.messages.ja import form, labels
from publisher.api import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops.messages import Voice
    from publisher.api import Question


def question_block(key: str) -> str:
    """Return the id of a question's block."""
    return f"{ApproveId.QUESTION}.{key}"


def build_checklist(number: str, questions: Sequence[Question], say: Voice, *, metadata: str) -> Block:
    """Build the checklist before 決裁: a box for each point, and room for a note."""
    blocks = [_question_field(question, say) for question in questions]
    blocks.append(field(ApproveId.NOTE, say(words.note), text_element(is_multiline=True), is_optional=True))
    return modal(
        ApproveId.CHECKLIST,
        say(words.title_approve, number),
        blocks,
        submit=say(words.approve_final),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def build_reason_form(number: str, decision: Decision, say: Voice, *, metadata: str) -> Block:
    """Build the form of 差戻し or 廃案, with its reason."""
    is_return = decision is Decision.RETURN
    return modal(
        ApproveId.REASON_FORM,
        say(words.title_return if is_return else words.title_reject, number),
        # Optional for Slack, so that the answer comes from us, in words.
        [field(ApproveId.REASON, say(words.reason), text_element(is_multiline=True), is_optional=True)],
        submit=say(words.send_back if is_return else words.reject),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def _question_field(question: Question, say: Voice) -> Block:
    cited = question.citation
    hint = say(form.citation, say.said(cited.document), cited.section, cited.quote) if cited else None
    box = choices_element([option(say(words.confirmed), "yes")], ())
    return field(question_block(question.key), say.said(question.text), box, is_optional=True, hint=hint)
