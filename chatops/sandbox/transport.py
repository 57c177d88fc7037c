"""Carries one request to the app, by Socket Mode or as a signed HTTP POST, and waits for its acknowledgement."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import requests

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json, SentRequest

ACK_SECONDS = 3.0
"""docs.slack.dev/interactivity/handling-user-interaction (Acknowledgment response), read 2026-11-21."""
STALE_SECONDS = 6 * 60


class NotAcknowledged(Exception):  # noqa: N818 - reads as what happened
    """The app did not take a request. *code* is the word that Slack shows people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """How a request to a Request URL is spoilt on order, to see whether the app refuses it."""

    has_wrong_signature: bool = False
    is_stale: bool = False
    """Signed correctly, six minutes ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Says that a request is sent again. *number* counts from 1."""

    number: int
    reason: str = "timeout"


def send(
    world: SlackWorld,
    request: SentRequest,
    *,
    repeat: Repeat | None = None,
    forgery: Forgery | None = None,
) -> Json | str | None:
    """Send *request* and return what the acknowledgement carried.

    Raises:
        NotAcknowledged: `operation_timeout`, `dispatch_failed`, `http_client_error`, `http_service_error`.
    """
    if world.request_url is not None:
        return _post(world, world.request_url, request, repeat=repeat, forgery=forgery or Forgery())
    if world.link is None:
        raise NotAcknowledged("dispatch_failed")
    envelope: Json = {
        "envelope_id": request.envelope_id,
        "payload": request.payload,
        "type": request.kind,
        "accepts_response_payload": request.accepts_response_payload,
    }
    if request.kind == "events_api":
        envelope |= {"retry_attempt": 0, "retry_reason": ""}
    if repeat is not None:
        envelope |= {"retry_attempt": repeat.number, "retry_reason": repeat.reason}
    return world.link.deliver(envelope, timeout_seconds=ACK_SECONDS)


def sign(signing_secret: str, timestamp: str, body: bytes) -> str:
    """Return `X-Slack-Signature`: v0, HMAC-SHA256 over version, time stamp and body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(signing_secret.encode(), base, hashlib.sha256).hexdigest()


def _post(
    world: SlackWorld, url: str, request: SentRequest, *, repeat: Repeat | None, forgery: Forgery
) -> Json | str | None:
    body, content_type = _encode(request)
    timestamp = str(int(world.real_seconds()) - (STALE_SECONDS if forgery.is_stale else 0))
    secret = "another secret" if forgery.has_wrong_signature else world.signing_secret
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(secret, timestamp, body),
    }
    if repeat is not None:
        headers |= {"X-Slack-Retry-Num": str(repeat.number), "X-Slack-Retry-Reason": "http_" + repeat.reason}
    try:
        # A proxy of the surroundings must not come between two servers on one machine.
        with requests.Session() as session:
            session.trust_env = False
            response = session.post(url, data=body, headers=headers, timeout=ACK_SECONDS, allow_redirects=False)
    except requests.Timeout:
        raise NotAcknowledged("operation_timeout") from None
    except requests.RequestException:
        raise NotAcknowledged("dispatch_failed") from None
    if response.elapsed.total_seconds() >= ACK_SECONDS:  # whatever it says, it says it too late
        raise NotAcknowledged("operation_timeout")
    return _read(response)


def _encode(request: SentRequest) -> tuple[bytes, str]:
    if request.kind == "slash_commands":
        return urlencode(request.payload).encode(), "application/x-www-form-urlencoded"
    text = json.dumps(request.payload, ensure_ascii=False)
    if request.kind == "interactive":
        return urlencode({"payload": text}).encode(), "application/x-www-form-urlencoded"
    return text.encode(), "application/json"


def _read(response: requests.Response) -> Json | str | None:
    if response.status_code >= 500:  # noqa: PLR2004 - HTTP
        raise NotAcknowledged("http_service_error")
    if response.status_code >= 300:  # noqa: PLR2004 - HTTP
        raise NotAcknowledged("http_client_error")
    if not response.content:
        return None
    if response.headers.get("Content-Type", "").startswith("application/json"):
        found: Json = response.json()
        return found
    return response.text
