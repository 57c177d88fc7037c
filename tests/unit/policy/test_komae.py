from __future__ import annotations

from typing import Any

import pytest

from policy.packs import load_pack

SECTION = "地域活性課"
NIGHT = "2026-12-06T03:10:00+09:00"
OTHER_MEDIA = ("line", "facebook", "youtube")
DUTY = {"roles": ["operator", "emergency"], "section": "安心安全課"}
QUAKE = {"category": "disaster", "emergency": {"kind": "earthquake"}, "text": "地震がありました。（気象庁発表）"}
REASON = [{"role": "manager", "reason": "市民に必要な情報のため"}]
NO_REASON = [{"role": "manager", "reason": " "}]
HEAD_ALONE = [{"role": "responsible", "reason": "経緯を確かめたため"}]
ITEMS = ("komae-4-2-i-items",)
ERROR = ("komae-p5-2-delete-repost",)
OTHER = ("komae-p5-1-other",)
NOW = ("komae-p5-1-disaster", "komae-4-2-i-items")
KEEP = "komae-3-4-delete-care"


def _account(**settings: Any) -> Any:
    return {"key": "komae_bunka_tokyo", "kind": "section", "section": SECTION, "settings": settings}


NO_SIGN_OFF = {"account": _account(approval="not_required"), "approved": False}


def _case(name: str, decision: str, role: Any, clauses: Any, *, shows: Any = (), **changes: Any) -> Any:
    """Put a worked case together: what is asked, what is expected, and the clauses that it shows."""
    marks = pytest.mark.clauses(*clauses, *shows)
    return pytest.param(changes, (decision, role, set(clauses)), id=name, marks=marks)


def _answer(verdict: Any) -> Any:
    """Return what a worked case expects: the decision, the role that lifts it, and the clauses that decide."""
    return verdict.decision.value, verdict.role.value if verdict.role else None, set(verdict.clauses)


def _tasks(verdict: Any) -> list[str]:
    return [task.clause for task in verdict.tasks]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("signed off", "allow", None, (), shows=ITEMS),
        _case("not signed off", "escalate", "manager", ITEMS, approved=False),
        _case("no sign-off needed", "allow", None, (), shows=ITEMS, **NO_SIGN_OFF),
        _case("nothing registered", "escalate", "manager", ITEMS, account=_account(), approved=False),
        _case("the head's word is the sign-off", "allow", None, ITEMS, approved=False, grants=REASON),
        _case("a word without a reason is none", "escalate", "manager", ITEMS, approved=False, grants=NO_REASON),
        _case("another's word is none", "escalate", "manager", ITEMS, approved=False, grants=HEAD_ALONE),
        _case(
            "the official account too",
            "escalate",
            "manager",
            ITEMS,
            account={"key": "komae", "kind": "official", "section": SECTION, "settings": {"approval": "required"}},
            approved=False,
        ),
        _case("LINE too", "escalate", "manager", ITEMS, platform="line", approved=False),
        _case("a poll", "escalate", "manager", ITEMS, action="poll", approved=False),
        _case("a corrected post", "escalate", "manager", ITEMS, action="correct", approved=False),
        _case("a repost", "escalate", "manager", ITEMS, action="repost", approved=False),
        _case("a pin is no post", "allow", None, (), shows=ITEMS, action="pin", approved=False),
        _case("a kind that is no disaster", "escalate", "manager", ITEMS, emergency={"kind": "other"}, approved=False),
    ],
)
def test_each_account_says_whether_posts_are_signed_off(ask: Any, changes: Any, expected: Any) -> None:
    """決裁の要・不要 is fixed per account; 要 means the 管理者 signs each post."""
    assert expected == _answer(ask("komae", **changes))


@pytest.mark.clauses("komae-4-2-i-items", "komae-p3-manager")
@pytest.mark.parametrize(
    ("own", "route"),
    [({"approval": "required"}, [("決裁", "manager", SECTION)]), ({}, [("決裁", "manager", SECTION)])],
)
def test_the_head_of_the_section_signs_off(ask: Any, own: Any, route: Any) -> None:
    """管理者として課長を置く: the route is one step of the account's own section."""
    found = ask("komae", account=_account(**own)).route

    assert route == [(step.name.ja, step.role.value, step.section) for step in found]


