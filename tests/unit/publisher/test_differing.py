"""In what two verdicts on the same post differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from policy.model import Decision, Finding, Question, Role, RouteStep, Verdict, Words
from policy.packs import load_pack
from publisher.api import Change, Difference, Replay
from publisher.differing import by_strictness, compare, replay_from_json, replay_to_json

PACK = load_pack("kashiwa")
HOURS = "kashiwa-2-4-ki-hours"
AT = datetime(2026, 12, 1, tzinfo=UTC)
SAID = Words(ja="いけません。", en="No.")


def finding(rule: str = "hours", effect: Decision = Decision.BLOCK, **more: Any) -> Finding:
    """Make a finding that cites the clause on hours."""
    return Finding(**({"rule": rule, "effect": effect, "clauses": (HOURS,), "message": SAID} | more))


def verdict(*findings: Finding, **more: Any) -> Verdict:
    """Make a verdict as strong as its first finding."""
    decision = findings[0].effect if findings else Decision.ALLOW
    role = findings[0].role if findings else None
    return Verdict(decision=decision, role=role, findings=findings, **more)


def difference(before: Verdict, after: Verdict) -> Difference | None:
    """Compare two verdicts of Kashiwa's pack."""
    where = {"number": "K-1", "account": "kashiwa_koen", "account_name": "公園緑地課X"}
    return compare((PACK, before), (PACK, after), at=AT, is_repost=False, **where)


def test_what_is_the_same_differs_in_nothing() -> None:
    """Also where a sentence has another wording, since names and dates stand in it."""
    assert difference(verdict(finding()), verdict(finding())) is None
    assert difference(verdict(finding()), verdict(finding(message=Words(ja="だめです。", en="Nope.")))) is None


def test_what_is_allowed_by_a_clause_is_no_objection() -> None:
    """An allowance that comes or goes changes nothing for anybody."""
    assert difference(verdict(), verdict(finding(effect=Decision.ALLOW))) is None


def test_a_new_objection_is_named_with_its_place() -> None:
    """The decision changed because of it: rule, clause, document and section, sentence."""
    found = difference(verdict(), verdict(finding()))

    assert found is not None
    assert (found.change, found.is_new, found.old, found.new) == (Change.DECISION, True, "allow", "block")
    assert (found.rule, found.clauses, found.message.ja) == ("hours", (HOURS,), "いけません。")
    assert [place.ja for place in found.places] == ["柏市公式ツイッター運用ガイドライン 2(4)キ"]


def test_a_milder_decision_is_explained_by_what_fell_away() -> None:
    """Not by the warning that came in its place."""
    found = difference(verdict(finding()), verdict(finding("words", Decision.WARN)))

    assert found is not None
    assert (found.change, found.is_new, found.rule) == (Change.DECISION, False, "hours")


def test_another_role_is_another_decision() -> None:
    """Whose consent is needed matters to whoever must give it."""
    one, other = (finding(effect=Decision.ESCALATE, role=role) for role in (Role.MANAGER, Role.RESPONSIBLE))
    found = difference(verdict(one), verdict(other))

    assert found is not None
    assert found.change is Change.DECISION


def test_another_finding_below_the_same_decision_is_told_as_such() -> None:
    """Blocked before and after, with one warning more."""
    found = difference(verdict(finding()), verdict(finding(), finding("words", Decision.WARN)))

    assert found is not None
    assert (found.change, found.rule, found.is_new) == (Change.FINDING, "words", True)


@pytest.mark.parametrize(
    ("more", "change", "rule"),
    [
        ({"route": (RouteStep(name=SAID, role=Role.APPROVER, clause=HOURS),)}, Change.ROUTE, "route"),
        ({"checklist": (Question(id="q1", clause=None, question=SAID, when="approve"),)}, Change.QUESTION, "q1"),
    ],
)
def test_routes_and_questions_count_too(more: dict[str, Any], change: Change, rule: str) -> None:
    """Another sign-off or another question is work for somebody, though the decision is the same."""
    found = difference(verdict(), verdict(**more))

    assert found is not None
    assert (found.change, found.rule, found.is_new) == (change, rule, True)


def test_an_answered_question_is_the_same_question() -> None:
    """What a person answered is no matter of the pack."""
    asked = Question(id="q1", clause=None, question=SAID, when="approve")

    assert difference(verdict(checklist=(asked,)), verdict(checklist=(replace(asked, answer=True),))) is None


def test_what_became_stricter_comes_first() -> None:
    """Allowed to blocked, then allowed to warned, then what became milder."""
    steps = [(Decision.BLOCK, Decision.ALLOW), (Decision.ALLOW, Decision.WARN), (Decision.ALLOW, Decision.BLOCK)]
    found = [
        difference(*(verdict(*([finding(effect=each)] if each is not Decision.ALLOW else [])) for each in pair))
        for pair in steps
    ]
    ordered = sorted((one for one in found if one is not None), key=by_strictness)

    assert [(one.old, one.new) for one in ordered] == [("allow", "block"), ("allow", "warn"), ("block", "allow")]


def test_a_replay_comes_back_from_json_as_it_was() -> None:
    """With instants, places and sentences."""
    found = difference(verdict(), verdict(finding()))
    assert found is not None
    replay = Replay(
        pack="kashiwa",
        base_sha256="a" * 64,
        changed_sha256="b" * 64,
        since=AT,
        made_at=AT,
        posts=1,
        verdicts=1,
        differing=1,
        differences=(found,),
    )

    assert replay == replay_from_json(replay_to_json(replay))
