"""`/sns queue`, `show`, `cancel`, `help`."""

from __future__ import annotations


def queue_title() -> str:
    """Head the queue."""
    return "下書き・承認待ち・投稿予定の一覧"


def queue_empty() -> str:
    """Say that the queue is empty."""
    return "下書き・承認待ち・投稿予定の投稿はありません。"


def queue_more(count: int) -> str:
    """Say that the list is cut."""
    return f"ほかに{count}件あります。"


def queue_waiting(names: str) -> str:
    """Say who is next."""
    return f"承認・決裁待ち: {names}"


def number_missing(command: str) -> str:
    """Ask for a number."""
    return f"投稿の番号を続けて入力してください。例: /sns {command} K-12"


def clauses_follow() -> str:
    """Head the clauses that the card shows only in part."""
    return "カードで途中までになっていた条項の全文"


def texts_follow() -> str:
    """Head the full texts."""
    return "全文"


def stopped(names: str) -> str:
    """Say what was stopped."""
    return f"中止した投稿先: {names}"


def gone() -> str:
    """Head what was out already."""
    return "すでに投稿済みのもの（中止しても消えません。消すときは /sns correct を使ってください）"


def gone_names(names: str) -> str:
    """Say what was out already."""
    return f"すでに投稿済みのもの: {names}"


def under_way(names: str) -> str:
    """Say what was on its way."""
    return f"送信中のもの: {names}（止められたかどうかは、カードのスレッドでお知らせします）"


def help_title() -> str:
    """Head the help."""
    return "/sns の使い方"


def unknown(word: str) -> str:
    """Say that a word is not known."""
    return f"「/sns {word}」というコマンドはありません。"


def meant(command: str) -> str:
    """Say what was meant."""
    return f"「/sns {command}」ではありませんか。"


def help_draft() -> str:
    """Explain draft."""
    return "/sns draft 本文 … 下書きを作ります（/sns 下書き でも同じです）\n　 /sns draft K-12 … 下書きの続きを書きます"


def help_now() -> str:
    """Explain now."""
    return "/sns now 本文 … 緊急発信します。権限のある方だけが使えます（/sns 緊急）"


def help_queue() -> str:
    """Explain queue."""
    return "/sns queue … 下書き・承認待ち・投稿予定の一覧を見ます（/sns 一覧）"


def help_show() -> str:
    """Explain show."""
    return "/sns show K-12 … 投稿の全文と経過を見ます（/sns 表示）"


def help_cancel() -> str:
    """Explain cancel."""
    return "/sns cancel K-12 理由 … まだ投稿していない分を中止します（/sns 中止）"


def help_correct() -> str:
    """Explain correct."""
    return "/sns correct K-12 … 投稿したものを訂正・削除します（/sns 訂正）"


def help_policy() -> str:
    """Explain policy."""
    return "/sns policy … 施行中の運用方針と、変更の提案を見ます（/sns 運用方針）"


def help_whitelist() -> str:
    """Explain whitelist."""
    return "/sns whitelist … リポスト・フォローできるアカウントを見ます。追加・削除は運用管理者（/sns ホワイトリスト）"


def help_hold() -> str:
    """Explain hold."""
    return "/sns hold [アカウント・所属] [理由] … 通常の投稿を止めます（/sns resume で再開、/sns hold list で一覧）"


def help_mark() -> str:
    """Explain mark."""
    return "/sns mark K-12 災害関連 … 一時停止中でも送れる投稿にします（道路・水道・学校など。/sns 災害関連）"


def help_period() -> str:
    """Explain period."""
    return "/sns period … 選挙期間などの期間の設定を見ます。設定・終了は運用管理者（/sns 期間）"


def help_help() -> str:
    """Explain help."""
    return "/sns help … この説明を表示します（/sns ヘルプ）"


def help_approval() -> str:
    """Explain approval."""
    return "承認・決裁・差戻し・廃案・取下げは、承認チャンネルのカードのボタンで行います。"
