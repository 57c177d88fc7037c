from __future__ import annotations

from typing import Any

import pytest

from policy import judge
from policy.case import Case
from policy.model import Decision, Role
from policy.packs import load_pack
from policy.packs.loader import parse_pack
from policy.rules.scope import build_categories
from policy.wire import action_from_json

WORDS = "message: {ja: 了承が必要です。, en: Ask.}"
TWO_WORDS = f"""
pack: city
document: {{title: {{ja: 方針, en: Policy}}}}
platforms: [x]
titles:
  official: &titles
    author: {{ja: 投稿者, en: author}}
    operator: {{ja: 担当者, en: officer}}
    approver: {{ja: 承認者, en: approver}}
    responsible: {{ja: 責任者, en: responsible}}
    manager: {{ja: 課長, en: head}}
    emergency: {{ja: 緊急発信者, en: duty officer}}
    scheduler: {{ja: システム, en: system}}
  others: *titles
sentences:
  sign_off: {{ja: まだです。, en: Open.}}
  sign_off_after: {{ja: 事後に, en: After.}}
  own_policy: {{ja: 方針による。, en: Own.}}
  lifted: {{ja: "{{role}}が認めました（{{reason}}）。", en: "Allowed by {{role}} ({{reason}})."}}
clauses:
  - id: who
    section: "1"
    kind: gate
    quote: q
    rules: [{{id: officers, kind: always, effect: escalate, role: operator, {WORDS}}}]
  - id: reply
    section: "2"
    kind: gate
    quote: q
    rules: [{{id: no_reply, kind: always, applies: {{actions: [reply]}}, effect: escalate, role: manager, {WORDS}}}]
"""
LINE = {
    "pack": "city",
    "action": "publish",
    "at": "2026-12-01T10:00:00+09:00",
    "platform": "x",
    "account": {"key": "k", "kind": "official"},
}


def _judge(**changes: Any) -> Any:
    _, action, facts = action_from_json({**LINE, **changes})
    return judge(parse_pack(TWO_WORDS, "city.yaml"), action, facts)


@pytest.mark.parametrize(("role", "title"), [("operator", "担当者"), ("manager", "課長")])
def test_the_head_can_consent_for_an_officer(role: Any, title: Any) -> None:
    """Who names the officers can say what they can, and the finding says who said it."""
    verdict = _judge(grants=[{"role": role, "reason": "確認した"}])

    assert (Decision.ALLOW, f"{title}が認めました（確認した）。") == (
        verdict.decision,
        verdict.findings[0].message.ja,
    )


@pytest.mark.parametrize("role", ["approver", "author", "emergency"])
def test_nobody_else_can_consent_for_an_officer(role: Any) -> None:
    """Another role's word is none, nor is one without a reason."""
    assert Role.OPERATOR is _judge(grants=[{"role": role, "reason": "確認した"}]).role
    assert Role.OPERATOR is _judge(grants=[{"role": "manager", "reason": " "}]).role


def test_the_head_is_asked_before_an_officer() -> None:
    """Where both are needed the verdict names the head, whose word lifts both; an officer's leaves the head's open."""
    head = [{"role": "manager", "reason": "必要"}]
    officer = [{"role": "operator", "reason": "必要"}]

    assert Role.MANAGER is _judge(action="reply").role
    assert Decision.ALLOW is _judge(action="reply", grants=head).decision
    assert Role.MANAGER is _judge(action="reply", grants=officer).role


@pytest.mark.parametrize(
    ("params", "key", "speaks"),
    [
        ({}, "shi_koho", True),
        ({"accounts": ["*mayor*"]}, "shi_koho", False),
        ({"accounts": ["*mayor*"]}, "shi_Mayor", True),
        ({"accounts": ["shi_mayor"]}, "shi_mayor_2", False),
        ({"except_accounts": ["*mayor*"]}, "shi_mayor", False),
        ({"except_accounts": ["*mayor*"]}, "shi_koho", True),
    ],
)
def test_a_list_of_kinds_of_information_can_be_one_accounts(params: Any, key: Any, speaks: Any) -> None:
    """A document that lists what each account posts is asked account by account, whatever the case of a key."""
    pack = load_pack("neutral")
    account = {"key": key, "kind": "official", "section": "広報課"}
    _, action, facts = action_from_json({**pack.example, "pack": "neutral", "account": account, "category": "living"})
    check = build_categories({"categories": ["mayor"], **params})

    assert speaks is bool(list(check(Case(pack=pack, action=action, facts=facts))))
