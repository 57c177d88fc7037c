"""The round: from a draft to an approved post."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from town import CHIEF, CLERK, DUTY, NIGHT, OPEN_TUESDAY, PR_CHIEF, PR_CLERK, changed_cities

from publisher.api import Decision, MediaChoice
from publisher.errors import Refusal
from publisher.post import PostState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from town import Town


TEN = OPEN_TUESDAY + timedelta(hours=1)


def test_an_approval_that_lay_in_the_inbox_for_hours_sends_nothing(town: Town) -> None:
    """Approved at five, replayed at eight the next morning: what has no time of its own would go out at once."""
    number = town.submit()
    late = town.decide(CHIEF, number, waited_seconds=15 * 3600.0)
    after = town.card(number).state
    in_time = town.decide(CHIEF, number, waited_seconds=3 * 3600.0)

    assert ("decision_came_late", 900) == (late.code, late.params["minutes"])
    assert PostState.SUBMITTED == after
    assert in_time.code in {"approved", "step_approved"}


def test_an_approval_of_a_post_with_a_time_counts_whenever_it_is_replayed(town: Town) -> None:
    """Its time is still to come, and says by itself how long it is useful."""
    number = town.submit(form=town.form(publish_at=town.clock.now() + timedelta(hours=2)))
    assert town.decide(CHIEF, number, waited_seconds=15 * 3600.0).code in {"approved", "step_approved"}


def test_an_approval_of_a_post_that_is_still_useful_counts_whenever_it_is_replayed(town: Town) -> None:
    """Its author said until when it is useful: until then the approval of yesterday holds, and after it none does."""
    until = town.clock.now() + timedelta(days=2)
    useful, over = (
        town.submit(form=town.form(text, latest_at=until)) for text in ("紅葉が見頃です。", "桜が見頃です。")
    )
    approved = town.decide(CHIEF, useful, waited_seconds=15 * 3600.0).code
    town.move(until + timedelta(minutes=1))
    with pytest.raises(Refusal) as refused:
        town.decide(CHIEF, over, waited_seconds=15 * 3600.0)

    assert approved in {"approved", "step_approved"}
    assert "too_late" == refused.value.code


def test_an_approved_post_goes_out_at_its_time_and_is_reposted(town: Town) -> None:
    """The main job: nothing before its time, then the section's post, then the official account's repost of it."""
    number = town.submit(form=town.form(publish_at=TEN))
    outcome = town.decide(CHIEF, number)
    town.send()

    assert outcome.code == "approved"
    assert outcome.params == {"publish_at": TEN.isoformat()}
    assert town.states(number) == {("kashiwa_koen", "publish"): "due", ("kashiwa_shi", "repost"): "waiting"}

    town.move(TEN)
    town.send()

    assert town.states(number) == {("kashiwa_koen", "publish"): "sent", ("kashiwa_shi", "repost"): "sent"}
    assert town.card(number).state is PostState.CLOSED


def test_each_line_goes_its_own_round(town: Town) -> None:
    """The section's X post needs its chief alone; LINE then still waits for the head of PR, and stops nothing."""
    number = town.submit(form=town.form(accounts=("kashiwa_koen", "kashiwa_line")))

    first = town.decide(CHIEF, number)
    town.send()

    assert first.code == "step_approved"
    assert first.params == {"waiting_for": "広報広聴課長 高橋 健一"}
    assert town.states(number)["kashiwa_koen", "publish"] == "sent"
    assert town.card(number).state is PostState.SUBMITTED
    assert town.card(number).next_is_final

    assert town.decide(PR_CHIEF, number).code == "approved"
    town.send()

    assert town.states(number)["kashiwa_line", "publish"] == "sent"


def test_two_steps_of_the_same_people_are_one(town: Town) -> None:
    """What PR itself drafts needs one click of its chief, who would sign both steps."""
    number = town.submit(PR_CLERK, town.form(section="koho", accounts=("kashiwa_line",)))

    assert [step.is_final for step in town.card(number).panes[0].steps] == [True]
    assert town.decide(PR_CHIEF, number).code == "approved"


