"""Reads what stands behind `/sns period add`. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chatops.spoken import read_instant
from publisher.api import PeriodOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops.spoken import Spoken

VALUED: Final = {
    "from": "from",
    "to": "to",
    "effect": "effect",
    "reason": "reason",
    "category": "category",
    "word": "word",
    "account": "account",
    "開始": "from",
    "終了": "to",
    "扱い": "effect",
    "理由": "reason",
    "分類": "category",
    "語": "word",
    "アカウント": "account",
}
_EFFECTS: Final = {"了承": "head", "待つ": "wait"}


def read_effect(text: str) -> str:
    """Return an effect by its name, or by its Japanese word."""
    return _EFFECTS.get(text.strip(), text.strip().lower())


def order_data(spoken: Spoken) -> dict[str, Any]:
    """Return an order as plain JSON, for the inbox.

    Raises:
        UnreadableError: A time is none.
    """
    return {
        "name": " ".join(spoken.words),
        "starts_at": read_instant(spoken.one("from")).isoformat(),
        "ends_at": read_instant(spoken.one("to"), is_end=True).isoformat(),
        "effect": read_effect(spoken.one("effect")),
        "reason": spoken.one("reason"),
        "categories": list(spoken.several("category")),
        "words": list(spoken.several("word")),
        "accounts": list(spoken.several("account")),
    }


def order_of(data: Mapping[str, Any]) -> PeriodOrder:
    """Return the order that the inbox kept."""
    return PeriodOrder(
        name=data["name"],
        starts_at=datetime.fromisoformat(data["starts_at"]),
        ends_at=datetime.fromisoformat(data["ends_at"]),
        effect=data["effect"],
        reason=data["reason"],
        categories=tuple(data["categories"]),
        words=tuple(data["words"]),
        accounts=tuple(data["accounts"]),
    )
