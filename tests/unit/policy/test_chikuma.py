"""Chikuma's worked cases: who posts where and when, sign-off, emergencies, comments, deletions (A01 to A39)."""

from __future__ import annotations

from typing import Any

import pytest

from policy.packs import load_pack

JOHO = "情報政策課"
OFFICIAL = {"key": "chikuma_city", "kind": "official", "section": JOHO}
FIELD = {"key": "chikuma_kanko", "kind": "field", "section": "観光交流課", "settings": {"approval": "required"}}
KANKO = {"roles": ["operator"], "section": "観光交流課"}
OPERATOR = {"roles": ["operator"], "section": JOHO}
DUTY = {"roles": ["operator", "emergency"], "section": "危機管理防災課"}
NIGHT = "2026-12-06T03:00:00+09:00"
FLOOD = {
    "at": NIGHT,
    "category": "disaster",
    "emergency": {"kind": "storm_flood"},
    "text": "千曲川が氾濫しています。高い所へ避難してください。（千曲市災害対策本部）",
}
REASON = "市民に急ぎ知らせる必要があるため"
MANAGER = [{"role": "manager", "reason": REASON}]
EMPTY = [{"role": "manager", "reason": " "}]
LISTED = ["T01", "T03", "T04", "T05", "T06", "T07", "T08", "T09", "T10", "T11", "T12", "T13", "T23", "T24"]
SHARED_VIDEO = {"relation": "other", "source_platform": "youtube"}


def _own(*, kind: str = "official", **settings: Any) -> dict[str, Any]:
    account = OFFICIAL if kind == "official" else FIELD
    return {**account, "settings": {"approval": "required", **settings}}


def _hours(days: str = "weekdays", **settings: Any) -> dict[str, Any]:
    return _own(hours={"days": days, "from": "08:30", "to": "17:15"}, **settings)


def _case(name: str, shows: str, changes: dict[str, Any], decision: str, clauses: str = "", **more: Any) -> Any:
    """A worked case; *shows* and *clauses* without `chikuma-`, and *clauses* are those that decide, all of them."""
    marks = pytest.mark.clauses(*(f"chikuma-{one}" for one in shows.split())) if shows else ()
    return pytest.param(changes, decision, {f"chikuma-{one}" for one in clauses.split()}, more, id=name, marks=marks)


HOURS = "1-1-5-hours"
FLOW = "1-2-6-approval"
WRITTEN = "1-3-3-no-delete 1-3-3-correct"

