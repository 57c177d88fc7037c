"""What every adapter's HTTP has in common: what a broken call proves, what may be logged, how to get out.

No HTTP library is imported here, so that `sns --help` stays quick: exceptions are known by their names.
"""

from __future__ import annotations

import re
import select
import ssl
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from platforms.errors import NotSent, PerhapsSent

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable, Iterator

CONNECT_TIMEOUT_SECONDS = 10.0
KEEP_IDLE_SECONDS = 3.0
"""How long a connection may have been idle and still be used for the next call.

A request that is written just as the server closes is lost without a trace, and nobody can tell it from one that was
taken. Servers close after 5 s at the earliest (the default of Node.js and of Apache; nginx 75 s), and whether one has
closed already is looked at before anything is written. Vendors don't say how long they wait.
"""
MAX_KEPT = 32
"""How many idle connections are kept at most, a host."""
MAX_DETAIL_CHARS = 500

NOTHING_WRITTEN = frozenset(
    {
        "builtins.ConnectionRefusedError",
        "httpx.ConnectError",
        "httpx.ConnectTimeout",
        "httpx.PoolTimeout",
        "httpx.ProxyError",
        "httpx.UnsupportedProtocol",
        "httplib2.error.ServerNotFoundError",
        "requests.exceptions.ConnectTimeout",
        "requests.exceptions.InvalidURL",
        "requests.exceptions.ProxyError",
        "socket.gaierror",
        "ssl.SSLCertVerificationError",
        "urllib3.exceptions.ConnectTimeoutError",
        "urllib3.exceptions.NameResolutionError",
        "urllib3.exceptions.NewConnectionError",
        "urllib3.exceptions.ProxyError",
    }
)
"""Exceptions that libraries raise only before the first byte of a request is written.

urllib3 raises `ProxyError` only while it connects to the proxy or asks it for a tunnel; httpx's
`ConnectError` covers TCP and the TLS handshake. A reset, a read time-out or a write error is not here:
after those the vendor may have the request.
"""

_SECRET_PATTERNS = (
    re.compile(r"(?i)((?:access_token|appsecret_proof|refresh_token|client_secret|input_token)=)[^&\s\"']+"),
    re.compile(r"(?i)(\bbearer\s+)[^\s\"']+"),
    re.compile(r"(?i)(\boauth_(?:token|signature|consumer_key|nonce)=\"?)[^\s\",]+"),
    re.compile(r"(?i)(\"(?:access_token|refresh_token|client_secret)\"\s*:\s*\")[^\"]+"),
)


def is_nothing_written(error: BaseException) -> bool:
    """Tell whether *error* proves that no byte of the request was written."""
    return any(_names_of(each) & NOTHING_WRITTEN for each in _chain(error))


def connection_failure(error: BaseException, *, platform: str, is_harmless: bool = False) -> NotSent | PerhapsSent:
    """Turn an exception of an HTTP library into what it means for the delivery.

    Args:
        error: What requests, urllib3, httpx or httplib2 raised.
        platform: The platform's name, for the sentence.
        is_harmless: True for a call that may be repeated freely (a read, an upload nobody sees).
    """
    detail = scrub(f"{type(error).__name__}: {error}")
    params = {"platform": platform}
    if is_nothing_written(error):
        return NotSent("unreachable", params=params, detail=detail)
    if is_harmless:
        return NotSent("no_answer", params=params, detail=detail)
    return PerhapsSent("no_answer", params=params, detail=detail)


def scrub(text: str, *, secrets: Iterable[str] = ()) -> str:
    """Take out of *text* every one of *secrets* and whatever looks like a token; cut it to 500 characters."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    for pattern in _SECRET_PATTERNS:
        text = pattern.sub(r"\1***", text)
    return text[:MAX_DETAIL_CHARS]


@lru_cache(maxsize=4)
def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """Build the TLS context once a process (20 ms each): the machine's authorities, or those in *ca_file*.

    OpenSSL itself honours `SSL_CERT_FILE` and `SSL_CERT_DIR` where *ca_file* is None.
    """
    return ssl.create_default_context(cafile=ca_file)


def has_something(connection: socket.socket) -> bool:
    """Tell whether something came on an idle *connection*: nobody was asked anything, so it is the end of it."""
    watch = select.poll()
    watch.register(connection, select.POLLIN)
    return bool(watch.poll(0))


def proxy_for(url: str) -> str | None:
    """Find the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` ask for, for SDKs that don't look."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


def is_loopback(url: str) -> bool:
    """Tell whether *url* stays on this machine: where the stand-ins are, plain HTTP is taken."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _names_of(error: BaseException) -> set[str]:
    return {f"{cls.__module__}.{cls.__qualname__}" for cls in type(error).__mro__}


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk from a wrapped exception to what it wraps (not to what merely happened before)."""
    seen: set[int] = set()
    todo: list[object] = [error]
    while todo:
        each = todo.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            todo += [each.__cause__, getattr(each, "reason", None), *each.args]
