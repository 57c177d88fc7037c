from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from policy.packs import load_pack, shipped_packs

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "clauses.md"
ROW = re.compile(
    r"^\| `(?P<clause>[a-z0-9-]+)` \| .*? \| (?P<kind>[a-z]+) \| (?P<carried>.*) \| (?P<tests>.*) \|$", re.MULTILINE
)
RUNS = re.compile(r"\b(rule|question|route|task|mirror) ")
"""What is carried in the judgement itself, and not by values or a note."""


def _rows() -> list[re.Match[str]]:
    return list(ROW.finditer(PAGE.read_text(encoding="utf-8")))


@pytest.mark.process
def test_the_page_of_clauses_is_the_one_that_the_packs_and_the_tests_print() -> None:
    """`make docs` was run after the last change of a pack or of a test's marks."""
    printed = subprocess.run(
        [sys.executable, "-m", "tests.clauses_page"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert PAGE.read_text(encoding="utf-8") == printed.stdout


def test_the_page_has_every_clause_of_every_pack() -> None:
    """A table a city, with each of its clauses once and in the document's order."""
    expected = [clause for name in shipped_packs() for clause in load_pack(name).clauses]

    assert expected == [row["clause"] for row in _rows()]


def test_each_clause_that_runs_has_a_test_that_shows_it() -> None:
    """A gate or a checklist that a rule, a question or a route carries names more than the test of its words."""
    bare = [
        row["clause"]
        for row in _rows()
        if row["kind"] in {"gate", "checklist"}
        and RUNS.search(row["carried"])
        and row["tests"] == "`tests/repo/test_packs.py`"
    ]

    assert bare == []


def test_each_clause_of_the_four_kinds_is_carried() -> None:
    """Gate, checklist, config and statement: a rule, a question, a value or a recorded reason stands beside each."""
    bare = [
        row["clause"]
        for row in _rows()
        if row["kind"] in {"gate", "checklist", "config", "statement"} and row["carried"] == "its place in the pack"
    ]

    assert bare == []
