from __future__ import annotations

from typing import Any

import pytest

PR = "秘書広報課"
NIGHT = "2026-12-06T03:10:00+09:00"
CLERK = {"roles": ["author"], "section": "公園課"}
OFFICER = {"roles": ["operator"], "section": "公園課"}
HEAD = {"roles": ["manager"], "section": PR}
DUTY = {"roles": ["operator", "emergency"], "section": PR}
WATCH = {"roles": ["emergency"], "section": "防災危機管理課"}
QUAKE = {"category": "disaster", "emergency": {"kind": "earthquake"}, "text": "午前3時5分に地震がありました。"}
REASON = [{"role": "manager", "reason": "当日の参加者へ知らせるため"}]
NO_REASON = [{"role": "manager", "reason": " "}]
OPEN = {"approved": False}
MINISTRY = {"relation": "public_body", "verified_official": True, "source_platform": "x"}
SISTER = {"relation": "section_account", "source_platform": "x"}

ALIGNED = {"relation": "other", "policy_aligned": True}

X, LINE, FACEBOOK, YOUTUBE = "x", "line", "facebook", "youtube"
PLATFORMS = (X, LINE, FACEBOOK, YOUTUBE)
HOURS = {
    X: ("kodaira-4-5-hours", "kodaira-4-5-exception"),
    LINE: ("kodaira-5-5-hours", "kodaira-5-5-exception"),
    FACEBOOK: ("kodaira-6-6-hours", "kodaira-6-6-exception"),
    YOUTUBE: ("kodaira-7-6-hours", "kodaira-7-6-exception"),
}
REPLY = {
    X: "kodaira-4-6-reply",
    LINE: "kodaira-5-6-talk",
    FACEBOOK: "kodaira-6-7-reply",
    YOUTUBE: "kodaira-7-7-reply",
}
JUDGE = {FACEBOOK: "kodaira-6-5-judge", YOUTUBE: "kodaira-7-5-judge"}
CLARIFY = {FACEBOOK: "kodaira-6-7-clarify", YOUTUBE: "kodaira-7-7-clarify"}
DELETE = {FACEBOOK: "kodaira-6-8-delete", YOUTUBE: "kodaira-7-8-delete"}
FOLLOW_RT = ("kodaira-4-7-follow-rt",)
JUDGED = (*FOLLOW_RT, "kodaira-4-7-judge")
SET_APART = "kodaira-8-1-delegation"
CONTENT = [f"T{number:02}" for number in range(1, 27)]


def _case(name: str, decision: str, role: Any, clauses: Any, *, shows: Any = (), **changes: Any) -> Any:
    """Put a worked case together: what is asked, what is expected, and the clauses that it shows."""
    marks = pytest.mark.clauses(*clauses, *shows)
    return pytest.param(changes, (decision, role, set(clauses)), id=name, marks=marks)


def _each(by_platform: Any) -> list[Any]:
    """Put each platform beside its clause, which the test shows."""
    return [
        pytest.param(platform, clause, id=platform, marks=pytest.mark.clauses(*_listed(clause)))
        for platform, clause in by_platform.items()
    ]


def _listed(clause: Any) -> tuple[str, ...]:
    return (clause,) if isinstance(clause, str) else tuple(clause)


def _marked(relation: str, **more: Any) -> Any:
    """Return a target whose mark the platform shows."""
    return {**MINISTRY, "relation": relation, **more}


def _answer(verdict: Any) -> Any:
    """Return what a worked case expects: the decision, the role that lifts it, and the clauses that decide."""
    return verdict.decision.value, verdict.role.value if verdict.role else None, set(verdict.clauses)


