"""The trail's content moves beside its chain; the database refuses to change what was recorded.

Processes of the version before may still be running: they write content into `audit`, and a trigger moves it over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_CHAIN = "city, seq, at, who, kind, post_id, delivery_id, content_digest, previous_hash, hash"
_CHAIN_ONLY = "facts IS NULL AND note IS NULL AND salt IS NULL"
_WHOLE_OR_ERASED = (
    "(erasure_id IS NULL AND facts IS NOT NULL AND note IS NOT NULL AND salt IS NOT NULL)"
    " OR (erasure_id IS NOT NULL AND facts IS NULL AND note IS NULL AND salt IS NULL)"
)
_IS_TOMBSTONE = (
    "(NEW.city = OLD.city AND NEW.seq = OLD.seq AND OLD.erasure_id IS NULL AND NEW.erasure_id IS NOT NULL"
    " AND NEW.facts IS NULL AND NEW.note IS NULL AND NEW.salt IS NULL AND EXISTS ("
    "SELECT 1 FROM erasures JOIN audit ON audit.city = erasures.city AND audit.post_id = erasures.post_id"
    " WHERE erasures.id = NEW.erasure_id AND erasures.decision = 'confirmed'"
    " AND audit.city = OLD.city AND audit.seq = OLD.seq))"
)
"""The one change that content may undergo: two people decided it of the post that the event is about."""
_GUARDED = ("audit", "audit_content")


def upgrade() -> None:
    """Part chain and content, and guard both."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_index(
        "uq_erasures_live",
        "erasures",
        ["post_id"],
        unique=True,
        sqlite_where=sa.text("decision IS NOT 'refused'"),
        postgresql_where=sa.text("decision IS DISTINCT FROM 'refused'"),
    )
    _content()
    if is_sqlite:
        _rebuild_chain()
        _guard_sqlite()
    else:
        _empty_chain()
        _guard_postgres()


def _content() -> None:
    if op.get_bind().dialect.name != "sqlite":
        # Whoever is writing an event is waited for; whoever comes later waits until the trigger is there.
        op.execute("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE")
    op.create_table(
        "audit_content",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON()),
        sa.Column("note", sa.Text()),
        sa.Column("salt", sa.String(32)),
        sa.Column("erasure_id", sa.String(36)),
        sa.CheckConstraint(_WHOLE_OR_ERASED, name=op.f("ck_audit_content_whole_or_erased")),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasures.id"], name=op.f("fk_audit_content_erasure_id")),
        sa.PrimaryKeyConstraint("city", "seq", name=op.f("pk_audit_content")),
    )
    op.execute(
        "INSERT INTO audit_content (city, seq, facts, note, salt) SELECT city, seq, facts, note, salt FROM audit"
    )


def _rebuild_chain() -> None:
    """Copy the table: SQLite changes no constraint in place. The caller has foreign keys off."""
    op.create_table(
        "audit_new",
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("post_id", sa.String(36)),
        sa.Column("delivery_id", sa.String(36)),
        sa.Column("facts", sa.JSON()),
        sa.Column("note", sa.Text()),
        sa.Column("salt", sa.String(32)),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.CheckConstraint(_CHAIN_ONLY, name=op.f("ck_audit_chain_only")),
        sa.PrimaryKeyConstraint("city", "seq", name=op.f("pk_audit")),
    )
    op.execute(f"INSERT INTO audit_new ({_CHAIN}) SELECT {_CHAIN} FROM audit")  # noqa: S608 - our own words
    op.drop_table("audit")
    op.rename_table("audit_new", "audit")
    op.create_index("ix_audit_post", "audit", ["post_id"])


def _empty_chain() -> None:
    for column in ("facts", "note", "salt"):
        op.alter_column("audit", column, nullable=True)
    op.execute("UPDATE audit SET facts = NULL, note = NULL, salt = NULL")
    op.create_check_constraint(op.f("ck_audit_chain_only"), "audit", _CHAIN_ONLY)


def _guard_sqlite() -> None:
    for table in _GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        # INSERT OR REPLACE deletes without a word to the trigger above.
        op.execute(
            f"CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table}"  # noqa: S608 - our own words
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE city = NEW.city AND seq = NEW.seq)"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit"
        " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    )
    op.execute(
        f"CREATE TRIGGER audit_content_only_erased BEFORE UPDATE ON audit_content WHEN NOT {_IS_TOMBSTONE}"
        " BEGIN SELECT RAISE(ABORT, 'audit_content is append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_moves_content BEFORE INSERT ON audit WHEN NEW.salt IS NOT NULL BEGIN"  # noqa: S608 - the same
        " INSERT INTO audit_content (city, seq, facts, note, salt)"
        " VALUES (NEW.city, NEW.seq, NEW.facts, NEW.note, NEW.salt);"
        f" INSERT INTO audit ({_CHAIN}) VALUES (NEW.{_CHAIN.replace(', ', ', NEW.')});"
        " SELECT RAISE(IGNORE); END"
    )


def _guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION kairan_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION kairan_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {_IS_TOMBSTONE} THEN RETURN NEW; END IF;"
        " RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION kairan_move_content() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO audit_content (city, seq, facts, note, salt)"
        " VALUES (NEW.city, NEW.seq, NEW.facts, NEW.note, NEW.salt);"
        " NEW.facts := NULL; NEW.note := NULL; NEW.salt := NULL; RETURN NEW; END $$"
    )
    for table in _GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kairan_refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kairan_refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION kairan_refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER audit_content_only_erased BEFORE UPDATE ON audit_content"
        " FOR EACH ROW EXECUTE FUNCTION kairan_only_erase()"
    )
    op.execute(
        "CREATE TRIGGER audit_moves_content BEFORE INSERT ON audit"
        " FOR EACH ROW WHEN (NEW.salt IS NOT NULL) EXECUTE FUNCTION kairan_move_content()"
    )
