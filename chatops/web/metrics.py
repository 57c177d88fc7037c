"""What Prometheus reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publisher.api import HealthLine


def render_metrics(lines: Sequence[HealthLine]) -> tuple[bytes, str]:
    """Return the metrics' text and its content type."""
    registry = CollectorRegistry()
    gauge = Gauge("kairan_check_ok", "Whether a check of /healthz is well (1) or not (0)", ["check"], registry=registry)
    for line in lines:
        gauge.labels(check=line.name).set(1 if line.is_well else 0)
    return generate_latest(registry), CONTENT_TYPE_LATEST
