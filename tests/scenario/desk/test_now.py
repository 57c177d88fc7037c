"""`/sns now`: at three in the morning, by one person, at once."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from town import CHIEF, CLERK, DUTY, NIGHT, PR_CHIEF, changed_cities

from chatops.cli._acting import done_once
from publisher.api import OverrideOrder
from publisher.errors import Refusal
from publisher.post import PostState
from publisher.store.engine import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town

    from publisher.api import Outcome

RIVER = "利根川の水位が上昇しています。川に近づかないでください。（柏市災害対策本部）"
WAIT = 10.0
OFFICIAL = {("kashiwa_shi", "publish"), ("kashiwa_line", "publish"), ("kashiwa_facebook", "publish")}


@pytest.fixture(name="night")
def _night(make_town: Callable[..., Town]) -> Town:
    return make_town(NIGHT)


def _order(text: str = RIVER, kind: str = "storm_flood", **more: object) -> OverrideOrder:
    return OverrideOrder(**({"text": text, "kind": kind, "reason": "国土交通省から連絡"} | more))  # type: ignore[arg-type]  # a test's short form


def test_the_duty_officer_sends_at_once_on_every_emergency_account(night: Town) -> None:
    """Outside hours, without sign-off: X, LINE and Facebook publish, and the section's account reposts."""
    outcome = night.services.overriding.send(night.act(DUTY), _order())
    night.send()

    assert outcome.code == "sent_now"
    first = {"event": 1, "report": 1}
    assert outcome.params == {"going": "柏市公式X、柏市公式LINE、柏市公式Facebook", "refused": ""} | first
    assert set(night.states(outcome.number).items()) == {
        *((each, "sent") for each in OFFICIAL),
        (("kashiwa_koen", "repost"), "sent"),
    }


