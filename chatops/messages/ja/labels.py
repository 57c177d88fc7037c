"""Names of platforms, states and outlooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PLATFORMS: Final[Mapping[str, str]] = {"x": "X", "line": "LINE", "facebook": "Facebook", "youtube": "YouTube"}
STATES: Final[Mapping[str, str]] = {
    "draft": "下書き",
    "submitted": "承認待ち",
    "returned": "差戻し",
    "approved": "決裁済み",
    "rejected": "廃案",
    "withdrawn": "取下げ",
    "expired": "期限切れ",
    "cancelled": "中止",
    "closed": "完了",
}
OUTLOOKS: Final[Mapping[str, str]] = {
    "nothing_yet": "未投稿",
    "scheduled": "投稿予定",
    "sending": "送信中",
    "published": "投稿済み",
    "partly_published": "一部のみ投稿済み",
    "not_published": "投稿されていません",
    "asked": "確認が必要です",
    "held": "一時停止で止めています",
    "deleting": "削除中",
    "deleted": "削除済み",
    "partly_deleted": "一部のみ削除済み",
    "corrected": "訂正済み",
}
DELIVERIES: Final[Mapping[str, str]] = {
    "waiting": "元の投稿を待っています",
    "due": "投稿予定",
    "leased": "送信中",
    "retry": "再送待ち",
    "unknown": "届いたかを確認中",
    "processing": "媒体側で処理中",
    "held": "一時停止で止めています",
    "asked": "確認が必要です",
    "sent": "投稿済み",
    "failed": "投稿できませんでした",
    "cancelled": "中止",
    "superseded": "新しい投稿に置き換え（送っていません）",
}
DECISIONS: Final[Mapping[str, str]] = {
    "approve": "決裁",
    "approve_step": "承認",
    "return": "差戻し",
    "reject": "廃案",
}
CAUSES: Final[Mapping[str, str]] = {
    "typo": "誤字・脱字",
    "wrong_content": "内容の誤り",
    "personal_data": "個人情報が含まれている",
    "secret": "秘密の情報が含まれている",
    "wrong_account": "投稿するアカウントを間違えた",
}
WHO: Final[Mapping[str, str]] = {"it": "情報担当", "manager": "運用管理者", "author": "作成者・承認者"}
ROLES: Final[Mapping[str, str]] = {
    "author": "投稿者",
    "operator": "運用担当者",
    "approver": "承認者",
    "responsible": "管理責任者",
    "manager": "運用管理者",
    "emergency": "緊急発信者",
}
UNITS: Final[Mapping[str, str]] = {"weighted": "（全角は2）", "utf16": "字", "chars": "字", "bytes": "バイト"}


def platform(name: str) -> str:
    """Name a platform."""
    return PLATFORMS.get(name, name)


def state(name: str) -> str:
    """Name a post's state."""
    return STATES.get(name, name)


def outlook(name: str) -> str:
    """Name what a post looks like from outside."""
    return OUTLOOKS.get(name, name)


def delivery(name: str) -> str:
    """Name a delivery's state."""
    return DELIVERIES.get(name, name)


def decision(name: str) -> str:
    """Name a decision."""
    return DECISIONS.get(name, name)


def role(name: str) -> str:
    """Name a role."""
    return ROLES.get(name, name)


def who(name: str) -> str:
    """Name who must act on a delivery."""
    return WHO.get(name, name)


def cause(name: str) -> str:
    """Name why a post is put right."""
    return CAUSES.get(name, name)


def as_deletion(account: str) -> str:
    """Name an account from which a post is deleted."""
    return f"{account}（削除）"


def as_undoing(account: str) -> str:
    """Name an account that undoes its repost."""
    return f"{account}（リポストの取消し）"


def taken_back() -> str:
    """Name the end of what takes something back."""
    return "完了"


def deleted() -> str:
    """Name the end of a post that was taken back."""
    return "削除済み"


def undone() -> str:
    """Name the end of a repost that was taken back."""
    return "取消し済み"


def goes_at(moment: str) -> str:
    """Say when an approved post goes out."""
    return f"{moment} に投稿します。"


def goes_soon() -> str:
    """Say that an approved post goes out at once."""
    return "まもなく投稿します。"


def length(used: int, limit: int, unit: str, *, is_title: bool) -> str:
    """Say how much of the room a text takes."""
    name = "タイトル" if is_title else "文字数"
    counted = UNITS.get(unit, unit)
    return f"{name} {used}／{limit}{counted}"


def nobody_decides() -> str:
    """Stand in for the names of those who decide, where a step is vacant."""
    return "（いま決裁できる方がいません。情報担当に、市の設定の「職」と期間の確認を依頼してください）"


def names(several: Iterable[str]) -> str:
    """List names."""
    return "、".join(several)


def as_repost(account: str) -> str:
    """Name an account that reposts."""
    return f"{account}（リポスト）"


def as_soon_as_approved() -> str:
    """Say that there is no set time."""
    return "決裁後すぐ"


def ellipsis_to_show(number: str) -> str:
    """Say where the rest of a cut text is."""
    return f"…（全文は /sns show {number}）"


def close() -> str:
    """Label the button that closes a form."""
    return "閉じる"


def cancel_form() -> str:
    """Label the button that leaves a form."""
    return "やめる"
