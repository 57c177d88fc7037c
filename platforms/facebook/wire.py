"""The way out to Graph for every Page of the process: httpx's transports, each kept with its one connection.

`httpx.Client` keeps one pool for all, and looks through all of its connections at each call: where a hundred Pages
publish at once, that takes several times as long as the calls.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from platforms.http import CONNECT_TIMEOUT_SECONDS, KEEP_IDLE_SECONDS, MAX_KEPT, proxy_for, tls_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

_HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"}


class KeptTransports:
    """Makes calls over connections that are kept. May be used from many threads.

    A transport follows no redirect, keeps no cookie and logs no address. It looks whether its connection was closed
    before it writes to it.

    Args:
        base: The host's address; which proxy leads there is read once.
        ca_file: Authorities to trust in place of the machine's, or None.
        timeout_seconds: How long an answer may take.
    """

    def __init__(self, base: str, *, ca_file: str | None, timeout_seconds: float) -> None:
        self._ca_file = ca_file
        self._proxy = proxy_for(base)
        waits = dict.fromkeys(("read", "write", "pool"), timeout_seconds)
        self._timeout = waits | {"connect": min(CONNECT_TIMEOUT_SECONDS, timeout_seconds)}
        self._free: deque[httpx.HTTPTransport] = deque()

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        """Make one call and read its answer.

        Raises:
            httpx.HTTPError: No answer came.
            httpx.InvalidURL: The address is none.
        """
        import httpx  # noqa: PLC0415 - 0.1 s that `sns --help` need not pay

        request = httpx.Request(
            method,
            f"{url}?{urlencode(params)}" if params else url,
            headers={**_HEADERS, **headers},
            data=data,
            files=files,
            extensions={"timeout": self._timeout},
        )
        try:
            own = self._free.pop()
        except IndexError:
            own = self._build()
        try:
            response = own.handle_request(request)
            response.read()
        finally:
            if len(self._free) < MAX_KEPT:
                self._free.append(own)
            else:
                own.close()
        return response

    def close(self) -> None:
        """Close what is kept and not in use."""
        while self._free:
            self._free.pop().close()

    def _build(self) -> httpx.HTTPTransport:
        import httpx  # noqa: PLC0415 - as above

        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEP_IDLE_SECONDS)
        return httpx.HTTPTransport(verify=tls_context(self._ca_file), limits=limits, proxy=self._proxy)
