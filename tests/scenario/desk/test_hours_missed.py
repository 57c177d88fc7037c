"""A post that was to go out inside the hours and could not: held, and asked about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from town import CHIEF, CLERK, DUTY, NIGHT, OPEN_TUESDAY, PR_CHIEF

from chatops.features.ask.views import build_question
from chatops.messages import Voice
from publisher.api import Answer, OverrideOrder
from publisher.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from town import Town

    from publisher.api import DeliveryLine, Outcome

FIVE = OPEN_TUESDAY + timedelta(hours=8)
"""17:00 in Japan; the hours end at 17:15."""
SIX = OPEN_TUESDAY + timedelta(hours=9)
"""18:00 in Japan."""
NEXT_OPENING = NIGHT.replace(hour=23, minute=30)
"""Wednesday, 2 December 2026, 8:30 in Japan."""


def missed(town: Town, **changes: object) -> str:
    """Approve a post for 17:00 that nobody could send before 18:00; return its number."""
    number = town.submit(form=town.form(publish_at=FIVE, **changes))
    town.decide(CHIEF, number)
    town.move(SIX)
    town.send()
    return number


def published(town: Town, number: str) -> DeliveryLine:
    """Return the post's own delivery, not its repost."""
    return next(one for one in town.card(number).deliveries if one.kind.value == "publish")


def problem_of(town: Town, number: str) -> tuple[str, str | None, datetime | None]:
    """Return the state of a post's own delivery, what is the matter, and when it goes on."""
    line = published(town, number)
    return line.state.value, line.problem and line.problem.code, line.due_at


def answer(town: Town, number: str, answer: Answer, *, who: str = CHIEF, reason: str = "") -> Outcome:
    """Answer the question about a post."""
    act = town.act(who)
    return town.services.deciding.answer(act, delivery=published(town, number).id, answer=answer, reason=reason)


def test_a_send_that_was_said_while_it_was_useful_does_not_send_it_late(town: Town) -> None:
    """Said at 18:10 of a post that is useful until 20:00; a breakdown kept the answer until 20:05: it is asked anew."""
    number = missed(town)
    asked = published(town, number)
    town.move(SIX + timedelta(hours=2, minutes=5))
    late = town.services.deciding.answer(
        town.act(CHIEF), delivery=asked.id, answer=Answer.SEND, reason="至急", waited_seconds=115 * 60.0
    )

    assert ("answer_came_late", 115) == (late.code, late.params["minutes"])
    assert "asked" == problem_of(town, number)[0]


@pytest.mark.clauses("kashiwa-2-4-ki-hours")
def test_it_is_held_and_asked_about_with_the_clause(town: Town) -> None:
    """What the person reads: when it was to go out, which clause is against it now, when the hall opens, three ways."""
    number = missed(town)
    line = published(town, number)
    text, blocks = build_question(number, line, Voice(now=town.clock.now()))

    assert ("asked", "hours_missed") == problem_of(town, number)[:2]
    assert "12月1日(火) 17:00 に投稿する予定でしたが、投稿できないまま開庁時間を過ぎました" in text
    assert "2(4)キ" in text
    assert "次の開庁は 12月2日(水) 8:30 です。" in text
    assert ["開庁を待つ", "今すぐ送る", "送らない"] == [each["text"]["text"] for each in blocks[-1]["elements"]]


def test_who_waits_sends_it_at_the_opening(town: Town) -> None:
    """Its latest useful time, 20:00, is past by then: who lets it wait wants it all the same."""
    number = missed(town)
    outcome = answer(town, number, Answer.WAIT, who=CLERK)
    town.send()

    assert ("answered_wait", NEXT_OPENING.isoformat()) == (outcome.code, outcome.params["publish_at"])
    assert ("due", "waits_for_opening", NEXT_OPENING) == problem_of(town, number)
    town.move(NEXT_OPENING)
    town.send()
    assert "sent" == published(town, number).state.value


def test_what_misses_the_hours_again_is_asked_about_again(town: Town) -> None:
    """Who let it wait for the morning did not let it go in the evening."""
    number = missed(town)
    answer(town, number, Answer.WAIT)
    town.move(SIX + timedelta(days=1))
    town.send()

    assert ("asked", "hours_missed") == problem_of(town, number)[:2]


def test_now_wants_a_reason_of_whoever_may_consent(town: Town) -> None:
    """The clerk may not; the head of the section may, and says why; the reason stands in the trail."""
    number = missed(town)
    with pytest.raises(Refusal, match="not_yours_to_answer") as refused:
        answer(town, number, Answer.SEND, who=CLERK, reason="急ぎ")
    with pytest.raises(Refusal, match="note_missing"):
        answer(town, number, Answer.SEND, reason="　")
    town.wait(minutes=7)
    answer(town, number, Answer.SEND, reason="明朝の交通規制のお知らせ")
    town.send()

    assert "佐藤 誠" in str(refused.value.params["who"])
    assert "高橋 健一" in str(refused.value.params["who"])
    assert "sent" == published(town, number).state.value
    with town.heart.database.reading() as tx:
        said = tx.connection.exec_driver_sql("SELECT count(*) FROM audit_content WHERE note LIKE '明朝の交通規制%'")
        assert 1 == said.scalar_one()


def test_the_manager_need_not_say_why(town: Town) -> None:
    """The city's manager answers for all accounts."""
    number = missed(town)
    answer(town, number, Answer.SEND, who=PR_CHIEF)
    town.send()

    assert "sent" == published(town, number).state.value


def test_what_shall_not_go_out_does_not(town: Town) -> None:
    """送らない ends it."""
    number = missed(town)
    answer(town, number, Answer.DO_NOT_SEND, who=CLERK)

    assert "cancelled" == published(town, number).state.value


def test_a_minutes_lag_is_none(town: Town) -> None:
    """Planned for 17:15 and sent 30 seconds later, it is in time (A04)."""
    end = FIVE + timedelta(minutes=15)
    number = town.submit(form=town.form(publish_at=end))
    town.decide(CHIEF, number)
    town.move(end + timedelta(seconds=30))
    town.heart.worker.run_due_once()

    assert "sent" == published(town, number).state.value


def test_what_was_always_to_wait_for_the_opening_just_waits(make_town: Callable[..., Town]) -> None:
    """Approved at 3:00 without a time, it goes at 8:30, and nobody is asked."""
    town = make_town(NIGHT)
    number = town.submit()
    town.decide(CHIEF, number)
    town.send()

    assert ("due", None, NEXT_OPENING) == problem_of(town, number)


def test_only_who_was_asked_whether_to_wait_lets_it_wait(town: Town) -> None:
    """A question about something else has no such answer."""
    number = town.submit(form=town.form(publish_at=FIVE, latest_at=FIVE + timedelta(minutes=5)))
    town.decide(CHIEF, number)
    town.move(FIVE + timedelta(minutes=6))
    town.send()

    assert "late" == problem_of(town, number)[1]
    with pytest.raises(Refusal, match="nothing_to_wait_for"):
        answer(town, number, Answer.WAIT)


def test_an_emergency_is_held_by_no_hours(make_town: Callable[..., Town]) -> None:
    """At 3:00, and again after nine minutes in which nothing could be sent: no opening is waited for."""
    town = make_town(NIGHT)
    order = OverrideOrder(text="避難指示を発令しました。（柏市災害対策本部）", kind="evacuation", reason="氾濫の危険")
    number = town.services.overriding.send(town.act(DUTY), order).number or ""
    town.wait(minutes=9)
    town.send()

    assert "sent" == town.states(number)["kashiwa_shi", "publish"]
