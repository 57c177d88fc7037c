"""The path of the one person who installs it: each slip is one sentence, the right status, and nothing half-written."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from chatops.cli.main import app
from chatops.cli.serve import missing_for_slack
from publisher.settings import load_settings

if TYPE_CHECKING:
    from typer.testing import Result

KASHIWA = Path(__file__).resolve().parents[3] / "chatops/sandbox/cities/kashiwa.yaml"
KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home beside a folder with Kashiwa's file, named by settings; nothing else is set."""
    for name in [name for name in os.environ if name.startswith("SNS_")] + ["LC_ALL"]:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "cities").mkdir()
    shutil.copyfile(KASHIWA, tmp_path / "cities" / "kashiwa.yaml")
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("SNS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SNS_CITIES", str(tmp_path / "cities"))
    return tmp_path / "home"


def sns(*arguments: str, given: str | bytes = "") -> Result:
    """Run `sns` in this process."""
    return CliRunner().invoke(app, arguments, input=given)


def said(answer: Result) -> tuple[int, str, str]:
    """Return status, standard output and standard error; an exception of ours would show here."""
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer.exit_code, answer.stdout, answer.stderr


def test_without_any_city_it_says_where_one_goes(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings at all, in an empty folder: the folder is named, and nothing is made."""
    monkeypatch.delenv("SNS_HOME")
    monkeypatch.delenv("SNS_CITIES")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    status, out, err = said(sns("queue"))

    assert (status, out) == (2, "")
    assert err.startswith("sns: 自治体の設定ファイルを置くフォルダー var/cities がありません。")
    assert len(err.splitlines()) == 1
    assert list((tmp_path / "empty").iterdir()) == []
    assert not home.exists()


def test_each_mistake_of_a_city_file_is_a_line(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The count first, then file:line and the sentence, in the language of the shell; status 2."""
    file = tmp_path / "cities" / "kashiwa.yaml"
    file.write_text(file.read_text("utf-8").replace("handle: ", "hundle: "), "utf-8")
    status, _, err = said(sns("cities", "check"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    _, _, english = said(sns("cities", "check"))

    first, *lines = err.splitlines()
    assert (status, first) == (2, "sns: 設定に5件の誤りがあります。直してから、もう一度実行してください。")
    assert all(line.startswith(f"{file}:") and "「handle」のことですか。" in line for line in lines)
    assert len(lines) == 5
    assert english.count("Did you mean “handle”?") == 5
    assert not home.exists()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "必要な項目は channel_access_token です"),
        ("\n \n", "必要な項目は channel_access_token です"),
        ('{"channel_access_token": ', "標準入力を読み取れません"),
        ('{"channel_access_token": 1}', "標準入力を読み取れません"),
        ("hush", "標準入力を読み取れません"),
        ("hush/Hush+hush=", "標準入力を読み取れません"),
        ("hush=", "知らない項目があります: hush。必要な項目は channel_access_token です"),
        ("channel_access_token=", "足りない項目があります: channel_access_token"),
        ("channel_access_token=hu sh", "空白や全角文字が混じっている項目があります: channel_access_token"),
        ("channel_access_token=ｈｕｓｈ", "空白や全角文字が混じっている項目があります: channel_access_token"),
        (b"channel_access_token=\x83\x65", "空白や全角文字が混じっている項目があります: channel_access_token"),
    ],
)
def test_wrong_secrets_are_refused_and_nothing_is_stored(home: Path, given: str | bytes, expected: str) -> None:
    """The sentence names fields, never a value; the account stays without."""
    status, out, err = said(sns("credentials", "set", "kashiwa_line", given=given))
    listed = sns("credentials", "list").stdout

    assert (status, out) == (2, "")
    assert expected in err
    assert "Hush" not in err
    assert "kashiwa/kashiwa_line\t未登録" in listed
    assert home.exists()


@pytest.mark.parametrize(
    "given",
    [
        "channel_access_token=a/b+c=",
        "  channel_access_token = 'a/b+c='  \r\n\r\n",
        '\ufeff{"channel_access_token": " a/b+c=\\n"}',
    ],
)
@pytest.mark.usefixtures("home")
def test_what_editors_and_shells_add_is_left_out(given: str) -> None:
    """Blanks, line ends, quotes and a byte order mark are no part of a secret."""
    status, out, _ = said(sns("credentials", "set", "kashiwa/kashiwa_line", given=given))

    assert (status, out) == (0, "kashiwa/kashiwa_line の認証情報を暗号化して保存しました。\n")


@pytest.mark.usefixtures("home")
def test_a_city_that_is_none_has_no_list() -> None:
    """An unknown city is a mistake, not an empty list."""
    status, out, err = said(sns("credentials", "list", "--city", "edo"))

    assert (status, out) == (2, "")
    assert "「edo」という自治体はありません" in err


