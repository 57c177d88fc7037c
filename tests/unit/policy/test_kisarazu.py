from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from policy.packs import load_pack

PR = "シティプロモーション課"
NIGHT = "2026-12-06T03:10:00+09:00"
SATURDAY = "2026-12-05T10:00:00+09:00"
TOURISM = {"key": "kisarazu_kanko", "kind": "related", "section": "観光振興課"}
CLERK = {"roles": ["operator"], "section": "観光振興課"}
RELATED = {"account": TOURISM, "actor": CLERK}
OWN_HOURS = {"days": "all", "from": "06:00", "to": "22:00"}
DUTY = {"roles": ["operator", "emergency"], "section": PR}
FLOOD = {"category": "disaster", "emergency": {"kind": "storm_flood"}, "text": "小櫃川の水位が上がっています。"}
REASON = [{"role": "manager", "reason": "当日の参加者へ知らせるため"}]
NO_REASON = [{"role": "manager", "reason": " "}]

JUDGE = ("kisarazu-6-judge",)
PROOF = ("kisarazu-11-4-proof",)
HOURS = ("kisarazu-6-hours", "kisarazu-6-exception")
RELATED_HOURS = (*HOURS, "kisarazu-11-3-conform")
NO_REPLY = ("kisarazu-8-no-reply",)
CHAIN = ("kisarazu-11-5a-incident", "kisarazu-flow-related")


def _case(name: str, decision: str, role: Any, clauses: Any, *, shows: Any = (), **changes: Any) -> Any:
    """Put a worked case together: what is asked, what is expected, and the clauses that it shows."""
    marks = pytest.mark.clauses(*clauses, *shows)
    return pytest.param(changes, (decision, role, set(clauses)), id=name, marks=marks)


def _answer(verdict: Any) -> Any:
    """Return what a worked case expects: the decision, the role that lifts it, and the clauses that decide."""
    return verdict.decision.value, verdict.role.value if verdict.role else None, set(verdict.clauses)


