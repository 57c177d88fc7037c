from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from policy import Decision, Verdict, judge
from policy.model import (
    AccountKind,
    Role,
)
from policy.wire import action_from_json

NIGHT = "2026-12-06T03:00:00+09:00"
PARK = {"key": "kashiwa_koen", "kind": "section", "section": "公園緑地課"}
PARK_CLERK = {"roles": ["operator"], "section": "公園緑地課"}
DUTY = {"roles": ["operator", "emergency"], "section": "危機管理課"}
QUAKE = {"category": "disaster", "emergency": {"kind": "earthquake"}, "text": "地震がありました。（気象庁発表） #柏市"}


def _rules(verdict: Verdict) -> list[str]:
    return [finding.rule for finding in verdict.findings if finding.effect is verdict.decision]


def test_outside_the_hours_the_sentence_says_when_and_what_next(ask: Any) -> None:
    """The finding names the instant, the next opening, and who can lift it."""
    finding = ask(at="2026-12-05T10:00:00+09:00").findings[0]

    assert finding.message.ja == (
        "投稿時刻（12月5日(土) 10:00）は開庁時間外です。次に投稿できるのは12月7日(月) 8:30です。"
        "それより前に必要なときは、理由を添えて広報広聴課長の了承を得てください。"
    )


def test_the_manager_with_a_reason_lifts_the_hours(ask: Any) -> None:
    """広報広聴課長が必要と認める場合は、この限りではない."""
    verdict = ask(at=NIGHT, grants=[{"role": "manager", "reason": "徹夜祭のため"}])

    assert (
        verdict.decision,
        verdict.clauses,
        verdict.next_open,
    ) == (Decision.ALLOW, ("kashiwa-2-4-ki-hours", "kashiwa-2-4-ki-exc-head"), None)


@pytest.mark.parametrize(("lag", "decision"), [("17:16:00", "allow"), ("17:16:01", "escalate")])
def test_a_post_planned_inside_the_hours_may_lag_sixty_seconds(ask: Any, lag: Any, decision: Any) -> None:
    """A post planned for 17:15:00 may leave until 17:16:00 (A04)."""
    verdict = ask(planned_at="2026-12-01T17:15:00+09:00", at=f"2026-12-01T{lag}+09:00")

    assert decision == verdict.decision


@pytest.mark.parametrize("action", ["repost", "follow", "pin", "poll", "reply"])
def test_the_hours_bind_reposts_follows_pins_polls_and_replies(ask: Any, action: Any) -> None:
    """投稿等 covers every action of 2(4) (A08)."""
    verdict = ask(action=action, at=NIGHT, target={"relation": "section_account"})

    assert "hours" in [finding.rule for finding in verdict.findings]


@pytest.mark.parametrize(
    ("action", "more"), [("delete", {"removal": {"reason": "T06"}}), ("hide_reply", {"comment": {"category": "T01"}})]
)
def test_the_hours_do_not_bind_deleting_and_hiding(ask: Any, action: Any, more: Any) -> None:
    """Deleting and hiding are not 投稿等 (A08)."""
    verdict = ask(action=action, at=NIGHT, **more)

    assert Decision.ALLOW is verdict.decision


@pytest.mark.parametrize("kind", ["event_cancellation", "website_outage", "missing_person", "other"])
def test_what_is_no_disaster_lifts_nothing(ask: Any, kind: Any) -> None:
    """Outside the hours a kind that is no disaster asks the manager, whoever sends it (A06)."""
    verdict = ask(at=NIGHT, emergency={"kind": kind}, actor={**DUTY, "section": "広報広聴課"}, approved=False)

    assert (verdict.decision, verdict.role, verdict.findings[0].rule) == (Decision.ESCALATE, Role.MANAGER, "hours")


