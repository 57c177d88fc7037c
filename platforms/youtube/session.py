"""One channel of ours: upload unseen, make public, take back. Every step can be repeated."""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Rejected, Who
from platforms.port import LOST, Identity, Measured, NotSeen, Receipt, SafeToRepeat
from platforms.youtube.upload import SESSION_TOKEN, Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from platforms.port import AccountRef, Endpoints, Finding, Pending, Plan
    from platforms.youtube.sdk import Sdk

VIDEO_TOKEN = "video:"  # noqa: S105 - the start of a resume token: `video:<id>`

CATEGORY = "25"
"""News & Politics: what a city's announcements are filed under. https://developers.google.com/youtube/v3/docs/videoCategories."""

STATUS = {
    "embeddable": True,
    "license": "youtube",
    "publicStatsViewable": True,
    "selfDeclaredMadeForKids": False,
    "containsSyntheticMedia": False,
}
"""Every field of `status` that can be set, but `privacyStatus`: one that an update leaves out falls back to YouTube's
default (https://developers.google.com/youtube/v3/docs/videos/update, read 2026-11)."""

WATCH_BASES = {"https://youtube.googleapis.com": "https://www.youtube.com"}
"""Where the videos of an API's address are watched. Another address shows its own at `/watch`."""

ENDED = {"failed": "video_failed", "rejected": "video_rejected", "deleted": "video_gone"}
"""`uploadStatus` values after which a video will never be seen; discovery document, revision 20261104."""


FIGURES = {"viewCount": "views", "likeCount": "likes", "commentCount": "comments"}
"""What YouTube calls a video's figures, and our word; `VideoStatistics` in the discovery document."""


