"""What the table of transitions forbids is refused by the database too, and no delivery or attempt ever vanishes.

The pairs are written out: a migration says what held when it was made. A later version that allows more replaces the
trigger; `tests/contract/store/test_transitions.py` holds the trigger to the table.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ALLOWED = {
    "waiting": ("due", "held", "cancelled", "superseded"),
    "due": ("leased", "held", "unknown", "asked", "sent", "cancelled", "superseded"),
    "retry": ("leased", "held", "unknown", "asked", "sent", "cancelled", "superseded"),
    "leased": ("due", "retry", "held", "unknown", "processing", "asked", "sent", "failed", "cancelled", "superseded"),
    "unknown": ("due", "asked", "sent"),
    "processing": ("asked", "sent", "failed"),
    "held": ("due", "sent", "cancelled", "superseded"),
    "asked": ("due", "sent", "cancelled", "superseded"),
}
"""From which state another can follow; nothing follows on a final one."""
_FIRST = ("waiting", "due")
_FIXED = ("id", "city", "post_id", "version_id", "account", "platform", "kind", "source_id", "created_at")
"""What a delivery is; an UPDATE that names one of them is refused."""
_KEPT = ("deliveries", "attempts")


def upgrade() -> None:
    """Guard both tables."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgres()


def _is_forbidden() -> str:
    """Return the condition under which a change of state is none that the table has."""
    listed = ", ".join(f"'{before}>{after}'" for before, following in _ALLOWED.items() for after in following)
    return f"NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({listed})"


def _is_no_beginning() -> str:
    listed = ", ".join(f"'{state}'" for state in _FIRST)
    return f"NEW.state NOT IN ({listed})"


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'this transition is forbidden'); END"
    op.execute(
        f"CREATE TRIGGER deliveries_transitions BEFORE UPDATE OF state ON deliveries WHEN {_is_forbidden()} {refuse}"
    )
    op.execute(f"CREATE TRIGGER deliveries_beginnings BEFORE INSERT ON deliveries WHEN {_is_no_beginning()} {refuse}")
    op.execute(
        f"CREATE TRIGGER deliveries_stay_themselves BEFORE UPDATE OF {', '.join(_FIXED)} ON deliveries"
        " BEGIN SELECT RAISE(ABORT, 'a delivery stays what it is'); END"
    )
    for table in _KEPT:
        gone = f"BEGIN SELECT RAISE(ABORT, '{table} are never deleted'); END"
        op.execute(f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table} {gone}")
        # INSERT OR REPLACE deletes without a word to the trigger above.
        op.execute(
            f"CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table}"  # noqa: S608 - our own words
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {gone}"
        )


def _guard_postgres() -> None:
    op.execute(
        "CREATE FUNCTION kairan_refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'this transition is forbidden: % after %', NEW.state,"
        " CASE TG_OP WHEN 'UPDATE' THEN OLD.state ELSE 'nothing' END USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION kairan_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'what is in % stays what it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER deliveries_transitions BEFORE UPDATE OF state ON deliveries"
        f" FOR EACH ROW WHEN ({_is_forbidden()}) EXECUTE FUNCTION kairan_refuse_transition()"
    )
    op.execute(
        "CREATE TRIGGER deliveries_beginnings BEFORE INSERT ON deliveries"
        f" FOR EACH ROW WHEN ({_is_no_beginning()}) EXECUTE FUNCTION kairan_refuse_transition()"
    )
    op.execute(
        f"CREATE TRIGGER deliveries_stay_themselves BEFORE UPDATE OF {', '.join(_FIXED)} ON deliveries"
        " FOR EACH ROW EXECUTE FUNCTION kairan_refuse_loss()"
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION kairan_refuse_loss()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION kairan_refuse_loss()"
        )
