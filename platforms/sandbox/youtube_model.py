"""What the stand-in for YouTube knows and refuses. No HTTP in here."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from platforms.sandbox.core import Item, Picture, Timeline

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, Document, World

VENDOR = "youtube"

TOKEN_SECONDS = 3599
"""How long an access token lasts, by the real clock: the SDK counts by it, whatever time the city plays."""
SESSION_LIFETIME = timedelta(days=7)
INSERTS_A_DAY = 100
"""videos.insert has a bucket of its own since 1 June 2026."""
MAX_TITLE_CHARS = 100
MAX_DESCRIPTION_BYTES = 5_000
PRIVACY = {"public", "unlisted", "private"}
SETTABLE = (
    "embeddable",
    "license",
    "privacyStatus",
    "publicStatsViewable",
    "publishAt",
    "selfDeclaredMadeForKids",
    "containsSyntheticMedia",
)
DEFAULTS = {"embeddable": True, "license": "youtube", "privacyStatus": "public", "publicStatsViewable": True}


class YouTubeRefusal(Exception):  # noqa: N818 - it is the vendor's no, not an error of ours
    """YouTube says no."""

    def __init__(self, status: int, reason: str, message: str, *, domain: str = "youtube.video") -> None:
        """Keep the HTTP *status*, YouTube's *reason* and its words."""
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain


