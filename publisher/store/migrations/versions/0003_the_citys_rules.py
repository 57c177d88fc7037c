"""What a city decides about its rules: whitelist, periods, changes of packs; what people answer in a draft."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and give versions what their authors answered and declared."""
    _whitelist()
    _periods()
    _pack_changes()
    _judgements()
    _links()
    _passphrases()
    op.add_column("versions", sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("versions", sa.Column("declared", sa.JSON(), nullable=False, server_default="[]"))


def _whitelist() -> None:
    op.create_table(
        "whitelist",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("handle", sa.String(120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.String(30), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("is_verified_official", sa.Boolean(), nullable=False),
        sa.Column("aligned_policy", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(120), nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.Column("review_on", sa.Date()),
        sa.Column("review_told_at", _INSTANT),
        sa.Column("removed_by", sa.String(120)),
        sa.Column("removed_at", _INSTANT),
        sa.Column("removal_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(removed_by IS NULL) = (removed_at IS NULL)", name=op.f("ck_whitelist_removed_by_and_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whitelist")),
    )
    op.create_index("ix_whitelist_handle", "whitelist", ["city", "platform", "handle"])
    op.create_index(
        "uq_whitelist_live",
        "whitelist",
        ["city", "platform", "handle"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _periods() -> None:
    op.create_table(
        "periods",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False),
        sa.Column("effect", sa.String(10), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(120), nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.Column("ended_by", sa.String(120)),
        sa.Column("ended_at", _INSTANT),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("begin_told_at", _INSTANT),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_periods_starts_before_it_ends")),
        sa.CheckConstraint("effect IN ('head', 'wait')", name=op.f("ck_periods_effect")),
        sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name=op.f("ck_periods_ended_by_and_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
    )
    op.create_index("ix_periods_city", "periods", ["city", "ends_at"])


def _pack_changes() -> None:
    op.create_table(
        "pack_changes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("in_force_on", sa.Date()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(120), nullable=False),
        sa.Column("proposed_at", _INSTANT, nullable=False),
        sa.Column("base_sha256", sa.String(64)),
        sa.Column("replay", sa.JSON()),
        sa.Column("decision", sa.String(10)),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("decided_at", _INSTANT),
        sa.Column("seen_sha256", sa.String(64)),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by OR proposed_by = 'system'",
            name=op.f("ck_pack_changes_two_people"),
        ),
        sa.CheckConstraint(
            "in_force_on IS NOT NULL OR proposed_by = 'system'", name=op.f("ck_pack_changes_only_the_first_is_always")
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision <> 'confirmed' OR proposed_by = 'system' OR seen_sha256 IS NOT NULL",
            name=op.f("ck_pack_changes_confirmed_was_seen"),
        ),
        sa.CheckConstraint("decision IN ('confirmed', 'refused')", name=op.f("ck_pack_changes_decision")),
        sa.CheckConstraint("(decided_by IS NULL) = (decision IS NULL)", name=op.f("ck_pack_changes_decided_by_whom")),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_pack_changes_decided_when")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_changes")),
        sa.UniqueConstraint("city", "number", name=op.f("uq_pack_changes_city_number")),
    )
    op.create_index("ix_pack_changes_city", "pack_changes", ["city", "pack", "in_force_on"])
    op.create_index(
        "uq_pack_changes_first",
        "pack_changes",
        ["city", "pack"],
        unique=True,
        sqlite_where=sa.text("in_force_on IS NULL"),
        postgresql_where=sa.text("in_force_on IS NULL"),
    )


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("delivery_id", sa.String(36), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("because", sa.String(20), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_judgements_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
        sa.UniqueConstraint("delivery_id", "digest", name=op.f("uq_judgements_delivery_id_digest")),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("url_sha256", sa.String(64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("checked_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("url_sha256", name=op.f("pk_links")),
    )


def _passphrases() -> None:
    op.create_table(
        "passphrases",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(120), nullable=False),
        sa.Column("set_at", _INSTANT, nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", _INSTANT),
        sa.PrimaryKeyConstraint("city", "person", name=op.f("pk_passphrases")),
    )
