"""A deletion that was called off can be ordered anew: the same row goes on, so that it is done once at most.

The pairs of states are those of 0006, and one more for what takes something back. Workers of the version before go on
meanwhile: to them such a deletion is due like any other.
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0012"
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
_ANEW = "OLD.state = 'cancelled' AND NEW.state = 'due' AND OLD.kind IN ('delete', 'undo_repost')"


def upgrade() -> None:
    """Let the trigger of 0006 know it."""
    listed = ", ".join(f"'{before}>{after}'" for before, following in _ALLOWED.items() for after in following)
    is_forbidden = f"NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({listed}) AND NOT ({_ANEW})"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER deliveries_transitions")
        op.execute(
            "CREATE TRIGGER deliveries_transitions BEFORE UPDATE OF state ON deliveries"
            f" WHEN {is_forbidden} BEGIN SELECT RAISE(ABORT, 'this transition is forbidden'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE TRIGGER deliveries_transitions BEFORE UPDATE OF state ON deliveries"
        f" FOR EACH ROW WHEN ({is_forbidden}) EXECUTE FUNCTION kairan_refuse_transition()"
    )