def _tasks(verdict: Any) -> Any:
    return [(task.clause, task.role.value) for task in verdict.tasks]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("opening second", "allow", None, (), shows=HOURS, at="2026-12-01T08:30:00+09:00"),
        _case("closing second", "allow", None, (), shows=HOURS, at="2026-12-01T17:15:00+09:00"),
        _case("a second early", "escalate", "manager", HOURS, at="2026-12-01T08:29:59+09:00"),
        _case("a second late", "escalate", "manager", HOURS, at="2026-12-01T17:15:01+09:00"),
        _case("closing second in UTC", "allow", None, (), shows=HOURS, at="2026-12-01T08:15:00Z"),
        _case("Saturday", "escalate", "manager", HOURS, at=SATURDAY),
        _case("a substitute holiday", "escalate", "manager", HOURS, at="2027-03-22T10:00:00+09:00"),
        _case("a citizens' holiday", "escalate", "manager", HOURS, at="2026-09-22T10:00:00+09:00"),
        _case("year-end is no opening", "escalate", "manager", HOURS, at="2026-12-29T10:00:00+09:00"),
        _case("3 January", "escalate", "manager", HOURS, at="2029-01-03T10:00:00+09:00"),
        _case("opened Saturday", "allow", None, (), shows=HOURS, at=SATURDAY, facts={"open_days": ["2026-12-05"]}),
        _case("closed Tuesday", "escalate", "manager", HOURS, facts={"closed_days": ["2026-12-01"]}),
        _case("LINE keeps them", "escalate", "manager", HOURS, platform="line", at=SATURDAY),
        _case("Facebook keeps them", "escalate", "manager", HOURS, platform="facebook", at=SATURDAY),
        _case("YouTube keeps them", "escalate", "manager", HOURS, platform="youtube", at=SATURDAY),
        _case("a poll is a post", "escalate", "manager", HOURS, action="poll", at=SATURDAY),
        _case("with a reason", "allow", None, HOURS, at=SATURDAY, grants=REASON),
        _case("without a reason", "escalate", "manager", HOURS, at=SATURDAY, grants=NO_REASON),
        _case(
            "another's word", "escalate", "manager", HOURS, at=NIGHT, grants=[{"role": "responsible", "reason": "x"}]
        ),
        _case("urgent information", "allow", None, ("kisarazu-6-exception",), at=NIGHT, category="disaster"),
        _case("urgent but not judged", "escalate", "manager", JUDGE, at=NIGHT, category="disaster", approved=False),
        _case("related too", "escalate", "manager", RELATED_HOURS, **RELATED, at=SATURDAY),
        _case("related, with a reason", "allow", None, RELATED_HOURS, **RELATED, at=SATURDAY, grants=REASON),
        _case(
            "related, urgent information",
            "allow",
            None,
            ("kisarazu-6-exception", "kisarazu-11-3-conform"),
            **RELATED,
            at=NIGHT,
            category="disaster",
        ),
        _case(
            "a related account's own hours do not go first",
            "escalate",
            "manager",
            RELATED_HOURS,
            account={**TOURISM, "settings": {"hours": OWN_HOURS}},
            actor=CLERK,
            at=SATURDAY,
        ),
        _case(
            "sixty seconds late is as planned",
            "allow",
            None,
            (),
            shows=HOURS,
            planned_at="2026-12-01T17:15:00+09:00",
            at="2026-12-01T17:16:00+09:00",
        ),
        _case(
            "sixty-one seconds late is not",
            "escalate",
            "manager",
            HOURS,
            planned_at="2026-12-01T17:15:00+09:00",
            at="2026-12-01T17:16:01+09:00",
        ),
    ],
)
def test_hours(ask: Any, changes: Any, expected: Any) -> None:
    """原則として開庁時間内(平日の午前8時30分から午後5時15分まで) (A01, A02, A04, A05, A19)."""
    assert expected == _answer(ask("kisarazu", **changes))


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        (SATURDAY, "2026-12-07T08:30:00+09:00"),
        ("2026-12-28T17:15:01+09:00", "2027-01-04T08:30:00+09:00"),
        ("2027-04-28T18:00:00+09:00", "2027-04-30T08:30:00+09:00"),
    ],
)
@pytest.mark.clauses("kisarazu-6-hours")
def test_the_next_opening_is_told(ask: Any, at: Any, opening: Any) -> None:
    """A post outside the hours can wait until the hall opens again, after the turn of the year or 昭和の日."""
    assert datetime.fromisoformat(opening) == ask("kisarazu", at=at).next_open


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("staff of the division", "allow", None, (), shows=["kisarazu-5-posters"], actor={"section": PR}),
        _case("another division's LINE officer", "block", None, ["kisarazu-5-posters"], actor=CLERK),
        _case("another division's clerk", "block", None, ["kisarazu-5-posters"], actor={"section": "観光振興課"}),
        _case(
            "another division's author on Facebook",
            "block",
            None,
            ["kisarazu-5-posters"],
            platform="facebook",
            actor={"roles": ["author"], "section": "観光振興課"},
            grants=REASON,
        ),
        _case(
            "another division's author on YouTube",
            "block",
            None,
            ["kisarazu-5-posters"],
            platform="youtube",
            actor={"roles": ["author"], "section": "観光振興課"},
        ),
        _case("LINE, any division", "allow", None, (), shows=["kisarazu-5-line-posters"], platform="line", actor=CLERK),
        _case(
            "LINE, not registered",
            "block",
            None,
            ["kisarazu-5-line-posters"],
            platform="line",
            actor={"roles": ["author"], "section": PR},
        ),
        _case("the system", "allow", None, (), shows=["kisarazu-5-posters"], actor={"roles": ["scheduler"]}),
        _case("nobody named", "allow", None, (), shows=["kisarazu-5-posters"], actor=None),
        _case("a related account's own staff", "allow", None, (), shows=["kisarazu-11-2-roles"], **RELATED),
        _case(
            "a section account is a related one",
            "block",
            None,
            ["kisarazu-11-2-roles"],
            account={**TOURISM, "kind": "section"},
            actor={"roles": ["operator"], "section": "農林水産課"},
        ),
        _case(
            "a field account too",
            "escalate",
            "responsible",
            PROOF,
            account={**TOURISM, "kind": "field"},
            actor=CLERK,
            approved=False,
        ),
        _case("the system on a related account", "allow", None, (), account=TOURISM, actor={"roles": ["scheduler"]}),
    ],
)
def test_who_may_post(ask: Any, changes: Any, expected: Any) -> None:
    """公式SNS: 課職員または認めた職員; LINE: 各課等の投稿担当者; 市関連SNS: its own 担当者."""
    assert expected == _answer(ask("kisarazu", **changes))


