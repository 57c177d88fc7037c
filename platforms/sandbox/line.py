"""A stand-in for LINE's Messaging API: what our adapter calls, answered and refused as LINE does.

Addresses and bodies: LINE's OpenAPI (line-openapi of 2026-07-01); retry keys:
https://developers.line.biz/en/docs/messaging-api/retrying-api-request/ (read 2026-11-21).
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, make_response, request

from platforms.sandbox.core import FaultKind
from platforms.sandbox.door import Doorkeeper, Vendor, bearer_token, note, note_closed
from platforms.sandbox.line_model import LineModel, LineRefusal, is_all_fetched

if TYPE_CHECKING:
    from platforms.sandbox.core import Account, Document, World

View = Callable[..., Response]
_BAD_TOKEN = "Authentication failed. Confirm that the access token in the authorization header is valid."  # noqa: S105
_FAILURES = {
    FaultKind.EXPIRED_TOKEN: (401, _BAD_TOKEN),
    FaultKind.THROTTLED: (429, "The API rate limit has been exceeded. Try again later."),
    FaultKind.QUOTA: (429, "You have reached your monthly limit."),
}


def build_vendor(world: World) -> Vendor:
    """Build the stand-in over *world*."""
    model = LineModel(world)
    face = _Face(world, model)
    blueprint = Blueprint("line", __name__, url_prefix="/line")
    face.add_messages(blueprint)
    face.add_account(blueprint)
    return Vendor(name="line", blueprints=(blueprint,), failure=face.failure, timelines=model.timelines)


class _Face:
    """The HTTP door of one `LineModel`."""

    def __init__(self, world: World, model: LineModel) -> None:
        self._world = world
        self._model = model
        self._door = Doorkeeper(world, "line", self.failure, self._whose)

    def failure(self, kind: FaultKind) -> Response:
        """Fail as LINE does."""
        status, message = _FAILURES.get(kind, (500, "Internal Server Error"))
        ordered = g.get("reset_seconds") if kind is FaultKind.THROTTLED else None
        if ordered:
            note_closed(self._world.now() + timedelta(seconds=round(ordered)))
        return _refused(LineRefusal(status, message, headers={"retry-after": f"{ordered:.0f}"} if ordered else {}))

    def _whose(self) -> Account | None:
        return self._world.account_with("line", "channel_access_token", bearer_token())

    def _asked(self, verb: str) -> Callable[[View], View]:
        """Guard a view, find out whose request it is, and turn refusals into answers."""

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def asked(**path: str) -> Response:
                account = self._whose()
                if account is None:
                    return _refused(LineRefusal(401, _BAD_TOKEN))
                note(account=account.handle)
                g.account = account
                try:
                    return view(**path)
                except LineRefusal as refusal:
                    return _refused(refusal)

            return self._door.guard(verb)(asked)

        return decorate

    def add_messages(self, blueprint: Blueprint) -> None:
        """Add broadcasting, and looking at a broadcast without sending it."""

        @blueprint.post("/v2/bot/message/broadcast")
        @self._asked("publish")
        def broadcast() -> Response:
            body, key = _json(), request.headers.get("X-Line-Retry-Key")
            request_id = str(uuid.uuid4())
            note(key=key, text=_text_of(body))
            sent = self._model.broadcast(_account(), body, key=key, request_id=request_id)
            note(external_id=request_id, media_fetched=is_all_fetched(sent))
            return _answer({}, request_id)

        @blueprint.post("/v2/bot/message/validate/broadcast")
        @self._asked("validate")
        def validate() -> Response:
            self._model.check_messages(_json())
            return _answer({})

    def add_account(self, blueprint: Blueprint) -> None:
        """Add what the channel is and what it has used."""

        @blueprint.get("/v2/bot/message/quota")
        @self._asked("quota")
        def quota() -> Response:
            return _answer({"type": "limited", "value": 30_000})

        @blueprint.get("/v2/bot/message/quota/consumption")
        @self._asked("consumption")
        def consumption() -> Response:
            return _answer({"totalUsage": self._model.usage(_account())})

        @blueprint.get("/v2/bot/info")
        @self._asked("me")
        def info() -> Response:
            account = _account()
            return _answer(
                {
                    "userId": f"U{account.external_id or account.handle}",
                    "basicId": f"@{account.handle}",
                    "displayName": account.name,
                    "chatMode": "bot",
                    "markAsReadMode": "auto",
                }
            )


def _account() -> Account:
    account: Account = g.account
    return account


def _json() -> Document:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise LineRefusal(400, "The request body could not be parsed as JSON")
    return body


def _text_of(body: Document) -> str:
    messages = body.get("messages")
    texts = [str(each.get("text", "")) for each in messages if isinstance(each, dict)] if messages else []
    return "\n\n".join(filter(None, texts))


def _answer(body: Document, request_id: str | None = None) -> Response:
    response = jsonify(body)
    response.headers["x-line-request-id"] = request_id or str(uuid.uuid4())
    return response


def _refused(refusal: LineRefusal) -> Response:
    body: Document = {"message": refusal.message}
    if refusal.details:
        body["details"] = refusal.details
    response = make_response(jsonify(body), refusal.status)
    response.headers["x-line-request-id"] = str(uuid.uuid4())
    response.headers.update(refusal.headers)
    return response
