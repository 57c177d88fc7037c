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
MARKET = "市民農園の利用者を募集します。申込みは市役所の窓口で受け付けます。"

ITEMS = ("komae-4-2-i-items",)
CARE = ("komae-4-3-u-care",)
REPLY = ("komae-p6-2-reply",)
CONTACT = ("komae-p6-3-contact",)
FOLLOW = ("komae-p6-1-follow-exception", "komae-p6-1-follow")
SECRET = ("komae-4-4-a-secret",)
PRIVATE = ("komae-4-4-a-secret", "komae-4-3-e-consent")
CONSENT = ("komae-4-3-e-consent",)
MASKED = ("komae-4-4-i-masked",)
REPEAT = ("komae-4-4-i-repeat",)
ACCURATE = ("komae-4-4-i-accurate",)
UNDECIDED = ("komae-4-4-a-not-official",)
ERROR = ("komae-p5-2-delete-repost",)
OTHER = ("komae-p5-1-other",)
NOW = ("komae-p5-1-disaster", "komae-4-2-i-items")
REBUTTAL = ("komae-4-3-o-no-rebuttal",)
ASKED = ("komae-4-4-a-asked",)
CALM = ("komae-4-4-u-calm",)
KEEP = "komae-3-4-delete-care"

OWN_CONTENT = {
    "T02": ("komae-4-3-i-representative",),
    "T03": ("komae-4-4-u-discrimination",),
    "T04": ("komae-4-4-u-illegal",),
    "T05": SECRET,
    "T06": PRIVATE,
    "T07": ("komae-4-3-e-rights",),
    "T08": SECRET,
    "T09": ("komae-4-4-u-rumor",),
    "T10": ("komae-4-4-u-public-order",),
    "T11": ("komae-4-4-u-obscene",),
    "T14": UNDECIDED,
    "T15": MASKED,
    "T16": REPEAT,
    "T17": CALM,
    "T18": ("komae-4-4-i-accurate", "komae-4-4-i-misleading"),
    "T26": CONTACT,
}
"""The taxonomy's column Komae: what is `own` there, with the place that the table names."""
NOT_OWN = sorted({f"T{number:02}" for number in range(1, 27)} - OWN_CONTENT.keys())


def _account(**settings: Any) -> Any:
    return {"key": "komae_bunka_tokyo", "kind": "section", "section": SECTION, "settings": settings}


NO_SIGN_OFF = {"account": _account(approval="not_required"), "approved": False}
ANSWERS = {"account": _account(approval="not_required", answers_comments=True)}
SILENT = {"account": _account(approval="not_required", answers_comments=False)}


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
            _case(f"of a {relation}", "warn", None, ("komae-3-3-rt-endorse",), target={"relation": relation})
            for relation in ("section_account", "public_body", "affiliate", "transport", "cosponsored", "other")
        ],
        _case("a share", "warn", None, ("komae-3-3-rt-endorse",), platform="facebook"),
        _case(
            "not signed off",
            "escalate",
            "manager",
            ITEMS,
            shows=("komae-3-3-rt-endorse",),
            approved=False,
        ),
        _case("nobody signs", "warn", None, ("komae-3-3-rt-endorse",), **NO_SIGN_OFF),
        _case(
            "it should not be taken so",
            "escalate",
            "manager",
            ("komae-3-3-rt-endorse",),
            answers={"endorsement_is_meant": False},
        ),
        _case(
            "the head lets it",
            "warn",
            None,
            ("komae-3-3-rt-endorse",),
            answers={"endorsement_is_meant": False},
            grants=REASON,
        ),
    ],
)
def test_a_repost_may_read_as_agreement(ask: Any, changes: Any, expected: Any) -> None:
    """その内容に賛同して情報発信したものとみなされることがあり: no whitelist, every repost warns."""
    assert expected == _answer(ask("komae", **{"action": "repost", "text": "", **changes}))