def test_a_key_of_the_wrong_form_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass phrase is no key: how to make one is said, and what was given is not."""
    monkeypatch.setenv("SNS_SECRET_KEY", "hush-hush")
    status, _, err = said(sns("credentials", "list"))

    assert (status, err) == (
        2,
        "sns: SNS_SECRET_KEY は鍵ではありません。openssl rand -base64 32 で作った文字列を入れてください。\n",
    )
    assert not (home / "kairan.sqlite3").exists()


def test_a_key_file_is_for_its_owner_alone_and_so_is_the_home(home: Path) -> None:
    """What the first command makes is closed to others; a key file that is open is refused, with what mends it."""
    sns("migrate")
    modes = (home.stat().st_mode & 0o777, (home / "key").stat().st_mode & 0o777)
    (home / "key").chmod(0o644)
    status, _, err = said(sns("credentials", "list"))

    assert modes == (0o700, 0o600)
    assert status == 2
    assert f"chmod 600 {home / 'key'}" in err


def test_another_key_is_noticed_before_anything_is_stored(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the accounts under another key would be lost: the first key stays the right one."""
    sns("credentials", "set", "kashiwa_line", given="channel_access_token=a")
    monkeypatch.setenv("SNS_SECRET_KEY", KEY)
    status, _, err = said(sns("credentials", "set", "kashiwa_facebook", given="page_token=b\napp_secret=c"))
    monkeypatch.delenv("SNS_SECRET_KEY")

    assert status == 2
    assert err.startswith("sns: 鍵が違うため")
    assert "kashiwa/kashiwa_facebook\t未登録" in sns("credentials", "list").stdout
    assert (home / "key").exists()


def test_a_lost_key_is_no_dead_end(home: Path) -> None:
    """Without the old key the sealed secrets are removed, on purpose only, and a new key takes over."""
    sns("credentials", "set", "kashiwa_line", given="channel_access_token=a")
    (home / "key").unlink()
    lost = said(sns("credentials", "set", "kashiwa_line", given="channel_access_token=b"))
    kept = said(sns("credentials", "forget-all", given="n\n"))[0], sns("credentials", "list").stdout
    gone = said(sns("credentials", "forget-all", "--yes"))
    again = said(sns("credentials", "set", "kashiwa_line", given="channel_access_token=b"))

    assert lost[0] == 2
    assert "sns credentials forget-all" in lost[2]
    assert kept[0] == 1
    assert "kashiwa/kashiwa_line\t登録済み" in kept[1]
    assert gone[:2] == (0, "1件の認証情報を消しました。今の鍵で sns credentials set を実行し直してください。\n")
    assert again[0] == 0


def test_a_moved_clock_beside_real_vendors_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight addresses, one mistake: the clock."""
    monkeypatch.setenv("SNS_CLOCK", "+3600")
    status, _, err = said(sns("queue"))

    assert status == 2
    assert len(err.splitlines()) == 1
    assert err.startswith("sns: SNS_CLOCK で時刻をずらすのは練習のときだけです。")
    assert "SNS_X_API_URL" in err
    assert not home.exists()


def test_a_home_that_cannot_be_is_named(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder, and what the system said of it."""
    monkeypatch.setenv("SNS_HOME", str(tmp_path / "cities" / "kashiwa.yaml" / "home"))
    status, _, err = said(sns("queue"))

    assert status == 2
    assert "SNS_HOME のフォルダー" in err
    assert "に書き込めません" in err
    assert not home.exists()


def test_a_database_that_is_away_is_a_failure_without_the_password(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens: status 1, one line, no secret."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("SNS_DATABASE_URL", f"postgresql://kairan:hush@127.0.0.1:{port}/kairan")
    for command in ("migrate", "queue"):
        status, out, err = said(sns(command))

        assert (status, out) == (1, "")
        assert err.startswith("sns: データベースを使えません（")
        assert len(err.splitlines()) == 1
        assert "hush" not in err
    assert home.exists()


def test_a_file_that_is_no_database_is_a_failure(home: Path) -> None:
    """A damaged file is said to be one, and is left as it is."""
    home.mkdir()
    (home / "kairan.sqlite3").write_text("garbage" * 100, "ascii")
    status, _, err = said(sns("queue"))

    assert status == 1
    assert "file is not a database" in err
    assert (home / "kairan.sqlite3").read_text("ascii") == "garbage" * 100


def test_a_database_of_a_newer_version_is_not_touched(home: Path) -> None:
    """After a downgrade: which version to use is said, nothing is changed."""
    sns("migrate")
    with sqlite3.connect(home / "kairan.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    status, _, err = said(sns("migrate"))

    assert status == 2
    assert "もっと新しいバージョン" in err


@pytest.mark.usefixtures("home")
def test_migrating_twice_does_no_harm() -> None:
    """The second time finds nothing to do."""
    assert [said(sns("migrate"))[0] for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("database", ["", "postgresql://kairan:hush@127.0.0.1:{port}/kairan"])
def test_serve_says_what_is_in_its_way_and_ends(home: Path, database: str) -> None:
    """A port that is taken, a database that is no database: one line, status 1, nothing printed as if it served."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        if database:
            taken.close()
        answer = subprocess.run(
            [sys.executable, "-c", "from chatops.cli.main import main; main()", "serve", "--port", str(port)],
            env={**os.environ, "SNS_DATABASE_URL": database.format(port=port), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    expected = "データベースを使えません（" if database else f"127.0.0.1 のポート {port} で待ち受けられません（"
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"sns: {expected}")
    assert len(answer.stderr.splitlines()) == 1
    assert home.exists()


def test_what_slack_still_needs_is_named() -> None:
    """Without tokens the product works but for Slack, and says which setting is missing."""
    bot = {"SNS_SLACK_BOT_TOKEN": "xoxb-1"}

    assert missing_for_slack(load_settings({})) == "SNS_SLACK_BOT_TOKEN"
    assert missing_for_slack(load_settings(bot)) == "SNS_SLACK_APP_TOKEN / SNS_SLACK_SIGNING_SECRET"
    assert missing_for_slack(load_settings({**bot, "SNS_SLACK_APP_TOKEN": "xapp-1"})) == ""
    assert missing_for_slack(load_settings({**bot, "SNS_SLACK_SIGNING_SECRET": "s"})) == ""
