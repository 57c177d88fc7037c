"""The stand-ins' controls under `/_sandbox`: faults, the journal, timelines, media. For people and tests."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from platforms.sandbox.core import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from platforms.sandbox.core import Document, World
    from platforms.sandbox.door import Vendor


def build_control(world: World, vendors: Sequence[Vendor]) -> Blueprint:
    """Build the controls over one world."""
    control = Blueprint("control", __name__, url_prefix="/_sandbox")

    @control.get("/timelines")
    def timelines() -> Response:
        """Show what citizens see, newest first."""
        host = request.host_url.rstrip("/")
        return jsonify([_absolute(line.as_json(), host) for each in vendors for line in each.timelines()])

    @control.get("/journal")
    def journal() -> Response:
        return jsonify(world.journal(request.args.get("vendor"), request.args.get("verb")))

    @control.get("/media/<id_>")
    def media(id_: str) -> Response:
        blob = world.get_blob(id_)
        return Response(status=404) if blob is None else Response(blob[1], mimetype=blob[0])

    @control.post("/reset")
    def reset() -> Response:
        world.reset()
        return Response(status=204)

    _add_faults(control, world)
    return control


def _add_faults(control: Blueprint, world: World) -> None:
    @control.get("/faults")
    def listed() -> Response:
        return jsonify([asdict(fault) for fault in world.faults()])

    @control.post("/faults")
    def ordered() -> tuple[Response, int]:
        try:
            fault = _fault_from(request.get_json())
        except (KeyError, TypeError, ValueError) as error:
            return jsonify({"error": f"{type(error).__name__}: {error}"}), 400
        world.order(fault)
        return jsonify(asdict(fault)), 201

    @control.delete("/faults")
    def cleared() -> Response:
        world.clear_faults()
        return Response(status=204)


def _fault_from(body: Document) -> Fault:
    return Fault(
        vendor=str(body["vendor"]),
        verb=str(body.get("verb", "publish")),
        kind=FaultKind(body["fault"]),
        times=int(body.get("times", 1)),
        seconds=float(body.get("seconds", 30)),
        reset_seconds=None if body.get("reset_seconds") is None else float(body["reset_seconds"]),
    )


def _absolute(timeline: Document, host: str) -> Document:
    """Make the stand-ins' own paths into addresses that a browser can open."""
    for item in timeline["items"]:
        if (item["url"] or "").startswith("/"):
            item["url"] = host + item["url"]
        for picture in item["media"]:
            if (picture["url"] or "").startswith("/"):
                picture["url"] = host + picture["url"]
    return timeline
