from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from policy import Decision, judge
from policy.calendar import is_open_day
from policy.facts import Facts, Period, PeriodEffect
from policy.model import ActionKind, Category, Role, Words
from policy.packs import load_pack
from policy.wire import action_from_json

ELECTION = {
    "name": "市長選挙",
    "from": "2026-11-30T00:00:00+09:00",
    "to": "2026-12-07T00:00:00+09:00",
    "effect": "head",
}
NEW_YEAR = {
    "name": "システム移行",
    "from": "2026-12-01T00:00:00+09:00",
    "to": "2026-12-04T00:00:00+09:00",
    "effect": "wait",
}
NOON = "2026-12-01T12:00:00+09:00"
DUTY = {"roles": ["operator", "emergency"], "section": "危機管理課"}
QUAKE = {"emergency": {"kind": "earthquake"}, "text": "地震がありました。（気象庁発表） #柏市"}


def _periods(*periods: dict[str, Any]) -> dict[str, Any]:
    return {"facts": {"periods": list(periods)}}


def _named(verdict: Any) -> list[str]:
    return [one.message.ja.split("」")[0][1:] for one in verdict.findings if one.rule == "period"]


def test_a_period_that_asks_the_head_names_itself_its_end_and_the_head(ask: Any) -> None:
    """Who drafts in such a period reads its name, its end and whom to ask, in both languages; no clause is named."""
    verdict = ask(at=NOON, **_periods(ELECTION))
    (finding,) = verdict.findings

    assert (verdict.decision, verdict.role, verdict.clauses, verdict.next_open) == (
        Decision.ESCALATE,
        Role.MANAGER,
        (),
        None,
    )
    assert finding.message.ja == (
        "「市長選挙」の期間（12月7日(月) 0:00まで）の投稿です。"
        "内容を確認し、理由を添えて広報広聴課長の了承を得てください。"
    )
    assert "Mon 7 Dec, 0:00" in finding.message.en


def test_a_waiting_period_says_until_when(ask: Any) -> None:
    """A post that waits for the end of a period says so, and who can let it go before."""
    (finding,) = ask("neutral", at=NOON, **_periods(NEW_YEAR)).findings

    assert finding.message.ja == (
        "「システム移行」の期間（12月4日(金) 0:00まで）は投稿を控えます。期間が終わるまでお待ちください。"
        "それより前に必要なときは、理由を添えて運用管理者の了承を得てください。"
    )


@pytest.mark.parametrize(
    ("at", "is_held"),
    [
        ("2026-11-30T23:59:59+09:00", False),
        ("2026-12-01T00:00:00+09:00", True),
        ("2026-12-03T23:59:59.999999+09:00", True),
        ("2026-12-04T00:00:00+09:00", False),
        ("2026-12-03T15:00:00+00:00", False),
        ("2026-12-03T14:59:59+00:00", True),
    ],
)
def test_a_period_begins_and_ends_to_the_instant(ask: Any, at: Any, is_held: Any) -> None:
    """Its first instant is inside and its end is outside, whatever the offset in which they are written."""
    assert is_held is bool(_named(ask("neutral", at=at, **_periods(NEW_YEAR))))


@pytest.mark.parametrize(
    ("more", "changes", "is_held"),
    [
        ({}, {}, True),
        ({"categories": ["event", "mayor"]}, {"category": "event"}, True),
        ({"categories": ["mayor"]}, {"category": "event"}, False),
        ({"categories": ["mayor"]}, {"category": None}, False),
        ({"words": ["候補者"]}, {"text": "候補者の皆さんへ"}, True),
        ({"words": ["候補者"]}, {"text": "市民文化祭のお知らせ"}, False),
        ({"words": ["ＳＮＳ選挙"]}, {"text": "sns選挙の注意"}, True),
        ({"words": ["SNS選挙"]}, {"text": "ＳＮＳ選挙の注意"}, True),
        ({"words": ["候補者"], "categories": ["mayor"]}, {"text": "市長の一日", "category": "mayor"}, True),
        ({"words": ["候補者"], "categories": ["mayor"]}, {"text": "候補者説明会", "category": "event"}, True),
        ({"accounts": ["shi"]}, {}, True),
        ({"accounts": ["koen"]}, {}, False),
        ({"accounts": ["koen"], "words": ["候補者"]}, {"text": "候補者の皆さんへ"}, False),
    ],
)
def test_a_period_is_about_its_accounts_categories_and_words(ask: Any, more: Any, changes: Any, is_held: Any) -> None:
    """Accounts narrow it; one category or one word is enough; with neither it is about every post."""
    verdict = ask("neutral", at=NOON, **changes, **_periods({**ELECTION, **more}))

    assert is_held is bool(_named(verdict))


