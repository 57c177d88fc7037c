from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from shared_material import SHARED, needs_shared

from policy import judge
from policy.packs import load_pack
from policy.wire import TextCounter, action_from_json

PR = "秘書広報課"
NIGHT = "2026-12-06T03:10:00+09:00"
SATURDAY = "2026-12-05T10:00:00+09:00"
CLERK = {"roles": ["author"], "section": "公園課"}
OFFICER = {"roles": ["operator"], "section": "公園課"}
HEAD = {"roles": ["manager"], "section": PR}
DUTY = {"roles": ["operator", "emergency"], "section": PR}
WATCH = {"roles": ["emergency"], "section": "防災危機管理課"}
SYSTEM = {"roles": ["scheduler"], "section": ""}
PR_CLERK = {"roles": ["author", "approver"], "section": PR}
QUAKE = {"category": "disaster", "emergency": {"kind": "earthquake"}, "text": "午前3時5分に地震がありました。"}
REASON = [{"role": "manager", "reason": "当日の参加者へ知らせるため"}]
OFFICERS_WORD = [{"role": "operator", "reason": "確認済み"}]
NO_REASON = [{"role": "manager", "reason": " "}]
MAYOR = {"key": "kodaira_mayor", "kind": "official", "section": PR}
ALWAYS_OPEN = {
    "key": "kodaira_koen",
    "kind": "section",
    "section": "公園課",
    "settings": {"hours": {"days": "all", "from": "00:00", "to": "23:59"}},
}
PLANNED = {"planned_at": "2026-12-01T17:15:00+09:00"}
OPEN = {"approved": False}
MINISTRY = {"relation": "public_body", "verified_official": True, "source_platform": "x"}


X, LINE, FACEBOOK, YOUTUBE = "x", "line", "facebook", "youtube"
PLATFORMS = (X, LINE, FACEBOOK, YOUTUBE)
HOURS = {
    X: ("kodaira-4-5-hours", "kodaira-4-5-exception"),
    LINE: ("kodaira-5-5-hours", "kodaira-5-5-exception"),
    FACEBOOK: ("kodaira-6-6-hours", "kodaira-6-6-exception"),
    YOUTUBE: ("kodaira-7-6-hours", "kodaira-7-6-exception"),
}
TYPES = {
    X: "kodaira-4-4-1-types",
    LINE: "kodaira-5-4-types",
    FACEBOOK: "kodaira-6-4-types",
    YOUTUBE: "kodaira-7-4-types",
}
OPERATORS = {
    X: "kodaira-4-1-operators",
    LINE: "kodaira-5-1-operators",
    FACEBOOK: "kodaira-6-1-operators",
    YOUTUBE: "kodaira-7-1-operators",
}
REPLY = {
    X: "kodaira-4-6-reply",
    LINE: "kodaira-5-6-talk",
    FACEBOOK: "kodaira-6-7-reply",
    YOUTUBE: "kodaira-7-7-reply",
}
JUDGE = {FACEBOOK: "kodaira-6-5-judge", YOUTUBE: "kodaira-7-5-judge"}
FOLLOW_RT = ("kodaira-4-7-follow-rt",)
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


