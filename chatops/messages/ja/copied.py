# ruff: noqa: E501 - a sentence stays on its line
"""What people are told of a ledger that came back from a backup, or that may run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WHY: Final[Mapping[str, str]] = {
    "restored": "台帳（データベース）が、古い控えから戻されています。控えの時刻の後に投稿されたおそれのあるものは、媒体で確かめています。確かめられないものは担当者にお尋ねします。",
    "moved": "台帳（データベース）が、別のサーバーまたは場所に移されたか、複製されています。もとのサーバーでも動いていると、同じ投稿が二重に出ます。",
    "unmarked": "台帳（データベース）の目印（SNS_HOME の ledger-mark-….json）がありません。別のところから移されたか、目印が失われています。もとのサーバーでも動いていると、同じ投稿が二重に出ます。",
}


def held(because: str, known_until: str) -> str:
    """Tell that the ledger is held, why, and what to do."""
    return (
        f"⛔ 予約済みの投稿をすべて止めています。{WHY.get(because, because)}\n"
        f"台帳にあるのは {known_until} までの記録です。その後に作成・承認された投稿と監査記録はこの台帳にないため、各媒体の画面でご確認ください。\n"
        "これから /sns now で出す緊急発信は送れます。もとのサーバーが止まっていることを確かめ、運用管理者が sns ledger release --reason 理由 --as キー で解除してください。状況は sns ledger show で見られます。"
    )


def in_force(since: str) -> str:
    """Say above the queue that nothing of it goes out by itself."""
    return f"⛔ 台帳が控えから戻されたか複製されたおそれがあるため、{since} より前に作成された投稿を止めています。運用管理者または情報担当にご確認ください（sns ledger show）。"


def counts(waiting: int, looking: int, asked: int) -> str:
    """Say how far it is."""
    return f"解除を待つ配信: {waiting}件、投稿済みかどうかを確かめている配信: {looking}件、担当者の回答を待つ配信: {asked}件"


def not_held() -> str:
    """Say that the ledger is not held."""
    return "台帳は止まっていません。"
