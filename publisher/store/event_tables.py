"""The tables of events (事案) with their numbered reports, and of what a newer post took the place of.

Rows are never deleted: an event that was closed keeps who closed it and when.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from publisher.store.tables import UtcDateTime, metadata

_ID: Final = String(36)
_KEY: Final = String(120)
_LEVEL: Final = "level BETWEEN 1 AND 5"

events = Table(
    "events",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", _KEY, nullable=False),
    Column("areas", Text, nullable=False),
    Column("level", Integer),
    Column("reports", Integer, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("opened_by", _KEY, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_by", _KEY),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("city", "number"),
    CheckConstraint(_LEVEL, name="level"),
    CheckConstraint("reports >= 0", name="reports"),
    CheckConstraint("(closed_by IS NULL) = (closed_at IS NULL)", name="closed_by_and_at"),
)

reports = Table(
    "reports",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("event_id", ForeignKey("events.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("is_closing", Boolean, nullable=False),
    Column("level", Integer),
    Column("areas", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("event_id", "n"),
    CheckConstraint(_LEVEL, name="level"),
    CheckConstraint("n >= 1", name="n"),
)

supersessions = Table(
    "supersessions",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    Column("account", _KEY, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("by_post_id", ForeignKey("posts.id"), nullable=False),
    Column("because", String(20), nullable=False),
    Column("who", _KEY, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("post_id <> by_post_id", name="another_post"),
    Index("ix_supersessions_by_post", "by_post_id"),
)
