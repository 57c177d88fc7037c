"""Indexes for taking up many deliveries at once, however many more wait, and for finding a post's open notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CLAIMABLE = "state IN ('due', 'retry')"
_OPEN = "done_at IS NULL"


def upgrade() -> None:
    """Add both."""
    for name, table, columns, rows in (
        ("ix_deliveries_lane", "deliveries", ["platform", "is_emergency", "due_at", "id"], sa.text(_CLAIMABLE)),
        ("ix_notices_open", "notices", ["post_id"], sa.text(_OPEN)),
    ):
        op.create_index(name, table, columns, sqlite_where=rows, postgresql_where=rows)
