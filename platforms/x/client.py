"""tweepy's calls, with their failures turned into ours.

Its own media upload speaks an API that X has taken down (its issue 2217): calls for which tweepy 4.17 has no method go
through its `request`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
import tweepy

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, PlatformError, Rejected, Who
from platforms.http import connection_failure, scrub
from platforms.x.resets import full_until, throttled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from platforms.x.wire import XClients

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


class XClient:
    """One account's line to X.

    Args:
        clients: tweepy's, shared with other sessions.
        secrets: The four OAuth 1.0a secrets, in the order in which `XPlatform.secret_fields` names them.
        now: The clock, for a 429 that names no time.
    """

    def __init__(self, clients: XClients, secrets: tuple[str, ...], *, now: Callable[[], datetime]) -> None:
        self._clients = clients
        self._secrets = secrets
        self._now = now

    def create_post(self, text: str, media_ids: list[str]) -> tuple[Json, datetime | None]:
        """POST /2/tweets; gives the post, and when the next one may follow where the window is used up by it.

        An answer that cannot be read counts as perhaps sent.
        """
        answer = self._call(
            lambda own: own.create_tweet(text=text or None, media_ids=media_ids or None), is_harmless=False
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
            lambda own: own.request(method, route, params=params, json=body, user_auth=True), is_harmless=True
        )

    def _call(self, call: Callable[[tweepy.Client], requests.Response], *, is_harmless: bool) -> requests.Response:
        try:
            with self._clients.lent(self._secrets) as own:
                return call(own)
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
