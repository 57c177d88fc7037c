"""tweepy, pointed at one base address, with a time-out, and with its failures turned into ours.

tweepy 4.17 knows no base address and no time-out (its issue 2024), and its own media upload speaks an API that
X has taken down (its issue 2217): calls for which it has no method go through its `request`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
import tweepy
from requests.utils import select_proxy

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Who
from platforms.http import connection_failure, scrub
from platforms.kept import build_pools
from platforms.x.resets import full_until, throttled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from urllib3 import HTTPConnectionPool, PoolManager

_TWEEPY_HOST = "https://api.twitter.com"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of refusal is known, and what it means."""

    status: int
    problem: str
    """The last part of the problem's `type`, or words of its `detail`; empty: any."""
    code: str
    who: Who | None
    """Who must act; None: the content is refused."""


ERRORS = (
    # https://docs.x.com/x-api/fundamentals/response-codes-and-errors, read 2026-11-21; the duplicate's wording
    # as seen on the wire (akrherz/iembot issue 163, 2026-02-12).
    Rule(status=401, problem="", code="token_refused", who=Who.IT),
    Rule(status=402, problem="", code="credits_used_up", who=Who.IT),
    Rule(status=403, problem="duplicate content", code="duplicate", who=None),
    Rule(status=403, problem="already retweeted", code="already_reposted", who=None),
    Rule(status=403, problem="client-forbidden", code="app_not_allowed", who=Who.IT),
    Rule(status=403, problem="unsupported-authentication", code="app_not_allowed", who=Who.IT),
    Rule(status=403, problem="oauth1-permissions", code="app_not_allowed", who=Who.IT),
    Rule(status=403, problem="suspended", code="account_suspended", who=Who.MANAGER),
    Rule(status=403, problem=" locked", code="account_locked", who=Who.MANAGER),  # and not "blocked"
    Rule(status=403, problem="", code="refused", who=None),
    Rule(status=400, problem="", code="refused", who=None),
    Rule(status=404, problem="resource-not-found user", code="not_found", who=None),
    Rule(status=404, problem="resource-not-found", code="post_gone", who=None),
    Rule(status=404, problem="", code="not_found", who=None),
    Rule(status=413, problem="", code="too_large", who=None),
)
"""What X's refusals mean, the first that fits."""


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
        if connections.proxy is not None:
            self.proxies = {"https": connections.proxy, "http": connections.proxy}
        for scheme in ("https://", "http://"):
            self.mount(scheme, connections)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send to our base address; a redirect is not followed, since it would carry the signature away."""
        kwargs["timeout"] = self._timeout
        kwargs["allow_redirects"] = False
        return super().request(method, str(url).replace(_TWEEPY_HOST, self._base_url, 1), *args, **kwargs)


class XClient:
    """One account's line to X.

    Args:
        base_url: `https://api.x.com`, or a stand-in's address.
        secrets: The four OAuth 1.0a secrets.
        timeout: Seconds to connect, seconds to wait for an answer.
        connections: The way out, shared with other accounts.
        now: The clock, for a 429 that names no time.
    """

    def __init__(
        self,
        *,
        base_url: str,
        secrets: Mapping[str, str],
        timeout: tuple[float, float],
        connections: KeptConnections,
        now: Callable[[], datetime],
    ) -> None:
        self._secrets = tuple(secrets.values())
        self._now = now
        self._tweepy = tweepy.Client(
            consumer_key=secrets["consumer_key"],
            consumer_secret=secrets["consumer_secret"],
            access_token=secrets["access_token"],
            access_token_secret=secrets["access_token_secret"],
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        self._tweepy.session = _BasedSession(base_url, timeout, connections)

    def create_post(self, text: str, media_ids: list[str]) -> tuple[Json, datetime | None]:
        """POST /2/tweets; gives the post, and when the next one may follow where the window is used up by it.

        An answer that cannot be read counts as perhaps sent.
        """
        answer = self._call(
            lambda: self._tweepy.create_tweet(text=text or None, media_ids=media_ids or None), is_harmless=False
        )
        return self._data(answer, is_harmless=False), full_until(answer.headers)

    def create_repost(self, user_id: str, source_id: str) -> Json:
        """POST /2/users/:id/retweets."""
        return self.send("POST", f"/2/users/{user_id}/retweets", {"tweet_id": source_id})

    def get(self, route: str, params: Mapping[str, str]) -> Json:
        """Read *route*; gives the whole answer: `data`, `meta`, `errors`."""
        answer = self._request("GET", route, params=params)
        return self._read(answer, is_harmless=True)

    def send(self, method: str, route: str, body: Json | None = None, params: Mapping[str, str] | None = None) -> Json:
        """Make a call that may be repeated freely; gives the answer's `data`."""
        answer = self._request(method, route, body=body, params=params)
        return self._data(answer, is_harmless=True)

    def _request(
        self, method: str, route: str, *, body: Json | None = None, params: Mapping[str, str] | None = None
    ) -> requests.Response:
        return self._call(
            lambda: self._tweepy.request(method, route, params=params, json=body, user_auth=True), is_harmless=True
        )

    def _call(self, call: Callable[[], requests.Response], *, is_harmless: bool) -> requests.Response:
        try:
            return call()
        except requests.RequestException as error:
            raise connection_failure(error, platform="x", is_harmless=is_harmless) from error
        except tweepy.HTTPException as error:
            raise self._failure(error.response, is_harmless=is_harmless) from error

    def _failure(self, response: requests.Response, *, is_harmless: bool) -> PlatformError:
        problem = _problem_of(response)
        detail = scrub(f"HTTP {response.status_code} {problem}", secrets=self._secrets)
        if response.status_code == requests.codes.too_many_requests:
            return throttled(response.headers, problem, detail, now=self._now())
        for rule in ERRORS:
            if rule.status == response.status_code and rule.problem in problem:
                params = {"platform": "x"}
                if rule.who is None:
                    return Rejected(rule.code, params=params, detail=detail)
                return NeedsPerson(rule.code, who=rule.who, params=params, detail=detail)
        if is_harmless:
            return NotSent("vendor_error", params={"platform": "x"}, detail=detail)
        return PerhapsSent("vendor_error", params={"platform": "x"}, detail=detail)

    def _data(self, response: requests.Response, *, is_harmless: bool) -> Json:
        data = self._read(response, is_harmless=is_harmless).get("data")
        if isinstance(data, dict):
            return data
        raise _unreadable(response, is_harmless=is_harmless)

    def _read(self, response: requests.Response, *, is_harmless: bool) -> Json:
        try:
            body = response.json()
        except requests.JSONDecodeError as error:
            raise _unreadable(response, is_harmless=is_harmless) from error
        if not isinstance(body, dict):
            raise _unreadable(response, is_harmless=is_harmless)
        return body


def _unreadable(response: requests.Response, *, is_harmless: bool) -> NotSent | PerhapsSent:
    kind = NotSent if is_harmless else PerhapsSent
    return kind("answer_unreadable", params={"platform": "x"}, detail=f"HTTP {response.status_code}")


def _problem_of(response: requests.Response) -> str:
    """Gather what identifies a problem: the last part of its type and what it is about, its title, its detail.

    Old-style messages come last.
    """
    try:
        body = response.json()
    except requests.JSONDecodeError:
        return ""
    if not isinstance(body, dict):
        return ""
    words = [str(body.get("type", "")).rsplit("/", 1)[-1]]
    words += [str(body.get(name, "")) for name in ("resource_type", "title", "detail")]
    errors = body.get("errors")
    if isinstance(errors, list):
        words += [str(each.get("message", "")) for each in errors if isinstance(each, dict)]
    return " ".join(filter(None, words))