def _answer(verdict: Any) -> Any:
    """Return what a worked case expects: the decision, the role that lifts it, and the clauses that decide."""
    return verdict.decision.value, verdict.role.value if verdict.role else None, set(verdict.clauses)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("opening second", "allow", None, (), shows=HOURS[X], at="2026-12-01T08:30:00+09:00"),
        _case("closing second", "allow", None, (), shows=HOURS[X], at="2026-12-01T17:15:00+09:00"),
        _case("a second early", "escalate", "manager", HOURS[X], at="2026-12-01T08:29:59+09:00"),
        _case("a second late", "escalate", "manager", HOURS[X], at="2026-12-01T17:15:01+09:00"),
        _case("closing second in UTC", "allow", None, (), shows=HOURS[X], at="2026-12-01T08:15:00Z"),
        _case("the next day in UTC", "escalate", "manager", HOURS[X], at="2026-12-04T23:30:00Z"),
        _case("Sunday", "escalate", "manager", HOURS[X], at="2026-12-06T10:00:00+09:00"),
        _case("substitute holiday, A03", "escalate", "manager", HOURS[X], at="2027-03-22T10:00:00+09:00"),
        _case("citizens' holiday, A03", "escalate", "manager", HOURS[X], at="2026-09-22T10:00:00+09:00"),
        _case("28 December is open", "allow", None, (), shows=HOURS[X], at="2026-12-28T17:15:00+09:00"),
        _case("29 December", "escalate", "manager", HOURS[X], at="2026-12-29T10:00:00+09:00"),
        _case("a Wednesday 3 January", "escalate", "manager", HOURS[X], at="2029-01-03T10:00:00+09:00"),
        _case("opened Saturday", "allow", None, (), shows=HOURS[X], at=SATURDAY, facts={"open_days": ["2026-12-05"]}),
        _case("closed Tuesday", "escalate", "manager", HOURS[X], facts={"closed_days": ["2026-12-01"]}),
        _case("60 s late, A04", "allow", None, (), shows=HOURS[X], **PLANNED, at="2026-12-01T17:16:00+09:00"),
        _case("61 s late, A04", "escalate", "manager", HOURS[X], **PLANNED, at="2026-12-01T17:16:01+09:00"),
        _case("for its content, with a reason, A05", "allow", None, HOURS[X], at=SATURDAY, grants=REASON),
        _case("without a reason", "escalate", "manager", HOURS[X], at=SATURDAY, grants=NO_REASON),
        _case(
            "an officer's word is not the head's", "escalate", "manager", HOURS[X], at=SATURDAY, grants=OFFICERS_WORD
        ),
        _case("emergency news", "allow", None, (HOURS[X][1],), at=NIGHT, category="disaster"),
        _case("a repost waits too", "escalate", "manager", HOURS[X], action="repost", target=MINISTRY, at=SATURDAY),
        _case("a following is no tweet", "allow", None, FOLLOW_RT, action="follow", target=MINISTRY, at=SATURDAY),
        _case("a poll is a tweet", "escalate", "manager", HOURS[X], action="poll", at=SATURDAY),
        _case("a correction is a tweet", "escalate", "manager", HOURS[X], action="correct", at=SATURDAY),
        _case("a reply waits for the head alone", "escalate", "manager", (REPLY[X],), action="reply", at=SATURDAY),
        _case("own hours count for nothing", "escalate", "manager", HOURS[X], at=SATURDAY, account=ALWAYS_OPEN),
    ],
)
def test_what_goes_on_x_and_when(changes: Any, expected: Any, ask: Any) -> None:
    """4(5): Monday to Friday 8:30 to 17:15, no holidays, no turn of the year; emergencies or the head go before."""
    assert expected == _answer(ask("kodaira", **changes))


@pytest.mark.parametrize(("platform", "clauses"), _each(HOURS))
def test_each_medium_has_hours_of_its_own(platform: Any, clauses: Any, ask: Any) -> None:
    """5(5), 6(6) and 7(6) give LINE, Facebook and YouTube the hours of X, each under its own clause."""
    outside = ask("kodaira", platform=platform, at="2027-05-03T10:00:00+09:00")
    disaster = ask("kodaira", platform=platform, at=NIGHT, category="disaster")

    assert _answer(outside) == ("escalate", "manager", set(clauses))
    assert outside.next_open == datetime.fromisoformat("2027-05-06T08:30:00+09:00")
    assert _answer(disaster) == ("allow", None, {clauses[1]})
    for clock, decision in (("08:29:59", "escalate"), ("08:30:00", "allow"), ("17:15:00", "allow")):
        assert decision == ask("kodaira", platform=platform, at=f"2026-12-01T{clock}+09:00").decision.value
    for clock, decision in (("17:16:00", "allow"), ("17:16:01", "escalate")):
        late = ask("kodaira", platform=platform, **PLANNED, at=f"2026-12-01T{clock}+09:00")
        assert decision == late.decision.value
    assert ask("kodaira", platform=platform, at="2026-12-01T17:15:01+09:00").decision.value == "escalate"


