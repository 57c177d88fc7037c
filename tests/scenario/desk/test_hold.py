"""Disaster mode: what people do, what they read, and what waits for their word afterwards."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from town import CHIEF, CLERK, DUTY, OPEN_TUESDAY, PR_CHIEF, PR_CLERK

from chatops.features.hold.views import build_held, build_triage, hold_line, hold_notes, outcome_text
from chatops.features.queue.views import build_queue
from chatops.messages import Voice
from chatops.sandbox.hand import words_of
from chatops.sandbox.limits import check_message_blocks
from platforms.port import Receipt
from publisher.api import NoticeKind, OverrideOrder, Triage
from publisher.delivery import DeliveryEvent
from publisher.errors import Refusal
from publisher.holding import HoldingDesk
from publisher.store import attempts, audit, deliveries, leases, posts
from publisher.store.deliveries import Change
from publisher.store.leases import Room

if TYPE_CHECKING:
    from collections.abc import Callable

    from town import Town

    from publisher.api import HeldView, Outcome

OWN = ("kashiwa_koen", "publish")
TEN = OPEN_TUESDAY + timedelta(hours=1)


def approved(town: Town, text: str = "手賀沼公園の紅葉が見頃です。", **changes: Any) -> str:
    """Submit and approve a post of 公園緑地課 for ten o'clock; take away what was told of it."""
    number = town.submit(form=town.form(text, **({"publish_at": TEN} | changes)))
    town.decide(CHIEF, number)
    town.notices()
    return number


def hold(town: Town, who: str = DUTY, **changes: Any) -> Outcome:
    """Put the city on hold, or a part of it."""
    return town.services.holding.hold(town.act(who), **({"reason": "大雨警報"} | changes))


def resume(town: Town, who: str = DUTY, **changes: Any) -> Outcome:
    """Lift a hold."""
    return town.services.holding.resume(town.act(who), **changes)


def come_up(town: Town) -> None:
    """Let it become ten o'clock and the worker look."""
    town.move(TEN)
    town.send()


def say(town: Town) -> Voice:
    """Speak Japanese at the town's time."""
    return Voice(now=town.clock.now())


def waiting(town: Town) -> list[HeldView]:
    """Return the triage list."""
    return list(town.services.holding.waiting(town.city))


def decide(town: Town, who: str, answer: Triage = Triage.SEND, **seen: Any) -> Outcome:
    """Decide what stands first on the triage list."""
    return town.services.holding.decide(town.act(who), delivery=waiting(town)[0].delivery, answer=answer, **seen)


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Refusal:
    """Return why a call is refused."""
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value


def texts(town: Town, kind: NoticeKind) -> list[dict[str, Any]]:
    """Take every notice; return what those of a kind say."""
    taken = town.services.notices.claim(limit=200)
    for notice in taken:
        town.services.notices.done(notice)
    return [{"person": one.person, **one.params} for one in taken if one.kind is kind]


def test_a_word_to_an_earlier_hold_is_none_to_a_later_one(town: Town) -> None:
    """The button 「送る」 of the message before last: it was let go, and stopped by another hold since."""
    number = approved(town)
    hold(town)
    come_up(town)
    resume(town)
    (first,) = waiting(town)
    decide(town, CLERK)
    town.move(TEN + timedelta(minutes=1))
    hold(town)
    town.send()
    resume(town)
    (second,) = waiting(town)
    stale = decide(town, CLERK, question=first.question)
    stays = town.states(number)[OWN]
    again = decide(town, CLERK, question=second.question)

    assert ("triage_stale", "held") == (stale.code, stays)
    assert "あらためて止められています" in say(town).outcome(stale)
    assert "triage_send" == again.code


def test_a_resume_that_was_said_before_a_hold_began_does_not_lift_it(town: Town) -> None:
    """「再開」 lay in the inbox over a breakdown, and a hold was ordered at the shell since: it stays in force."""
    hold(town)
    late = resume(town, waited_seconds=3600.0)
    still = len(town.services.holding.listing(town.city))
    town.wait(hours=2)
    in_time = resume(town, waited_seconds=3600.0)

    assert ("resume_came_late", 1) == (late.code, still)
    assert "もう一度 /sns resume" in say(town).outcome(late)
    assert "hold_lifted" == in_time.code