def _tasks(verdict: Any) -> set[Any]:
    return {task.clause for task in verdict.tasks}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("a ministry, judged", "allow", None, FOLLOW_RT, target=MINISTRY),
        _case("a ministry, not judged", "escalate", "manager", JUDGED, target=MINISTRY, approved=False),
        _case("judged on the spot", "allow", None, JUDGED, target=MINISTRY, **OPEN, grants=REASON),
        _case("a ministry, not confirmed", "block", None, FOLLOW_RT, target={"relation": "public_body"}),
        _case("whatever the head says", "block", None, FOLLOW_RT, target={"relation": "public_body"}, grants=REASON),
        _case("another account of the city", "allow", None, FOLLOW_RT, target=SISTER),
        _case("not judged either", "escalate", "manager", JUDGED, target=SISTER, approved=False),
        _case("a company with a mark, A30", "block", None, FOLLOW_RT, target=_marked("other")),
        _case("a co-sponsored body", "block", None, FOLLOW_RT, target=_marked("cosponsored", about_city=True)),
        _case("a designated manager", "block", None, FOLLOW_RT, target=_marked("designated_manager")),
        _case("a railway", "block", None, FOLLOW_RT, target=_marked("transport")),
        _case("nothing known of it", "block", None, FOLLOW_RT),
        _case("an affiliate", "block", None, FOLLOW_RT, target=_marked("affiliate")),
        _case("aligned is not official", "block", None, FOLLOW_RT, target=ALIGNED),
        _case("found useless", "block", None, ("kodaira-4-7-judge",), target=MINISTRY, answers={"is_useful": False}),
        _case("not looked up", "block", None, FOLLOW_RT, target=MINISTRY, answers={"is_official": False}),
    ],
)
@pytest.mark.parametrize("action", ["repost", "follow"])
def test_whom_the_city_follows_and_reposts(changes: Any, expected: Any, action: Any, ask: Any) -> None:
    """4(7): accounts of public bodies that can be confirmed as official, where the head judges them useful."""
    assert expected == _answer(ask("kodaira", action=action, **changes))


@pytest.mark.clauses("kodaira-4-7-judge", "kodaira-4-5-exception")
def test_a_disasters_repost_at_night_goes_at_once_and_is_judged_afterwards(ask: Any) -> None:
    """The source's disaster lifts the hours, the authority the judgement, which is made up for (A06)."""
    target = {**MINISTRY, "disaster": True}
    verdict = ask("kodaira", action="repost", target=target, **QUAKE, actor=DUTY, at=NIGHT, approved=False)

    assert verdict.decision.value == "allow"
    assert {"kodaira-4-7-judge", "kodaira-4-5-exception"} == _tasks(verdict)


@pytest.mark.parametrize(("platform", "clause"), _each(REPLY))
@pytest.mark.parametrize("action", ["reply", "answer_comment"])
def test_answers_are_in_principle_not_given(platform: Any, clause: Any, action: Any, ask: Any) -> None:
    """「原則として行わない」: only the head's word, with a reason, lets one go (A09)."""
    changes = {"platform": platform, "action": action, "comment": {"category": "T02"}}

    assert _answer(ask("kodaira", **changes)) == ("escalate", "manager", {clause})
    assert _answer(ask("kodaira", **changes, grants=NO_REASON)) == ("escalate", "manager", {clause})
    assert _answer(ask("kodaira", **changes, grants=REASON)) == ("allow", None, {clause})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("on X", "escalate", "manager", (REPLY[X], "kodaira-4-6-inquiries")),
        _case("on LINE", "escalate", "manager", (REPLY[LINE],), platform=LINE),
        _case("on Facebook", "escalate", "manager", (REPLY[FACEBOOK],), platform=FACEBOOK),
        _case("on YouTube", "escalate", "manager", (REPLY[YOUTUBE],), platform=YOUTUBE),
    ],
)
@pytest.mark.parametrize("comment", ["inquiry", "opinion"])
def test_inquiries_and_opinions_are_received_as_before(changes: Any, expected: Any, comment: Any, ask: Any) -> None:
    """従前の方法による: they are not answered here, unless the head says so."""
    verdict = ask("kodaira", action="answer_comment", comment={"category": comment}, **changes)

    assert expected == _answer(verdict)


@pytest.mark.parametrize(("platform", "clause"), _each(CLARIFY))
@pytest.mark.parametrize("action", ["reply", "answer_comment"])
def test_what_may_mislead_others_must_be_answered(platform: Any, clause: Any, action: Any, ask: Any) -> None:
    """6(7) and 7(7): a correction or explanation is a duty, in words that the head judges."""
    changes = {"platform": platform, "action": action, "comment": {"category": "misleading"}}
    verdict = ask("kodaira", **changes)

    assert _answer(verdict) == ("allow", None, {clause})
    assert clause in _tasks(verdict)
    assert _answer(ask("kodaira", **changes, approved=False)) == ("escalate", "manager", {clause})