@pytest.mark.parametrize(("platform", "clause"), _each(TYPES))
@pytest.mark.parametrize("kind", ["official", "section", "field", "related"])
def test_a_post_needs_a_kind_of_information(platform: Any, clause: Any, kind: Any, ask: Any) -> None:
    """A given category counts as one of the lost list's (A29); without one the head decides."""
    account = {"key": "kodaira_koen", "kind": kind, "section": "公園課"}
    none = ask("kodaira", platform=platform, account=account, category=None)

    assert _answer(none) == ("escalate", "manager", {clause})
    for category in ("administration", "living", "event", "mayor", "other"):
        given = ask("kodaira", platform=platform, account=account, category=category)
        assert _answer(given) == ("allow", None, set())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("the mayor's doings", "allow", None, (), shows=("kodaira-4-4-2-mayor",), category="mayor"),
        _case("a general notice", "warn", None, ("kodaira-4-4-2-mayor",), category="living"),
        _case("no kind", "escalate", "manager", ("kodaira-4-4-2-mayor",), category=None),
        _case("at once in a disaster", "allow", None, (HOURS[X][1],), **QUAKE, actor=DUTY, at=NIGHT),
    ],
)
def test_the_mayors_account_is_for_the_mayor(changes: Any, expected: Any, ask: Any) -> None:
    """4(4)[2]: the mayor's activities and messages; a general notice is pointed to the other account."""
    for key in ("kodaira_mayor", "kodaira_shichoshitsu", "小平市長室"):
        assert expected == _answer(ask("kodaira", **changes, account={**MAYOR, "key": key}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("a section's clerk on X", "escalate", "operator", (OPERATORS[X],), actor=CLERK),
        _case("and on LINE", "escalate", "operator", (OPERATORS[LINE],), platform=LINE, actor=CLERK),
        _case("an officer agrees", "allow", None, (OPERATORS[X],), actor=CLERK, grants=OFFICERS_WORD),
        _case("the head agrees", "allow", None, (OPERATORS[LINE],), platform=LINE, actor=CLERK, grants=REASON),
        _case("nobody says why", "escalate", "operator", (OPERATORS[X],), actor=CLERK, grants=NO_REASON),
        _case("nor is the PR division's clerk", "escalate", "operator", (OPERATORS[X],), actor=PR_CLERK),
        _case("an officer on X needs nobody, A32", "allow", None, (), shows=(OPERATORS[X],), actor=OFFICER, **OPEN),
        _case("nor on LINE", "allow", None, (), shows=(OPERATORS[LINE],), platform=LINE, actor=OFFICER, **OPEN),
        _case("the head on X", "allow", None, (), shows=(OPERATORS[X],), actor=HEAD, **OPEN),
        _case("the head on LINE", "allow", None, (), shows=(OPERATORS[LINE],), platform=LINE, actor=HEAD, **OPEN),
        _case("an approver on LINE", "escalate", "operator", (OPERATORS[LINE],), platform=LINE, actor=PR_CLERK),
        _case("the system", "allow", None, (), shows=(OPERATORS[X],), actor=SYSTEM),
        _case("nobody named", "allow", None, (), shows=(OPERATORS[X],), actor=None),
        _case("at night both, the head first", "escalate", "manager", (OPERATORS[X], *HOURS[X]), actor=CLERK, at=NIGHT),
    ],
)
def test_who_operates_each_medium(changes: Any, expected: Any, ask: Any) -> None:
    """4(1) to 7(1): the head and the officers whom the head designated; others may only draft."""
    assert expected == _answer(ask("kodaira", **changes))


@pytest.mark.parametrize("platform", [FACEBOOK, YOUTUBE])
@pytest.mark.clauses("kodaira-6-1-operators", "kodaira-7-1-operators")
def test_others_may_only_draft_for_facebook_and_youtube(platform: Any, ask: Any) -> None:
    """6(1), 7(1): an officer or the head posts and deletes there; nobody's word lets another do it."""
    for actor in (OFFICER, HEAD, SYSTEM, None):
        assert _answer(ask("kodaira", platform=platform, actor=actor)) == ("allow", None, set())
    for actor in (CLERK, PR_CLERK, WATCH):
        for more in ({}, {"grants": REASON}, {"action": "delete", "removal": {"reason": "T06"}}):
            verdict = ask("kodaira", platform=platform, actor=actor, **more)
            assert _answer(verdict) == ("block", None, {OPERATORS[platform]})


@pytest.mark.parametrize(("platform", "clause"), _each(JUDGE))
@pytest.mark.parametrize("action", ["publish", "correct"])
def test_the_head_judges_each_article_and_each_video(platform: Any, clause: Any, action: Any, ask: Any) -> None:
    """6(5) and 7(5): the head judges whether it is one of the listed; the head's word given later lifts it."""
    verdict = ask("kodaira", platform=platform, action=action, approved=False)
    given = ask("kodaira", platform=platform, action=action, approved=False, grants=REASON)
    not_listed = ask("kodaira", platform=platform, action=action, answers={f"listed_{platform}": False})

    assert _answer(verdict) == ("escalate", "manager", {clause})
    assert [(step.role.value, step.section) for step in verdict.route] == [("manager", PR)]
    assert _answer(given) == ("allow", None, {clause})
    assert _answer(not_listed) == ("block", None, {clause, TYPES[platform]})


@pytest.mark.clauses("kodaira-4-1-operators", "kodaira-5-1-operators")
@pytest.mark.parametrize("platform", [X, LINE])
def test_four_eyes_on_x_and_line_are_the_citys_option(platform: Any, ask: Any) -> None:
    """A32: no sign-off per post is written; where the account's policy asks for one, a second person approves."""
    account = {"key": "kodaira_koho", "kind": "official", "section": PR}
    asked = ask("kodaira", platform=platform, account={**account, "settings": {"approval": "required"}}, approved=False)

    assert ask("kodaira", platform=platform, account=account).route == ()
    assert _answer(asked) == ("escalate", "approver", set())