def test_a_hold_of_hours_ago_begins_nothing_and_those_who_may_order_it_hear(town: Town) -> None:
    """It lay in the inbox longer than posts are useful: who ordered it, and the managers, are told to look again."""
    late = hold(town, waited_seconds=3 * 3600.0 + 60)
    told = [one for one in texts(town, NoticeKind.ANSWER) if one["code"] == "hold_late_told"]

    assert ("hold_came_late", 181) == (late.code, late.params["minutes"])
    assert [] == list(town.services.holding.listing(town.city))
    assert "止まっていません" in say(town).outcome(late)
    assert told
    assert DUTY not in [one["person"] for one in told]


def test_a_hold_that_waited_for_less_begins(town: Town) -> None:
    """Nobody said anything else since: to stop for nothing does less harm than to send into a disaster."""
    assert "hold_began" == hold(town, waited_seconds=2 * 3600.0).code


def test_a_hold_and_its_resume_that_both_come_late_leave_nothing_held(town: Town) -> None:
    """Both lay in the inbox: the resume was said after that hold, however soon after its late beginning it comes."""
    hold(town, waited_seconds=2 * 3600.0)
    lifted = resume(town, waited_seconds=2 * 3600.0 - 300)

    assert "hold_lifted" == lifted.code
    assert [] == list(town.services.holding.listing(town.city))


def test_a_late_hold_that_is_applied_after_its_resume_begins_nothing(town: Town) -> None:
    """The inbox applies several acts at once: the resume came first, found nothing to lift, and counts all the same."""
    found = resume(town, PR_CHIEF, waited_seconds=2 * 3600.0 - 300)
    late = hold(town, waited_seconds=2 * 3600.0)

    assert "not_held" == found.code
    assert "hold_overtaken" == late.code
    assert [] == list(town.services.holding.listing(town.city))
    assert "もう一度 /sns hold" in say(town).outcome(late)
    assert "7:05" in say(town).outcome(late)


def test_a_late_hold_does_not_begin_anew_what_was_lifted_since(town: Town) -> None:
    """At the shell it was held and resumed meanwhile; what was lifted before it was ordered is nothing to it."""
    hold(town)
    resume(town)
    town.wait(hours=1)
    overtaken = hold(town, waited_seconds=2 * 3600.0)
    town.wait(hours=1)

    assert "hold_overtaken" == overtaken.code
    assert "hold_began" == hold(town, waited_seconds=1800.0).code


def test_a_late_hold_of_one_account_is_not_overtaken_by_a_word_about_another(town: Town) -> None:
    """A resume of the city says nothing of an account's own hold."""
    resume(town, PR_CHIEF)

    assert "hold_began" == hold(town, target="kashiwa_koen", waited_seconds=3600.0).code


def test_a_triage_of_yesterday_sends_nothing_today(town: Town) -> None:
    """The click lay in the inbox while the machine was off: it waits on, and whoever says 送らない is still heard."""
    number = approved(town)
    hold(town)
    come_up(town)
    resume(town)
    (held,) = waiting(town)
    town.wait(hours=24, minutes=1)
    late = decide(town, CLERK, question=held.question, waited_seconds=24 * 3600.0 + 60)
    stays = town.states(number)[OWN]
    stopped = decide(town, CLERK, Triage.DO_NOT_SEND, question=held.question, waited_seconds=24 * 3600.0 + 60)

    assert ("triage_came_late", 1441, "held") == (late.code, late.params["minutes"], stays)
    assert "まだ送っていません" in say(town).outcome(late)
    assert "triage_cancel" == stopped.code


def test_a_send_that_was_said_in_time_is_none_to_a_post_that_came_too_late_since(town: Town) -> None:
    """Useful until eleven, let go at 10:05, carried out at noon: nobody said that it may go out after eleven."""
    number = approved(town, latest_at=TEN + timedelta(hours=1))
    hold(town)
    come_up(town)
    resume(town)
    town.move(TEN + timedelta(hours=2))
    late = decide(town, CLERK, waited_seconds=115 * 60.0)

    assert ("triage_came_late", 115) == (late.code, late.params["minutes"])
    assert "held" == town.states(number)[OWN]
    assert "triage_send" == decide(town, CLERK).code


def test_a_send_holds_for_as_long_as_its_own_post_is_useful(town: Town) -> None:
    """Of an event in three days, somebody said five hours ago that it may go: longer than other posts are useful."""
    approved(town, latest_at=TEN + timedelta(days=3))
    hold(town)
    come_up(town)
    resume(town)
    town.wait(hours=5)

    assert "triage_send" == decide(town, CLERK, waited_seconds=299 * 60.0).code


