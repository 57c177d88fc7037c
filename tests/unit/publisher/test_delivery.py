"""The life of a delivery: the table, and what must never be in it."""

from __future__ import annotations

from itertools import product

import pytest

from publisher.delivery import (
    CLAIMABLE,
    FINAL,
    REVIVALS,
    STOPPABLE,
    TRANSITIONS,
    DeliveryEvent,
    DeliveryKind,
    DeliveryState,
    ForbiddenTransitionError,
    next_state,
)

S, E = DeliveryState, DeliveryEvent


@pytest.mark.parametrize(("state", "event"), sorted(set(product(S, E)) - set(TRANSITIONS)))
def test_every_pair_outside_the_table_is_refused(state: DeliveryState, event: DeliveryEvent) -> None:
    """What the table doesn't name is forbidden, and the refusal names both."""
    with pytest.raises(ForbiddenTransitionError) as caught:
        next_state(state, event)
    assert (caught.value.state, caught.value.event) == (state, event)


@pytest.mark.parametrize(("state", "event"), sorted(TRANSITIONS))
def test_nothing_leaves_a_final_state(state: DeliveryState, event: DeliveryEvent) -> None:
    """Sent, failed, cancelled and superseded are the end."""
    assert state not in FINAL
    assert next_state(state, event) is TRANSITIONS[state, event]


@pytest.mark.parametrize("kind", DeliveryKind)
def test_only_what_takes_back_is_ordered_anew(kind: DeliveryKind) -> None:
    """A deletion that a person called off may be ordered after all; a post that was stopped never goes out."""
    if kind in {DeliveryKind.DELETE, DeliveryKind.UNDO_REPOST}:
        assert next_state(S.CANCELLED, E.ORDERED_ANEW, kind) is S.DUE
        return
    with pytest.raises(ForbiddenTransitionError):
        next_state(S.CANCELLED, E.ORDERED_ANEW, kind)


def test_every_state_is_reached_and_every_passing_state_can_be_left() -> None:
    """No state is an island, and none is a trap."""
    assert set(TRANSITIONS.values()) | {S.WAITING} == set(S)
    assert {state for state, _ in TRANSITIONS} == set(S) - FINAL


def test_every_event_can_happen() -> None:
    """No event is a word without use."""
    assert {event for _, event in {**TRANSITIONS, **REVIVALS}} == set(E)


def test_every_passing_state_can_end() -> None:
    """From each state some way leads to a final one."""
    ending = set(FINAL)
    for _ in S:
        ending |= {state for (state, _), after in TRANSITIONS.items() if after in ending}
    assert ending == set(S)


def test_an_unknown_delivery_is_never_claimed() -> None:
    """A call whose end is not known goes through the reconciler before anything is sent again."""
    assert {state for (state, event) in TRANSITIONS if event is E.CLAIMED} == CLAIMABLE == {S.DUE, S.RETRY}
    from_unknown = {event: after for (state, event), after in TRANSITIONS.items() if state is S.UNKNOWN}
    assert [event for event, after in from_unknown.items() if after is S.DUE] == [E.PROVEN_ABSENT]


def test_a_lease_that_ends_with_an_open_attempt_is_unknown() -> None:
    """A dead worker's open call is never simply due."""
    assert next_state(S.LEASED, E.LEASE_ENDED_OPEN) is S.UNKNOWN
    assert next_state(S.LEASED, E.LEASE_ENDED_UNOPENED) is S.DUE


def test_only_an_answer_a_reading_or_a_person_makes_sent() -> None:
    """`sent` means that the platform's id was returned or read back, or that a person saw it."""
    assert {event for (_, event), after in TRANSITIONS.items() if after is S.SENT} == {
        E.SUCCEEDED,
        E.RECEIPT_CAME_LATE,
        E.READ_BACK,
        E.PERSON_SAYS_SENT,
    }


def test_what_a_worker_holds_is_not_stoppable_from_outside() -> None:
    """Cancelling surely stops what waits, is due, retries, is held or asked; not what is leased or perhaps sent."""
    assert {S.WAITING, S.DUE, S.RETRY, S.HELD, S.ASKED} == STOPPABLE
