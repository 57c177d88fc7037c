"""Mistyped commands at the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def no_such_command(name: str, near: Sequence[str]) -> str:
    """Say that there is no such command, and which is meant perhaps."""
    hint = f"近いもの: {'、'.join(near)}" if near else ""
    return f"「{name}」というコマンドはありません。{hint}"


def no_such_option(name: str, near: Sequence[str]) -> str:
    """Say that there is no such option, and which is meant perhaps."""
    hint = f"近いもの: {'、'.join(near)}" if near else ""
    return f"「{name}」という指定はありません。{hint}"


def needs_value(name: str) -> str:
    """Say that an option stands there without its value."""
    return f"{name} の後に値を入力してください。"


def missing(name: str, known: str = "") -> str:
    """Say that something is missing, and what can be chosen where that is known."""
    return f"{name} を入力してください。" + (f"使えるもの: {known}" if known else "")


def too_many(words: str) -> str:
    """Say that there are words that nobody asked for."""
    return f"余分な語があります: {words}（空白を含む文は、引用符で囲んでください）"


def not_one_of(name: str, given: str, known: str) -> str:
    """Say what can be chosen."""
    return f"{name} に「{given}」は使えません。使えるもの: {known}"


def no_number(name: str) -> str:
    """Ask for a number."""
    return f"{name} には数字を入力してください。"


def at_most(name: str, limit: str) -> str:
    """Say how large a number may be."""
    return f"{name} には {limit} 以下の数を入力してください。"


def at_least(name: str, limit: str) -> str:
    """Say how small a number may be."""
    return f"{name} には {limit} 以上の数を入力してください。"


def bad_value(name: str, detail: str) -> str:
    """Say that a value cannot be used, in the program's own words."""
    return f"{name} の値を読み取れません（{detail}）。"


def help_hint(command: str) -> str:
    """Say where the help is."""
    return f"使い方は {command} --help で見られます。"


def stopped() -> str:
    """Say that the person has broken it off."""
    return "中断しました。"


def usage() -> str:
    """Head the form of a command."""
    return "使い方: "


def options() -> str:
    """Head what begins with two dashes."""
    return "オプション"


def arguments() -> str:
    """Head what is typed without a name."""
    return "引数"


def commands() -> str:
    """Head the commands of a group."""
    return "コマンド"


def command_and_more() -> str:
    """Stand for a group's command in its form."""
    return "コマンド [引数]..."


def shows_help() -> str:
    """Say what `--help` does."""
    return "この説明を表示します。"


def required() -> str:
    """Say that it cannot be left out."""
    return "必須"


def default() -> str:
    """Stand before what holds where nothing is typed."""
    return "省略時: "


def any_options() -> str:
    """Stand for any of them in a command's form."""
    return "オプション"
