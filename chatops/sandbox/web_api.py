"""Slack's HTTP side: the Web API, upload and download of files, and response addresses."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from chatops.sandbox.call import Call
from chatops.sandbox.errors import SlackError
from chatops.sandbox.methods_chat import CHAT_METHODS
from chatops.sandbox.methods_workspace import WORKSPACE_METHODS
from chatops.sandbox.page_api import add_page_api

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json

METHODS = {**CHAT_METHODS, **WORKSPACE_METHODS}
APP_LEVEL_METHODS = frozenset({"apps.connections.open"})
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to continue</body></html>"
"""What Slack's file host sends, with status 200, to whoever has no valid token."""


def build_blueprint(world: SlackWorld) -> Blueprint:
    """Return Slack's HTTP side of *world*, under `/slack/`, with the API of the sandbox page."""
    blueprint = Blueprint("sandbox_slack", __name__, url_prefix="/slack")
    _add_api(blueprint, world)
    _add_files(blueprint, world)
    _add_responses(blueprint, world)
    add_page_api(blueprint, world)
    return blueprint


def _add_api(blueprint: Blueprint, world: SlackWorld) -> None:
    @blueprint.route("/api/<method>", methods=["GET", "POST"])
    def call_method(method: str) -> Response:
        arguments = _read_arguments()
        try:
            answer = _carry_out(world, method, arguments)
        except SlackError as error:
            return refuse(error)
        return jsonify({"ok": True, **answer})


def _carry_out(world: SlackWorld, method: str, arguments: Json) -> Json:
    handler = METHODS.get(method)
    if handler is None:
        raise SlackError("unknown_method")
    _check_token(world, method, arguments)
    _raise_ordered(world, method, after_accepting=False)
    answer = handler(Call(world, arguments))
    _raise_ordered(world, method, after_accepting=True)
    return answer


def _add_files(blueprint: Blueprint, world: SlackWorld) -> None:
    @blueprint.post("/files/upload/<token>")
    def upload(token: str) -> Response:
        # The SDK calls raw bytes a form; reading them as one would swallow them.
        is_multipart = request.mimetype == "multipart/form-data"
        body = b"".join(sent.read() for sent in request.files.values()) if is_multipart else request.get_data()
        try:
            file = world.files.take_bytes(token, body)
        except SlackError as error:
            return refuse(error)
        return Response(f"OK - {file.size_bytes}", mimetype="text/plain")

    @blueprint.get("/files/private/<address>/<path:_name>")
    def download(address: str, _name: str) -> Response:
        if not _is_same(_bearer(), world.bot_token):
            return Response(LOGIN_PAGE, mimetype="text/html")
        try:
            file = world.files.find(address.removeprefix(f"{world.team_id}-"))
            body = world.files.load_bytes(file)
        except SlackError:
            return Response(LOGIN_PAGE, status=404, mimetype="text/html")
        return Response(body, mimetype=file.mimetype, headers={"X-Content-Type-Options": "nosniff"})


def _add_responses(blueprint: Blueprint, world: SlackWorld) -> None:
    @blueprint.post("/response/<token>")
    def respond(token: str) -> Response:
        try:
            world.responses.answer(token, request.get_json(force=True, silent=True) or {})
        except SlackError as error:
            return refuse(error)
        return jsonify({"ok": True})


def refuse(error: SlackError) -> Response:
    """Return *error* in Slack's shape."""
    body: Json = {"ok": False, "error": error.code}
    if error.messages:
        body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in error.messages]}
    if error.code == "invalid_blocks":
        body["errors"] = list(error.messages)
    response = jsonify(body)
    response.status_code = error.status
    if error.retry_after_seconds is not None:
        response.status_code = 429
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _read_arguments() -> Json:
    arguments: Json = {**request.args.to_dict(), **request.form.to_dict()}
    if request.is_json:
        body = request.get_json(silent=True)
        if isinstance(body, dict):
            arguments |= body
    return arguments


def _check_token(world: SlackWorld, method: str, arguments: Json) -> None:
    token = _bearer() or str(arguments.pop("token", "") or "")
    if not token:
        raise SlackError("not_authed")
    is_app_level = method in APP_LEVEL_METHODS
    if _is_same(token, world.app_token if is_app_level else world.bot_token):
        return
    if token in {world.app_token, world.bot_token}:
        raise SlackError("not_allowed_token_type")
    raise SlackError("invalid_auth")


def _raise_ordered(world: SlackWorld, method: str, *, after_accepting: bool) -> None:
    failure = world.take_failure(method, after_accepting=after_accepting)
    if failure is not None:
        raise failure


def _bearer() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
