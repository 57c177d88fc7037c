"""Builds the Flask app of the pages that machines ask for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, abort, jsonify, request, send_file

from chatops.web.metrics import render_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slack_bolt import App

    from publisher.api import HealthLine, Lanes, PublicMedia

log = logging.getLogger(__name__)

MAX_REQUEST_BYTES: Final = 2 * 2**20
"""Above what Slack sends: a form's state has less than 250 kB."""
UNAVAILABLE: Final = 503


def build_web(
    *,
    check_health: Callable[[], Sequence[HealthLine]],
    media: PublicMedia,
    lanes: Lanes,
    slack_app: Callable[[], App | None],
) -> Flask:
    """Build the pages.

    Args:
        check_health: Looks at everything that must work; never raises.
        media: What platforms fetch.
        lanes: The lanes to the platforms, for the metrics.
        slack_app: Returns the Bolt app that may take requests by HTTP, or None: no signing secret is set, or Slack
            was not reached yet.
    """
    web = Flask("kairan", static_folder=None)
    web.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES

    @web.get("/healthz")
    def healthz() -> tuple[Response, int]:
        lines = check_health()
        is_well = all(line.is_well for line in lines)
        shown = [{"name": line.name, "is_well": line.is_well, "detail": line.detail} for line in lines]
        return jsonify({"is_well": is_well, "checks": shown}), 200 if is_well else UNAVAILABLE

    @web.get("/metrics")
    def metrics() -> Response:
        body, content_type = render_metrics(check_health(), lanes)
        return Response(body, content_type=content_type)

    @web.post("/slack/events")
    def slack_events() -> Response:
        app = slack_app()
        if app is None:
            abort(UNAVAILABLE)
        from slack_bolt.adapter.flask import SlackRequestHandler  # noqa: PLC0415 - only where Slack speaks HTTP

        return SlackRequestHandler(app).handle(request)

    @web.get("/media/<token>/<name>")
    def public_media(token: str, name: str) -> Response:
        found = media.find(token, name)
        if found is None:
            abort(404)
        path, mime = found
        answer = send_file(path.absolute(), mimetype=mime, conditional=True, max_age=0)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = "default-src 'none'"
        return answer

    return web