class YouTubeModel:
    """Consents, channels, upload sessions and videos."""

    def __init__(self, world: World) -> None:
        self._world = world

    # tokens

    def refresh(self, fields: dict[str, str]) -> dict[str, Any] | str:
        """Exchange a refresh token for an access token; an OAuth error's name where it can't be."""
        if fields.get("grant_type") != "refresh_token":
            return "unsupported_grant_type"
        account = self._world.account_with(VENDOR, "refresh_token", fields.get("refresh_token", ""))
        if account is None:
            return "invalid_grant"
        for field in ("client_id", "client_secret"):
            if fields.get(field) != account.secrets.get(field):
                return "invalid_client"
        token = "ya29." + secrets.token_urlsafe(24)
        expires_at = datetime.now(UTC) + timedelta(seconds=TOKEN_SECONDS)
        body = {"channel": account.external_id, "expires_at": expires_at.isoformat()}
        self._world.put(VENDOR, "token", token, body)
        scope = "https://www.googleapis.com/auth/youtube"
        return {"access_token": token, "expires_in": TOKEN_SECONDS, "scope": scope, "token_type": "Bearer"}

    def caller(self, token: str) -> Account:
        """Find whose access token it is.

        Raises:
            YouTubeRefusal: 401 where it is nobody's, or too old.
        """
        known = self._world.get(VENDOR, "token", token) if token else None
        accounts = [] if known is None else self._world.accounts(VENDOR)
        account = next((a for a in accounts if known and a.external_id == known["channel"]), None)
        if account is None or known is None or known["expires_at"] < datetime.now(UTC).isoformat():
            raise YouTubeRefusal(401, "authError", "Invalid Credentials", domain="global")
        return account

    # uploads

    def open_session(self, account: Account, body: dict[str, Any], size: int, mime: str) -> str:
        """Open a resumable upload; gives its id.

        Raises:
            YouTubeRefusal: For a body YouTube can't take, a file that is no video, a used-up quota.
        """
        self._check_snippet(body.get("snippet") or {})
        self._check_status(body.get("status") or {})
        if size <= 0 or not (mime.startswith("video/") or mime == "application/octet-stream"):
            raise YouTubeRefusal(400, "mediaBodyRequired", "The request does not include the video content.")
        self._count_insert()
        upload_id = secrets.token_urlsafe(24)
        session = {
            "id": upload_id,
            "channel": account.external_id,
            "body": body,
            "size": size,
            "mime": mime,
            "got": 0,
            "video_id": "",
            "opened_at": self._world.now().isoformat(),
        }
        self._world.put(VENDOR, "upload", upload_id, session)
        return upload_id

    def session(self, account: Account, upload_id: str) -> Document:
        """Find an upload session.

        Raises:
            YouTubeRefusal: 404 where there is none, or it is a week old.
        """
        session = self._world.get(VENDOR, "upload", upload_id)
        oldest = (self._world.now() - SESSION_LIFETIME).isoformat()
        if session is None or session["channel"] != account.external_id or session["opened_at"] < oldest:
            raise YouTubeRefusal(404, "notFound", "Upload session not found.", domain="global")
        return session

    def take(self, session: Document, start: int, total: int, content: bytes) -> Document | None:
        """Take bytes of an upload; gives the video once all are there.

        Raises:
            YouTubeRefusal: For bytes that don't follow the last ones.
        """
        with self._world.lock:
            session.update(self._world.get(VENDOR, "upload", session["id"]) or {})
            if session["video_id"]:
                return self._world.get(VENDOR, "video", session["video_id"])
            if start != session["got"] or total != session["size"] or start + len(content) > total:
                raise YouTubeRefusal(400, "badRequest", "Failed to parse Content-Range header.")
            blob_id = f"youtube-{session['id']}"
            blob = self._world.get_blob(blob_id)
            self._world.put_blob(blob_id, session["mime"], (blob[1] if blob else b"") + content)
            session["got"] = start + len(content)
            video = self._finished(session) if session["got"] == session["size"] else None
            self._world.put(VENDOR, "upload", session["id"], session)
            return video

    # videos

    def update_status(self, account: Account, body: dict[str, Any]) -> Document:
        """Replace a video's status; what is left out falls back to its default.

        Raises:
            YouTubeRefusal: 404 for no such video, 400 for a status YouTube can't take.
        """
        with self._world.lock:
            video = self._own(account, str(body.get("id", "")))
            status = body.get("status") or {}
            self._check_status(status)
            kept = {"uploadStatus": video["status"]["uploadStatus"]}
            given = {key: status[key] for key in SETTABLE if key in status}
            was_public = video["status"]["privacyStatus"] == "public"
            video["status"] = DEFAULTS | given | kept
            if video["status"]["privacyStatus"] == "public" and not was_public:
                video["snippet"]["publishedAt"] = self._stamp()
            self._world.put(VENDOR, "video", video["id"], video)
        return video

    def delete(self, account: Account, video_id: str) -> None:
        """Delete a video.

        Raises:
            YouTubeRefusal: 404 where there is none.
        """
        self._own(account, video_id)
        self._world.remove(VENDOR, "video", video_id)

    def figures(self, video: Document) -> dict[str, str]:
        """Count what viewers did, as it was put down as the video's `figures`. YouTube writes numbers as strings."""
        put_down = self._world.get(VENDOR, "figures", video["id"]) or {}
        names = ("viewCount", "likeCount", "favoriteCount", "commentCount")
        return {name: str(put_down.get(name, 0)) for name in names}

    def videos(self, account: Account, ids: list[str] | None = None) -> list[Document]:
        """List a channel's videos, newest first; those with *ids* only."""
        mine = self._world.newest(VENDOR, "video", account.external_id)
        return mine if ids is None else [video for video in mine if video["id"] in ids]

    def public_video(self, video_id: str) -> Document | None:
        """Find a video as anybody with its address may: a private one is not there."""
        video = self._world.get(VENDOR, "video", video_id)
        return video if video and video["status"]["privacyStatus"] != "private" else None

    def timelines(self) -> list[Timeline]:
        """Show every channel: public videos as citizens see them, the others marked as what they are."""
        return [
            Timeline(
                vendor=VENDOR,
                handle=account.handle,
                name=account.name,
                items=tuple(self._item(account, video) for video in self.videos(account)),
            )
            for account in self._world.accounts(VENDOR)
        ]

    # inside

    def _item(self, account: Account, video: Document) -> Item:
        privacy = video["status"]["privacyStatus"]
        return Item(
            external_id=video["id"],
            text=video["snippet"]["description"],
            title=video["snippet"]["title"],
            at=video["snippet"]["publishedAt"].replace("Z", "+00:00"),
            author_handle=account.handle,
            media=(Picture(kind="video", url=f"/_sandbox/media/{video['blob']}"),),
            url=f"/youtube/watch?v={video['id']}",
            extra={"privacy": privacy, "is_public": privacy == "public"},
        )

    def _own(self, account: Account, video_id: str) -> Document:
        found = self.videos(account, [video_id])
        if not found:
            message = "The video that you are trying to update cannot be found."
            raise YouTubeRefusal(404, "videoNotFound", message)
        return found[0]

    def _finished(self, session: Document) -> Document:
        video_id = secrets.token_urlsafe(8)
        snippet, status = session["body"].get("snippet") or {}, session["body"].get("status") or {}
        channel = next(a for a in self._world.accounts(VENDOR) if a.external_id == session["channel"])
        video = {
            "id": video_id,
            "snippet": {
                "publishedAt": self._stamp(),
                "channelId": channel.external_id,
                "channelTitle": channel.name,
                "title": snippet["title"],
                "description": snippet.get("description", ""),
                "categoryId": snippet.get("categoryId", "22"),
            },
            "status": DEFAULTS | status | {"uploadStatus": "uploaded"},
            "blob": f"youtube-{session['id']}",
        }
        self._world.put(VENDOR, "video", video_id, video)
        session["video_id"] = video_id
        return video

    def _stamp(self) -> str:
        return self._world.now().isoformat(timespec="seconds").replace("+00:00", "Z")

    def _count_insert(self) -> None:
        """Count against the day's bucket. The day is UTC's here, not California's: nothing hangs on it."""
        day = self._world.now().date().isoformat()
        with self._world.lock:
            used = (self._world.get(VENDOR, "quota", day) or {"inserts": 0})["inserts"]
            if used >= INSERTS_A_DAY and self._world.has_own_limits:
                message = "The request cannot be completed because you have exceeded your quota."
                raise YouTubeRefusal(403, "quotaExceeded", message, domain="youtube.quota")
            self._world.put(VENDOR, "quota", day, {"inserts": used + 1})

    def _check_snippet(self, snippet: dict[str, Any]) -> None:
        title, description = str(snippet.get("title", "")), str(snippet.get("description", ""))
        if not title or len(title) > MAX_TITLE_CHARS or set("<>") & set(title):
            message = "The request metadata specifies an invalid or empty video title."
            raise YouTubeRefusal(400, "invalidTitle", message)
        if len(description.encode()) > MAX_DESCRIPTION_BYTES or set("<>") & set(description):
            message = "The request metadata specifies an invalid video description."
            raise YouTubeRefusal(400, "invalidDescription", message)

    def _check_status(self, status: dict[str, Any]) -> None:
        if status.get("privacyStatus", "public") not in PRIVACY:
            raise YouTubeRefusal(400, "invalidVideoMetadata", "The request metadata is invalid.")
        if "publishAt" in status and status.get("privacyStatus") != "private":
            message = "The request metadata specifies an invalid scheduled publishing time."
            raise YouTubeRefusal(400, "invalidPublishAt", message)
