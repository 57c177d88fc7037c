from __future__ import annotations

from typing import Any

import pytest

SECTION = "地域活性課"
DUTY = {"roles": ["operator", "emergency"], "section": "安心安全課"}
REASON = [{"role": "manager", "reason": "市民に必要な情報のため"}]
NO_REASON = [{"role": "manager", "reason": " "}]
HEAD_ALONE = [{"role": "responsible", "reason": "経緯を確かめたため"}]
ITEMS = ("komae-4-2-i-items",)
CARE = ("komae-4-3-u-care",)
REPLY = ("komae-p6-2-reply",)
CONTACT = ("komae-p6-3-contact",)
FOLLOW = ("komae-p6-1-follow-exception", "komae-p6-1-follow")
REBUTTAL = ("komae-4-3-o-no-rebuttal",)
ASKED = ("komae-4-4-a-asked",)
CALM = ("komae-4-4-u-calm",)


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
