"""`sns now` at a terminal: what is asked, and that nothing goes without a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shell import sns, sns_at_terminal
from town import build_town

if TYPE_CHECKING:
    from pathlib import Path

PHRASE = "手賀沼の白鳥は今年も来ましたか"
TEXT = "【避難指示】手賀沼周辺に避難指示を発令しました。問合せ 0299-11-2222"


def test_it_asks_for_what_only_a_person_can_say_and_sends_nothing_without_a_yes(tmp_path: Path) -> None:
    """The contact, who makes sure of it, the reason, and the one confirmation; a no leaves no post behind."""
    assert 0 == sns("people", "passphrase", "bosai_ito", "--stdin", home=tmp_path, given=PHRASE).returncode
    typed = f"{PHRASE}\nn\ny\n手賀沼の水位が氾濫危険水位に達したため\nn\n"
    status, screen = sns_at_terminal("now", TEXT, "--as", "bosai_ito", home=tmp_path, typed=typed)

    assert 1 == status
    assert "本文の「0299-11-2222」は、市の連絡先・施設ですか" in screen
    assert "市のものではない 0299-11-2222 を、公表してよいと確かめましたか" in screen
    assert "緊急発信の理由: 手賀沼の水位が氾濫危険水位に達したため" in screen
    assert "新しい事案の第1報として発信します。" in screen
    assert "決裁を待たずに、今すぐ発信します。よろしければ y を入力してください" in screen
    assert screen.rstrip().endswith("sns: 発信していません。")
    assert [] == build_town(tmp_path).services.board.queue("kashiwa", "")


def test_who_may_not_send_in_an_emergency_reads_who_may(tmp_path: Path) -> None:
    """The same authority as in Slack; a pass phrase alone lets nobody send."""
    assert 0 == sns("people", "passphrase", "koen_tanaka", "--stdin", home=tmp_path, given=PHRASE).returncode
    order = ("now", TEXT, "--reason", "急ぐため", "--as", "koen_tanaka", "--passphrase-stdin", "--yes")
    refused = sns(*order, home=tmp_path, given=f"{PHRASE}\n")

    assert 1 == refused.returncode
    assert "伊藤 大輔" in refused.stderr
