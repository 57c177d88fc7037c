"""Corrections at the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shell import sns
from town import CHIEF, build_town

if TYPE_CHECKING:
    from pathlib import Path

PHRASE = "手賀沼の白鳥は今年も来ましたか"


def test_a_leak_is_deleted_at_the_shell_after_a_word_of_confirmation(tmp_path: Path) -> None:
    """Without `--delete` it says what can be done and deletes nothing; with it the deletion is ordered."""
    town = build_town(tmp_path)
    number = town.submit()
    town.decide(CHIEF, number)
    town.send()
    town.heart.database.close()
    given = f"{PHRASE}\n"
    assert 0 == sns("people", "passphrase", CHIEF, "--stdin", home=tmp_path, given=PHRASE).returncode
    order = ("correct", number, "--cause", "secret", "--note", "機密", "--as", CHIEF, "--passphrase-stdin")
    asked = sns(*order, home=tmp_path, given=given)
    done = sns(*order, "--delete", home=tmp_path, given=given)
    shown = sns("show", number, home=tmp_path)

    assert (1, True) == (asked.returncode, "--delete を付けて" in asked.stdout)
    assert "元の投稿を示した訂正の投稿を、新しく出します" in asked.stdout
    assert (0, True) == (done.returncode, done.stdout.startswith(f"{number} の削除を始めました。"))
    assert "削除します: 公園緑地課X" in done.stdout
    assert "削除中" in shown.stdout
