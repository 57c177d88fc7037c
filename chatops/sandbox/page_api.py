"""The JSON door of the sandbox page: what a person does there, also for tests and scripts.

Everything is under `/slack/page/`. Orders (`/slack/page/orders/…`) let Slack misbehave or repeat itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from chatops.sandbox.delivery import Delivery, Outcome
from chatops.sandbox.errors import SlackError
from chatops.sandbox.page_state import show_file, show_person, show_state
from chatops.sandbox.socket_mode import SocketModeServer
from chatops.sandbox.transport import Forgery

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatops.sandbox.model import SlackWorld
    from chatops.sandbox.records import Json

SAFE_TO_SHOW = ("image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4")
"""Files that the page shows in place; all others are downloads, so that no foreign page runs on our address."""


def add_page_api(blueprint: Blueprint, world: SlackWorld) -> None:
    """Add the page's addresses to Slack's blueprint."""
    delivery = Delivery(world)
    _add_reading(blueprint, world)
    _add_acts(blueprint, delivery)
    _add_writing(blueprint, world, delivery)
    _add_orders(blueprint, world, delivery)


def _add_reading(blueprint: Blueprint, world: SlackWorld) -> None:
    @blueprint.get("/page/people")
    def people() -> Response:
        return jsonify({"ok": True, "people": [show_person(person) for person in world.people]})

    @blueprint.get("/page/state")
    def state() -> Response:
        if request.args.get("since") == str(world.revision):
            return jsonify({"ok": True, "revision": world.revision, "is_unchanged": True})
        return _answer(lambda: show_state(world, request.args.get("user", "")))

    @blueprint.get("/page/files/<file_id>")
    def file_bytes(file_id: str) -> Response:
        try:
            file = world.files.find(file_id)
            body = world.files.load_bytes(file)
        except SlackError as error:
            return _refuse(error)
        response = Response(body, mimetype=file.mimetype)
        response.headers["X-Content-Type-Options"] = "nosniff"
        if file.mimetype not in SAFE_TO_SHOW:
            response.mimetype = "application/octet-stream"
            response.headers["Content-Disposition"] = "attachment"
        return response


def _add_acts(blueprint: Blueprint, delivery: Delivery) -> None:
    @blueprint.post("/page/command")
    def command() -> Response:
        body = _body()
        forgery = Forgery(
            has_wrong_signature=body.get("forge") == "signature", is_stale=body.get("forge") == "timestamp"
        )
        return _act(lambda: delivery.command(body["user"], body["channel"], body["text"], forgery=forgery))

    @blueprint.post("/page/action")
    def action() -> Response:
        body = _body()
        element = {"block_id": body.get("block_id"), "action_id": body.get("action_id", "")}
        given = {name: value for name, value in body.items() if name.startswith(("value", "selected_"))}
        if body.get("view_id"):
            return _act(
                lambda: delivery.view_action(
                    body["user"], view_id=body["view_id"], **element, given=given, state=body.get("state")
                )
            )
        return _act(
            lambda: delivery.message_action(
                body["user"],
                channel_id=body["channel"],
                message_ts=body["message_ts"],
                **element,
                given=given,
                state=body.get("state"),
            )
        )

    @blueprint.post("/page/view/submit")
    def submit() -> Response:
        body = _body()
        return _act(lambda: delivery.submit(body["user"], body["view_id"], body.get("state") or {}))

    @blueprint.post("/page/view/close")
    def close() -> Response:
        body = _body()
        return _act(lambda: delivery.close(body["user"], body["view_id"], is_cleared=bool(body.get("is_cleared"))))


def _add_writing(blueprint: Blueprint, world: SlackWorld, delivery: Delivery) -> None:
    @blueprint.post("/page/message")
    def message() -> Response:
        body = _body()

        def write() -> Json:
            written = delivery.say(body["user"], body["channel"], body["text"], thread_ts=body.get("thread_ts"))
            return {"ts": written.ts}

        return _answer(write)

    @blueprint.post("/page/upload")
    def attach() -> Response:
        def write() -> Json:
            user_id = world.person(request.form.get("user", "")).id
            added = [
                world.files.add(name=sent.filename or "file", user_id=user_id, body=sent.read())
                for sent in request.files.getlist("file")
            ]
            return {"files": [show_file(world, file.id) for file in added]}

        return _answer(write)


def _add_orders(blueprint: Blueprint, world: SlackWorld, delivery: Delivery) -> None:
    @blueprint.post("/page/orders/resend")
    def resend() -> Response:
        return _act(lambda: delivery.resend(number=int(_body().get("number", 1))))

    @blueprint.post("/page/orders/fail")
    def fail() -> Response:
        body = _body()
        world.order_failure(
            body["method"],
            body.get("error", "ratelimited"),
            times=int(body.get("times", 1)),
            status=int(body.get("status", 200)),
            retry_after_seconds=body.get("retry_after"),
            after_accepting=bool(body.get("after_accepting")),
        )
        return jsonify({"ok": True})

    @blueprint.post("/page/orders/expire-triggers")
    def expire_triggers() -> Response:
        world.views.expire_triggers()
        return jsonify({"ok": True})

    @blueprint.post("/page/orders/connection")
    def connection() -> Response:
        link = world.link
        if not isinstance(link, SocketModeServer):
            return _refuse(SlackError("not_connected"))
        count = link.cut() if _body().get("how") == "cut" else link.order_reconnect()
        return jsonify({"ok": True, "connections": count})


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _act(act: Callable[[], Outcome]) -> Response:
    def tell() -> Json:
        outcome = act()
        return {
            "is_acknowledged": outcome.is_acknowledged,
            "error": outcome.error,
            "errors": outcome.errors,
        }

    return _answer(tell)


def _answer(work: Callable[[], Json]) -> Response:
    try:
        return jsonify({"ok": True, **work()})
    except SlackError as error:
        return _refuse(error)
    except KeyError as missing:
        return _refuse(SlackError("invalid_arguments", messages=(f"missing required field: {missing}",)))


def _refuse(error: SlackError) -> Response:
    response = jsonify({"ok": False, "error": error.code, "messages": list(error.messages)})
    response.status_code = 400
    return response
