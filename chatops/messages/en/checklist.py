# ruff: noqa: E501 - a sentence stays on its line
"""The questions that people answer in a form: the author's and the approver's checklist, and who is in the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NAMED: Final = 2
"""How many open points are named one by one."""


def group(document: str) -> str:
    """Label the points of one document."""
    return f"Please check, and tick what is all right ({document})"


def own_points() -> str:
    """Name the points that rest on no document."""
    return "The city's own points"


def confirmed() -> str:
    """Label the box of a point that stands alone."""
    return "Checked; it is all right"


def no_to_the_rest() -> str:
    """Label the box that says no to every point without a tick."""
    return "What has no tick is a “no” (a problem, or I cannot tell)"


def whole_clauses() -> str:
    """Head the clauses that do not fit below their points."""
    return "The clauses in full"


def tick_or_say_no(points: Sequence[str]) -> str:
    """Say that points are open, and the two ways to answer them."""
    how = "Tick what is all right; where it is not, tick the last box here (“no”)."
    if len(points) <= MAX_NAMED:
        return f"Not answered yet: {' '.join(f'“{point}”' for point in points)} {how}"
    return f"{len(points)} points are not answered yet. {how}"


def all_and_no() -> str:
    """Say that all is ticked, and no is said too."""
    return "Everything is ticked. Untick the points that are a “no”, or untick the last box if there are none."


def people(kind: str, name: str) -> str:
    """Ask who is in a picture or video."""
    return f"Can people be recognised in the {'video' if kind == 'video' else 'image'} “{name}”?"


def people_none() -> str:
    """Say that nobody is in it."""
    return "There is nobody in it"


def people_agreed() -> str:
    """Say that all have agreed."""
    return "There is, and all of them have agreed"


def people_not_agreed() -> str:
    """Say that somebody has not."""
    return "There is somebody who has not agreed"


def author_head() -> str:
    """Head what the author answers."""
    return "For the author to check before submitting"


def author_said() -> str:
    """Head what the author answered."""
    return "Checked by the author"


def said_no(point: str) -> str:
    """Show a point that was answered with no."""
    return f"No (a problem, or cannot tell): {point}"


def people_said(kind: str, name: str, answer: str) -> str:
    """Show what was said of the people in a file."""
    return f"{'Video' if kind == 'video' else 'Image'} “{name}”: {answer}"


def more_points(count: int) -> str:
    """Say that points are left out."""
    return f"{count} more points were checked."


def no_blocks() -> str:
    """Say that an answer of the author's stops the post."""
    return "With the answer “no” it cannot be submitted. Please read what is said below, then press “Edit” or change your answer."


def no_escalates(who: str) -> str:
    """Say whose consent an answer of the author's needs."""
    by = f" It can come from {who}." if who else ""
    return f"With the answer “no” it needs consent.{by} If that is right, press “Submit” again. The reason for the consent is given in the round."


def no_warns() -> str:
    """Say that an answer of the author's is recorded."""
    return "There is an answer “no”. Please read what is said below; if that is right, press “Submit” again. The approvers will see it."


def no_changes_nothing() -> str:
    """Say that an answer of the author's changes nothing by itself."""
    return "There is an answer “no”. If that is right, press “Submit” again. The approvers will see it."


def approver_no_blocks() -> str:
    """Say that an answer of the approver's stops the post."""
    return "With the answer “no” it cannot be approved. Press “Send back” and tell the author why."


def approver_no_escalates(who: str) -> str:
    """Say whose consent an answer of the approver's needs."""
    by = f" ({who})" if who else ""
    return f"With the answer “no” it needs consent. If that is right, press the button again: it goes to whoever can consent{by}, who will give a reason."


def approver_no_needs_reason() -> str:
    """Say that the approver's own consent is needed."""
    return "With the answer “no” it needs your consent. To consent, give a reason and press the button again."


def approver_no_stays() -> str:
    """Say that an answer of the approver's is recorded."""
    return "There is an answer “no”. If that is right, press the button again. The answer is recorded."


def weighing() -> str:
    """Say that the answers are being looked at."""
    return "Checking answers…"


def weighing_detail() -> str:
    """Say what happens meanwhile."""
    return "Finding out from the guideline what follows from the answer “no”."


def consent_reason() -> str:
    """Label the reason of a consent."""
    return "Reason for your consent"


def consent_reason_hint() -> str:
    """Say why the reason is asked for."""
    return "This post needs your consent. The reason is kept in the record."


def consent_reason_missing() -> str:
    """Ask for the reason of a consent."""
    return "Please give the reason for your consent."


def return_reason(points: Sequence[str]) -> str:
    """Begin the reason of 差戻し with the points that were answered with no."""
    return "\n".join(f"“{point}” is a problem, or cannot be told." for point in points)
