"""One Page of ours: publish, look whether it went through, take back."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from platforms.errors import NotSent, PerhapsSent, PlatformError
from platforms.facebook import recall
from platforms.facebook.video import VIDEO_TOKEN, publish_video, receipt_of_video
from platforms.port import Found, Identity, MediaKind, NotSeen, Pending, Receipt, SafeToRepeat

if TYPE_CHECKING:
    from collections.abc import Callable

    from platforms.facebook.client import GraphClient
    from platforms.port import AccountRef, Finding, Measured, Media, Plan

TRIED = "tried"
"""The resume token of a post: its one ambiguous call may have been made."""

CLOCK_SKEW = timedelta(minutes=2)
"""How far Graph's clock and ours may differ when posts are compared with an attempt. Ours."""

MAX_PAGES = 5
PAGE_SIZE = 25
PUBLIC_BASE = "https://www.facebook.com"


class FacebookSession:
    """A Page, bound to its token.

    Args:
        account: The Page; its `external_id` is the Page's id.
        graph: Graph's ordinary host.
        graph_video: Graph's host for videos.
        now: The time (aware UTC).
    """

    def __init__(
        self,
        account: AccountRef,
        *,
        graph: GraphClient,
        graph_video: GraphClient,
        now: Callable[[], datetime],
    ) -> None:
        self._page = account.external_id
        self._graph = graph
        self._graph_video = graph_video
        self._now = now

    def publish(
        self,
        plan: Plan,
        *,
        key: str,  # noqa: ARG002 - Graph has no idempotency key
        resume: str | None,
        checkpoint: Callable[[str], None],
    ) -> Receipt | Pending:
        """Send *plan*: photos unseen first, then one post that carries them. A video has its own way.

        Raises:
            PlatformError: One of its five kinds; until the post itself is written, never `PerhapsSent`.
        """
        video = next((media for media in plan.media if media.kind is MediaKind.VIDEO), None)
        if video is not None:
            video_id = publish_video(self._graph, self._graph_video, self._page, plan, video, resume, checkpoint)
            return self._receipt(video_id, is_repeat=False)
        fields = {"message": plan.text} if plan.text else {}
        if plan.media:
            photos = [{"media_fbid": self._upload_photo(media)} for media in plan.media]
            fields["attached_media"] = json.dumps(photos)
        checkpoint(TRIED)  # at a repeat too: whose lease has ended while photos went up must not post
        answer = self._graph.write(f"{self._page}/feed", fields, is_repeat=resume is not None)
        return self._receipt(_id_in(answer, PerhapsSent), is_repeat=False)

    def poll(self, token: str) -> Receipt | Pending:
        """Read the post *token* back; Graph leaves nothing pending.

        Raises:
            PlatformError: One of its five kinds.
        """
        self._graph.read(token, fields="id")
        return self._receipt(token, is_repeat=True)

    def find(
        self,
        plan: Plan,
        *,
        key: str,  # noqa: ARG002 - Graph has no idempotency key
        resume: str | None,
        since: datetime,
    ) -> Finding:
        """Look for *plan* among what the Page has published since *since*.

        A post counts as ours where its words are the same and our app made it: what a person wrote
        meanwhile on the Page itself is not ours to claim.

        Raises:
            PlatformError: One of its five kinds; nothing was learnt.
        """
        if resume is None:
            return SafeToRepeat(reason="nothing_posted")
        if resume.startswith(VIDEO_TOKEN):
            video_id = receipt_of_video(self._graph, resume)
            if video_id is None:
                return SafeToRepeat(reason="upload_session")
            return Found(receipt=self._receipt(video_id, is_repeat=True))
        wanted = _comparable(plan.text)
        app_id = self._app_id()
        for post in self._posts_since(since - CLOCK_SKEW) if wanted else ():
            application = post.get("application") or {}
            is_ours = application.get("id") == app_id if app_id else bool(application)
            if is_ours and _comparable(post.get("message", "")) == wanted:
                return Found(receipt=_receipt_of_post(post))
        return NotSeen()

    def delete(self, external_id: str) -> Receipt:
        """Delete a post or a video of the Page; one that is gone already counts as deleted.

        Raises:
            PlatformError: One of its five kinds.
        """
        return recall.delete(self._graph, external_id, self._now)

    def measure(self, external_id: str) -> Measured:
        """Read a post or a video of the Page back with its figures.

        Raises:
            PlatformError: One of its five kinds; `Rejected` with `post_gone` where it is there no more.
        """
        return recall.measure(self._graph, external_id, self._now)

    def whoami(self) -> Identity:
        """Ask Graph whose token this is: GET /me, which answers a Page's token with the Page.

        Raises:
            PlatformError: Any kind but `PerhapsSent`.
        """
        page = self._graph.read("me", fields="id,name")
        return Identity(external_id=_id_in(page, NotSent), names=(str(page.get("name") or ""),))

    def _upload_photo(self, media: Media) -> str:
        """Upload a photo that nobody sees until a post carries it; Facebook drops it after a day."""
        fields = {"published": "false", "temporary": "true"}
        if media.alt:
            fields["alt_text_custom"] = media.alt
        try:
            stream = media.path.open("rb")
        except OSError as error:
            raise NotSent("media_missing", params={"sha256": media.sha256}) from error
        with stream:
            file = ("source", f"{media.sha256[:16]}.{media.mime.split('/')[1]}", stream, media.mime)
            answer = self._graph.write(f"{self._page}/photos", fields, file=file, is_harmless=True)
        return _id_in(answer, NotSent)

    def _receipt(self, external_id: str, *, is_repeat: bool) -> Receipt:
        url = f"{PUBLIC_BASE}/{external_id}"
        # The post is out; that its address can't be read just now must not look like a failure.
        with contextlib.suppress(PlatformError):
            url = _permalink(self._graph.read(external_id, fields="permalink_url")) or url
        return Receipt(external_id=external_id, url=url, at=self._now(), is_repeat=is_repeat)

    def _app_id(self) -> str | None:
        """Ask which app the token belongs to; None where Graph doesn't tell."""
        with contextlib.suppress(PlatformError):
            return str(self._graph.read("app", fields="id")["id"])
        return None

    def _posts_since(self, since: datetime) -> list[dict[str, Any]]:
        posts: list[dict[str, Any]] = []
        params = {"fields": "id,message,created_time,permalink_url,application", "limit": str(PAGE_SIZE)}
        for _ in range(MAX_PAGES):
            answer = self._graph.read(f"{self._page}/published_posts", **params)
            page = answer.get("data") or []
            recent = [post for post in page if _created(post) >= since]
            posts += recent
            after = ((answer.get("paging") or {}).get("cursors") or {}).get("after")
            if len(recent) < len(page) or not page or not after:
                break
            params["after"] = str(after)
        return posts


def _id_in(answer: dict[str, Any], kind: type[NotSent | PerhapsSent]) -> str:
    """Read the id that proves a success; an answer without one proves nothing."""
    made = answer.get("id")
    if not isinstance(made, str) or not made:
        raise kind("answer_unreadable", params={"platform": "facebook"})
    return made


def _receipt_of_post(post: dict[str, Any]) -> Receipt:
    url = _permalink(post) or f"{PUBLIC_BASE}/{post['id']}"
    return Receipt(external_id=str(post["id"]), url=url, at=_created(post), is_repeat=True)


def _permalink(answer: dict[str, Any]) -> str | None:
    url = answer.get("permalink_url")
    if not isinstance(url, str) or not url:
        return None
    # Videos answer with a path.
    return PUBLIC_BASE + url if url.startswith("/") else url


def _created(post: dict[str, Any]) -> datetime:
    """Read Graph's time: `2026-12-01T00:00:00+0000`."""
    return datetime.fromisoformat(str(post["created_time"]))


def _comparable(text: str) -> str:
    """Fold what Facebook may change in a text: composition and white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
