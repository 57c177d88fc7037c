"""What the end of a call means: what is repeated, when, and what never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Rejected, Throttled, Who
from publisher.delivery import TRANSITIONS, DeliveryEvent, DeliveryKind, DeliveryState
from publisher.ledger import Pace
from publisher.ledger.backoff import Backoff
from publisher.ledger.moves import after_error, wait_until
from publisher.store.deliveries import Delivery, Objection, Problem

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PACE = Pace()
RESET = NOW + timedelta(minutes=7, seconds=13)


def delivery(**changes: Any) -> Delivery:
    """Return a delivery whose first call is under way."""
    values: dict[str, Any] = dict.fromkeys(Delivery.__dataclass_fields__)
    values |= {"id": "d1", "city": "kashiwa", "account": "kashiwa_shi", "platform": "x", "kind": DeliveryKind.PUBLISH}
    values |= {"state": DeliveryState.LEASED, "state_at": NOW, "is_emergency": False, "planned_at": NOW, "due_at": NOW}
    values |= {"attempts": 1, "reads": 0, "looks": 0, "waived": (), "created_at": NOW}
    return Delivery(**(values | changes))


def after(error: Exception, *, draw: float = 0.5, **changes: Any) -> tuple[DeliveryEvent, datetime | None]:
    """Return the event, and when it is taken up next."""
    backoff = Backoff(base_seconds=PACE.retry_base_seconds, cap_seconds=PACE.retry_cap_seconds, random=lambda: draw)
    move = after_error(error, delivery(**changes), now=NOW, pace=PACE, backoff=backoff)
    return move.event, move.change.due_at


@pytest.mark.parametrize(
    ("error", "event"),
    [
        (Rejected("refused"), DeliveryEvent.REFUSED),
        (NeedsPerson("token_refused", who=Who.IT), DeliveryEvent.NEEDS_PERSON),
        (Throttled("rate_limited", until=RESET), DeliveryEvent.THROTTLED),
        (NotSent("unreachable"), DeliveryEvent.NOT_SENT),
        (PerhapsSent("no_answer"), DeliveryEvent.PERHAPS_SENT),
        (KeyError("id"), DeliveryEvent.PERHAPS_SENT),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_failure_has_its_meaning(error: Exception, event: DeliveryEvent) -> None:
    """Five kinds; whatever else an adapter raises counts as perhaps sent."""
    assert event is after(error)[0]


def test_only_what_sent_nothing_is_repeated() -> None:
    """Of the ends of a call only `throttled` and `not_sent` lead to a retry; perhaps sent is looked for first."""
    repeating = {event for (_, event), state in TRANSITIONS.items() if state is DeliveryState.RETRY}
    assert {DeliveryEvent.THROTTLED, DeliveryEvent.NOT_SENT} == repeating
    assert DeliveryState.UNKNOWN is TRANSITIONS[DeliveryState.LEASED, DeliveryEvent.PERHAPS_SENT]
    due = {DeliveryState.DUE, DeliveryState.RETRY}
    back = {event for (state, event), to in TRANSITIONS.items() if state is DeliveryState.UNKNOWN and to in due}
    assert {DeliveryEvent.PROVEN_ABSENT} == back


@pytest.mark.parametrize("draw", [0.0, 0.999])
def test_the_platforms_own_reset_is_followed_to_the_second(draw: float) -> None:
    """What the vendor names is no matter of chance."""
    assert (DeliveryEvent.THROTTLED, RESET) == after(Throttled("rate_limited", until=RESET), draw=draw)


def test_a_reset_that_is_over_still_leaves_a_breath() -> None:
    """A vendor's clock behind ours must not make us knock in a loop."""
    past = Throttled("rate_limited", until=NOW - timedelta(hours=1))
    assert (DeliveryEvent.THROTTLED, NOW + timedelta(seconds=PACE.retry_base_seconds)) == after(past)


@pytest.mark.parametrize(("attempts", "bound"), [(1, 1), (2, 2), (3, 4), (5, 16), (7, 60)])
@pytest.mark.parametrize("draw", [0.0, 0.25, 1.0])
def test_a_repeat_waits_with_full_jitter(attempts: int, bound: float, draw: float) -> None:
    """Evenly between nothing and a bound that doubles to a minute."""
    event, at = after(NotSent("unreachable"), draw=draw, attempts=attempts)
    assert (DeliveryEvent.NOT_SENT, NOW + timedelta(seconds=draw * bound)) == (event, at)


def test_after_eight_calls_in_vain_a_person_is_asked() -> None:
    """Nothing is tried for ever."""
    assert DeliveryEvent.NOT_SENT is after(NotSent("unreachable"), attempts=7)[0]
    assert DeliveryEvent.NEEDS_PERSON is after(NotSent("unreachable"), attempts=8)[0]


@pytest.mark.parametrize("error", [Throttled("rate_limited", until=RESET), NotSent("unreachable")])
def test_a_repeat_that_would_be_too_late_is_a_question_now(error: Exception) -> None:
    """The latest useful time lies before the repeat: there is still time to decide."""
    latest = NOW + timedelta(milliseconds=100)
    assert DeliveryEvent.CAME_TOO_LATE is after(error, latest_at=latest)[0]


def test_waiting_for_room_is_the_same() -> None:
    """Until the time that is known, or a question with the reason."""
    why = Problem(code="share_used_day", params={"share": 80})
    waits = wait_until(delivery(), RESET, why)
    assert (DeliveryEvent.ROOM_AWAITED, RESET, why) == (waits.event, waits.change.due_at, waits.change.problem)
    asked = wait_until(delivery(latest_at=NOW), RESET, why)
    assert asked.change.problem is not None
    assert (DeliveryEvent.CAME_TOO_LATE, why.code, Objection.LATE) == (
        asked.event,
        asked.change.problem.code,
        asked.change.problem.objection,
    )
