"""A stand-in for the Graph API, over HTTP: `/facebook` (graph) and `/facebook-video` (graph-video)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from html import escape
from math import ceil
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from platforms.sandbox.core import FaultKind
from platforms.sandbox.door import Doorkeeper, Vendor, bearer_token, note, note_closed
from platforms.sandbox.facebook_model import VENDOR, FacebookModel, GraphRefusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from platforms.sandbox.core import Account, World

VERSION = "v26.0"

_FAILURES = {
    FaultKind.ERROR_BEFORE: (500, 2, "Service temporarily unavailable"),
    FaultKind.ERROR_AFTER: (500, 1, "An unknown error has occurred."),
    FaultKind.THROTTLED: (400, 32, "(#32) Page request limit reached"),
    FaultKind.QUOTA: (400, 80001, "(#80001) There have been too many calls to this Page account."),
    FaultKind.EXPIRED_TOKEN: (
        400,
        190,
        "Error validating access token: Session has expired on Monday, 30-Nov-26 08:00:00 PST.",
    ),
}


def build_vendor(world: World) -> Vendor:
    """Build the stand-in over *world*."""
    model = FacebookModel(world)

    def failure(kind: FaultKind) -> Response:
        return _failure(kind, world.now())

    door = Doorkeeper(world, VENDOR, failure, lambda: world.account_with(VENDOR, "page_token", _token()))
    return Vendor(
        name=VENDOR,
        blueprints=(_build_graph(model, world, door), _build_graph_video(model, world, door)),
        failure=failure,
        timelines=model.timelines,
    )


def error_answer(refusal: GraphRefusal) -> Response:
    """Shape a refusal as Graph does."""
    error: dict[str, Any] = {
        "message": refusal.message,
        "type": "OAuthException",
        "code": refusal.code,
        "fbtrace_id": "AStandIn0000000000000",
    }
    if refusal.subcode:
        error["error_subcode"] = refusal.subcode
    if refusal.code in {1, 2}:
        error["is_transient"] = True
    response = jsonify({"error": error})
    response.status_code = refusal.status
    return response


def _failure(kind: FaultKind, now: datetime) -> Response:
    status, code, message = _FAILURES[kind]
    subcode = 463 if kind is FaultKind.EXPIRED_TOKEN else 0
    response = error_answer(GraphRefusal(code, message, status=status, subcode=subcode))
    if kind in {FaultKind.THROTTLED, FaultKind.QUOTA}:
        usage = {"call_count": 100, "total_time": 25, "total_cputime": 25, "type": "pages"}
        minutes = ceil((g.get("reset_seconds") or 300) / 60)  # Graph knows no shorter time
        usage["estimated_time_to_regain_access"] = minutes
        note_closed(now + timedelta(minutes=minutes))
        response.headers["X-Business-Use-Case-Usage"] = json.dumps({"1": [usage]})
    return response


class _Caller:
    """Reads who calls, as Graph does: a bearer token and, where the app has a secret, its proof."""

    def __init__(self, world: World) -> None:
        self._world = world

    def account(self) -> Account:
        """Find the Page whose token came along.

        Raises:
            GraphRefusal: 190 for a token that is not known, 100 for a wrong proof.
        """
        token = _token()
        if not token:
            message = "An active access token must be used to query information about the current user."
            raise GraphRefusal(2500, message)
        account = self._world.account_with(VENDOR, "page_token", token)
        if account is None:
            raise GraphRefusal(190, "Invalid OAuth access token - Cannot parse access token", status=400)
        note(account=account.handle)
        secret = account.secrets.get("app_secret", "")
        proof = request.values.get("appsecret_proof", "")
        if secret and not hmac.compare_digest(_proof(secret, token), proof):
            raise GraphRefusal(100, "Invalid appsecret_proof provided in the API argument")
        return account


def _token() -> str:
    return bearer_token() or request.values.get("access_token", "")


def _proof(secret: str, token: str) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _answering(work: Callable[[], dict[str, Any]]) -> Response:
    try:
        return jsonify(work())
    except GraphRefusal as refusal:
        return error_answer(refusal)


def _build_graph(model: FacebookModel, world: World, door: Doorkeeper) -> Blueprint:
    graph = Blueprint("facebook", __name__, url_prefix="/facebook")
    caller = _Caller(world)

    @graph.post(f"/{VERSION}/<page>/feed")
    @door.guard("publish")
    def feed(page: str) -> Response:
        note(text=request.form.get("message"))

        def work() -> dict[str, Any]:
            made = model.post_to_feed(caller.account(), page, request.form.to_dict())
            note(external_id=made)
            return {"id": made}

        return _answering(work)

    @graph.post(f"/{VERSION}/<page>/photos")
    @door.guard("upload")
    def photos(page: str) -> Response:
        def work() -> dict[str, Any]:
            file = request.files.get("source")
            content = file.read() if file else b""
            return {"id": model.add_photo(caller.account(), page, request.form.to_dict(), content)}

        return _answering(work)

    @graph.get(f"/{VERSION}/<page>/published_posts")
    @door.guard("find")
    def published_posts(page: str) -> Response:
        def work() -> dict[str, Any]:
            limit = int(request.args.get("limit", 25))
            here = request.host_url.rstrip("/")
            return model.published_posts(caller.account(), page, here, limit, request.args.get("after", ""))

        return _answering(work)

    _add_nodes(graph, model, door, caller)
    return graph


def _add_nodes(graph: Blueprint, model: FacebookModel, door: Doorkeeper, caller: _Caller) -> None:
    @graph.get(f"/{VERSION}/debug_token")
    @door.guard("check")
    def debug_token() -> Response:
        def work() -> dict[str, Any]:
            caller.account()
            return {"data": model.token_facts(request.args.get("input_token", ""))}

        return _answering(work)

    @graph.get(f"/{VERSION}/app")
    @door.guard("check")
    def app() -> Response:
        def work() -> dict[str, Any]:
            caller.account()
            return model.application()

        return _answering(work)

    @graph.get(f"/{VERSION}/<node>")
    @door.guard("read")
    def read(node: str) -> Response:
        here = request.host_url.rstrip("/")
        return _answering(lambda: model.node(caller.account(), node, here, request.args.get("fields", "")))

    @graph.delete(f"/{VERSION}/<node>")
    @door.guard("delete")
    def delete(node: str) -> Response:
        note(external_id=node)

        def work() -> dict[str, Any]:
            model.delete(caller.account(), node)
            return {"success": True}

        return _answering(work)

    @graph.get("/<post_id>")
    def permalink(post_id: str) -> Response:
        """Show a post to a citizen: no token, and nothing that isn't published."""
        item = model.public_item(post_id)
        if item is None:
            return Response("This content isn't available right now", status=404, mimetype="text/plain")
        pictures = "".join(f'<img src="{escape(p.url or "")}" alt="{escape(p.alt)}">' for p in item.media)
        body = f"<!doctype html><meta charset=utf-8><h1>{escape(item.title)}</h1><p>{escape(item.text)}</p>"
        return Response(body + pictures, mimetype="text/html")


def _build_graph_video(model: FacebookModel, world: World, door: Doorkeeper) -> Blueprint:
    graph_video = Blueprint("facebook_video", __name__, url_prefix="/facebook-video")
    caller = _Caller(world)

    def upload(page: str) -> Response:
        def work() -> dict[str, Any]:
            file = request.files.get("video_file_chunk") or request.files.get("source")
            content = file.read() if file else b""
            return model.video_phase(caller.account(), page, request.form.to_dict(), content)

        return _answering(work)

    start_or_transfer = door.guard("upload")(upload)

    @door.guard("publish")
    def finish(page: str) -> Response:
        note(text=request.form.get("description"))
        response = upload(page)
        note(external_id=model.video_of_session(request.form.get("upload_session_id", "")))
        return response

    @graph_video.post(f"/{VERSION}/<page>/videos")
    def videos(page: str) -> Response:
        # Only the finish publishes; faults for "publish" are for it.
        view = start_or_transfer if request.form.get("upload_phase") in {"start", "transfer"} else finish
        return view(page=page)

    return graph_video
