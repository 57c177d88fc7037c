"""What X and LINE answer when they refuse, word by word, through the real SDKs."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from platforms.errors import NeedsPerson, PerhapsSent, PlatformError, Rejected, Throttled
from platforms.line import LinePlatform
from platforms.port import AccountRef, Endpoints, Message, Receipt
from platforms.x import XPlatform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
ACCOUNT = AccountRef(key="kashiwa", handle="kashiwa_shi", external_id="1")
PROBLEMS = "https://api.x.com/2/problems/"


@pytest.fixture
def answering() -> Iterator[Callable[..., str]]:
    """Serve one fixed answer to every POST; gives the address."""
    servers: list[ThreadingHTTPServer] = []

    def answer(status: int, body: object, headers: dict[str, str] | None = None) -> str:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield answer
    for server in servers:
        server.shutdown()
        server.server_close()


def publish_on_x(base: str) -> Receipt:
    """Publish a text on X at *base*."""
    x = XPlatform(Endpoints(x=base), now=lambda: NOW, timeout_seconds=2)
    session = x.connect(ACCOUNT, dict.fromkeys(x.secret_fields, "a-secret"))
    outcome = session.publish(x.plan(Message(text="本文")), key="", resume=None, checkpoint=lambda _: None)
    assert isinstance(outcome, Receipt)
    return outcome


def publish_on_line(base: str) -> Receipt:
    """Broadcast a text on LINE at *base*."""
    line = LinePlatform(Endpoints(line=base), now=lambda: NOW, timeout_seconds=2)
    session = line.connect(ACCOUNT, {"channel_access_token": "a-secret"})
    plan = line.plan(Message(text="本文"))
    outcome = session.publish(plan, key=str(uuid.uuid4()), resume=None, checkpoint=lambda _: None)
    assert isinstance(outcome, Receipt)
    return outcome


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, {"type": PROBLEMS + "invalid-request", "title": "Invalid Request"}, Rejected, "refused"),
        (401, {"title": "Unauthorized", "status": 401}, NeedsPerson, "token_refused"),
        (402, {"title": "CreditsDepleted", "detail": "no credits"}, NeedsPerson, "credits_used_up"),
        (403, {"type": PROBLEMS + "client-forbidden", "title": "Client Forbidden"}, NeedsPerson, "app_not_allowed"),
        (403, {"type": PROBLEMS + "oauth1-permissions", "title": "Forbidden"}, NeedsPerson, "app_not_allowed"),
        (403, {"detail": "Your account is suspended and is not permitted."}, NeedsPerson, "account_suspended"),
        (403, {"detail": "To protect our users, this account is temporarily locked."}, NeedsPerson, "account_locked"),
        (
            403,  # https://developer.x.com's code 136: one who blocks us closes none of our accounts
            {"errors": [{"message": "You have been blocked from retweeting this user's tweets at their request."}]},
            Rejected,
            "refused",
        ),
        (
            403,
            {
                "detail": "You are not allowed to create a Tweet with duplicate content.",
                "type": "about:blank",
                "title": "Forbidden",
                "status": 403,
            },
            Rejected,
            "duplicate",
        ),
        (403, {"detail": "You are not permitted to perform this action."}, Rejected, "refused"),
        (429, {"type": PROBLEMS + "usage-capped", "title": "UsageCapExceeded"}, Throttled, "quota_used_up"),
        (429, {"title": "Too Many Requests"}, Throttled, "rate_limited"),
        (500, {"title": "Internal Server Error"}, PerhapsSent, "vendor_error"),
        (503, "<html>over capacity</html>", PerhapsSent, "vendor_error"),
        (302, "", PerhapsSent, "vendor_error"),
        (201, "<html>", PerhapsSent, "answer_unreadable"),
        (200, {"errors": [{"message": "partial"}]}, PerhapsSent, "answer_unreadable"),
        (201, {"data": {"text": "no id"}}, PerhapsSent, "answer_unreadable"),
        (201, [], PerhapsSent, "answer_unreadable"),
    ],
)
def test_what_an_answer_of_x_means(
    answering: Callable[..., str], status: int, body: object, kind: type[PlatformError], code: str
) -> None:
    """Problem types of X's OpenAPI 2.158 and 2.167; the duplicate as seen on the wire (platforms.md 4.1)."""
    with pytest.raises(PlatformError) as caught:
        publish_on_x(answering(status, body, {"Location": "http://127.0.0.1:9/"}))
    assert (type(caught.value), caught.value.code) == (kind, code)


def test_x_names_the_end_of_its_window(answering: Callable[..., str]) -> None:
    """x-rate-limit-reset is in seconds since 1970."""
    headers = {"x-rate-limit-reset": str(int((NOW + timedelta(minutes=7)).timestamp()))}
    with pytest.raises(Throttled) as caught:
        publish_on_x(answering(429, {}, headers))
    assert caught.value.until == NOW + timedelta(minutes=7)


def test_where_x_names_no_end_a_whole_window_is_waited(answering: Callable[..., str]) -> None:
    """X's windows last 15 minutes."""
    with pytest.raises(Throttled) as caught:
        publish_on_x(answering(429, {}))
    assert caught.value.until == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, {"message": "The request body has 1 error(s)"}, Rejected, "refused"),
        (401, {"message": "Authentication failed."}, NeedsPerson, "token_refused"),
        (403, {"message": "Access to this API is not available for your account"}, NeedsPerson, "app_not_allowed"),
        (409, {"message": "The retry key is already accepted"}, PerhapsSent, "vendor_error"),
        (413, {"message": "Request Entity Too Large"}, Rejected, "too_large"),
        (429, {"message": "You have reached your monthly limit."}, Throttled, "quota_used_up"),
        (429, {"message": "The API rate limit has been exceeded. Try again later."}, Throttled, "rate_limited"),
        (500, {"message": "Internal Server Error"}, PerhapsSent, "vendor_error"),
        (502, "<html>bad gateway</html>", PerhapsSent, "vendor_error"),
        (302, "", PerhapsSent, "vendor_error"),
        (200, {}, PerhapsSent, "answer_unreadable"),
    ],
)
def test_what_an_answer_of_line_means(
    answering: Callable[..., str], status: int, body: object, kind: type[PlatformError], code: str
) -> None:
    """https://developers.line.biz/en/reference/messaging-api/#error-responses; without an id nothing is proven."""
    with pytest.raises(PlatformError) as caught:
        publish_on_line(answering(status, body, {"Location": "http://127.0.0.1:9/"}))
    assert (type(caught.value), caught.value.code) == (kind, code)


def test_line_already_had_it(answering: Callable[..., str]) -> None:
    """409 with x-line-accepted-request-id is a receipt with the first request's id."""
    base = answering(409, {"message": "The retry key is already accepted"}, {"x-line-accepted-request-id": "first"})
    receipt = publish_on_line(base)
    assert (receipt.external_id, receipt.is_repeat) == ("first", True)


@pytest.mark.parametrize("publish", [publish_on_x, publish_on_line])
def test_a_vendor_that_repeats_our_secret_is_not_quoted(
    answering: Callable[..., str], publish: Callable[[str], Receipt]
) -> None:
    """What is said about a failure is shown and logged; no secret is in it."""
    with pytest.raises(PlatformError) as caught:
        publish(answering(400, {"message": "bad token a-secret", "detail": "bad token a-secret"}))
    assert "a-secret" not in str(caught.value)
    assert "***" in str(caught.value)
