"""The sandbox page: a stand-in Slack, a clock, and the platforms' timelines side by side."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import holidays
from flask import Blueprint, Response, jsonify, render_template, request

if TYPE_CHECKING:
    from chatops.sandbox.model import SlackWorld

JST = ZoneInfo("Asia/Tokyo")
OPENING = time(8, 30)
"""Kashiwa's 開庁時間, as its guideline names it."""
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob: http://127.0.0.1:* http://localhost:*; "
    "media-src 'self' blob: http://127.0.0.1:* http://localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Pictures may come from other servers on this machine: a form shows what the product's own address serves."""


class ClockControl(Protocol):
    """The sandbox's clock: real time plus an offset, shared by every process."""

    def get_offset(self) -> timedelta:
        """Return how far the sandbox's clock is ahead of real time."""
        ...

    def set(self, offset: timedelta) -> None:
        """Set the sandbox's clock *offset* ahead of real time."""
        ...


def build_page(world: SlackWorld, *, timelines_url: str = "/_sandbox/timelines", clock: ClockControl) -> Blueprint:
    """Return the page at `/`, its scripts, and the clock under `/_sandbox/clock`."""
    blueprint = Blueprint(
        "sandbox_page",
        __name__,
        static_folder="static",
        static_url_path="/_sandbox/static",
        template_folder="templates",
    )
    setting = Lock()

    @blueprint.get("/")
    def page() -> Response:
        html = render_template(
            "sandbox_page.html",
            team=world.team_name,
            timelines_url=timelines_url,
            commands=" ".join(world.commands),
        )
        return Response(html, headers=_security_headers())

    @blueprint.get("/_sandbox/clock")
    def show_clock() -> Response:
        return jsonify(_show(world, clock))

    @blueprint.post("/_sandbox/clock")
    def set_clock() -> Response:
        body = request.get_json(silent=True)
        try:
            order = body if isinstance(body, dict) else {}
            with setting:  # two clicks at once are two steps
                clock.set(read_order(order, world.now(), clock.get_offset()))
        except (KeyError, TypeError, ValueError):
            return Response("unknown order for the clock\n", status=400, mimetype="text/plain")
        world.changed()
        return jsonify(_show(world, clock))

    return blueprint


def read_order(order: dict[str, object], now: datetime, offset: timedelta) -> timedelta:
    """Return the offset that an order to the clock asks for.

    Args:
        order: `{"add_seconds": 600}`, `{"at": "2026-12-01T08:59"}` (JST unless it says otherwise),
            `{"to": "real"}` or `{"to": "before_opening"}`.
        now: The sandbox's time.
        offset: The present offset.

    Raises:
        KeyError: No such order.
        ValueError: *at* is no time.
    """
    real = now - offset
    if "add_seconds" in order:
        return offset + timedelta(seconds=float(str(order["add_seconds"])))
    if "at" in order:
        at = datetime.fromisoformat(str(order["at"]))
        return (at if at.tzinfo else at.replace(tzinfo=JST)) - real
    if order["to"] == "real":
        return timedelta()
    if order["to"] == "before_opening":
        return next_opening(now) - timedelta(minutes=1) - real
    raise KeyError(order["to"])


def next_opening(after: datetime) -> datetime:
    """Return when the city hall opens next: 8:30 JST on a weekday that is no holiday, nor December 29 to January 3."""
    day = after.astimezone(JST).date()
    while True:
        opening = datetime.combine(day, OPENING, tzinfo=JST)
        # A minute's room, so that the order can be given again and again.
        if opening - timedelta(minutes=1) > after and _is_open(day):
            return opening
        day += timedelta(days=1)


def _is_open(day: date) -> bool:
    is_new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not is_new_year and day not in holidays.country_holidays("JP")  # noqa: PLR2004 - Saturday is 5


def _show(world: SlackWorld, clock: ClockControl) -> dict[str, object]:
    return {"now": world.now().isoformat(), "offset_seconds": clock.get_offset().total_seconds()}


def _security_headers() -> dict[str, str]:
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
