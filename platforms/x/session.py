"""One account of ours on X: publish, find, repost, take back."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from platforms.errors import NotSent, PerhapsSent, PlatformError, Rejected
from platforms.port import Finding, Found, Identity, Measured, NotSeen, Receipt
from platforms.x.media import Uploads
from platforms.x.tokens import TRIED, UNTRIED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from platforms.port import AccountRef, Pending, Plan
    from platforms.x.client import Json, XClient

CLOCK_SKEW = timedelta(minutes=2)
"""How far X's clock and ours may differ."""
PAGE_SIZE = 100
MAX_PAGES = 32
"""The newest 3,200 posts are all that X lists."""
FIELDS = "created_at,entities"
FIELD_SPELLINGS = ("post.fields", "tweet.fields")
"""OpenAPI 2.158 says `tweet.fields`, 2.167 `post.fields`, the documentation of the same week still the former."""
FIGURES = {
    "like_count": "likes",
    "repost_count": "reposts",
    "retweet_count": "reposts",
    "reply_count": "replies",
    "quote_count": "quotes",
    "bookmark_count": "bookmarks",
    "impression_count": "views",
}
"""What X calls a post's figures, and our word: OpenAPI 2.158 says `retweet_count`, 2.167 `repost_count`."""
_TRAILING_TCO = re.compile(r"\s*https://t\.co/\w+$")


