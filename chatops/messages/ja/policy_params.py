"""Names of the parameters of packs, as `sns policy show` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatops.messages.ja.clause_params import clause_param

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMS: Final[Mapping[str, str]] = {
    "platforms": "媒体",
    "section": "課",
    "categories": "種類",
    "accounts": "アカウント",
    "except_accounts": "除くアカウント",
    "content": "内容",
    "roles": "役割",
    "lag_seconds": "遅れの許容（秒）",
    "opens": "始まり",
    "closes": "終わり",
    "entries": "一覧",
    "words": "言葉",
    "harmless": "除く言葉",
    "characters": "文字",
    "more": "ほかの形",
    "titles": "呼びかけの敬称",
    "everybody": "広く呼びかける言葉",
    "phrases": "言い回し",
    "text": "文",
    "seek": "探すもの",
    "shorteners": "短縮サービス",
    "hosts": "サイト",
    "owners": "持ち主",
    "source": "元の投稿",
    "days": "日数",
    "similarity": "似ている割合（%）",
    "per_day": "1日の件数",
    "limit": "上限",
    "tags": "タグ",
    "adds": "付けるタグ",
    "terms": "用語",
    "clauses": "条項",
    "relations": "相手",
    "requires": "条件",
}


def param(name: str) -> str:
    """Name a parameter."""
    return PARAMS.get(name) or clause_param(name)
