# ruff: noqa: E501 - a sentence stays on its line
"""What `sns audit` says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS: Final[Mapping[str, str]] = {
    "gap": "この番号の記録がありません（抜き取られたか、番号が変えられています）",
    "previous_hash": "前の記録とつながっていません",
    "hash": "記録（日時・操作した人・種類など）が書き換えられています",
    "content": "記録の内容（詳細・理由）が書き換えられたか、決定なしに消されています",
    "end": "この後の記録が切り取られたか、末尾の控えが書き換えられています",
    "mark": "控えと違う記録になっています（この番号か、それより前から作り直されています）",
    "cut_off": "控えにある記録がありません（末尾が切り取られています）",
}


def whole(city: str, events: int) -> str:
    """Say that a trail proves its own integrity."""
    return f"{city} の監査記録 {events}件は、すべてつながっています。改ざんは見つかりませんでした。"


def empty(city: str) -> str:
    """Say that there is no event yet."""
    return f"{city} の監査記録は、まだ1件もありません。"


def mark(mark: str) -> str:
    """Give the mark to keep outside."""
    return f"控え: {mark}\nこの控えを、サーバーの外に書き留めてください。次回は sns audit verify --expect {mark} で、末尾の切取りや作り直しも見つけられます。"


def broken(city: str, seq: int, when: str, reason: str) -> str:
    """Name the first broken link, and say what to do."""
    at = f"（{when}）" if when else ""
    return f"{city} の監査記録は、{seq}番{at}で途切れています。{REASONS.get(reason, reason)}。\nサーバーを止めずに、データベースの複製を保存してから、情報担当の責任者に連絡してください。バックアップと比べると、何が変わったかが分かります（docs/operating.ja.md の「監査記録」）。"


def unreadable_mark(given: str) -> str:
    """Say how a mark looks."""
    return f"控え「{given}」を読み取れません。番号:ハッシュ の形で入力してください（sns audit verify が表示したもの）。"


def ends_before_it_begins() -> str:
    """Say that a span is the wrong way round."""
    return "--until が --since より前になっています。日付を確かめてください。"


def unknown_form(given: str, known: str) -> str:
    """Say which forms there are."""
    return f"「{given}」という形式はありません。使えるのは {known} です。"


def tombstone(day: str, people: str) -> str:
    """Say what stands where something was erased."""
    return f"{day}、{people}の決定により消去"


def tombstone_people(first: str, second: str) -> str:
    """Name the two who decided."""
    return f"{first}と{second}"
