"""The life of a post: its own small state and its allowed transitions. Pure.

What citizens see (scheduled, sending, published, …) is not stored here: `outlook` computes it from the
deliveries. Verdict, route, seal and waiting belong to a *line*: one version on one account.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from publisher.delivery import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class PostState(StrEnum):
    """Where a post is in its round."""

    DRAFT = "draft"
    """下書き. Its author submits it."""
    SUBMITTED = "submitted"
    """承認待ち. The approvers decide; the author may withdraw it."""
    RETURNED = "returned"
    """差戻し. The author mends it: a new version, a draft again."""
    APPROVED = "approved"
    """決裁済み. Its deliveries go out; then it is closed."""
    REJECTED = "rejected"
    """廃案. Final."""
    WITHDRAWN = "withdrawn"
    """取下げ. Final."""
    EXPIRED = "expired"
    """期限切れ: its latest useful time passed before it was approved. Final."""
    CANCELLED = "cancelled"
    """中止. Final."""
    CLOSED = "closed"
    """完了: every delivery has ended. Final."""


class PostEvent(StrEnum):
    """What happened to a post."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    """The last open line was approved (also: an empty route, or `/sns now`)."""
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    EDITED = "edited"
    """A new version was made; the round begins anew."""
    CANCELLED = "cancelled"
    CLOSED = "closed"


_S = PostState
_E = PostEvent

TRANSITIONS: Final[Mapping[tuple[PostState, PostEvent], PostState]] = {
    (_S.DRAFT, _E.EDITED): _S.DRAFT,
    (_S.DRAFT, _E.SUBMITTED): _S.SUBMITTED,
    (_S.DRAFT, _E.CANCELLED): _S.CANCELLED,
    (_S.SUBMITTED, _E.APPROVED): _S.APPROVED,
    (_S.SUBMITTED, _E.RETURNED): _S.RETURNED,
    (_S.SUBMITTED, _E.REJECTED): _S.REJECTED,
    (_S.SUBMITTED, _E.WITHDRAWN): _S.WITHDRAWN,
    (_S.SUBMITTED, _E.EXPIRED): _S.EXPIRED,
    (_S.SUBMITTED, _E.EDITED): _S.DRAFT,
    (_S.SUBMITTED, _E.CANCELLED): _S.CANCELLED,
    (_S.RETURNED, _E.EDITED): _S.DRAFT,
    (_S.RETURNED, _E.CANCELLED): _S.CANCELLED,
    (_S.APPROVED, _E.EDITED): _S.DRAFT,
    (_S.APPROVED, _E.CANCELLED): _S.CANCELLED,
    (_S.APPROVED, _E.CLOSED): _S.CLOSED,
}

_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc", "-"))
"""What keyboards write for a hyphen: other hyphens, dashes, the minus sign, and the long vowel of kana."""


def plain_label(typed: str) -> str:
    """Return a post's number as `K-12`, however it was typed: small letters, full width, any dash of a keyboard."""
    return unicodedata.normalize("NFKC", typed).translate(_DASHES).strip().upper()


FINAL: Final = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.EXPIRED, _S.CANCELLED, _S.CLOSED})
"""States that nothing leaves."""


class ForbiddenPostTransitionError(Exception):
    """This event cannot happen to a post in this state."""

    def __init__(self, state: PostState, event: PostEvent) -> None:
        """Name the *state* and the *event*."""
        super().__init__(f"{event} cannot happen to a post that is {state}")
        self.state = state
        self.event = event


def next_state(state: PostState, event: PostEvent) -> PostState:
    """Return where *event* leads from *state*.

    Raises:
        ForbiddenPostTransitionError: The table has no such transition.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ForbiddenPostTransitionError(state, event) from None


class Outlook(StrEnum):
    """What a post looks like from outside, computed from its deliveries."""

    NOTHING_YET = "nothing_yet"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PUBLISHED = "published"
    PARTLY_PUBLISHED = "partly_published"
    NOT_PUBLISHED = "not_published"
    ASKED = "asked"
    HELD = "held"
    DELETING = "deleting"
    """Its deletion is ordered, and not done everywhere."""
    DELETED = "deleted"
    PARTLY_DELETED = "partly_deleted"
    CORRECTED = "corrected"
    """It is there, and so is the post that puts it right."""


_ON_THE_WAY: Final = frozenset(
    {DeliveryState.LEASED, DeliveryState.RETRY, DeliveryState.UNKNOWN, DeliveryState.PROCESSING}
)
_AHEAD: Final = frozenset({DeliveryState.DUE, DeliveryState.WAITING})


def outlook(states: Collection[DeliveryState]) -> Outlook:
    """Return what a post with deliveries in *states* looks like to people: the most pressing truth first."""
    seen = set(states)
    truths = (
        (not seen, Outlook.NOTHING_YET),
        (DeliveryState.ASKED in seen, Outlook.ASKED),
        (bool(seen & _ON_THE_WAY), Outlook.SENDING),
        (DeliveryState.HELD in seen, Outlook.HELD),
        (bool(seen & _AHEAD), Outlook.SENDING if DeliveryState.SENT in seen else Outlook.SCHEDULED),
        (seen == {DeliveryState.SENT}, Outlook.PUBLISHED),
        (DeliveryState.SENT in seen, Outlook.PARTLY_PUBLISHED),
    )
    return next((look for holds, look in truths if holds), Outlook.NOT_PUBLISHED)
