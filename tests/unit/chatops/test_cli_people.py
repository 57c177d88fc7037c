"""`sns people passphrase`, and who acts at the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shell import sns, sns_at_terminal

if TYPE_CHECKING:
    from pathlib import Path

PHRASE = "手賀沼の白鳥は今年も来ましたか"
OTHER = "紅葉は十一月の終わりごろです。"
SET = "公園緑地課 主事 田中 花 のパスフレーズを登録しました。\n"


def test_a_phrase_is_set_changed_and_reset_from_standard_input(tmp_path: Path) -> None:
    """The first line is the old one where there is one; no output has a phrase."""
    words = ("people", "passphrase", "koen_tanaka", "--stdin")
    answers = [
        sns(*words, home=tmp_path, given=f"{PHRASE}\n"),
        sns(*words, home=tmp_path, given=f"{OTHER}\n{OTHER}\n"),
        sns(*words, home=tmp_path, given=f"{PHRASE}\n{OTHER}\n"),
        sns(*words, "--reset", home=tmp_path, given=f"{PHRASE}\n"),
    ]

    assert [0, 1, 0, 0] == [answer.returncode for answer in answers]
    assert [SET, "", SET, SET] == [answer.stdout for answer in answers]
    assert "パスフレーズが違います。あと4回" in answers[1].stderr
    printed = "".join(answer.stdout + answer.stderr for answer in answers)
    assert [] == [phrase for phrase in (PHRASE, OTHER) if phrase in printed]


def test_at_a_terminal_it_is_asked_twice_and_not_shown(tmp_path: Path) -> None:
    """What is typed does not appear; two that differ are not taken."""
    words = ("people", "passphrase", "koen_tanaka")
    status, screen = sns_at_terminal(*words, home=tmp_path, typed=f"{PHRASE}\n{PHRASE}")
    differing, said = sns_at_terminal(*words, home=tmp_path, typed=f"{PHRASE}\n{OTHER}\n{PHRASE}")

    assert 0 == status
    assert "新しいパスフレーズ: |" in screen
    assert SET.strip() in screen
    assert PHRASE not in screen
    assert 2 == differing
    assert "2回の入力が一致しません" in said


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("koen_tanak", "--stdin"), PHRASE, "「koen_tanak」という職員は自治体設定にいません"),
        (("koen_tanaka", "--stdin"), "short", "15文字以上にしてください"),
        (("koen_tanaka", "--stdin"), "", "パスフレーズを尋ねられません"),
        (("koen_tanaka",), PHRASE, "パスフレーズを尋ねられません"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], given: str, said: str) -> None:
    """It ends with 1 and says what to do; without a terminal nothing is read that was not offered."""
    answer = sns("people", "passphrase", *arguments, home=tmp_path, given=given)

    assert (1, "") == (answer.returncode, answer.stdout)
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
