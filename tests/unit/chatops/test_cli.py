"""The command `sns`: one sentence for each mistake, no secret on any screen."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chatops.cli._errors import SaidError, build_voice
from chatops.cli.credentials import check_fields, read_fields

ROOT = Path(__file__).resolve().parents[3]
CITY = ROOT / "chatops" / "sandbox" / "cities" / "kashiwa.yaml"
FIELDS = {"consumer_key": "a", "consumer_secret": "b", "access_token": "1-c", "access_token_secret": "hush-hush"}


def sns(*arguments: str, home: Path, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `sns` in a process of its own, over a home with Kashiwa's city file."""
    (home / "cities").mkdir(exist_ok=True)
    (home / "cities" / "kashiwa.yaml").write_text(CITY.read_text("utf-8"), "utf-8")
    environment = {"SNS_HOME": str(home), "LANG": "ja_JP.UTF-8", "PYTHONUTF8": "1", **settings}
    return subprocess.run(
        [sys.executable, "-c", "from chatops.cli.main import main; main()", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_is_quick(tmp_path: Path) -> None:
    """`sns --help` takes under half a second: nothing heavy is imported."""
    took = []
    for _ in range(3):
        begun = time.monotonic()
        answer = sns("--help", home=tmp_path)
        took.append(time.monotonic() - begun)

    assert answer.returncode == 0
    assert {"serve", "migrate", "credentials", "cities", "queue", "show", "sandbox"} <= set(answer.stdout.split())
    assert min(took) < 0.5


def test_help_imports_nothing_heavy() -> None:
    """No SDK, no web server, no database behind `sns --help`."""
    code = "import sys, chatops.cli.main; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    heavy = {"slack_bolt", "slack_sdk", "flask", "sqlalchemy", "tweepy", "linebot", "googleapiclient", "publisher"}
    assert heavy & set(loaded.stdout.split()) == set()


def test_secrets_go_in_and_never_come_out(tmp_path: Path) -> None:
    """`credentials set` reads standard input; no output has a value; `list` shows which are set."""
    stored = sns("credentials", "set", "kashiwa_koen", home=tmp_path, given=json.dumps(FIELDS))
    listed = sns("credentials", "list", home=tmp_path)

    assert (stored.returncode, stored.stdout) == (0, "kashiwa/kashiwa_koen の認証情報を暗号化して保存しました。\n")
    assert "kashiwa/kashiwa_koen\t登録済み" in listed.stdout
    assert "kashiwa/kashiwa_shi\t未登録" in listed.stdout
    assert "hush-hush" not in stored.stdout + stored.stderr + listed.stdout + listed.stderr


@pytest.mark.parametrize(
    ("arguments", "given", "status", "said"),
    [
        (("credentials", "set", "kashiwa_koen"), "consumer_key=a", 2, "足りない項目があります: consumer_secret"),
        (("credentials", "set", "kashiwa_koen"), "password=hush-hush", 2, "知らない項目があります: password"),
        (("credentials", "set", "kashiwa_koen"), "{hush-hush", 2, "標準入力を読み取れません"),
        (("credentials", "set", "nobody"), "", 2, "「nobody」というアカウントはありません"),
        (("show", "K-1"), "", 1, "その番号の投稿は見つかりません"),
        (("queue", "--city", "edo"), "", 2, "「edo」という自治体はありません"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], given: str, status: int, said: str
) -> None:
    """A mistake ends with its sentence on standard error, its status, and no traceback."""
    answer = sns(*arguments, home=tmp_path, given=given)

    assert (answer.returncode, answer.stdout) == (status, "")
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "hush-hush" not in answer.stderr


def test_an_unknown_key_in_a_city_file_is_named_with_its_place(tmp_path: Path) -> None:
    """`sns cities check` says which file, which line, which key."""
    good = sns("cities", "check", home=tmp_path)
    (tmp_path / "cities" / "edo.yaml").write_text("city: edo\nnonsense: 1\n", "utf-8")
    bad = sns("cities", "check", home=tmp_path)

    assert good.stdout == "自治体の設定に誤りはありません: kashiwa\n"
    assert bad.returncode == 2
    assert "edo.yaml" in bad.stderr
    assert "nonsense" in bad.stderr
    assert "Traceback" not in bad.stderr


def test_a_wrong_key_is_named(tmp_path: Path) -> None:
    """Another key than the one that sealed the secrets is noticed at the start of `sns serve`."""
    sns("credentials", "set", "kashiwa_koen", home=tmp_path, given=json.dumps(FIELDS))
    (tmp_path / "key").unlink()
    environment = {"SNS_CLOCK": "real"}
    sns("migrate", home=tmp_path, **environment)
    answer = sns("serve", "--port", "0", home=tmp_path, SNS_SECRET_KEY="A" * 43 + "=")

    assert answer.returncode == 2
    assert "鍵が違うため" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_misspelt_setting_is_an_error(tmp_path: Path) -> None:
    """A setting that is none of ours is never ignored in silence."""
    answer = sns("queue", home=tmp_path, SNS_SLACK_BOT_TOKENS="x")

    assert answer.returncode == 2
    assert "SNS_SLACK_BOT_TOKENS" in answer.stderr


def test_an_empty_queue_says_so(tmp_path: Path) -> None:
    """An empty list is a sentence, and an empty JSON list for scripts."""
    assert sns("queue", home=tmp_path).stdout == "承認待ち・投稿予定の投稿はありません。\n"
    assert json.loads(sns("queue", "--json", home=tmp_path).stdout) == []
    assert sns("queue", home=tmp_path, LANG="en_US.UTF-8").stdout == "Nothing is waiting or scheduled.\n"


def test_fields_are_read_as_json_or_as_lines() -> None:
    """Both forms give the same; a value may hold an equals sign."""
    say = build_voice()

    assert read_fields('{"a": "b=c"}', say) == {"a": "b=c"}
    assert read_fields("a=b=c\n\nd = e\n", say) == {"a": "b=c", "d": "e"}
    with pytest.raises(SaidError):
        check_fields({"a": ""}, ("a",), say)