@pytest.mark.parametrize(
    "category",
    ["administration", "website", "living", "publicity", "disaster", "promotion", "event", "tourism", "mayor"],
)
@pytest.mark.clauses("kisarazu-2-types")
def test_listed_information_passes(ask: Any, category: Any) -> None:
    """行政情報・イベント・観光情報および緊急情報等 need no consent in the hours."""
    assert ("allow", None, set()) == _answer(ask("kisarazu", category=category))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        _case("other", "escalate", "manager", ["kisarazu-2-other"], category="other"),
        _case("other, found necessary", "allow", None, ["kisarazu-2-other"], category="other", grants=REASON),
        _case("none chosen", "escalate", "manager", ["kisarazu-2-types", "kisarazu-2-other"], category=None),
        _case("a related account has its application", "allow", None, (), **RELATED, category="other"),
        _case("official, not judged", "escalate", "manager", JUDGE, approved=False),
        _case("LINE, not judged", "escalate", "manager", JUDGE, platform="line", approved=False, actor=CLERK),
        _case("a poll, not judged", "escalate", "manager", JUDGE, action="poll", approved=False),
        _case("a correction, not judged", "escalate", "manager", JUDGE, action="correct", approved=False),
        _case("related, no final check", "escalate", "responsible", PROOF, **RELATED, approved=False),
        _case(
            "the manager does not check for the responsible person",
            "escalate",
            "responsible",
            PROOF,
            **RELATED,
            approved=False,
            grants=REASON,
        ),
        _case(
            "an own setting does not lift the final check",
            "escalate",
            "responsible",
            PROOF,
            account={**TOURISM, "settings": {"approval": "not_required"}},
            actor=CLERK,
            approved=False,
        ),
        _case(
            "related, night, no final check",
            "escalate",
            "responsible",
            [*PROOF, *RELATED_HOURS],
            **RELATED,
            at=NIGHT,
            approved=False,
        ),
        _case("reply", "escalate", "manager", NO_REPLY, action="reply", text="ありがとうございます。"),
        _case("answer", "escalate", "manager", NO_REPLY, action="answer_comment", comment={"category": "inquiry"}),
        _case("answer criticism", "escalate", "manager", NO_REPLY, action="answer_comment", platform="facebook"),
        _case("direct message", "escalate", "manager", NO_REPLY, action="direct_message", platform="line"),
        _case("reply with a reason", "allow", None, NO_REPLY, action="reply", grants=REASON),
        _case("reply without a reason", "escalate", "manager", NO_REPLY, action="reply", grants=NO_REASON),
        _case("reply, not judged", "escalate", "manager", [*NO_REPLY, *JUDGE], action="reply", approved=False),
        _case(
            "a related account does not reply",
            "escalate",
            "manager",
            [*NO_REPLY, "kisarazu-11-3-conform"],
            action="reply",
            account={**TOURISM, "settings": {"answers_comments": True}},
            actor=CLERK,
        ),
        _case(
            "outside the application",
            "block",
            None,
            ["kisarazu-11-3-conform"],
            **RELATED,
            answers={"in_application": False},
        ),
        _case("no request known", "warn", None, ["kisarazu-6-request"], answers={"request": False}),
        _case(
            "abolished policy",
            "warn",
            None,
            ["kisarazu-fusoku-abolish"],
            text="木更津市公式Twitter運用方針を改正しました。",
        ),
    ],
)
def test_content_sign_off_and_replies(ask: Any, changes: Any, expected: Any) -> None:
    """運用管理者 judges 公式SNS, 管理責任者 passes 市関連SNS, and nobody replies in principle (A05, A09, A18, A19)."""
    assert expected == _answer(ask("kisarazu", **changes))


