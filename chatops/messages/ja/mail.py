# ruff: noqa: E501 - a sentence stays on its line
"""What stands in an e-mail around what people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ANSWERS: Final[Mapping[str, str]] = {
    "is_it_there": "sent（投稿されていた）、send（投稿されていない。もう一度送る）、cancel（送らない）",
    "send_anyway": "send（それでも送る）、cancel（送らない）",
    "now_or_later": "send（今すぐ送る）、wait（開庁を待つ）、cancel（送らない）",
    "mended": "send（もう一度送る）、cancel（送らない）",
    "rewritten": "send（もう一度送る）、cancel（送らない）",
    "replaced": "sent（投稿されていた）、cancel（投稿されていない）",
    "still_valid": "send（今も有効なので送る）、cancel（送らない）",
    "is_it_gone": "sent（削除した、または消えていた）、send（もう一度削除する）、cancel（削除しない）",
    "still_delete": "send（削除する）、cancel（削除しない）",
    "held": "send（送る）、cancel（送らない）",
}


def sender_name() -> str:
    """Name the sender."""
    return "回覧（SNS投稿）"


def subject(text: str) -> str:
    """Mark a subject as ours."""
    return f"【SNS】{text}"


def subject_several(count: int) -> str:
    """Head a mail with several paragraphs."""
    return f"お知らせが{count}件あります"


def subject_asked(number: str) -> str:
    """Head a question."""
    return f"{number} について確認をお願いします"


def subject_found(number: str) -> str:
    """Head what turned out to be there after all."""
    return f"{number} の投稿を確かめてください"


def subject_failed(number: str) -> str:
    """Head the failure of an emergency post."""
    return f"緊急発信 {number} を投稿できませんでした"


def subject_expired(number: str) -> str:
    """Head a post that ran out of time."""
    return f"{number} は期限までに決裁されませんでした"


def subject_sign_off(number: str) -> str:
    """Head the request for 後閲."""
    return f"緊急発信 {number} の後閲をお願いします"


def dear(name: str) -> str:
    """Address a person."""
    return f"{name} 様"


def dear_admins() -> str:
    """Address those who look after the machine."""
    return "情報担当 各位"


def why_by_mail() -> str:
    """Say why this comes by e-mail."""
    return "Slack でお知らせできなかったため、メールでお送りします。"


def answer_in_slack() -> str:
    """Say where the buttons are."""
    return "Slack が使えるときは、承認チャンネルに出る質問のボタンで答えてください（このメールには返信できません）。"


def answer_in_shell(number: str, account: str, doubt: str) -> str:
    """Say how to answer without Slack."""
    return f"Slack が使えないときは、情報担当に頼み、サーバーで次のように答えてください: sns answer {number} {account} 答え --as 職員のキー\n答えは {_ANSWERS[doubt]} のどれかです。"


def sign_in_slack() -> str:
    """Say where 後閲 is given."""
    return "Slack が使えるようになったら、承認チャンネルで後閲をしてください。急ぐ必要はありません。"


def names(several: Iterable[str]) -> str:
    """List names."""
    return "、".join(several)


def signature() -> str:
    """End a mail."""
    return "回覧（市のSNS投稿のしくみ）から自動で送っています。このアドレスに返信しても届きません。"
