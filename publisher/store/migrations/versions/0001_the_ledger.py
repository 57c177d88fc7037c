"""The ledger: cities, posts and their rounds, deliveries, notices, the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, those first to which others refer."""
    _the_round()
    _the_deliveries()
    _what_people_are_told()
    _the_rest()


def _the_round() -> None:
    op.create_table(
        "cities",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("next_number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("audit_seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("audit_hash", sa.String(64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("city", name=op.f("pk_cities")),
    )

    op.create_table(
        "acts",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("done_at", _INSTANT, nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city", "key", name=op.f("pk_acts")),
    )

    op.create_table(
        "posts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(120), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("emergency_kind", sa.String(120)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("finished_at", _INSTANT),
        sa.Column("card_channel", sa.String(120)),
        sa.Column("card_ts", sa.String(120)),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'rejected', "
            "'withdrawn', 'expired', 'cancelled', 'closed')",
            name=op.f("ck_posts_state"),
        ),
        sa.ForeignKeyConstraint(["city"], ["cities.city"], name=op.f("fk_posts_city")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("city", "number", name=op.f("uq_posts_city_number")),
    )
    op.create_index("ix_posts_city_state", "posts", ["city", "state"])

    op.create_table(
        "versions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("editor", sa.String(120), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.String(120)),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("publish_at", _INSTANT),
        sa.Column("latest_at", _INSTANT),
        sa.Column("submitted_at", _INSTANT),
        sa.Column("submitted_by", sa.String(120)),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_versions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("post_id", "version", name=op.f("uq_versions_post_id_version")),
    )

    op.create_table(
        "lines",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("version_id", sa.String(36), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("route", sa.JSON(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.JSON()),
        sa.Column("seal", sa.String(64)),
        sa.CheckConstraint("(state = 'approved') = (seal IS NOT NULL)", name=op.f("ck_lines_approved_is_sealed")),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'returned', 'rejected', 'void')", name=op.f("ck_lines_state")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_lines_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
        sa.UniqueConstraint("version_id", "account", name=op.f("uq_lines_version_id_account")),
    )

    op.create_table(
        "approvals",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("line_id", sa.String(36), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_approvals_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("line_id", "step", name=op.f("uq_approvals_line_id_step")),
    )

    op.create_table(
        "sign_offs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("signed_by", sa.String(120)),
        sa.Column("signed_at", _INSTANT),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("(signed_by IS NULL) = (signed_at IS NULL)", name=op.f("ck_sign_offs_signed_by_and_at")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_sign_offs_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
        sa.UniqueConstraint("post_id", name=op.f("uq_sign_offs_post_id")),
    )

    op.create_table(
        "media",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("mime", sa.String(120), nullable=False),
        sa.Column("extension", sa.String(10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("city", "sha256", name=op.f("pk_media")),
        sa.UniqueConstraint("token", name=op.f("uq_media_token")),
    )


def _the_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("version_id", sa.String(36), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("source_id", sa.String(36)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_at", _INSTANT, nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("planned_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("latest_at", _INSTANT),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("lease_owner", sa.String(120)),
        sa.Column("lease_token", sa.String(36)),
        sa.Column("lease_until", _INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", _INSTANT),
        sa.Column("resume", sa.Text()),
        sa.Column("poll_token", sa.Text()),
        sa.Column("problem", sa.JSON()),
        sa.Column("waived", sa.JSON()),
        sa.Column("external_id", sa.String(300)),
        sa.Column("url", sa.Text()),
        sa.Column("sent_at", _INSTANT),
        sa.Column("finished_at", _INSTANT),
        sa.CheckConstraint("(kind = 'repost') = (source_id IS NOT NULL)", name=op.f("ck_deliveries_repost_has_source")),
        sa.CheckConstraint(
            "(state = 'leased') = (lease_token IS NOT NULL)", name=op.f("ck_deliveries_leased_has_token")
        ),
        sa.CheckConstraint(
            "(state IN ('cancelled', 'failed', 'sent', 'superseded')) = (finished_at IS NOT NULL)",
            name=op.f("ck_deliveries_final_is_finished"),
        ),
        sa.CheckConstraint("kind IN ('publish', 'repost')", name=op.f("ck_deliveries_kind")),
        sa.CheckConstraint("state <> 'sent' OR external_id IS NOT NULL", name=op.f("ck_deliveries_sent_has_id")),
        sa.CheckConstraint(
            "state IN ('waiting', 'due', 'leased', 'retry', 'unknown', 'processing', "
            "'held', 'asked', 'sent', 'failed', 'cancelled', 'superseded')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_deliveries_post_id")),
        sa.ForeignKeyConstraint(["source_id"], ["deliveries.id"], name=op.f("fk_deliveries_source_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_deliveries_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("version_id", "account", "kind", name=op.f("uq_deliveries_version_id_account_kind")),
    )
    op.create_index("ix_deliveries_city_post", "deliveries", ["city", "post_id"])
    op.create_index("ix_deliveries_claim", "deliveries", ["state", "due_at"])
    op.create_index("ix_deliveries_source", "deliveries", ["source_id"])

    op.create_table(
        "attempts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("delivery_id", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT),
        sa.Column("event", sa.String(40)),
        sa.Column("detail", sa.JSON()),
        sa.CheckConstraint("(closed_at IS NULL) = (event IS NULL)", name=op.f("ck_attempts_closed_has_event")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("delivery_id", "n", name=op.f("uq_attempts_delivery_id_n")),
    )
    op.create_index(
        "uq_attempts_open",
        "attempts",
        ["delivery_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _what_people_are_told() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("post_id", sa.String(36)),
        sa.Column("delivery_id", sa.String(36)),
        sa.Column("person", sa.String(120)),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", _INSTANT),
        sa.Column("done_at", _INSTANT),
        sa.Column("error", sa.Text()),
        sa.Column("message_channel", sa.String(120)),
        sa.Column("message_ts", sa.String(120)),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_notices_delivery_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_notices_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_due", "notices", ["done_at", "due_at"])

    op.create_table(
        "audit",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("post_id", sa.String(36)),
        sa.Column("delivery_id", sa.String(36)),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("city", "seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_post", "audit", ["post_id"])


def _the_rest() -> None:
    op.create_table(
        "credentials",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("city", "account", name=op.f("pk_credentials")),
    )

    op.create_table(
        "workers",
        sa.Column("id", sa.String(120), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("beat_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