@pytest.mark.parametrize("action", ["repost", "undo_repost", "follow", "unfollow", "like", "pin"])
@pytest.mark.parametrize("who", [{}, RELATED], ids=["official", "related"])
def test_what_the_document_is_silent_on_passes(ask: Any, action: Any, who: Any) -> None:
    """No rule on reposts, follows, likes and pins: no gate of the city's own, whatever the hour."""
    verdict = ask("kisarazu", action=action, at=NIGHT, approved=False, target={"relation": "other"}, **who)

    assert (("allow", None, set()), ()) == (_answer(verdict), verdict.route)


@pytest.mark.parametrize("reason", [None, "error", "takeover", "T01", "T05", "T06", "T26"])
@pytest.mark.clauses("kisarazu-flow-official", "kisarazu-flow-related", "kisarazu-11-5a-incident")
def test_the_manager_decides_whether_a_post_is_deleted(ask: Any, reason: Any) -> None:
    """Report first, then 運用管理者 chooses; on 市関連SNS the instruction goes back to 管理責任者."""
    removal = {"action": "delete", "at": NIGHT, "removal": {"reason": reason} if reason else None}
    official, related = ask("kisarazu", **removal), ask("kisarazu", **removal, **RELATED)

    assert ("escalate", "manager", {"kisarazu-flow-official"}) == _answer(official)
    assert [("kisarazu-flow-official", "operator"), ("kisarazu-flow-official", "manager")] == _tasks(official)
    assert ("escalate", "manager", set(CHAIN)) == _answer(related)
    assert [
        ("kisarazu-11-5a-incident", "operator"),
        ("kisarazu-11-5a-incident", "responsible"),
        ("kisarazu-flow-related", "manager"),
        ("kisarazu-flow-related", "responsible"),
    ] == _tasks(related)
    assert "allow" == ask("kisarazu", **removal, grants=REASON).decision


@pytest.mark.clauses("kisarazu-flow-official", "kisarazu-flow-related")
def test_a_correction_waits_for_the_instruction_on_related_accounts_only(ask: Any) -> None:
    """On 公式SNS the judgement of 運用管理者 is the decision; on 市関連SNS 校了 is not the instruction."""
    assert ("allow", None, set()) == _answer(ask("kisarazu", action="correct"))
    assert ("escalate", "manager", set(CHAIN)) == _answer(ask("kisarazu", action="correct", **RELATED))
    assert "allow" == ask("kisarazu", action="correct", **RELATED, grants=REASON).decision


@pytest.mark.parametrize(
    "kind",
    [
        "earthquake",
        "storm_flood",
        "evacuation",
        "weather_warning",
        "j_alert",
        "fire",
        "armed_attack",
        "epidemic",
        "lifeline",
    ],
)
@pytest.mark.parametrize("actor", [DUTY, {"roles": ["manager"], "section": PR}, {**DUTY, "section": "危機管理課"}])
@pytest.mark.clauses("kisarazu-6-exception", "kisarazu-6-judge")
def test_a_disaster_goes_at_once_and_is_judged_afterwards(ask: Any, kind: Any, actor: Any) -> None:
    """A06: who holds the authority sends at once; 運用管理者 is told, and judges on the next open day."""
    verdict = ask("kisarazu", **{**FLOOD, "emergency": {"kind": kind}}, actor=actor, at=NIGHT, approved=False)
    afterwards = verdict.tasks[0]

    assert ("allow", None, {"kisarazu-6-exception", "kisarazu-6-judge"}) == _answer(verdict)
    assert [("kisarazu-6-judge", "manager"), ("kisarazu-6-exception", "operator")] == _tasks(verdict)
    assert datetime.fromisoformat("2026-12-07T08:30:00+09:00") == afterwards.due


@pytest.mark.clauses("kisarazu-11-4-proof", "kisarazu-6-exception")
def test_a_related_account_is_checked_afterwards(ask: Any) -> None:
    """A06, A38: in a disaster nobody checks beforehand, and 校了 by 管理責任者 follows."""
    verdict = ask("kisarazu", **FLOOD, account=TOURISM, actor=DUTY, at=NIGHT, approved=False)

    assert "allow" == verdict.decision
    assert ("kisarazu-11-4-proof", "responsible") in _tasks(verdict)