@pytest.mark.clauses("komae-4-2-i-items")
def test_without_sign_off_the_route_is_empty(ask: Any) -> None:
    """決裁不要: posts pass without approval."""
    assert ask("komae", **NO_SIGN_OFF).route == ()


@pytest.mark.clauses("komae-4-3-i-representative", "komae-4-4-i-accurate")
def test_without_sign_off_the_poster_answers_the_questions(ask: Any) -> None:
    """On 決裁不要 accounts nobody approves, so the poster answers 常識・マナー and the rest."""
    asked = ask("komae", **NO_SIGN_OFF).checklist

    assert {"draft"} == {one.when for one in asked}
    assert {"komae-4-3-i-representative", "komae-4-4-i-accurate"} <= {one.clause for one in asked}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("Sunday night", "allow", None, (), shows=("komae-4-4-e-worktime",), at=NIGHT),
        _case("31 December", "allow", None, (), shows=("komae-4-4-e-worktime",), at="2026-12-31T23:59:59+09:00"),
        _case("New Year", "allow", None, (), shows=("komae-4-4-e-worktime",), at="2027-01-01T00:00:00+09:00"),
        _case(
            "a second after closing",
            "allow",
            None,
            (),
            shows=("komae-4-4-e-worktime",),
            at="2026-12-01T17:15:01+09:00",
        ),
        _case("a like", "allow", None, (), action="like", text=""),
        _case("a pin", "allow", None, (), action="pin"),
        _case("a poll", "allow", None, (), action="poll", category=None),
        _case("an unfollow", "allow", None, (), action="unfollow", target={"relation": "other"}),
        _case("an undone repost", "allow", None, (), action="undo_repost", target={"relation": "other"}),
        _case("a hidden reply", "allow", None, (), action="hide_reply", comment={"category": "T13"}),
        _case("a deleted comment", "allow", None, (), action="delete_comment", comment={"category": "T01"}),
        _case("a hashtag", "allow", None, (), text="文化祭を開催します。 #文化祭"),
        _case(
            "twelve posts a day",
            "allow",
            None,
            (),
            history=[{"at": f"2026-12-01T0{n % 10}:00:00+09:00", "text": f"第{n}会場の案内" * 9} for n in range(12)],
        ),
        *[
            _case(f"follow on {platform}", "allow", None, (), action="follow", platform=platform, text="")
            for platform in OTHER_MEDIA
        ],
        *[
            _case(f"message on {platform}", "allow", None, (), action="direct_message", platform=platform)
            for platform in OTHER_MEDIA
        ],
    ],
)
def test_where_the_document_is_silent_nothing_is_asked(ask: Any, changes: Any, expected: Any) -> None:
    """No rule, no gate: hours, likes, pins, polls, hiding comments, and the sample policy outside X (A20, A27)."""
    verdict = ask("komae", **changes)

    assert (*expected, ()) == (*_answer(verdict), verdict.findings)


