"""The life of a delivery: its states and the one table of allowed transitions. Pure; no database, no clock.

A delivery is the unit of the ledger: one version to one account, or one repost. Every change of state is an
`Event`; `next_state` is the only way to learn where an event leads, and the store's one door asks it.
`docs/states.md` is printed from this table.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class DeliveryKind(StrEnum):
    """What a delivery does on its account."""

    PUBLISH = "publish"
    REPOST = "repost"
    """Of what its source published."""
    DELETE = "delete"
    """Of what its source published; idempotent, and repeated freely."""
    UNDO_REPOST = "undo_repost"
    """Of what its source reposted; idempotent, and repeated freely."""


TAKES_BACK: Final = frozenset({DeliveryKind.DELETE, DeliveryKind.UNDO_REPOST})
"""Kinds that take something back: what was ordered is done, whatever the hour, the round or a hold says."""

SOURCE_KINDS: Final[Mapping[DeliveryKind, DeliveryKind]] = {
    DeliveryKind.REPOST: DeliveryKind.PUBLISH,
    DeliveryKind.DELETE: DeliveryKind.PUBLISH,
    DeliveryKind.UNDO_REPOST: DeliveryKind.REPOST,
}
"""Of what each kind can be. Nothing reposts a repost, so that two accounts which repost each other make no loop."""


class DeliveryState(StrEnum):
    """Where a delivery is. The comment of each says who moves it on."""

    WAITING = "waiting"
    """For another delivery's receipt (a mirror). The source's last transition moves it."""
    DUE = "due"
    """To be sent at `due_at`, which may lie ahead (then people see *scheduled*). A worker's claim moves it."""
    LEASED = "leased"
    """A worker holds it by a token until `lease_until`. The worker moves it, or the rescuer when the lease ends."""
    RETRY = "retry"
    """Safe to repeat, not before `due_at`. A worker's claim moves it."""
    UNKNOWN = "unknown"
    """A call was opened, or may have been, and nobody knows how it ended. The reconciler moves it, at `due_at`."""
    PROCESSING = "processing"
    """The platform is still working (video). The reconciler polls it, at `due_at`."""
    HELD = "held"
    """A hold (disaster mode) is in force, or was when it came up. A person moves it."""
    ASKED = "asked"
    """A person was asked what happened, or whether to go on. A person moves it."""
    SENT = "sent"
    """The platform's id is known: returned, or read back. Final."""
    FAILED = "failed"
    """Refused for good; says why, who must act, and how. Final."""
    CANCELLED = "cancelled"
    """Stopped by a person, or by an edit, before it went out. Final."""
    SUPERSEDED = "superseded"
    """A newer report made it obsolete before it went out. Final."""