@pytest.mark.parametrize(("platform", "clause"), _each({X: REPLY[X], LINE: REPLY[LINE]}))
def test_x_and_line_have_no_duty_to_clarify(platform: Any, clause: Any, ask: Any) -> None:
    """The duty stands in 6(7) and 7(7) alone; elsewhere the head decides."""
    verdict = ask("kodaira", platform=platform, action="answer_comment", comment={"category": "misleading"})

    assert _answer(verdict) == ("escalate", "manager", {clause})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("LINE's talk", "escalate", "manager", (REPLY[LINE],), platform=LINE),
        _case("Facebook's message", "escalate", "manager", (REPLY[FACEBOOK],), platform=FACEBOOK),
        _case("YouTube's message", "escalate", "manager", (REPLY[YOUTUBE],), platform=YOUTUBE),
        _case("by the head's word", "allow", None, (REPLY[FACEBOOK],), platform=FACEBOOK, grants=REASON),
        _case("X's, of which nothing is written", "allow", None, ()),
    ],
)
def test_messages_to_one_person(changes: Any, expected: Any, ask: Any) -> None:
    """5(6), 6(7) and 7(7) cover talk and messages; on X nothing is written."""
    assert expected == _answer(ask("kodaira", action="direct_message", **changes))


@pytest.mark.parametrize(("platform", "clause"), _each(DELETE))
@pytest.mark.parametrize("comment", CONTENT)
def test_the_head_judges_which_comments_are_deleted(platform: Any, clause: Any, comment: Any, ask: Any) -> None:
    """6(8) and 7(8): 秘書広報課長が判断した場合は、ただちに削除する; the judgement is the sign-off of the deletion."""
    changes = {"platform": platform, "action": "delete_comment", "comment": {"category": comment}, "at": NIGHT}
    judged = ask("kodaira", **changes)
    by_word = ask("kodaira", **changes, approved=False, grants=REASON)

    assert _answer(ask("kodaira", **changes, approved=False)) == ("escalate", "manager", {clause})
    assert (_answer(judged), _tasks(judged)) == (("allow", None, {clause}), {clause})
    assert _answer(by_word) == ("allow", None, {clause})


@pytest.mark.parametrize(("platform", "clause"), _each(DELETE))
@pytest.mark.parametrize("comment", ["opinion", "inquiry", "misleading"])
def test_an_opinion_is_deleted_only_by_the_heads_word(platform: Any, clause: Any, comment: Any, ask: Any) -> None:
    """6(8) and 7(8): the five items are lost and not made up; an opinion is none of them unless the head says so."""
    changes = {"platform": platform, "action": "delete_comment", "comment": {"category": comment}}

    assert _answer(ask("kodaira", **changes)) == ("escalate", "manager", {clause})
    assert _answer(ask("kodaira", **changes, grants=REASON)) == ("allow", None, {clause})


@pytest.mark.parametrize(
    ("changes", "expected", "tasks"),
    [
        ({"removal": {"reason": "error"}}, ("escalate", "manager", {SET_APART}), {SET_APART}),
        ({}, ("escalate", "manager", {SET_APART}), set()),
        ({"removal": {"reason": "error"}, "grants": REASON}, ("allow", None, {SET_APART}), {SET_APART}),
        ({"removal": {"reason": "takeover"}}, ("allow", None, set()), {None}),
        *[({"removal": {"reason": content}}, ("allow", None, set()), {None}) for content in CONTENT],
    ],
)
@pytest.mark.clauses("kodaira-8-1-delegation")
def test_deleting_a_post(changes: Any, expected: Any, tasks: Any, ask: Any) -> None:
    """The text is silent: an error is corrected, and deleted only with the head (A33); nothing bars the rest."""
    verdict = ask("kodaira", action="delete", text="", category=None, at=NIGHT, **changes)

    assert (_answer(verdict), _tasks(verdict)) == (expected, tasks)


