"""The tables of what a city decides about its rules: whom it may repost and follow, its periods, its packs' changes.

Rows are never deleted: what was removed keeps who removed it, when and why, so that the past can be judged as it was.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

whitelist = Table(
    "whitelist",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("platform", String(20), nullable=False),
    Column("handle", _KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("relation", String(30), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("is_verified_official", Boolean, nullable=False),
    Column("aligned_policy", Text, nullable=False),
    Column("added_by", _KEY, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("review_on", Date),
    Column("review_told_at", UtcDateTime),
    Column("removed_by", _KEY),
    Column("removed_at", UtcDateTime),
    Column("removal_reason", Text, nullable=False, default=""),
    CheckConstraint("(removed_by IS NULL) = (removed_at IS NULL)", name="removed_by_and_at"),
    Index("ix_whitelist_handle", "city", "platform", "handle"),
)

Index(
    "uq_whitelist_live",
    whitelist.c.city,
    whitelist.c.platform,
    whitelist.c.handle,
    unique=True,
    sqlite_where=whitelist.c.removed_at.is_(None),
    postgresql_where=whitelist.c.removed_at.is_(None),
)

periods = Table(
    "periods",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("effect", String(10), nullable=False),
    Column("categories", JSON, nullable=False),
    Column("words", JSON, nullable=False),
    Column("accounts", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("added_by", _KEY, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("ended_by", _KEY),
    Column("ended_at", UtcDateTime),
    Column("end_reason", Text, nullable=False, default=""),
    Column("begin_told_at", UtcDateTime),
    CheckConstraint("effect IN ('head', 'wait')", name="effect"),
    CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended_by_and_at"),
    Index("ix_periods_city", "city", "ends_at"),
)

pack_changes = Table(
    "pack_changes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("number", Integer, nullable=False),
    Column("pack", _KEY, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("in_force_on", Date),
    Column("reason", Text, nullable=False),
    Column("proposed_by", _KEY, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("base_sha256", String(64)),
    Column("replay", JSON),
    Column("decision", String(10)),
    Column("decided_by", _KEY),
    Column("decided_at", UtcDateTime),
    Column("seen_sha256", String(64)),
    Column("note", Text, nullable=False, default=""),
    UniqueConstraint("city", "number"),
    CheckConstraint("decision IN ('confirmed', 'refused')", name="decision"),
    CheckConstraint("(decided_by IS NULL) = (decision IS NULL)", name="decided_by_whom"),
    CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided_when"),
    CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by OR proposed_by = 'system'", name="two_people"),
    CheckConstraint("in_force_on IS NOT NULL OR proposed_by = 'system'", name="only_the_first_is_always"),
    CheckConstraint(
        "decision IS NULL OR decision <> 'confirmed' OR proposed_by = 'system' OR seen_sha256 IS NOT NULL",
        name="confirmed_was_seen",
    ),
    Index("ix_pack_changes_city", "city", "pack", "in_force_on"),
)

Index(
    "uq_pack_changes_first",
    pack_changes.c.city,
    pack_changes.c.pack,
    unique=True,
    sqlite_where=pack_changes.c.in_force_on.is_(None),
    postgresql_where=pack_changes.c.in_force_on.is_(None),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("because", String(20), nullable=False),
    Column("verdict", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("delivery_id", "digest"),
)

links = Table(
    "links",
    metadata,
    Column("url_sha256", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("checked_at", UtcDateTime, nullable=False),
)

passphrases = Table(
    "passphrases",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("person", _KEY, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("set_by", _KEY, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
    Column("failures", Integer, nullable=False, default=0, server_default="0"),
    Column("locked_until", UtcDateTime),
)