CASES = [
    # Nothing but what the document says: an ordinary post of the right person.
    _case("an ordinary post", "", {}, "allow"),
    _case("on Facebook", "", {"platform": "facebook"}, "allow"),
    _case("on YouTube", "", {"platform": "youtube"}, "allow"),
    _case("of the field account's own section", "", {"account": FIELD, "actor": KANKO}, "allow"),
    _case("by the system", "", {"actor": {"roles": ["scheduler"], "section": ""}}, "allow"),
    _case("with nobody named", "", {"actor": None}, "allow"),
    _case("without a kind of information", "", {"category": None}, "allow"),
    _case("of another kind of information", "", {"category": "other"}, "allow"),
    _case("the same words again", "", {"history": [{"at": NIGHT, "text": "あんずまつりを開催します。"}]}, "allow"),
    _case("with a hashtag", "2-2-hashtag", {"text": "杏の花が咲きました。 #千曲市 #あんずの里"}, "allow"),
    # Where it holds.
    *(
        _case(f"LINE is not decided: {action}", "2-4-new-media", {"platform": "line", **more}, "block", "2-4-new-media")
        for action, more in (
            ("publish", {}),
            ("like", {"action": "like"}),
            ("emergency", {**FLOOD, "actor": DUTY}),
            ("granted", {"grants": MANAGER}),
        )
    ),
    # Who runs the account.
    _case("another section on the representative account", "1-1-1-a-rep", {"actor": KANKO}, "block", "1-1-1-a-rep"),
    _case(
        "another organisation runs a representative account",
        "1-1-1-a-other",
        {"account": {**_own(), "section": "観光交流課"}, "actor": KANKO},
        "allow",
    ),
    _case(
        "the guide of a transferred account does not post there",
        "1-1-1-i-guidance",
        {"account": FIELD},
        "block",
        "1-1-1-i-guidance",
    ),
    _case("a follow by another section", "1-1-1-a-rep", {"action": "follow", "actor": KANKO}, "block", "1-1-1-a-rep"),
    # Hours: none but those that the account discloses.
    _case("Saturday night, none disclosed", HOURS, {"at": "2026-12-05T23:30:00+09:00"}, "allow"),
    _case("New Year, none disclosed", HOURS, {"at": "2027-01-01T00:00:00+09:00"}, "allow"),
    _case("the last second", HOURS, {"account": _hours(), "at": "2026-12-01T17:15:00+09:00"}, "allow"),
    _case("the first second", HOURS, {"account": _hours(), "at": "2026-11-30T23:30:00Z"}, "allow"),
    _case("one second late", HOURS, {"account": _hours(), "at": "2026-12-01T17:15:01+09:00"}, "warn", HOURS),
    _case("one second early", HOURS, {"account": _hours(), "at": "2026-12-01T08:29:59+09:00"}, "warn", HOURS),
    _case(
        "a substitute holiday",
        HOURS,
        {"account": _hours(), "at": "2027-03-22T10:00:00+09:00", "text": "館は開いています。"},
        "warn",
        HOURS,
    ),
    _case("29 December", HOURS, {"account": _hours(), "at": "2026-12-29T10:00:00+09:00"}, "warn", HOURS),
    _case("a Sunday, every day", HOURS, {"account": _hours("all"), "at": "2026-12-06T10:00:00+09:00"}, "allow"),
    _case(
        "a Sunday that the city opens",
        HOURS,
        {"account": _hours(), "at": "2026-12-06T10:00:00+09:00", "facts": {"open_days": ["2026-12-06"]}},
        "allow",
    ),
    _case(
        "planned inside and sixty seconds late",
        HOURS,
        {"account": _hours(), "planned_at": "2026-12-01T17:15:00+09:00", "at": "2026-12-01T17:16:00+09:00"},
        "allow",
    ),
    _case(
        "planned inside and sixty-one seconds late",
        HOURS,
        {"account": _hours(), "planned_at": "2026-12-01T17:15:00+09:00", "at": "2026-12-01T17:16:01+09:00"},
        "warn",
        HOURS,
    ),
    _case("a repost at night", HOURS, {"account": _hours(), "action": "repost", "at": NIGHT}, "warn", HOURS),
    _case(
        "a follow at night is no posting",
        f"{HOURS} 2-2-follow",
        {"account": _hours(), "action": "follow", "at": NIGHT},
        "allow",
        "2-2-follow",
    ),
    _case(
        "/sns now at night",
        f"{HOURS} {FLOW}",
        {**FLOOD, "account": _hours(), "actor": DUTY, "approved": False},
        "allow",
        FLOW,
        tasks=FLOW,
    ),
    _case(
        "/sns now at night with a kind that is no disaster",
        HOURS,
        {"account": _hours(), "at": NIGHT, "emergency": {"kind": "event_cancellation"}},
        "warn",
        HOURS,
    ),
    # The account's own flow of sign-off.
    _case("not signed off", FLOW, {"approved": False}, "escalate", FLOW, role="approver", route=1),
    _case("a reply not signed off", f"{FLOW} 2-2-reply", {"action": "reply", "approved": False}, "escalate", FLOW),
    _case("a share not signed off", f"{FLOW} 2-2-rt", {"action": "repost", "approved": False}, "escalate", FLOW),
    _case("a correction not signed off", FLOW, {"action": "correct", "approved": False}, "escalate", FLOW),
    _case(
        "an answer not signed off",
        FLOW,
        {"action": "answer_comment", "account": _own(answers_comments=True), "approved": False},
        "escalate",
        FLOW,
        role="approver",
    ),
    _case("no flow registered", FLOW, {"account": OFFICIAL}, "block", FLOW),
    _case("no flow registered, granted", FLOW, {"account": OFFICIAL, "grants": MANAGER}, "block", FLOW),
    _case("no flow, a reply", FLOW, {"account": OFFICIAL, "action": "reply"}, "block", FLOW),
    _case("no flow, a follow needs none", FLOW, {"account": OFFICIAL, "action": "follow"}, "allow", "2-2-follow"),
    _case("no flow and a disaster now", FLOW, {**FLOOD, "account": OFFICIAL, "actor": DUTY}, "allow"),
    _case(
        "no flow and an event called off",
        FLOW,
        {"account": OFFICIAL, "emergency": {"kind": "event_cancellation"}, "actor": {**DUTY, "section": JOHO}},
        "block",
        FLOW,
    ),
    _case(
        "a flow without sign-off", FLOW, {"account": _own(approval="not_required"), "approved": False}, "allow", route=0
    ),
    _case(
        "the field account's own section signs",
        FLOW,
        {"account": FIELD, "actor": KANKO, "approved": False},
        "escalate",
        FLOW,
        role="approver",
        section="観光交流課",
    ),
    # /sns now.
    _case("a disaster, signed off", FLOW, {**FLOOD, "actor": DUTY}, "allow"),
    _case(
        "a disaster, the manager",
        FLOW,
        {**FLOOD, "actor": {"roles": ["manager"], "section": JOHO}, "approved": False},
        "allow",
        FLOW,
        tasks=FLOW,
    ),
    _case("a disaster without the authority", FLOW, {**FLOOD, "approved": False}, "escalate", FLOW, role="manager"),
    _case("a disaster with consent", FLOW, {**FLOOD, "grants": MANAGER, "approved": False}, "allow", FLOW, tasks=FLOW),
    _case(
        "a disaster with an empty reason",
        FLOW,
        {**FLOOD, "grants": EMPTY, "approved": False},
        "escalate",
        FLOW,
        role="manager",
    ),
    _case(
        "a missing person lifts no sign-off",
        FLOW,
        {"emergency": {"kind": "missing_person"}, "actor": {**DUTY, "section": JOHO}, "approved": False},
        "escalate",
        FLOW,
        role="approver",
    ),
    _case(
        "a disaster lifts no block",
        "1-2-8-a-secret",
        {**FLOOD, "actor": DUTY, "text": "【部外秘】被害の一覧（千曲市災害対策本部）"},
        "block",
        "1-2-8-a-secret",
    ),
    _case(
        "a disaster and a mobile number",
        "1-2-8-ko-personal",
        {**FLOOD, "actor": DUTY, "text": "連絡は090-1234-5678へ。（千曲市災害対策本部）"},
        "block",
        "1-2-8-ko-personal",
    ),
    _case(
        "a disaster and an unknown landline",
        "1-2-8-ko-personal",
        {**FLOOD, "actor": DUTY, "text": "避難所は026-200-0000です。（千曲市災害対策本部）"},
        "warn",
        "1-2-8-ko-personal",
    ),
    # Comments and replies.
    _case(
        "a reply by the policy",
        "2-2-reply 1-2-5-policy",
        {"action": "reply", "account": _own(answers_comments=True), "text": "開館時間は午後8時までです。"},
        "allow",
        "2-2-reply 1-2-5-policy",
    ),
    _case(
        "a reply against the policy",
        "2-2-reply 1-2-5-policy",
        {"action": "reply", "account": _own(answers_comments=False)},
        "escalate",
        "1-2-5-policy",
        role="manager",
    ),
    _case(
        "a reply against the policy, granted",
        "1-2-5-policy",
        {"action": "reply", "account": _own(answers_comments=False), "grants": MANAGER},
        "allow",
        "1-2-5-policy",
    ),
    _case(
        "a reply against the policy, granted without a reason",
        "1-2-5-policy",
        {"action": "reply", "account": _own(answers_comments=False), "grants": EMPTY},
        "escalate",
        "1-2-5-policy",
        role="manager",
    ),
    _case(
        "a comment on another's article is no answer",
        "2-1-fb-comment",
        {"action": "reply", "platform": "facebook", "account": _own(answers_comments=False)},
        "allow",
        "2-1-fb-comment",
    ),
    _case(
        "a reply on YouTube",
        "1-2-5-policy",
        {"action": "reply", "platform": "youtube", "account": _own(answers_comments=True)},
        "allow",
        "1-2-5-policy",
    ),
    _case(
        "an answer by the policy",
        "1-2-5-policy 1-2-5-share",
        {"action": "answer_comment", "comment": {"category": "inquiry"}, "account": _own(answers_comments=True)},
        "allow",
        "1-2-5-policy",
        tasks="1-2-5-share",
    ),
    _case(
        "an answer without a policy",
        "1-2-5-policy",
        {"action": "answer_comment", "comment": {"category": "opinion"}},
        "escalate",
        "1-2-5-policy",
        role="manager",
    ),
    *(
        _case(
            f"{action} a comment",
            "1-2-5-policy 1-2-5-share",
            {"action": action, "comment": {"category": "T01"}, "text": "", "category": None},
            "allow",
            "1-2-5-policy",
            tasks="1-2-5-share",
        )
        for action in ("hide_reply", "delete_comment")
    ),
    _case(
        "an impostor's comment",
        "1-3-2-imp-delete 1-3-2-imp-warn",
        {"action": "hide_reply", "comment": {"category": "T19"}},
        "allow",
        "1-2-5-policy",
        tasks="1-2-5-share 1-3-2-imp-delete 1-3-2-imp-warn",
    ),
    _case(
        "a threat in a comment",
        "1-3-4-crime",
        {"action": "hide_reply", "comment": {"category": "T04"}},
        "allow",
        "1-2-5-policy",
        tasks="1-2-5-share 1-3-4-crime",
    ),
    _case(
        "hiding mere criticism",
        "1-2-5-sincere",
        {"action": "hide_reply", "comment": {"category": "opinion"}, "answers": {"not_for_criticism": False}},
        "escalate",
        "1-2-5-sincere",
        role="manager",
    ),
    # What the operating body decides, and what the document is silent on.
    _case("a like on Facebook", "2-1-fb-like", {"action": "like", "platform": "facebook"}, "allow", "2-1-fb-like"),
    _case("a page liked", "2-1-fb-like", {"action": "follow", "platform": "facebook"}, "allow", "2-1-fb-like"),
    _case("a share", "2-1-fb-share", {"action": "repost", "platform": "facebook"}, "allow", "2-1-fb-share"),
    _case("a follow", "2-2-follow", {"action": "follow", "target": {"relation": "other"}}, "allow", "2-2-follow"),
    _case("a retweet", "2-2-rt", {"action": "repost", "target": {"relation": "other"}}, "allow", "2-2-rt"),
    _case(
        "a subscription", "2-3-yt-subscribe", {"action": "follow", "platform": "youtube"}, "allow", "2-3-yt-subscribe"
    ),
    _case("a rating", "2-3-yt-rate", {"action": "like", "platform": "youtube"}, "allow", "2-3-yt-rate"),
    _case(
        "a follow that the operating body has not decided",
        "2-2-follow",
        {"action": "follow", "approved": False},
        "escalate",
        "2-2-follow",
        role="approver",
    ),
    _case(
        "a like that the operating body has not decided",
        "2-1-fb-like",
        {"action": "like", "platform": "facebook", "approved": False},
        "escalate",
        "2-1-fb-like",
        role="approver",
    ),
    *(
        _case(f"the document is silent: {action}", "", {"action": action, "approved": False}, "allow", route=0)
        for action in ("like", "direct_message", "pin", "undo_repost", "unfollow")
    ),
    _case("the document is silent on polls", "", {"action": "poll"}, "allow"),
    _case(
        "another channel's video on X",
        "2-3-yt-share 2-3-yt-share-media",
        {"action": "repost", "target": SHARED_VIDEO},
        "allow",
        "2-2-rt 2-3-yt-share 2-3-yt-share-media",
    ),
    _case(
        "another channel's video on Facebook",
        "2-3-yt-share 2-3-yt-share-media",
        {"action": "repost", "platform": "facebook", "target": SHARED_VIDEO},
        "allow",
        "2-1-fb-share 2-3-yt-share 2-3-yt-share-media",
    ),
    _case(
        "another channel's video on LINE",
        "2-3-yt-share-media",
        {"action": "repost", "platform": "line", "target": SHARED_VIDEO},
        "block",
        "2-3-yt-share-media 2-4-new-media",
    ),
    _case(
        "another channel's page on LINE",
        "2-3-yt-share-media",
        {"platform": "line", "text": "https://www.youtube.com/@other をご覧ください。"},
        "block",
        "2-3-yt-share-media 2-4-new-media",
    ),
    # Deleting and correcting.
    _case(
        "an error is not deleted",
        WRITTEN,
        {"action": "delete", "removal": {"reason": "error"}},
        "block",
        WRITTEN,
        tasks="1-3-3-correct",
    ),
    _case("no reason is no reason", WRITTEN, {"action": "delete"}, "block", WRITTEN, tasks="1-3-3-correct"),
    _case(
        "an error is not deleted, granted",
        "1-3-3-no-delete",
        {"action": "delete", "removal": {"reason": "error"}, "grants": MANAGER},
        "block",
        WRITTEN,
    ),
    *(
        _case(f"{item} is none of 2(8)", WRITTEN, {"action": "delete", "removal": {"reason": item}}, "block", WRITTEN)
        for item in ("T02", "T14", "T15", "T16", "T17", "T18", "T19", "T20", "T21", "T22", "T25", "T26")
    ),
    *(
        _case(
            f"{item} is one of 2(8)",
            "1-3-3-exception",
            {"action": "delete", "removal": {"reason": item}},
            "escalate",
            "1-3-3-exception",
            role="manager",
            tasks="1-3-3-exception",
        )
        for item in LISTED
    ),
    _case(
        "a secret, granted",
        "1-3-3-exception",
        {"action": "delete", "removal": {"reason": "T05"}, "grants": MANAGER},
        "allow",
        "1-3-3-exception",
        tasks="1-3-3-exception",
    ),
    _case(
        "a secret, an approver's word",
        "1-3-3-exception",
        {"action": "delete", "removal": {"reason": "T05"}, "grants": [{"role": "approver", "reason": REASON}]},
        "escalate",
        "1-3-3-exception",
        role="manager",
    ),
    _case(
        "a secret in an emergency",
        "1-3-3-exception",
        {"action": "delete", "removal": {"reason": "T05"}, "emergency": {"kind": "other"}},
        "escalate",
        "1-3-3-exception",
        role="approver",
    ),
    _case(
        "a secret in an emergency, an approver's word",
        "1-3-3-exception",
        {
            "action": "delete",
            "removal": {"reason": "T05"},
            "emergency": {"kind": "other"},
            "grants": [{"role": "approver", "reason": REASON}],
        },
        "allow",
        "1-3-3-exception",
    ),
    _case(
        "a secret in an emergency, the manager's word",
        "1-3-3-exception",
        {"action": "delete", "removal": {"reason": "T05"}, "emergency": {"kind": "other"}, "grants": MANAGER},
        "allow",
        "1-3-3-exception",
    ),
    _case(
        "a takeover",
        "1-3-4-crime",
        {"action": "delete", "removal": {"reason": "takeover"}},
        "escalate",
        "1-3-4-crime 1-3-3-exception",
        role="manager",
        tasks="1-3-3-exception 1-3-4-crime",
    ),
    _case(
        "a correction",
        "1-3-3-correct",
        {"action": "correct", "text": "先の投稿の会場に誤りがありました。正しくは更埴体育館です。"},
        "allow",
        "1-3-3-correct",
        tasks="1-3-3-correct",
    ),
]