class XSession:
    """One account on X.

    Args:
        client: Its line to X.
        account: The account; its `external_id` is X's user id.
        web_url: Where citizens read posts.
        now: The clock, for receipts.
    """

    def __init__(
        self,
        client: XClient,
        account: AccountRef,
        *,
        web_url: str,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._account = account
        self._web_url = web_url
        self._now = now

    def publish(
        self, plan: Plan, *, key: str, resume: str | None, checkpoint: Callable[[str], None]
    ) -> Receipt | Pending:
        """Send *plan*: first its media, which nobody sees yet, then the post in one call.

        X has no idempotency key, so *key* goes unused. `tried` is checkpointed before the call. X's refusal of
        a duplicate then means one of two things: where *resume* is `tried`, most likely that try went through
        (`PerhapsSent`, and `find` tells); else the account posted the same text before (`Rejected`). Whoever
        has proven the first try absent passes None again, so that a refusal is then an end.

        Raises:
            PlatformError: One of its five kinds.
        """
        del key
        media_ids = Uploads(self._client).send(plan.media)
        checkpoint(TRIED)
        try:
            data, full_until = self._client.create_post(plan.text, media_ids)
        except PerhapsSent:
            raise
        except PlatformError as failure:
            if resume != TRIED:
                checkpoint(UNTRIED)
            elif failure.code == "duplicate":
                params, detail = failure.params, failure.detail
                raise PerhapsSent("duplicate_after_attempt", params=params, detail=detail) from failure
            raise
        if not data.get("id"):
            raise PerhapsSent("answer_unreadable", params={"platform": "x"})
        return replace(self._receipt(str(data["id"]), at=self._now(), is_repeat=False), full_until=full_until)

    def poll(self, token: str) -> Receipt | Pending:
        """X leaves nothing pending: a video is waited for before its post is made."""
        raise NotSent("nothing_pending", params={"platform": "x", "token": token})

    def find(self, plan: Plan, *, key: str, resume: str | None, since: datetime) -> Finding:
        """Look for *plan* among our own posts since shortly before *since*: the same text, the same kind of media.

        Raises:
            PlatformError: One of its five kinds; nothing was learnt.
        """
        del key, resume
        for post in self._own_posts(since - CLOCK_SKEW):
            if _has_media(post) != bool(plan.media):
                continue
            if same_text(original_text(post), plan.text):
                at = datetime.fromisoformat(post["created_at"]) if post.get("created_at") else self._now()
                return Found(receipt=self._receipt(str(post["id"]), at=at, is_repeat=True))
        return NotSeen()

    def repost(self, source_id: str) -> Receipt:
        """Repost. Where it was reposted before, X says so, and that is a receipt too.

        Raises:
            PlatformError: One of its five kinds.
        """
        url = f"{self._web_url}/i/status/{source_id}"
        try:
            data = self._client.create_repost(self._account.external_id, source_id)
        except Rejected as refusal:
            if refusal.code != "already_reposted":
                raise
            return Receipt(external_id=source_id, url=url, at=self._now(), is_repeat=True)
        if data.get("retweeted") is not True:
            raise NotSent("answer_unreadable", params={"platform": "x"})
        repost_id = str(data.get("rest_id") or source_id)
        return Receipt(external_id=repost_id, url=url, at=self._now())

    def delete(self, external_id: str) -> Receipt:
        """Delete a post or a repost of ours; one that X doesn't know any more counts as deleted.

        Raises:
            PlatformError: One of its five kinds.
        """
        return self._taken_back(f"/2/tweets/{external_id}", external_id, {"deleted": True})

    def undo_repost(self, source_id: str) -> Receipt:
        """Take back our repost of *source_id*; none being there counts as done, and so does a source that is gone.

        Raises:
            PlatformError: One of its five kinds.
        """
        route = f"/2/users/{self._account.external_id}/retweets/{source_id}"
        return self._taken_back(route, source_id, {"retweeted": False})

    def measure(self, external_id: str) -> Measured:
        """Read a post of ours back, its text as citizens see it.

        Raises:
            PlatformError: One of its five kinds; `Rejected` with `post_gone` where X doesn't know it any more.
        """
        answer = self._read("/2/tweets", {"ids": external_id}, f"{FIELDS},public_metrics")
        post = next((each for each in answer.get("data") or () if str(each.get("id")) == external_id), None)
        if post is None:
            problems = [each for each in answer.get("errors") or () if isinstance(each, dict)]
            is_gone = any(str(each.get("type")).endswith("/resource-not-found") for each in problems)
            detail = " ".join(str(each.get("detail", "")) for each in problems)
            if is_gone or not problems:
                raise Rejected("post_gone", params={"platform": "x"}, detail=detail)
            raise Rejected("refused", params={"platform": "x"}, detail=detail)
        metrics = (post.get("public_metrics") or {}).items()
        figures = {FIGURES[name]: int(count) for name, count in metrics if name in FIGURES}
        return Measured(text=original_text(post), figures=figures, at=self._now())

    def whoami(self) -> Identity:
        """Ask X whose account this is: GET /2/users/me.

        Raises:
            PlatformError: Any kind but `PerhapsSent`.
        """
        data = self._client.get("/2/users/me", {}).get("data") or {}
        if not data.get("id"):
            raise NotSent("answer_unreadable", params={"platform": "x"})
        return Identity(external_id=str(data["id"]), names=(str(data.get("username") or ""),))

    def _taken_back(self, route: str, external_id: str, done: Mapping[str, bool]) -> Receipt:
        try:
            data = self._client.send("DELETE", route)
        except Rejected as refusal:
            if refusal.code != "post_gone":
                raise
            return Receipt(external_id=external_id, url=None, at=self._now(), is_repeat=True)
        if any(data.get(name) is not value for name, value in done.items()):
            raise NotSent("answer_unreadable", params={"platform": "x"})
        return Receipt(external_id=external_id, url=None, at=self._now())

    def _receipt(self, post_id: str, *, at: datetime, is_repeat: bool) -> Receipt:
        return Receipt(external_id=post_id, url=self._url(post_id), at=at, is_repeat=is_repeat)

    def _url(self, post_id: str) -> str:
        return f"{self._web_url}/{self._account.handle}/status/{post_id}"

    def _own_posts(self, start: datetime) -> Iterator[Json]:
        """Read our own posts since *start*, newest first, page by page; reposts are left out."""
        params = {
            "max_results": str(PAGE_SIZE),
            "start_time": start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "exclude": "retweets",
        }
        for _ in range(MAX_PAGES):
            page = self._read(f"/2/users/{self._account.external_id}/tweets", params, FIELDS)
            yield from page.get("data", [])
            token = page.get("meta", {}).get("next_token")
            if not token:
                return
            params = params | {"pagination_token": str(token)}

    def _read(self, route: str, params: Mapping[str, str], fields: str) -> Json:
        """Read posts, spelling the fields' parameter the one way or, where X doesn't know that, the other."""
        newer, older = FIELD_SPELLINGS
        try:
            return self._client.get(route, {**params, newer: fields})
        except Rejected:
            return self._client.get(route, {**params, older: fields})


def _media_links(post: Json) -> list[Json]:
    return [url for url in _links(post) if re.search(r"/status/\d+/(photo|video)/\d+$", url.get("expanded_url", ""))]


def _has_media(post: Json) -> bool:
    return bool(_media_links(post))


def _links(post: Json) -> list[Json]:
    links: list[Json] = (post.get("entities") or {}).get("urls") or []
    return links


def original_text(post: Json) -> str:
    """Undo what X does to a text: the media's link goes, t.co becomes what it stands for, `&amp;` becomes `&`."""
    text = html.unescape(str(post.get("text", "")))
    if _has_media(post):
        text = _TRAILING_TCO.sub("", text)
    for link in _links(post):
        if link not in _media_links(post):
            text = text.replace(link["url"], link["expanded_url"])
    return text


def same_text(one: str, other: str) -> bool:
    """Compare two texts as X leaves them: composed, links with or without scheme, spaces run together."""
    return _comparable(one) == _comparable(other)


def _comparable(text: str) -> str:
    text = re.sub(r"https?://", "", unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", text).strip()
