# ruff: noqa: E501 - a sentence stays on its line
"""Disaster mode: what is held, what waits, and what can't be stopped from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONSOLES: Final[Mapping[str, str]] = {
    "x": "X（公式画面の予約投稿）",
    "line": "LINE Official Account Manager（予約配信）",
    "facebook": "Meta Business Suite（予約投稿）",
    "youtube": "YouTube Studio（公開予約）",
}


def console(platform: str) -> str:
    """Name a vendor's own console with what can be scheduled there."""
    return CONSOLES.get(platform, platform)


def not_ours(consoles: Sequence[str]) -> str:
    """Say what can't be stopped from here."""
    return f"各媒体の管理画面で直接予約した投稿は、ここからは止められません。必要なら管理画面で止めてください: {'、'.join(consoles)}"


def in_force(where: str, by: str, moment: str) -> str:
    """Say what is held."""
    return f"⏸ {where}: 一時停止中（{by}、{moment} から）"


def how_to_resume(command: str, target: str) -> str:
    """Say how a hold is lifted; *command* is `/sns` or `sns`."""
    return f"再開するときは {command} resume{target and f' {target}'} を使ってください。"


def waiting(count: int, command: str) -> str:
    """Say how many wait for a word; *command* lists them."""
    return f"止まったまま判断を待っている投稿が{count}件あります（{command} で確認できます）。"


def because(reason: str) -> str:
    """Say why it is held."""
    return f" 理由: {reason}"


def moving(count: int) -> str:
    """Say how many are still on their way."""
    return f" 送信中だった投稿のうち{count}件がまだ終わっていません。"


def no_hold() -> str:
    """Say that nothing is held."""
    return "一時停止中のものはありません。"


def title() -> str:
    """Head the list."""
    return "一時停止で止まった投稿"


def nothing_waits() -> str:
    """Say that nobody's word is waited for."""
    return "判断を待っている投稿はありません。"


def waits(number: str, account: str, moment: str) -> str:
    """Say what waits."""
    return f"{number}　{account}　予定: {moment}"


def late(moment: str) -> str:
    """Say that it is late."""
    return f"　⚠️ 有効期限（{moment}）を過ぎています"


def related() -> str:
    """Say that it is about the disaster."""
    return "　【災害関連】"


def more(count: int) -> str:
    """Say that the list is cut."""
    return f"ほかに{count}件あります。上の投稿を決めてから、もう一度 /sns hold list を実行してください。"


def told_held(number: str, account: str) -> str:
    """Tell that a hold has stopped a post."""
    return f"⏸ {number}（{account}）は、一時停止中のため送っていません。再開したあと、送るかどうかを確認します。道路・水道・学校など災害に関する投稿なら、/sns mark {number} 災害関連 としてください。"


def ask_related(number: str, account: str) -> str:
    """Ask the PR division about a post that is related to the disaster."""
    return (
        f"❓ {number}（{account}）は災害関連の投稿です。一時停止中ですが、送りますか（広報担当の方が押してください）。"
    )


def send() -> str:
    """Label: send."""
    return "送る"


def send_related() -> str:
    """Label: send although a hold is in force."""
    return "災害関連として送る"


def do_not_send() -> str:
    """Label: do not send."""
    return "送らない"


def later() -> str:
    """Label: decide later."""
    return "あとで"


def usage_mark() -> str:
    """Say how a post is marked."""
    return "番号を付けてください。例: /sns mark K-12 災害関連"


def still_moving(count: int) -> str:
    """Say at the shell that some are still on their way."""
    return f"送信中だった{count}件は、まだ終わっていません。終わったかどうかは sns held で確かめられます。"


def settled(count: int) -> str:
    """Say at the shell that all have ended."""
    return f"送信中だった{count}件は、すべて終わりました。これ以降、通常の投稿は送られません。"