@pytest.mark.parametrize("at", [NIGHT, "2026-12-01T10:00:00+09:00"])
@pytest.mark.parametrize(
    ("who", "clauses"),
    [
        ({}, {"kisarazu-6-exception", "kisarazu-6-judge"}),
        ({"actor": {"roles": ["author"], "section": "農林水産課"}}, {"kisarazu-6-exception", "kisarazu-6-judge"}),
        (RELATED, {"kisarazu-6-exception", "kisarazu-11-3-conform"}),
    ],
)
@pytest.mark.clauses("kisarazu-6-exception")
def test_without_the_authority_the_manager_decides(ask: Any, at: Any, who: Any, clauses: Any) -> None:
    """A06: without the role it waits for 運用管理者, whose word with a reason lets it go."""
    asked = ask("kisarazu", **FLOOD, **who, at=at, approved=False)

    assert ("escalate", "manager", clauses) == _answer(asked)
    assert "allow" == ask("kisarazu", **FLOOD, **who, at=at, approved=False, grants=REASON).decision
    assert "escalate" == ask("kisarazu", **FLOOD, **who, at=at, approved=False, grants=NO_REASON).decision


@pytest.mark.parametrize("kind", ["event_cancellation", "website_outage", "missing_person", "other"])
@pytest.mark.clauses("kisarazu-6-hours", "kisarazu-6-judge")
def test_what_is_no_disaster_lifts_nothing(ask: Any, kind: Any) -> None:
    """A06: outside the hours it waits for 運用管理者, whoever sends it, and whatever its category."""
    urgent = {"emergency": {"kind": kind}, "actor": DUTY, "category": "disaster"}
    night = ask("kisarazu", **urgent, at=NIGHT)

    assert ("escalate", "manager", set(HOURS)) == _answer(night)
    assert ("escalate", "manager", set(JUDGE)) == _answer(ask("kisarazu", **urgent, approved=False))
    assert ("allow", None, set()) == _answer(ask("kisarazu", **urgent))


@pytest.mark.clauses("kisarazu-4-manager", "kisarazu-6-judge", "kisarazu-11-4-proof")
def test_the_route_names_who_signs(ask: Any) -> None:
    """運用管理者 of the City Promotion Division on 公式SNS, 管理責任者 of the own section on 市関連SNS."""
    official, related = ask("kisarazu").route, ask("kisarazu", **RELATED).route

    assert [("manager", PR, *JUDGE)] == [(one.role.value, one.section, one.clause) for one in official]
    assert [("responsible", "観光振興課", *PROOF)] == [(one.role.value, one.section, one.clause) for one in related]


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [
        pytest.param(*row, marks=pytest.mark.clauses(row[0]))
        for row in [
            ("kisarazu-3-1-facebook", "name", "木更津市"),
            ("kisarazu-3-2-twitter", "handle", "kisarazu_city"),
            ("kisarazu-3-3-youtube", "name", "きさらづプロモチャンネル"),
            ("kisarazu-3-4-line", "url", "https://page.line.me/kisarazu"),
            ("kisarazu-7-1-strength", "min_chars", 8),
            ("kisarazu-7-2-yearly", "every_years", 1),
            ("kisarazu-11-2-roles", "responsible_count", 1),
            ("kisarazu-11-5b-daily", "every_days", 1),
            ("kisarazu-11-7-1-inactive", "inactive_days", 30),
            ("kisarazu-11-7-2-followers", "years_after_opening", 1),
        ]
    ],
)
def test_later_work_reads_the_documents_values(clause: Any, name: Any, value: Any) -> None:
    """The values that the document gives stand with their clause."""
    assert value == load_pack("kisarazu").clauses[clause].params[name]


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [
        ("kisarazu-7-2-yearly", "remind_days_before", [30, 7]),
        ("kisarazu-7-4-dispose", "remind_after_days", 7),
        ("kisarazu-9-personal", "retention_days", 365),
        ("kisarazu-11-5a-incident", "renotify_minutes", 30),
        ("kisarazu-11-7-1-inactive", "warn_days", [20, 27]),
        ("kisarazu-11-7-2-followers", "warn_months", 9),
    ],
)
def test_values_that_no_document_gives_are_the_citys_own(clause: Any, name: Any, value: Any) -> None:
    """Defaults of the readings are marked as the city's own choice (A15, A35)."""
    assert value == load_pack("kisarazu").clauses[clause].own_choice[name]


