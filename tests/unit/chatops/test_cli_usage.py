"""What somebody reads who has mistyped a command."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from chatops.cli.main import main


def read(words: str, language: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run a command in this process; return its status and what stands on standard error."""
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setattr(sys, "argv", ["sns", *words.split()])
    with redirect_stderr(io.StringIO()) as errors, pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), errors.getvalue()


@pytest.mark.parametrize(
    ("words", "sentence", "command"),
    [
        ("quue", "「quue」というコマンドはありません。近いもの: queue", "sns"),
        ("--version", "「--version」という指定はありません。", "sns"),
        ("serve --prt 1", "「--prt」という指定はありません。近いもの: --port", "sns serve"),
        ("show", "NUMBER を入力してください。", "sns show"),
        ("hold --reason 大雨", "--as を入力してください。", "sns hold"),
        ("hold --as", "--as の後に値を入力してください。", "sns"),
        ("show K-1 K-2", "余分な語があります: K-2（空白を含む文は、引用符で囲んでください）", "sns show"),
        ("serve --port abc", "--port には数字を入力してください。", "sns serve"),
        ("serve --port 70000", "--port には 65535 以下の数を入力してください。", "sns serve"),
        ("serve --port -1", "--port には 0 以上の数を入力してください。", "sns serve"),
        (
            "answer K-1 a yes --as x",
            "ANSWER に「yes」は使えません。使えるもの: sent, send, wait, cancel",
            "sns answer",
        ),
        (
            "answer K-1 a --as x",
            "ANSWER を入力してください。使えるもの: sent, send, wait, cancel",
            "sns answer",
        ),
        ("people passfrase", "「passfrase」というコマンドはありません。近いもの: passphrase", "sns people"),
    ],
)
def test_a_mistyped_command_is_told_in_japanese(
    words: str, sentence: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with what to type instead, and where the help is; the status is 2, as of every wrong usage."""
    assert (2, f"sns: {sentence}\n使い方は {command} --help で見られます。\n") == read(
        words, "ja_JP.UTF-8", monkeypatch
    )


@pytest.mark.parametrize("words", ["quue", "show", "hold --as", "show K-1 K-2", "serve --port abc"])
def test_an_english_shell_reads_english(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`LC_ALL` says which language."""
    status, said = read(words, "en_GB.UTF-8", monkeypatch)
    assert (2, True) == (status, said.isprintable() or said.replace("\n", "").isprintable())
    assert not any("\u3040" <= letter <= "\u9fff" for letter in said)
    assert "--help" in said


def test_a_group_without_a_command_shows_its_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is mistyped there: what can be done is listed."""
    status, said = read("people", "ja_JP.UTF-8", monkeypatch)
    assert (2, True) == (status, "passphrase" in said)
    assert said.startswith("使い方: sns people")


def read_help(words: str, language: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ask for the help of a command in this process; return what stands on standard output."""
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setattr(sys, "argv", ["sns", *words.split(), "--help"])
    with redirect_stdout(io.StringIO()) as shown, pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return shown.getvalue()


@pytest.mark.parametrize("words", ["", "policy", "policy propose", "answer", "now", "audit export", "erase"])
def test_a_help_has_no_english_sentence_in_a_japanese_shell(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headings and the words of each option are Japanese; what is typed as it stands keeps its letters."""
    shown = read_help(words, "ja_JP.UTF-8", monkeypatch)

    assert shown.startswith(f"使い方: {' '.join(['sns', *words.split()])} [オプション]")
    assert "\nオプション:\n" in shown
    english = (
        "Usage",
        "Options",
        "OPTIONS",
        "Commands",
        "COMMAND",
        "Arguments",
        "ARGS",
        "required]",
        "default:",
        "Show",
    )
    assert [] == [word for word in english if word in shown]


def test_a_help_names_what_is_needed_and_what_holds_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments, commands, what must be there and what is taken where nothing is said."""
    shown = read_help("policy propose", "ja_JP.UTF-8", monkeypatch)

    assert "\n引数:\n" in shown
    assert "[必須]" in shown
    assert "[省略時: 90; 1<=x<=3660]" in shown
    assert "\nコマンド:\n" in read_help("policy", "ja_JP.UTF-8", monkeypatch)
    assert "コマンド [引数]..." in read_help("policy", "ja_JP.UTF-8", monkeypatch)


def test_an_english_help_has_typers_own_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are English already."""
    shown = read_help("policy", "en_GB.UTF-8", monkeypatch)
    assert shown.startswith("Usage: sns policy [OPTIONS] COMMAND [ARGS]...")
    assert "\nOptions:\n  --help  Show this message and exit.\n\nCommands:\n" in shown
