"""What tests do to an audit trail: write it, prove it, and tamper with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from publisher.store import audit

if TYPE_CHECKING:
    from publisher.store.engine import Database


def record(database: Database, *kinds: str, city: str = "kashiwa", **more: Any) -> None:
    """Record events in one transaction."""
    with database.transaction() as tx:
        for kind in kinds:
            audit.append(tx, city=city, who="hanako", kind=kind, **more)


def verify(database: Database, city: str = "kashiwa") -> tuple[int, str] | None:
    """Return where the chain breaks, and why."""
    with database.reading() as tx:
        found = audit.verify(tx, city)
    return None if found is None else (found.seq, found.reason)


def drop_guards(database: Database) -> None:
    """Do what somebody does first who means to forge the trail."""
    with database.transaction() as tx:
        if database.is_sqlite:
            names = tx.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in names:
                tx.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            for table in ("audit", "audit_content"):
                tx.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def forge(database: Database, table: sa.Table, seq: int, /, **values: Any) -> None:
    """Change an event behind the trail's back."""
    with database.transaction() as tx:
        tx.execute(sa.update(table).where(table.c.seq == seq, table.c.city == "kashiwa").values(**values))
