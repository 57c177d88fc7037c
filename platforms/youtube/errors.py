"""What YouTube's error reasons mean for a delivery."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.http import scrub

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCS = "https://developers.google.com/youtube/v3/docs/errors"
QUOTA = "https://developers.google.com/youtube/v3/getting-started#quota"
INSERT = "https://developers.google.com/youtube/v3/docs/videos/insert#errors"

PACIFIC = ZoneInfo("America/Los_Angeles")
RATE_WAIT = timedelta(minutes=1)
"""How long to keep quiet after a rate limit; YouTube doesn't say. Ours."""
UPLOAD_LIMIT_WAIT = timedelta(hours=24)
"""A channel's own upload limit counts a day: https://support.google.com/youtube/answer/4525309 (read 2026-11)."""


class Means(StrEnum):
    """What a reason asks of us."""

    WAIT = "wait"
    WAIT_A_DAY = "wait_a_day"
    WAIT_FOR_QUOTA = "wait_for_quota"
    CONTENT = "content"
    ASK_IT = "it"
    ASK_MANAGER = "manager"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True, kw_only=True)
class YouTubeError:
    """One row of the table: what it means, our word for it, and the page that says so."""

    means: Means
    code: str
    url: str = DOCS


_QUOTA = YouTubeError(means=Means.WAIT_FOR_QUOTA, code="quota_used_up", url=QUOTA)
_RATE = YouTubeError(means=Means.WAIT, code="rate_limited")
_TOKEN = YouTubeError(means=Means.ASK_IT, code="token_refused")
_PERMISSION = YouTubeError(means=Means.ASK_IT, code="app_not_allowed")
_RESTRICTED = YouTubeError(means=Means.ASK_MANAGER, code="account_suspended")
_CONTENT = YouTubeError(means=Means.CONTENT, code="refused", url=INSERT)
_TEMPORARY = YouTubeError(means=Means.TEMPORARY, code="vendor_error")

ERRORS: Mapping[str, YouTubeError] = {
    "quotaExceeded": _QUOTA,
    "dailyLimitExceeded": _QUOTA,
    "uploadLimitExceeded": YouTubeError(means=Means.WAIT_A_DAY, code="upload_limit", url=INSERT),
    "rateLimitExceeded": _RATE,
    "userRateLimitExceeded": _RATE,
    "authError": _TOKEN,
    "authorizationRequired": _TOKEN,
    "required": _TOKEN,
    "forbidden": _PERMISSION,
    "insufficientPermissions": _PERMISSION,
    "accessNotConfigured": _PERMISSION,
    "youtubeSignupRequired": _PERMISSION,
    "channelClosed": _RESTRICTED,
    "channelSuspended": _RESTRICTED,
    "authenticatedUserAccountClosed": _RESTRICTED,
    "authenticatedUserAccountSuspended": _RESTRICTED,
    "videoNotFound": YouTubeError(means=Means.CONTENT, code="video_gone"),
    "backendError": _TEMPORARY,
    "internalError": _TEMPORARY,
}
"""Reasons, read 2026-11. `invalid…` is content; the rest goes by the HTTP status."""

_WHO = {Means.ASK_IT: Who.IT, Means.ASK_MANAGER: Who.MANAGER}


def failure_from(
    *, status: int, body: bytes, now: datetime, is_harmless: bool, secrets: tuple[str, ...] = ()
) -> PlatformError:
    """Turn an answer that is no success into one of the five failures.

    Args:
        status: The HTTP status.
        body: The answer's bytes.
        now: The time (aware UTC), to count a waiting time from.
        is_harmless: True for a call that makes nothing that lasts; it may be repeated freely.
        secrets: What must not get into the failure.
    """
    reason, message = _reason_in(body)
    row = ERRORS.get(reason) or _row_by_status(reason, status)
    params: dict[str, str | int] = {"platform": "youtube", "status": status, "reason": reason}
    detail = scrub(message, secrets=secrets)
    until = _until(row.means, now)
    if until is not None:
        is_project = row.means is Means.WAIT_FOR_QUOTA  # the quota is the project's, over all its channels
        return Throttled(row.code, until=until, params=params, detail=detail, is_app_wide=is_project)
    if row.means in _WHO:
        return NeedsPerson(row.code, who=_WHO[row.means], params=params, detail=detail)
    if row.means is Means.CONTENT:
        return Rejected(row.code, params=params, detail=detail)
    kind = NotSent if is_harmless else PerhapsSent
    return kind(row.code, params=params, detail=detail)


def next_quota_reset(now: datetime) -> datetime:
    """Find the next midnight in California, when YouTube's quota starts anew (aware UTC)."""
    tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PACIFIC).astimezone(UTC)


def _until(means: Means, now: datetime) -> datetime | None:
    match means:
        case Means.WAIT:
            return now + RATE_WAIT
        case Means.WAIT_A_DAY:
            return now + UPLOAD_LIMIT_WAIT
        case Means.WAIT_FOR_QUOTA:
            return next_quota_reset(now)
        case _:
            return None


def _reason_in(body: bytes) -> tuple[str, str]:
    try:
        error = json.loads(body)["error"]
        return str(error["errors"][0]["reason"]), str(error.get("message", ""))
    except (KeyError, IndexError, TypeError, ValueError):
        return "", body.decode("utf-8", "replace")


def _row_by_status(reason: str, status: int) -> YouTubeError:
    if reason.startswith("invalid"):
        return _CONTENT
    by_status = {401: _TOKEN, 403: _PERMISSION, 429: _RATE}
    if status in by_status:
        return by_status[status]
    # Without a reason it is no answer of YouTube's own: it says nothing of the content.
    is_content = reason and 400 <= status < 500  # noqa: PLR2004 - HTTP's range of "your fault"
    return _CONTENT if is_content else _TEMPORARY
