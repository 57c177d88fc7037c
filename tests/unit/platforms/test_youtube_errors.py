"""What YouTube's reasons mean: https://developers.google.com/youtube/v3/docs/errors (read 2026-11)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.youtube.errors import failure_from, next_quota_reset

NOW = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)


def failure(reason: str, status: int = 403, *, is_harmless: bool = False) -> PlatformError:
    """Ask what a reason means."""
    error = {"code": status, "message": "m", "errors": [{"domain": "d", "reason": reason, "message": "m"}]}
    body = json.dumps({"error": error}).encode()
    return failure_from(status=status, body=body, now=NOW, is_harmless=is_harmless)


def test_the_quota_starts_anew_at_midnight_in_california() -> None:
    """Midnight Pacific is 17:00 JST in winter and 16:00 JST in summer."""
    assert next_quota_reset(datetime(2026, 12, 1, 0, 0, tzinfo=UTC)) == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert next_quota_reset(datetime(2026, 7, 1, 6, 59, tzinfo=UTC)) == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    assert next_quota_reset(datetime(2026, 7, 1, 7, 0, tzinfo=UTC)) == datetime(2026, 7, 2, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "wait"),
    [
        ("quotaExceeded", timedelta(hours=8)),
        ("uploadLimitExceeded", timedelta(hours=24)),
        ("rateLimitExceeded", timedelta(minutes=1)),
        ("userRateLimitExceeded", timedelta(minutes=1)),
    ],
)
def test_limits_wait_as_long_as_each_lasts(reason: str, wait: timedelta) -> None:
    """A quota lasts to midnight Pacific, an upload limit a day, a rate limit moments."""
    error = failure(reason)
    assert isinstance(error, Throttled)
    assert error.until == NOW + wait


@pytest.mark.parametrize("reason", ["invalidTitle", "invalidDescription", "invalidPublishAt", "invalidVideoMetadata"])
def test_what_youtube_calls_invalid_is_refused(reason: str) -> None:
    """It stays invalid however often it is sent."""
    assert type(failure(reason, 400)) is Rejected


@pytest.mark.parametrize(
    ("reason", "status", "who"),
    [
        ("authError", 401, Who.IT),
        ("forbidden", 403, Who.IT),
        ("insufficientPermissions", 403, Who.IT),
        ("channelSuspended", 403, Who.MANAGER),
        ("somethingNew", 403, Who.IT),
    ],
)
def test_consent_and_channels_need_a_person(reason: str, status: int, who: Who) -> None:
    """Consent is for whoever keeps the accounts, a suspended channel for who answers for it."""
    error = failure(reason, status)
    assert isinstance(error, NeedsPerson)
    assert error.who is who


def test_a_breakdown_leaves_it_open_unless_the_call_was_harmless() -> None:
    """A 5xx says nothing of what was done before it."""
    assert type(failure("backendError", 503)) is PerhapsSent
    assert type(failure("backendError", 503, is_harmless=True)) is NotSent


def test_a_page_that_is_not_youtubes_is_no_refusal() -> None:
    """A proxy's 400 says nothing of the video."""
    error = failure_from(status=400, body=b"<html>", now=NOW, is_harmless=False)
    assert type(error) is PerhapsSent