@pytest.mark.clauses("komae-3-3-rt-endorse", "komae-gloss-other")
def test_the_approver_is_asked_about_agreement(ask: Any) -> None:
    """The approver confirms 賛同とみなされてよいか, for quotes as for reposts."""
    asked = {one.id: (one.clause, one.when) for one in ask("komae", action="repost").checklist}

    assert asked["endorsement_is_meant"] == ("komae-3-3-rt-endorse", "approve")


def _target(relation: str, *, verified_official: bool = True) -> Any:
    return {"relation": relation, "verified_official": verified_official}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("a citizen", "block", None, ("komae-p6-1-follow",), target=_target("other", verified_official=False)),
        _case("with a reason", "block", None, ("komae-p6-1-follow",), target=_target("other"), grants=REASON),
        _case("a railway", "block", None, ("komae-p6-1-follow",), target=_target("transport"), grants=REASON),
        _case("a sponsored body", "block", None, ("komae-p6-1-follow",), target=_target("cosponsored")),
        _case("nobody known", "block", None, ("komae-p6-1-follow",)),
        _case("another section", "escalate", "manager", FOLLOW, target=_target("section_account")),
        _case("another section, found useful", "allow", None, FOLLOW, target=_target("section_account"), grants=REASON),
        _case("a public body", "escalate", "manager", FOLLOW, target=_target("public_body")),
        _case("no reason", "escalate", "manager", FOLLOW, target=_target("public_body"), grants=NO_REASON),
        _case("a public body, found useful", "allow", None, FOLLOW, target=_target("public_body"), grants=REASON),
        _case(
            "not known as official",
            "block",
            None,
            FOLLOW,
            target=_target("public_body", verified_official=False),
            grants=REASON,
        ),
    ],
)
def test_following(ask: Any, changes: Any, expected: Any) -> None:
    """フォロー…を行うこと is restricted, but for official accounts that the 課長 finds useful."""
    assert expected == _answer(ask("komae", **{"action": "follow", "text": "", **changes}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("thanks", "block", None, REPLY, text="ありがとうございます。"),
        _case("nobody's word lifts it", "block", None, REPLY, grants=[*REASON, *HEAD_ALONE]),
        _case("an answer", "block", None, REPLY, action="answer_comment", comment={"category": "inquiry"}),
        _case("its policy says no", "block", None, REPLY, **SILENT),
        _case("its policy answers", "escalate", "manager", CARE, shows=REPLY, **ANSWERS),
        _case("its policy answers, and the head agrees", "allow", None, CARE, shows=REPLY, **ANSWERS, grants=REASON),
        _case("on Facebook", "escalate", "manager", CARE, platform="facebook"),
        _case("on LINE, and the head agrees", "allow", None, CARE, platform="line", grants=REASON),
        _case("on Facebook its policy says no", "block", None, (*CARE, *REPLY), platform="facebook", **SILENT),
        _case("on Facebook its policy answers", "escalate", "manager", CARE, platform="facebook", **ANSWERS),
        _case(
            "on YouTube, not signed off",
            "escalate",
            "manager",
            (*CARE, *ITEMS),
            platform="youtube",
            approved=False,
        ),
        _case(
            "criticism",
            "escalate",
            "manager",
            CARE,
            platform="facebook",
            action="answer_comment",
            comment={"category": "opinion"},
        ),
        _case(
            "an attack",
            "escalate",
            "manager",
            (*CARE, *CALM),
            platform="facebook",
            action="answer_comment",
            comment={"category": "T17"},
        ),
        _case(
            "an attack, and the head agrees",
            "allow",
            None,
            (*CARE, *CALM),
            platform="facebook",
            action="answer_comment",
            comment={"category": "T17"},
            grants=REASON,
        ),
    ],
)
def test_answering(ask: Any, changes: Any, expected: Any) -> None:
    """On X nobody is answered (A09); elsewhere the 管理者 agrees to each answer."""
    assert expected == _answer(ask("komae", **{"action": "reply", "text": "午後5時までです。", **changes}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("an answer", "escalate", "manager", (*CARE, *REBUTTAL)),
        _case("the 管理者 alone", "escalate", "responsible", REBUTTAL, grants=REASON),
        _case("both", "allow", None, (*CARE, *REBUTTAL), grants=[*REASON, *HEAD_ALONE]),
        _case("a post about it", "escalate", "responsible", REBUTTAL, action="publish"),
        _case("a post about it, agreed", "allow", None, REBUTTAL, action="publish", grants=HEAD_ALONE),
        _case(
            "not by /sns now",
            "escalate",
            "responsible",
            REBUTTAL,
            action="publish",
            actor=DUTY,
            emergency={"kind": "earthquake"},
            category="disaster",
        ),
    ],
)
def test_nobody_rebuts_on_the_spot(ask: Any, changes: Any, expected: Any) -> None:
    """個人やその場の判断で否定や反論をすることは避ける: the 所属長 agrees, not the 管理者 alone, nor /sns now."""
    base = {"action": "answer_comment", "platform": "facebook", "comment": {"category": "misleading"}}

    assert expected == _answer(ask("komae", **{**base, "text": "ご指摘の内容は事実ではありません。", **changes}))


