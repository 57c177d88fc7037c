"""`sns sandbox --script`, as the README says it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.process, pytest.mark.timeout(300)]

SNS = Path(sys.executable).with_name("sns")


def run_script(*options: str, settings: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a shell's environment with no settings of ours but *settings*."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SNS_")}
    return subprocess.run(
        [str(SNS), "sandbox", "--script", *options],
        env=environment | (settings or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_whole_job_ends_well() -> None:
    """Everything arrives exactly once on the right timeline, over Slack's HTTP interface with signed requests."""
    ended = run_script()

    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert "タイムライン上の投稿は全部で9件（予定 9件）" in ended.stdout
    assert "×" not in ended.stdout


@pytest.mark.postgres
@pytest.mark.parametrize("engine_name", ["postgres"])
def test_the_whole_job_ends_well_on_postgresql(empty_url: str) -> None:
    """`SNS_DATABASE_URL` puts the ledger on a PostgreSQL; nothing else changes."""
    ended = run_script(settings={"SNS_DATABASE_URL": empty_url})

    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert "タイムライン上の投稿は全部で9件（予定 9件）" in ended.stdout


@pytest.mark.parametrize("vendor", ["x", "line", "facebook", "youtube"])
def test_an_error_after_accepting_doubles_and_loses_nothing(vendor: str) -> None:
    """A platform that answers 500 after it accepted is read back or repeated under its own key, never posted twice."""
    ended = run_script("--fault", f"{vendor}=500_after_accepting")

    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert f"起こした不具合: {vendor} publish 500_after_accepting" in ended.stdout


def test_an_unknown_fault_is_refused_in_words() -> None:
    """A mistyped fault says which there are, and nothing is started."""
    ended = run_script("--fault", "x=5000")

    assert 0 != ended.returncode
    assert "500_after_accepting" in ended.stderr
    assert "Traceback" not in ended.stderr
