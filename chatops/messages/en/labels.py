"""Names of platforms, states and outlooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PLATFORMS: Final[Mapping[str, str]] = {"x": "X", "line": "LINE", "facebook": "Facebook", "youtube": "YouTube"}
STATES: Final[Mapping[str, str]] = {
    "draft": "draft",
    "submitted": "waiting for approval",
    "returned": "sent back",
    "approved": "approved",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "expired": "expired",
    "cancelled": "cancelled",
    "closed": "closed",
}
OUTLOOKS: Final[Mapping[str, str]] = {
    "nothing_yet": "nothing out yet",
    "scheduled": "scheduled",
    "sending": "being sent",
    "published": "published",
    "partly_published": "partly published",
    "not_published": "not published",
    "asked": "needs an answer",
    "held": "stopped by a hold",
    "deleting": "being deleted",
    "deleted": "deleted",
    "partly_deleted": "partly deleted",
    "corrected": "corrected",
}
DELIVERIES: Final[Mapping[str, str]] = {
    "waiting": "waits for the original",
    "due": "scheduled",
    "leased": "being sent",
    "retry": "will be tried again",
    "unknown": "being checked",
    "processing": "being processed by the platform",
    "held": "stopped by a hold",
    "asked": "needs an answer",
    "sent": "posted",
    "failed": "could not be posted",
    "cancelled": "cancelled",
    "superseded": "replaced by a newer post, not sent",
}
DECISIONS: Final[Mapping[str, str]] = {
    "approve": "approved",
    "approve_step": "approved",
    "return": "sent back",
    "reject": "rejected",
}
CAUSES: Final[Mapping[str, str]] = {
    "typo": "a typing error",
    "wrong_content": "an error in what it says",
    "personal_data": "it holds personal data",
    "secret": "it holds a secret",
    "wrong_account": "it went to the wrong account",
}
WHO: Final[Mapping[str, str]] = {"it": "IT", "manager": "the manager", "author": "the author or an approver"}
ROLES: Final[Mapping[str, str]] = {
    "author": "author",
    "operator": "operator",
    "approver": "approver",
    "responsible": "responsible head",
    "manager": "manager",
    "emergency": "emergency sender",
}
UNITS: Final[Mapping[str, str]] = {
    "weighted": " (full-width counts 2)",
    "utf16": " characters",
    "chars": " characters",
    "bytes": " bytes",
}


def platform(name: str) -> str:
    """Name a platform."""
    return PLATFORMS.get(name, name)


def state(name: str) -> str:
    """Name a post's state."""
    return STATES.get(name, name)


def outlook(name: str) -> str:
    """Name what a post looks like from outside."""
    return OUTLOOKS.get(name, name)


def delivery(name: str) -> str:
    """Name a delivery's state."""
    return DELIVERIES.get(name, name)


def decision(name: str) -> str:
    """Name a decision."""
    return DECISIONS.get(name, name)


def role(name: str) -> str:
    """Name a role."""
    return ROLES.get(name, name)


def who(name: str) -> str:
    """Name who must act on a delivery."""
    return WHO.get(name, name)


def cause(name: str) -> str:
    """Name why a post is put right."""
    return CAUSES.get(name, name)


def as_deletion(account: str) -> str:
    """Name an account from which a post is deleted."""
    return f"{account} (deletion)"


def as_undoing(account: str) -> str:
    """Name an account that undoes its repost."""
    return f"{account} (undoing the repost)"


def taken_back() -> str:
    """Name the end of what takes something back."""
    return "done"


def deleted() -> str:
    """Name the end of a post that was taken back."""
    return "deleted"


def undone() -> str:
    """Name the end of a repost that was taken back."""
    return "undone"


def goes_at(moment: str) -> str:
    """Say when an approved post goes out."""
    return f"It goes out on {moment}."


def goes_soon() -> str:
    """Say that an approved post goes out at once."""
    return "It goes out in a moment."


def length(used: int, limit: int, unit: str, *, is_title: bool) -> str:
    """Say how much of the room a text takes."""
    name = "Title" if is_title else "Length"
    counted = UNITS.get(unit, unit)
    return f"{name} {used}/{limit}{counted}"


def nobody_decides() -> str:
    """Stand in for the names of those who decide, where a step is vacant."""
    return "(nobody can decide it today: ask IT to check the positions and their dates in the city file)"


def names(several: Iterable[str]) -> str:
    """List names."""
    return ", ".join(several)


def as_repost(account: str) -> str:
    """Name an account that reposts."""
    return f"{account} (repost)"


def as_soon_as_approved() -> str:
    """Say that there is no set time."""
    return "as soon as it is approved"


def ellipsis_to_show(number: str) -> str:
    """Say where the rest of a cut text is."""
    return f"… (all of it: /sns show {number})"


def close() -> str:
    """Label the button that closes a form."""
    return "Close"


def cancel_form() -> str:
    """Label the button that leaves a form."""
    return "Cancel"
