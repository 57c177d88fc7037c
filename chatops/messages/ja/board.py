"""`/sns queue`, `show`, `cancel`, `help`."""

from __future__ import annotations


def queue_title() -> str:
    """Head the queue."""
    return "承認待ち・投稿予定の一覧"


def queue_empty() -> str:
    """Say that the queue is empty."""
    return "承認待ち・投稿予定の投稿はありません。"


def queue_more(count: int) -> str:
    """Say that the list is cut."""
    return f"ほか{count}件あります。"


def queue_waiting(names: str) -> str:
    """Say who is next."""
    return f"次: {names}"


def number_missing(command: str) -> str:
    """Ask for a number."""
    return f"番号を続けて書いてください。例: /sns {command} K-12"


def texts_follow() -> str:
    """Head the full texts."""
    return "各アカウントの全文"


def stopped(names: str) -> str:
    """Say what was stopped."""
    return f"止めたもの: {names}"


def gone() -> str:
    """Head what was out already."""
    return "すでに投稿済みのもの（ここからは消せません。必要なら各媒体で削除してください）"


def gone_names(names: str) -> str:
    """Say what was out already."""
    return f"すでに投稿済みのもの: {names}"


def under_way(names: str) -> str:
    """Say what was on its way."""
    return f"送信中のため、止められるか確認しているもの: {names}。結果はスレッドにお知らせします。"


def help_title() -> str:
    """Head the help."""
    return "/sns の使い方"


def unknown(word: str) -> str:
    """Say that a word is not known."""
    return f"「{word}」という操作はありません。"


def meant(command: str) -> str:
    """Say what was meant."""
    return f"もしかして: /sns {command}"


def help_draft() -> str:
    """Explain draft."""
    return "/sns draft 本文　下書きを作る（下書き）。/sns draft K-12 で続きを書く"


def help_now() -> str:
    """Explain now."""
    return "/sns now 本文　緊急発信する（今すぐ）。権限のある方だけ"


def help_queue() -> str:
    """Explain queue."""
    return "/sns queue　承認待ち・投稿予定の一覧（一覧）"


def help_show() -> str:
    """Explain show."""
    return "/sns show K-12　投稿の全文と経過（表示）"


def help_cancel() -> str:
    """Explain cancel."""
    return "/sns cancel K-12 理由　まだ出ていない分を止める（中止）"


def help_help() -> str:
    """Explain help."""
    return "/sns help　この説明（ヘルプ）"


def help_approval() -> str:
    """Explain approval."""
    return "承認・決裁・差戻し・廃案は、承認チャンネルのカードのボタンで行います。"