class DeliveryEvent(StrEnum):
    """What happened to a delivery."""

    RELEASED = "released"
    """The receipt it waited for is there."""
    CLAIMED = "claimed"
    """A worker took the lease."""
    SUCCEEDED = "succeeded"
    """A receipt came back."""
    REFUSED = "refused"
    """The platform refuses the content for good."""
    NEEDS_PERSON = "needs_person"
    """Somebody must act first (reconnect, appeal)."""
    THROTTLED = "throttled"
    """Nothing was sent; not before a given time."""
    NOT_SENT = "not_sent"
    """Nothing was sent; safe to repeat."""
    PERHAPS_SENT = "perhaps_sent"
    """A call was opened and its end is not known."""
    LEASE_ENDED_UNOPENED = "lease_ended_unopened"
    """The worker died before it opened an attempt."""
    LEASE_ENDED_OPEN = "lease_ended_open"
    """The worker died while an attempt was open."""
    RECEIPT_CAME_LATE = "receipt_came_late"
    """A worker that had lost its lease came back with the platform's receipt: it is proof all the same."""
    STILL_PROCESSING = "still_processing"
    """The platform needs more time."""
    READ_BACK = "read_back"
    """The post was found on the platform."""
    PROVEN_ABSENT = "proven_absent"
    """The post is proven not to be there (or repeating is safe by the platform's own key)."""
    NOT_DECIDED = "not_decided"
    """Still not known; look again at a later time."""
    UNDECIDABLE = "undecidable"
    """Nothing more can be learnt; a person must say."""
    CAME_TOO_LATE = "came_too_late"
    """Its latest useful time passed before it went out."""
    POLICY_OBJECTS = "policy_objects"
    """The last check before sending no longer allows it."""
    OPENING_AWAITED = "opening_awaited"
    """It may go out, but only from the next opening on."""
    ROOM_AWAITED = "room_awaited"
    """It may go out, but only once its account has room for it: a rate limit, or a share that is used up."""
    HELD_BACK = "held_back"
    """A hold came into force."""
    HOLD_LIFTED = "hold_lifted"
    """A person let it go on after a hold."""
    PAST_LOST = "past_lost"
    """The ledger came back from a copy: it may have been sent since, and nobody here knows."""
    PERSON_SAYS_SENT = "person_says_sent"
    """A person looked and saw it on the platform."""
    PERSON_SAYS_SEND = "person_says_send"
    """A person looked, did not see it (or wants it in spite of the hour), and says: send."""
    PERSON_SAYS_WAIT = "person_says_wait"
    """A person lets it wait for the next opening."""
    CANCELLED = "cancelled"
    """A person, or an edit, stopped it."""
    SUPERSEDED = "superseded"
    """A newer report took its place."""
    SOURCE_ENDED = "source_ended"
    """The delivery that it waited for will never have a receipt."""
    ORDERED_ANEW = "ordered_anew"
    """A person orders after all a deletion that was called off. Only what takes something back knows it."""


_S = DeliveryState
_E = DeliveryEvent

