"""The repository speaks of itself alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    *("pyproject.toml", "publisher", "chatops", "platforms", "policy", "tests", "deploy", "README.md"),
    *("README.ja.md", "CHANGELOG.md", "LICENSE", "Makefile", "docs", "requirements.txt", "requirements-dev.txt"),
    *(".ci", ".gitignore"),
}


def tracked() -> list[str]:
    """List the files that git knows."""
    return subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_top_level_holds_only_what_the_plan_of_the_house_names() -> None:
    """A new folder at the top is a new room, and needs a decision first."""
    assert set() == {path.split("/", 1)[0] for path in tracked()} - TOP_LEVEL


def test_locks_name_no_index_and_pin_every_requirement_with_hashes() -> None:
    """Lock files work with whatever registry a machine is set up for, and accept no other bytes."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        pins = re.findall(r"^[a-z0-9][\w.-]*==[^\s;]+.*$", text, re.MULTILINE)

        assert "://" not in text
        assert "index-url" not in text
        assert len(pins) > 50
        assert [] == [pin for pin in pins if not pin.endswith("\\")]


REAL_TIME = {
    "publisher/clock.py": "the one clock",
    "platforms/sandbox/youtube_model.py": "Google's own library holds tokens to the machine's time",
}


def test_only_the_clock_module_asks_for_the_date() -> None:
    """One clock: everything else is told what time it is (see decision 0008)."""
    asking = re.compile(r"datetime\.now\(|date\.today\(|datetime\.today\(|datetime\.utcnow\(|\btime\.time\(")
    offenders = [
        path
        for path in tracked()
        if path.endswith(".py")
        and not path.startswith("tests/")
        and path not in REAL_TIME
        and asking.search((ROOT / path).read_text("utf-8"))
    ]

    assert [] == offenders


def test_platform_names_are_literals_only_where_platforms_are_chosen() -> None:
    """No branch on a platform's name outside the adapters, their stand-ins, settings and messages."""
    branching = re.compile(r"""(platform|vendor)\s*(==|!=|in)\s*[("'\[{]*(x|line|facebook|youtube)["']""")
    offenders = [
        path
        for path in tracked()
        if path.endswith(".py")
        and path.startswith(("publisher/", "chatops/", "policy/"))
        and "/sandbox/" not in path
        and branching.search((ROOT / path).read_text("utf-8"))
    ]

    assert [] == offenders
