"""What a crew has in hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger_stage import lay_one

from publisher.ledger.crew import Crew

if TYPE_CHECKING:
    from publisher.store.engine import Database


def test_a_delivery_that_is_claimed_anew_while_its_old_call_goes_on_is_in_hand_twice(database: Database) -> None:
    """Its first lease was lost: each call has a slot of its own, and either may end first."""
    crew = Crew("x-send", 4, lambda: None)
    delivery = lay_one(database)
    first, second = replace(delivery, lease_token="1"), replace(delivery, lease_token="2")

    crew.hold([first])
    crew.hold([second])
    in_hand = crew.free
    crew.let_go(first)
    after_one = crew.free
    crew.let_go(second)

    assert (2, 3, 4) == (in_hand, after_one, crew.free)
    crew.dismiss()


def test_a_job_that_breaks_ends_no_thread(database: Database) -> None:
    """The crew's one thread goes on with the next job."""
    crew = Crew("x-send", 1, lambda: None)
    delivery = lay_one(database)
    crew.hold([delivery])

    def break_off() -> None:
        raise KeyError("bug")

    crew.do(break_off)
    crew.do(lambda: crew.let_go(delivery))

    assert crew.wait_until_idle(10)
    crew.dismiss()
