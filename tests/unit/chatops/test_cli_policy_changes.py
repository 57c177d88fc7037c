"""`sns policy propose|changes|confirm|refuse|replay`, typed in a shell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pack_texts import SECOND_MANAGER, cities_with_two_managers, kashiwa, kashiwa_against
from town import CHIEF, PR_CHIEF, build_town

ROOT = Path(__file__).resolve().parents[3]
PHRASE = "回覧板を まわす 春の朝 2026"
YEAR = "2099-01-05"
"""A day that no run of these tests reaches: the shell's clock is the real one."""


@pytest.fixture(name="home")
def _home(tmp_path: Path) -> Path:
    """A home with two managers who have pass phrases, one post that went out, and a changed pack beside it."""
    cities_with_two_managers(tmp_path)
    (tmp_path / "new.yaml").write_text(kashiwa_against(), "utf-8")
    town = build_town(tmp_path, cities=tmp_path / "cities")
    town.heart.shelf.open(town.heart.database)
    town.decide(CHIEF, town.submit())
    town.send()
    for person in (PR_CHIEF, SECOND_MANAGER):
        town.heart.passphrases.set(town.act("cli"), person=person, new=PHRASE, is_reset=False)
    town.heart.database.close()
    return tmp_path


def sns(*arguments: str, home: Path, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `sns policy …` in a process of its own."""
    environment = {"SNS_HOME": str(home), "LANG": "ja_JP.UTF-8", "PYTHONUTF8": "1", **settings}
    return subprocess.run(
        [sys.executable, "-c", "from chatops.cli.main import main; main()", "policy", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def act(*arguments: str, home: Path, person: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Do it as somebody, with the pass phrase on standard input."""
    return sns(*arguments, "--as", person, "--passphrase-stdin", home=home, given=f"{PHRASE}\n{given}")


def propose(home: Path) -> subprocess.CompletedProcess[str]:
    """Propose the changed pack."""
    words = ("propose", str(home / "new.yaml"), "--pack", "kashiwa", "--in-force", YEAR, "--reason", "第六版", "--days")
    return act(*words, "3660", home=home, person=PR_CHIEF)


def test_a_change_goes_from_proposal_to_confirmation(home: Path) -> None:
    """The proposal prints its replay; the list names it; the second manager reads it, says yes, and it is confirmed."""
    proposed = propose(home)
    listed = sns("changes", home=home)
    confirmed = act("confirm", "3", "--reason", "試算を確かめた", home=home, person=SECOND_MANAGER, given="y\n")
    shown = json.loads(sns("changes", "3", "--json", home=home).stdout)

    assert (proposed.returncode, proposed.stderr) == (0, "")
    assert "K-1 公園緑地課X: 可（注意あり） → 不可" in proposed.stdout
    assert "第3号として提案しました（施行 2099年1月5日(月) 0:00）" in proposed.stdout
    assert "広報広聴課長 森 明 の確認を待ちます" in proposed.stdout
    assert "第3号 kashiwa の変更（確認待ち）" in listed.stdout
    assert (confirmed.returncode, confirmed.stderr) == (0, "")
    assert "+      - id: no_leaves" in confirmed.stdout
    assert "K-1 公園緑地課X" in confirmed.stdout
    assert "から施行します" in confirmed.stdout
    assert (shown["decision"], shown["note"]) == ("confirmed", "試算を確かめた")


def test_whoever_says_no_confirms_nothing(home: Path) -> None:
    """Asked after the replay; nothing is done, and the status says so."""
    propose(home)
    answer = act("confirm", "3", "--reason", "試算を確かめた", home=home, person=SECOND_MANAGER, given="n\n")

    assert (answer.returncode, "確認していません" in answer.stderr) == (1, True)
    assert json.loads(sns("changes", "3", "--json", home=home).stdout)["decision"] is None


def test_a_refusal_is_recorded(home: Path) -> None:
    """With its reason."""
    propose(home)
    answer = act("refuse", "3", "--reason", "時期尚早", home=home, person=SECOND_MANAGER)

    assert (answer.returncode, "認めないことにしました" in answer.stdout) == (0, True)


def test_who_acts_is_proved(home: Path) -> None:
    """A wrong pass phrase changes nothing; whoever proposed it does not confirm it."""
    wrong = sns(
        *("propose", str(home / "new.yaml"), "--pack", "kashiwa", "--in-force", YEAR, "--reason", "第六版"),
        *("--as", PR_CHIEF, "--passphrase-stdin"),
        home=home,
        given="これは違う合言葉です 123456\n",
    )
    propose(home)
    own = act("confirm", "3", "--yes", "--reason", "よし", home=home, person=PR_CHIEF)

    assert wrong.returncode == 1
    assert (own.returncode, "ご自身では決められません" in own.stderr) == (1, True)


def test_a_file_with_a_mistake_is_refused_with_its_line(home: Path) -> None:
    """The same sentence as everywhere else, with file and line."""
    text = kashiwa_against().replace("pack: kashiwa\n", "pack: kashiwa\nabolished: true\n", 1)
    (home / "new.yaml").write_text(text, "utf-8")
    answer = propose(home)

    line = text.splitlines().index("abolished: true") + 1
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"{home / 'new.yaml'}:{line}: 「abolished」という項目はありません。" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("changes", "99"), 1, "第99号という運用方針の変更はありません"),
        (("replay", "--since", "来年"), 2, "「来年」は日付として読めません"),
        (("replay", "--pack", "nowhere.yaml"), 2, "nowhere.yaml: ファイルを読めません"),
    ],
)
def test_a_mistake_is_one_sentence(home: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    """On standard error, with its status, and no traceback."""
    answer = sns(*arguments, home=home)

    assert (answer.returncode, answer.stdout) == (status, "")
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_replay_of_a_file_tells_what_would_differ(home: Path) -> None:
    """In words, and as JSON with every field that a script may want."""
    words = ("replay", "--since", "2026-10-01", "--pack", str(home / "new.yaml"))
    told = sns(*words, home=home)
    (data,) = json.loads(sns(*words, "--json", home=home).stdout)
    (found,) = data["differences"]

    assert "10月1日(木) 0:00 からの投稿1件（2件の判定）のうち、1件の判定が変わります" in told.stdout
    assert "加わる指摘: 紅葉のことは書けません「紅葉」。（柏市公式ツイッター運用ガイドライン 2(4)キ）" in told.stdout
    assert (data["posts"], data["differing"]) == (1, 1)
    assert (found["number"], found["account"], found["new"], found["rule"]) == (
        *("K-1", "kashiwa_koen"),
        *("block", "no_leaves"),
    )
    assert found["clauses"] == ["kashiwa-2-4-ki-hours"]


def test_the_text_in_force_comes_out_as_it_is(home: Path) -> None:
    """Whoever changes it begins with what holds, whatever the file says by now."""
    (home / "cities" / "kashiwa.pack.yaml").write_text(kashiwa_against(), "utf-8")

    assert sns("changes", "--text", "kashiwa", home=home).stdout == kashiwa()
    assert "使われているのは kashiwa, neutral です" in sns("changes", "--text", "komae", home=home).stderr


def test_without_a_file_it_tries_what_lies_beside_the_city_file(home: Path) -> None:
    """Nothing to try where the files are what is in force; else the changed file, and the list says that it differs."""
    same = sns("replay", "--since", "2026-10-01", home=home)
    (home / "cities" / "kashiwa.pack.yaml").write_text(kashiwa_against(), "utf-8")
    changed = sns("replay", "--since", "2026-10-01", home=home)
    listed = sns("changes", home=home)

    assert (
        same.stdout
        == "kashiwa: ファイルの内容は施行中のものと同じです。\nneutral: ファイルの内容は施行中のものと同じです。\n"
    )
    assert "K-1 公園緑地課X" in changed.stdout
    assert f"sns policy propose {home / 'cities' / 'kashiwa.pack.yaml'} --pack kashiwa" in listed.stdout
