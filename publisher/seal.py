"""The seal: one hash of everything that an approval covers on one account."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from platforms.port import Plan

_FORM = 1
"""Sealed with the rest, so that another way of sealing never gives the same hash."""
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal(plan: Plan, *, account: str, planned_at: datetime | None) -> str:
    """Return the seal of *plan* on *account*: SHA-256 over its canonical JSON, in hexadecimal digits.

    Args:
        plan: What would be sent: text, title, files with their descriptions, in their order.
        account: The account's key.
        planned_at: The time that was approved, aware; None: as soon as it is approved.
    """
    body = {
        "form": _FORM,
        "account": account,
        "planned_at": None if planned_at is None else planned_at.timestamp(),
        "platform": plan.platform,
        "text": plan.text,
        "title": plan.title,
        "media": [[media.sha256, media.alt] for media in plan.media],
    }
    return hashlib.sha256(_CANONICAL.encode(body).encode()).hexdigest()
