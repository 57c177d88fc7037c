"""The questions of a checklist as fields of a form, for author and approver alike. Pure.

A tick says yes. What has no tick is never taken as an answer by itself: each group ends with a box by which a person
says no to what is left, and without it the form comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from chatops import block_kit
from chatops.block_kit import (
    MAX_CHECKBOXES,
    MAX_OPTION_CHARS,
    Block,
    choice_element,
    choices_element,
    context,
    escape,
    option,
)
from chatops.messages.ja import checklist as words
from chatops.messages.ja import form
from publisher.api import PeopleShown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chatops.messages import Voice
    from publisher.api import MediaView, Question

NO: Final = "no"
"""The value of the box that says no to what has no tick; a question's key has a full stop in it."""
PEOPLE: Final[Mapping[str, Callable[[], str]]] = {
    PeopleShown.NONE: words.people_none,
    PeopleShown.AGREED: words.people_agreed,
    PeopleShown.NOT_AGREED: words.people_not_agreed,
}


@dataclass(kw_only=True)
class Answered:
    """What a person answered in a form."""

    answers: dict[str, bool] = field(default_factory=dict)
    points: dict[str, str] = field(default_factory=dict)
    """The words of what was answered with no, by the question's key."""
    people: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """What must be mended, by block."""

    def mark_of_no(self) -> str:
        """Return a short mark of the answers that say no; empty where none does.

        A form keeps it once it has told what follows from them, so that the same answers then count.
        """
        not_agreed = [each for each, said in self.people.items() if said == PeopleShown.NOT_AGREED]
        noes = sorted([*(key for key, answer in self.answers.items() if not answer), *not_agreed])
        return sha256(" ".join(noes).encode()).hexdigest()[:16] if noes else ""


def question_fields(questions: Sequence[Question], prefix: str, say: Voice) -> list[Block]:
    """Build the points of each document together as boxes, with the clause below each."""
    blocks: list[Block] = []
    for index, group in enumerate(_groups(questions, say)):
        blocks += _group_blocks(f"{prefix}.{index}", *group, say)
    return blocks


def people_fields(media: Sequence[MediaView], prefix: str, say: Voice) -> list[Block]:
    """Build the question who is in each picture and video."""
    options = [option(say(sentence), value) for value, sentence in PEOPLE.items()]
    return [
        block_kit.field(
            f"{prefix}.{each.sha256}",
            say(words.people, each.kind, each.name),
            choice_element("radio_buttons", options, each.people),
        )
        for each in media
    ]


def read_answers(view: Block, values: Mapping[str, Any], *, questions: str, people: str, say: Voice) -> Answered:
    """Read what a person answered; what is open or says both is an error beside its field.

    Args:
        view: The form as it was shown.
        values: Slack's state of it.
        questions: The prefix of the groups' blocks.
        people: The prefix of the blocks that ask who is pictured; empty where there are none.
        say: The person's language.
    """
    found = Answered()
    for block in view["blocks"]:
        block_id = str(block["block_id"])
        element = (values.get(block_id) or {}).get(block_id) or {}
        if block_id.startswith(f"{questions}."):
            _read_group(found, block, element, say)
        elif people and block_id.startswith(f"{people}."):
            chosen = (element.get("selected_option") or {}).get("value")
            if chosen:
                found.people[block_id.removeprefix(f"{people}.")] = str(chosen)
    return found


def _read_group(found: Answered, block: Block, element: Mapping[str, Any], say: Voice) -> None:
    ticked = {str(each["value"]) for each in element.get("selected_options") or ()}
    points = {str(each["value"]): str(each["text"]["text"]) for each in block["element"]["options"]}
    del points[NO]
    if len(points) == 1 and next(iter(points.values())) == say(words.confirmed):
        points = dict.fromkeys(points, str(block["label"]["text"]))
    left = {key: text for key, text in points.items() if key not in ticked}
    if left and NO not in ticked:
        found.errors[str(block["block_id"])] = say(words.tick_or_say_no, list(left.values()))
    elif NO in ticked and not left:
        found.errors[str(block["block_id"])] = say(words.all_and_no)
    found.answers |= {key: key in ticked for key in points}
    found.points |= left


def _groups(questions: Sequence[Question], say: Voice) -> list[tuple[str, list[Question]]]:
    """Put the points of a document together, as many as checkboxes take; one too long for a box stands alone."""
    groups: list[tuple[str, list[Question]]] = []
    for question in questions:
        head = say.said(question.citation.document) if question.citation else say(words.own_points)
        if len(say.said(question.text)) > MAX_OPTION_CHARS:
            groups.append((say.said(question.text), [question]))
            continue
        most = MAX_CHECKBOXES - 1  # one box says no
        open_group = next((kept for name, kept in groups if name == head and len(kept) < most), None)
        if open_group is None:
            groups.append((head, [question]))
        else:
            open_group.append(question)
    return groups


def _group_blocks(block_id: str, head: str, questions: Sequence[Question], say: Voice) -> list[Block]:
    is_alone = head == say.said(questions[0].text)
    clauses = {each.key: clause_of(each, say) for each in questions}
    options = [
        option(say(words.confirmed) if is_alone else say.said(each.text), each.key, clauses[each.key])
        for each in questions
    ]
    options.append(option(say(words.no_to_the_rest), NO))
    chosen = [each.key for each in questions if each.answer]
    if any(each.answer is False for each in questions):
        chosen.append(NO)
    label = head if is_alone else say(words.group, head)
    blocks = [block_kit.field(block_id, label, choices_element(options, chosen))]
    cut = [clause for clause in dict.fromkeys(clauses.values()) if len(clause) > MAX_OPTION_CHARS]
    if cut:
        blocks.append(context(escape("\n".join([say(words.whole_clauses), *cut]))))
    return blocks


def clause_of(question: Question, say: Voice) -> str:
    """Cite a question's clause, without the document, which heads its group."""
    cited = question.citation
    return say(form.citation, "", cited.section, cited.quote).strip() if cited else ""


def answer_lines(questions: Sequence[Question], media: Sequence[MediaView], say: Voice, *, most: int) -> list[str]:
    """Show in mrkdwn what an author answered: what says no first, and marked."""
    noes = [f"❌ *{escape(say(words.said_no, say.said(each.text)))}*" for each in questions if each.answer is False]
    noes += [f"❌ *{_people_line(each, say)}*" for each in media if each.people == PeopleShown.NOT_AGREED]
    fine = [f"✓ {escape(say.said(each.text))}" for each in questions if each.answer]
    fine += [f"✓ {_people_line(each, say)}" for each in media if each.people in {PeopleShown.NONE, PeopleShown.AGREED}]
    lines = [*noes, *fine]
    hidden = len(lines) - max(most, len(noes))
    return [*lines[: max(most, len(noes))], escape(say(words.more_points, hidden))] if hidden > 0 else lines


def _people_line(media: MediaView, say: Voice) -> str:
    return escape(say(words.people_said, media.kind, media.name, say(PEOPLE[media.people])))