def test_the_duty_officer_of_another_section_goes_at_once(ask: Any) -> None:
    """An actor who holds the authority is allowed at once, and the sign-off follows afterwards (A06)."""
    verdict = ask(at=NIGHT, **QUAKE, actor=DUTY, approved=False)

    assert (verdict.decision, [task.clause for task in verdict.tasks]) == (Decision.ALLOW, ["kashiwa-2-4-u-a-approval"])
    assert verdict.tasks[0].due.isoformat() == "2026-12-07T08:30:00+09:00"


def test_without_the_authority_a_disaster_asks_the_manager(ask: Any) -> None:
    """Without the role it escalates to the manager, also where the sign-off is open (A06)."""
    verdict = ask(at=NIGHT, **QUAKE, approved=False)

    assert (verdict.decision, verdict.role, _rules(verdict)) == (Decision.ESCALATE, Role.MANAGER, ["emergency"])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("【部外秘】地震の被害一覧（市災害対策本部）", "secret_marks"),
        ("連絡は090-1234-5678まで。（市災害対策本部）", "private_numbers"),
    ],
)
def test_an_emergency_never_lifts_a_content_block(ask: Any, text: Any, rule: Any) -> None:
    """Secrets and personal data stay blocked under `/sns now` (A06)."""
    verdict = ask(at=NIGHT, **{**QUAKE, "text": text}, actor=DUTY)

    assert (Decision.BLOCK, [rule]) == (verdict.decision, _rules(verdict))


def test_a_machines_guess_only_warns_whoever_may_send_at_once(ask: Any) -> None:
    """An unknown landline in `/sns now` asks for a look, and does not hold the post."""
    verdict = ask(at=NIGHT, **{**QUAKE, "text": "避難所の電話は04-7100-0000です。（市災害対策本部） #柏市"}, actor=DUTY)

    assert (verdict.decision, _rules(verdict)) == (Decision.WARN, ["contacts"])


def test_only_the_pr_division_operates_the_official_account(ask: Any) -> None:
    """Another section is blocked on the official account, and told where to ask."""
    verdict = ask(actor=PARK_CLERK)

    assert (verdict.decision, verdict.clauses) == (Decision.BLOCK, ("kashiwa-2-2-operators",))
    assert "広報広聴課に掲載を依頼してください" in verdict.findings[0].message.ja


def test_a_section_signs_off_its_own_account(ask: Any) -> None:
    """A section account's route is its own section's, by the city's rule (4(2), A10)."""
    verdict = ask(account=PARK, actor=PARK_CLERK, approved=False)

    assert (verdict.route[0].role, verdict.route[0].section) == (Role.APPROVER, "公園緑地課")
    assert verdict.clauses == ("kashiwa-2-4-u-a-approval", "kashiwa-4-2-dept-fallback")


def test_a_sections_own_policy_goes_first(ask: Any) -> None:
    """An account policy that needs no sign-off and has hours of its own goes before the city's rule (4(2))."""
    own = {**PARK, "settings": {"approval": "not_required", "hours": {"days": "all", "from": "08:00", "to": "20:00"}}}
    verdict = ask(account=own, actor=PARK_CLERK, at="2026-12-05T19:00:00+09:00", approved=False)

    assert (verdict.decision, verdict.route) == (Decision.ALLOW, ())


def test_the_official_account_has_no_policy_of_its_own(ask: Any) -> None:
    """Settings of the official account do not loosen the guideline."""
    loose = {
        "key": "kashiwa_shi",
        "kind": "official",
        "section": "広報広聴課",
        "settings": {"approval": "not_required"},
    }
    verdict = ask(account=loose, approved=False)

    assert (verdict.decision, verdict.role) == (Decision.ESCALATE, Role.APPROVER)


def test_reposting_a_section_needs_no_sign_off(ask: Any) -> None:
    """ウ(イ)a orders the repost, so nobody signs it (A11)."""
    verdict = ask(action="repost", target={"relation": "section_account"}, approved=False)

    assert (verdict.decision, verdict.route) == (Decision.ALLOW, ())