@pytest.mark.clauses("komae-2-definition")
@pytest.mark.parametrize("platform", ["x", *OTHER_MEDIA])
def test_every_platform_is_in_scope(ask: Any, platform: Any) -> None:
    """ツイッターやフェイスブック、LINE 等: a plain post passes on each of them."""
    verdict = ask("komae", platform=platform)

    assert (verdict.decision.value, verdict.findings) == ("allow", ())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("its own section", "allow", None, (), shows=("komae-p3-operator",)),
        _case(
            "another section",
            "block",
            None,
            ("komae-p3-operator",),
            actor={"roles": ["operator"], "section": "子ども政策課"},
        ),
        _case(
            "its head does not change that",
            "block",
            None,
            ("komae-p3-operator",),
            actor={"roles": ["operator"], "section": "子ども政策課"},
            grants=REASON,
        ),
        _case(
            "the sample policy is for X",
            "allow",
            None,
            (),
            platform="line",
            actor={"roles": ["operator"], "section": "子ども政策課"},
        ),
        _case("the system", "allow", None, (), actor={"roles": ["scheduler"], "section": ""}),
        _case("nobody named", "allow", None, (), actor=None),
    ],
)
def test_only_the_operating_section_posts(ask: Any, changes: Any, expected: Any) -> None:
    """運用主体は…課とし、情報発信…を行い (見本 第3条)."""
    assert expected == _answer(ask("komae", **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        *[
            _case(category, "allow", None, (), shows=("komae-p5-1-types",), category=category)
            for category in (
                "administration",
                "website",
                "living",
                "publicity",
                "disaster",
                "promotion",
                "event",
                "tourism",
                "mayor",
            )
        ],
        _case("other", "escalate", "manager", OTHER, category="other"),
        _case("other without sign-off", "escalate", "manager", OTHER, category="other", **NO_SIGN_OFF),
        _case("other, found suitable", "allow", None, OTHER, category="other", grants=REASON),
        _case("other on LINE", "allow", None, (), shows=OTHER, platform="line", category="other"),
        _case("none", "escalate", "manager", (*OTHER, "komae-p5-1-types"), category=None),
        _case("none on Facebook", "allow", None, (), shows=OTHER, platform="facebook", category=None),
    ],
)
def test_kinds_of_information(ask: Any, changes: Any, expected: Any) -> None:
    """第5条: general city information, disasters, and what the 課長 finds suitable."""
    assert expected == _answer(ask("komae", **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("the duty officer", "allow", None, NOW, actor=DUTY, approved=False),
        _case(
            "the head",
            "allow",
            None,
            NOW,
            actor={"roles": ["manager"], "section": "安心安全課"},
            approved=False,
        ),
        _case("anybody else", "escalate", "manager", NOW, approved=False),
        _case("anybody else, signed off", "escalate", "manager", NOW),
        _case("anybody else, and the head agrees", "allow", None, NOW, approved=False, grants=REASON),
        _case("anybody else without sign-off", "escalate", "manager", NOW, **NO_SIGN_OFF),
        _case("on LINE", "allow", None, ITEMS, platform="line", actor=DUTY, approved=False),
        _case("on LINE without authority", "escalate", "manager", ITEMS, platform="line", approved=False),
        _case("without a category", "allow", None, NOW, actor=DUTY, approved=False, category=None),
        _case(
            "a cancelled event waits for the sign-off",
            "escalate",
            "manager",
            ITEMS,
            actor={**DUTY, "section": SECTION},
            approved=False,
            emergency={"kind": "event_cancellation"},
        ),
        _case(
            "a missing person needs none where none is needed",
            "allow",
            None,
            (),
            **NO_SIGN_OFF,
            emergency={"kind": "missing_person"},
        ),
        _case(
            "a kind that is no disaster lets no other section in",
            "block",
            None,
            ("komae-p3-operator",),
            actor=DUTY,
            emergency={"kind": "website_outage"},
        ),
    ],
)
def test_at_once(ask: Any, changes: Any, expected: Any) -> None:
    """`/sns now`: who holds the authority goes at once, and nothing else is lifted (A06)."""
    assert expected == _answer(ask("komae", **{**QUAKE, "at": NIGHT, **changes}))


@pytest.mark.clauses("komae-4-2-i-items", "komae-p5-1-disaster")
@pytest.mark.parametrize(
    ("changes", "tasks"),
    [
        ({}, ["komae-4-2-i-items"]),
        ({"platform": "line"}, ["komae-4-2-i-items"]),
        ({"approved": True}, []),
        ({"account": _account(approval="not_required")}, []),
    ],
)
def test_the_sign_off_follows_a_disaster_post(ask: Any, changes: Any, tasks: Any) -> None:
    """Where the ordinary route is not empty, the sign-off follows, by the clause that orders it (A06)."""
    verdict = ask("komae", **{**QUAKE, "at": NIGHT, "actor": DUTY, "approved": False, **changes})

    assert tasks == _tasks(verdict)


