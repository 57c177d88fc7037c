"""A resumable upload: one session makes one video, however often the connection breaks.

https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol (read 2026-11).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from platforms.errors import NeedsPerson, NotSent, PerhapsSent, Rejected, Who

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from typing import IO

    from platforms.port import Plan
    from platforms.youtube.sdk import Sdk

SESSION_TOKEN = "session:"  # noqa: S105 - the start of a resume token: `session:<address>`

CHUNK_BYTES = 8 * 1024 * 1024
"""How much goes in one request: a multiple of 256 KiB, as the protocol wants. Ours."""

SESSION_LIFETIME = timedelta(days=8)
"""How far back a lost session's video is looked for. Assumed: a session lives about a week."""

MAX_STALLS = 3
_GONE = {404, 410}


class Upload:
    """Brings one video to YouTube.

    Args:
        sdk: Google's client.
        http: The HTTP that calls in the channel's name.
        base: YouTube's address: a session anywhere else is refused.
        now: The time (aware UTC).
        calling: Turns what the SDK raises in a block into one of the five failures.
    """

    def __init__(
        self,
        sdk: Sdk,
        http: Any,  # noqa: ANN401 - google-auth-httplib2 has no types
        *,
        base: str,
        now: Callable[[], datetime],
        calling: Callable[..., AbstractContextManager[None]],
    ) -> None:
        self._sdk = sdk
        self._http = http
        self._base = base
        self._now = now
        self._calling = calling

    def run(
        self,
        plan: Plan,
        body: Mapping[str, Any],
        *,
        resume: str | None,
        checkpoint: Callable[[str], None],
    ) -> dict[str, Any]:
        """Upload the plan's video, or go on where *resume* left it; gives the video.

        Raises:
            PlatformError: One of its five kinds.
        """
        media = plan.media[0]
        try:
            stream = media.path.open("rb")
        except OSError as error:
            raise NotSent("media_missing", params={"sha256": media.sha256}) from error
        with stream:
            if resume is not None:
                try:
                    return self._go_on(self._request(body, stream, media.mime), resume)
                except PerhapsSent as error:
                    if error.code != "upload_session_lost":
                        raise
                # The session may have ended because it was done: look before starting over.
                found = self._find_uploaded(plan)
                if found is not None:
                    return found
            request = self._request(body, stream, media.mime)
            request.resumable_uri = self._start(request, media.mime, media.size_bytes)
            checkpoint(SESSION_TOKEN + request.resumable_uri)
            return self._send(request)

    def _request(self, body: Mapping[str, Any], stream: IO[bytes], mime: str) -> Any:  # noqa: ANN401
        from googleapiclient.http import MediaIoBaseUpload  # noqa: PLC0415 - the SDK

        media = MediaIoBaseUpload(stream, mimetype=mime, chunksize=CHUNK_BYTES, resumable=True)
        return self._sdk.videos.insert(part="snippet,status", body=dict(body), media_body=media)

    def _start(self, request: Any, mime: str, size_bytes: int) -> str:  # noqa: ANN401
        """Open a session. One that is never used leaves nothing behind, so this may be repeated.

        The SDK would open it and send the first bytes in one go; the address has to be kept in between.
        """
        from googleapiclient.errors import HttpError  # noqa: PLC0415 - the SDK

        headers = {
            **request.headers,
            "X-Upload-Content-Type": mime,
            "X-Upload-Content-Length": str(size_bytes),
            "content-length": str(len(request.body)),
        }
        with self._calling(is_harmless=True):
            response, content = self._http.request(request.uri, method="POST", body=request.body, headers=headers)
            if response.status != 200 or "location" not in response:  # noqa: PLR2004 - the protocol's "opened"
                raise HttpError(response, content, uri=request.uri)
        address = str(response["location"])
        self._check_address(address)
        return address

    def _go_on(self, request: Any, resume: str) -> dict[str, Any]:  # noqa: ANN401
        """Ask the session how much it has, and send the rest."""
        address = resume.removeprefix(SESSION_TOKEN)
        self._check_address(address)
        request.resumable_uri = address
        # What makes the SDK ask before it sends; it has no public name for it.
        request._in_error_state = True  # noqa: SLF001
        return self._send(request)

    def _send(self, request: Any) -> dict[str, Any]:  # noqa: ANN401
        stalls, video = 0, None
        while video is None:
            before = request.resumable_progress
            try:
                with self._calling():
                    _, video = request.next_chunk(http=self._http, num_retries=0)
            except (Rejected, PerhapsSent) as error:
                if error.params.get("status") in _GONE:
                    raise PerhapsSent("upload_session_lost", params=error.params) from error
                raise
            stalls = stalls + 1 if request.resumable_progress <= before else 0
            if stalls >= MAX_STALLS:
                raise PerhapsSent("upload_stalled", params={"platform": "youtube"})
        if not isinstance(video, dict) or not isinstance(video.get("id"), str):
            raise PerhapsSent("answer_unreadable", params={"platform": "youtube"})
        return video

    def _check_address(self, address: str) -> None:
        """Refuse a session anywhere but on YouTube's own host, port and path: the token goes with the bytes.

        That a session lives on the host where it was opened is assumed; the vendor's examples show it so.
        """
        ours, theirs = urlsplit(self._base), urlsplit(address)
        is_same_host = (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
        if not is_same_host or not theirs.path.startswith(ours.path + "/"):
            params = {"platform": "youtube", "host": theirs.hostname or ""}
            raise NeedsPerson("foreign_address", who=Who.IT, params=params)

    def _find_uploaded(self, plan: Plan) -> dict[str, Any] | None:
        """Look among the channel's newest uploads for a private video with the plan's words."""
        with self._calling(is_harmless=True):
            channels = self._sdk.channels.list(part="contentDetails", mine=True).execute(http=self._http, num_retries=0)
            playlist = channels["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
            items = self._sdk.playlist_items.list(part="snippet,status", playlistId=playlist, maxResults=50).execute(
                http=self._http, num_retries=0
            )
            for item in items.get("items", []):
                snippet = item["snippet"]
                is_same = (snippet["title"], snippet["description"]) == (plan.title, plan.text)
                is_recent = datetime.fromisoformat(snippet["publishedAt"]) > self._now() - SESSION_LIFETIME
                if is_same and is_recent and item["status"]["privacyStatus"] == "private":
                    return {"id": snippet["resourceId"]["videoId"], "snippet": snippet}
        return None
