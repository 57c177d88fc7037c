"""What Graph's error codes mean for a delivery."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.http import scrub

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HANDLING = "https://developers.facebook.com/docs/graph-api/guides/error-handling"
RATE_LIMITS = "https://developers.facebook.com/docs/graph-api/overview/rate-limiting"

DEFAULT_WAIT = timedelta(minutes=15)
"""How long to keep quiet where Graph doesn't say. Ours: its windows are an hour and a day, rolling."""


class Means(StrEnum):
    """What an error code asks of us."""

    TEMPORARY = "temporary"
    WAIT = "wait"
    CONTENT = "content"
    ASK_IT = "it"
    ASK_MANAGER = "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphError:
    """One row of the table: what it means, our word for it, and the page that says so."""

    means: Means
    code: str
    url: str = HANDLING


_PERMISSION = GraphError(means=Means.ASK_IT, code="app_not_allowed")
_TOKEN = GraphError(means=Means.ASK_IT, code="token_refused")
_WAIT = GraphError(means=Means.WAIT, code="rate_limited", url=RATE_LIMITS)
_TEMPORARY = GraphError(means=Means.TEMPORARY, code="vendor_error")

ERRORS: Mapping[int, GraphError] = {
    1: _TEMPORARY,
    2: _TEMPORARY,
    3: _PERMISSION,
    4: _WAIT,
    10: _PERMISSION,
    17: _WAIT,
    32: _WAIT,
    100: GraphError(means=Means.CONTENT, code="refused"),
    102: _TOKEN,
    190: _TOKEN,
    341: _WAIT,
    368: GraphError(means=Means.ASK_MANAGER, code="account_restricted"),
    506: GraphError(means=Means.CONTENT, code="duplicate"),
    613: _WAIT,
    80001: _WAIT,
    1609005: GraphError(means=Means.CONTENT, code="link_refused"),
    **dict.fromkeys(range(200, 300), _PERMISSION),
}
"""Graph's codes, read 2026-11. What is not here is `refused` on a 4xx, and unknown on a 5xx."""


_WHO = {Means.ASK_IT: Who.IT, Means.ASK_MANAGER: Who.MANAGER}


def failure_from(
    *,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    is_harmless: bool,
    is_repeat: bool,
    secrets: tuple[str, ...] = (),
) -> PlatformError:
    """Turn an answer that is no success into one of the five failures.

    Args:
        status: The HTTP status.
        headers: The answer's headers, with lower-case names.
        body: The answer's bytes.
        now: The time (aware UTC), to count a waiting time from.
        is_harmless: True for a call that makes nothing a citizen sees; it may be repeated freely.
        is_repeat: True where an earlier attempt may have published the same.
        secrets: What must not get into the failure: Graph repeats a malformed token in its message.
    """
    unclear = NotSent if is_harmless else PerhapsSent
    params: dict[str, str | int] = {"platform": "facebook", "status": status}
    error = _error_in(body)
    if error is None:
        # No answer of Graph's own: a gateway's, or one cut short. It says nothing of what Graph did.
        detail = scrub(body.decode("utf-8", "replace"), secrets=secrets)
        return unclear("answer_unreadable", params=params, detail=detail)
    params |= {"vendor_code": error["code"]}
    if error.get("error_subcode"):
        params["vendor_subcode"] = str(error["error_subcode"])
    detail = scrub(str(error.get("message", "")), secrets=secrets)
    row = ERRORS.get(error["code"]) or _row_for_unknown(status, error)
    if row.means is Means.WAIT:
        return Throttled(row.code, until=now + wait_in(headers), params=params, detail=detail)
    if row.means in _WHO:
        return NeedsPerson(row.code, who=_WHO[row.means], params=params, detail=detail)
    if row.code == "duplicate" and is_repeat:
        return PerhapsSent("duplicate_after_attempt", params=params, detail=detail)
    kind = Rejected if row.means is Means.CONTENT else unclear
    return kind(row.code, params=params, detail=detail)


def is_gone(refusal: Rejected) -> bool:
    """Tell whether Graph knows no such object, or doesn't show it to this token: it has one answer for both."""
    return (refusal.params.get("vendor_code"), refusal.params.get("vendor_subcode")) == (100, "33")


def wait_in(headers: Mapping[str, str]) -> timedelta:
    """Read how long Graph wants quiet: `estimated_time_to_regain_access` is in minutes."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
        minutes = [int(each.get("estimated_time_to_regain_access", 0)) for rows in usage.values() for each in rows]
    except (AttributeError, TypeError, ValueError):
        return DEFAULT_WAIT
    return timedelta(minutes=max(minutes)) if any(each > 0 for each in minutes) else DEFAULT_WAIT


def _error_in(body: bytes) -> dict[str, Any] | None:
    try:
        error = json.loads(body)["error"]
        return {**error, "code": int(error["code"])}
    except (KeyError, TypeError, ValueError):
        return None


def _row_for_unknown(status: int, error: Mapping[str, Any]) -> GraphError:
    if status >= 500 or error.get("is_transient"):  # noqa: PLR2004 - HTTP's line between our fault and theirs
        return _TEMPORARY
    return GraphError(means=Means.CONTENT, code="refused")
