"""Disaster mode at the shell, and what `/sns hold` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shell import sns

from chatops.features.hold.listeners import read_target

if TYPE_CHECKING:
    from pathlib import Path

PHRASE = "手賀沼の白鳥は今年も来ましたか"
DUTY = ("--as", "bosai_ito", "--passphrase-stdin")


@pytest.mark.parametrize(
    ("text", "target", "reason"),
    [
        ("", "", ""),
        ("大雨のため", "", "大雨のため"),
        ("kashiwa_koen", "kashiwa_koen", ""),
        ("koen　誤投稿の確認", "koen", "誤投稿の確認"),
        ("kashiwa_kouen", "kashiwa_kouen", ""),
    ],
)
def test_what_looks_like_a_key_is_one(text: str, target: str, reason: str) -> None:
    """A typo in a key must be refused by the heart, and not stop the whole city."""
    assert (target, reason) == read_target(text)


def test_a_hold_begins_and_ends_at_the_shell_without_slack(tmp_path: Path) -> None:
    """The database is enough: no worker runs and no Slack is configured."""
    assert 0 == sns("people", "passphrase", "bosai_ito", "--stdin", home=tmp_path, given=PHRASE).returncode
    given = f"{PHRASE}\n"
    began = sns("hold", "--reason", "大雨警報", *DUTY, home=tmp_path, given=given)
    again = sns("hold", "--reason", "大雨警報", *DUTY, home=tmp_path, given=given)
    held = sns("held", home=tmp_path)
    queue = sns("queue", home=tmp_path)
    ended = sns("resume", *DUTY, home=tmp_path, given=given)
    unknown = sns("hold", "kashiwa_kouen", "--reason", "確認", *DUTY, home=tmp_path, given=given)

    assert (0, True) == (began.returncode, began.stdout.startswith("柏市の通常の投稿を一時停止しました。"))
    assert "Meta Business Suite（予約投稿）" in began.stdout
    assert again.stdout.startswith("柏市は、すでに一時停止中です（防災安全課")
    assert "理由: 大雨警報" in held.stdout
    assert "理由: 大雨警報　再開するときは sns resume を使ってください。" in queue.stdout
    assert ended.stdout.startswith("柏市の一時停止を終えました。止まっていた投稿は、ひとりでには送られません。")
    assert (1, True) == (unknown.returncode, "何も止めていません" in unknown.stderr)