@pytest.mark.parametrize("kind", ["official", "related"])
@pytest.mark.parametrize("platform", ["x", "line", "facebook", "youtube"])
@pytest.mark.parametrize(
    "text",
    [
        "【参加者募集】12月20日(日)に木更津港まつり写真展を開催します。https://www.city.kisarazu.lg.jp/event/1.html",
        "本日は可燃ごみの収集日です。朝8時30分までに出してください。",
        "年末年始のごみ収集は、12月31日（木）から1月3日（日）まで休みます。",
        "紙クズ、木クズは燃やせるごみの日に出してください。",
        "市立図書館は12月28日（月）から1月4日（月）まで休館します。",
        "新型コロナワクチンの予約は、電話0120-000-000（9:00～17:00）で受け付けています。",
        "手指の消毒用エタノールは各公民館に置いています。",
        "インフルエンザ予防接種の助成は65歳以上の方が対象です。",
        "市長選挙の投票日は3月14日(日)です。期日前投票は市役所朝日庁舎でできます。",
        "衆議院議員総選挙の選挙公報を市ホームページに掲載しました。",
        "固定資産税第3期の納期限は12月25日(金)です。口座振替もご利用ください。",
        "国民健康保険税の納付は、コンビニやスマホ決済でもできます。",
        "市道125号線は12月7日(月)から工事のため通行止めです。う回をお願いします。",
        "台風第21号の接近に備え、側溝の清掃と土のうの準備をお願いします。",
        "乾燥注意報が発表されています。火の取り扱いにご注意ください。",
        "潮干狩り場の開場日が決まりました。アサリやバカガイが採れます。",
        "中の島大橋のライトアップが始まりました。木更津らしい夜景をお楽しみください。",
        "きさらづプロモチャンネルで「海ほたるの朝」を公開しました。",
        "令和9年度採用の市職員を募集します。申込みは2月26日（金）まで。",
        "会計年度任用職員を募集しています。詳しくは市ホームページをご覧ください。",
        "お問い合わせは木更津市役所（代表 0438-23-7111）へ。",
        "お申込みは電子メール promotion@city.kisarazu.lg.jp へ。",
        "広報きさらづ12月号を発行しました。表紙は證誠寺の狸まつりです。",
        "マイナンバーカードの休日窓口は12月13日(日)です。予約をお願いします。",
        "パスポートの申請は、市民課の窓口で受け付けています。",
        "オンライン講座のパスワードは、申込者にメールでお送りします。",
        "計画（案）へのパブリックコメントを募集しています。",
        "新しい給食センターの整備を検討中です。説明会を開きます。",
        "外国人市民のための日本語教室を開いています。",
        "市外の方も、内外から多くのご参加をお待ちしています。",
        "郷土人形の展示を郷土博物館金のすずで行っています。",
        "シニアホームでのボランティアを募集します。",
        "フリーマーケットに出店する事業者の方を募集します。1区画500円です。",
        "ふるさと納税の返礼品に、木更津産のり・ブルーベリーを加えました。",
        "太田山公園の桜が見頃を迎えています。すばらしい眺めです。",
        "12月1日から7日までは、年末の交通安全運動です。",
        "市長が小学校で出前授業を行いました。",
        "戦没者追悼式を行いました。寺社の見学会も好評でした。",
        "動物愛護週間です。迷い犬を見つけたら、保健所にご連絡ください。",
        "成人を祝う会は1月10日(日)、会場はかずさアカデミアホールです。",
        "〒292-8501 木更津市朝日3-10-19 市役所朝日庁舎の皆様へのアンケートです。",
        "SNSで「市職員を名乗る」不審な電話の情報がありました。ご注意ください。",
        "11月23日に開催されたマラソン大会の結果を掲載しました。",
        "#木更津 #海ほたる 今週末は朝市を開きます。",
    ],
)
def test_everyday_posts_pass_quietly(ask: Any, kind: Any, platform: Any, text: Any) -> None:
    """What a city posts every day, sent by the right person in the hours and signed off, raises no finding."""
    who = RELATED if kind == "related" else {}

    assert ask("kisarazu", platform=platform, text=text, category="administration", **who).findings == ()
