from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from shared_material import SHARED, needs_shared

from policy import judge
from policy.packs import load_pack, shipped_packs
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
def test_the_worked_cases_of_kashiwa_are_all_there() -> None:
    """Kashiwa has 17 worked cases, so none of them is lost on the way here."""
    kashiwa = [case for case in _cases() if case.values[0]["city"] == "kashiwa"]

    assert len(kashiwa) == 17