TRANSITIONS: Final[Mapping[tuple[DeliveryState, DeliveryEvent], DeliveryState]] = {
    (_S.WAITING, _E.RELEASED): _S.DUE,
    (_S.WAITING, _E.SOURCE_ENDED): _S.CANCELLED,
    (_S.WAITING, _E.CANCELLED): _S.CANCELLED,
    (_S.WAITING, _E.SUPERSEDED): _S.SUPERSEDED,
    (_S.WAITING, _E.HELD_BACK): _S.HELD,
    (_S.DUE, _E.CLAIMED): _S.LEASED,
    (_S.DUE, _E.CANCELLED): _S.CANCELLED,
    (_S.DUE, _E.SUPERSEDED): _S.SUPERSEDED,
    (_S.DUE, _E.HELD_BACK): _S.HELD,
    (_S.DUE, _E.CAME_TOO_LATE): _S.ASKED,
    (_S.DUE, _E.PAST_LOST): _S.UNKNOWN,
    (_S.RETRY, _E.CLAIMED): _S.LEASED,
    (_S.RETRY, _E.CANCELLED): _S.CANCELLED,
    (_S.RETRY, _E.SUPERSEDED): _S.SUPERSEDED,
    (_S.RETRY, _E.HELD_BACK): _S.HELD,
    (_S.RETRY, _E.CAME_TOO_LATE): _S.ASKED,
    (_S.RETRY, _E.PAST_LOST): _S.UNKNOWN,
    (_S.LEASED, _E.SUCCEEDED): _S.SENT,
    (_S.LEASED, _E.REFUSED): _S.FAILED,
    (_S.LEASED, _E.NEEDS_PERSON): _S.ASKED,
    (_S.LEASED, _E.THROTTLED): _S.RETRY,
    (_S.LEASED, _E.NOT_SENT): _S.RETRY,
    (_S.LEASED, _E.PERHAPS_SENT): _S.UNKNOWN,
    (_S.LEASED, _E.STILL_PROCESSING): _S.PROCESSING,
    (_S.LEASED, _E.LEASE_ENDED_UNOPENED): _S.DUE,
    (_S.LEASED, _E.LEASE_ENDED_OPEN): _S.UNKNOWN,
    (_S.LEASED, _E.CAME_TOO_LATE): _S.ASKED,
    (_S.LEASED, _E.POLICY_OBJECTS): _S.ASKED,
    (_S.LEASED, _E.OPENING_AWAITED): _S.DUE,
    (_S.LEASED, _E.ROOM_AWAITED): _S.DUE,
    (_S.LEASED, _E.HELD_BACK): _S.HELD,
    (_S.LEASED, _E.CANCELLED): _S.CANCELLED,
    (_S.LEASED, _E.SUPERSEDED): _S.SUPERSEDED,
    (_S.PROCESSING, _E.STILL_PROCESSING): _S.PROCESSING,
    (_S.PROCESSING, _E.SUCCEEDED): _S.SENT,
    (_S.PROCESSING, _E.REFUSED): _S.FAILED,
    (_S.PROCESSING, _E.UNDECIDABLE): _S.ASKED,
    (_S.UNKNOWN, _E.READ_BACK): _S.SENT,
    (_S.UNKNOWN, _E.PROVEN_ABSENT): _S.DUE,
    (_S.UNKNOWN, _E.NOT_DECIDED): _S.UNKNOWN,
    (_S.UNKNOWN, _E.UNDECIDABLE): _S.ASKED,
    (_S.DUE, _E.RECEIPT_CAME_LATE): _S.SENT,
    (_S.LEASED, _E.RECEIPT_CAME_LATE): _S.SENT,
    (_S.RETRY, _E.RECEIPT_CAME_LATE): _S.SENT,
    (_S.UNKNOWN, _E.RECEIPT_CAME_LATE): _S.SENT,
    (_S.HELD, _E.RECEIPT_CAME_LATE): _S.SENT,
    (_S.ASKED, _E.RECEIPT_CAME_LATE): _S.SENT,
    (_S.HELD, _E.HOLD_LIFTED): _S.DUE,
    (_S.HELD, _E.CANCELLED): _S.CANCELLED,
    (_S.HELD, _E.SUPERSEDED): _S.SUPERSEDED,
    (_S.ASKED, _E.PERSON_SAYS_SENT): _S.SENT,
    (_S.ASKED, _E.PERSON_SAYS_SEND): _S.DUE,
    (_S.ASKED, _E.PERSON_SAYS_WAIT): _S.DUE,
    (_S.ASKED, _E.CANCELLED): _S.CANCELLED,
    (_S.ASKED, _E.SUPERSEDED): _S.SUPERSEDED,
}

REVIVALS: Final[Mapping[tuple[DeliveryState, DeliveryEvent], DeliveryState]] = {
    (_S.CANCELLED, _E.ORDERED_ANEW): _S.DUE,
}
"""What is added for kinds that take something back: the later decision holds, and there is still one deletion only."""

FINAL: Final = frozenset({_S.SENT, _S.FAILED, _S.CANCELLED, _S.SUPERSEDED})
"""States that nothing leaves, but by `REVIVALS`."""

CLAIMABLE: Final = frozenset({_S.DUE, _S.RETRY})
"""States from which a worker may take a lease once `due_at` is past."""

STOPPABLE: Final = frozenset(state for (state, event) in TRANSITIONS if event is _E.CANCELLED) - {_S.LEASED}
"""States in which cancelling certainly keeps the delivery from going out.

A leased one is cancelled by its own worker, at the last check before the call.
"""


class ForbiddenTransitionError(Exception):
    """This event cannot happen to a delivery in this state."""

    def __init__(self, state: DeliveryState, event: DeliveryEvent) -> None:
        """Name the *state* and the *event*."""
        super().__init__(f"{event} cannot happen to a delivery that is {state}")
        self.state = state
        self.event = event


def next_state(state: DeliveryState, event: DeliveryEvent, kind: DeliveryKind = DeliveryKind.PUBLISH) -> DeliveryState:
    """Return where *event* leads a delivery of *kind* from *state*.

    Raises:
        ForbiddenTransitionError: The table has no such transition.
    """
    if kind in TAKES_BACK and (state, event) in REVIVALS:
        return REVIVALS[state, event]
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ForbiddenTransitionError(state, event) from None