def test_the_buttons_of_the_triage_name_their_question(town: Town) -> None:
    """Each button on the list and on the message says which question it answers."""
    approved(town)
    hold(town)
    come_up(town)
    resume(town)
    (held,) = waiting(town)
    shown = [build_triage([], [held], say(town)), build_held(held, say(town))[1]]
    values = [
        one["value"] for blocks in shown for block in blocks for one in block.get("elements", ()) if "value" in one
    ]

    assert [{"d": held.delivery, "q": held.question}] * 6 == [json.loads(one) for one in values]


def test_a_hold_stops_what_comes_up_and_on_resume_it_waits_for_a_word(town: Town) -> None:
    """Nothing goes by itself after the resume; a click sends it, once."""
    number = approved(town)
    begun = hold(town)
    come_up(town)

    assert "hold_began" == begun.code
    assert "held" == town.states(number)[OWN]
    assert [number] == [one.number for one in waiting(town)]
    assert "hold_in_force" == refusal(decide, town, PR_CHIEF).code

    lifted = resume(town)
    town.send()
    assert ("hold_lifted", 1) == (lifted.code, lifted.params["count"])
    assert "held" == town.states(number)[OWN]
    assert "triage_send" == decide(town, CLERK).code
    town.send()
    assert "sent" == town.states(number)[OWN]
    assert [] == waiting(town)


def test_what_people_read_of_a_hold(town: Town) -> None:
    """The first answer says that it is in force and names what can't be stopped; the card says that it is held."""
    number = approved(town)
    begun = outcome_text(hold(town), say(town))
    town.notices()
    come_up(town)
    [told] = waiting(town)
    [line] = town.services.holding.listing(town.city)

    assert begun.startswith("柏市の通常の投稿を一時停止しました。送信中の投稿はありません。緊急発信は止まりません。")
    for name in ("X（公式画面の予約投稿）", "LINE Official Account Manager", "Meta Business Suite", "YouTube Studio"):
        assert name in begun
    assert "柏市: 一時停止中（防災安全課" in hold_line(line, say(town)).removeprefix("⏸ ")
    assert "理由: 大雨警報" in hold_line(line, say(town))
    assert "held" == town.card(number).outlook.value
    text, blocks = build_held(told, say(town))
    assert f"⏸ {number}（" in text
    assert "再開したあと、送るかどうかを確認します" in text
    assert 1 == len(blocks), "no button while the hold is in force"
    resume(town)
    assert ["送る", "送らない", "あとで"] == labels(build_triage([], waiting(town), say(town)))


def test_a_hold_answers_twice_and_the_second_answer_outlives_a_restart(town: Town) -> None:
    """In force, one is on its way and named; when it has ended its commander is told, once, by whoever looks."""
    approved(town)
    town.move(TEN)
    database = town.heart.database
    with database.transaction() as tx:
        [leased] = leases.claim(tx, Room(platform="x", limit=1, per_account=1), owner="w1", lease_seconds=30)
        attempts.open_next(tx, leased)
    begun = hold(town)
    town.notices()
    after_restart = HoldingDesk(town.services.holding._desk)  # type: ignore[attr-defined]  # as a new process has it
    early = after_restart.settle()
    with database.transaction() as tx:
        attempts.close(tx, leased.id, DeliveryEvent.SUCCEEDED)
        receipt = Receipt(external_id="1", url=None, at=tx.now)
        change = Change(receipt=receipt)
        deliveries.apply(tx, leased.id, DeliveryEvent.SUCCEEDED, token=leased.lease_token, change=change)
    late = (after_restart.settle(), town.heart.holding.settle())
    told = [one for one in texts(town, NoticeKind.ANSWER) if one["code"] == "hold_settled"]

    assert ("hold_began_moving", 1) == (begun.code, begun.params["count"])
    assert "すでに送信中の1件（公園緑地課X）は止められません" in outcome_text(begun, say(town))
    assert (0, (1, 0)) == (early, late)
    assert [(DUTY, 1)] == [(one["person"], one["count"]) for one in told]


