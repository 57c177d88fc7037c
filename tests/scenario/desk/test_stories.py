"""What people read when a post does not simply go out: expired, held, asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from moody_platform import SWALLOWS, WELL, be_moody
from town import CHIEF, CLERK, DUTY, OPEN_TUESDAY, PR_CHIEF

from chatops.courier.render import expired_message
from chatops.features.approve.card import build_card
from chatops.features.ask.views import build_question
from chatops.features.hold.views import build_held
from chatops.messages import Voice
from chatops.sandbox.hand import words_of
from publisher.api import Answer, Triage

if TYPE_CHECKING:
    from town import Town

    from publisher.api import DeliveryLine, HeldView

TEN = OPEN_TUESDAY + timedelta(hours=1)
FACEBOOK = ("kashiwa_facebook", "publish")


def say(town: Town) -> Voice:
    """Speak Japanese at the town's time."""
    return Voice(now=town.clock.now())


def card_words(town: Town, number: str) -> str:
    """Return what the card says."""
    return words_of(build_card(town.card(number), say(town)))


def line_of(town: Town, number: str, place: tuple[str, str]) -> DeliveryLine:
    """Return one delivery."""
    return next(one for one in town.card(number).deliveries if (one.account, one.kind.value) == place)


def on_facebook(town: Town) -> str:
    """Have a post approved that goes to Facebook alone."""
    number = town.submit(form=town.form(accounts=("kashiwa_facebook",)))
    town.decide(CHIEF, number)
    town.decide(PR_CHIEF, number)
    town.notices()
    return number


def buttons(blocks: list[dict[str, object]]) -> list[str]:
    """Return the buttons' words."""
    found = [each for block in blocks for each in block.get("elements", ()) if isinstance(each, dict)]  # type: ignore[attr-defined]  # Block Kit
    return [each["text"]["text"] for each in found if each.get("type") == "button"]


def test_expired_nobody_decided_in_time(town: Town) -> None:
    """Its author reads that it was not posted and how to write it anew; the card says so and has no buttons left."""
    number = town.submit(form=town.form(publish_at=TEN, latest_at=TEN + timedelta(hours=1)))
    town.notices()
    town.move(TEN + timedelta(hours=1, seconds=1))
    town.heart.deciding.expire_due(town.clock.now())
    town.send()

    assert ("expired", number, CLERK) in town.notices()
    text, _ = expired_message(number, say(town))
    assert text == (
        f"{number} は、有効期限までに決裁されなかったため、投稿しません。"
        "まだ必要なときは、日時を直した新しい下書きを提出してください。"
    )
    assert "期限切れ" in card_words(town, number)
    assert buttons(build_card(town.card(number), say(town))) == []
    assert town.states(number) == {}


def test_held_in_a_disaster_and_afterwards_a_persons_word(town: Town) -> None:
    """Its people read that it is stopped and will not go by itself; after the hold each waits for a word."""
    number = town.submit(form=town.form(publish_at=TEN))
    town.decide(CHIEF, number)
    town.services.holding.hold(town.act(DUTY), reason="大雨警報")
    town.notices()
    town.move(TEN)
    town.send()
    assert ("held", number, None) in town.notices()
    assert "一時停止" in card_words(town, number)
    (held,) = [one for one in town.services.holding.waiting("kashiwa") if one.account_name == "公園緑地課X"]
    told = words_of(build_held(held, say(town))[1])
    assert "一時停止中のため送っていません。再開したあと、送るかどうかを確認します。" in told

    town.services.holding.resume(town.act(DUTY), note="警報が解除された")
    town.wait(minutes=5)
    town.send()
    assert town.states(number)["kashiwa_koen", "publish"] == "held"
    after = stopped(town, held)
    assert buttons(build_held(after, say(town))[1]) == ["送る", "送らない", "あとで"]
    town.services.holding.decide(town.act(CHIEF), delivery=held.delivery, answer=Triage.SEND)
    town.send()
    assert town.states(number)["kashiwa_koen", "publish"] == "sent"


def stopped(town: Town, one: HeldView) -> HeldView:
    """Return what waits as it is now."""
    found = town.services.holding.find("kashiwa", one.delivery)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("answer", "ends", "posts"),
    [(Answer.IT_IS_THERE, "sent", 0), (Answer.SEND, "sent", 1), (Answer.DO_NOT_SEND, "cancelled", 0)],
    ids=["投稿されていた", "投稿されていない（もう一度送る）", "送らない"],
)
def test_asked_where_nobody_can_know(town: Town, answer: Answer, ends: str, posts: int) -> None:
    """Facebook gave no answer and shows nothing: nothing is repeated on a guess, a person says."""
    facebook = be_moody(town, "facebook", SWALLOWS)
    number = on_facebook(town)
    town.send()
    for _ in range(4):
        town.wait(seconds=31)
        town.heart.worker.reconcile_once()
        town.send()
    assert (town.states(number)[FACEBOOK], len(facebook.timeline)) == ("asked", 0)
    assert ("ask", number, None) in town.notices()

    line = line_of(town, number, FACEBOOK)
    text, blocks = build_question(number, line, say(town))
    assert "柏市公式Facebook" in text
    assert buttons(blocks)[:3] == ["投稿されていた", "投稿されていない（もう一度送る）", "送らない"]
    assert "https://www.facebook.com/" in str(blocks)

    facebook.mood = WELL
    town.services.deciding.answer(town.act(CHIEF), delivery=line.id, answer=answer)
    town.send()
    assert (town.states(number)[FACEBOOK], len(facebook.timeline)) == (ends, posts)
