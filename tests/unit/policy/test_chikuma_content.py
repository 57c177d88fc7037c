"""What Chikuma's guideline forbids to post, and the everyday posts that it has nothing against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policy import Decision

NEWS = yaml.safe_load((Path(__file__).parent / "posts_chikuma.yaml").read_text(encoding="utf-8"))
OFFICIAL = {"key": "chikuma_city", "kind": "official", "section": "情報政策課"}
ANSWERS = {"action": "reply", "account": {**OFFICIAL, "settings": {"approval": "required", "answers_comments": True}}}
FIELD = {"key": "chikuma_kanko", "kind": "field", "section": "観光交流課", "settings": {"approval": "required"}}
KANKO = {"roles": ["operator"], "section": "観光交流課"}
REASON = "市民に急ぎ知らせる必要があるため"
MANAGER = [{"role": "manager", "reason": REASON}]


def _case(name: str, shows: str, changes: dict[str, Any], decision: str, clauses: str = "", **more: Any) -> Any:
    """A worked case; *shows* and *clauses* without `chikuma-`, and *clauses* are those that decide, all of them."""
    marks = pytest.mark.clauses(*(f"chikuma-{one}" for one in shows.split())) if shows else ()
    return pytest.param(changes, decision, {f"chikuma-{one}" for one in clauses.split()}, more, id=name, marks=marks)


CASES = [
    # What must not be posted.
    _case("a mark of secrecy", "1-2-8-a-secret", {"text": "取扱注意の資料です。"}, "block", "1-2-8-a-secret"),
    _case(
        "a secret word", "1-2-8-a-secret", {"text": "未公表の案です。"}, "escalate", "1-2-8-a-secret", role="manager"
    ),
    _case("an internal address", "1-2-8-a-secret", {"text": "サーバーは10.1.2.3です。"}, "block", "1-2-8-a-secret"),
    _case("a password", "1-3-1-storage", {"text": "パスワード：Chikuma2026"}, "block", "1-2-8-a-secret 1-3-1-storage"),
    _case(
        "defaming words",
        "1-2-8-u-slander",
        {"text": "あの社長は馬鹿だ。"},
        "escalate",
        "1-2-8-u-slander",
        role="manager",
    ),
    _case(
        "defaming words, granted",
        "1-2-8-u-slander",
        {"text": "演目は「馬鹿聟」です。", "grants": MANAGER},
        "allow",
        "1-2-8-u-slander",
    ),
    _case(
        "defaming words in what is shared",
        "2-2-rt 1-2-8-u-slander",
        {"action": "repost", "text": "あの社長は馬鹿だ。"},
        "escalate",
        "1-2-8-u-slander",
        role="manager",
    ),
    _case(
        "a party",
        "1-2-8-e-politics",
        {"text": "公明党の街頭演説があります。"},
        "escalate",
        "1-2-8-e-politics",
        role="manager",
    ),
    _case(
        "early voting",
        "1-2-8-e-politics",
        {"text": "長野県知事選挙の期日前投票は市役所で。投票用紙には候補者の氏名を書いてください。"},
        "allow",
    ),
    _case("a sale", "1-2-8-ka-ads", {"text": "当店の大売り出し！"}, "escalate", "1-2-8-ka-ads", role="manager"),
    _case("a shop", "1-2-8-ka-ads", {"text": "amazon.co.jp/dp/1 で発売"}, "escalate", "1-2-8-ka-ads", role="manager"),
    _case("a fee", "1-2-8-ka-ads", {"text": "参加費は1,000円です。当日徴収します。"}, "allow"),
    _case(
        "discriminating words",
        "1-2-8-ki-discrimination",
        {"text": "外人さんも参加できます。"},
        "escalate",
        "1-2-8-ki-discrimination",
        role="manager",
    ),
    _case("hearsay", "1-2-8-ke-false", {"text": "駅前に熊が出たらしいです。"}, "warn", "1-2-8-ke-false"),
    _case(
        "a disaster without a source",
        "1-2-8-ke-false",
        {"category": "disaster", "text": "川があふれそうです。"},
        "escalate",
        "1-2-8-ke-false",
        role="manager",
    ),
    _case(
        "a drill needs no source", "1-2-8-ke-false", {"category": "disaster", "text": "防災訓練を行います。"}, "allow"
    ),
    _case("a mobile number", "1-2-8-ko-personal", {"text": "080-1234-5678へ"}, "block", "1-2-8-ko-personal"),
    _case("an individual number", "1-2-8-ko-personal", {"text": "番号は1234 5678 9018"}, "block", "1-2-8-ko-personal"),
    _case("twelve other digits", "1-2-8-ko-personal", {"text": "受付番号は246813579024です。"}, "allow"),
    _case("the city hall", "1-2-8-ko-personal", {"text": "千曲市役所（代表）026-273-1111へ。"}, "allow"),
    _case(
        "another landline",
        "1-2-8-ko-personal",
        {"text": "電話は026-200-0000です。"},
        "escalate",
        "1-2-8-ko-personal",
        role="manager",
    ),
    _case(
        "a landline with consent",
        "1-2-8-ko-personal",
        {"text": "電話は026-200-0000です。", "grants": MANAGER},
        "allow",
        "1-2-8-ko-personal",
    ),
    _case(
        "a landline that the city publishes",
        "1-2-8-ko-personal",
        {"text": "電話は026-200-0000です。", "facts": {"published_contacts": ["026-200-0000"]}},
        "allow",
    ),
    _case(
        "people without consent",
        "1-2-8-ko-personal",
        {"media": [{"kind": "image", "alt": "会場", "people": True, "consent": False}], "grants": MANAGER},
        "block",
        "1-2-8-ko-personal",
    ),
    _case(
        "people with consent",
        "1-2-8-ko-personal",
        {"media": [{"kind": "video", "people": True, "consent": True}]},
        "allow",
    ),
    _case("a picture without alt text", "", {"media": [{"kind": "image", "alt": ""}]}, "allow"),
    _case(
        "obscene words",
        "1-2-8-shi-obscene",
        {"text": "エッチな話です。"},
        "escalate",
        "1-2-8-shi-obscene",
        role="manager",
    ),
    _case(
        "a denied site",
        "1-2-8-su-links 1-2-8-sa-malware",
        {"text": "https://x.bad.example.com/", "facts": {"denied_sites": ["bad.example.com"]}, "grants": MANAGER},
        "block",
        "1-2-8-su-links 1-2-8-sa-malware",
    ),
    _case("a shortened address", "1-2-8-su-links", {"text": "詳しくはbit.ly/abc"}, "warn", "1-2-8-su-links"),
    _case("a link to another site", "1-2-4-links", {"text": "https://example.com/"}, "allow", "1-2-4-links"),
    _case(
        "a link to the city's site",
        "1-2-4-links",
        {"text": "https://www.city.chikuma.lg.jp/ をご覧ください。"},
        "allow",
    ),
    _case(
        "a dead link",
        "1-2-2-accurate",
        {"text": "https://www.city.chikuma.lg.jp/a", "facts": {"dead_links": ["https://www.city.chikuma.lg.jp/a"]}},
        "warn",
        "1-2-2-accurate",
    ),
    _case("a wrong weekday", "1-2-2-accurate", {"text": "12月5日(日)に開催します。"}, "warn", "1-2-2-accurate"),
    _case("a day that is past", "1-2-2-timely", {"text": "11月23日に開催します。"}, "warn", "1-2-2-timely"),
    _case(
        "tomorrow, of a text whose day moves",
        "1-2-3-misleading",
        {"text": "明日開催します。", "planned_at": "2026-11-30T10:00:00+09:00"},
        "warn",
        "1-2-3-misleading",
    ),
    _case("twelve p.m.", "1-2-3-misleading", {"text": "受付は午後12時までです。"}, "warn", "1-2-3-misleading"),
    _case("an opinion", "4-1-not-official-view", {"text": "計画は良いと思います。"}, "warn", "4-1-not-official-view"),
    _case("politeness is no opinion", "4-1-not-official-view", {"text": "お越しいただければと思います。"}, "allow"),
    _case(
        "provoking words in a reply",
        "4-2-provoke",
        {**ANSWERS, "text": "文句があるなら来てください。"},
        "escalate",
        "4-2-provoke",
        role="manager",
    ),
    _case(
        "a third exchange",
        "4-2-provoke",
        {**ANSWERS, "answers": {"few_exchanges": False}},
        "escalate",
        "4-2-provoke",
        role="manager",
    ),
    # What a person answered.
    _case(
        "neither purpose nor use",
        "1-2-1-purpose 1-2-1-exception",
        {"answers": {"on_purpose": False}},
        "escalate",
        "1-2-1-purpose 1-2-1-exception",
        role="manager",
    ),
    *(
        _case(f"answered no: {question}", clause, {"answers": {question: False}, **more}, "block", clause)
        for question, clause, more in (
            ("accurate", "1-2-2-accurate", {}),
            ("clear", "1-2-3-clarity", {}),
            ("not_misleading", "1-2-3-misleading", {}),
            ("pleasant", "1-2-3-tone", {}),
            ("no_secret", "1-2-8-a-secret", {}),
            ("lawful", "1-2-8-i-illegal", {}),
            ("public_order", "1-2-8-ku-public-order", {}),
            ("manners", "3-4-manners", {}),
            ("official_view", "4-1-not-official-view", {}),
            ("link_target", "1-2-8-su-links", {"text": "https://www.city.chikuma.lg.jp/"}),
            ("image_rights", "1-2-8-o-ip 3-2-rights", {"media": [{"kind": "image", "alt": "花"}]}),
            ("video_rights", "1-2-8-o-ip 3-2-rights", {"media": [{"kind": "video"}]}),
            ("own_videos", "2-3-yt-share-media", {"platform": "youtube", "text": "https://lg.jp/"}),
        )
    ),
    # The terms of X.
    _case(
        "the same words on another account of X",
        "3-3-terms",
        {
            "history": [
                {
                    "at": "2026-11-30T10:00:00+09:00",
                    "account": "chikuma_kanko",
                    "platform": "x",
                    "text": "あんずまつりを開催します。会場は森地区です。",
                }
            ]
        },
        "warn",
        "3-3-terms",
    ),
]

CONFIRMED = {
    "T01": ("block", "1-2-8-u-slander"),
    "T02": ("block", "1-2-3-tone"),
    "T03": ("block", "1-2-8-ki-discrimination"),
    "T04": ("block", "1-2-8-i-illegal"),
    "T05": ("block", "1-2-8-a-secret"),
    "T06": ("block", "1-2-8-ko-personal"),
    "T07": ("block", "1-2-8-o-ip 3-2-rights"),
    "T08": ("block", "1-2-8-sa-malware"),
    "T09": ("block", "1-2-8-ke-false"),
    "T10": ("block", "1-2-8-ku-public-order"),
    "T11": ("block", "1-2-8-shi-obscene"),
    "T12": ("block", "1-2-8-e-politics"),
    "T13": ("block", "1-2-8-ka-ads"),
    "T14": ("block", "4-1-not-official-view"),
    "T15": ("allow", ""),
    "T16": ("allow", ""),
    "T17": ("block", "4-2-provoke"),
    "T18": ("block", "1-2-2-accurate 1-2-3-misleading"),
    "T19": ("allow", ""),
    "T20": ("allow", ""),
    "T21": ("allow", ""),
    "T22": ("block", "3-3-terms"),
    "T23": ("block", "1-2-8-su-links"),
    "T24": ("block", "1-2-8-su-other"),
    "T25": ("escalate", "1-2-1-purpose 1-2-1-exception"),
    "T26": ("allow", ""),
}
"""What the table of forbidden content says is Chikuma's own: a block, but where the clause names somebody to ask."""
CASES += [
    _case(f"{item} confirmed", clauses, {"findings_confirmed": [item]}, decision, clauses)
    for item, (decision, clauses) in CONFIRMED.items()
]
CASES += [
    _case(f"{item} confirmed, granted", clauses, {"findings_confirmed": [item], "grants": MANAGER}, "block", clauses)
    for item, (decision, clauses) in CONFIRMED.items()
    if decision == "block"
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


@pytest.mark.parametrize("text", NEWS)
@pytest.mark.parametrize("platform", ["x", "facebook", "youtube"])
def test_the_news_of_a_city_passes_without_a_word(text: Any, platform: Any, ask: Any) -> None:
    """What a city posts every day raises no finding, whatever kind of information it is."""
    assert () == ask("chikuma", text=text, platform=platform, category="living").findings
    assert () == ask("chikuma", text=text, platform=platform, category="other", account=FIELD, actor=KANKO).findings


@pytest.mark.clauses("chikuma-1-2-8-su-links", "chikuma-1-2-4-links")
def test_the_approver_is_shown_where_the_links_are(ask: Any) -> None:
    """A finding marks the address of another site in the text, and the approver is asked about it."""
    verdict = ask("chikuma", text="詳しくは（https://example.com/a）へ。")
    (finding,) = verdict.findings
    (span,) = finding.spans

    assert "https://example.com/a" == "詳しくは（https://example.com/a）へ。"[span.start : span.end]
    assert "link_target" in [one.id for one in verdict.checklist if one.when == "approve"]


def test_no_grant_lifts_a_block(ask: Any) -> None:
    """Every role's consent together does not lift what the document forbids."""
    roles = ["author", "operator", "approver", "responsible", "manager", "emergency"]
    grants = [{"role": role, "reason": REASON} for role in roles]

    assert Decision.BLOCK is ask("chikuma", text="【部外秘】の資料です。", grants=grants).decision
