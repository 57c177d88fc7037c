"""The tables of what all workers know of the lanes: accounts that are closed for now, and platforms that are sick."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, CheckConstraint, Column, Integer, String, Table

from publisher.store.tables import UtcDateTime, metadata

_KEY: Final = String(120)

lane_memories = Table(
    "lane_memories",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("account", _KEY, primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("code", _KEY, nullable=False),
    Column("params", JSON, nullable=False),
    Column("who", String(20)),
    CheckConstraint("kind IN ('throttled', 'needs_person')", name="kind"),
)

lane_breakers = Table(
    "lane_breakers",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed", JSON, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("code", _KEY, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("open_until", UtcDateTime),
    Column("probe_until", UtcDateTime),
)