def test_an_order_to_mirror_is_in_the_pack(kashiwa: Any) -> None:
    """The official account reposts what section accounts post on X, and nothing else is mirrored."""
    mirror = kashiwa.mirror_of(AccountKind.SECTION, "x")

    assert (mirror.clause, mirror.by) == ("kashiwa-2-4-u-i-a-mirror", AccountKind.OFFICIAL)
    assert kashiwa.mirror_of(AccountKind.OFFICIAL, "x") is None


def test_no_room_means_no_hashtag_and_no_word_about_it(ask: Any) -> None:
    """文字数に余裕がある場合: with five units left, six are not there."""
    verdict = ask(text="あ" * 137 + "1")

    assert (verdict.decision, verdict.text) == (Decision.ALLOW, None)


def test_the_completed_text_keeps_the_authors_words(ask: Any) -> None:
    """The tag comes after the text and a space."""
    verdict = ask(text="市民文化祭を開催します。\n")

    assert verdict.text == "市民文化祭を開催します。 #柏市"


def test_an_unsuitable_post_is_deleted_at_once_and_leaves_duties(ask: Any) -> None:
    """参考3: delete at once, check the spread, ask for deletion, apologise."""
    verdict = ask(action="delete", removal={"reason": "T06"}, text="", category=None)

    assert (verdict.decision, verdict.clauses) == (Decision.ALLOW, ("kashiwa-ref-3-delete",))
    assert {"kashiwa-ref-3-spread", "kashiwa-ref-3-takedown", "kashiwa-ref-3-apology"} <= {
        task.clause for task in verdict.tasks
    }


def test_an_answer_of_no_is_a_finding(ask: Any) -> None:
    """What a person judged to be nothing of Kashiwa's is blocked on the official account."""
    verdict = ask(answers={"about_city": False})

    assert (verdict.decision, _rules(verdict)) == (Decision.BLOCK, ["about_city"])


def test_a_finding_can_show_the_clauses_own_words(ask: Any, kashiwa: Any) -> None:
    """A finding leads to the document, the place in it and its words."""
    citation = kashiwa.citation(ask(at=NIGHT).clauses[0])

    assert citation.label == "柏市公式ツイッター運用ガイドライン 2(4)キ"
    assert citation.quote == "原則として、開庁日の8時30分から17時15分とする"


def test_the_neutral_pack_has_no_hours_and_one_sign_off(ask: Any) -> None:
    """Where no document holds, a post may go at night once one approver of the section has signed it."""
    verdict = ask("neutral", at=NIGHT, approved=False)

    assert (
        verdict.decision,
        verdict.role,
        [step.name.ja for step in verdict.route],
    ) == (Decision.ESCALATE, Role.APPROVER, ["決裁"])
    assert Decision.ALLOW is ask("neutral", at=NIGHT).decision


@pytest.mark.parametrize(
    ("own", "when"), [({"approval": "required"}, "approve"), ({"approval": "not_required"}, "draft")]
)
def test_where_nobody_signs_off_the_author_answers_for_the_approver(ask: Any, own: Any, when: Any) -> None:
    """A question for the approver goes to the author of a post that nobody signs off."""
    account = {"key": "shi", "kind": "official", "section": "広報課", "settings": own}
    asked = {one.id: one.when for one in ask("neutral", account=account).checklist}

    assert asked["no_secret"] == when


@pytest.mark.clauses("neutral-2-sign-off")
def test_the_neutral_pack_waits_for_a_sign_off(ask: Any) -> None:
    """On a platform without a guideline, an approver of the section signs a post off before it goes out."""
    verdict = ask("neutral", approved=False)

    assert (verdict.decision, verdict.role, verdict.clauses) == (
        Decision.ESCALATE,
        Role.APPROVER,
        ("neutral-2-sign-off",),
    )


