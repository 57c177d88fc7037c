"""Events with their numbered reports, and what a newer one has superseded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_LEVEL = "level BETWEEN 1 AND 5"


def upgrade() -> None:
    """Make the tables; nothing that is there changes."""
    _events()
    _reports()
    _supersessions()


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer()),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("reported_at", _INSTANT, nullable=False),
        sa.Column("opened_by", sa.String(120), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("closed_by", sa.String(120)),
        sa.Column("closed_at", _INSTANT),
        sa.CheckConstraint("(closed_by IS NULL) = (closed_at IS NULL)", name=op.f("ck_events_closed_by_and_at")),
        sa.CheckConstraint(_LEVEL, name=op.f("ck_events_level")),
        sa.CheckConstraint("reports >= 0", name=op.f("ck_events_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("city", "number", name=op.f("uq_events_city_number")),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("is_closing", sa.Boolean(), nullable=False),
        sa.Column("level", sa.Integer()),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint(_LEVEL, name=op.f("ck_reports_level")),
        sa.CheckConstraint("n >= 1", name=op.f("ck_reports_n")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_reports_event_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_reports_post_id")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_reports")),
        sa.UniqueConstraint("event_id", "n", name=op.f("uq_reports_event_id_n")),
    )


def _supersessions() -> None:
    op.create_table(
        "supersessions",
        sa.Column("post_id", sa.String(36), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("by_post_id", sa.String(36), nullable=False),
        sa.Column("because", sa.String(20), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.CheckConstraint("post_id <> by_post_id", name=op.f("ck_supersessions_another_post")),
        sa.ForeignKeyConstraint(["by_post_id"], ["posts.id"], name=op.f("fk_supersessions_by_post_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_supersessions_post_id")),
        sa.PrimaryKeyConstraint("post_id", "account", name=op.f("pk_supersessions")),
    )
    op.create_index("ix_supersessions_by_post", "supersessions", ["by_post_id"])
