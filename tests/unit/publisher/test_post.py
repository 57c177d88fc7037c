"""The life of a post, and what it looks like from outside."""

from __future__ import annotations

from itertools import product

import pytest

from publisher.delivery import DeliveryState
from publisher.post import (
    FINAL,
    TRANSITIONS,
    ForbiddenPostTransitionError,
    Outlook,
    PostEvent,
    PostState,
    next_state,
    outlook,
)

S, E, D = PostState, PostEvent, DeliveryState


@pytest.mark.parametrize(("state", "event"), sorted(set(product(S, E)) - set(TRANSITIONS)))
def test_every_pair_outside_the_table_is_refused(state: PostState, event: PostEvent) -> None:
    """What the table doesn't name is forbidden."""
    with pytest.raises(ForbiddenPostTransitionError):
        next_state(state, event)


def test_nothing_leaves_a_final_state() -> None:
    """廃案, 取下げ, 期限切れ, 中止 and 完了 are the end, and the other states are not."""
    assert {state for state, _ in TRANSITIONS} == set(S) - FINAL


def test_every_state_is_reached() -> None:
    """A post begins as a draft; every other state is the end of some event."""
    assert set(TRANSITIONS.values()) == set(S)


def test_only_approval_leads_to_approved() -> None:
    """Nothing but 決裁 of a submitted post approves it."""
    assert [pair for pair, after in TRANSITIONS.items() if after is S.APPROVED] == [(S.SUBMITTED, E.APPROVED)]


def test_an_edit_of_an_approved_post_makes_it_a_draft_again() -> None:
    """What was approved is what goes out: an edit voids the approval."""
    assert next_state(S.APPROVED, E.EDITED) is S.DRAFT


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), Outlook.NOTHING_YET),
        ((D.DUE,), Outlook.SCHEDULED),
        ((D.DUE, D.WAITING), Outlook.SCHEDULED),
        ((D.LEASED, D.DUE), Outlook.SENDING),
        ((D.SENT, D.RETRY), Outlook.SENDING),
        ((D.SENT, D.UNKNOWN), Outlook.SENDING),
        ((D.SENT, D.WAITING), Outlook.SENDING),
        ((D.SENT, D.ASKED, D.LEASED), Outlook.ASKED),
        ((D.HELD, D.DUE), Outlook.HELD),
        ((D.SENT, D.SENT), Outlook.PUBLISHED),
        ((D.SENT, D.FAILED), Outlook.PARTLY_PUBLISHED),
        ((D.SENT, D.CANCELLED), Outlook.PARTLY_PUBLISHED),
        ((D.FAILED, D.CANCELLED), Outlook.NOT_PUBLISHED),
        ((D.SUPERSEDED,), Outlook.NOT_PUBLISHED),
    ],
)
def test_a_post_shows_the_most_pressing_truth_about_its_deliveries(
    states: tuple[DeliveryState, ...], expected: Outlook
) -> None:
    """A question comes first, then what is on its way, then what waits, then what was."""
    assert outlook(states) is expected
