"""Where in Slack a person waits for an answer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A person, and where he or she is looking."""

    user: str
    channel: str | None = None
    response_url: str | None = None
    """Takes five answers within 30 minutes, also where the bot is no member."""
    view_id: str | None = None
    """An open modal that shows the answer."""
    message_ts: str | None = None
    """The message whose button was pressed."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def read_metadata(view: dict[str, Any]) -> dict[str, Any]:
    """Read what a modal of ours keeps for us."""
    kept = json.loads(view.get("private_metadata") or "{}")
    return kept if isinstance(kept, dict) else {}


def write_metadata(where: Where, **more: str | int | bool | None) -> str:
    """Write what a modal of ours must keep: where to answer, and *more*."""
    place = {"channel": where.channel, "response_url": where.response_url}
    kept = {name: value for name, value in {**place, **more}.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def find_where(body: dict[str, Any]) -> Where:
    """Find out from a request of Slack's where its person waits."""
    view = body.get("view") or {}
    kept = read_metadata(view) if view.get("type") == "modal" else {}
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or body.get("channel_id") or container.get("channel_id")
    return Where(
        user=(body.get("user") or {}).get("id") or body.get("user_id") or "",
        channel=channel or kept.get("channel"),
        response_url=body.get("response_url") or kept.get("response_url"),
        view_id=view.get("id"),
        message_ts=container.get("message_ts"),
    )
