from __future__ import annotations

from typing import Any

import pytest

OTHER_MEDIA = ("line", "facebook", "youtube")
DUTY = {"roles": ["operator", "emergency"], "section": "安心安全課"}
QUAKE = {"category": "disaster", "emergency": {"kind": "earthquake"}, "text": "地震がありました。（気象庁発表）"}
REASON = [{"role": "manager", "reason": "市民に必要な情報のため"}]
NO_REASON = [{"role": "manager", "reason": " "}]
HEAD_ALONE = [{"role": "responsible", "reason": "経緯を確かめたため"}]
MARKET = "市民農園の利用者を募集します。申込みは市役所の窓口で受け付けます。"

CONTACT = ("komae-p6-3-contact",)
SECRET = ("komae-4-4-a-secret",)
PRIVATE = ("komae-4-4-a-secret", "komae-4-3-e-consent")
CONSENT = ("komae-4-3-e-consent",)
MASKED = ("komae-4-4-i-masked",)
REPEAT = ("komae-4-4-i-repeat",)
ACCURATE = ("komae-4-4-i-accurate",)
UNDECIDED = ("komae-4-4-a-not-official",)
CALM = ("komae-4-4-u-calm",)
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
        _case(
            "another day in it",
            "allow",
            None,
            (),
            shows=REPEAT,
            text="12月5日(土)の市民農園の説明会に参加しませんか。会場は市役所です。",
            history=_earlier("2026-11-20", text="12月12日(土)の市民農園の説明会に参加しませんか。会場は市役所です。"),
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
        _case("a wrong year of an era", "warn", None, ACCURATE, text="2026年（令和7年）12月5日に開催します。"),
        _case("no time of day", "warn", None, ACCURATE, text="午後13時に集合です。"),
        _case("it ends before it begins", "warn", None, ACCURATE, text="展示は12月7日〜5日です。"),
        _case(
            "a page that is not there",
            "warn",
            None,
            ACCURATE,
            text="詳しくは https://www.city.komae.tokyo.jp/nai をご覧ください。",
            facts={"dead_links": ["https://www.city.komae.tokyo.jp/nai"]},
        ),
        _case("an old name", "warn", None, ("komae-4-4-i-misleading",), text="多摩川沿いに避難勧告を発令しました。"),
        _case("a person and the age", "warn", None, CONSENT, text="佐藤花子さん（82歳）を捜しています。"),
        _case(
            "a site that the city denies",
            "block",
            None,
            (),
            text="詳しくは https://warui.example.com/ をご覧ください。",
            facts={"denied_sites": ["warui.example.com"]},
        ),
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
