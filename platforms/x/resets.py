"""Until when X takes nothing more: read from the headers of an answer.

Besides the windows of 15 minutes X counts a day for the account and a day for the whole app, with headers of their own
(https://docs.x.com/x-api/fundamentals/rate-limits, read 2026-11-21; those of the two days as libraries see them on the
wire: plhery/node-twitter-api-v2 issues 495 and 553). Some proxies leave headers out, so each is taken as it comes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from platforms.errors import Throttled

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_WAIT: Final = timedelta(minutes=15)
"""X's rate windows last 15 minutes; taken where a 429 names no reset."""
CREDITS_WAIT: Final = timedelta(hours=1)
"""How long to keep quiet where the app's usage is capped; X doesn't say. Ours."""

_WINDOW, _ACCOUNT_DAY, _APP_DAY = "x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour"


def throttled(headers: Mapping[str, str], problem: str, detail: str, *, now: datetime) -> Throttled:
    """Turn a 429 into what it means: until when, and for the account or for every account of the app."""
    params = {"platform": "x"}
    if "usage-capped" in problem:
        until = now + CREDITS_WAIT
        return Throttled("quota_used_up", until=until, params=params, detail=detail, is_app_wide=True)
    app_day = _used_up_until(headers, _APP_DAY)
    if app_day is not None and app_day > now:
        return Throttled("quota_used_up", until=app_day, params=params, detail=detail, is_app_wide=True)
    account_day = _used_up_until(headers, _ACCOUNT_DAY)
    if account_day is not None and account_day > now:
        return Throttled("quota_used_up", until=account_day, params=params, detail=detail)
    until = _moment(headers, f"{_WINDOW}-reset") or now + DEFAULT_WAIT
    return Throttled("rate_limited", until=until, params=params, detail=detail)


def full_until(headers: Mapping[str, str]) -> datetime | None:
    """Return until when nothing more is taken where an answer says that it was the last one, or None."""
    found = [_used_up_until(headers, name) for name in (_WINDOW, _ACCOUNT_DAY)]
    return max((at for at in found if at is not None), default=None)


def _used_up_until(headers: Mapping[str, str], name: str) -> datetime | None:
    return _moment(headers, f"{name}-reset") if headers.get(f"{name}-remaining", "").strip() == "0" else None


def _moment(headers: Mapping[str, str], name: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(headers[name]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