def test_the_words_of_a_period_are_marked_in_the_text(ask: Any) -> None:
    """Whoever reads the finding sees which words made it."""
    (finding,) = ask(
        "neutral", at=NOON, text="ｓｎｓ選挙とSNS選挙", **_periods({**ELECTION, "words": ["SNS選挙"]})
    ).findings

    assert [(span.start, span.end) for span in finding.spans] == [(0, 5), (6, 11)]


@pytest.mark.parametrize("kind", ActionKind)
def test_a_period_is_about_what_shows_the_public_something(ask: Any, kind: Any) -> None:
    """Posts, polls, reposts, pins and answers are held; corrections and what takes something away are not."""
    held = {"publish", "poll", "repost", "pin", "reply", "answer_comment"}
    verdict = ask("neutral", action=kind.value, at=NOON, **_periods(ELECTION))

    assert (kind.value in held) is bool(_named(verdict))


@pytest.mark.parametrize("effect", ["head", "wait"])
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({**QUAKE, "actor": DUTY, "approved": False}, id="by authority, without a category"),
        pytest.param({**QUAKE, "actor": DUTY, "category": "disaster"}, id="by authority"),
        pytest.param(
            {"category": "disaster", "text": "停電しています。（市災害対策本部） #柏市"}, id="by its category"
        ),
        pytest.param(
            {"action": "repost", "target": {"relation": "section_account", "disaster": True}}, id="a repost of one"
        ),
    ],
)
@pytest.mark.parametrize("pack", ["kashiwa", "neutral"])
def test_no_period_holds_a_disaster(ask: Any, pack: Any, changes: Any, effect: Any) -> None:
    """A disaster is never held by a period, whether sent by authority or under the category."""
    verdict = ask(pack, at=NOON, **changes, **_periods({**ELECTION, "effect": effect}))

    assert (verdict.decision.rank <= Decision.WARN.rank, _named(verdict), verdict.next_open) == (True, [], None)


def test_what_is_no_disaster_is_held_also_from_sns_now(ask: Any) -> None:
    """A kind that is no disaster lifts nothing (A06), and so no period."""
    verdict = ask("neutral", at=NOON, emergency={"kind": "event_cancellation"}, actor=DUTY, **_periods(ELECTION))

    assert ["市長選挙"] == _named(verdict)


def test_an_overlap_names_both(ask: Any) -> None:
    """In two periods at once, both are named, and the wait ends with the one that waits."""
    verdict = ask("neutral", at=NOON, **_periods(ELECTION, NEW_YEAR))

    assert sorted(_named(verdict)) == ["システム移行", "市長選挙"]
    assert verdict.next_open == datetime.fromisoformat("2026-12-04T00:00:00+09:00")


@pytest.mark.parametrize(("reason", "decision"), [("市長の急逝のため", "allow"), (" ", "escalate")])
def test_the_head_lifts_a_period_with_a_reason(ask: Any, reason: Any, decision: Any) -> None:
    """The consent of the manager, with a reason, lifts every period at once; without a reason it lifts nothing."""
    grants = [{"role": "manager", "reason": reason}]
    verdict = ask("neutral", at=NOON, grants=grants, **_periods(ELECTION, NEW_YEAR))

    assert decision == verdict.decision
    assert (verdict.next_open is None) is (decision == "allow")