@pytest.mark.parametrize(("changes", "decision", "clauses", "more"), CASES)
def test_a_case_is_decided_by_its_clauses(changes: Any, decision: Any, clauses: Any, more: Any, ask: Any) -> None:
    """The decision rests on exactly these clauses, and asks, routes and leaves to do what the document says."""
    verdict = ask("chikuma", **changes)

    assert (decision, clauses) == (verdict.decision, set(verdict.clauses))
    if decision == "allow" and not clauses:
        assert verdict.findings == ()
    if "role" in more:
        assert more["role"] == verdict.role
    if "tasks" in more:
        assert {f"chikuma-{one}" for one in more["tasks"].split()} == {task.clause for task in verdict.tasks}
    if "route" in more:
        assert more["route"] == len(verdict.route)
    if "section" in more:
        assert [more["section"]] == [step.section for step in verdict.route]


@pytest.mark.clauses("chikuma-1-1-5-hours")
def test_hours_that_are_only_disclosed_hold_nothing(ask: Any) -> None:
    """Outside them the next ones are told, the manager may confirm, and nothing waits."""
    verdict = ask("chikuma", account=_hours(), at="2026-12-05T10:00:00+09:00")

    assert "次の運用時間は12月7日(月) 8:30から" in verdict.findings[0].message.ja
    assert verdict.next_open is None


