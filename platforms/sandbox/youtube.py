"""A stand-in for YouTube, over HTTP: `/youtube` (Data API, uploads, watch page) and `/google/token`."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from platforms.sandbox.core import FaultKind
from platforms.sandbox.door import Doorkeeper, Vendor, bearer_token, note
from platforms.sandbox.youtube_model import VENDOR, YouTubeModel, YouTubeRefusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from platforms.sandbox.core import Account, Document, World

RESUME_INCOMPLETE = 308

_FAILURES = {
    FaultKind.ERROR_BEFORE: (503, "backendError", "Backend Error"),
    FaultKind.ERROR_AFTER: (500, "internalError", "Internal error encountered."),
    FaultKind.THROTTLED: (403, "rateLimitExceeded", "The request cannot be completed: rate limit exceeded."),
    FaultKind.QUOTA: (403, "quotaExceeded", "The request cannot be completed: quota exceeded."),
    FaultKind.EXPIRED_TOKEN: (401, "authError", "Invalid Credentials"),
}


def build_vendor(world: World) -> Vendor:
    """Build the stand-in over *world*."""
    model = YouTubeModel(world)
    door = Doorkeeper(world, VENDOR, _failure, lambda: _account_of(model))
    return Vendor(
        name=VENDOR,
        blueprints=(_build_api(model, door), _build_google(model, door)),
        failure=_failure,
        timelines=model.timelines,
    )


def error_answer(refusal: YouTubeRefusal) -> Response:
    """Shape a refusal as the Data API does."""
    error = {"message": refusal.message, "domain": refusal.domain, "reason": refusal.reason}
    body = {"error": {"code": refusal.status, "message": refusal.message, "errors": [error]}}
    response = jsonify(body)
    response.status_code = refusal.status
    return response


def _failure(kind: FaultKind) -> Response:
    return error_answer(YouTubeRefusal(*_FAILURES[kind], domain="global"))


def _answering(work: Callable[[], Response | dict[str, Any]]) -> Response:
    try:
        answer = work()
    except YouTubeRefusal as refusal:
        return error_answer(refusal)
    return answer if isinstance(answer, Response) else jsonify(answer)


def _account_of(model: YouTubeModel) -> Account | None:
    try:
        return model.caller(bearer_token())
    except YouTubeRefusal:
        return None


def _caller(model: YouTubeModel) -> Account:
    account = model.caller(bearer_token())
    note(account=account.handle)
    return account


def _build_google(model: YouTubeModel, door: Doorkeeper) -> Blueprint:
    google = Blueprint("google", __name__, url_prefix="/google")

    @google.post("/token")
    @door.guard("token")
    def token() -> Response:
        answer = model.refresh(request.form.to_dict())
        if isinstance(answer, dict):
            return jsonify(answer)
        said = {"invalid_grant": "Token has been expired or revoked.", "invalid_client": "Unauthorized"}
        response = jsonify({"error": answer, "error_description": said.get(answer, answer)})
        response.status_code = 401 if answer == "invalid_client" else 400
        return response

    return google


def _build_api(model: YouTubeModel, door: Doorkeeper) -> Blueprint:
    api = Blueprint("youtube", __name__, url_prefix="/youtube")
    _add_uploads(api, model, door)
    _add_videos(api, model, door)
    _add_channel(api, model, door)

    @api.get("/watch")
    def watch() -> Response:
        """Show a video to a citizen: no token, and nothing private."""
        video = model.public_video(request.args.get("v", ""))
        if video is None:
            return Response("Video unavailable. This video is private.", status=404, mimetype="text/plain")
        title, text = escape(video["snippet"]["title"]), escape(video["snippet"]["description"])
        player = f'<video controls src="/_sandbox/media/{video["blob"]}"></video>'
        page = f"<!doctype html><meta charset=utf-8>{player}<h1>{title}</h1><p>{text}</p>"
        return Response(page, mimetype="text/html")

    return api


def _add_uploads(api: Blueprint, model: YouTubeModel, door: Doorkeeper) -> None:
    @api.post("/upload/youtube/v3/videos")
    @door.guard("open_upload")
    def open_upload() -> Response:
        def work() -> Response:
            account = _caller(model)
            if request.args.get("uploadType") != "resumable":
                raise YouTubeRefusal(400, "badRequest", "This stand-in takes resumable uploads only.")
            size = int(request.headers.get("X-Upload-Content-Length", 0))
            mime = request.headers.get("X-Upload-Content-Type", "")
            upload_id = model.open_session(account, request.get_json(), size, mime)
            query = f"uploadType=resumable&upload_id={upload_id}"
            location = f"{request.host_url}youtube/upload/youtube/v3/videos?{query}"
            return Response(status=200, headers={"Location": location, "X-GUploader-UploadID": upload_id})

        return _answering(work)

    def put() -> Response:
        return _answering(lambda: _take(model))

    query = door.guard("query_upload")(put)
    chunk = door.guard("upload")(put)
    last = door.guard("publish")(put)

    @api.put("/upload/youtube/v3/videos")
    def upload() -> Response:
        # Only the last bytes make a video; faults for "publish" are for them.
        start, end, total = _content_range()
        if start is None:
            return query()
        return last() if end == total - 1 else chunk()


def _take(model: YouTubeModel) -> Response | dict[str, Any]:
    session = model.session(_caller(model), request.args.get("upload_id", ""))
    note(key=session["id"], text=session["body"]["snippet"]["title"])
    start, _, total = _content_range()
    if start is None:
        video = model.take(session, session["got"], session["size"], b"")
    else:
        video = model.take(session, start, total, request.get_data())
    if video is not None:
        note(external_id=video["id"])
        return _resource(video, {"snippet", "status"})
    headers = {"Range": f"bytes=0-{session['got'] - 1}"} if session["got"] else {}
    return Response(status=RESUME_INCOMPLETE, headers=headers)


def _content_range() -> tuple[int | None, int, int]:
    """Read `bytes 0-499/1000`, or `bytes */1000`, a question."""
    text = request.headers.get("Content-Range", "")
    found = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)", text)
    if found is None:
        size = request.content_length or 0
        return 0, size - 1, size
    first, last, total = found.groups()
    return (None, -1, int(total)) if first is None else (int(first), int(last), int(total))


def _add_videos(api: Blueprint, model: YouTubeModel, door: Doorkeeper) -> None:
    @api.put("/youtube/v3/videos")
    @door.guard("update")
    def update() -> Response:
        def work() -> dict[str, Any]:
            if _parts() != {"status"}:
                raise YouTubeRefusal(400, "badRequest", "This stand-in updates part=status only.")
            video = model.update_status(_caller(model), request.get_json())
            note(external_id=video["id"], privacy=video["status"]["privacyStatus"])
            return _resource(video, {"status"})

        return _answering(work)

    @api.get("/youtube/v3/videos")
    @door.guard("read")
    def listed() -> Response:
        ids = request.args.get("id", "").split(",")

        def work() -> dict[str, Any]:
            videos = model.videos(_caller(model), ids)
            return _list("video", [video | {"statistics": model.figures(video)} for video in videos], _parts())

        return _answering(work)

    @api.delete("/youtube/v3/videos")
    @door.guard("delete")
    def deleted() -> Response:
        note(external_id=request.args.get("id", ""))

        def work() -> Response:
            model.delete(_caller(model), request.args.get("id", ""))
            return Response(status=204)

        return _answering(work)


def _add_channel(api: Blueprint, model: YouTubeModel, door: Doorkeeper) -> None:
    @api.get("/youtube/v3/channels")
    @door.guard("read")
    def channels() -> Response:
        def work() -> dict[str, Any]:
            account = _caller(model)
            uploads = {"relatedPlaylists": {"uploads": _uploads(account)}}
            channel = {"kind": "youtube#channel", "id": account.external_id, "contentDetails": uploads}
            snippet = {"title": account.name, "customUrl": f"@{account.handle}"}
            return {"kind": "youtube#channelListResponse", "items": [channel | {"snippet": snippet}]}

        return _answering(work)

    @api.get("/youtube/v3/playlistItems")
    @door.guard("find")
    def playlist_items() -> Response:
        def work() -> dict[str, Any]:
            account = _caller(model)
            if request.args.get("playlistId") != _uploads(account):
                message = "The playlist identified with the request's playlistId parameter cannot be found."
                raise YouTubeRefusal(404, "playlistNotFound", message, domain="youtube.playlistItem")
            count = int(request.args.get("maxResults", 5))
            items = [_playlist_item(video) for video in model.videos(account)[:count]]
            return {"kind": "youtube#playlistItemListResponse", "items": items}

        return _answering(work)


def _uploads(account: Account) -> str:
    """Name the playlist of a channel's uploads: `UC…` becomes `UU…`."""
    return "UU" + account.external_id.removeprefix("UC")


def _parts() -> set[str]:
    return {part for each in request.args.getlist("part") for part in each.split(",")}


def _resource(video: Document, parts: set[str]) -> dict[str, Any]:
    return {"kind": "youtube#video", "id": video["id"]} | {
        part: video[part] for part in ("snippet", "status", "statistics") if part in parts
    }


def _list(kind: str, videos: list[Document], parts: set[str]) -> dict[str, Any]:
    items = [_resource(video, parts) for video in videos]
    return {"kind": f"youtube#{kind}ListResponse", "items": items, "pageInfo": {"totalResults": len(items)}}


def _playlist_item(video: Document) -> dict[str, Any]:
    resource = {"kind": "youtube#video", "videoId": video["id"]}
    return {
        "kind": "youtube#playlistItem",
        "id": f"UU{video['id']}",
        "snippet": video["snippet"] | {"resourceId": resource},
        "status": {"privacyStatus": video["status"]["privacyStatus"]},
        "contentDetails": {"videoId": video["id"]},
    }
