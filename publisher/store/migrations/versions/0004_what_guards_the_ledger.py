"""What guards the ledger: holds, corrections, evidence, marks, erasures; deliveries that take a post back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_KIND = "kind IN ('publish', 'repost', 'delete', 'undo_repost')"
_SOURCE = "(kind = 'publish') = (source_id IS NULL)"


def upgrade() -> None:
    """Make the tables, and let deliveries delete and undo."""
    _deliveries_that_take_back()
    op.add_column("posts", sa.Column("is_disaster_related", sa.Boolean(), nullable=False, server_default=sa.false()))
    _holds()
    _corrections()
    _evidence()
    _ledger_marks()
    _erasures()


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("target", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("started_by", sa.String(120), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("lifted_by", sa.String(120)),
        sa.Column("lifted_at", _INSTANT),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.Column("under_way", sa.JSON(), nullable=False),
        sa.Column("settled_at", _INSTANT),
        sa.CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name=op.f("ck_holds_lifted_by_and_at")),
        sa.CheckConstraint("scope IN ('city', 'section', 'account')", name=op.f("ck_holds_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(
        "uq_holds_live",
        "holds",
        ["city", "scope", "target"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("by_post_id", sa.String(36)),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.CheckConstraint("way IN ('new_post', 'delete', 'delete_and_repost')", name=op.f("ck_corrections_way")),
        sa.ForeignKeyConstraint(["by_post_id"], ["posts.id"], name=op.f("fk_corrections_by_post_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_corrections_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_by_post", "corrections", ["by_post_id"])
    op.create_index("ix_corrections_post", "corrections", ["post_id"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("delivery_id", sa.String(36), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.Column("taken_by", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("external_id", sa.String(300)),
        sa.Column("sent_at", _INSTANT),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_evidence_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_delivery", "evidence", ["delivery_id"])


def _ledger_marks() -> None:
    op.create_table(
        "ledger_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ledger", sa.String(36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("moved_at", _INSTANT, nullable=False),
        sa.Column("held_since", _INSTANT),
        sa.Column("held_because", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_marks")),
    )


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(120), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("decision", sa.String(10)),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("decided_at", _INSTANT),
        sa.CheckConstraint("(decided_by IS NULL) = (decision IS NULL)", name=op.f("ck_erasures_decided_by_whom")),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_erasures_decided_when")),
        sa.CheckConstraint("decision IN ('confirmed', 'refused')", name=op.f("ck_erasures_decision")),
        sa.CheckConstraint("reason IN ('retention', 'personal_data')", name=op.f("ck_erasures_reason")),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name=op.f("ck_erasures_two_people")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_erasures_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_city", "erasures", ["city", "proposed_at"])


def _deliveries_that_take_back() -> None:
    """Let a delivery delete, or undo a repost, of what its source made."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_deliveries()
        return
    op.drop_constraint("ck_deliveries_kind", "deliveries")
    op.drop_constraint("ck_deliveries_repost_has_source", "deliveries")
    op.create_check_constraint(op.f("ck_deliveries_kind"), "deliveries", _KIND)
    op.create_check_constraint(op.f("ck_deliveries_publish_has_no_source"), "deliveries", _SOURCE)


def _rebuild_deliveries() -> None:
    """Copy the table: SQLite changes no constraint in place. The caller has foreign keys off."""
    op.create_table(
        "deliveries_new",
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
        sa.CheckConstraint(
            "(state IN ('cancelled', 'failed', 'sent', 'superseded')) = (finished_at IS NOT NULL)",
            name=op.f("ck_deliveries_final_is_finished"),
        ),
        sa.CheckConstraint("kind IN ('publish', 'repost', 'delete', 'undo_repost')", name=op.f("ck_deliveries_kind")),
        sa.CheckConstraint(
            "(state = 'leased') = (lease_token IS NOT NULL)", name=op.f("ck_deliveries_leased_has_token")
        ),
        sa.CheckConstraint(
            "(kind = 'publish') = (source_id IS NULL)", name=op.f("ck_deliveries_publish_has_no_source")
        ),
        sa.CheckConstraint("state <> 'sent' OR external_id IS NOT NULL", name=op.f("ck_deliveries_sent_has_id")),
        sa.CheckConstraint(
            "state IN ('waiting', 'due', 'leased', 'retry', 'unknown', 'processing', "
            "'held', 'asked', 'sent', 'failed', 'cancelled', 'superseded')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_deliveries_post_id")),
        sa.ForeignKeyConstraint(["source_id"], ["deliveries.id"], name=op.f("fk_deliveries_source_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_deliveries_version_id")),
        sa.UniqueConstraint("version_id", "account", "kind", name=op.f("uq_deliveries_version_id_account_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.execute("INSERT INTO deliveries_new SELECT * FROM deliveries")
    op.drop_table("deliveries")
    op.rename_table("deliveries_new", "deliveries")
    op.create_index("ix_deliveries_account", "deliveries", ["city", "account", "sent_at"])
    op.create_index("ix_deliveries_claim", "deliveries", ["state", "due_at"])
    op.create_index("ix_deliveries_post", "deliveries", ["post_id"])
    op.create_index("ix_deliveries_source", "deliveries", ["source_id"])
