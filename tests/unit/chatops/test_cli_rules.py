"""`sns whitelist` and `sns period` at the shell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from shell import sns

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

PHRASE = "手賀沼の白鳥は今年も来ましたか"
PREFECTURE = ("--relation", "public_body", "--name", "千葉県", "--evidence", "https://www.pref.chiba.lg.jp/")
MANAGER = ("--as", "koho_takahashi", "--passphrase-stdin")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which the manager and the clerk have pass phrases."""
    for person in ("koho_takahashi", "koen_tanaka"):
        assert 0 == sns("people", "passphrase", person, "--stdin", home=tmp_path, given=PHRASE).returncode
    return tmp_path


def run(*words: str, home: Path, given: str = f"{PHRASE}\n") -> subprocess.CompletedProcess[str]:
    """Run a command with the pass phrase on its standard input."""
    return sns(*words, home=home, given=given)


def read(*words: str, home: Path) -> Any:
    """Run a command with `--json` and read its answer."""
    return json.loads(run(*words, "--json", home=home).stdout)


def test_an_account_is_added_checked_listed_and_removed(home: Path) -> None:
    """The manager's four commands; `check` says what the pack says, with its clause."""
    add = run("whitelist", "add", "x", "@Chiba_Pref", *PREFECTURE, "--review", "2099-03-31", *MANAGER, home=home)
    checked = read("whitelist", "check", "https://twitter.com/chiba_pref", home=home)
    said = run("whitelist", "check", "@chiba_pref", home=home)
    listed = read("whitelist", "list", home=home)
    removed = run("whitelist", "remove", "x", "chiba_pref", "--reason", "改称", *MANAGER, home=home)
    past = read("whitelist", "history", "@chiba_pref", home=home)

    assert (0, "@chiba_pref（千葉県）を登録しました。\n") == (add.returncode, add.stdout)
    assert ("public_body", "千葉県") == (checked["relation"], checked["entry"]["name"])
    assert "kashiwa-2-4-ka-rt-public" in [clause for one in checked["findings"] for clause in one["clauses"]]
    assert "柏市公式X による @chiba_pref のリポスト: " in said.stdout
    assert "登録済み: 千葉県（国・地方公共団体等）" in said.stdout
    assert [("chiba_pref", "2099-03-31", False)] == [
        (one["handle"], one["review_on"], one["is_review_due"]) for one in listed
    ]
    assert 0 == removed.returncode
    assert [("改称", "広報広聴課長 高橋 健一")] == [(one["removal_reason"], one["removed_by"]) for one in past]


def test_a_period_is_set_listed_and_ended(home: Path) -> None:
    """Times are Japan's; a day as an end takes the day in."""
    order = ("--from", "2098-04-18", "--to", "2098-04-25", "--effect", "head", "--word", "候補者", "--reason", "市議選")
    added = run("period", "add", "選挙期間", *order, *MANAGER, home=home)
    listed = read("period", "list", home=home)
    ended = run("period", "end", "選挙期間", "--reason", "延期", *MANAGER, home=home)

    assert 0 == added.returncode
    assert "期間「選挙期間」を設定しました（2098年4月18日(金) 0:00 から 2098年4月26日(土) 0:00 まで）。" in added.stdout
    assert "決裁済みの投稿に、該当するものはありません。" in added.stdout
    assert [("選挙期間", ["候補者"], "市議選")] == [(one["name"], one["words"], one["reason"]) for one in listed]
    assert (0, [], "延期") == (
        ended.returncode,
        read("period", "list", home=home),
        read("period", "list", "--all", home=home)[0]["end_reason"],
    )
    assert "設定された期間はありません。\n" == run("period", "list", home=home).stdout


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (("--as", "koho_takahashi", "--passphrase-stdin"), "まちがったパスフレーズです\n", "パスフレーズが違います"),
        (("--as", "koen_tanaka", "--passphrase-stdin"), f"{PHRASE}\n", "運用管理者"),
        (("--as", "koen_sato", "--passphrase-stdin"), f"{PHRASE}\n", "sns people passphrase koen_sato"),
        (("--as", "nobody", "--passphrase-stdin"), f"{PHRASE}\n", "「nobody」という職員は自治体設定にいません"),
        (("--as", "koho_takahashi"), f"{PHRASE}\n", "--passphrase-stdin"),
        ((*MANAGER, "--review", "来年"), f"{PHRASE}\n", "日付として読み取れません"),
    ],
)
def test_who_does_not_prove_who_he_is_changes_nothing(
    home: Path, words: tuple[str, ...], given: str, said: str
) -> None:
    """One sentence, what to do next, and the list as it was."""
    review = () if "--review" in words else ("--review", "2099-03-31")
    answer = run("whitelist", "add", "x", "@chiba_pref", *PREFECTURE, *review, *words, home=home, given=given)

    assert answer.returncode in {1, 2}
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert [] == read("whitelist", "list", home=home)
