from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policy import Decision, judge
from policy.facts import Facts
from policy.packs import load_pack
from policy.past_posts import PastIndex
from policy.wire import action_from_json

SEEDS = "市民農園の利用者を募集します。申込みは市役所の窓口で受け付けます。"
FROST = "水道管の凍結にご注意ください。"
AT = "2026-12-02T11:00:00+09:00"
X_AND_OTHERS = ("kashiwa", "neutral")


def _earlier(*days: str, text: str = SEEDS, **more: str) -> list[dict[str, str]]:
    return [{"at": f"{day}T10:00:00+09:00", "text": text, **more} for day in days]


def _found(verdict: Any, rule: str = "repeats") -> list[Any]:
    return [one for one in verdict.findings if one.rule == rule]


@pytest.fixture(params=["history", "index"])
def ask_either(request: Any) -> Any:
    """Ask a pack with the earlier posts given in the action, and again with the same behind an index."""

    def ask(pack_name: str, **changes: Any) -> Any:
        pack = load_pack(pack_name)
        _, action, facts = action_from_json({**pack.example, "pack": pack_name, "at": AT, **changes})
        if request.param == "index":
            own = {"account": action.account.key, "platform": action.platform}
            named = [
                replace(one, account=one.account or own["account"], platform=one.platform or own["platform"])
                for one in action.history
            ]
            facts = replace(facts, past=PastIndex(named))
            action = replace(action, history=())
        return judge(pack, action, facts)

    return ask


@pytest.mark.parametrize(
    ("earlier", "effect", "count"),
    [
        (("2026-11-20",), Decision.WARN, "2回目"),
        (("2026-11-20", "2026-11-25"), Decision.BLOCK, "3回目"),
        (("2026-11-10", "2026-11-20", "2026-11-25"), Decision.BLOCK, "4回目"),
    ],
)
@pytest.mark.clauses("komae-4-4-i-repeat")
def test_komae_warns_the_second_time_and_blocks_the_third(
    ask_either: Any, earlier: Any, effect: Any, count: Any
) -> None:
    """何度も繰り返し投稿: the 2nd warns, the 3rd and every later one is blocked (A22)."""
    (finding,) = _found(ask_either("komae", text=SEEDS, history=_earlier(*earlier)))

    assert (finding.effect, finding.clauses) == (effect, ("komae-4-4-i-repeat",))
    assert count in finding.message.ja


@pytest.mark.clauses("kashiwa-2-4-ku-frequency")
def test_kashiwa_asks_for_care_however_often(ask_either: Any) -> None:
    """ク asks for care only: the fifth time warns as the second does (T16)."""
    verdict = ask_either(
        "kashiwa", text=SEEDS, history=_earlier("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26")
    )

    assert (verdict.decision, verdict.clauses) == (Decision.WARN, ("kashiwa-2-4-ku-frequency",))
    assert "5回目" in _found(verdict)[0].message.ja
    assert "11月26日(木) 10:00" in _found(verdict)[0].message.ja


@pytest.mark.parametrize(
    ("text", "is_repeat"),
    [
        (f"【再掲】{SEEDS}", True),
        (SEEDS.replace("募集します", "募集しています"), True),
        (SEEDS.replace("申込み", "お申し込み"), True),
        (f"{SEEDS} #狛江市 #農園", True),
        (f"【追加募集】{SEEDS}", False),
        (f"{SEEDS}締切は12月4日です。", False),
        (SEEDS.replace("募集します", "募集しません"), False),
        (SEEDS.replace("市役所", "南部出張所"), False),
        ("【締切間近】市民農園の申込みは12月4日までです。", False),
    ],
)
@pytest.mark.clauses("komae-4-4-i-repeat")
def test_only_the_same_content_is_a_repeat(ask_either: Any, text: Any, is_repeat: Any) -> None:
    """A changed date or status, or a text less than 90% alike, is news; another style is not."""
    verdict = ask_either("komae", text=text, history=_earlier("2026-11-20", "2026-11-25"))

    assert is_repeat is bool(_found(verdict))


@pytest.mark.parametrize(
    ("day", "hour", "is_counted"),
    [
        ("2026-11-02", "00:00:00", True),
        ("2026-11-02", "10:59:59", True),
        ("2026-11-01", "23:59:59", False),
        ("2026-12-02", "11:00:00", True),
        ("2026-12-02", "11:00:01", False),
    ],
)
@pytest.mark.clauses("komae-4-4-i-repeat")
def test_thirty_days_are_calendar_days(ask_either: Any, day: Any, hour: Any, is_counted: Any) -> None:
    """On 2 December, posts since 0:00 on 2 November count (as in A15 and in the Civil Code), later ones do not."""
    history = [{"at": f"{day}T{hour}+09:00", "text": SEEDS}]

    assert is_counted is bool(_found(ask_either("komae", text=SEEDS, history=history)))