SET_ANSWER = (
    "お問い合わせの件は、市からの正式な発表をお待ちください。発表したことは市公式ホームページでお知らせします。"
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("a rumour", "block", None, ASKED, comment={"category": "T09"}),
        _case("something unpublished", "block", None, ASKED, comment={"category": "T14"}, grants=REASON),
        _case("the set text", "escalate", "manager", (*CARE, *ASKED), comment={"category": "T14"}, text=SET_ANSWER),
        _case(
            "the set text, agreed",
            "allow",
            None,
            (*CARE, *ASKED),
            comment={"category": "T14"},
            text=f"{SET_ANSWER}\n",
            grants=REASON,
        ),
        _case("found while answering", "block", None, ASKED, answers={"asked_about_published": False}),
    ],
)
def test_rumours_and_unpublished_matters_are_not_answered(ask: Any, changes: Any, expected: Any) -> None:
    """噂や未発表の事柄について尋ねられた場合も同様: only the set text points to the official channel."""
    base = {"action": "answer_comment", "platform": "facebook", "text": "来年度には決まります。"}

    assert expected == _answer(ask("komae", **{**base, **changes}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("a message", "block", None, CONTACT, action="direct_message", text="返却期限は2週間です。"),
        _case("a message, with a reason", "block", None, CONTACT, action="direct_message", grants=REASON),
        _case("a handle", "escalate", "manager", CONTACT, text="@tamagawa_shoten 納品をお願いします。"),
        _case("a full-width handle", "escalate", "manager", CONTACT, text="＠tamagawa 納品をお願いします。"),
        _case("a dot before it", "escalate", "manager", CONTACT, text=".@tamagawa 納品をお願いします。"),
        _case("a firm", "escalate", "manager", CONTACT, text="株式会社多摩川 御中\n契約書をお送りください。"),
        _case("a person", "escalate", "manager", CONTACT, text="田中様、申請書が届きました。"),
        _case("a person by さん", "escalate", "manager", CONTACT, text="山田さんへ、受付が済みました。"),
        _case("an inquiry", "escalate", "manager", CONTACT, text="お尋ねの件、窓口でご説明します。"),
        _case("no contact, says the head", "allow", None, CONTACT, text="@tamagawa 優勝おめでとう", grants=REASON),
        _case(
            "contact, says the head",
            "block",
            None,
            CONTACT,
            text="@tamagawa 納品をお願いします。",
            findings_confirmed=["T26"],
            grants=REASON,
        ),
        _case("everybody", "allow", None, (), shows=CONTACT, text="市民の皆様、防災訓練にご参加ください。"),
        _case("everybody by さん", "allow", None, (), shows=CONTACT, text="みなさん、こんにちは。"),
        _case("parents", "allow", None, (), shows=CONTACT, text="お父さん、お母さんのための講座です。"),
        _case("of somebody", "allow", None, (), shows=CONTACT, text="講師は田中さん、司会は山田さんです。"),
        _case("a word like it", "allow", None, (), shows=CONTACT, text="多様、多彩な催しを行います。"),
        _case("its own name", "allow", None, (), shows=CONTACT, text="@komae_bunka_tokyo をフォローしてください。"),
        _case("a mention inside", "allow", None, (), shows=CONTACT, text="詳しくは @komae_koho へ。"),
        _case("on Facebook", "allow", None, (), shows=CONTACT, platform="facebook", text="田中様、届きました。"),
    ],
)
def test_the_account_is_no_means_of_contact(ask: Any, changes: Any, expected: Any) -> None:
    """特定の事業者・個人に対する連絡手段として使用すること is restricted on X."""
    assert expected == _answer(ask("komae", **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("found", "escalate", "manager", MASKED, text="市内の○○スーパーで食中毒が発生しました。"),
        _case("found on LINE", "escalate", "manager", MASKED, platform="line", text="市内の××店で発生しました。"),
        _case("forgotten", "escalate", "manager", MASKED, text="○月×日に開催します。"),
        _case("a blank", "escalate", "manager", MASKED, text="市内の\u3000\u3000スーパーで発生しました。"),
        _case("none, says the head", "allow", None, MASKED, text="○×クイズを行います。", grants=REASON),
        _case("no reason", "escalate", "manager", MASKED, text="○×クイズを行います。", grants=NO_REASON),
        _case(
            "confirmed",
            "block",
            None,
            MASKED,
            text="市内の●●店で食中毒が発生しました。",
            findings_confirmed=["T15"],
            grants=REASON,
        ),
        _case("bullets", "allow", None, (), shows=MASKED, text="○日時：12月5日(土)\n○会場：市民ホール"),
        _case("a year in kanji", "allow", None, (), shows=MASKED, text="二〇二六年十二月五日に開催します。"),
        _case("by /sns now it only warns", "warn", None, MASKED, **{**QUAKE, "text": "○○橋で地震の被害"}, actor=DUTY),
    ],
)
def test_masked_letters(ask: Any, changes: Any, expected: Any) -> None:
    """伏せ字を使う等…避けること: a hit waits for the 管理者, confirmed masking is blocked (A23)."""
    assert expected == _answer(ask("komae", **changes))


