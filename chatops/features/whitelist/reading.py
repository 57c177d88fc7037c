"""Reads what stands behind `/sns whitelist add`, and the words for a relation. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chatops.messages.ja import labels
from chatops.messages.ja import rules as words
from chatops.spoken import read_day, read_spoken
from publisher.api import WhitelistOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops.spoken import Spoken

VALUED: Final = {
    "relation": "relation",
    "name": "name",
    "evidence": "evidence",
    "review": "review",
    "policy": "policy",
    "platform": "platform",
    "reason": "reason",
    "action": "action",
    "account": "account",
    "関係": "relation",
    "区分": "relation",
    "名称": "name",
    "根拠": "evidence",
    "見直し": "review",
    "施策": "policy",
    "媒体": "platform",
    "理由": "reason",
    "操作": "action",
    "アカウント": "account",
}
FLAGS: Final = {
    "verified": "verified",
    "about-city": "about-city",
    "本人確認済み": "verified",
    "市に関する": "about-city",
}
_RELATIONS: Final = {shown: name for name, shown in words.RELATIONS.items()}
_ACTIONS: Final = {shown: name for name, shown in words.ACTIONS.items()}
_PLATFORMS: Final = {shown.lower(): name for name, shown in labels.PLATFORMS.items()}


def read_words(text: str) -> tuple[Spoken, str | None, str, str]:
    """Return (all of it, the platform if one is named, the account as written, what else is written).

    Raises:
        UnreadableError: An option cannot be read.
    """
    spoken = read_spoken(text, valued=VALUED, flags=FLAGS)
    rest = list(spoken.words)
    platform = spoken.one("platform").lower() or None
    if len(rest) > 1 and rest[0].lower() in _PLATFORMS:
        platform = _PLATFORMS[rest.pop(0).lower()]
    handle = rest.pop(0) if rest else ""
    return spoken, platform, handle, " ".join(rest)


def read_relation(text: str) -> str:
    """Return a relation by its name, or by its Japanese words."""
    return _RELATIONS.get(text.strip(), text.strip().lower())


def read_action(text: str) -> str:
    """Return `repost` or `follow` by its name, or by its Japanese word; `repost` where nothing is said."""
    return _ACTIONS.get(text.strip(), text.strip().lower()) or "repost"


def order_data(spoken: Spoken, platform: str | None, handle: str) -> dict[str, Any]:
    """Return an order as plain JSON, for the inbox.

    Raises:
        UnreadableError: The day of review is none.
    """
    review = spoken.one("review")
    return {
        "platform": platform,
        "handle": handle,
        "relation": read_relation(spoken.one("relation")),
        "name": spoken.one("name"),
        "evidence": spoken.one("evidence"),
        "review_on": read_day(review).isoformat() if review else None,
        "is_verified_official": spoken.has("verified"),
        "aligned_policy": spoken.one("policy"),
    }


def order_of(data: Mapping[str, Any]) -> WhitelistOrder:
    """Return the order that the inbox kept."""
    review = data["review_on"]
    return WhitelistOrder(**{**data, "review_on": read_day(review) if review else None})
