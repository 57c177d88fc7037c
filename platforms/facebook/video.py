"""A video's way to a Page: start, transfer, finish. Only the finish makes anything visible.

https://developers.facebook.com/docs/graph-api/video-uploads (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from platforms.errors import NotSent, PerhapsSent, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable

    from platforms.facebook.client import GraphClient
    from platforms.port import Media, Plan

VIDEO_TOKEN = "video:"  # noqa: S105 - the start of a resume token: `video:<video id>:<upload session id>`


def publish_video(
    graph: GraphClient,
    graph_video: GraphClient,
    page: str,
    plan: Plan,
    video: Media,
    resume: str | None,
    checkpoint: Callable[[str], None],
) -> str:
    """Upload *video* and publish it; gives its id.

    An upload session makes one video, however often it is finished (assumed; the vendor's page calls
    a session resumable and names no second video). So the session is stored before the finish, and
    a repeat finishes that one.

    Raises:
        PlatformError: One of its five kinds; until the finish, never `PerhapsSent`.
    """
    edge = f"{page}/videos"
    if resume is None or not resume.startswith(VIDEO_TOKEN):
        video_id, session_id = _upload(graph_video, edge, video)
        checkpoint(f"{VIDEO_TOKEN}{video_id}:{session_id}")
    else:
        video_id, session_id = _parts(resume)
        if receipt_of_video(graph, resume):
            return video_id
        checkpoint(resume)  # what was kept already; whose lease has ended makes nothing public
    fields = {"upload_phase": "finish", "upload_session_id": session_id, "published": "true"}
    if plan.text:
        fields["description"] = plan.text
    if plan.title:
        fields["title"] = plan.title
    answer = graph_video.write(edge, fields, is_repeat=resume is not None)
    if answer.get("success") is not True:
        raise PerhapsSent("answer_unreadable", params={"platform": "facebook"})
    return video_id


def receipt_of_video(graph: GraphClient, resume: str) -> str | None:
    """Read the video of a resume token back: its id where it is published, else None.

    Raises:
        PlatformError: Anything but `PerhapsSent`.
    """
    video_id, _ = _parts(resume)
    try:
        answer = graph.read(video_id, fields="id,published")
    except Rejected:
        # 100: no such object, as long as the session is not finished.
        return None
    return video_id if answer.get("published") is True else None


def _parts(resume: str) -> tuple[str, str]:
    video_id, _, session_id = resume.removeprefix(VIDEO_TOKEN).partition(":")
    return video_id, session_id


def _upload(graph_video: GraphClient, edge: str, video: Media) -> tuple[str, str]:
    size = str(video.size_bytes)
    started = graph_video.write(edge, {"upload_phase": "start", "file_size": size}, is_harmless=True)
    try:
        video_id, session_id = str(started["video_id"]), str(started["upload_session_id"])
    except KeyError as error:
        raise NotSent("answer_unreadable", params={"platform": "facebook"}) from error
    begin, end = _offsets(started)
    try:
        stream = video.path.open("rb")
    except OSError as error:
        raise NotSent("media_missing", params={"sha256": video.sha256}) from error
    with stream:
        while begin < end:
            stream.seek(begin)
            chunk = stream.read(end - begin)
            fields = {
                "upload_phase": "transfer",
                "upload_session_id": session_id,
                "start_offset": str(begin),
            }
            file = ("video_file_chunk", "chunk", chunk, "application/octet-stream")
            moved = _offsets(graph_video.write(edge, fields, file=file, is_harmless=True))
            if moved[0] <= begin:
                raise NotSent("upload_stalled", params={"platform": "facebook"})
            begin, end = moved
    return video_id, session_id


def _offsets(answer: dict[str, Any]) -> tuple[int, int]:
    """Read which bytes Graph wants next; both are the same where it has all."""
    try:
        return int(answer["start_offset"]), int(answer["end_offset"])
    except (KeyError, ValueError) as error:
        raise NotSent("answer_unreadable", params={"platform": "facebook"}) from error
