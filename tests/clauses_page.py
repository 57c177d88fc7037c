"""Writes docs/clauses.md: each clause of the five guidelines, how its pack carries it, and the test that shows it.

Run as `python -m tests.clauses_page`; the tests are found by collecting them, and by the examples that stand in packs.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policy.packs import load_pack, shipped_packs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policy.pack import Clause, Pack, Rule

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("tests/unit/policy", "tests/scenario/desk", "tests/repo")
"""Where tests show clauses."""
EXAMPLES = "tests/unit/policy/test_pack_examples.py"
WORDS = "tests/repo/test_packs.py"
HEAD = """# Clauses

Every clause of the five guidelines, how its pack carries it, and the test that shows it. Written by `make docs` from
the packs in `policy/packs/` and from the tests' own marks; a test fails when it is not current, when a clause is
missing, when a citation is not the document's words, or when a rule cites a clause that there is none of.

*Values* are read by whatever carries the clause outside the judgement of a post (watches, workflows, records); *own*
marks those that no document gives, which are the city's choice with a default. Citations and values are compared in
`tests/repo/test_packs.py`.
"""


class _Marks:
    """Collects which test shows which clauses."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        """Read the marks of what was collected."""
        for item in items:
            place = f"{item.path.relative_to(ROOT)}::{getattr(item, 'originalname', item.name)}"
            for mark in item.iter_markers("clauses"):
                for clause in mark.args:
                    self.tests[clause].add(place)


def collect_tests() -> Mapping[str, set[str]]:
    """Return the tests that show each clause, by the clause's id; of a parametrised test its function.

    Raises:
        RuntimeError: The tests could not be collected.
    """
    marks = _Marks()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = pytest.main(["--collect-only", "-q", "-p", "no:xdist", f"--rootdir={ROOT}", *FOLDERS], plugins=[marks])
    if status != pytest.ExitCode.OK:
        raise RuntimeError(said.getvalue())
    return marks.tests


def write_page(shown: Mapping[str, set[str]]) -> str:
    """Return the page."""
    parts = [HEAD]
    for name in shipped_packs():
        pack = load_pack(name)
        parts.append("\n".join(_table(pack, shown)))
    return "\n".join(parts)


def _table(pack: Pack, shown: Mapping[str, set[str]]) -> Iterator[str]:
    yield f"## {pack.name}: {pack.document.en}\n"
    yield "| clause | section | kind | carried by | shown by |"
    yield "|---|---|---|---|---|"
    for clause in pack.clauses.values():
        carried = "; ".join(carriers(pack, clause)) or "its place in the pack"
        tests = "<br>".join(tests_of(pack, clause, shown))
        yield f"| `{clause.id}` | {_cell(clause.section)} | {clause.kind} | {_cell(carried)} | {tests} |"
    yield ""


def carriers(pack: Pack, clause: Clause) -> Iterator[str]:
    """Say what carries a clause: what stands under it, what cites it, its values, a note."""
    for rule in pack.rules:
        if rule.clause == clause.id:
            yield f"rule `{rule.id}` ({_effects(rule)})"
        elif clause.id in _cited(rule):
            yield f"cited by rule `{rule.id}`"
    yield from (f"question `{one.id}`" for one in pack.questions if one.clause == clause.id)
    yield from (f"route `{one.id}`" for one in pack.routes if clause.id in {one.clause, *one.clauses})
    yield from (f"task `{one.id}`" for one in pack.tasks if one.clause == clause.id)
    yield from (f"mirror of {one.source}" for one in pack.mirrors if one.clause == clause.id)
    if pack.fallback is not None and pack.fallback.clause == clause.id:
        yield "fallback of accounts with a policy of their own"
    if clause.params:
        yield f"values {_names(clause.params)}"
    if clause.own_choice:
        yield f"own values {_names(clause.own_choice)}"
    if clause.carried:
        yield clause.carried


def tests_of(pack: Pack, clause: Clause, shown: Mapping[str, set[str]]) -> list[str]:
    """Return the tests that show a clause: those marked so, and the examples of its rules."""
    tests = sorted(shown.get(clause.id, ()))
    rules = [rule for rule in pack.rules if clause.id in {rule.clause, *_cited(rule)} and (rule.ok or rule.ng)]
    tests += [f"{EXAMPLES} ({rule.id})" for rule in rules]
    return [f"`{one}`" for one in tests] or [f"`{WORDS}`"]


def _cited(rule: Rule) -> set[str]:
    entries = rule.params.get("entries", [])
    listed = (
        {clause for entry in entries for clause in entry.get("clauses", [])} if isinstance(entries, list) else set()
    )
    return listed | {clause for outcome in rule.outcomes.values() for clause in outcome.clauses}


def _effects(rule: Rule) -> str:
    return "/".join(dict.fromkeys(outcome.effect.value for outcome in rule.outcomes.values()))


def _names(values: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in values)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.write(write_page(collect_tests()))
