"""Cases written from the documents and readings, most of them before any pack was opened: does each pack agree?"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from platforms.counting import count_texts
from policy import judge
from policy.packs import load_pack
from policy.wire import TextCounter, action_from_json, verdict_to_json

CASES = Path(__file__).parent / "unseen"
"""A file a city, a case a line in the form of `sns policy check`; `checklist` names clauses that are asked about."""
CITIES = ("kashiwa", "chikuma", "komae", "kisarazu", "kodaira")
PLAIN = (CASES / "plain.txt").read_text(encoding="utf-8").splitlines()
"""Everyday posts that no guideline has anything to say about."""
CONTACTS = {
    "kashiwa": ("04-7167-1111", "city.kashiwa.lg.jp"),
    "chikuma": ("026-273-1111", "city.chikuma.lg.jp"),
    "komae": ("03-3430-1111", "city.komae.lg.jp"),
    "kisarazu": ("0438-23-7111", "city.kisarazu.lg.jp"),
    "kodaira": ("042-341-1211", "city.kodaira.lg.jp"),
}
SIGNED = {"approval": "required"}
MOST_CLAUSES = 4


@pytest.fixture(scope="module")
def counters() -> dict[str, TextCounter]:
    """Each platform's own count of a text, links included, as the command asks it."""
    return {name: TextCounter(limit=one.limit, measure=one.measure) for name, one in count_texts().items()}


def _account(kind: str, section: str, settings: Any = None) -> Any:
    return {"key": f"{kind}_account", "kind": kind, "section": section, "settings": settings or {}}


KASHIWA = [("x", _account("official", "広報広聴課")), ("x", _account("section", "図書館"))]
CHIKUMA = [(one, _account("official", "情報政策課", SIGNED)) for one in ("x", "facebook", "youtube")]
CHIKUMA += [("x", _account("field", "観光課", SIGNED))]
KOMAE = [
    (one, _account("section", "地域活性課", {"approval": approval}))
    for one in ("x", "line", "facebook", "youtube")
    for approval in ("required", "not_required")
]
KISARAZU = [(one, _account("official", "シティプロモーション課")) for one in ("x", "line", "facebook", "youtube")]
KISARAZU += [("x", _account("related", "観光振興課"))]
KODAIRA = [(one, _account("official", "秘書広報課")) for one in ("x", "line", "facebook", "youtube")]
ACCOUNTS = {"kashiwa": KASHIWA, "chikuma": CHIKUMA, "komae": KOMAE, "kisarazu": KISARAZU, "kodaira": KODAIRA}


def _cases() -> list[Any]:
    listed = []
    for city in CITIES:
        for line in (CASES / f"{city}.jsonl").read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            shown = [clause for field in ("clauses", "tasks", "checklist") for clause in case["expect"].get(field, [])]
            listed.append(pytest.param(case, id=f"{city}: {case['name']}", marks=pytest.mark.clauses(*shown)))
    return listed


def _ask(line: Any, counters: Any) -> Any:
    name, action, facts = action_from_json(line, counters=counters)
    return verdict_to_json(judge(load_pack(name), action, facts))


def _clauses(entries: Any) -> set[str]:
    return {entry["clause"] for entry in entries}


@pytest.mark.parametrize("case", _cases())
def test_an_unseen_case_agrees(case: Any, counters: Any) -> None:
    """The verdict is what the document and its reading order, and all clauses that the case names stand in it."""
    expect = case["expect"]
    verdict = _ask(case["input"], counters)
    cited = {clause for finding in verdict["findings"] for clause in finding["clauses"]}

    assert expect["decision"] == verdict["decision"], case["why"]
    assert expect.get("role", verdict.get("role")) == verdict.get("role")
    if "clauses" in expect:
        assert set(expect["clauses"]) <= cited if expect["clauses"] else cited == set()
    if "next_open" in expect:
        assert datetime.fromisoformat(expect["next_open"]) == datetime.fromisoformat(verdict["next_open"])
    if "text_contains" in expect:
        assert expect["text_contains"] in verdict["text"]
    if "route_empty" in expect:
        assert expect["route_empty"] is (verdict["route"] == [])
    assert set(expect.get("tasks", ())) <= _clauses(verdict["tasks"])
    assert set(expect.get("checklist", ())) <= _clauses(verdict["checklist"])


@pytest.mark.parametrize("case", _cases())
def test_the_strongest_findings_of_an_unseen_case_name_at_most_four_clauses(case: Any, counters: Any) -> None:
    """A verdict names the clauses that decide it and no others: four at most among its strongest findings."""
    findings = _ask(case["input"], counters)["findings"]
    strongest = [finding for finding in findings if finding["effect"] == findings[0]["effect"]]

    assert len({clause for finding in strongest for clause in finding["clauses"]}) <= MOST_CLAUSES


@pytest.mark.parametrize(
    ("city", "platform", "account"),
    [
        pytest.param(city, platform, account, id=f"{city} {platform} {account['kind']} {number}")
        for city in CITIES
        for number, (platform, account) in enumerate(ACCOUNTS[city])
    ],
)
def test_a_plain_post_by_the_right_operator_inside_the_hours_is_let_pass_in_silence(
    city: Any, platform: Any, account: Any, counters: Any
) -> None:
    """An everyday post is allowed with no finding at all, whatever it tells of."""
    telephone, domain = CONTACTS[city]
    own = [
        f"お問い合わせは市役所（電話 {telephone}）へ。",
        f"詳しくは https://www.{domain}/ をご覧ください。",
        f"申込みは soudan@{domain} へ。",
    ]
    tag = " #柏市" if city == "kashiwa" else ""
    said = {
        text: verdict["findings"]
        for text in PLAIN + own
        for verdict in [
            _ask(
                {
                    "pack": city,
                    "action": "publish",
                    "at": "2026-12-02T10:00:00+09:00",
                    "platform": platform,
                    "account": account,
                    "actor": {"roles": ["operator"], "section": account["section"]},
                    "text": text + tag,
                    "category": "administration",
                },
                counters,
            )
        ]
        if (verdict["decision"], verdict["findings"]) != ("allow", [])
    }

    assert {} == said