class YouTubeSession:
    """A channel, bound to its consent.

    Args:
        account: The channel; where its `external_id` is given, no other channel gets anything.
        endpoints: The vendors' addresses.
        secrets: `client_id`, `client_secret`, `refresh_token`.
        now: The time (aware UTC).
        sdk: Google's client, shared with other channels.
    """

    def __init__(
        self,
        account: AccountRef,
        *,
        endpoints: Endpoints,
        secrets: Mapping[str, str],
        now: Callable[[], datetime],
        sdk: Sdk,
    ) -> None:
        self._account = account
        self._endpoints = endpoints
        self._secrets = secrets
        self._now = now
        self._sdk = sdk
        self._consent = sdk.consent_of(secrets)
        self._kept_token: str | None = self._consent.token
        self._http = sdk.http_of(self._consent)

    def publish(
        self,
        plan: Plan,
        *,
        key: str,  # noqa: ARG002 - the upload session is the key
        resume: str | None,
        checkpoint: Callable[[str], None],
    ) -> Receipt | Pending:
        """Upload the video privately and make it public: the only visible step, and a repeatable one.

        A video that YouTube is still processing is out: its page says so to whoever opens it.

        Raises:
            PlatformError: One of its five kinds.
        """
        if resume is not None and resume.startswith(VIDEO_TOKEN):
            return self._make_public(resume.removeprefix(VIDEO_TOKEN))
        upload = Upload(self._sdk, self._http, base=self._endpoints.youtube, now=self._now, calling=self._calling)
        body = {
            "snippet": {
                "title": plan.title,
                "description": plan.text,
                "categoryId": CATEGORY,
                "defaultLanguage": "ja",
            },
            "status": {"privacyStatus": "private", **STATUS},
        }
        is_session = resume is not None and resume.startswith(SESSION_TOKEN)
        video = upload.run(plan, body, resume=resume if is_session else None, checkpoint=checkpoint)
        self._check_channel(video)
        checkpoint(VIDEO_TOKEN + video["id"])
        return self._make_public(video["id"])

    def poll(self, token: str) -> Receipt | Pending:
        """Read the video *token* back.

        Raises:
            PlatformError: One of its five kinds.
        """
        with self._calling(is_harmless=True):
            answer = self._sdk.videos.list(part="status", id=token).execute(http=self._http, num_retries=0)
            statuses = [item["status"] for item in answer["items"]]
        if not statuses:
            raise Rejected("video_gone", params={"platform": "youtube", "video_id": token})
        return self._receipt(token, statuses[0], is_repeat=True)

    def find(
        self,
        plan: Plan,  # noqa: ARG002 - nothing needs to be compared
        *,
        key: str,  # noqa: ARG002
        resume: str | None,
        since: datetime,  # noqa: ARG002
    ) -> Finding:
        """Say why `publish` may be called again: no second video can come of it. Asks nobody.

        Without the token of an upload that there may have been, nothing says so: then a person must look.
        """
        if resume == LOST:
            return NotSeen()
        if resume is None:
            return SafeToRepeat(reason="nothing_uploaded")
        is_video = resume.startswith(VIDEO_TOKEN)
        return SafeToRepeat(reason="video_known" if is_video else "upload_session")

    def delete(self, external_id: str) -> Receipt:
        """Delete a video of the channel; one that is gone already counts as deleted.

        Raises:
            PlatformError: One of its five kinds.
        """
        is_repeat = False
        try:
            with self._calling(is_harmless=True):
                self._sdk.videos.delete(id=external_id).execute(http=self._http, num_retries=0)
        except Rejected as refusal:
            if refusal.code != "video_gone":
                raise
            is_repeat = True
        return Receipt(external_id=external_id, url=None, at=self._now(), is_repeat=is_repeat)

    def measure(self, external_id: str) -> Measured:
        """Read a video back with its figures.

        Raises:
            PlatformError: One of its five kinds; `Rejected` with `post_gone` where it is there no more.
        """
        with self._calling(is_harmless=True):
            answer = self._sdk.videos.list(part="snippet,statistics", id=external_id).execute(
                http=self._http, num_retries=0
            )
            video = next((item for item in answer["items"] if item["id"] == external_id), None)
            if video is None:
                raise Rejected("post_gone", params={"platform": "youtube", "video_id": external_id})
            # Counts come as strings, and one that the channel hides doesn't come.
            counts = {FIGURES[name]: int(count) for name, count in video["statistics"].items() if name in FIGURES}
            snippet = video["snippet"]
            return Measured(text=snippet["description"], title=snippet["title"], figures=counts, at=self._now())

    def whoami(self) -> Identity:
        """Ask YouTube whose channel the consent is for: channels.list with `mine`.

        Raises:
            PlatformError: Any kind but `PerhapsSent`.
        """
        with self._calling(is_harmless=True):
            asked = self._sdk.channels.list(part="id,snippet", mine=True)
            channels = asked.execute(http=self._http, num_retries=0).get("items") or [{}]
            if not channels[0].get("id"):
                raise NeedsPerson(
                    "wrong_account", who=Who.IT, params={"expected": self._account.external_id, "found": ""}
                )
            snippet = channels[0].get("snippet") or {}
            names = (str(snippet.get("customUrl") or ""), str(snippet.get("title") or ""))
            return Identity(external_id=str(channels[0]["id"]), names=tuple(name for name in names if name))

    @property
    def _hidden(self) -> tuple[str, ...]:
        return (self._secrets["refresh_token"], self._secrets["client_secret"])

    @contextlib.contextmanager
    def _calling(self, *, is_harmless: bool = False) -> Iterator[None]:
        """Turn whatever the SDK raises in the block into one of the five failures.

        A 401 for an access token from before this session means no more than that it has ended early: a new one is
        made, and whether the consent still stands shows by that.

        Raises:
            PlatformError: One of its five kinds.
        """
        from platforms.youtube.sdk import calling  # noqa: PLC0415 - the SDK

        try:
            with calling(now=self._now, is_harmless=is_harmless, secrets=self._hidden):
                yield
        except NeedsPerson as refusal:
            if self._kept_token is None or refusal.params.get("status") != HTTPStatus.UNAUTHORIZED:
                raise
            self._consent.forget(self._kept_token)
            raise NotSent("token_renewed", params=refusal.params, detail=refusal.detail) from refusal

    def _check_channel(self, video: Mapping[str, Any]) -> None:
        """Stop before anybody sees a video that went to a channel which isn't ours."""
        channel = (video.get("snippet") or {}).get("channelId", "")
        if self._account.external_id and channel and channel != self._account.external_id:
            params = {"expected": self._account.external_id, "found": str(channel)}
            raise NeedsPerson("wrong_account", who=Who.IT, params=params)

    def _make_public(self, video_id: str) -> Receipt:
        body = {"id": video_id, "status": {"privacyStatus": "public", **STATUS}}
        with self._calling():
            status = self._sdk.videos.update(part="status", body=body).execute(http=self._http, num_retries=0)["status"]
        return self._receipt(video_id, status, is_repeat=False)

    def _receipt(self, video_id: str, status: Mapping[str, Any], *, is_repeat: bool) -> Receipt:
        """Take YouTube's word that the video is public, and only that.

        Raises:
            Rejected: YouTube gave the video up.
            NeedsPerson: It stays private, as for a project whose audit isn't done.
            PerhapsSent: The answer doesn't say.
        """
        params: dict[str, str | int] = {"platform": "youtube", "video_id": video_id}
        ended = ENDED.get(status.get("uploadStatus", ""))
        if ended is not None:
            why = status.get("rejectionReason") or status.get("failureReason") or ""
            raise Rejected(ended, params=params | {"reason": str(why)})
        privacy = status.get("privacyStatus")
        if privacy is None:
            raise PerhapsSent("answer_unreadable", params=params)
        if privacy != "public":
            raise NeedsPerson("video_stays_private", who=Who.IT, params=params)
        base = WATCH_BASES.get(self._endpoints.youtube, self._endpoints.youtube)
        url = f"{base}/watch?v={video_id}"
        return Receipt(external_id=video_id, url=url, at=self._now(), is_repeat=is_repeat)
