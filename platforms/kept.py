"""Connections that outlive a delivery, for the SDKs over urllib3 (requests, line-bot-sdk).

They belong to a host, not to an account: who is asking stands in each request. This module imports urllib3: import it
inside functions only, so that `sns --help` stays quick.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from platforms.http import KEEP_IDLE_SECONDS, MAX_KEPT, tls_context

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection


class _KeptBriefly(HTTPConnectionPool):
    """Closes a connection that has lain idle for long, instead of writing to it.

    urllib3 by itself keeps one until it sees that the server has closed it, and a server may close just as we write.
    """

    def _get_conn(self, timeout: float | None = None) -> BaseHTTPConnection:
        conn = super()._get_conn(timeout)
        if time.monotonic() - getattr(conn, "idle_since", 0.0) > KEEP_IDLE_SECONDS:
            conn.close()  # it connects anew by itself
        return conn

    def _put_conn(self, conn: BaseHTTPConnection | None) -> None:
        if conn is not None:
            conn.idle_since = time.monotonic()  # type: ignore[attr-defined]  # it is ours
        super()._put_conn(conn)


class _PlainPool(_KeptBriefly):
    """Over TCP."""


class _TlsPool(_KeptBriefly, HTTPSConnectionPool):
    """Over TLS."""


def build_pools(ca_file: str | None, *, proxy: str | None = None) -> urllib3.PoolManager:
    """Build the pools of one platform. They may be used from many threads, and never send anything a second time.

    Args:
        ca_file: Authorities to trust in place of the machine's, or None.
        proxy: A proxy's address, with the name and the password that it wants, or None.
    """
    settings: dict[str, Any] = {
        "num_pools": 4,
        "maxsize": MAX_KEPT,
        "ssl_context": tls_context(ca_file),
        "retries": urllib3.Retry(total=0, redirect=False),
    }
    if proxy is None:
        pools = urllib3.PoolManager(**settings)
    else:
        parts = urlsplit(proxy)
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
        pools = urllib3.ProxyManager(proxy, proxy_headers=urllib3.make_headers(proxy_basic_auth=pair), **settings)
    pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
    return pools