def _earlier(*days: str, text: str = MARKET, **more: Any) -> Any:
    return [{"at": f"{day}T10:00:00+09:00", "text": text, **more} for day in days]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("the second time", "warn", None, REPEAT, history=_earlier("2026-11-20")),
        _case("the third time", "block", None, REPEAT, history=_earlier("2026-11-20", "2026-11-25")),
        _case("no word lifts it", "block", None, REPEAT, history=_earlier("2026-11-20", "2026-11-25"), grants=REASON),
        _case("thirty days", "warn", None, REPEAT, history=_earlier("2026-11-01")),
        _case("thirty-one days", "allow", None, (), shows=REPEAT, history=_earlier("2026-10-31", "2026-10-30")),
        _case("one of two is old", "warn", None, REPEAT, history=_earlier("2026-10-20", "2026-11-20")),
        _case("another account", "allow", None, (), shows=REPEAT, history=_earlier("2026-11-20", account="komae_koho")),
        _case("another platform", "allow", None, (), shows=REPEAT, history=_earlier("2026-11-20", platform="line")),
        _case(
            "other news", "allow", None, (), shows=REPEAT, history=_earlier("2026-11-20", text="図書館は休館します。")
        ),
        _case("a poll", "warn", None, REPEAT, action="poll", history=_earlier("2026-11-20")),
        _case(
            "a disaster is no exception",
            "block",
            None,
            REPEAT,
            category="disaster",
            emergency={"kind": "storm_flood"},
            actor=DUTY,
            history=_earlier("2026-11-30", "2026-11-29"),
        ),
    ],
)
def test_the_same_again_and_again(ask: Any, changes: Any, expected: Any) -> None:
    """同じ内容を何度も繰り返し: within 30 days the second time warns, the third is blocked (A22)."""
    assert expected == _answer(ask("komae", **{"text": MARKET, **changes}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("a mark of secrecy", "block", None, SECRET, text="【部外秘】人事異動の一覧です。"),
        _case("no word lifts it", "block", None, SECRET, text="庁外秘の資料です。", grants=REASON),
        _case("nor an emergency", "block", None, SECRET, **{**QUAKE, "text": "【部外秘】被害の一覧"}, actor=DUTY),
        _case("a warning of batteries", "allow", None, (), shows=SECRET, text="リチウムイオン電池は取扱注意です。"),
        _case("a mobile number", "block", None, SECRET, text="連絡先は090-1234-5678です。"),
        _case("an individual number", "block", None, SECRET, text="番号は1234 5678 9018です。"),
        _case("a password", "block", None, SECRET, text="パスワード：Komae2026"),
        _case("in a message on LINE", "block", None, SECRET, action="direct_message", platform="line", text="内部資料"),
        _case("a landline", "escalate", "manager", PRIVATE, text="お問い合わせは03-3489-0000へ。"),
        _case("a public one", "allow", None, PRIVATE, text="お問い合わせは03-3489-0000へ。", grants=REASON),
        _case(
            "published by the city",
            "allow",
            None,
            (),
            shows=SECRET,
            text="お問い合わせは03-3489-0000へ。",
            facts={"published_contacts": ["03-3489-0000"]},
        ),
        _case("the city hall's", "allow", None, (), shows=SECRET, text="市役所（代表 03-3430-1111）へ。"),
        _case("a private address", "escalate", "manager", PRIVATE, text="お申込みはtaro@example.comへ。"),
        _case("the city's address", "allow", None, (), shows=SECRET, text="お申込みはbunka@city.komae.lg.jpへ。"),
        _case("told so", "block", None, SECRET, answers={"no_secret": False}),
    ],
)
def test_secrets_and_personal_data(ask: Any, changes: Any, expected: Any) -> None:
    """業務上知り得た個人情報や機密情報、市のセキュリティを脅かす情報は発信しない; a public office's contact is none."""
    assert expected == _answer(ask("komae", **changes))


