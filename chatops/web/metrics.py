"""What Prometheus reads."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from publisher.errors import PublisherError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.api import HealthLine, Lanes


def render_metrics(lines: Sequence[HealthLine], lanes: Lanes) -> tuple[bytes, str]:
    """Return the metrics' text and its content type; while the database is away, nothing of the lanes."""
    registry = CollectorRegistry()
    gauge = Gauge("kairan_check_ok", "Whether a check of /healthz is well (1) or not (0)", ["check"], registry=registry)
    for line in lines:
        gauge.labels(check=line.name).set(1 if line.is_well else 0)
    with suppress(PublisherError):
        _add_lanes(registry, lanes)
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _add_lanes(registry: CollectorRegistry, lanes: Lanes) -> None:
    sick, found = {one.platform for one in lanes.sick()}, lanes.closed()
    about = "Whether a platform's routine posts stay for now (1), since it failed several times in a row, or go (0)"
    breaker = Gauge("kairan_breaker_open", about, ["platform"], registry=registry)
    for platform in lanes.platforms():
        breaker.labels(platform=platform).set(1 if platform in sick else 0)
    about = "Accounts of which no routine post is sent for now: throttled, or waiting for a person's repair"
    closed = Gauge("kairan_closed_accounts", about, ["because"], registry=registry)
    closed.labels(because="needs_person").set(sum(one.is_for_person for one in found))
    closed.labels(because="throttled").set(sum(not one.is_for_person for one in found))
