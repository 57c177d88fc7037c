"""The way out to X for every account of the process: tweepy's clients over connections that are kept.

tweepy 4.17 knows no base address and no time-out (its issue 2024): its clients get a session that does.
"""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import requests
import tweepy
from requests.utils import select_proxy

from platforms.kept import build_pools
from platforms.lending import KeptClients

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool, PoolManager

_TWEEPY_HOST = "https://api.twitter.com"


class KeptConnections(requests.adapters.HTTPAdapter):
    """requests' way out, over connections that are kept and the one TLS context of the process.

    May be used from many threads and for many accounts.

    Args:
        ca_file: Authorities to trust, or None for the machine's.
        proxy: The proxy's address, or None.
    """

    def __init__(self, ca_file: str | None, *, proxy: str | None) -> None:
        self._ca_file = ca_file
        self.proxy = proxy
        super().__init__()

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        """Use our pools."""
        self.poolmanager = build_pools(self._ca_file)

    def proxy_manager_for(self, proxy: str, **_: Any) -> PoolManager:
        """Use our pools through a proxy."""
        pools: PoolManager | None = self.proxy_manager.get(proxy)
        if pools is None:
            pools = self.proxy_manager[proxy] = build_pools(self._ca_file, proxy=proxy)
        return pools

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: Any,  # noqa: ANN401 - requests' signature
        proxies: Any = None,  # noqa: ANN401
        cert: Any = None,  # noqa: ANN401
    ) -> HTTPConnectionPool:
        """Find the pool by the address alone: whom to trust, the context knows."""
        del verify, cert
        url = request.url or ""
        pools: PoolManager = self.poolmanager
        if proxy := select_proxy(url, proxies):
            pools = self.proxy_manager_for(proxy if "://" in proxy else f"http://{proxy}")
        return pools.connection_from_url(url)

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Leave whom to trust to the context, which is not loaded anew for each connection."""


class _BasedSession(requests.Session):
    """Sends what tweepy addresses to its fixed host to ours, before it is signed, and never waits for ever."""

    def __init__(self, base_url: str, timeout: tuple[float, float], connections: KeptConnections) -> None:
        super().__init__()
        self._base_url = base_url
        self._timeout = timeout
        self.trust_env = False  # it would read the environment's proxies, and look for a .netrc, at each call
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # it outlives a delivery, they must not
        if connections.proxy is not None:
            self.proxies = {"https": connections.proxy, "http": connections.proxy}
        for scheme in ("https://", "http://"):
            self.mount(scheme, connections)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send to our base address; a redirect is not followed, since it would carry the signature away."""
        kwargs["timeout"] = self._timeout
        kwargs["allow_redirects"] = False
        return super().request(method, str(url).replace(_TWEEPY_HOST, self._base_url, 1), *args, **kwargs)


class XClients(KeptClients[tuple[str, ...]]):
    """Lends tweepy's clients, by the four secrets of their accounts: one is a session of requests with its jar.

    Args:
        base_url: `https://api.x.com`, or a stand-in's address.
        timeout: Seconds to connect, seconds to wait for an answer.
        connections: The way out, shared by all accounts.
    """

    def __init__(self, base_url: str, timeout: tuple[float, float], connections: KeptConnections) -> None:
        super().__init__()
        self._base_url = base_url
        self._timeout = timeout
        self._connections = connections

    def _make(self, secrets: tuple[str, ...]) -> tweepy.Client:
        """Make one from the app's key and secret and the account's token and secret."""
        consumer_key, consumer_secret, access_token, access_token_secret = secrets
        client = tweepy.Client(
            consumer_key=consumer_key,
            consumer_secret=consumer_secret,
            access_token=access_token,
            access_token_secret=access_token_secret,
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        client.session = _BasedSession(self._base_url, self._timeout, self._connections)
        return client

    def close(self) -> None:
        """Close the connections that are kept; the next call opens new ones."""
        self._connections.close()
