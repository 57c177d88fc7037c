"""What is said at the shell: its own commands, spans, and documents that are there."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from shell import sns

from chatops.clockface import JST
from chatops.messages import Voice
from chatops.messages.ja import board
from publisher.api import Outcome
from publisher.errors import Refusal

ROOT: Final = Path(__file__).parents[3]
NOW: Final = datetime(2026, 12, 1, 9, 0, tzinfo=JST)
AT_SHELL: Final = Voice(now=NOW, is_at_shell=True)
LIFTED: Final = Outcome(code="hold_lifted", params={"where": "柏市", "count": 3})


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_shell_is_told_of_its_own_commands(locale: str) -> None:
    """Whoever reads it may be there because Slack is down; in Slack the same sentence names Slack's command."""
    at_shell, in_slack = Voice(locale=locale, now=NOW, is_at_shell=True), Voice(locale=locale, now=NOW)
    nowhere = Refusal("no_such_post")

    assert "sns queue" in at_shell.refusal(nowhere)
    assert "/sns queue" not in at_shell.refusal(nowhere)
    assert "/sns queue" in in_slack.refusal(nowhere)
    assert "sns held" in at_shell.outcome(LIFTED)
    assert "/sns hold list" in in_slack.outcome(LIFTED)


def test_what_only_slack_has_keeps_its_name() -> None:
    """There is no `sns draft`: the sentence must not send anybody to it."""
    assert "/sns draft" in AT_SHELL(board.number_missing, "draft")
    assert "/sns cancel" not in AT_SHELL(board.number_missing, "cancel")


def test_an_export_whose_end_is_before_its_beginning_is_refused(tmp_path: Path) -> None:
    """An empty file would look as if nothing had happened."""
    span = ("--since", "2026-12-01", "--until", "2026-11-01")
    refused = sns("audit", "export", "--format", "csv", *span, home=tmp_path)

    assert (2, "") == (refused.returncode, refused.stdout)
    assert "--until が --since より前になっています" in refused.stderr


def test_every_document_that_a_sentence_names_is_there() -> None:
    """Whoever is told to read a page finds it, and under the heading that is named."""
    named = {
        (page, heading)
        for path in (ROOT / "chatops" / "messages").rglob("*.py")
        for page, heading in re.findall(r"(docs/[\w./-]+\.md)(?: の「([^」]+)」)?", path.read_text(encoding="utf-8"))
    }

    assert named
    for page, heading in sorted(named):
        assert (ROOT / page).is_file(), page
        assert not heading or f"## {heading}\n" in (ROOT / page).read_text(encoding="utf-8"), heading
