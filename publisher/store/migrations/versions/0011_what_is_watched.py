"""What the watchdog has told of, and notices that go by e-mail where Slack doesn't take them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; notices that a process of the version before leaves have no time for their e-mail."""
    op.add_column("notices", sa.Column("mail_due_at", _INSTANT))
    op.add_column("notices", sa.Column("mailed_at", _INSTANT))
    op.add_column("workers", sa.Column("machine", sa.String(120)))
    op.add_column("workers", sa.Column("version", sa.String(120)))
    _mails()
    _warnings()


def _mails() -> None:
    outcomes = "outcome IN ('sent', 'taken', 'needless', 'refused', 'given_up')"
    op.create_table(
        "mails",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("notice_id", sa.String(36), nullable=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("is_alone", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", _INSTANT),
        sa.Column("done_at", _INSTANT),
        sa.Column("outcome", sa.String(20)),
        sa.Column("error", sa.String(200)),
        sa.CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name=op.f("ck_mails_done_has_outcome")),
        sa.CheckConstraint(outcomes, name=op.f("ck_mails_outcome")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_mails_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("notice_id", "person", name=op.f("uq_mails_notice_id_person")),
    )
    op.create_index("ix_mails_due", "mails", ["done_at", "due_at"])


def _warnings() -> None:
    op.create_table(
        "warnings",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("delivery_id", sa.String(36)),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("began_at", _INSTANT, nullable=False),
        sa.Column("told_at", _INSTANT),
        sa.Column("ended_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warnings")),
    )
    op.create_index(
        "uq_warnings_open",
        "warnings",
        ["city", "kind", "subject"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
