# ruff: noqa: E501 - a sentence stays on its line
"""What stands in an e-mail around what people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ANSWERS: Final[Mapping[str, str]] = {
    "is_it_there": "sent (it was posted), send (it was not: send it again), cancel (do not send)",
    "send_anyway": "send (send it all the same), cancel (do not send)",
    "now_or_later": "send (send it now), wait (wait for the opening), cancel (do not send)",
    "mended": "send (send it again), cancel (do not send)",
    "rewritten": "send (send it again), cancel (do not send)",
    "replaced": "sent (it was posted), cancel (it was not)",
    "still_valid": "send (it still holds: send it), cancel (do not send)",
    "is_it_gone": "sent (deleted, or gone already), send (delete again), cancel (do not delete)",
    "still_delete": "send (delete it), cancel (do not delete)",
    "held": "send (send it), cancel (do not send)",
}


def sender_name() -> str:
    """Name the sender."""
    return "Kairan (social media)"


def subject(text: str) -> str:
    """Mark a subject as ours."""
    return f"[SNS] {text}"


def subject_several(count: int) -> str:
    """Head a mail with several paragraphs."""
    return f"{count} notices"


def subject_asked(number: str) -> str:
    """Head a question."""
    return f"{number}: your answer is needed"


def subject_found(number: str) -> str:
    """Head what turned out to be there after all."""
    return f"Please look at what {number} left on the platform"


def subject_failed(number: str) -> str:
    """Head the failure of an emergency post."""
    return f"Emergency post {number} could not be published"


def subject_expired(number: str) -> str:
    """Head a post that ran out of time."""
    return f"{number} was not approved in time"


def subject_sign_off(number: str) -> str:
    """Head the request for 後閲."""
    return f"Emergency post {number} awaits your sign-off"


def dear(name: str) -> str:
    """Address a person."""
    return f"Dear {name},"


def dear_admins() -> str:
    """Address those who look after the machine."""
    return "To the administrators,"


def why_by_mail() -> str:
    """Say why this comes by e-mail."""
    return "Slack did not take this notice, so it comes by e-mail."


def answer_in_slack() -> str:
    """Say where the buttons are."""
    return "Where Slack works, answer with the buttons of the question in the approvals channel (this mail cannot be replied to)."


def answer_in_shell(number: str, account: str, doubt: str) -> str:
    """Say how to answer without Slack."""
    return f"Without Slack, ask the IT division to answer on the server: sns answer {number} {account} ANSWER --as PERSON\nANSWER is one of: {_ANSWERS[doubt]}."


def sign_in_slack() -> str:
    """Say where 後閲 is given."""
    return "Sign it in the approvals channel once Slack works again. There is no hurry."


def names(several: Iterable[str]) -> str:
    """List names."""
    return ", ".join(several)


def signature() -> str:
    """End a mail."""
    return "Sent automatically by Kairan, the city's social media desk. Replies to this address are not read."
