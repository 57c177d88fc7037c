"""The product is killed between approval and the set time, and started again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

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


def test_what_was_taken_from_slack_before_the_kill_is_applied_after_it(theatre: Theatre) -> None:
    """An act that Slack saw acknowledged is in the inbox on the disk, and is done after the next start."""
    job = Play(theatre.stage)
    number = job.draft()
    job.approve(job.chief, number)

    theatre.product.kill()
    theatre.product.start_again()
    assert theatre.product.wait_until_well()
    job.approve(job.head, number)

    theatre.stage.clock.set_to(START + timedelta(minutes=1))
    job.wait_for_end(number)
    routine = [one for one in EXPECTED if one.text == ROUTINE]
    assert [1] * len(routine) == [count(read_timelines(theatre.stage), one) for one in routine]
