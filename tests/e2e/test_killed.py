"""The product is killed between approval and the set time, and started again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chatops.sandbox.hand import words_of
from chatops.sandbox.script import EXPECTED, ROUTINE, START, Play, count, read_timelines

if TYPE_CHECKING:
    from theatre import Theatre

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process, pytest.mark.timeout(300)]


def test_a_post_goes_out_at_its_time_once_though_the_product_was_killed(theatre: Theatre) -> None:
    """Kill -9 between 決裁 and 9:00; started again, each account has the post once, and the repost too."""
    job = Play(theatre.stage)
    number = job.draft()
    job.approve(job.chief, number)
    job.approve(job.head, number)

    theatre.product.kill()
    theatre.product.start_again()
    assert theatre.product.wait_until_well()
    before = [count(read_timelines(theatre.stage), one) for one in EXPECTED]
    theatre.stage.clock.set_to(START + timedelta(minutes=1))
    job.wait_for_results(ROUTINE)
    job.wait_for_end(number)

    routine = [one for one in EXPECTED if one.text == ROUTINE]
    assert [0] * len(EXPECTED) == before
    assert [1] * len(routine) == [count(read_timelines(theatre.stage), one) for one in routine]


def test_a_decision_that_slack_saw_acknowledged_is_done_though_the_product_is_killed_at_once(theatre: Theatre) -> None:
    """The form of 決裁 is acknowledged and the product killed in that moment: after the start it is decided, once."""
    job = Play(theatre.stage)
    number = job.draft()
    job.approve(job.chief, number)
    card = job.head.wait_for_message(
        lambda message: number in words_of(message.blocks), "the card", theatre.stage.city.slack.channels.approvals
    )
    assert job.head.press(card, "決裁").is_acknowledged
    form = job.head.wait_for_form(number)
    assert job.head.submit(form, job.head.tick_everything(form)).is_acknowledged

    theatre.product.kill()
    theatre.product.start_again()
    assert theatre.product.wait_until_well()
    theatre.stage.clock.set_to(START + timedelta(minutes=1))
    job.wait_for_end(number)

    routine = [one for one in EXPECTED if one.text == ROUTINE]
    assert [1] * len(routine) == [count(read_timelines(theatre.stage), one) for one in routine]