def test_a_takeover_asks_for_new_passwords(ask: Any) -> None:
    """The text is silent, so that what to do is the city's choice: tell the head and change the password."""
    titles = [task.title.ja for task in ask("kodaira", action="delete", removal={"reason": "takeover"}).tasks]

    assert ["秘書広報課長に報告する", "パスワードをすぐに変更し、連携しているアプリを確認する"] == titles


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("judged", "allow", None, (), shows=("kodaira-6-5-judge",)),
        _case("not judged", "escalate", "manager", ("kodaira-6-5-judge",), approved=False),
        _case("at night", "escalate", "manager", HOURS[FACEBOOK], at=NIGHT),
        _case("a disaster at night", "allow", None, (HOURS[FACEBOOK][1],), at=NIGHT, category="disaster"),
    ],
)
@pytest.mark.parametrize("action", ["repost", "poll"])
def test_what_facebook_shows_is_an_article(changes: Any, expected: Any, action: Any, ask: Any) -> None:
    """6(5), 6(6): a shared post and a poll stand on the page too; 4(7) is Twitter's alone."""
    verdict = ask("kodaira", platform=FACEBOOK, action=action, target={"relation": "other"}, **changes)

    assert expected == _answer(verdict)


@pytest.mark.parametrize(
    ("platform", "action"),
    [(LINE, "follow"), (FACEBOOK, "follow"), (YOUTUBE, "follow"), (LINE, "repost"), (YOUTUBE, "repost")],
)
def test_the_list_of_bodies_is_twitters_alone(platform: Any, action: Any, ask: Any) -> None:
    """4(7) speaks of tweets and their accounts; elsewhere nothing is written."""
    verdict = ask("kodaira", platform=platform, action=action, target={"relation": "other"}, at=NIGHT, approved=False)

    assert (_answer(verdict), verdict.findings) == (("allow", None, set()), ())


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("action", ["like", "pin", "unfollow", "undo_repost", "hide_reply"])
def test_the_text_is_silent_on_the_rest(platform: Any, action: Any, ask: Any) -> None:
    """Likes, pins, unfollowing and hiding are mentioned nowhere, so they go at any hour without a clause."""
    verdict = ask("kodaira", platform=platform, action=action, comment={"category": "T01"}, at=NIGHT, approved=False)

    assert (_answer(verdict), verdict.findings) == (("allow", None, set()), ())


@pytest.mark.parametrize(("platform", "clauses"), _each(HOURS))
def test_the_duty_officer_goes_at_once_on_every_medium(platform: Any, clauses: Any, ask: Any) -> None:
    """A06: whoever holds the authority goes at once; what the head would have judged is judged afterwards."""
    for actor in (DUTY, WATCH, HEAD):
        verdict = ask("kodaira", platform=platform, **QUAKE, actor=actor, at=NIGHT, approved=False)
        assert verdict.decision.value == "allow"
        assert clauses[1] in verdict.clauses
        assert {clauses[1], *_listed(JUDGE.get(platform, ()))} == _tasks(verdict)
        assert (platform in JUDGE) is bool(verdict.route)


@pytest.mark.parametrize(("platform", "clauses"), _each(HOURS))
@pytest.mark.parametrize("actor", [OFFICER, CLERK, {"roles": [], "section": ""}])
def test_without_the_authority_a_disaster_asks_the_head(platform: Any, clauses: Any, actor: Any, ask: Any) -> None:
    """A06: without the role it escalates to the manager, whoever it is and whatever the hour."""
    for at in (NIGHT, "2026-12-01T10:00:00+09:00"):
        changes = {"platform": platform, **QUAKE, "actor": actor, "at": at, "approved": False}
        assert _answer(ask("kodaira", **changes)) == ("escalate", "manager", {clauses[1], SET_APART})
        assert ask("kodaira", **changes, grants=REASON).decision.value == "allow"


@pytest.mark.parametrize("kind", ["event_cancellation", "website_outage", "missing_person", "other"])
@pytest.mark.parametrize(("platform", "clauses"), _each(HOURS))
def test_what_is_no_disaster_lifts_nothing(kind: Any, platform: Any, clauses: Any, ask: Any) -> None:
    """A06, A07: outside the hours the head is asked, and the judgement of an article stays open."""
    changes = {"platform": platform, "emergency": {"kind": kind}, "category": "disaster", "actor": DUTY, "at": NIGHT}
    judge = _listed(JUDGE.get(platform, ()))

    assert _answer(ask("kodaira", **changes)) == ("escalate", "manager", set(clauses))
    assert _answer(ask("kodaira", **changes, approved=False)) == ("escalate", "manager", {*clauses, *judge})