def test_the_others_who_answer_for_it_are_told(town: Town) -> None:
    """Managers and emergency senders hear of the beginning and of the end, but for who did it."""
    hold(town)
    began = [one["person"] for one in texts(town, NoticeKind.ANSWER) if one["code"] == "hold_told"]
    resume(town, PR_CHIEF)
    ended = [one["person"] for one in texts(town, NoticeKind.ANSWER) if one["code"] == "resume_told"]

    assert (False, True) == (DUTY in began, PR_CHIEF in began)
    assert (True, False) == (DUTY in ended, PR_CHIEF in ended)


def test_what_is_related_to_the_disaster_goes_after_one_click_of_the_pr_division(town: Town) -> None:
    """Marked by its author, asked for with a button, and let go by the PR division alone, while the hold holds."""
    number = approved(town, "台風のため手賀沼公園の駐車場を閉鎖しています。")
    marked = town.services.holding.mark(town.act(CLERK), number=number)
    hold(town)
    come_up(town)
    [asked] = [one for one in waiting(town) if one.number == number]
    text, blocks = build_held(asked, say(town))

    assert "marked_related" == marked.code
    assert "災害関連の投稿です。一時停止中ですが、送りますか" in text
    assert "災害関連として送る" in labels(blocks)
    assert "not_pr_division" == refusal(decide, town, CLERK).code
    assert "triage_send" == decide(town, PR_CLERK).code
    town.send()
    assert "sent" == town.states(number)[OWN]


def test_a_word_is_for_exactly_that_delivery(town: Town) -> None:
    """The mirror of a post that was let go is asked about again: it is another delivery."""
    number = approved(town, "台風のため手賀沼公園の駐車場を閉鎖しています。")
    town.services.holding.mark(town.act(CLERK), number=number)
    hold(town)
    come_up(town)
    decide(town, PR_CLERK)
    town.send()
    assert {"sent", "held"} == set(town.states(number).values())


def test_a_post_can_be_marked_after_it_was_held(town: Town) -> None:
    """Its people are told how; the question with the button follows."""
    number = approved(town)
    hold(town)
    come_up(town)
    town.notices()
    town.services.holding.mark(town.act(CLERK), number=number)

    assert ("held", number) in [(kind, named) for kind, named, _ in town.notices()]
    assert "marked_already" == town.services.holding.mark(town.act(PR_CLERK), number=number).code


def test_an_emergency_post_goes_under_a_hold(town: Town) -> None:
    """`/sns now` is what the hold makes room for."""
    hold(town)
    order = OverrideOrder(kind="evacuation", text="柏市全域に避難指示を発令しました。", reason="気象台から連絡")
    number = str(town.services.overriding.send(town.act(DUTY), order).number)
    town.send()
    assert {"sent"} == set(town.states(number).values())


def test_what_is_late_is_shown_as_late_and_goes_only_if_wanted(town: Town) -> None:
    """Its latest useful time passes under the hold: nobody is asked meanwhile, the list says so afterwards."""
    late, dropped = approved(town), approved(town, "手賀沼公園で清掃をしました。")
    hold(town)
    come_up(town)
    town.wait(days=1)
    town.send()
    assert ["held", "held"] == [town.states(one)[OWN] for one in (late, dropped)]
    resume(town)

    assert [True, True] == [one.is_late for one in waiting(town)]
    assert "有効期限（" in str(build_triage([], waiting(town), say(town)))
    decide(town, CLERK, Triage.SEND)
    decide(town, CLERK, Triage.DO_NOT_SEND)
    town.send()
    assert ["sent", "cancelled"] == [town.states(one)[OWN] for one in (late, dropped)]


def test_later_keeps_it_waiting(town: Town) -> None:
    """あとで changes nothing but the record."""
    number = approved(town)
    hold(town)
    come_up(town)
    resume(town)
    assert "triage_later" == decide(town, CLERK, Triage.LATER).code
    town.send()
    assert "held" == town.states(number)[OWN]


def test_the_head_of_a_section_holds_his_own_account_and_no_other(town: Town) -> None:
    """One account is held alone; the whole city, and others' accounts, are not his to hold."""
    number = approved(town)
    begun = hold(town, CHIEF, target="kashiwa_koen")
    come_up(town)

    assert "hold_began" == begun.code
    assert "held" == town.states(number)[OWN]
    assert "not_yours_to_hold" == refusal(hold, town, CHIEF).code
    assert "not_yours_to_hold" == refusal(hold, town, CLERK, target="kashiwa_koen").code
    assert "hold_target_unknown" == refusal(hold, town, target="kashiwa_kouen").code
    assert "hold_lifted" == resume(town, CHIEF, target="kashiwa_koen").code


