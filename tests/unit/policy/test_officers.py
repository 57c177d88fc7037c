from __future__ import annotations

from typing import Any

import pytest

from policy.case import Case
from policy.errors import PackError
from policy.packs import load_pack
from policy.packs.loader import parse_pack
from policy.rules.officers import build_officers
from policy.wire import action_from_json

PR = {"key": "shi", "kind": "official", "section": "広報課"}
OFFICERS = {"roles": ["manager", "operator"]}


def _speaks(params: Any, **changes: Any) -> bool:
    pack = load_pack("neutral")
    _, action, facts = action_from_json({**pack.example, "pack": "neutral", "account": PR, **changes})
    return bool(list(build_officers(params)(Case(pack=pack, action=action, facts=facts))))


@pytest.mark.parametrize(
    ("roles", "speaks"),
    [(["operator"], False), (["manager"], False), (["author", "operator"], False), (["author"], True), ([], True)],
)
def test_whoever_holds_one_of_the_roles_passes(roles: Any, speaks: Any) -> None:
    """Without a section only the role counts, whatever section its holder belongs to."""
    assert speaks is _speaks(OFFICERS, actor={"roles": roles, "section": "図書館"})


@pytest.mark.parametrize(("section", "speaks"), [("広報課", False), ("図書館", True), ("", True)])
def test_the_staff_of_a_named_section_pass_without_a_role(section: Any, speaks: Any) -> None:
    """課職員または認めた職員: where a section is named, belonging to it is enough."""
    params = {**OFFICERS, "section": "広報課"}

    assert speaks is _speaks(params, actor={"roles": ["author"], "section": section})


@pytest.mark.parametrize(("section", "speaks"), [("観光課", False), ("広報課", True)])
def test_own_means_the_section_of_the_account(section: Any, speaks: Any) -> None:
    """`own` names the section that owns the account."""
    account = {"key": "kanko", "kind": "related", "section": "観光課"}
    params = {"roles": ["manager"], "section": "own"}

    assert speaks is _speaks(params, account=account, actor={"roles": ["author"], "section": section})


def test_the_system_and_nobody_named_pass() -> None:
    """The system acts for whoever approved, and where nobody is named no rule about persons is asked."""
    assert not _speaks(OFFICERS, actor={"roles": ["scheduler"], "section": ""})
    assert not _speaks(OFFICERS, actor=None)


@pytest.mark.parametrize(
    ("kind", "roles", "speaks"),
    [
        ("earthquake", ["emergency"], False),
        ("earthquake", ["author"], False),
        ("website_outage", ["emergency"], True),
    ],
)
def test_in_a_disaster_the_head_is_asked_instead(kind: Any, roles: Any, speaks: Any) -> None:
    """Whoever holds the authority goes at once, anybody else asks the head, in a disaster only (A06)."""
    assert speaks is _speaks(OFFICERS, emergency={"kind": kind}, actor={"roles": roles, "section": "危機管理課"})


def test_a_role_that_nobody_can_hold_is_a_mistake_of_the_pack() -> None:
    """A misspelt role is told with the one that was probably meant."""
    text = """
clauses:
  - id: a
    section: "1"
    kind: gate
    quote: q
    rules:
      - id: who
        kind: officers
        params: {roles: [operater]}
        effect: block
        message: {ja: 投稿できません。, en: No.}
"""
    with pytest.raises(PackError) as raised:
        parse_pack(text, "city.yaml")

    assert ("operater", "operator") in {(one.params.get("value"), one.meant) for one in raised.value.mistakes}
