"""The tables. Every row belongs to a city; ids are time-ordered UUIDs in text; times are aware UTC.

The database guards what the code promises: states by CHECK, finality by CHECK, and "once" by unique keys.
A city's number for people (`K-1234`) is counted in `cities`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator

from publisher.delivery import CLAIMABLE as DELIVERY_CLAIMABLE
from publisher.delivery import FINAL as DELIVERY_FINAL
from publisher.delivery import DeliveryKind, DeliveryState
from publisher.post import PostState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: refuses naive ones, and gives UTC back on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC.

        Raises:
            ValueError: The instant has no offset.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


_ID: Final = String(36)
_KEY: Final = String(120)

cities = Table(
    "cities",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("next_number", Integer, nullable=False, default=1, server_default="1"),
    Column("audit_seq", Integer, nullable=False, default=0, server_default="0"),
    Column("audit_hash", String(64), nullable=False, default="", server_default=""),
)

acts = Table(
    "acts",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("person", _KEY, nullable=False),
    Column("done_at", UtcDateTime, nullable=False),
    Column("outcome", JSON, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", ForeignKey("cities.city"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("section", _KEY, nullable=False),
    Column("state", String(20), nullable=False),
    Column("is_emergency", Boolean, nullable=False, default=False),
    Column("emergency_kind", _KEY),
    Column("reason", Text, nullable=False, default=""),
    Column("author", _KEY, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("card_channel", _KEY),
    Column("card_ts", _KEY),
    Column("is_disaster_related", Boolean, nullable=False, default=False, server_default=false()),
    UniqueConstraint("city", "number"),
    CheckConstraint(_one_of("state", PostState), name="state"),
    Index("ix_posts_city_state", "city", "state"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("editor", _KEY, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("category", _KEY),
    Column("variants", JSON, nullable=False),
    Column("titles", JSON, nullable=False),
    Column("media", JSON, nullable=False),
    Column("publish_at", UtcDateTime),
    Column("latest_at", UtcDateTime),
    Column("submitted_at", UtcDateTime),
    Column("submitted_by", _KEY),
    Column("answers", JSON, nullable=False, default=dict, server_default="{}"),
    Column("declared", JSON, nullable=False, default=list, server_default="[]"),
    UniqueConstraint("post_id", "version"),
)

LINE_STATES: Final = ("open", "approved", "returned", "rejected", "void")

lines = Table(
    "lines",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("account", _KEY, nullable=False),
    Column("position", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("route", JSON, nullable=False),
    Column("step", Integer, nullable=False, default=0),
    Column("verdict", JSON),
    Column("seal", String(64)),
    UniqueConstraint("version_id", "account"),
    CheckConstraint(_one_of("state", LINE_STATES), name="state"),
    CheckConstraint("(state = 'approved') = (seal IS NOT NULL)", name="approved_is_sealed"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("line_id", ForeignKey("lines.id"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("person", _KEY, nullable=False),
    Column("title", _KEY, nullable=False),
    Column("decision", String(20), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("answers", JSON, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    UniqueConstraint("line_id", "step"),
)

media = Table(
    "media",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("mime", _KEY, nullable=False),
    Column("extension", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("duration_ms", Integer),
    Column("added_at", UtcDateTime, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("account", _KEY, nullable=False),
    Column("platform", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("source_id", ForeignKey("deliveries.id")),
    Column("state", String(20), nullable=False),
    Column("state_at", UtcDateTime, nullable=False),
    Column("is_emergency", Boolean, nullable=False, default=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("latest_at", UtcDateTime),
    Column("seal", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("lease_owner", _KEY),
    Column("lease_token", String(36)),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False, default=0),
    Column("reads", Integer, nullable=False, default=0),
    Column("looks", Integer, nullable=False, default=0),
    Column("first_attempt_at", UtcDateTime),
    Column("resume", Text),
    Column("poll_token", Text),
    Column("problem", JSON),
    Column("waived", JSON),
    Column("external_id", String(300)),
    Column("url", Text),
    Column("sent_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    CheckConstraint(_one_of("state", DeliveryState), name="state"),
    CheckConstraint(_one_of("kind", DeliveryKind), name="kind"),
    CheckConstraint(
        f"({_one_of('state', sorted(DELIVERY_FINAL))}) = (finished_at IS NOT NULL)", name="final_is_finished"
    ),
    CheckConstraint("(state = 'leased') = (lease_token IS NOT NULL)", name="leased_has_token"),
    CheckConstraint("state <> 'sent' OR external_id IS NOT NULL", name="sent_has_id"),
    CheckConstraint("(kind = 'publish') = (source_id IS NULL)", name="publish_has_no_source"),
    UniqueConstraint("version_id", "account", "kind"),
    Index("ix_deliveries_claim", "state", "due_at"),
    Index("ix_deliveries_post", "post_id"),
    Index("ix_deliveries_account", "city", "account", "sent_at"),
    Index("ix_deliveries_source", "source_id"),
)

CLAIMABLE: Final = _one_of("state", sorted(DELIVERY_CLAIMABLE))
"""What an index holds of the lanes, in the very words by which both engines know it again."""
Index(
    "ix_deliveries_lane",
    deliveries.c.platform,
    deliveries.c.is_emergency,
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=text(CLAIMABLE),
    postgresql_where=text(CLAIMABLE),
)

Index(
    "ix_deliveries_backlog",
    deliveries.c.platform,
    deliveries.c.is_emergency,
    deliveries.c.city,
    deliveries.c.account,
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=text(CLAIMABLE),
    postgresql_where=text(CLAIMABLE),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("event", String(40)),
    Column("detail", JSON),
    Column("cost_micro_usd", Integer, nullable=False, default=0, server_default="0"),
    Column("account", _KEY),  # only where it counts against a quota or a budget
    UniqueConstraint("delivery_id", "n"),
    CheckConstraint("(closed_at IS NULL) = (event IS NULL)", name="closed_has_event"),
)

Index(
    "uq_attempts_open",
    attempts.c.delivery_id,
    unique=True,
    sqlite_where=attempts.c.closed_at.is_(None),
    postgresql_where=attempts.c.closed_at.is_(None),
)

Index(
    "ix_attempts_counted",
    attempts.c.city,
    attempts.c.account,
    attempts.c.opened_at,
    sqlite_where=attempts.c.account.is_not(None),
    postgresql_where=attempts.c.account.is_not(None),
)

notices = Table(
    "notices",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("post_id", ForeignKey("posts.id")),
    Column("delivery_id", ForeignKey("deliveries.id")),
    Column("person", _KEY),
    Column("params", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("error", Text),
    Column("message_channel", _KEY),
    Column("message_ts", _KEY),
    Column("mail_due_at", UtcDateTime),
    Column("mailed_at", UtcDateTime),
    Index("ix_notices_due", "done_at", "due_at"),
)

Index(
    "ix_notices_open",
    notices.c.post_id,
    sqlite_where=notices.c.done_at.is_(None),
    postgresql_where=notices.c.done_at.is_(None),
)

sign_offs = Table(
    "sign_offs",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("city", _KEY, nullable=False),
    Column("post_id", ForeignKey("posts.id"), nullable=False, unique=True),
    Column("clauses", JSON, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("signed_by", _KEY),
    Column("signed_at", UtcDateTime),
    Column("note", Text, nullable=False, default=""),
    CheckConstraint("(signed_by IS NULL) = (signed_at IS NULL)", name="signed_by_and_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", _KEY, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("post_id", _ID),
    Column("delivery_id", _ID),
    # Always empty: a process of the version before still writes them, and a trigger moves them to `audit_content`.
    Column("facts", JSON),
    Column("note", Text),
    Column("salt", String(32)),
    Column("content_digest", String(64), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("facts IS NULL AND note IS NULL AND salt IS NULL", name="chain_only"),
    Index("ix_audit_post", "post_id"),
)

audit_content = Table(
    "audit_content",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("facts", JSON(none_as_null=True)),
    Column("note", Text),
    Column("salt", String(32)),
    Column("erasure_id", _ID, ForeignKey("erasures.id")),
    CheckConstraint(
        "(erasure_id IS NULL AND facts IS NOT NULL AND note IS NOT NULL AND salt IS NOT NULL)"
        " OR (erasure_id IS NOT NULL AND facts IS NULL AND note IS NULL AND salt IS NULL)",
        name="whole_or_erased",
    ),
)

credentials = Table(
    "credentials",
    metadata,
    Column("city", _KEY, primary_key=True),
    Column("account", _KEY, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
    Column("seconds_off", Integer),
    Column("machine", _KEY),
    Column("version", _KEY),
)