@pytest.mark.clauses("chikuma-1-2-6-approval")
def test_the_sign_off_after_a_disaster_is_due_at_the_next_opening(ask: Any) -> None:
    """Sent on Sunday at three, it is signed on Monday when the city hall opens, by the manager (A06, A38)."""
    (task,) = ask("chikuma", **FLOOD, actor=DUTY, approved=False).tasks

    assert ("manager", "2026-12-07T08:30:00+09:00") == (task.role, task.due.isoformat())


@pytest.mark.clauses("chikuma-2-3-yt-share-media")
def test_the_citys_own_videos_are_not_limited(ask: Any) -> None:
    """On a platform that the city has decided to use, a video that it has marked as its own passes."""
    own = {"platform": "line", "text": "https://www.youtube.com/watch?v=abc を公開しました。"}
    marked = ask("chikuma", **own, facts={"known_sites": ["youtube.com/watch?v=abc"]})
    unmarked = ask("chikuma", **own)

    assert ["platform"] == [one.rule for one in marked.findings]
    assert {"platform", "other_site", "yt_share_media"} == {one.rule for one in unmarked.findings}


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [
        ("1-1-1-a-rep", "operating_body", "情報政策課"),
        ("1-1-2-lineup", "report_every_months", 12),
        ("1-2-2-timely", "remind_after_hours", 24),
        ("1-2-5-share", "digest_every_days", 7),
        ("1-2-6-review", "every_months", 1),
        ("1-2-7-evaluate", "every_months", 6),
        ("1-3-1-rotate", "every_days", 180),
        ("1-3-2-links", "check_every_days", 7),
        ("1-4-1-no-prospect", "evaluations_below_line", 2),
        ("1-4-2-notice", "notice_days", 90),
        ("4-2-provoke", "exchanges_before_manager", 2),
    ],
)
def test_what_other_work_needs_stands_in_the_pack(clause: Any, name: Any, value: Any) -> None:
    """Intervals and names stand beside their clause: the document's own in `params`, the rest in `own_choice`."""
    found = load_pack("chikuma").clauses[f"chikuma-{clause}"]

    assert value == (found.params if clause == "1-1-1-a-rep" else found.own_choice)[name]


@pytest.mark.parametrize(
    ("clause", "name", "count"),
    [
        ("1-1-3-policy", "headings", 8),
        ("1-1-4-manual", "headings", 9),
        ("1-1-5-disclosure", "items", 10),
        ("1-3-3-exception", "items", 13),
        ("2-4-new-media", "review", 5),
    ],
)
def test_a_list_of_the_document_is_complete(clause: Any, name: Any, count: Any) -> None:
    """Eight headings, nine items of the manual, ten disclosures, thirteen items of 2(8), five points of review."""
    listed = load_pack("chikuma").clauses[f"chikuma-{clause}"].params[name]

    assert count == len(set(listed))


def test_every_clause_is_carried_by_something() -> None:
    """A clause has a rule, a question, a route or a task, parameters, or a word on what carries it."""
    pack = load_pack("chikuma")
    carriers = {clause for rule in pack.rules for one in rule.outcomes.values() for clause in one.clauses}
    carriers |= {one.clause for one in (*pack.questions, *pack.routes, *pack.tasks) if one.clause}
    bare = [one.id for one in pack.clauses.values() if one.id not in carriers and not one.carried]

    assert bare == []