def test_the_author_cannot_approve(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """Even a chief does not decide what he or she wrote."""
    cities = changed_cities(
        tmp_path,
        "title: {ja: 課長, en: Section Chief}\n    section: koen\n    roles: [approver]",
        "title: {ja: 課長, en: Section Chief}\n    section: koen\n    roles: [approver, author]",
    )
    town = make_town(cities=cities)
    number = town.submit(CHIEF)

    with pytest.raises(Refusal) as refused:
        town.decide(CHIEF, number)

    assert refused.value.code == "own_post"
    assert town.card(number).waiting_for == ()


def test_the_last_editor_cannot_approve_either(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """Whoever changed a word last is an author too."""
    cities = changed_cities(
        tmp_path, "section: koen\n    roles: [approver]", "section: koen\n    roles: [approver, author]"
    )
    town = make_town(cities=cities)
    review = town.save(CLERK)
    edited = town.services.drafting.save(
        town.act(CHIEF), town.form("公園の紅葉が見頃です。"), number=review.number, version=review.version
    )
    town.hand_in(edited)

    with pytest.raises(Refusal) as refused:
        town.decide(CHIEF, review.number)

    assert refused.value.code == "own_post"


@pytest.mark.parametrize("person", [CLERK, PR_CHIEF, DUTY])
def test_nobody_else_approves(town: Town, person: str) -> None:
    """A step is for whoever holds its position; others hear whose it is."""
    number = town.submit()

    with pytest.raises(Refusal) as refused:
        town.decide(person, number)

    assert (refused.value.code, refused.value.params.get("who")) in {
        ("not_your_step", "公園緑地課長 佐藤 誠"),
        ("own_post", None),
    }
    assert town.states(number) == {}


def test_a_repeated_act_returns_the_first_outcome(town: Town) -> None:
    """Slack's resent event changes nothing and is answered as the first was."""
    number = town.submit()
    act = town.act(CHIEF)

    first = town.decide(CHIEF, number, act=act)
    again = town.decide(CHIEF, number, act=act)

    assert (first.code, first.is_repeat) == ("approved", False)
    assert (again.code, again.params, again.is_repeat) == ("approved", first.params, True)
    assert len(town.card(number).deliveries) == 2


def test_a_second_click_says_that_it_is_decided(town: Town) -> None:
    """A double click decides once and says who did."""
    number = town.submit()
    town.decide(CHIEF, number)

    again = town.decide(CHIEF, number)

    assert again.code == "decided_already"
    assert again.params == {"by": "公園緑地課長 佐藤 誠", "decision": "approve"}


def test_two_chiefs_at_the_same_moment_decide_once(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """One approves; the other hears that it is done, and by whom; there is one delivery."""
    second = "  koen_mori:\n    name: 森 明\n    positions: [{position: koen_chief, from: 2025-04-01}]\n\naccounts:\n"
    town = make_town(cities=changed_cities(tmp_path, "accounts:\n", second))
    number = town.submit()
    start, outcomes = Barrier(2), []

    def click(person: str) -> None:
        start.wait()
        outcomes.append(town.decide(person, number, version=1))

    threads = [Thread(target=click, args=(person,)) for person in (CHIEF, "koen_mori")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome.code for outcome in outcomes) == ["approved", "decided_already"]
    assert len(town.card(number).deliveries) == 2


def test_a_returned_post_is_mended_and_goes_round_again(town: Town) -> None:
    """差戻し needs a reason, which the form shows; the next version begins a new round."""
    number = town.submit()
    with pytest.raises(Refusal, match="note_missing"):
        town.decide(CHIEF, number, Decision.RETURN)
    assert town.decide(CHIEF, number, Decision.RETURN, note="場所を書いてください").code == "returned"

    model = town.services.drafting.edit_form("kashiwa", CLERK, number)
    assert model.returned_note == "公園緑地課長 佐藤 誠: 場所を書いてください"
    review = town.services.drafting.save(
        town.act(CLERK), town.form("手賀沼公園で紅葉が見頃です。"), number=number, version=model.version
    )
    town.hand_in(review)

    assert review.version == 2
    assert town.decide(CHIEF, number).code == "approved"


def test_a_rejected_post_is_over(town: Town) -> None:
    """廃案 is final: no edit, no second submission."""
    number = town.submit()

    assert town.decide(CHIEF, number, Decision.REJECT, note="時期が違います").code == "rejected"
    with pytest.raises(Refusal, match="not_editable"):
        town.services.drafting.edit_form("kashiwa", CLERK, number)


def test_an_edit_voids_the_approval(town: Town) -> None:
    """What was approved is what goes out: a changed word needs a new approval."""
    number = town.submit(form=town.form(publish_at=TEN))
    town.decide(CHIEF, number)
    town.services.drafting.save(town.act(CLERK), town.form("別の文です。", publish_at=TEN), number=number, version=1)
    town.move(TEN)
    town.send()

    assert town.card(number).state is PostState.DRAFT
    assert set(town.states(number).values()) == {"cancelled"}


def test_a_click_on_an_old_card_is_refused(town: Town) -> None:
    """Nobody approves a version that he or she has not read."""
    number = town.submit()
    review = town.services.drafting.save(town.act(CLERK), town.form("別の文です。"), number=number, version=1)
    town.hand_in(review)

    with pytest.raises(Refusal) as refused:
        town.decide(CHIEF, number, version=1)

    assert (refused.value.code, refused.value.params) == ("version_changed", {"version": 2})


def test_two_people_do_not_overwrite_each_other(town: Town) -> None:
    """Who saves over a version that somebody changed meanwhile is told."""
    review = town.save()
    town.services.drafting.save(town.act(CLERK), town.form("一つ目。"), number=review.number, version=1)

    with pytest.raises(Refusal, match="edited_meanwhile"):
        town.services.drafting.save(town.act(CLERK), town.form("二つ目。"), number=review.number, version=1)


def test_a_post_that_is_out_is_not_edited(town: Town) -> None:
    """What citizens have read is corrected, never rewritten."""
    number = town.submit()
    town.decide(CHIEF, number)
    town.send()

    with pytest.raises(Refusal, match="not_editable"):
        town.services.drafting.edit_form("kashiwa", CLERK, number)


def test_a_text_changed_behind_the_seal_never_goes_out(town: Town) -> None:
    """The last check works the seal out again; what differs is asked about."""
    number = town.submit(form=town.form(publish_at=TEN))
    town.decide(CHIEF, number)
    with town.heart.database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE versions SET text = '改ざんされた文です。'")
    town.move(TEN)
    town.send()

    line = next(one for one in town.card(number).deliveries if one.kind.value == "publish")
    assert line.state.value == "asked"
    assert line.problem is not None
    assert line.problem.code == "seal_broken"


def test_the_checklist_must_be_answered(town: Town) -> None:
    """決裁 without the answers is refused; a no where the pack stops it stops it."""
    number = town.submit()
    questions = town.services.approving.questions("kashiwa", CHIEF, number=number, version=1)

    with pytest.raises(Refusal, match="answers_missing"):
        town.decide(CHIEF, number, answers={})
    no = {question.key: not question.key.startswith("accurate.") for question in questions}
    with pytest.raises(Refusal, match="policy_blocks"):
        town.decide(CHIEF, number, answers=no)
    assert town.states(number) == {}


def test_outside_hours_the_next_opening_is_offered(make_town: Callable[..., Town]) -> None:
    """At night the review offers 8:30 of the next open day, with the clause; taken, the post waits for it."""
    town = make_town(NIGHT)
    review = town.save()

    assert review.offer_open_at == NIGHT.replace(hour=23, minute=30)
    assert review.panes[0].findings[0].citations[0].section == "2(4)キ"

    town.hand_in(review, at_opening=True)
    town.decide(CHIEF, review.number)
    town.send()
    assert town.states(review.number)["kashiwa_koen", "publish"] == "due"

    town.move(NIGHT.replace(hour=23, minute=30))
    town.send()
    assert set(town.states(review.number).values()) == {"sent"}


def test_a_post_without_a_time_waits_for_the_opening_in_spite_of_a_note(make_town: Callable[..., Town]) -> None:
    """A friendly word with the 決裁 is no order to publish at night."""
    town = make_town(NIGHT)
    number = town.submit()
    outcome = town.decide(CHIEF, number, note="よろしくお願いします")
    town.send()

    assert outcome.params["publish_at"] == NIGHT.replace(hour=23, minute=30).isoformat()
    assert town.states(number)["kashiwa_koen", "publish"] == "due"


def test_a_repost_outside_hours_waits_for_the_opening(town: Town) -> None:
    """What the official account can't repost before closing is reposted at 8:30 the next morning (A08)."""
    closing = OPEN_TUESDAY.replace(hour=8, minute=15)  # 17:15 in Japan
    number = town.submit(form=town.form(publish_at=closing, latest_at=closing + timedelta(days=2)))
    town.decide(CHIEF, number)
    town.move(closing + timedelta(seconds=30))
    town.heart.worker.run_due_once()
    town.wait(minutes=2)
    town.send()

    repost = next(one for one in town.card(number).deliveries if one.kind.value == "repost")
    assert town.states(number)["kashiwa_koen", "publish"] == "sent"
    assert (repost.state.value, repost.due_at) == ("due", NIGHT.replace(hour=23, minute=30))


def test_a_submission_that_nobody_decided_ends_with_a_notice(town: Town) -> None:
    """Late is worse than held: after its latest useful time nobody can approve it, and its author hears."""
    number = town.submit(form=town.form(publish_at=TEN, latest_at=TEN + timedelta(hours=1)))
    town.notices()
    town.move(TEN + timedelta(hours=1, seconds=1))

    with pytest.raises(Refusal, match="too_late"):
        town.decide(CHIEF, number)
    assert town.heart.deciding.expire_due(town.clock.now()) == 1
    assert town.heart.deciding.expire_due(town.clock.now()) == 0
    assert town.card(number).state is PostState.EXPIRED
    assert ("expired", number, CLERK) in town.notices()


def test_the_successor_finds_the_open_card(make_town: Callable[..., Town], tmp_path: Path) -> None:
    """On April 1 the new chief decides and the new clerk edits; the old ones no longer can."""
    held = "- {position: koen_chief, from: 2025-04-01}"
    cities = changed_cities(
        tmp_path,
        "accounts:\n",
        "  koen_mori:\n    name: 森 明\n    positions: [{position: koen_chief, from: 2027-04-01}]\n"
        "  koen_hara:\n    name: 原 進\n    positions: [{position: koen_clerk, from: 2027-04-01}]\n\naccounts:\n",
    )
    file = cities / "kashiwa.yaml"
    text = file.read_text("utf-8").replace(held, "- {position: koen_chief, from: 2025-04-01, to: 2027-03-31}")
    file.write_text(
        text.replace(
            "- {position: koen_clerk, from: 2024-04-01}", "- {position: koen_clerk, from: 2024-04-01, to: 2027-03-31}"
        ),
        "utf-8",
    )
    last_day = OPEN_TUESDAY.replace(year=2027, month=3, day=31)
    town = make_town(last_day, cities=cities)
    number = town.submit()
    assert town.card(number).waiting_for == ("公園緑地課長 佐藤 誠",)

    town.move(last_day + timedelta(days=1))

    assert town.card(number).waiting_for == ("公園緑地課長 森 明",)
    assert [line.number for line in town.services.board.queue("kashiwa", "koen_hara")] == [number]
    with pytest.raises(Refusal, match="not_your_step"):
        town.decide(CHIEF, number)
    assert town.services.drafting.edit_form("kashiwa", "koen_hara", number).number == number
    with pytest.raises(Refusal, match="not_your_section"):
        town.services.drafting.edit_form("kashiwa", CLERK, number)
    assert town.decide("koen_mori", number).code == "approved"


def test_a_form_is_checked_in_memory(town: Town) -> None:
    """Every mistake has its place and its code."""
    long = "あ" * 141
    form = town.form("", accounts=(), category=None, publish_at=OPEN_TUESDAY - timedelta(hours=1))
    codes = {(one.place, one.code) for one in town.services.drafting.mistakes("kashiwa", CLERK, form)}
    too_long = town.services.drafting.mistakes("kashiwa", CLERK, town.form(long))

    assert codes == {("accounts", "no_account"), ("category", "category_missing"), ("publish_at", "time_past")}
    assert [(one.place, one.code, dict(one.params)) for one in too_long] == [
        ("text", "too_long", {"used": 282, "limit": 280, "unit": "weighted", "platform": "x"})
    ]


def test_a_long_text_with_a_short_variant_for_x_is_fine(town: Town) -> None:
    """Only the text that an account would get is measured."""
    both = ("kashiwa_koen", "kashiwa_line")
    form = town.form("あ" * 141, accounts=both, variants={"x": "紅葉が見頃です。"})
    too_long = town.form("紅葉です。", accounts=both, variants={"x": "あ" * 141})

    assert town.services.drafting.mistakes("kashiwa", CLERK, form) == ()
    assert [one.place for one in town.services.drafting.mistakes("kashiwa", CLERK, too_long)] == ["variants.x"]


def test_an_empty_text_is_a_mistake(town: Town) -> None:
    """Nothing is stored for it."""
    with pytest.raises(Refusal) as refused:
        town.save(form=town.form("  \n"))

    assert (refused.value.code, refused.value.field) == ("text_empty", "text")
    assert town.services.board.queue("kashiwa", CLERK) == []


def test_what_the_policy_blocks_is_not_submitted(town: Town) -> None:
    """The review shows the clause; submitting is refused and nothing changed."""
    review = town.save(form=town.form("【部外秘】人事異動の一覧です。"))

    assert not review.can_submit
    with pytest.raises(Refusal, match="policy_blocks"):
        town.hand_in(review)
    assert town.card(review.number).state is PostState.DRAFT


def test_accounts_of_others_are_not_offered_and_not_taken(town: Town) -> None:
    """公園緑地課 drafts for its own account and for those that take drafts of others; never for the official X."""
    offered = [choice.key for choice in town.services.drafting.open_form("kashiwa", CLERK).accounts]

    assert offered == ["kashiwa_koen", "kashiwa_line", "kashiwa_facebook", "kashiwa_youtube"]
    with pytest.raises(Refusal, match="account_not_allowed"):
        town.save(form=town.form(accounts=("kashiwa_shi",)))
    with pytest.raises(Refusal, match="not_author"):
        town.services.drafting.open_form("kashiwa", CHIEF)


def test_a_submitted_post_is_taken_back_by_its_section(town: Town) -> None:
    """取下げ: then nobody can approve it."""
    number = town.submit()

    assert town.services.drafting.withdraw(town.act(CLERK), number=number).code == "withdrawn"
    with pytest.raises(Refusal) as refused:
        town.decide(CHIEF, number)
    assert (refused.value.code, refused.value.params) == ("not_submitted", {"state": "withdrawn"})


def test_cancelling_stops_what_has_not_gone_out_and_says_what_has(town: Town) -> None:
    """The section's X post is out; LINE is stopped; a second time says so."""
    number = town.submit(form=town.form(accounts=("kashiwa_koen", "kashiwa_line")))
    town.decide(CHIEF, number)
    town.send()
    town.decide(PR_CHIEF, number)

    first = town.services.deciding.cancel(town.act(CLERK), number=number, reason="日程の変更")
    second = town.services.deciding.cancel(town.act(CLERK), number=number)
    town.send()

    assert first.params == {"stopped": "柏市公式LINE", "gone": "公園緑地課X、柏市公式X", "under_way": ""}
    assert second.code == "cancelled_already"
    assert town.states(number)["kashiwa_line", "publish"] == "cancelled"


def test_strangers_cancel_nothing(town: Town) -> None:
    """A clerk of another section hears who can."""
    number = town.submit()

    with pytest.raises(Refusal, match="not_yours_to_cancel"):
        town.services.deciding.cancel(town.act(DUTY), number=number)


def test_the_author_hears_of_the_decision(town: Town) -> None:
    """A decision leaves a notice for the author in the transaction that made it."""
    number = town.submit()
    town.decide(CHIEF, number)

    assert ("decided", number, CLERK) in town.notices()


def test_a_missing_file_is_refused(town: Town) -> None:
    """A form cannot name a file that the store does not have."""
    with pytest.raises(Refusal, match="media_missing"):
        town.save(form=town.form(media=(MediaChoice(sha256="0" * 64),)))


def test_what_needs_a_consent_goes_with_a_reason(town: Town) -> None:
    """A post of the kind "other" needs the head to recognise it (2(4)イ・7): the 決裁 then needs a reason."""
    number = town.submit(form=town.form(category="other"))

    with pytest.raises(Refusal, match="note_missing"):
        town.decide(CHIEF, number)
    assert town.states(number) == {}
    assert town.decide(CHIEF, number, note="広く知らせる必要がある").code == "approved"
    town.send()

    assert town.states(number)["kashiwa_koen", "publish"] == "sent"


def test_who_holds_two_positions_writes_for_the_section_whose_account_is_chosen(
    make_town: Callable[..., Town], tmp_path: Path
) -> None:
    """兼務: a clerk of disaster prevention who is a clerk of the parks too posts there as one of theirs."""
    held = "- {position: duty_officer, from: 2025-04-01}"
    cities = changed_cities(tmp_path, held, f"{held}\n      - {{position: koen_clerk, from: 2025-04-01}}")
    town = make_town(cities=cities)
    review = town.save(DUTY, town.form(section="bosai"))

    assert review.can_submit
    assert review.form.section == "koen"


def test_a_card_of_a_post_that_is_out_shows_what_was_said_of_it_then(town: Town) -> None:
    """At night, and after a consent, the card of a published post raises no new objections."""
    number = town.submit(form=town.form(category="other"))
    town.decide(CHIEF, number, note="広く知らせる必要がある")
    town.send()
    town.move(NIGHT)

    assert {pane.decision for pane in town.card(number).panes} <= {"allow", "warn"}


def test_a_returned_post_takes_its_approved_lines_with_it(town: Town) -> None:
    """The text must change, so the X post that was approved and waits does not go out either."""
    number = town.submit(form=town.form(accounts=("kashiwa_koen", "kashiwa_line"), publish_at=TEN))
    town.decide(CHIEF, number)
    town.decide(PR_CHIEF, number, Decision.RETURN, note="日付が違います")
    town.move(TEN)
    town.send()

    assert set(town.states(number).values()) == {"cancelled"}
