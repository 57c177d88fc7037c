"""A stand-in for X API v2: what our adapter calls, answered and refused as X does.

Addresses, bodies and limits: X's OpenAPI 2.167 and https://docs.x.com (read 2026-11-21). Both OAuth 1.0a user
signatures and bearer user tokens are taken.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, make_response, request

from platforms.sandbox.core import FaultKind
from platforms.sandbox.door import Doorkeeper, Vendor, note, note_closed
from platforms.sandbox.page import Look, missing_page, post_page
from platforms.sandbox.x_auth import XAuth
from platforms.sandbox.x_media import XRefusal, invalid
from platforms.sandbox.x_model import POSTS_PER_WINDOW, RATE_WINDOW, XModel

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, Document, World

_LOOK = Look(name="X", accent="#111111", background="#f7f9f9")
_ALWAYS_SHOWN = ("id", "text", "edit_history_tweet_ids")
MAX_IDS = 100
"""How many posts one look takes."""
View = Callable[..., Response]


def build_vendor(world: World) -> Vendor:
    """Build the stand-in over *world*."""
    model = XModel(world)
    face = _Face(world, model)
    blueprint = Blueprint("x", __name__, url_prefix="/x")
    face.add_posts(blueprint)
    face.add_users(blueprint)
    face.add_media(blueprint)
    face.add_pages(blueprint)
    return Vendor(name="x", blueprints=(blueprint,), failure=face.failure, timelines=model.timelines)


class _Face:
    """The HTTP door of one `XModel`."""

    def __init__(self, world: World, model: XModel) -> None:
        self._world = world
        self._model = model
        self._auth = XAuth(world)
        self._door = Doorkeeper(world, "x", self.failure, self._auth.claimed)

    def failure(self, kind: FaultKind) -> Response:
        """Fail as X does."""
        if kind is FaultKind.EXPIRED_TOKEN:
            return _problem(XRefusal(401, "Unauthorized", "Unauthorized"))
        if kind is FaultKind.THROTTLED:
            return self._limited(_problem(XRefusal(429, "Too Many Requests", "Too Many Requests")), left=0)
        return _problem(XRefusal(500, "Internal Server Error", "Internal Server Error"))

    def _asked(self, verb: str) -> Callable[[View], View]:
        """Guard a view, find out whose request it is, and turn refusals into answers."""

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def asked(**path: str) -> Response:
                account = self._auth.account()
                if account is None:
                    return _problem(XRefusal(401, "Unauthorized", "Unauthorized"))
                note(account=account.handle)
                g.account = account
                try:
                    response = view(**path)
                except XRefusal as refusal:
                    response = _problem(refusal)
                return self._limited(response, left=self._model.posts_left(account))

            return self._door.guard(verb)(asked)

        return decorate

    def _limited(self, response: Response, *, left: int) -> Response:
        ordered = g.get("reset_seconds")
        reset = self._world.now() + (RATE_WINDOW if ordered is None else timedelta(seconds=ordered))
        response.headers["x-rate-limit-limit"] = str(POSTS_PER_WINDOW)
        response.headers["x-rate-limit-remaining"] = str(left)
        response.headers["x-rate-limit-reset"] = str(int(reset.timestamp()))
        if not left:
            note_closed(reset.replace(microsecond=0))
        return response

    def add_posts(self, blueprint: Blueprint) -> None:
        """Add what makes and unmakes posts."""

        @blueprint.post("/2/tweets")
        @self._asked("publish")
        def publish() -> Response:
            body = _json()
            note(text=body.get("text"), media=(body.get("media") or {}).get("media_ids", []))
            if not self._model.posts_left(_account()):
                return self.failure(FaultKind.THROTTLED)
            post = self._model.publish(_account(), body)
            note(external_id=post["id"])
            shown = self._model.rendered(post)
            return _created({key: shown[key] for key in _ALWAYS_SHOWN})

        @blueprint.get("/2/tweets")
        @self._asked("read")
        def look_up() -> Response:
            ids = [each for each in request.args.get("ids", "").split(",") if each]
            if not 1 <= len(ids) <= MAX_IDS:
                raise invalid(f"The `ids` query parameter holds {len(ids)} ids")
            wanted = self._wanted_fields()
            posts, problems = self._model.look_up(ids)
            answer = {"data": [self._shown(post, wanted) for post in posts], "errors": problems}
            return jsonify({name: each for name, each in answer.items() if each})

        @blueprint.delete("/2/tweets/<post_id>")
        @self._asked("delete")
        def delete(post_id: str) -> Response:
            note(external_id=post_id)
            return jsonify({"data": {"deleted": self._model.delete(_account(), post_id)}})

    def add_users(self, blueprint: Blueprint) -> None:
        """Add the account itself: who it is, its timeline, its reposts."""

        @blueprint.get("/2/users/me")
        @self._asked("me")
        def me() -> Response:
            account = _account()
            return jsonify({"data": {"id": account.external_id, "name": account.name, "username": account.handle}})

        @blueprint.get("/2/users/<user_id>/tweets")
        @self._asked("timeline")
        def timeline(user_id: str) -> Response:
            return jsonify(self._page_of(user_id))

        @blueprint.post("/2/users/<user_id>/retweets")
        @self._asked("repost")
        def repost(user_id: str) -> Response:
            self._must_be_me(user_id)
            source = str(_json().get("tweet_id", ""))
            note(source=source)
            post = self._model.repost(_account(), source)
            note(external_id=post["id"])
            return jsonify({"data": {"retweeted": True, "rest_id": post["id"]}})

        @blueprint.delete("/2/users/<user_id>/retweets/<source_id>")
        @self._asked("unrepost")
        def unrepost(user_id: str, source_id: str) -> Response:
            self._must_be_me(user_id)
            note(source=source_id)
            self._model.unrepost(_account(), source_id)
            return jsonify({"data": {"retweeted": False}})

    def add_media(self, blueprint: Blueprint) -> None:
        """Add uploads: images in one piece, videos in many."""

        @blueprint.post("/2/media/upload")
        @self._asked("upload")
        def upload() -> Response:
            return _medium(self._model.media.upload(_account(), _json()))

        @blueprint.post("/2/media/metadata")
        @self._asked("metadata")
        def metadata() -> Response:
            body = _json()
            alt = body.get("metadata", {}).get("alt_text", {}).get("text", "")
            self._model.media.describe(_account(), str(body.get("id", "")), str(alt))
            return jsonify({"data": {"id": body["id"], "associated_metadata": body["metadata"]}})

        @blueprint.post("/2/media/upload/initialize")
        @self._asked("upload_initialize")
        def initialize() -> Response:
            return _medium(self._model.media.initialize(_account(), _json()))

        @blueprint.post("/2/media/upload/<media_id>/append")
        @self._asked("upload_append")
        def append(media_id: str) -> Response:
            self._model.media.append(_account(), media_id, _json())
            expires = self._world.now() + timedelta(days=1)
            return jsonify({"data": {"expires_at": int(expires.timestamp())}})

        @blueprint.post("/2/media/upload/<media_id>/finalize")
        @self._asked("upload_finalize")
        def finalize(media_id: str) -> Response:
            return _medium(self._model.media.finalize(_account(), media_id))

        @blueprint.get("/2/media/upload")
        @self._asked("upload_status")
        def status() -> Response:
            return _medium(self._model.media.status(_account(), request.args.get("media_id", "")))

    def add_pages(self, blueprint: Blueprint) -> None:
        """Add the page of a post."""

        @blueprint.get("/<handle>/status/<post_id>")
        def page(handle: str, post_id: str) -> Response:
            post = self._world.get("x", "post", post_id)
            author = self._model.author(post) if post else None
            if post is None or author is None or handle not in {author.handle, "i"}:
                return missing_page(_LOOK)
            return post_page(_LOOK, self._model.item(post), account_name=author.name)

    def _must_be_me(self, user_id: str) -> None:
        if user_id != _account().external_id:
            raise XRefusal(
                403, "Forbidden", "The `id` query parameter value must be the same as the authenticating user."
            )

    def _page_of(self, user_id: str) -> Document:
        args = request.args
        size = int(args.get("max_results", 10))
        if not 5 <= size <= 100:  # noqa: PLR2004 - X's own bounds
            raise invalid(f"The `max_results` query parameter value [{size}] is not between 5 and 100")
        owner = next((a for a in self._world.accounts("x") if a.external_id == user_id), None)
        posts = [post for post in self._model.posts(owner) if _is_asked_for(post)] if owner else []
        start = int(args.get("pagination_token", 0))
        page = posts[start : start + size]
        wanted = self._wanted_fields()
        meta: Document = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
        if start + size < len(posts):
            meta["next_token"] = str(start + size)
        data = [self._shown(post, wanted) for post in page]
        return {"data": data, "meta": meta} if data else {"meta": meta}

    def _wanted_fields(self) -> set[str]:
        unknown = {name for name in request.args if name.endswith(".fields")} - self._world.x_field_spellings
        if unknown:
            raise invalid(f"The query parameter {sorted(unknown)} is not one of the known ones")
        asked = [request.args.get(spelling, "").split(",") for spelling in self._world.x_field_spellings]
        return {*_ALWAYS_SHOWN, *(name for names in asked for name in names if name)}

    def _shown(self, post: Document, wanted: set[str]) -> Document:
        shown = self._model.rendered(post)
        if "public_metrics" in wanted:
            shown["public_metrics"] = self._model.figures(post, is_older="tweet.fields" in request.args)
        return {key: value for key, value in shown.items() if key in wanted}


def _is_asked_for(post: Document) -> bool:
    args = request.args
    if int(post["id"]) <= int(args.get("since_id", 0)):
        return False
    at = datetime.fromisoformat(post["at"])
    if args.get("start_time") and at < datetime.fromisoformat(args["start_time"]):
        return False
    if args.get("end_time") and at >= datetime.fromisoformat(args["end_time"]):
        return False
    return not (post["repost_of"] and "retweets" in args.get("exclude", ""))


def _account() -> Account:
    account: Account = g.account
    return account


def _json() -> Document:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise invalid("The request body is not JSON")
    return body


def _created(data: Document) -> Response:
    return make_response(jsonify({"data": data}), 201)


def _medium(medium: Document) -> Response:
    data: Document = {"id": medium["id"], "media_key": f"3_{medium['id']}", "expires_after_secs": 86400}
    if medium["kind"] == "video" and medium["state"] != "open":
        data["processing_info"] = {"state": medium["state"]}
        if medium["state"] == "pending":
            data["processing_info"]["check_after_secs"] = 1
    return jsonify({"data": data})


def _problem(refusal: XRefusal) -> Response:
    response = make_response(jsonify(refusal.problem), refusal.status)
    response.mimetype = "application/problem+json"
    return response
