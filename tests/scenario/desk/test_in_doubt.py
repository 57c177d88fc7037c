"""A post that may be out: not edited beside itself, not called stopped, asked about until somebody says."""

# ruff: noqa: ARG002 - the fake has the port's signature

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest
from town import CHIEF, CLERK, OPEN_TUESDAY, PR_CHIEF

from platforms.errors import PerhapsSent
from platforms.port import NotSeen
from publisher.api import Answer
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from town import Town

    from platforms.port import AccountRef, Limits, Message, Pending, Plan, Platform, Receipt
    from publisher.api import DeliveryLine


class Mute:
    """A platform that takes every post and never answers; what it shows proves nothing."""

    def __init__(self, real: Platform) -> None:
        self._real = real
        self.name = real.name
        self.limits: Limits = real.limits
        self.secret_fields = real.secret_fields

    def plan(self, message: Message) -> Plan:
        """Plan as the real one does."""
        return self._real.plan(message)

    def connect(self, account: AccountRef, secrets: Mapping[str, str]) -> Mute:
        """Be the account too."""
        return self

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Take it and say nothing."""
        raise PerhapsSent("no_answer", params={"platform": self.name})

    def poll(self, token: str) -> Receipt | Pending:
        """Leave nothing pending."""
        raise AssertionError

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> NotSeen:
        """Show nothing."""
        return NotSeen()


@pytest.fixture
def number(town: Town) -> str:
    """A post that is asked about on Facebook: nobody knows whether it is there."""
    platforms = cast("dict[str, Platform]", town.heart.platforms)
    platforms["facebook"] = Mute(platforms["facebook"])
    number = town.submit(form=town.form(accounts=("kashiwa_facebook",), latest_at=OPEN_TUESDAY + timedelta(days=3)))
    town.decide(CHIEF, number)
    town.decide(PR_CHIEF, number)
    town.send()
    for _ in range(2):
        town.wait(seconds=31)
        town.heart.worker.reconcile_once()
    assert town.states(number) == {("kashiwa_facebook", "publish"): "asked"}
    return number


def the_line(town: Town, number: str) -> DeliveryLine:
    """Return the only delivery."""
    (line,) = town.card(number).deliveries
    return line


def test_it_is_not_edited_before_somebody_said_whether_it_is_there(town: Town, number: str) -> None:
    """A second version beside a first that citizens can read would be two posts."""
    with pytest.raises(Refusal, match="not_editable"):
        town.services.drafting.edit_form("kashiwa", CLERK, number)
    with pytest.raises(Refusal, match="not_editable"):
        town.services.drafting.save(
            town.act(CLERK), town.form("別の文です。", accounts=("kashiwa_facebook",)), number=number, version=1
        )


def test_cancelling_does_not_call_it_stopped(town: Town, number: str) -> None:
    """It stays asked; who sees it there says so, and the ledger knows."""
    outcome = town.services.deciding.cancel(town.act(CLERK), number=number)

    assert outcome.params == {"stopped": "", "gone": "", "under_way": "柏市公式Facebook"}
    assert the_line(town, number).state.value == "asked"

    town.services.deciding.answer(town.act(CLERK), delivery=the_line(town, number).id, answer=Answer.IT_IS_THERE)
    assert the_line(town, number).state.value == "sent"


def test_a_cancelled_post_is_not_sent_again_whatever_is_answered(town: Town, number: str) -> None:
    """Whoever looked and says "send" of a cancelled post ends the doubt, and nothing more goes out."""
    town.services.deciding.cancel(town.act(CLERK), number=number)
    town.services.deciding.answer(town.act(CLERK), delivery=the_line(town, number).id, answer=Answer.SEND)
    town.send()

    assert the_line(town, number).state.value == "cancelled"


def test_an_answer_to_an_earlier_question_is_none_to_a_later_one(town: Town, number: str) -> None:
    """Two people looked and said "not there"; the second one's click comes after the call that the first one led to.

    It did not see what that call may have left, so it sends nothing.
    """
    first = the_line(town, number)
    town.services.deciding.answer(town.act(CLERK), delivery=first.id, answer=Answer.SEND, question=first.question)
    town.send()
    for _ in range(2):
        town.wait(seconds=31)
        town.heart.worker.reconcile_once()
    second = the_line(town, number)
    late = town.services.deciding.answer(
        town.act(CHIEF), delivery=first.id, answer=Answer.SEND, question=first.question
    )
    after = the_line(town, number)
    in_time = town.services.deciding.answer(
        town.act(CHIEF), delivery=first.id, answer=Answer.SEND, question=second.question
    )

    assert (second.state.value, late.code) == ("asked", "answered_already")
    assert after == second
    assert in_time.code == "answered_send"


def test_a_send_of_yesterday_is_none_to_what_holds_today(town: Town, number: str) -> None:
    """The answer lay in the inbox while the machine was off: the question stays open, and nothing goes."""
    asked = the_line(town, number)
    late = town.services.deciding.answer(
        town.act(CLERK),
        delivery=asked.id,
        answer=Answer.SEND,
        question=asked.question,
        waited_seconds=24 * 3600.0 + 60,
    )
    assert ("answer_came_late", 1441) == (late.code, late.params["minutes"])
    assert asked == the_line(town, number)
    there = town.services.deciding.answer(
        town.act(CLERK), delivery=asked.id, answer=Answer.IT_IS_THERE, waited_seconds=24 * 3600.0 + 60
    )
    assert "answered_sent" == there.code


def test_who_looked_hours_ago_does_not_know_what_is_there_now(town: Town, number: str) -> None:
    """Useful for three days yet; but "not there" was seen more than three hours ago."""
    asked = the_line(town, number)
    late = town.services.deciding.answer(
        town.act(CLERK), delivery=asked.id, answer=Answer.SEND, question=asked.question, waited_seconds=3 * 3600.0 + 60
    )

    assert "answer_came_late" == late.code


def test_the_question_is_whether_it_is_there(town: Town, number: str) -> None:
    """The face is told of the doubt, whatever the last call's own problem was."""
    assert the_line(town, number).is_doubtful
