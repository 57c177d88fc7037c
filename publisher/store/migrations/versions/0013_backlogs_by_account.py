"""An index by which the first of each account are found, however many of one account stand before the others'."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0016"
branch_labels = None
depends_on = None

_CLAIMABLE = sa.text("state IN ('due', 'retry')")
_COLUMNS = ("platform", "is_emergency", "city", "account", "due_at", "id")


def upgrade() -> None:
    """Add it."""
    op.create_index(
        "ix_deliveries_backlog",
        "deliveries",
        list(_COLUMNS),
        sqlite_where=_CLAIMABLE,
        postgresql_where=_CLAIMABLE,
    )