@pytest.mark.parametrize(
    ("words", "target", "rest"),
    [
        ("公園緑地課", "koen", ""),
        ("公園緑地課　誤投稿の確認", "koen", "誤投稿の確認"),
        ("公園緑地課Ｘ 誤投稿の 確認", "kashiwa_koen", "誤投稿の 確認"),
        ("公園緑地課x", "kashiwa_koen", ""),
        ("大雨警報 手賀沼周辺", "", "大雨警報 手賀沼周辺"),
        ("公園緑地課のイベントで混雑", "", "公園緑地課のイベントで混雑"),
        ("", "", ""),
    ],
)
def test_a_section_and_an_account_can_be_called_by_name(town: Town, words: str, target: str, rest: str) -> None:
    """Whoever names a section stops that section, and not the whole city with its name as the reason."""
    assert (target, rest) == town.services.holding.target_in(town.act(DUTY).city, words)


def test_a_hold_of_the_city_and_one_of_an_account_overlap(town: Town) -> None:
    """Lifting one leaves the other in force."""
    number = approved(town)
    hold(town)
    hold(town, target="kashiwa_koen")
    come_up(town)
    resume(town)

    assert "hold_in_force" == refusal(decide, town, CLERK).code
    assert "held_already" == hold(town, target="kashiwa_koen").code
    resume(town, target="kashiwa_koen")
    assert "not_held" == resume(town).code
    decide(town, CLERK)
    town.send()
    assert "sent" == town.states(number)[OWN]


def labels(blocks: list[dict[str, Any]]) -> list[str]:
    """Return what stands on the buttons."""
    return [one["text"]["text"] for block in blocks if block["type"] == "actions" for one in block["elements"]]


def test_the_queue_says_above_it_what_is_held_and_how_to_resume(town: Town) -> None:
    """Which, since when, by whom, why, the very command that lifts it; and how many wait for a word."""
    say = Voice(now=town.clock.moment)
    assert [] == hold_notes(town.services.holding.listing("kashiwa"), 0, say)
    town.services.holding.hold(town.act(CHIEF), target="kashiwa_koen", reason="誤投稿の確認")
    [line, waiting] = hold_notes(town.services.holding.listing("kashiwa"), 2, say)

    assert (
        "⏸ 公園緑地課X: 一時停止中（公園緑地課長 佐藤 誠、12月1日(火) 9:00 から） 理由: 誤投稿の確認"
        "　再開するときは /sns resume kashiwa_koen を使ってください。"
    ) == line
    assert "止まったまま判断を待っている投稿が2件あります（/sns hold list で確認できます）。" == waiting
    shown = build_queue([], say, notes=[line, waiting])
    assert shown == check_message_blocks(shown)
    assert line in words_of(shown)


def test_a_draft_is_marked_as_related_in_its_form(town: Town) -> None:
    """The box is offered to who may mark; saved ticked, it is the same event of the trail as /sns mark, once."""
    drafting = town.services.drafting
    assert drafting.open_form("kashiwa", CLERK).may_mark
    review = town.save(form=town.form("歩道橋が冠水しています。", is_disaster_related=True))
    form = drafting.edit_form("kashiwa", CLERK, review.number)
    assert (True, False) == (form.form.is_disaster_related, form.may_mark)
    again = drafting.save(town.act(CLERK), form.form, number=review.number, version=1)
    with town.heart.database.reading() as tx:
        events = audit.of_post(tx, posts.get(tx, "kashiwa", again.number).id)
    assert [CLERK] == [one.who for one in events if one.kind == "marked_related"]
    assert not drafting.edit_form("kashiwa", CLERK, town.save().number).form.is_disaster_related


def test_a_marked_draft_goes_under_a_hold_after_one_click(town: Town) -> None:
    """What was ticked in the form is what the PR division is asked about."""
    number = approved(town, is_disaster_related=True)
    town.services.holding.hold(town.act(DUTY), reason="大雨警報")
    town.move(TEN)
    town.send()
    [held] = [one for one in town.services.holding.waiting("kashiwa") if one.account_name == "公園緑地課X"]
    assert (number, True) == (held.number, held.is_disaster_related)
    town.services.holding.decide(town.act(PR_CHIEF), delivery=held.delivery, answer=Triage.SEND)
    town.send()
    assert "sent" == town.states(number)[OWN]