@pytest.mark.parametrize(
    ("pack", "at", "until", "next_open"),
    [
        # Without hours: the end of the period itself.
        ("neutral", NOON, "2026-12-04T00:00:00+09:00", "2026-12-04T00:00:00+09:00"),
        ("neutral", "2026-12-05T03:00:00+09:00", "2026-12-06T00:00:00+09:00", "2026-12-06T00:00:00+09:00"),
        # The end lies outside the hours: the next opening after it.
        ("kashiwa", NOON, "2026-12-04T00:00:00+09:00", "2026-12-04T08:30:00+09:00"),
        ("kashiwa", NOON, "2026-12-05T00:00:00+09:00", "2026-12-07T08:30:00+09:00"),
        ("kashiwa", NOON, "2026-12-29T00:00:00+09:00", "2027-01-04T08:30:00+09:00"),
        # The end lies inside the hours, or on their edges, which are inside (A04).
        ("kashiwa", NOON, "2026-12-04T13:00:00+09:00", "2026-12-04T13:00:00+09:00"),
        ("kashiwa", NOON, "2026-12-04T08:30:00+09:00", "2026-12-04T08:30:00+09:00"),
        ("kashiwa", NOON, "2026-12-04T17:15:00+09:00", "2026-12-04T17:15:00+09:00"),
        ("kashiwa", NOON, "2026-12-04T17:15:01+09:00", "2026-12-07T08:30:00+09:00"),
        # The hours hold longer than the period.
        ("kashiwa", "2026-12-05T10:00:00+09:00", "2026-12-05T12:00:00+09:00", "2026-12-07T08:30:00+09:00"),
        # The period holds longer than the hours.
        ("kashiwa", "2026-12-05T10:00:00+09:00", "2026-12-08T12:00:00+09:00", "2026-12-08T12:00:00+09:00"),
        ("kashiwa", "2026-12-05T10:00:00+09:00", "2026-12-08T00:00:00+09:00", "2026-12-08T08:30:00+09:00"),
    ],
)
def test_the_next_opening_is_when_all_waits_are_over(ask: Any, pack: Any, at: Any, until: Any, next_open: Any) -> None:
    """Where hours and a period make a post wait, it may go when it lies in the hours and in no such period."""
    verdict = ask(pack, at=at, **_periods({**NEW_YEAR, "to": until}))

    assert datetime.fromisoformat(next_open) == verdict.next_open


def test_periods_that_follow_each_other_are_waited_for_one_by_one(ask: Any) -> None:
    """A second period that begins before the first lets go is waited for too, and one that begins later is not."""
    second = {**NEW_YEAR, "name": "二つ目", "from": "2026-12-04T06:00:00+09:00", "to": "2026-12-07T18:00:00+09:00"}
    third = {**NEW_YEAR, "name": "三つ目", "from": "2026-12-09T00:00:00+09:00", "to": "2026-12-11T00:00:00+09:00"}
    verdict = ask(at=NOON, **_periods(third, second, NEW_YEAR))

    assert datetime.fromisoformat("2026-12-08T08:30:00+09:00") == verdict.next_open
    assert ["システム移行"] == _named(verdict)


def test_a_later_period_moves_the_opening_of_the_hours(ask: Any) -> None:
    """On a Saturday before a period that begins on Monday, the opening on Monday is no opening."""
    monday = {**NEW_YEAR, "from": "2026-12-07T00:00:00+09:00", "to": "2026-12-09T00:00:00+09:00"}
    verdict = ask(at="2026-12-05T10:00:00+09:00", **_periods(monday))

    assert datetime.fromisoformat("2026-12-09T08:30:00+09:00") == verdict.next_open


def test_where_no_opening_is_in_sight_a_period_promises_none() -> None:
    """A city hall that stays closed has no opening, whenever the period ends."""
    pack = load_pack("kashiwa")
    start = datetime.fromisoformat(NOON)
    days = [(start + timedelta(days=n)).date() for n in range(1, 500)]
    _, action, facts = action_from_json({**pack.example, "pack": "kashiwa", "at": NOON, **_periods(NEW_YEAR)})
    closed = replace(facts, closed_days=frozenset(day for day in days if is_open_day(day, Facts())))

    assert judge(pack, action, closed).next_open is None


def test_a_period_of_another_zone_ends_at_the_same_instant() -> None:
    """Instants are compared as instants, so a period written in UTC holds as long."""
    pack = load_pack("neutral")
    _, action, facts = action_from_json({**pack.example, "pack": "neutral", "at": NOON})
    period = Period(
        id="1",
        name=Words(ja="試行", en="trial"),
        starts_at=datetime(2026, 12, 1, tzinfo=UTC),
        ends_at=datetime(2026, 12, 2, tzinfo=UTC),
        effect=PeriodEffect.WAIT,
        categories=frozenset({Category.EVENT}),
    )
    verdict = judge(pack, action, replace(facts, periods=(period,)))

    assert datetime.fromisoformat("2026-12-02T09:00:00+09:00") == verdict.next_open
