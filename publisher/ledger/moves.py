"""What the end of a call means for its delivery. Pure: what came back goes in, an event with its change comes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from platforms.errors import NeedsPerson, NotSent, PlatformError, Rejected, Throttled, Who
from platforms.port import Pending
from publisher.delivery import TAKES_BACK, DeliveryEvent
from publisher.store.deliveries import Change, Objection, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from platforms.port import Receipt
    from publisher.ledger.backoff import Backoff
    from publisher.ledger.pace import Pace
    from publisher.store.delivery_record import Delivery

ADAPTER_FAULT: Final = "adapter_fault"
"""The code of anything that an adapter raises and may not."""
NOT_KEPT: Final = "not_kept"
"""The database was away when a call had to write down what makes its repeat safe: the call went no further."""
HELD: Final = "held"
"""A hold is in force, or was when it came up."""
HELD_RELATED: Final = "held_disaster_related"
"""The same, but its post is marked as related to the disaster: the PR division is asked."""
LATE: Final = "late"
UNDECIDED: Final = "perhaps_sent"
"""The code of the question whether a post is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An event to apply to a delivery, with what it brings."""

    event: DeliveryEvent
    change: Change = field(default_factory=Change)
    detail: Mapping[str, str | int] = field(default_factory=dict)
    """What the attempt's row keeps."""
    is_proof: bool = False
    """True where it proves that no call so far has published anything."""
    retry: Move | None = None
    """Where a person is asked for its many calls: what it comes to if more than `excess` of them don't count."""
    excess: int = 0


def after_answer(answer: Receipt | Pending, now: datetime) -> Move:
    """Return what a platform's answer means."""
    if isinstance(answer, Pending):
        due_at = now + timedelta(seconds=answer.check_after_seconds)
        return Move(event=DeliveryEvent.STILL_PROCESSING, change=Change(poll_token=answer.token, due_at=due_at))
    detail = {"external_id": answer.external_id}
    return Move(event=DeliveryEvent.SUCCEEDED, change=Change(receipt=answer), detail=detail)


def after_error(error: Exception, delivery: Delivery, *, now: datetime, pace: Pace, backoff: Backoff) -> Move:
    """Return what it means that a call raised *error*; what no adapter may raise counts as perhaps sent."""
    problem = problem_of(error)
    detail: dict[str, str | int] = {"code": problem.code, "detail": problem.detail}
    match error:
        case Rejected():
            # A post that stays where it must not is somebody's to see to: a deletion never just fails.
            event = DeliveryEvent.NEEDS_PERSON if delivery.kind in TAKES_BACK else DeliveryEvent.REFUSED
            return Move(event=event, change=Change(problem=problem), detail=detail)
        case NeedsPerson():
            return Move(event=DeliveryEvent.NEEDS_PERSON, change=Change(problem=problem), detail=detail)
        case Throttled():
            at = max(error.until, now + timedelta(seconds=pace.retry_base_seconds))
            return _again(DeliveryEvent.THROTTLED, delivery, at=at, problem=problem, detail=detail)
        case NotSent():
            at = now + backoff.wait(delivery.attempts)
            retry = _again(DeliveryEvent.NOT_SENT, delivery, at=at, problem=problem, detail=detail)
            excess = delivery.attempts - pace.max_attempts
            if excess < 0:
                return retry
            asked = Change(problem=problem)
            return Move(event=DeliveryEvent.NEEDS_PERSON, change=asked, detail=detail, retry=retry, excess=excess)
    change = Change(problem=problem, due_at=now + timedelta(seconds=pace.first_look_seconds))
    return Move(event=DeliveryEvent.PERHAPS_SENT, change=change, detail=detail)


def _again(
    event: DeliveryEvent, delivery: Delivery, *, at: datetime, problem: Problem, detail: Mapping[str, str | int]
) -> Move:
    """Return a retry at *at*, or the question where that would be too late."""
    if delivery.is_late(at):
        asked = replace(problem, objection=Objection.LATE)
        return Move(event=DeliveryEvent.CAME_TOO_LATE, change=Change(problem=asked), detail=detail)
    return Move(event=event, change=Change(problem=problem, due_at=at), detail=detail)


def wait_until(delivery: Delivery, at: datetime, problem: Problem) -> Move:
    """Return that a delivery waits for room until *at*, or the question, while there is still time to decide."""
    return _again(DeliveryEvent.ROOM_AWAITED, delivery, at=at, problem=problem, detail={})


def without_call(error: Exception) -> Exception:
    """Return what *error* amounts to where no call was opened: then nothing can have been sent."""
    if isinstance(error, (Rejected, NeedsPerson, Throttled, NotSent)):
        return error
    problem = problem_of(error)
    return NotSent(problem.code, params=problem.params, detail=problem.detail)


def problem_of(error: Exception) -> Problem:
    """Return what is kept of an error: never its text where it isn't an adapter's, for that may hold a secret."""
    if not isinstance(error, PlatformError):
        return Problem(code=ADAPTER_FAULT, params={"type": type(error).__name__}, who=Who.IT)
    who = error.who if isinstance(error, NeedsPerson) else None
    if isinstance(error, Rejected):
        who = Who.AUTHOR
    params = {name: _legible(value) if isinstance(value, str) else value for name, value in error.params.items()}
    return Problem(code=error.code, params=params, who=who, detail=_legible(error.detail))


def _legible(words: str) -> str:
    """Return a vendor's words as both engines take them: half an emoji (where they were cut) and NUL are no text."""
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in words)


def late(delivery: Delivery) -> Move:
    """Return the question about a delivery whose latest useful time has passed."""
    params = {} if delivery.latest_at is None else {"latest_at": delivery.latest_at.isoformat()}
    problem = Problem(code=LATE, params=params, who=Who.AUTHOR, objection=Objection.LATE)
    return Move(event=DeliveryEvent.CAME_TOO_LATE, change=Change(problem=problem))