@pytest.mark.clauses("komae-4-2-i-items")
def test_the_sign_off_afterwards_is_the_heads(ask: Any) -> None:
    """It is due when the city hall opens next: Sunday night, so Monday."""
    (task,) = ask("komae", **QUAKE, at=NIGHT, actor=DUTY, approved=False).tasks

    assert (task.role.value, task.due.isoformat()) == ("manager", "2026-12-07T08:30:00+09:00")


REMOVALS = ["error", *(f"T{number:02}" for number in range(1, 27))]


@pytest.mark.clauses("komae-p5-2-delete-repost", "komae-3-4-delete-care")
@pytest.mark.parametrize("reason", REMOVALS)
def test_a_wrong_or_unsuitable_post_on_x_is_deleted_at_once(ask: Any, reason: Any) -> None:
    """直ちに…削除するとともに、訂正した内容を改めて発信する: keep a record, delete, post anew (A24)."""
    verdict = ask("komae", action="delete", text="", removal={"reason": reason}, approved=False, at=NIGHT)

    assert _answer(verdict) == ("allow", None, set(ERROR))
    assert _tasks(verdict) == [KEEP, *ERROR, *ERROR]


@pytest.mark.clauses("komae-3-4-delete-care")
@pytest.mark.parametrize("platform", OTHER_MEDIA)
@pytest.mark.parametrize("reason", ["error", "T05", "T18"])
def test_elsewhere_deleting_needs_a_record_only(ask: Any, platform: Any, reason: Any) -> None:
    """The sample policy's order is for X (A20); the guideline asks for care and a record."""
    verdict = ask("komae", action="delete", text="", removal={"reason": reason}, platform=platform)

    assert (verdict.decision.value, verdict.findings, _tasks(verdict)) == ("allow", (), [KEEP])


@pytest.mark.clauses("komae-3-4-delete-care")
def test_whoever_deletes_is_asked_for_a_reason(ask: Any) -> None:
    """削除時の対応には注意が必要です: the dialog warns and asks; it does not hold the deletion."""
    verdict = ask("komae", action="delete", text="", removal={"reason": "error"}, answers={"deletion_recorded": False})

    assert [(one.id, one.when) for one in verdict.checklist] == [("deletion_recorded", "request")]
    assert _answer(verdict) == ("warn", None, {KEEP})


@pytest.mark.clauses("komae-p5-2-delete-repost")
def test_a_corrected_post_follows_the_deletion(ask: Any) -> None:
    """The corrected content is sent anew, and the first post does not stay."""
    verdict = ask("komae", action="correct", text="【訂正】開始時刻は午後2時です。")

    assert (_answer(verdict), _tasks(verdict)) == (("allow", None, set(ERROR)), list(ERROR))


@pytest.mark.clauses("komae-p5-2-delete-repost")
@pytest.mark.parametrize("platform", OTHER_MEDIA)
def test_elsewhere_no_order_stands_behind_a_correction(ask: Any, platform: Any) -> None:
    """The order to post anew is the sample policy's, for X (A20); elsewhere a correction is a post like others."""
    verdict = ask("komae", action="correct", platform=platform, text="【訂正】開始時刻は午後2時です。")

    assert (verdict.decision.value, verdict.findings, verdict.tasks) == ("allow", (), ())


@pytest.mark.clauses(
    "komae-4-3-ka-check",
    "komae-4-3-ka-report",
    "komae-4-3-ka-preserve",
    "komae-4-3-ka-delete",
    "komae-4-3-ka-password",
    "komae-4-3-ka-unlink",
)
@pytest.mark.parametrize("platform", ["x", *OTHER_MEDIA])
def test_what_a_stranger_posted_is_deleted_with_its_duties(ask: Any, platform: Any) -> None:
    """4(3)カ: check, tell the chain, keep the screen, delete, change the password, unlink the apps."""
    verdict = ask("komae", action="delete", text="", removal={"reason": "takeover"}, platform=platform, approved=False)

    assert _answer(verdict) == ("allow", None, {"komae-4-3-ka-delete"})
    assert _tasks(verdict) == [
        "komae-4-3-ka-check",
        "komae-4-3-ka-report",
        "komae-4-3-ka-report",
        "komae-4-3-ka-preserve",
        "komae-4-3-ka-password",
        "komae-4-3-ka-unlink",
    ]