def test_days_are_those_of_japan(ask_either: Any) -> None:
    """Whatever the offset of an instant, the day is the one in Japan."""
    at = "2026-12-01T16:00:00+00:00"
    inside, outside = "2026-11-01T15:00:00+00:00", "2026-11-01T14:59:59+00:00"
    found = [
        bool(_found(ask_either("neutral", at=at, text=SEEDS, history=[{"at": one, "text": SEEDS}])))
        for one in (inside, outside)
    ]

    assert [True, False] == found


@pytest.mark.parametrize(
    ("where", "is_own"),
    [
        ({}, True),
        ({"account": "shi"}, True),
        ({"account": "shi", "platform": "line"}, True),
        ({"account": "koen"}, False),
        ({"account": "shi", "platform": "facebook"}, False),
    ],
)
def test_repeats_count_per_account_and_platform(ask_either: Any, where: Any, is_own: Any) -> None:
    """What another account said, or the account on another platform, is no repeat of its own."""
    history = _earlier("2026-11-20", text=FROST, **where)

    assert is_own is bool(_found(ask_either("neutral", text=FROST, history=history)))


def test_an_index_goes_before_the_history_of_the_action() -> None:
    """Where the caller gives an index, all earlier posts are behind it, and the history is not read beside it."""
    pack = load_pack("neutral")
    line = {**pack.example, "pack": "neutral", "text": FROST, "history": _earlier("2026-11-20", text=FROST)}
    _, action, facts = action_from_json(line)

    assert _found(judge(pack, action, facts))
    assert not _found(judge(pack, action, replace(facts, past=PastIndex())))


@pytest.mark.parametrize("text", ["", "🎉", "#柏市"])
def test_a_post_without_words_is_no_repeat(ask_either: Any, text: Any) -> None:
    """Pictures under a hashtag may follow each other."""
    assert not _found(ask_either("neutral", text=text, history=_earlier("2026-11-30", "2026-12-01", text=text)))


@pytest.mark.parametrize("pack", X_AND_OTHERS)
def test_the_same_on_another_account_of_x_points_to_a_repost(ask_either: Any, pack: Any) -> None:
    """X forbids the same text on several accounts: who drafts it reads where it is, and what to do instead."""
    history = [*_earlier("2026-11-30", text=FROST, account="suido", platform="x"), *_earlier("2026-11-01", text=FROST)]
    (finding,) = _found(ask_either(pack, platform="x", text=FROST, history=history), "cross_repeats")

    assert (finding.effect, finding.clauses[:1]) == (Decision.WARN, () if pack == "kashiwa" else ("neutral-8-repeats",))
    assert "（suido）に11月30日(月) 10:00にあります" in finding.message.ja
    assert "リポスト" in finding.message.ja


def test_every_account_that_said_it_is_named_once(ask_either: Any) -> None:
    """Three posts on two other accounts are two names."""
    history = [
        one
        for account in ("suido", "bosai", "suido")
        for one in _earlier("2026-11-30", text=FROST, account=account, platform="x")
    ]
    (finding,) = _found(ask_either("neutral", platform="x", text=FROST, history=history), "cross_repeats")

    assert "（suido、bosai）" in finding.message.ja


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        pytest.param(
            {"action": "repost", "target": {"relation": "section_account"}}, {}, id="a repost, as the mirror is"
        ),
        pytest.param({"platform": "line"}, {"platform": "line"}, id="another platform's rules"),
        pytest.param({}, {"platform": "facebook"}, id="said on another platform"),
        pytest.param({}, {"account": "shi"}, id="the account itself"),
        pytest.param(
            {
                "emergency": {"kind": "earthquake"},
                "category": "disaster",
                "actor": {"roles": ["operator", "emergency"], "section": "広報課"},
            },
            {},
            id="a disaster, on every account at once",
        ),
    ],
)
def test_what_is_no_copy_across_accounts(ask_either: Any, changes: Any, where: Any) -> None:
    """A repost is what X wants instead; other platforms have no such rule; a disaster is told wherever it can be."""
    history = _earlier("2026-12-01", text=FROST, **{"account": "suido", "platform": "x", **where})
    verdict = ask_either("neutral", **{"platform": "x", "text": FROST, "history": history, **changes})

    assert [] == _found(verdict, "cross_repeats")


def test_a_first_post_is_nobodys_repeat() -> None:
    """Without earlier posts there is nothing to say."""
    pack = load_pack("neutral")
    _, action, _ = action_from_json({**pack.example, "pack": "neutral", "text": FROST})

    assert judge(pack, action, Facts()).findings == ()