@pytest.mark.clauses("neutral-2-sign-off")
def test_the_neutral_pack_lifts_the_sign_off_in_a_disaster(ask: Any) -> None:
    """On a platform without a guideline too, a disaster goes at once and is signed off afterwards."""
    verdict = ask("neutral", at=NIGHT, **QUAKE, actor=DUTY, approved=False)

    assert (
        verdict.decision,
        [task.clause for task in verdict.tasks],
        [task.role for task in verdict.tasks],
    ) == (Decision.ALLOW, ["neutral-2-sign-off"], [Role.MANAGER])


@pytest.mark.parametrize(("earlier", "decision"), [(9, "allow"), (10, "warn")])
def test_the_eleventh_post_of_a_day_warns(ask: Any, earlier: Any, decision: Any) -> None:
    """ク sets no limit; above ten a day, the city's own choice, it warns and never blocks."""
    history = [{"at": f"2026-12-01T09:{minute:02}:00+09:00", "text": f"第{minute}号"} for minute in range(earlier)]
    verdict = ask(history=history)

    assert verdict.decision == decision


def test_posts_of_other_accounts_do_not_count(ask: Any) -> None:
    """The number of posts is counted an account."""
    history = [{"at": "2026-12-01T09:00:00+09:00", "text": "別", "account": "kashiwa_koen"}] * 20

    assert ask(history=history).decision is Decision.ALLOW


def test_a_text_written_yesterday_is_asked_about_its_tomorrow(kashiwa: Any) -> None:
    """「明日」 warns where the text was written on another day than it goes out."""
    _, action, facts = action_from_json({**kashiwa.example, "pack": "kashiwa", "text": "明日開催します。 #柏市"})
    moved = judge(kashiwa, action, replace(facts, written_on=date(2026, 11, 30)))
    kept = judge(kashiwa, action, replace(facts, written_on=date(2026, 12, 1)))

    assert ([one.rule for one in moved.findings], kept.findings) == (["relative_date"], ())


def test_a_message_does_not_repeat_what_must_not_be_shown(ask: Any) -> None:
    """A message is kept and read by others, so it hints at a number and does not repeat it."""
    (finding,) = ask(text="連絡先は090-1234-5678です。 #柏市").findings

    assert "「090-…」" in finding.message.ja
    assert "1234" not in finding.message.ja


@pytest.mark.parametrize(
    "text",
    [
        "【参加者募集】12月20日(日)にマラソン大会。https://www.city.kashiwa.lg.jp/event/2026/12.html #柏市",
        "図書館は12月28日（月）から1月4日（月）まで休館します。 #柏市",
        "受付は平日8:30～17:15、電話04-7167-1111（内線123）です。 #柏市",
        "マイナンバーカードの受け取りは予約をお願いします。 #柏市",
        "会場：柏市柏5-10-1 柏市役所本庁舎 #柏市",
        "〒277-8505 柏市柏5丁目10番1号 柏市役所の皆様へ #柏市",
        "会場は柏市柏5丁目10番1号です。車いすの方もお越しいただけます。 #柏市",
        "出生届は生まれた日から14日以内に。様式は市役所にあります。 #柏市",
        "Wi-Fiのパスワードは館内に掲示しています。 #柏市",
        "案内図は市役所で配布しています。柏らしい景色が並びます。 #柏市",
    ],
)
def test_everyday_posts_pass_quietly(ask: Any, text: str) -> None:
    """What a city posts every day raises no finding."""
    assert ask(text=text).findings == ()


def test_a_section_that_answers_comments_may_reply_by_its_own_policy(ask: Any) -> None:
    """Where the account's own policy answers comments it goes first, and 4(2) is named (A10)."""
    own = {**PARK, "settings": {"answers_comments": True}}
    verdict = ask(action="reply", account=own, actor=PARK_CLERK, text="午後5時までです。")

    assert (verdict.decision, verdict.clauses) == (Decision.ALLOW, ("kashiwa-4-2-dept-fallback",))
