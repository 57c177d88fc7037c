"""How a city puts a post right: which way its pack rules, read from what the pack says of deleting it. Pure.

A pack is asked whether a post may be deleted for a reason. Where it says yes by a rule of its own, deleting and posting
anew is the city's way; where it forbids it, wants a consent first, or says nothing, a new post names the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from policy.model import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publisher.reviewing import Look


class Way(StrEnum):
    """What is done with a post on one account; words of the table `corrections`."""

    NEW_POST = "new_post"
    """A new post names the old one, which stays."""
    DELETE = "delete"
    """It is deleted, and nothing takes its place."""
    DELETE_AND_REPOST = "delete_and_repost"
    """It is deleted, and its correction is posted anew."""


class Ruling(StrEnum):
    """What a pack says of a deletion on one account."""

    ORDERED = "ordered"
    """A rule of the pack allows it: that is the city's way."""
    SILENT = "silent"
    """No rule speaks of it."""
    CONSENT = "consent"
    """It wants somebody's consent."""
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a post is put right."""

    removal: str
    """The pack's word for it (`policy.model.Action.removal`)."""
    is_urgent: bool
    """It must go at once: nobody's sign-off is waited for."""


CAUSES: Final[Mapping[str, Cause]] = {
    "typo": Cause(removal="error", is_urgent=False),
    "wrong_content": Cause(removal="error", is_urgent=False),
    "personal_data": Cause(removal="T06", is_urgent=True),
    "secret": Cause(removal="T05", is_urgent=True),
    "wrong_account": Cause(removal="error", is_urgent=True),
}


def ruling_of(look: Look) -> Ruling:
    """Return what the pack said when it was asked about a deletion."""
    if look.is_blocked:
        return Ruling.FORBIDDEN
    if look.role_needed is not None:
        return Ruling.CONSENT
    rules = [one for one in look.verdict.findings if one.effect is Decision.ALLOW and one.clauses]
    return Ruling.ORDERED if rules else Ruling.SILENT


def ordinary_way(ruling: Ruling, *, can_recall: bool) -> Way:
    """Return the way of an ordinary correction; *can_recall*: the platform lets posts be deleted."""
    return Way.DELETE_AND_REPOST if ruling is Ruling.ORDERED and can_recall else Way.NEW_POST


def may_go_at_once(ruling: Ruling, cause: Cause, *, is_manager: bool) -> bool:
    """Tell whether one person's order deletes it now.

    What must go at once waits for no consent. What need not goes where the pack itself says so, or by the word of the
    head who answers for the accounts; nobody deletes what the pack forbids to delete.
    """
    if ruling is Ruling.FORBIDDEN:
        return False
    return cause.is_urgent or ruling is Ruling.ORDERED or (is_manager and ruling in {Ruling.SILENT, Ruling.CONSENT})
