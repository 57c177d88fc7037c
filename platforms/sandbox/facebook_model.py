"""What the stand-in for the Graph API knows and refuses. No HTTP in here."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from PIL import Image, UnidentifiedImageError

from platforms.sandbox.core import Item, Picture, Timeline

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, Document, World

VENDOR = "facebook"
APP = {"id": "1000000000001", "name": "Kairan (sandbox)", "category": "Business"}

MAX_CHARS = 63_206
MAX_PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_FORMATS = {"JPEG", "PNG", "GIF", "BMP", "TIFF"}
CHUNK_BYTES = 1024 * 1024


class GraphRefusal(Exception):  # noqa: N818 - it is the vendor's no, not an error of ours
    """Graph says no."""

    def __init__(self, code: int, message: str, *, status: int = 400, subcode: int = 0) -> None:
        """Keep Graph's *code*, its words, and the HTTP *status* they come with."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.subcode = subcode


class FacebookModel:
    """Pages, their posts, photos and videos."""

    def __init__(self, world: World) -> None:
        self._world = world

    # writing

    def post_to_feed(self, account: Account, page: str, fields: dict[str, str]) -> str:
        """Publish a post; gives its id.

        Raises:
            GraphRefusal: 506 for the same words twice in a row, 100 for what Graph can't take.
        """
        self._check_page(account, page)
        message = fields.get("message", "").strip()
        photos = self._attached(fields.get("attached_media", ""))
        if not message and not photos and not fields.get("link"):
            raise GraphRefusal(100, "(#100) The post is empty. Please enter a message to share.")
        if len(message) > MAX_CHARS:
            raise GraphRefusal(100, "(#100) Param message is too long")
        if fields.get("link", "https://").split(":")[0] not in {"http", "https"}:
            raise GraphRefusal(1609005, "(#1609005) The link is not valid")
        with self._world.lock:
            last = self._world.newest(VENDOR, "post", account.external_id, 1)
            if self._world.refuse_duplicates and message and last and last[0]["message"] == message:
                raise GraphRefusal(506, "(#506) Duplicate status message")
            post_id = f"{account.external_id}_{self._world.next_id()}"
            post = self._published(account, post_id, message) | {"photos": [p["id"] for p in photos]}
            self._world.put(VENDOR, "post", post_id, post)
            for photo in photos:
                self._world.put(VENDOR, "photo", photo["id"], photo | {"is_used": True})
        return post_id

    def add_photo(self, account: Account, page: str, fields: dict[str, str], content: bytes) -> str:
        """Take a photo that nobody sees yet; gives its id.

        Raises:
            GraphRefusal: 100 or 324 for no photo, or one that Graph can't take.
        """
        self._check_page(account, page)
        if fields.get("published", "true") != "false":
            raise GraphRefusal(100, "(#100) This stand-in takes unpublished photos only")
        if not content:
            raise GraphRefusal(324, "(#324) Missing or invalid image file")
        if len(content) > MAX_PHOTO_BYTES:
            raise GraphRefusal(100, "(#100) The image is larger than 10 MB")
        try:
            with Image.open(io.BytesIO(content)) as image:
                mime, name = Image.MIME[image.format or ""], image.format
                image.verify()
        except (UnidentifiedImageError, OSError, KeyError, SyntaxError) as error:
            raise GraphRefusal(324, "(#324) Missing or invalid image file") from error
        if name not in PHOTO_FORMATS:
            raise GraphRefusal(324, "(#324) Missing or invalid image file")
        photo_id = self._world.next_id()
        url = self._world.put_blob(f"facebook-{photo_id}", mime, content)
        alt = fields.get("alt_text_custom", "")
        photo = {"id": photo_id, "page": page, "alt": alt, "url": url, "is_used": False}
        self._world.put(VENDOR, "photo", photo_id, photo)
        return photo_id

    def video_phase(self, account: Account, page: str, fields: dict[str, str], content: bytes) -> dict[str, Any]:
        """Take one step of a chunked upload.

        Raises:
            GraphRefusal: 100 for a step that doesn't follow.
        """
        self._check_page(account, page)
        phase = fields.get("upload_phase", "")
        if phase == "start":
            return self._start_video(page, int(fields["file_size"]))
        session = self._world.get(VENDOR, "video_session", fields.get("upload_session_id", ""))
        if session is None or session["page"] != page:
            raise GraphRefusal(100, "(#100) Invalid parameter: upload_session_id")
        if phase == "transfer":
            return self._take_chunk(session, int(fields.get("start_offset", -1)), content)
        if phase == "finish":
            return self._finish_video(account, session, fields)
        raise GraphRefusal(100, "(#100) Param upload_phase must be one of {start, transfer, finish, cancel}")

    def delete(self, account: Account, node: str) -> None:
        """Delete a post or a video; the one goes with the other.

        Raises:
            GraphRefusal: 100 where the Page has none.
        """
        with self._world.lock:
            post, video = self._world.get(VENDOR, "post", node), self._world.get(VENDOR, "video", node)
            found = post or video
            if found is None or found["page"] != account.external_id:
                raise self._unknown(node, "delete")
            post_id = node if post else found["post_id"]
            video_id = found["video"] if post else node
            self._world.remove(VENDOR, "post", post_id)
            self._world.remove(VENDOR, "video", video_id or "")

    # reading

    def published_posts(self, account: Account, page: str, host: str, limit: int, after: str) -> dict[str, Any]:
        """List a Page's posts, newest first, a page of them at a time."""
        self._check_page(account, page)
        posts = list(reversed(self._posts(account)))
        begin = int(after or 0)
        shown = posts[begin : begin + limit]
        answer: dict[str, Any] = {"data": [self._as_seen(post, host) for post in shown]}
        if shown:
            answer["paging"] = {"cursors": {"before": str(begin), "after": str(begin + len(shown))}}
            if begin + limit < len(posts):
                answer["paging"]["next"] = f"{host}/facebook/{page}/published_posts?after={begin + limit}"
        return answer

    def node(self, account: Account, node: str, host: str, fields: str = "") -> dict[str, Any]:
        """Read a post, a video or the Page itself; its figures where *fields* names them.

        Raises:
            GraphRefusal: 100 where there is none.
        """
        if node in {"me", account.external_id}:
            return {"id": account.external_id, "name": account.name}
        post = self._world.get(VENDOR, "post", node)
        if post is not None:
            return self._as_seen(post, host) | self._figures(node, fields)
        video = self._world.get(VENDOR, "video", node)
        if video is not None:
            is_published = bool(video["post_id"])
            status = {"video_status": "ready" if is_published else "uploading"}
            seen = {"id": node, "published": is_published, "status": status}
            post = self._world.get(VENDOR, "post", video["post_id"])
            if post is not None:
                seen |= {"title": post["title"], "description": post["message"]}
                seen |= {"permalink_url": f"{host}/facebook/{video['post_id']}"} | self._figures(node, fields)
            return seen
        raise self._unknown(node, "get")

    def application(self) -> dict[str, Any]:
        """Name the app that every token here belongs to."""
        return dict(APP)

    def token_facts(self, token: str) -> dict[str, Any]:
        """Say what Graph says of a token."""
        account = self._world.account_with(VENDOR, "page_token", token)
        if account is None:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return {"is_valid": False, "scopes": [], "error": error}
        return {
            "app_id": APP["id"],
            "type": "PAGE",
            "profile_id": account.external_id,
            "is_valid": True,
            "expires_at": 0,
            "data_access_expires_at": int(self._world.now().timestamp()) + 90 * 86_400,
            "scopes": ["pages_manage_posts", "pages_read_engagement", "pages_show_list"],
        }

    def timelines(self) -> list[Timeline]:
        """Show every Page as its followers see it."""
        return [
            Timeline(
                vendor=VENDOR,
                handle=account.handle,
                name=account.name,
                items=tuple(self._item(account, post) for post in reversed(self._posts(account))),
            )
            for account in self._world.accounts(VENDOR)
        ]

    def public_item(self, post_id: str) -> Item | None:
        """Find a published post."""
        post = self._world.get(VENDOR, "post", post_id)
        if post is None:
            return None
        account = next(a for a in self._world.accounts(VENDOR) if a.external_id == post["page"])
        return self._item(account, post)

    def video_of_session(self, session_id: str) -> str | None:
        """Name the video that an upload session makes."""
        session = self._world.get(VENDOR, "video_session", session_id)
        return str(session["video_id"]) if session else None

    # inside

    def _posts(self, account: Account) -> list[Document]:
        return self._world.newest(VENDOR, "post", account.external_id)[::-1]

    def _published(self, account: Account, post_id: str, message: str) -> Document:
        created = self._world.now().isoformat(timespec="seconds").replace("+00:00", "+0000")
        return {
            "id": post_id,
            "page": account.external_id,
            "message": message,
            "created_time": created,
            "application": APP,
            "photos": [],
            "video": None,
            "title": "",
        }

    def _attached(self, given: str) -> list[Document]:
        photos: list[Document] = []
        for each in json.loads(given) if given else []:
            photo = self._world.get(VENDOR, "photo", str(each.get("media_fbid")))
            if photo is None or photo["is_used"]:
                raise GraphRefusal(100, "(#100) Invalid parameter: attached_media")
            photos.append(photo)
        return photos

    def _start_video(self, page: str, size: int) -> dict[str, Any]:
        session_id, video_id = self._world.next_id(), self._world.next_id()
        session = {"id": session_id, "video_id": video_id, "page": page, "size": size, "got": 0}
        self._world.put(VENDOR, "video_session", session_id, session)
        self._world.put(VENDOR, "video", video_id, {"id": video_id, "page": page, "post_id": ""})
        return {"upload_session_id": session_id, "video_id": video_id} | _next_chunk(session)

    def _take_chunk(self, session: Document, start: int, content: bytes) -> dict[str, Any]:
        if start != session["got"] or not content or start + len(content) > session["size"]:
            raise GraphRefusal(100, "(#100) Invalid parameter: start_offset", subcode=1363037)
        blob_id = f"facebook-{session['video_id']}"
        blob = self._world.get_blob(blob_id)
        self._world.put_blob(blob_id, "video/mp4", (blob[1] if blob else b"") + content)
        session |= {"got": start + len(content)}
        self._world.put(VENDOR, "video_session", session["id"], session)
        return _next_chunk(session)

    def _finish_video(self, account: Account, session: Document, fields: dict[str, str]) -> dict[str, Any]:
        if session["got"] != session["size"]:
            raise GraphRefusal(100, "(#100) The upload is not complete", subcode=1363037)
        video = self._world.get(VENDOR, "video", session["video_id"]) or {}
        if not video.get("post_id") and fields.get("published", "true") == "true":
            post_id = f"{account.external_id}_{self._world.next_id()}"
            post = self._published(account, post_id, fields.get("description", ""))
            post |= {"video": session["video_id"], "title": fields.get("title", "")}
            self._world.put(VENDOR, "post", post_id, post)
            self._world.put(VENDOR, "video", session["video_id"], video | {"post_id": post_id})
        return {"success": True}

    def _as_seen(self, post: Document, host: str) -> dict[str, Any]:
        keys = ("id", "message", "created_time", "application")
        seen = {key: post[key] for key in keys if post[key]}
        return seen | {"permalink_url": f"{host}/facebook/{post['id']}", "is_published": True}

    def _item(self, account: Account, post: Document) -> Item:
        photos = [self._world.get(VENDOR, "photo", each) or {} for each in post["photos"]]
        media = [Picture(kind="image", url=photo.get("url"), alt=photo.get("alt", "")) for photo in photos]
        if post["video"]:
            media.append(Picture(kind="video", url=f"/_sandbox/media/facebook-{post['video']}"))
        return Item(
            external_id=post["id"],
            text=post["message"],
            at=post["created_time"].replace("+0000", "+00:00"),
            author_handle=account.handle,
            title=post["title"],
            media=tuple(media),
            url=f"/facebook/{post['id']}",
            extra={"video_id": post["video"]} if post["video"] else {},
        )

    def _check_page(self, account: Account, page: str) -> None:
        if page not in {account.external_id, "me"}:
            message = "(#200) The token's user does not have sufficient administrative permission for this page"
            raise GraphRefusal(200, message, status=403)

    def _figures(self, node: str, fields: str) -> dict[str, Any]:
        """Count what readers did, as it was put down as the node's `figures`; nobody sharing it leaves `shares` out."""
        put_down = self._world.get(VENDOR, "figures", node) or {}
        asked = {name.partition(".")[0] for name in fields.split(",")}
        edges = {
            edge: {"data": [], "summary": {"total_count": put_down.get(edge, 0)}}
            for edge in ("comments", "reactions", "likes")
        }
        plain = {"views": put_down.get("views", 0)}
        if put_down.get("shares"):
            plain["shares"] = {"count": put_down["shares"]}
        return {name: value for name, value in (edges | plain).items() if name in asked}

    def _unknown(self, node: str, verb: str) -> GraphRefusal:
        message = (
            f"Unsupported {verb} request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
            "permissions, or does not support this operation"
        )
        return GraphRefusal(100, message, subcode=33)


def _next_chunk(session: Document) -> dict[str, str]:
    end = min(session["got"] + CHUNK_BYTES, session["size"])
    return {"start_offset": str(session["got"]), "end_offset": str(end)}
