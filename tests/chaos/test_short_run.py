"""A short run of `make chaos` on each engine, and the proof that its judge can say no."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.options import POINTS

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--minutes", "0.4", "--absence", "2", "--seed", "20261121")

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("processes"), pytest.mark.timeout(600)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as `make chaos` does."""
    command = [sys.executable, "-m", "tests.chaos", *SHORT, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def figure(printed: str, name: str) -> int:
    """Return a number of the printout."""
    found = re.search(rf"^{name} +(\d+)", printed, re.MULTILINE)
    assert found is not None, printed
    return int(found.group(1))


def points(printed: str) -> dict[str, int]:
    """Return how many died at each point."""
    line = next(line for line in printed.splitlines() if line.startswith("kills"))
    return {name: int(count) for name, count in re.findall(r"(\w+) (\d+)", line.partition(":")[2])}


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_nothing_is_sent_twice_and_nothing_is_lost_under_kills_at_every_point(engine: str) -> None:
    """Workers die at every labelled point and answers are spoilt: duplicates 0, losses 0, and the trail verifies."""
    ended = run("--engine", engine, "--deliveries", "70", "--kills", "9", "--restarts", "1")

    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert 70 <= figure(ended.stdout, "deliveries")
    assert 9 == figure(ended.stdout, "kills")
    assert 0 == figure(ended.stdout, "duplicates")
    assert 0 == figure(ended.stdout, "losses")
    assert 0 < figure(ended.stdout, "faults")
    assert set(POINTS) <= points(ended.stdout).keys()


def test_every_labelled_point_is_one_that_is_killed_at() -> None:
    """What the ledger's code labels is what the schedule of kills knows: a new point would otherwise be spared."""
    labelled = {
        label
        for path in (ROOT / "publisher/ledger").glob("*.py")
        for label in re.findall(r"\b_?at\(\"(\w+)\"\)", path.read_text("utf-8"))
    }

    assert labelled == set(POINTS)


def test_a_ledger_that_guesses_is_found_out() -> None:
    """Where what is not known is simply sent again, the judge counts duplicates and the run fails."""
    ended = run("--engine", "sqlite", "--deliveries", "70", "--kills", "4", "--break", "guess")

    assert 1 == ended.returncode, ended.stdout + ended.stderr
    assert 0 < figure(ended.stdout, "duplicates")
    assert "times on" in ended.stdout
