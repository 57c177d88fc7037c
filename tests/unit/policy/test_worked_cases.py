from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

from policy import judge
from policy.packs import load_pack, shipped_packs
from policy.readings import Readings
from policy.wire import action_from_json, verdict_to_json


def _cases() -> list[Any]:
    path = SHARED / "guidelines" / "cases.jsonl"
    if not path.exists():
        return []
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [pytest.param(case, id=case["name"]) for case in cases if case["input"]["pack"] in shipped_packs()]


@needs_shared
@pytest.mark.parametrize("case", _cases())
def test_a_worked_case_agrees(case: Any, x_counter: Any) -> None:
    """The verdict shows what the worked case expects, by the table in the readings."""
    name, action, facts = action_from_json(case["input"], counters=x_counter)
    verdict = verdict_to_json(judge(load_pack(name), action, facts))
    expect = case["expect"]
    cited = {clause for finding in verdict["findings"] for clause in finding["clauses"]}

    assert expect["decision"] == verdict["decision"]
    assert expect.get("role", verdict.get("role")) == verdict.get("role")
    assert set(expect["clauses"]) & cited if expect.get("clauses") else not cited
    if "next_open" in expect:
        assert datetime.fromisoformat(expect["next_open"]) == datetime.fromisoformat(verdict["next_open"])
    if "tasks" in expect:
        assert set(expect["tasks"]) & {task["clause"] for task in verdict["tasks"]}
    if "text_contains" in expect:
        assert expect["text_contains"] in verdict["text"]
    if "route_empty" in expect:
        assert expect["route_empty"] is (verdict["route"] == [])


@needs_shared
def test_every_worked_case_is_judged_the_same_by_what_was_read_before(x_counter: Any) -> None:
    """Judged one after the other, and all once more: the whole verdict is that of a look at the text itself."""
    readings = Readings()
    asked = [action_from_json(case.values[0]["input"], counters=x_counter) for case in _cases()] * 2
    for name, action, facts in asked:
        pack = load_pack(name)

        assert judge(pack, action, facts) == judge(pack, action, facts, readings), name

    assert 0 < len(readings) < len(asked)


@needs_shared
def test_the_worked_cases_of_kashiwa_are_all_there() -> None:
    """Kashiwa has 17 worked cases, so none of them is lost on the way here."""
    kashiwa = [case for case in _cases() if case.values[0]["city"] == "kashiwa"]

    assert len(kashiwa) == 17
