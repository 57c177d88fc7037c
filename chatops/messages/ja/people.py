"""What `sns people` and `--as` say."""

from __future__ import annotations


def ask_passphrase(person: str) -> str:
    """Ask for a pass phrase."""
    return f"{person} のパスフレーズ: "


def ask_old() -> str:
    """Ask for the present pass phrase."""
    return "今のパスフレーズ: "


def ask_new() -> str:
    """Ask for a new pass phrase."""
    return "新しいパスフレーズ: "


def ask_again() -> str:
    """Ask for it once more."""
    return "もう一度: "


def not_the_same() -> str:
    """Say that the two differ."""
    return "2回の入力が一致しません。もう一度実行してください。"
