"""How Alembic runs the migrations: on the connection that `publisher.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from publisher.store import event_tables, guard_tables, lane_tables, machine_tables, rule_tables, tables, watch_tables

# Imported so that their tables are in the metadata too.
__all__ = ["event_tables", "guard_tables", "lane_tables", "machine_tables", "rule_tables", "watch_tables"]

context.configure(connection=context.config.attributes["connection"], target_metadata=tables.metadata)
with context.begin_transaction():
    context.run_migrations()
