"""Put media on X ahead of their post. An upload that is never used fades after a day, so all of it may be repeated."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING

from platforms.errors import NotSent, Rejected
from platforms.port import MediaKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from platforms.port import Media
    from platforms.x.client import Json, XClient

CHUNK_BYTES = 4 * 1024 * 1024
MAX_WAIT_SECONDS = 240.0
"""How long X may look at a video of 140 seconds before the attempt is given up (and repeated)."""
MAX_CHECK_SECONDS = 10.0


class Uploads:
    """Uploads through X's v2 endpoints, images in one piece, GIFs and videos in chunks.

    Args:
        client: The account's line to X.
    """

    def __init__(self, client: XClient) -> None:
        self._client = client

    def send(self, media: Iterable[Media]) -> list[str]:
        """Upload *media* with their alternative texts; gives X's ids, in order.

        Raises:
            PlatformError: Never `PerhapsSent`: nobody sees an upload.
        """
        return [self._send_one(each) for each in media]

    def _send_one(self, medium: Media) -> str:
        is_moving = medium.kind is MediaKind.VIDEO or medium.mime == "image/gif"
        media_id = self._send_chunks(medium) if is_moving else self._send_image(medium)
        if medium.alt:
            body: Json = {"id": media_id, "metadata": {"alt_text": {"text": medium.alt}}}
            self._client.send("POST", "/2/media/metadata", body)
        return media_id

    def _send_image(self, image: Media) -> str:
        body = {"media": _encoded(image.path.read_bytes()), "media_category": "tweet_image"}
        return str(self._client.send("POST", "/2/media/upload", body)["id"])

    def _send_chunks(self, medium: Media) -> str:
        is_video = medium.kind is MediaKind.VIDEO
        body = {
            "media_type": medium.mime,
            "total_bytes": medium.size_bytes,
            "media_category": "tweet_video" if is_video else "tweet_gif",
        }
        media_id = str(self._client.send("POST", "/2/media/upload/initialize", body)["id"])
        with medium.path.open("rb") as file:
            for index, chunk in enumerate(iter(lambda: file.read(CHUNK_BYTES), b"")):
                piece = {"media": _encoded(chunk), "segment_index": index}
                self._client.send("POST", f"/2/media/upload/{media_id}/append", piece)
        data = self._client.send("POST", f"/2/media/upload/{media_id}/finalize")
        self._wait(media_id, data)
        return media_id

    def _wait(self, media_id: str, data: Json) -> None:
        """Wait until X has looked at the video; the delivery's lease is renewed by its own heartbeat."""
        end = time.monotonic() + MAX_WAIT_SECONDS
        while (state := (data.get("processing_info") or {}).get("state", "succeeded")) != "succeeded":
            if state == "failed":
                raise Rejected("video_refused", params={"platform": "x"}, detail=str(data["processing_info"]))
            if time.monotonic() > end:
                raise NotSent("video_processing", params={"platform": "x"})
            seconds = float(data["processing_info"].get("check_after_secs", 1))
            time.sleep(min(seconds, MAX_CHECK_SECONDS))
            params = {"command": "STATUS", "media_id": media_id}
            data = self._client.send("GET", "/2/media/upload", params=params)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