@pytest.mark.clauses("kodaira-6-5-source")
def test_an_article_on_facebook_names_its_source(ask: Any) -> None:
    """6(5): the city bulletin, the website or the PR division; an article from elsewhere is none."""
    verdict = ask("kodaira", platform=FACEBOOK, answers={"source": False})

    assert "source" in {question.id for question in ask("kodaira", platform=FACEBOOK).checklist}
    assert _answer(verdict) == ("block", None, {"kodaira-6-5-source"})


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("content", CONTENT)
def test_no_list_of_forbidden_content_survives(platform: Any, content: Any, ask: Any) -> None:
    """What a person confirmed in the city's own post is barred by no sentence of this text."""
    verdict = ask("kodaira", platform=platform, findings_confirmed=[content])

    assert (_answer(verdict), verdict.findings) == (("allow", None, set()), ())


@pytest.mark.parametrize(
    "media",
    [[{"kind": "image"}], [{"kind": "image", "alt": " ", "people": True}], [{"kind": "video", "people": True}]],
)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_rule_on_pictures_is_written(platform: Any, media: Any, ask: Any) -> None:
    """Consent and descriptions of images are no matter of this text; the city's own question asks for the rights."""
    assert ask("kodaira", platform=platform, media=media).findings == ()
    refused = ask("kodaira", platform=platform, media=media, answers={"lawful": False})
    assert _answer(refused) == ("escalate", "manager", set())


@pytest.mark.parametrize("action", ["publish", "reply", "correct", "poll", "repost", "answer_comment"])
@pytest.mark.clauses("kodaira-2-twitter-140")
def test_a_tweet_has_140_characters(action: Any, ask: Any) -> None:
    """140 full-width characters are 280 weighted units, and one more blocks, in an emergency too (A39)."""
    changes = {"action": action, "target": MINISTRY, "actor": DUTY}

    assert ask("kodaira", **changes, text="あ" * 140).decision.value != "block"
    for more in ({"text": "あ" * 141}, {"text": "あ" * 140 + "a", "grants": REASON}, {**QUAKE, "text": "あ" * 141}):
        assert _answer(ask("kodaira", **{**changes, **more})) == ("block", None, {"kodaira-2-twitter-140"})


@pytest.mark.clauses("kodaira-2-twitter-140")
def test_an_account_that_may_write_more_is_bound_by_140_characters() -> None:
    """The document gives the length, whatever room X sells; 281 units are one too many."""
    pack = load_pack("kodaira")
    roomy = {"x": TextCounter(limit=25_000, measure=lambda text: sum(2 - one.isascii() for one in text))}

    for text, decision in (("あ" * 140, "allow"), ("あ" * 140 + "a", "block"), ("a" * 280, "allow")):
        _, action, facts = action_from_json({**pack.example, "pack": "kodaira", "text": text}, counters=roomy)
        assert decision == judge(pack, action, facts).decision.value


@pytest.mark.clauses("kodaira-2-twitter-140")
@pytest.mark.parametrize("platform", [LINE, FACEBOOK, YOUTUBE])
def test_the_length_is_xs_alone(platform: Any, ask: Any) -> None:
    """140 characters define Twitter, and nothing else."""
    assert ask("kodaira", platform=platform, text="あ" * 5000).findings == ()


@needs_shared
@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("kodaira-5-1-account", ["account_id", "name", "url"]),
        ("kodaira-6-1-account", ["account", "page_name", "url"]),
        ("kodaira-7-1-account", ["account", "channel_name", "url"]),
    ],
)
def test_the_accounts_are_those_of_the_document(clause: Any, names: Any) -> None:
    """Ids, names and addresses stand in the document, letter for letter."""
    document = (SHARED / "guidelines" / "kodaira.txt").read_text(encoding="utf-8")
    params = load_pack("kodaira").clauses[clause].params

    assert [name for name in names if f"{params[name]}" not in document] == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_everyday_posts_pass_quietly(platform: Any, ask: Any) -> None:
    """What a city posts every day raises no finding, whatever its numbers, names and words."""
    path = Path(__file__).with_name("posts_kodaira.yaml")
    posts = yaml.safe_load(path.read_text(encoding="utf-8"))

    assert len(posts) >= 40
    assert [text for text in posts if ask("kodaira", platform=platform, text=text).findings] == []