def _picture(kind: str = "image", **facts: Any) -> Any:
    return [{"kind": kind, "alt": "会場の様子", **facts}]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("people without consent", "block", None, CONSENT, media=_picture(people=True, consent=False)),
        _case("no word lifts it", "block", None, CONSENT, media=_picture(people=True, consent=False), grants=REASON),
        _case("people who agreed", "allow", None, (), shows=CONSENT, media=_picture(people=True, consent=True)),
        _case("nobody in it", "allow", None, (), shows=CONSENT, media=_picture(people=False)),
        _case("a video", "block", None, CONSENT, platform="youtube", media=_picture("video", people=True)),
        _case("no alt text, silent", "allow", None, (), media=[{"kind": "image", "alt": ""}]),
        _case("told so", "block", None, CONSENT, media=_picture(), answers={"consent_for_images": False}),
        _case(
            "no permission",
            "block",
            None,
            ("komae-4-3-e-rights",),
            media=_picture("video"),
            answers={"rights_in_videos": False},
        ),
    ],
)
def test_people_and_rights_in_pictures(ask: Any, changes: Any, expected: Any) -> None:
    """個人が特定できる写真や映像…は事前に了解を得る; 肖像権、著作権等に十分留意する."""
    assert expected == _answer(ask("komae", **changes))


