"""One LINE account: broadcast once, by the retry key that LINE itself guards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Throttled, Who
from platforms.http import connection_failure, scrub
from platforms.line.messages import message_objects
from platforms.line.plan import KEY_MARGIN, RETRY_KEY_LIFE
from platforms.port import Finding, Identity, NotSeen, Receipt, SafeToRepeat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from platforms.line.clients import LineClients
    from platforms.port import Pending, Plan

RATE_WAIT = timedelta(minutes=5)
"""Broadcasts are limited to 60 an hour; LINE names no reset, so it is asked again after this."""
_TOKYO = ZoneInfo("Asia/Tokyo")
"""LINE counts months in Japan's time."""
CONFLICT, TOO_MANY = 409, 429

_REFUSALS: Mapping[int, tuple[str, Who | None]] = {
    # https://developers.line.biz/en/reference/messaging-api/#status-codes, read 2026-11-21
    400: ("refused", None),
    401: ("token_refused", Who.IT),
    403: ("app_not_allowed", Who.IT),
    404: ("not_found", Who.IT),
    410: ("not_found", Who.IT),
    413: ("too_large", None),
    415: ("refused", None),
}
"""What LINE's refusals mean: our code, and who must act (None: the content is refused)."""


class LineSession:
    """One channel.

    Args:
        clients: The SDK's, shared with other sessions.
        token: The channel access token.
        timeout: Seconds to connect, seconds to wait for an answer.
        now: The clock (aware UTC).
    """

    def __init__(
        self,
        *,
        clients: LineClients,
        token: str,
        timeout: tuple[float, float],
        now: Callable[[], datetime],
    ) -> None:
        self._clients = clients
        self._token = token
        self._timeout = timeout
        self._now = now

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Broadcast *plan* under the retry key *key*: sent again within 24 hours, LINE answers with the first one.

        Raises:
            PlatformError: One of its five kinds.
        """
        del resume, checkpoint
        import linebot.v3.messaging as sdk  # noqa: PLC0415 - 0.85 s of CPU and 67 MB

        body = sdk.BroadcastRequest.from_dict({"messages": message_objects(plan), "notificationDisabled": False})
        try:
            with self._clients.lent(self._token) as client:
                answer = client.broadcast_with_http_info(
                    body, x_line_retry_key=key, _request_timeout=self._timeout, _return_http_data_only=False
                )
        except sdk.ApiException as error:
            return self._after(error)
        except Exception as error:
            raise connection_failure(error, platform="line") from error
        request_id = (answer.headers or {}).get("x-line-request-id")
        if not request_id:
            raise PerhapsSent("answer_unreadable", params={"platform": "line"})
        return Receipt(external_id=request_id, url=None, at=self._now())

    def poll(self, token: str) -> Receipt | Pending:
        """LINE leaves nothing pending."""
        raise NotSent("nothing_pending", params={"platform": "line", "token": token})

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Finding:
        """Say whether the retry key still guards a repeat. LINE has no way to read a broadcast back."""
        del plan, key, resume
        if self._now() - since < RETRY_KEY_LIFE - KEY_MARGIN:
            return SafeToRepeat(reason="line_retry_key")
        return NotSeen()

    def whoami(self) -> Identity:
        """Ask LINE whose channel this is: GET /v2/bot/info.

        Raises:
            PlatformError: Any kind but `PerhapsSent`.
        """
        import linebot.v3.messaging as sdk  # noqa: PLC0415 - 0.85 s of CPU and 67 MB

        try:
            with self._clients.lent(self._token) as client:
                info = client.get_bot_info(_request_timeout=self._timeout)
        except sdk.ApiException as error:
            failure = self._failure(error, error.headers or {})
            raise _harmless(failure) from error
        except Exception as error:
            raise _harmless(connection_failure(error, platform="line")) from error
        return Identity(external_id="", names=tuple(name for name in (info.basic_id, info.premium_id) if name))

    def _after(self, error: Any) -> Receipt:  # noqa: ANN401 - the same
        """Turn LINE's refusal into a receipt (it had it already) or into one of our failures."""
        headers: Mapping[str, str] = error.headers or {}
        accepted_id = headers.get("x-line-accepted-request-id")
        if error.status == CONFLICT and accepted_id:
            return Receipt(external_id=accepted_id, url=None, at=self._now(), is_repeat=True)
        raise self._failure(error, headers) from error

    def _failure(self, error: Any, headers: Mapping[str, str]) -> PlatformError:  # noqa: ANN401 - the same
        said = str(error.body or error.reason or "")
        detail = scrub(f"HTTP {error.status} {said}", secrets=[self._token])
        params = {"platform": "line"}
        if error.status == TOO_MANY and "monthly limit" in said:
            return Throttled("quota_used_up", until=_next_month(self._now()), params=params, detail=detail)
        if error.status == TOO_MANY:
            until = self._now() + _wait_of(headers)
            return Throttled("rate_limited", until=until, params=params, detail=detail)
        if error.status in _REFUSALS:
            code, who = _REFUSALS[error.status]
            if who is None:
                return Rejected(code, params=params, detail=detail)
            return NeedsPerson(code, who=who, params=params, detail=detail)
        return PerhapsSent("vendor_error", params=params, detail=detail)


def _harmless(failure: PlatformError) -> PlatformError:
    """Return a failure of a call that changes nothing: whatever became of it, nothing was sent."""
    if not isinstance(failure, PerhapsSent):
        return failure
    return NotSent(failure.code, params=failure.params, detail=failure.detail)


def _next_month(now: datetime) -> datetime:
    local = now.astimezone(_TOKYO)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)
    return first.replace(day=1).astimezone(now.tzinfo)


def _wait_of(headers: Mapping[str, str]) -> timedelta:
    try:
        return timedelta(seconds=int(headers["retry-after"]))
    except (KeyError, ValueError):
        return RATE_WAIT
