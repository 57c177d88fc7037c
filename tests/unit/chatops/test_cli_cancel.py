"""Stopping a post at the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shell import sns
from town import CHIEF, build_town

if TYPE_CHECKING:
    from pathlib import Path

PHRASE = "手賀沼の白鳥は今年も来ましたか"


def test_a_post_is_stopped_at_the_shell_in_a_persons_name(tmp_path: Path) -> None:
    """As in Slack: what has not gone out stops, who has no say is refused, and a second time changes nothing."""
    town = build_town(tmp_path)
    number = town.submit()
    town.decide(CHIEF, number)
    town.heart.database.close()
    for person in (CHIEF, "bosai_ito"):
        assert 0 == sns("people", "passphrase", person, "--stdin", home=tmp_path, given=PHRASE).returncode
    order = ("cancel", number.lower(), "--reason", "会場の変更", "--passphrase-stdin", "--as")
    refused = sns(*order, "bosai_ito", home=tmp_path, given=f"{PHRASE}\n")
    stopped = sns(*order, CHIEF, home=tmp_path, given=f"{PHRASE}\n")
    again = sns(*order, CHIEF, home=tmp_path, given=f"{PHRASE}\n")
    unknown = sns("cancel", "K-999", "--as", CHIEF, "--passphrase-stdin", home=tmp_path, given=f"{PHRASE}\n")
    shown = sns("show", number, home=tmp_path)

    assert 1 == refused.returncode
    assert (0, True) == (stopped.returncode, stopped.stdout.startswith(f"{number} を中止しました。"))
    assert "公園緑地課X" in stopped.stdout
    assert (0, f"{number} はすでに中止されています。") == (again.returncode, again.stdout.strip())
    assert (1, "") == (unknown.returncode, unknown.stdout)
    assert "会場の変更" in shown.stdout
