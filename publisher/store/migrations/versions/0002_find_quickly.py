"""Indexes for what is asked at every delivery: what belongs to a post, and what an account said lately."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index by city and post, which no query used, and add the account's."""
    op.drop_index("ix_deliveries_city_post", "deliveries")
    op.create_index("ix_deliveries_post", "deliveries", ["post_id"])
    op.create_index("ix_deliveries_account", "deliveries", ["city", "account", "sent_at"])
