"""Recurring checks that many processes share, and who those processes are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of ticks, and let workers say how far their clocks are off."""
    op.add_column("workers", sa.Column("seconds_off", sa.Integer()))
    op.create_table(
        "ticks",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("period", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ticks")),
    )
