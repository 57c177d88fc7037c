"""The tables of what is watched: notices on their way by e-mail, and what people were warned of."""

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
    UniqueConstraint,
    false,
)

from publisher.store.tables import UtcDateTime, metadata

_ID: Final = String(36)
_KEY: Final = String(120)

MAIL_OUTCOMES: Final = ("sent", "taken", "needless", "refused", "given_up")
"""How an e-mail ends: sent; Slack took the notice first; nothing is left to say; the relay refuses the address; the
relay was away for too long."""
_OUTCOMES: Final = ", ".join(f"'{one}'" for one in MAIL_OUTCOMES)

mails = Table(
    "mails",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("notice_id", ForeignKey("notices.id"), nullable=False),
    Column("person", _KEY, nullable=False),
    Column("is_alone", Boolean, nullable=False, default=False, server_default=false()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("outcome", String(20)),
    Column("error", String(200)),
    UniqueConstraint("notice_id", "person"),
    CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done_has_outcome"),
    CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
    Index("ix_mails_due", "done_at", "due_at"),
)

warnings = Table(
    "warnings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("delivery_id", _ID),
    Column("people", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)

Index(
    "uq_warnings_open",
    warnings.c.city,
    warnings.c.kind,
    warnings.c.subject,
    unique=True,
    sqlite_where=warnings.c.ended_at.is_(None),
    postgresql_where=warnings.c.ended_at.is_(None),
)
