"""The small forms behind the card's buttons. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatops.block_kit import (
    MAX_CHECKBOXES,
    MAX_OPTION_CHARS,
    Block,
    choices_element,
    field,
    modal,
    option,
    text_element,
)
from chatops.features.approve.ids import ApproveId
from chatops.messages.ja import card as words
from chatops.messages.ja import form, labels
from publisher.api import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops.messages import Voice
    from publisher.api import Question


def build_checklist(
    number: str, questions: Sequence[Question], say: Voice, *, metadata: str, is_final: bool = True
) -> Block:
    """Build the checklist before 承認 or 決裁: the points of each document together, and room for a note."""
    blocks = [_group_field(index, group, say) for index, group in enumerate(_groups(questions, say))]
    blocks.append(field(ApproveId.NOTE, say(words.note), text_element(is_multiline=True), is_optional=True))
    return modal(
        ApproveId.CHECKLIST,
        say(words.title_final if is_final else words.title_step, number),
        blocks,
        submit=say(words.approve_final if is_final else words.approve_step),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def build_reason_form(number: str, decision: Decision, say: Voice, *, metadata: str) -> Block:
    """Build the form of 差戻し or 廃案, with its reason."""
    is_return = decision is Decision.RETURN
    return modal(
        ApproveId.REASON_FORM,
        say(words.title_return if is_return else words.title_reject, number),
        [field(ApproveId.REASON, say(words.reason), text_element(is_multiline=True))],
        submit=say(words.send_back if is_return else words.reject),
        close=say(labels.cancel_form),
        metadata=metadata,
    )


def find_unticked(view: Block, values: Mapping[str, Any]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the points without a tick, by block and in words, and the keys of the points with one."""
    unticked: dict[str, list[str]] = {}
    ticked: list[str] = []
    for block in view["blocks"]:
        block_id = str(block["block_id"])
        if not block_id.startswith(f"{ApproveId.QUESTION}."):
            continue
        chosen = {each["value"] for each in values[block_id][block_id].get("selected_options") or ()}
        for each in block["element"]["options"]:
            if each["value"] in chosen:
                ticked.append(str(each["value"]))
            else:
                unticked.setdefault(block_id, []).append(str(each["text"]["text"]))
    return unticked, ticked


def _groups(questions: Sequence[Question], say: Voice) -> list[tuple[str, list[Question]]]:
    """Put the points of a document together, as many as checkboxes take; one too long for a box stands alone."""
    groups: list[tuple[str, list[Question]]] = []
    for question in questions:
        head = say.said(question.citation.document) if question.citation else say(words.own_points)
        if len(say.said(question.text)) > MAX_OPTION_CHARS:
            groups.append((say.said(question.text), [question]))
            continue
        open_group = next((kept for name, kept in groups if name == head and len(kept) < MAX_CHECKBOXES), None)
        if open_group is None:
            groups.append((head, [question]))
        else:
            open_group.append(question)
    return groups


def _group_field(index: int, group: tuple[str, Sequence[Question]], say: Voice) -> Block:
    head, questions = group
    is_alone = head == say.said(questions[0].text)
    options = [
        option(say(words.confirmed) if is_alone else say.said(each.text), each.key, _clause(each, say))
        for each in questions
    ]
    label = head if is_alone else say(words.group, head)
    return field(f"{ApproveId.QUESTION}.{index}", label, choices_element(options, ()))


def _clause(question: Question, say: Voice) -> str:
    cited = question.citation
    return say(form.citation, "", cited.section, cited.quote).strip() if cited else ""