def test_an_emergency_from_the_shell_goes_out_although_a_look_for_it_broke(
    night: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker is there, and the first claim breaks off after its commit: every account is sent to all the same."""
    trouble = [KeyError("bug")]

    def at(point: str) -> None:
        if point == "claimed" and trouble:
            raise trouble.pop()

    monkeypatch.setattr(night.heart.worker._dispatcher, "_at", at)
    outcome = night.services.overriding.send(night.act(DUTY), _order())
    number = outcome.number or ""
    ends_at = time.monotonic() + WAIT
    with night.heart.lone.sending("kashiwa", number):
        while {"sent"} != set(night.states(number).values()) and time.monotonic() < ends_at:
            threading.Event().wait(0.02)

    assert {"sent"} == set(night.states(number).values())


def test_the_history_of_an_emergency_names_no_approval_that_nobody_gave(night: Town) -> None:
    """It was sent at once, by one person: nobody submitted it, nobody gave a 決裁."""
    outcome = night.services.overriding.send(night.act(DUTY), _order())
    codes = [line.code for line in night.card(outcome.number or "").history]

    assert "sent_now" in codes
    assert not {"submitted", "approved"} & set(codes)


def test_the_confirmation_guesses_the_kind_and_shows_every_account(night: Town) -> None:
    """One form: the kind from the words, a preview an account, who reposts and who stays silent."""
    form = night.services.overriding.open_form("kashiwa", DUTY, RIVER)

    assert form.kind == "storm_flood"
    assert [pane.account for pane in form.panes] == ["kashiwa_shi", "kashiwa_line", "kashiwa_facebook"]
    assert form.reposting == ("公園緑地課X",)
    assert form.silent == ()
    assert {kind.key for kind in form.kinds if not kind.is_disaster} == {
        *("event_cancellation", "website_outage", "missing_person", "other")
    }


@pytest.mark.parametrize("person", [CLERK, CHIEF])
def test_anybody_else_is_refused_with_the_names_of_those_who_can(night: Town, person: str) -> None:
    """The duty officer, the chief of disaster prevention, and the head of PR."""
    with pytest.raises(Refusal) as refused:
        night.services.overriding.send(night.act(person), _order())

    assert refused.value.code == "not_emergency"
    assert refused.value.params["who"] == "防災安全課 当直 伊藤 大輔、防災安全課長 渡辺 恵、広報広聴課長 高橋 健一"
    assert night.services.board.queue("kashiwa", CLERK) == []


def test_a_text_too_long_for_x_holds_back_nobody_else(night: Town) -> None:
    """281 weighted characters: LINE and Facebook get it, X is named, and nothing of it goes to X."""
    outcome = night.services.overriding.send(night.act(DUTY), _order("あ" * 140 + "!"))
    night.send()

    first = {"event": 1, "report": 1}
    assert outcome.params == {"going": "柏市公式LINE、柏市公式Facebook", "refused": "柏市公式X"} | first
    assert night.states(outcome.number) == {
        ("kashiwa_line", "publish"): "sent",
        ("kashiwa_facebook", "publish"): "sent",
    }
    assert night.card(outcome.number).state is PostState.CLOSED


def test_a_shorter_text_for_x_goes_to_x(night: Town) -> None:
    """The confirmation's shorter text is X's own variant."""
    order = _order("あ" * 140 + "!", variants={"x": RIVER})
    outcome = night.services.overriding.send(night.act(DUTY), order)
    night.send()

    assert outcome.params["refused"] == ""
    assert night.states(outcome.number)["kashiwa_shi", "publish"] == "sent"


def test_what_no_account_takes_is_refused_whole(night: Town) -> None:
    """A content block is never lifted: nothing is stored, nothing goes."""
    with pytest.raises(Refusal, match="policy_blocks"):
        night.services.overriding.send(night.act(DUTY), _order("【部外秘】河川の資料です。"))

    assert night.services.board.queue("kashiwa", DUTY) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"text": "  "}, "text_empty"), ({"reason": " "}, "reason_missing"), ({"kind": "rain"}, "kind_missing")],
)
def test_what_is_missing_is_said(night: Town, changes: dict[str, str], code: str) -> None:
    """A text, a reason, a kind: no more is asked, no less."""
    with pytest.raises(Refusal, match=code):
        night.services.overriding.send(night.act(DUTY), _order(**changes))


def test_a_repeated_confirmation_sends_once(night: Town) -> None:
    """A resent form is the same act."""
    act = night.act(DUTY)
    first = night.services.overriding.send(act, _order())
    again = night.services.overriding.send(act, _order())

    assert (again.number, again.is_repeat) == (first.number, True)
    assert len(night.services.board.queue("kashiwa", DUTY)) == 1


def test_at_the_shell_an_answer_of_the_database_that_was_lost_sends_nothing_twice(night: Town) -> None:
    """It was committed, and the connection was cut before anybody heard: the same act is done again, and is done."""
    act, lost = night.act(DUTY), [StoreUnavailableError("the connection was cut")]

    def send() -> Outcome:
        outcome = night.services.overriding.send(act, _order())
        if lost:
            raise lost.pop()
        return outcome

    outcome = done_once(send, waits_seconds=(0.0,))
    assert ("sent_now", True) == (outcome.code, outcome.is_repeat)
    assert [outcome.number] == [one.number for one in night.services.board.queue("kashiwa", DUTY)]


def test_an_order_that_lay_in_the_inbox_for_hours_is_not_sent_but_told_of(night: Town) -> None:
    """The machine was off for six hours: what the river does by then nobody here knows. Ten minutes are the default."""
    late = night.services.overriding.send(night.act(DUTY), _order(waited_seconds=6 * 3600.0))
    told = [one for one in night.services.notices.claim(50) if one.params.get("code") == "now_came_late"]
    soon = night.services.overriding.send(night.act(DUTY), _order(waited_seconds=599.0))

    assert ("now_came_late", None, 360) == (late.code, late.number, late.params["minutes"])
    assert {DUTY, PR_CHIEF} == {one.person for one in told}
    assert "sent_now" == soon.code
    assert [soon.number] == [one.number for one in night.services.board.queue("kashiwa", DUTY)]


def test_an_order_that_was_carried_out_is_not_called_late_when_it_is_replayed(night: Town) -> None:
    """The process died before it ticked the act off: hours later it comes again, and its first answer with it."""
    act = night.act(DUTY)
    first = night.services.overriding.send(act, _order())
    again = night.services.overriding.send(act, _order(waited_seconds=6 * 3600.0))

    assert (first.number, "sent_now", True) == (again.number, again.code, again.is_repeat)


def test_what_is_no_disaster_and_lay_in_the_inbox_for_hours_stays_a_draft(night: Town) -> None:
    """Where nobody signs it would be out at once, at a moment that nobody chose."""
    order = _order("明日の手賀沼まつりは中止します。", kind="event_cancellation", waited_seconds=3 * 3600.0 + 60)
    late = night.services.overriding.send(night.act(DUTY), order)
    night.send()

    assert ("left_as_draft", 181) == (late.code, late.params["minutes"])
    assert late.number is not None
    assert ("draft", {}) == (night.card(late.number).state, night.states(late.number))


def test_what_is_no_disaster_goes_the_ordinary_way(night: Town) -> None:
    """A cancelled festival waits for its 決裁, and nothing has gone."""
    order = _order("明日の手賀沼まつりは中止します。", kind="event_cancellation")
    outcome = night.services.overriding.send(night.act(DUTY), order)
    night.send()

    assert outcome.code == "goes_the_ordinary_way"
    assert "広報広聴課長 高橋 健一" in str(outcome.params["waiting_for"])
    assert night.states(outcome.number) == {}
    assert night.card(outcome.number).state is PostState.SUBMITTED
    assert night.card(outcome.number).category is not None


def test_the_ordinary_way_ends_in_publication(night: Town) -> None:
    """The chiefs approve; X waits for the opening, the others' rules have no hours."""
    order = _order("明日の手賀沼まつりは中止します。", kind="event_cancellation")
    number = night.services.overriding.send(night.act(DUTY), order).number or ""

    night.decide("bosai_watanabe", number)
    assert night.decide(PR_CHIEF, number).code == "approved"
    night.send()
    assert night.states(number)["kashiwa_shi", "publish"] == "due"
    night.move(NIGHT.replace(hour=23, minute=30))
    night.send()

    assert {key: state for key, state in night.states(number).items() if key in OFFICIAL} == dict.fromkeys(
        OFFICIAL, "sent"
    )


def test_the_manager_signs_afterwards(night: Town) -> None:
    """後閲: opened with the post, told to the managers, given once, and never by who sent it."""
    number = night.services.overriding.send(night.act(DUTY), _order()).number or ""
    assert night.card(number).sign_off_open
    assert ("sign_off", number, None) in night.notices()

    with pytest.raises(Refusal, match="own_sign_off"):
        night.services.overriding.sign_off(night.act(DUTY), number=number)
    with pytest.raises(Refusal, match="not_manager"):
        night.services.overriding.sign_off(night.act(CHIEF), number=number)
    assert night.services.overriding.sign_off(night.act(PR_CHIEF), number=number, note="確認").code == "signed_off"
    assert night.services.overriding.sign_off(night.act(PR_CHIEF), number=number).code == "signed_already"
    assert not night.card(number).sign_off_open


def test_a_manager_who_sent_it_signs_it(night: Town) -> None:
    """A38: the sender does not sign, unless the head was the sender."""
    number = night.services.overriding.send(night.act(PR_CHIEF), _order()).number or ""

    assert night.services.overriding.sign_off(night.act(PR_CHIEF), number=number).code == "signed_off"


def test_an_ordinary_post_has_nothing_to_sign(night: Town) -> None:
    """後閲 belongs to emergency posts alone."""
    number = night.submit()

    with pytest.raises(Refusal, match="nothing_to_sign"):
        night.services.overriding.sign_off(night.act(PR_CHIEF), number=number)


def test_without_marks_the_official_account_of_each_platform_sends(
    make_town: Callable[..., Town], tmp_path: Path
) -> None:
    """No account marked: the official ones that take a text, so not YouTube."""
    cities = changed_cities(tmp_path, "x", "x")
    file = cities / "kashiwa.yaml"
    file.write_text(file.read_text("utf-8").replace("    emergency: true\n", ""), "utf-8")
    town = make_town(NIGHT, cities=cities)

    form = town.services.overriding.open_form("kashiwa", DUTY, RIVER)

    assert [pane.account for pane in form.panes] == ["kashiwa_shi", "kashiwa_line", "kashiwa_facebook"]


def test_an_emergency_post_is_not_edited(night: Town) -> None:
    """What went out is followed by another report, never rewritten."""
    number = night.services.overriding.send(night.act(DUTY), _order()).number or ""

    with pytest.raises(Refusal, match="not_editable"):
        night.services.drafting.edit_form("kashiwa", DUTY, number)


def test_those_who_can_sign_off_are_named_with_their_section(night: Town) -> None:
    """Half of a city hall are 課長: the request and the answer to a question name whose."""
    managers = night.services.people.with_role(night.city, "manager")

    assert ["広報広聴課長 高橋 健一"] == [one.shown for one in managers]
