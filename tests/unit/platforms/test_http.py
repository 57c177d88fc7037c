"""What a broken call proves, by the libraries' own exceptions."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

import httpx
import pytest
import requests
import urllib3

from platforms.errors import NotSent, PerhapsSent
from platforms.http import connection_failure, is_loopback, proxy_for, scrub, tls_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def rude_address() -> Iterator[str]:
    """Serve a port that reads a request and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def by_requests(url: str) -> None:
    """POST with requests, as tweepy does."""
    requests.post(url, json={}, timeout=2)


def by_urllib3(url: str) -> None:
    """POST with urllib3, as line-bot-sdk does."""
    urllib3.PoolManager().request("POST", url, body=b"{}", retries=urllib3.Retry(total=0, redirect=False), timeout=2)


def by_httpx(url: str) -> None:
    """POST with httpx, as our Facebook adapter does."""
    httpx.post(url, json={}, timeout=2, verify=False)  # noqa: S501 - plain HTTP


LIBRARIES = [by_requests, by_urllib3, by_httpx]


@pytest.mark.parametrize("post", LIBRARIES)
def test_a_refused_connection_proves_that_nothing_was_sent(post: Callable[[str], None]) -> None:
    """Nothing listens on the port: not one byte of the request was written."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each library has its own
        post("http://127.0.0.1:9/")
    assert isinstance(connection_failure(caught.value, platform="x"), NotSent)


@pytest.mark.parametrize("post", LIBRARIES)
def test_a_connection_closed_after_the_request_proves_nothing(post: Callable[[str], None], rude_address: str) -> None:
    """The vendor had the request; whether it took it nobody knows."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each library has its own
        post(rude_address)
    assert isinstance(connection_failure(caught.value, platform="x"), PerhapsSent)


def test_a_harmless_call_may_always_be_repeated() -> None:
    """An upload that nobody sees can be made again."""
    error = requests.ReadTimeout("read timed out")
    assert isinstance(connection_failure(error, platform="x"), PerhapsSent)
    assert isinstance(connection_failure(error, platform="x", is_harmless=True), NotSent)


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectTimeout("slow"),
        requests.exceptions.ProxyError("407"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("busy"),
        ssl.SSLCertVerificationError("self-signed"),
        socket.gaierror("no such name"),
    ],
)
def test_what_fails_before_the_first_byte_is_not_sent(error: Exception) -> None:
    """Names, proxies, TLS and connecting come before the request."""
    assert isinstance(connection_failure(error, platform="x"), NotSent)


@pytest.mark.parametrize(
    "error",
    [
        requests.ReadTimeout("slow"),
        ConnectionResetError("reset"),
        httpx.WriteError("broken"),
        httpx.RemoteProtocolError("closed"),
        RuntimeError("something new"),
    ],
)
def test_everything_else_is_perhaps_sent(error: Exception) -> None:
    """Nothing is safe to repeat by default."""
    assert isinstance(connection_failure(error, platform="x"), PerhapsSent)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /me?access_token=EAAB1234&fields=id", "GET /me?access_token=***&fields=id"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ('OAuth oauth_token="1-a", oauth_signature="b%3D"', 'OAuth oauth_token="***", oauth_signature="***"'),
        ('{"refresh_token": "1//abc"}', '{"refresh_token": "***"}'),
    ],
)
def test_what_looks_like_a_token_is_taken_out(said: str, kept: str) -> None:
    """Secrets are never logged."""
    assert scrub(said) == kept


def test_known_secrets_are_taken_out_wherever_they_are() -> None:
    """A vendor may repeat a token in its own words."""
    assert scrub("invalid token: s3cr3t", secrets=["s3cr3t", ""]) == "invalid token: ***"


def test_a_long_answer_is_cut() -> None:
    """A page of HTML is no sentence for a person."""
    assert len(scrub("x" * 10_000)) == 500


def test_proxies_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTPS_PROXY and NO_PROXY hold for the SDKs too that don't look at them."""
    monkeypatch.setenv("https_proxy", "http://proxy.example:8080")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    assert proxy_for("https://api.line.me") == "http://proxy.example:8080"
    assert proxy_for("https://127.0.0.1:8443") is None
    assert proxy_for("http://api.line.me") is None


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("http://127.0.0.1:8090/line", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("https://api.line.me", False),
        ("http://127.0.0.1.example.jp", False),
        ("http://127.example.jp", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, stays: bool) -> None:  # noqa: FBT001 - the expected value
    """Plain HTTP is taken from here and nowhere else."""
    assert is_loopback(url) is stays


def test_the_tls_context_is_built_once_and_checks_names() -> None:
    """Building one takes 20 ms; it must verify."""
    context = tls_context()
    assert tls_context() is context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
