"""Lanes remember refusals for now, failures in a row, and what was spent.

An old worker writes neither cost nor account into an attempt: what it sends is not counted.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables, and let attempts say what they cost and against whose quota they count."""
    op.add_column("attempts", sa.Column("cost_micro_usd", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempts", sa.Column("account", sa.String(120)))
    op.create_index(
        "ix_attempts_counted",
        "attempts",
        ["city", "account", "opened_at"],
        sqlite_where=sa.text("account IS NOT NULL"),
        postgresql_where=sa.text("account IS NOT NULL"),
    )
    op.create_table(
        "lane_memories",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("noted_at", _INSTANT, nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(20)),
        sa.CheckConstraint("kind IN ('throttled', 'needs_person')", name=op.f("ck_lane_memories_kind")),
        sa.PrimaryKeyConstraint("city", "account", name=op.f("pk_lane_memories")),
    )
    op.create_table(
        "lane_breakers",
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("open_until", _INSTANT),
        sa.Column("probe_until", _INSTANT),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_lane_breakers")),
    )
