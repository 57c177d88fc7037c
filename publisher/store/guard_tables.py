"""The tables of what guards the ledger: holds, corrections with their evidence, marks, erasures."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    literal_column,
)

from publisher.store.tables import UtcDateTime, metadata

_ID: Final = String(36)
_KEY: Final = String(120)

holds = Table(
    "holds",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("scope", String(10), nullable=False),
    Column("target", _KEY, nullable=False, default=""),
    Column("reason", Text, nullable=False),
    Column("started_by", _KEY, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("lifted_by", _KEY),
    Column("lifted_at", UtcDateTime),
    Column("note", Text, nullable=False, default=""),
    Column("accounts", JSON, nullable=False),
    Column("under_way", JSON, nullable=False),
    Column("settled_at", UtcDateTime),
    CheckConstraint("scope IN ('city', 'section', 'account')", name="scope"),
    CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted_by_and_at"),
)

Index(
    "uq_holds_live",
    holds.c.city,
    holds.c.scope,
    holds.c.target,
    unique=True,
    sqlite_where=holds.c.lifted_at.is_(None),
    postgresql_where=holds.c.lifted_at.is_(None),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("by_post_id", ForeignKey("posts.id")),
    Column("way", String(20), nullable=False),
    Column("reason", _KEY, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", _KEY, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("account", _KEY, nullable=False, default="", server_default=""),
    Column("is_at_once", Boolean, nullable=False, default=False, server_default=false()),
    CheckConstraint("way IN ('new_post', 'delete', 'delete_and_repost')", name="way"),
    Index("ix_corrections_post", "post_id"),
    Index("ix_corrections_by_post", "by_post_id"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("taken_by", _KEY, nullable=False),
    Column("text", Text, nullable=False),
    Column("media", JSON, nullable=False),
    Column("url", Text),
    Column("external_id", String(300)),
    Column("sent_at", UtcDateTime),
    Column("figures", JSON, nullable=False),
    Column("shown_text", Text, nullable=False, default="", server_default=""),
    Column("unread", _KEY),
    Index("ix_evidence_delivery", "delivery_id"),
)

ledger_marks = Table(
    "ledger_marks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ledger", _ID, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("moved_at", UtcDateTime, nullable=False),
    Column("held_since", UtcDateTime),
    Column("held_because", String(20), nullable=False, default=""),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("proposed_by", _KEY, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decision", String(10)),
    Column("decided_by", _KEY),
    Column("decided_at", UtcDateTime),
    CheckConstraint("reason IN ('retention', 'personal_data')", name="reason"),
    CheckConstraint("decision IN ('confirmed', 'refused')", name="decision"),
    CheckConstraint("(decided_by IS NULL) = (decision IS NULL)", name="decided_by_whom"),
    CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided_when"),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
    Index("ix_erasures_city", "city", "proposed_at"),
)

Index(
    "uq_erasures_live",
    erasures.c.post_id,
    unique=True,
    sqlite_where=erasures.c.decision.is_distinct_from(literal_column("'refused'")),
    postgresql_where=erasures.c.decision.is_distinct_from(literal_column("'refused'")),
)
