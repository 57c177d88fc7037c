"""What people read of a post that a hold has stopped: as it is now, and who decided what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from town import CHIEF, CLERK, DUTY, OPEN_TUESDAY, PR_CHIEF

from chatops.cli.posts import card_text
from chatops.features.approve.card import build_card
from chatops.features.hold.views import build_held, outcome_text
from chatops.features.show.views import history_lines
from chatops.messages import Voice
from chatops.sandbox.hand import words_of
from publisher.api import NoticeKind, Triage

if TYPE_CHECKING:
    from town import Town

TEN = OPEN_TUESDAY + timedelta(hours=1)


@pytest.fixture
def number(town: Town) -> str:
    """A post that a hold of the city has stopped at ten o'clock."""
    written = town.submit(form=town.form("台風のため手賀沼公園の駐車場を閉鎖しています。", publish_at=TEN))
    town.decide(CHIEF, written)
    town.services.holding.hold(town.act(DUTY), reason="大雨警報")
    town.move(TEN)
    town.send()
    town.notices()
    return written


def say(town: Town) -> Voice:
    """Speak Japanese at the town's time."""
    return Voice(now=town.clock.now())


def read(town: Town, number: str) -> str:
    """Return what the card says."""
    return words_of(build_card(town.card(number), say(town)))


def decide(town: Town, who: str, answer: Triage) -> None:
    """Decide what stands first on the triage list."""
    first = town.services.holding.waiting(town.city)[0]
    town.services.holding.decide(town.act(who), delivery=first.delivery, answer=answer)


def test_the_card_says_when_a_hold_is_over(town: Town, number: str) -> None:
    """It is drawn anew at the resume, and no more says that a hold is in the way, but what is waited for."""
    before = read(town, number)
    town.services.holding.resume(town.act(DUTY))
    drawn = [number for kind, number, _ in town.notices() if kind == NoticeKind.CARD]
    after = read(town, number)

    assert "一時停止のため、送っていません。" in before
    assert [number] == drawn
    assert "一時停止は終わりました。送るかどうかの判断を待っています（/sns hold list）。" in after
    assert "一時停止のため" not in after


def test_a_post_that_was_marked_after_it_was_stopped_says_who_is_waited_for(town: Town, number: str) -> None:
    """From the mark on it is the PR division."""
    town.services.holding.mark(town.act(CLERK), number=number)

    assert "災害関連の投稿なので、広報担当の確認を待っています。" in read(town, number)


def test_what_was_stopped_for_good_no_more_says_that_it_waits(town: Town, number: str) -> None:
    """After 送らない the card and the shell say 中止 and nothing of a hold."""
    town.services.holding.resume(town.act(DUTY))
    decide(town, CLERK, Triage.DO_NOT_SEND)

    for told in (read(town, number), card_text(town.card(number), say(town))):
        lines = told.partition("配信の状況")[2].partition("経過")[0]
        assert "公園緑地課X: 中止" in lines
        assert "一時停止" not in lines
        assert "待っています" not in lines


@pytest.mark.parametrize(("answer", "expected"), [(Triage.SEND, "送ると決定"), (Triage.DO_NOT_SEND, "送らないと決定")])
def test_the_history_names_who_decided_what_a_hold_had_stopped(
    town: Town, number: str, answer: Triage, expected: str
) -> None:
    """Nothing is lost: that it was stopped, and the decision with its person and account."""
    town.services.holding.resume(town.act(DUTY))
    decide(town, PR_CHIEF, answer)
    town.send()
    history = [line.split("　")[1:] for line in history_lines(town.card(number), say(town))]

    assert ["一時停止により停止", "公園緑地課X"] in history
    assert [expected, "広報広聴課長 高橋 健一", "公園緑地課X"] in history


def test_the_history_calls_a_repost_a_repost(town: Town) -> None:
    """The official account has not posted: it has reposted."""
    written = town.submit(form=town.form("手賀沼公園の紅葉が見頃です。", publish_at=TEN))
    town.decide(CHIEF, written)
    town.move(TEN)
    town.send()
    town.send()
    history = [line.split("　")[1:] for line in history_lines(town.card(written), say(town))]

    assert ["投稿", "公園緑地課X"] in history
    assert ["リポスト", "柏市公式X"] in history


def test_a_question_about_a_repost_says_so(town: Town, number: str) -> None:
    """The post of the section has gone out by a click already; what is asked about now is the official account's."""
    town.services.holding.mark(town.act(CLERK), number=number)
    decide(town, PR_CHIEF, Triage.SEND)
    town.send()
    [asked] = town.services.holding.waiting(town.city)

    assert "（柏市公式X（リポスト））は災害関連の投稿です。" in build_held(asked, say(town))[0]


def test_the_answer_to_a_hold_of_one_account_says_how_that_one_is_resumed(town: Town) -> None:
    """`/sns resume` alone would find no hold of the city."""
    of_account = town.services.holding.hold(town.act(CHIEF), target="kashiwa_koen")
    of_city = town.services.holding.hold(town.act(DUTY))

    assert "再開は /sns resume kashiwa_koen です。" in outcome_text(of_account, say(town))
    assert "再開は /sns resume です。" in outcome_text(of_city, say(town))


@pytest.mark.parametrize("typed", ["Ｋ－1", "k-1", "Ｋー１", "K–1", " ｋ−１ "])
def test_a_number_is_understood_as_it_leaves_a_japanese_keyboard(town: Town, typed: str) -> None:
    """Full-width letters and digits, and whatever key was taken for the hyphen."""
    written = town.submit(form=town.form("手賀沼公園の紅葉が見頃です。"))

    assert ("K-1", "K-1") == (written, town.card(typed).number)