@pytest.mark.clauses("komae-4-3-e-consent", "komae-4-3-e-rights")
@pytest.mark.parametrize(
    ("media", "asked"),
    [
        (_picture(), {"consent_for_images", "rights_in_images"}),
        (_picture("video"), {"consent_for_videos", "rights_in_videos"}),
        ([], set()),
    ],
)
def test_pictures_and_videos_raise_two_questions(ask: Any, media: Any, asked: Any) -> None:
    """Media attached: 個人が特定できるか, and the source and licence."""
    ids = {one.id for one in ask("komae", media=media).checklist}

    assert asked == {one for one in ids if one.startswith(("consent_", "rights_"))}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("検討中", "escalate", "manager", UNDECIDED, text="新しい児童館の建設を検討中です。"),
        _case("案", "escalate", "manager", UNDECIDED, text="公共施設の再編計画（案）をお知らせします。"),
        _case("予定", "escalate", "manager", UNDECIDED, text="令和10年度に市民センターを建設する予定です。"),
        _case("内定", "escalate", "manager", UNDECIDED, text="新しい館長が内定しました。"),
        _case("it is public", "allow", None, UNDECIDED, text="計画（案）を公表しました。", grants=REASON),
        _case("still being decided", "block", None, UNDECIDED, answers={"official_view": False}, grants=REASON),
        _case("the day of an event", "allow", None, (), shows=UNDECIDED, text="12月5日(土)に開催予定です。"),
        _case("hearsay", "warn", None, ("komae-4-4-u-rumor",), text="熊が出たらしいです。"),
        _case("speculation", "warn", None, ("komae-4-4-a-speculation",), text="道路が混雑するかもしれません。"),
        _case("told so", "block", None, ("komae-4-4-a-speculation",), answers={"no_speculation": False}),
        _case("life is no hearsay", "allow", None, (), shows=("komae-4-4-u-rumor",), text="暮らしいきいき講座です。"),
        _case(
            "no source",
            "escalate",
            "manager",
            ("komae-4-4-u-rumor",),
            category="disaster",
            answers={"disaster_source": False},
        ),
        _case("discrimination", "escalate", "manager", ("komae-4-4-u-discrimination",), text="外人の方もどうぞ。"),
        _case("by sex", "escalate", "manager", ("komae-4-4-u-discrimination",), text="女のくせにと言われました。"),
        _case("obscene", "escalate", "manager", ("komae-4-4-u-obscene",), text="ポルノの上映会です。"),
        _case("illegal, told so", "block", None, ("komae-4-4-u-illegal",), answers={"legal": False}),
        _case("public order, told so", "block", None, ("komae-4-4-u-public-order",), answers={"public_order": False}),
        _case("manners, told so", "block", None, ("komae-4-3-i-representative",), answers={"manners": False}),
        _case("a bad moment", "warn", None, ("komae-3-2-delivery",), answers={"delivery": False}),
        _case("a wrong weekday", "warn", None, ACCURATE, text="12月5日(日)に開催します。"),
        _case("no such day", "warn", None, ACCURATE, text="2027年2月29日に開催します。"),
        _case("a day that is past", "warn", None, ACCURATE, text="11月23日に開催します。"),
        _case("not accurate, told so", "block", None, ACCURATE, answers={"accurate": False}),
        _case(
            "tomorrow moves",
            "warn",
            None,
            ("komae-4-4-i-misleading",),
            text="明日開催します。",
            planned_at="2026-11-30T10:00:00+09:00",
        ),
        _case("misleading, told so", "block", None, ("komae-4-4-i-misleading",), answers={"not_misleading": False}),
    ],
)
def test_what_may_not_be_said(ask: Any, changes: Any, expected: Any) -> None:
    """4(4): a machine's hit asks or warns, a person's word decides."""
    assert expected == _answer(ask("komae", **changes))


@pytest.mark.parametrize(
    ("content", "clauses"),
    [
        pytest.param(content, clauses, id=content, marks=pytest.mark.clauses(*clauses))
        for content, clauses in OWN_CONTENT.items()
    ],
)
def test_what_a_person_confirmed_is_blocked(ask: Any, content: Any, clauses: Any) -> None:
    """Every category that is Komae's own blocks once confirmed, and no grant lifts it."""
    verdict = ask("komae", findings_confirmed=[content], grants=[*REASON, *HEAD_ALONE])

    assert _answer(verdict) == ("block", None, set(clauses))


@pytest.mark.parametrize("content", NOT_OWN)
def test_what_is_not_komaes_own_does_not_block(ask: Any, content: Any) -> None:
    """A category without `own` in the taxonomy gives no block on a draft."""
    verdict = ask("komae", findings_confirmed=[content])

    assert (verdict.decision.value, verdict.findings) == ("allow", ())


