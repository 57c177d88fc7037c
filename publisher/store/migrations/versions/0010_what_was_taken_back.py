"""Corrections are told by account, and evidence says what the platform showed, or why that could not be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a worker of the version before goes on without them."""
    op.add_column("corrections", sa.Column("account", sa.String(120), nullable=False, server_default=""))
    op.add_column("corrections", sa.Column("is_at_once", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("evidence", sa.Column("shown_text", sa.Text(), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("unread", sa.String(120)))
