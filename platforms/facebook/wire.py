"""The way out to Graph for every Page of the process: httpx's clients, each kept with its one connection.

A single client would keep all connections in one pool, and httpx looks through the whole of it at each call: where a
hundred Pages publish at once, that takes several times as long as the calls.
"""

from __future__ import annotations

import logging
from collections import deque
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from platforms.http import CONNECT_TIMEOUT_SECONDS, KEEP_IDLE_SECONDS, MAX_KEPT, tls_context

if TYPE_CHECKING:
    import httpx


class KeptHttp:
    """Makes calls over connections that are kept, cookies are not. May be used from many threads.

    httpx looks whether a kept connection was closed before it writes to it.

    Args:
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    def __init__(self, *, ca_file: str | None, timeout_seconds: float) -> None:
        self._ca_file = ca_file
        self._timeout_seconds = timeout_seconds
        self._free: deque[httpx.Client] = deque()

    def request(self, method: str, url: str, **what: Any) -> httpx.Response:
        """Make one call, as `httpx.Client.request` does."""
        try:
            own = self._free.pop()
        except IndexError:
            own = self._build()
        try:
            return own.request(method, url, **what)
        finally:
            if len(self._free) < MAX_KEPT:
                self._free.append(own)
            else:
                own.close()

    def close(self) -> None:
        """Close what is kept and not in use."""
        while self._free:
            self._free.pop().close()

    def _build(self) -> httpx.Client:
        import httpx  # noqa: PLC0415 - 0.1 s that `sns --help` need not pay

        # Its INFO lines hold whole addresses, and so the proof.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        timeout_seconds = self._timeout_seconds
        return httpx.Client(
            timeout=httpx.Timeout(timeout_seconds, connect=min(CONNECT_TIMEOUT_SECONDS, timeout_seconds)),
            verify=tls_context(self._ca_file),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEP_IDLE_SECONDS),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        )
