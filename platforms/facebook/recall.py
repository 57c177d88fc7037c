"""Take a Page's post back, and read what it had become before.

https://developers.facebook.com/docs/graph-api/reference/page-post (read 2026-11); the fields are those of the
vendor's own lists, `PagePost` and `AdVideo`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from platforms.errors import NeedsPerson, NotSent, Rejected, Who
from platforms.facebook.errors import is_gone
from platforms.port import Measured, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from platforms.facebook.client import GraphClient

_COUNT_ONLY = "limit(0).summary(total_count)"
POST_FIELDS = f"message,shares,comments.{_COUNT_ONLY},reactions.{_COUNT_ONLY}"
VIDEO_FIELDS = f"title,description,views,comments.{_COUNT_ONLY},likes.{_COUNT_ONLY}"


def delete(graph: GraphClient, external_id: str, now: Callable[[], datetime]) -> Receipt:
    """Delete a post or a video; one that Graph doesn't know any more counts as deleted.

    Graph has one answer for what is gone and for what the token may not touch. What can still be read was not
    touched: then the permission is missing.

    Raises:
        PlatformError: One of its five kinds, but never `PerhapsSent`: deleting may be repeated.
    """
    try:
        answer = graph.delete(external_id)
    except Rejected as refusal:
        if not is_gone(refusal):
            raise
        if _is_there(graph, external_id):
            raise NeedsPerson("app_not_allowed", who=Who.IT, params=refusal.params, detail=refusal.detail) from refusal
        return Receipt(external_id=external_id, url=None, at=now(), is_repeat=True)
    if answer.get("success") is not True:
        raise NotSent("answer_unreadable", params={"platform": "facebook"})
    return Receipt(external_id=external_id, url=None, at=now())


def measure(graph: GraphClient, external_id: str, now: Callable[[], datetime]) -> Measured:
    """Read a post or a video back with its figures.

    Raises:
        PlatformError: One of its five kinds; `Rejected` with `post_gone` where Graph doesn't know it any more.
    """
    is_video = "_" not in external_id  # a post's id is `<page>_<post>`
    try:
        node = graph.read(external_id, fields=VIDEO_FIELDS if is_video else POST_FIELDS)
    except Rejected as refusal:
        if not is_gone(refusal):
            raise
        raise Rejected("post_gone", params=refusal.params, detail=refusal.detail) from refusal
    told = {
        "comments": _total(node, "comments"),
        "reactions": _total(node, "reactions"),
        "likes": _total(node, "likes"),
        "shares": _whole((node.get("shares") or {}).get("count")),
        "views": _whole(node.get("views")),
    }
    text = node.get("description" if is_video else "message")
    return Measured(
        text=None if text is None else str(text),
        title=str(node.get("title") or ""),
        figures={name: count for name, count in told.items() if count is not None},
        at=now(),
    )


def _is_there(graph: GraphClient, external_id: str) -> bool:
    try:
        graph.read(external_id, fields="id")
    except Rejected as refusal:
        if is_gone(refusal):
            return False
        raise
    return True


def _total(node: Mapping[str, Any], edge: str) -> int | None:
    return _whole(((node.get(edge) or {}).get("summary") or {}).get("total_count"))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