@pytest.mark.clauses("komae-p6-3-contact")
@pytest.mark.parametrize("platform", OTHER_MEDIA)
def test_contact_is_the_sample_policys_word(ask: Any, platform: Any) -> None:
    """見本6(3) is for X accounts only (A20)."""
    assert ask("komae", platform=platform, findings_confirmed=["T26"]).decision.value == "allow"


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


@pytest.mark.parametrize(
    "text",
    [
        "【参加者募集】12月20日(日)に市民マラソン大会。申込みは https://www.city.komae.tokyo.jp/index.html から。",
        "年末年始のごみ収集は、12月31日(木)から1月3日(日)までお休みします。",
        "燃やせないごみは12月28日(月)までに出してください。スプレー缶は使い切ってから。",
        "中央図書館は12月28日（月）から1月4日（月）まで休館します。",
        "インフルエンザ予防接種は1月31日まで。接種券と本人確認書類をお持ちください。",
        "期日前投票は市役所2階ロビーで、毎日午前8時30分から午後8時まで行っています。",
        "固定資産税第3期の納期限は12月25日(金)です。口座振替が便利です。",
        "水道管の工事のため、和泉本町一丁目で12月7日(月)午前9時から午後5時まで片側交互通行です。",
        "通行止めは午後5時に解除する予定です。",
        "大雨警報が発表されました。多摩川には近づかないでください。（気象庁発表）",
        "狛江古墳群めぐりウォーキング\u3000歴史×健康\u3000参加者募集中！",
        "狛江市職員（一般事務）を募集します。受験案内は市ホームページにあります。",
        "市民の皆様へ\u3000国勢調査にご協力ください。",
        "みなさん、こんにちは。今日は市役所から富士山がきれいに見えます。",
        "○日時\u300012月5日(土)午後1時\u3000○会場\u3000エコルマホール\u3000○定員\u3000先着200名\u3000○費用\u3000無料",
        "●第34回こまえ桜まつり●\n日時：4月4日(日) 午前10時～午後3時",
        "★☆★特別展「絵手紙発祥の地 狛江」★☆★",
        "お子さんから大人まで、どなたでも参加できます。",
        "マイナンバーカードの受け取りは予約制です。電話03-3430-1111で。",
        "保育園の入園をご検討中の方は相談窓口へ。申込みは12月4日（金）までです。",
        "市役所職員を名乗る還付金詐欺の電話が増えています。詐欺と思われる電話は110番を。",
        "プレミアム付き商品券の取扱店舗は一覧をご覧ください。",
        "市議会第4回定例会は12月1日(火)に開会しました。",
        "こまバスの停留所が、工事のため12月10日(木)から移設されます。",
        "違法駐輪はやめましょう。放置自転車は撤去します。",
        "二〇二七年成人の日記念式典は1月11日（月・祝）に開催します。",
        "リチウムイオン電池は取扱注意！燃やせないごみに混ぜないでください。",
        "#狛江市 のふるさと納税、返礼品に枝豆が加わりました！",
        "野川でカワセミを見かけました。すばらしい姿です。",
        "〇歳児親子のつどい\u300012月16日(水)午前10時から\u3000要予約",
        "アダルトサイトの架空請求にご注意。困ったら消費生活センターへ。",
        "11月23日に開催したこまえ工房まつりには、約3,000人が来場しました。",
        "消毒用エタノールの配布は終了しました。",
        "3×3バスケットボール体験会を開催します！",
        "12月20日(日)に開催予定のコンサートは満席となりました。",
        "狛江市役所：〒201-8585 狛江市和泉本町1丁目1番5号",
        "小田急線の運転見合わせに伴い、こまバスに遅れが出ています。",
        "A：電話で申込み→処理券を購入→収集日の朝に出す",
        "児童ポルノの被害をなくしましょう。相談窓口を設けています。",
        "講師は日本画家の狛江太郎氏です。",
    ],
)
@pytest.mark.parametrize("platform", ["x", "facebook"])
def test_everyday_posts_pass_quietly(ask: Any, platform: Any, text: Any) -> None:
    """What a city posts every day raises no finding."""
    assert ask("komae", platform=platform, text=text).findings == ()