@pytest.mark.clauses("komae-4-3-ka-report", "komae-4-3-o-report")
def test_the_chain_names_the_security_officer(ask: Any) -> None:
    """管理者は所属長に、所属長は統括情報セキュリティ責任者に."""
    tasks = ask("komae", action="delete", text="", removal={"reason": "takeover"}).tasks
    told = [(task.role.value, task.title.ja) for task in tasks if task.clause == "komae-4-3-ka-report"]

    assert told == [("manager", "所属長に連絡する"), ("responsible", "統括情報セキュリティ責任者に連絡する")]


@pytest.mark.parametrize(
    ("clause", "given"),
    [
        pytest.param(clause, given, id=clause, marks=pytest.mark.clauses(clause))
        for clause, given in {
            "komae-2-definition": {"platforms": ["x", "line", "facebook", "youtube"]},
            "komae-4-2-i-items": {"fields": ["アカウントの目的", "投稿内容", "表現の硬軟度合い", "決裁の要・不要"]},
            "komae-4-3-o-report": {"chain": ["管理者", "所属長", "統括情報セキュリティ責任者"]},
            "komae-4-5-a-yearly": {"every_years": 1, "due": "03-31"},
            "komae-gloss-masked": {"characters": ["○", "×"], "blanks": True},
            "komae-p4-username": {"pattern": "^komae.*_tokyo$"},
            "komae-p4-mail": {"mail_domain": "city.komae.lg.jp"},
            "komae-4-2-u-committee": {"approved_by": "行政情報化推進委員会"},
        }.items()
    ],
)
def test_the_pack_keeps_what_the_document_gives(clause: Any, given: Any) -> None:
    """Values that the document gives stand with their clause, for whatever reads them."""
    params = load_pack("komae").clauses[clause].params

    assert given.items() <= params.items()


@pytest.mark.parametrize(
    ("clause", "chosen"),
    [
        pytest.param(clause, chosen, id=clause, marks=pytest.mark.clauses(clause))
        for clause, chosen in {
            "komae-4-1-private": {"month": 4, "every_years": 1},
            "komae-4-3-a-review": {"every_months": 1, "overdue_days": 7},
            "komae-4-3-u-listen": {"digest_every_days": 7},
            "komae-4-3-e-laws": {"every_years": 1},
            "komae-4-3-o-report": {"renotify_minutes": 60},
            "komae-4-3-ka-report": {"renotify_minutes": 30},
            "komae-4-3-ka-watch": {"every_minutes": 10, "alert_after_failing_minutes": 30, "heartbeat_every_days": 1},
            "komae-4-4-u-calm": {"answers_per_thread": 1},
            "komae-4-5-a-yearly": {"opens": "03-01"},
            "komae-4-5-a-consider-stop": {"remind_after_days": 30},
            "komae-4-5-u-notice": {"notice_days": {"大": 90, "中": 60, "小": 30}},
            "komae-4-5-e-recheck": {"every_days": 90},
            "komae-gloss-linked-apps": {"every_months": 6},
            "komae-p7-1-hp": {"compare_every_days": 1},
            "komae-p7-3-verify": {"ask_again_every_years": 1},
        }.items()
    ],
)
def test_the_pack_marks_what_the_city_chose(clause: Any, chosen: Any) -> None:
    """Numbers that no document gives are the city's own choice, with the readings' defaults."""
    own = load_pack("komae").clauses[clause].own_choice

    assert chosen.items() <= own.items()


@pytest.mark.clauses("komae-p2-version")
def test_the_edition_is_the_documents() -> None:
    """令和４年５月26日策定."""
    pack = load_pack("komae")

    assert (pack.document.ja, pack.in_force) == ("狛江市ソーシャルメディア活用ガイドライン", "2022-05-26")
