from __future__ import annotations

from typing import Any

import pytest

from policy import Decision, Finding, Verdict
from policy.packs import load_pack, shipped_packs


def _examples(kind: str) -> list[Any]:
    return [
        pytest.param(name, rule.id, example, id=f"{name}-{rule.id}-{index}")
        for name in shipped_packs()
        for rule in load_pack(name).rules
        for index, example in enumerate(getattr(rule, kind))
    ]


def _objections(verdict: Verdict, rule: str) -> list[Finding]:
    return [one for one in verdict.findings if one.rule == rule and one.effect is not Decision.ALLOW]


@pytest.mark.parametrize(("pack", "rule", "example"), _examples("ok"))
def test_a_rule_lets_its_good_example_pass(pack: Any, rule: Any, example: Any, ask: Any) -> None:
    """What a pack gives as a good example of a rule, the rule does not object to."""
    assert not _objections(ask(pack, **example), rule)


@pytest.mark.parametrize(("pack", "rule", "example"), _examples("ng"))
def test_a_rule_objects_to_its_bad_example(pack: Any, rule: Any, example: Any, ask: Any) -> None:
    """What a pack gives as a bad example of a rule, the rule objects to."""
    assert _objections(ask(pack, **example), rule)


@pytest.mark.parametrize("name", shipped_packs())
def test_every_rule_that_objects_has_an_example(name: Any) -> None:
    """Each rule that can object shows at least one text or action that it objects to."""
    bare = [
        rule.id
        for rule in load_pack(name).rules
        if any(one.effect is not Decision.ALLOW for one in rule.outcomes.values()) and not rule.ng
    ]

    assert [one for one in bare if one not in {"frequency", "answer_slander"}] == []
