"""The questions of the packs' checklists: which are open, for whom, and how an answer finds its pack again. Pure.

A city can use several packs, whose questions may have the same id and other words. So an answer is kept under a key
made of the id and the very words: equal questions are asked once, and words that changed are asked again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from publisher import mapping
from publisher.api import PeopleShown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from policy.model import Question as Asked
    from policy.model import Words
    from policy.pack import Pack
    from publisher.api import Question
    from publisher.reviewing import Look

AUTHOR: Final = "draft"
APPROVER: Final = "approve"
_DIGITS: Final = 8
_SAID: Final = frozenset(PeopleShown) - {PeopleShown.UNKNOWN}


def key_of(question: str, words: Words) -> str:
    """Return the key under which an answer to a question of these words is kept."""
    return f"{question}.{sha256(words.ja.encode()).hexdigest()[:_DIGITS]}"


def answers_for(pack: Pack, answers: Mapping[str, bool]) -> dict[str, bool]:
    """Return what was answered to a pack's own questions, by their ids."""
    if not answers:
        return {}
    return {question: answers[key] for question, key in _keys_of(pack) if key in answers}


@lru_cache(maxsize=64)
def _keys_of(pack: Pack) -> Sequence[tuple[str, str]]:
    """Return the ids of a pack's questions with their keys."""
    return [(spec.id, key_of(spec.id, spec.question)) for spec in pack.questions]


def asked_of_author(looks: Iterable[Look]) -> tuple[Question, ...]:
    """Return the questions that the author answers, each once: also an approver's where nobody signs."""
    return _merged((look, one) for look in looks for one in look.verdict.checklist if one.when == AUTHOR)


def asked_of_approver(looks: Iterable[Look], author: Mapping[str, bool]) -> tuple[Question, ...]:
    """Return the questions that an approver answers, each once.

    Args:
        looks: The lines that he or she decides.
        author: What the author answered: those of the draft that are left open come here too.
    """
    return _merged(
        (look, one)
        for look in looks
        for one in look.verdict.checklist
        if one.when == APPROVER or (one.when == AUTHOR and key_of(one.id, one.question) not in author)
    )


def answered(looks: Iterable[Look], answers: Mapping[str, bool]) -> tuple[Question, ...]:
    """Return the questions of *looks* that *answers* answers, with the answers."""
    found = _merged((look, one) for look in looks for one in look.verdict.checklist)
    return tuple(replace(one, answer=answers[one.key]) for one in found if one.key in answers)


def prefilled(questions: Sequence[Question], answers: Mapping[str, bool]) -> tuple[Question, ...]:
    """Return *questions* with the answers that were given to the same ones."""
    return tuple(replace(one, answer=answers.get(one.key)) for one in questions)


def with_people(media: Sequence[Mapping[str, str]], people: Mapping[str, str]) -> list[dict[str, str]]:
    """Return a version's files with what is said of the people in them."""
    return [{**one, "people": people[one["sha256"]]} if one["sha256"] in people else dict(one) for one in media]


def unsaid(media: Sequence[Mapping[str, str]], people: Mapping[str, str]) -> int:
    """Count the files of which nobody says who is in them."""
    return sum(people.get(one["sha256"]) not in _SAID for one in media)


def _merged(asked: Iterable[tuple[Look, Asked]]) -> tuple[Question, ...]:
    found: dict[str, Question] = {}
    for look, one in asked:
        key = key_of(one.id, one.question)
        if key not in found:
            found[key] = mapping.question_view(look.pack, one, key)
    return tuple(found.values())
