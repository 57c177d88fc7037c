"""A copy of the database was put back: the product runs, and people can do something about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatops.sandbox.script import Play

if TYPE_CHECKING:
    from theatre import Theatre

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process, pytest.mark.timeout(180)]


def test_the_sandbox_starts_with_a_ledger_that_is_held_and_answers(theatre: Theatre) -> None:
    """What `/healthz` finds ill of a copy must not keep Slack from those who have to do something about it."""
    Play(theatre.stage).draft()
    theatre.product.kill()
    for mark in theatre.stage.home.glob("ledger-mark-*.json"):
        mark.unlink()
    theatre.product.start_again()

    assert theatre.product.wait_until_well()
    theatre.hand("koen_tanaka").type("/sns queue")
    theatre.hand("koen_tanaka").wait_for_message(
        lambda one: "⛔ 台帳が控えから戻されたか複製された" in one.text,
        "the queue, which says that its posts are stopped",
    )
