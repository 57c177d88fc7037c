# ruff: noqa: E501 - a sentence stays on its line
"""What `sns erase` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

ITEMS: Final[Mapping[str, str]] = {
    "texts": "本文・媒体別原稿・タイトル（版）",
    "words": "承認・後閲・緊急発信・訂正の際に書かれた理由",
    "files": "画像・動画（ほかの投稿で使っていないもの）",
    "shared_files": "残すもの: ほかの投稿でも使っている画像・動画",
    "alts": "画像の説明（代替テキスト）",
    "evidence": "削除・訂正のときに控えた本文と画像",
    "judgements": "判定の控え",
    "notices": "お知らせの内容",
    "outcomes": "操作への回答の控え",
    "details": "媒体からの応答の詳細",
    "replays": "運用方針の試算に出ている指摘の文",
    "events": "監査記録の内容（詳細・理由。記録の存在と照合値は残ります）",
}
REASONS: Final[Mapping[str, str]] = {"personal_data": "個人情報の誤掲載など", "retention": "保存期間の満了"}


def reason(name: str) -> str:
    """Name a reason."""
    return REASONS.get(name, name)


def list_head(number: str) -> str:
    """Head the list of what goes."""
    return f"{number} の消去で消えるもの（元に戻せません）:"


def item(kind: str, count: int, names: str) -> str:
    """Name one kind of thing that goes."""
    return f"  {ITEMS.get(kind, kind)}: {count}件" + (f"（{names}）" if names else "")


def stays() -> str:
    """Say what stays."""
    return "残るもの: 番号・日時・状態・操作した人・投稿先のアドレス・投稿の結果・照合値。消えた所には「○月○日、AとBの決定により消去」と表示します。"


def still_public(places: str) -> str:
    """Say what is public still."""
    return f"注意: 次の投稿は公開されたままです。この消去では消えません。先に、各媒体で（または投稿の削除の手続きで）削除してください。\n{places}"


def elsewhere() -> str:
    """Say what no erasure reaches."""
    return "Slack のメッセージ、バックアップ、媒体の予約投稿や控えは、この消去では消えません（docs/operating.ja.md の「内容の消去」）。"


def ask_propose() -> str:
    """Ask before a proposal is made."""
    return "この内容で、消去を提案しますか。"


def ask_confirm() -> str:
    """Ask before it is erased."""
    return "この内容で、消去しますか。元に戻せません。"


def proposal(number: str, reason: str, by: str, at: str, note: str) -> str:
    """Tell of a proposal."""
    return f"{number}\t{reason}\t{at}\t{by}\t{note}"


def proposal_id(erasure: str) -> str:
    """Give a proposal's id."""
    return f"  ID: {erasure}"


def none_open() -> str:
    """Say that nobody need decide."""
    return "決定を待っている消去の提案はありません。"


def due(number: str, section: str, finished: str, due: str, *, is_proposed: bool) -> str:
    """Tell of a post whose time has ended."""
    return f"{number}\t{section}\t終了 {finished}\t保存期間の満了 {due}" + ("\t提案済み" if is_proposed else "")


def none_due() -> str:
    """Say that no post's time has ended."""
    return "保存期間が満了した投稿はありません。"


def no_retention() -> str:
    """Say that no time is set."""
    return "自治体設定に retention_days がないため、保存期間の満了はありません。"


def not_done() -> str:
    """Say that nothing was done."""
    return "何もしていません。"


def ask_by_option() -> str:
    """Say how to go on without a terminal."""
    return (
        "確認を尋ねられません。消えるものの一覧を確かめたら、--seen に一覧の照合値を付けて、もう一度実行してください。"
    )


def list_digest(digest: str) -> str:
    """Give the list's digest."""
    return f"一覧の照合値: {digest}"
